#include "model/planner/search.hpp"

#include <algorithm>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// An effect of an action that a plan may use to bring a fluent about.
struct Achiever {
  const Action* action = nullptr;
  const Effect* effect = nullptr;
};

class Search {
 public:
  Search(Actions& actions, const State& from, const SearchBounds& bounds)
      : actions_(actions), model_(actions.model()), bounds_(bounds), state_(from) {
    achievers_.resize(fluents().size());
    for (const Action* action : actions.kinds())
      for (const Effect& effect : action->outcomes.front().effects)
        for (std::size_t f = 0; f < fluents().size(); ++f)
          if (fluents()[f].name == effect.target.fluent) achievers_[f].push_back({action, &effect});
  }

  bool reach(const GroundFormula& goal) { return ensure(goal); }
  bool holds(const GroundFormula& goal) const { return evaluate(goal, state_); }
  std::vector<GroundAction> sequence() const {
    std::vector<GroundAction> made;
    for (const GroundAction* each : sequence_) made.push_back(*each);
    return made;
  }
  const std::string& stuck() const { return stuck_; }
  bool is_exhausted() const { return tries_ > bounds_.tries_max; }

 private:
  bool ensure(const GroundFormula& goal) {
    if (evaluate(goal, state_)) return true;
    switch (goal.kind) {
      case GroundFormula::Kind::kIn:
        return achieve(goal.variable, goal.mask);
      case GroundFormula::Kind::kAnd: {
        std::vector<const GroundFormula*> parts;
        for (const GroundFormula& part : goal.parts) parts.push_back(&part);
        return ensure_all(std::move(parts));
      }
      case GroundFormula::Kind::kOr:
        return ensure_any(goal);
    }
    return false;
  }

  /// The parts in their order; one that cannot be reached after the others (they undid what it
  /// needs) is tried again before them.
  bool ensure_all(std::vector<const GroundFormula*> parts) {
    const std::size_t tries_max = std::min<std::size_t>(parts.size(), 12);
    for (std::size_t attempt = 0; attempt <= tries_max; ++attempt) {
      const Mark before = mark();
      const std::size_t failed = first_failing(parts);
      if (failed == parts.size()) return true;
      back_to(before);
      if (failed == 0) return false;
      std::rotate(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(failed),
                  parts.begin() + static_cast<std::ptrdiff_t>(failed) + 1);
    }
    return false;
  }

  /// parts.size() when all hold in the end: bringing one about may undo an earlier one.
  std::size_t first_failing(const std::vector<const GroundFormula*>& parts) {
    constexpr int kRoundsMax = 4;
    for (int round = 0; round < kRoundsMax; ++round) {
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (!ensure(*parts[i])) return i;
      const auto undone = std::ranges::find_if(
          parts, [&](const GroundFormula* part) { return !evaluate(*part, state_); });
      if (undone == parts.end()) return parts.size();
      if (round + 1 == kRoundsMax) return static_cast<std::size_t>(undone - parts.begin());
    }
    return 0;
  }

  /// The last choice first: in an implication, that is its conclusion.
  bool ensure_any(const GroundFormula& goal) {
    for (auto part = goal.parts.rbegin(); part != goal.parts.rend(); ++part) {
      const Mark before = mark();
      if (ensure(*part)) return true;
      back_to(before);
    }
    return false;
  }

  bool achieve(Variable variable, Mask mask) {
    if (bounds_.reach != nullptr && !bounds_.reach->may_be(variable, mask)) return false;
    const std::pair<Variable, Mask> wanted{variable, mask};
    if (std::ranges::find(under_way_, wanted) != under_way_.end()) return false;  // in a circle
    under_way_.push_back(wanted);
    const bool done = achieve_by_some(variable, mask);
    under_way_.pop_back();
    if (!done && stuck_depth_ <= under_way_.size()) {
      stuck_depth_ = under_way_.size();
      stuck_ = "nothing can bring about " + model_.text(variable) + " = " +
               model_.mask_text(variable, mask) + " while it is " +
               model_.value_text(variable, state_[variable]);
    }
    return done;
  }

  bool achieve_by_some(Variable variable, Mask mask) {
    const std::vector<std::string> arguments = model_.arguments_of(variable);
    for (const Achiever& achiever : achievers_[model_.fluent_index(variable)]) {
      const std::optional<Value> value = model_.value(variable, achiever.effect->value);
      if (!value || (mask >> *value & 1U) == 0) continue;
      for (const std::vector<Entity>& chosen : matching(achiever, arguments)) {
        const Mark before = mark();
        if (take(*achiever.action, chosen) && (mask >> state_[variable] & 1U) != 0) return true;
        back_to(before);
      }
    }
    return false;
  }

  /// The arguments of the action for which the effect's target is exactly this variable.
  std::vector<std::vector<Entity>> matching(const Achiever& achiever,
                                            const std::vector<std::string>& arguments) const {
    GroundModel::Binding bound;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const Term& term = achiever.effect->target.arguments[i];
      const std::optional<Entity> wanted = model_.entity(arguments[i]);
      if (!term.functions.empty()) {
        bound.clear();
        return matching_by_trial(achiever, *wanted);
      }
      if (const std::optional<Entity> constant = model_.entity(term.name)) {
        if (constant != wanted) return {};
        continue;
      }
      bound.emplace_back(term.name, *wanted);
    }
    return model_.completions(*achiever.action, bound, achiever.effect->where);
  }

  /// For a target like content(target(a)): look which arguments give the entity.
  std::vector<std::vector<Entity>> matching_by_trial(const Achiever& achiever,
                                                     Entity wanted) const {
    std::vector<std::vector<Entity>> found;
    for (const std::vector<Entity>& choice : model_.choices(*achiever.action)) {
      GroundModel::Binding binding;
      for (std::size_t i = 0; i < choice.size(); ++i)
        binding.emplace_back(achiever.action->parameters[i].name, choice[i]);
      if (model_.resolve(achiever.effect->target.arguments.front(), binding) == wanted)
        found.push_back(choice);
    }
    return found;
  }

  bool take(const Action& action, const std::vector<Entity>& arguments) {
    if (++tries_ > bounds_.tries_max) return false;
    const GroundAction* grounded = actions_.ground(action, arguments);
    if (grounded == nullptr) return false;
    std::vector<const GroundFormula*> guard;
    for (const GroundCondition& condition : grounded->guard) guard.push_back(&condition.formula);
    if (!ensure_all(std::move(guard))) return false;
    change(grounded->request);
    change(grounded->outcomes.front());
    sequence_.push_back(grounded);
    return true;
  }

  void change(const std::vector<GroundEffect>& effects) {
    std::vector<const GroundEffect*> due;
    for (const GroundEffect& effect : effects)
      if (evaluate(effect.when, state_)) due.push_back(&effect);
    for (const GroundEffect* effect : due) {
      undo_.emplace_back(effect->target, state_[effect->target]);
      state_[effect->target] = effect->value;
    }
  }

  /// A place to come back to when a way turns out to lead nowhere. Changes are undone one by one:
  /// copying the state of a large fleet for each try would be most of the work.
  struct Mark {
    std::size_t length = 0;
    std::size_t changes = 0;
  };
  Mark mark() const { return {sequence_.size(), undo_.size()}; }
  void back_to(const Mark& mark) {
    sequence_.resize(mark.length);
    for (; undo_.size() > mark.changes; undo_.pop_back())
      state_[undo_.back().first] = undo_.back().second;
  }

  Actions& actions_;
  const GroundModel& model_;
  const SearchBounds& bounds_;
  State state_;
  std::vector<std::vector<Achiever>> achievers_;  ///< by fluent
  std::vector<const GroundAction*> sequence_;
  std::size_t tries_ = 0;
  std::vector<std::pair<Variable, Value>> undo_;
  std::vector<std::pair<Variable, Mask>> under_way_;
  std::string stuck_;
  std::size_t stuck_depth_ = 0;
};

}  // namespace

Result<std::vector<GroundAction>> sequence_to(Actions& actions, const State& from,
                                              const std::vector<Goal>& goals,
                                              const SearchBounds& bounds) {
  Search search(actions, from, bounds);
  std::vector<GroundFormula> formulas;
  for (const Goal& goal : goals) formulas.push_back(actions.model().ground(goal.formula));
  constexpr int kRoundsMax = 4;  // a later goal may undo an earlier one
  for (int round = 0; round < kRoundsMax; ++round) {
    for (std::size_t i = 0; i < goals.size(); ++i)
      if (!search.reach(formulas[i]))
        return Error{ErrorCode::kInvalid,
                     "no plan: \"" + goals[i].words + "\" cannot be reached: " +
                         (search.is_exhausted() ? "gave up looking" : search.stuck())};
    if (std::ranges::all_of(formulas,
                            [&](const GroundFormula& each) { return search.holds(each); }))
      return search.sequence();
  }
  return Error{ErrorCode::kInvalid, "no plan: the goals undo each other"};
}

}  // namespace wme::model
