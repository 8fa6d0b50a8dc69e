#include <algorithm>
#include <optional>

#include "model/checker/recovery.hpp"
#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

/// Asks, for sets of steps that are done, whether there is a way back.
class Returning {
 public:
  explicit Returning(const GroundPlan& plan)
      : plan_(plan), search_(plan.model(), where_it_was(plan.model()), Repertoire::kWaysBack) {}

  const std::vector<Goal>& goals() const { return search_.goals(); }

  /// None when a guard is closed in this order.
  std::optional<State> after(const std::vector<std::size_t>& steps) const {
    Replay run(plan_);
    for (const std::size_t step : steps)
      for (const Happening& each : {requests(step), ends(step)}) {
        if (!run.possible(each)) return std::nullopt;
        const std::vector<Obligation> broken = run.take(each);
        if (!broken.empty() && broken.front().kind == PropertyKind::kGuard) return std::nullopt;
      }
    return run.state();
  }

  Way way_after(const std::vector<std::size_t>& steps) {
    const std::optional<State> state = after(steps);
    if (!state) return {Way::Answer::kUndecided, {}, "the plan's own order does not run through"};
    return search_.from(*state);
  }

 private:
  const GroundPlan& plan_;
  WaySearch search_;
};

using Steps = std::vector<std::size_t>;

Steps first_of(const Steps& steps, std::size_t count) {
  return {steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count)};
}

class NoReturnSearch {
 public:
  explicit NoReturnSearch(const GroundPlan& plan) : plan_(plan), returning_(plan) {}

  NoReturn run(std::size_t steps_max_for_each) {
    for (const Goal& each : returning_.goals()) made_.where.push_back(each.words);
    for (;;) {
      const Steps rest = not_after(made_.steps);
      made_.still = rest.size();
      const Way way = returning_.way_after(rest);
      if (way.answer == Way::Answer::kThere) {
        made_.longest = in_words(plan_.model(), way);
        break;
      }
      if (!find_next(rest)) break;
    }
    if (plan_.size() <= steps_max_for_each) add_each();
    return std::move(made_);
  }

 private:
  /// In the plan's order, those that are none of `ends_it` and come after none of them.
  Steps not_after(const Steps& ends_it) const {
    Steps kept;
    for (const std::size_t step : plan_.order().topological())
      if (std::ranges::none_of(ends_it, [&](std::size_t end) {
            return step == end || plan_.order().before(end, step);
          }))
        kept.push_back(step);
    return kept;
  }

  /// The step of `steps` with which the way back ends; false when that is not known.
  bool find_next(const Steps& steps) {
    std::size_t there = 0;  // with so many done there is a way back: nothing done is where it was
    std::size_t gone = steps.size();
    std::string why;
    while (there + 1 < gone) {
      const std::size_t middle = there + (gone - there) / 2;
      const Way way = returning_.way_after(first_of(steps, middle));
      (way.answer == Way::Answer::kThere ? there : gone) = middle;
    }
    if (steps.empty()) return give_up("where it was cannot be told");
    const std::size_t step = steps[gone - 1];
    const Way way = returning_.way_after(first_of(steps, gone));
    if (way.answer == Way::Answer::kUndecided)
      return give_up("whether there is a way back after " + plan_.id(step) + " (" +
                     plan_.name(step) + "): " + way.why);
    if (made_.steps.empty()) made_.why = way.why;
    made_.steps.push_back(step);
    if (returning_.way_after(with_ancestors(step)).answer != Way::Answer::kNone)
      made_.is_exact = false;  // it ends it together with others that came before by chance
    return true;
  }

  bool give_up(std::string why) {
    made_.is_known = false;
    made_.why = std::move(why);
    return false;
  }

  Steps with_ancestors(std::size_t step) const {
    Steps steps;
    for (const std::size_t each : plan_.order().topological())
      if (each == step || plan_.order().before(each, step)) steps.push_back(each);
    return steps;
  }

  void add_each() {
    const Steps& order = plan_.order().topological();
    for (std::size_t count = 0; count <= order.size(); ++count) {
      const Way way = returning_.way_after(first_of(order, count));
      if (way.answer != Way::Answer::kThere) return;
      made_.after_step.push_back(in_words(plan_.model(), way));
    }
  }

  const GroundPlan& plan_;
  Returning returning_;
  NoReturn made_;
};

}  // namespace

WayInWords in_words(const GroundModel& model, const Way& way) {
  WayInWords words;
  for (const GroundAction& each : way.actions) {
    words.actions.push_back(name_of(model, each));
    words.sentences.push_back(
        filled_in(model, *each.action, each.arguments, each.action->imperative));
    words.typical_s += each.action->typical.count();
  }
  return words;
}

NoReturn no_return(const GroundPlan& plan, std::size_t steps_max_for_each) {
  return NoReturnSearch(plan).run(steps_max_for_each);
}

}  // namespace wme::model
