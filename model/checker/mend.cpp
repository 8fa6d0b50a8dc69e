#include "model/checker/mend.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "model/checker/order_proof.hpp"
#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

void collect_false(const GroundFormula& formula, const State& state, std::vector<FalseLeaf>& into) {
  if (evaluate(formula, state)) return;
  if (formula.kind == GroundFormula::Kind::kIn) into.push_back({formula.variable, formula.mask});
  if (formula.kind == GroundFormula::Kind::kAnd)
    for (const GroundFormula& part : formula.parts) collect_false(part, state, into);
  if (formula.kind == GroundFormula::Kind::kOr)
    for (auto part = formula.parts.rbegin(); part != formula.parts.rend(); ++part)
      collect_false(*part, state, into);
}

/// A formula that has to hold at an event of a run, and does not.
struct Need {
  std::size_t step = Obligation::kNoStep;  ///< kNoStep: at the end of the plan
  bool at_request = true;
  bool judged_after = false;  ///< right after the event, else right before
  std::size_t position = 0;   ///< of the event in the trace
  const GroundFormula* formula = nullptr;
};

class MendSearch {
 public:
  MendSearch(const GroundPlan& plan, const PossibleValues& values, const Trace& trace)
      : plan_(plan), values_(values), trace_(trace) {}

  void consider(const Need& need, int depth) {
    const State state = state_at(need.position + (need.judged_after ? 1 : 0));
    std::vector<FalseLeaf> leaves = false_leaves(*need.formula, state);
    constexpr std::size_t kLeavesMax = 16;
    if (leaves.size() > kLeavesMax) leaves.resize(kLeavesMax);
    if (!leaves.empty() && missing_.empty()) missing_ = words(leaves.front());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      candidates(need, leaves[i], i == 0);
      if (depth > 0) behind_condition(need, leaves[i], depth);
    }
  }

  Mend best() {
    // Each try proves the whole plan again: cheap for most, seconds for the largest fleets.
    const std::size_t tries_max = plan_.size() > 2000 ? 2 : 24;
    Mend best;
    best.because = missing_;
    std::size_t tries = 0;
    if (!found_.empty()) open_now_ = prove_by_order(plan_, values_).open.size();
    for (Mend& each : found_) {
      if (each.kind == Mend::Kind::kEdge)
        each.still_open = tries++ < tries_max ? open_with(each) : kUntried;
      if (better(each, best)) best = each;
    }
    return best;
  }

 private:
  static constexpr std::size_t kUntried = static_cast<std::size_t>(-1);

  /// An edge that closes all; then steps in the wrong order; then the edge that leaves the least
  /// open. Of equals, the edge that goes the way in which the plan is written, over the shortest
  /// distance.
  bool better(const Mend& one, const Mend& other) const {
    const auto rank = [this](const Mend& mend) {
      if (mend.kind == Mend::Kind::kNothing) return 4;
      if (mend.kind == Mend::Kind::kTooEarly) return 1;
      if (mend.still_open == 0) return 0;
      return mend.still_open < open_now_ ? 2 : 3;
    };
    if (rank(one) != rank(other)) return rank(one) < rank(other);
    if (one.kind != Mend::Kind::kEdge) return false;
    const auto key = [](const Mend& mend) {
      const bool backwards = mend.before > mend.after;
      return std::tuple(mend.still_open, backwards,
                        backwards ? mend.before - mend.after : mend.after - mend.before);
    };
    return key(one) < key(other);
  }

  /// "run(c3) = passivated"; what may be almost anything is told by what it may not be.
  std::string words(const FalseLeaf& leaf) const {
    const GroundModel& model = plan_.model();
    const Mask others = model.full_mask(leaf.variable) & ~leaf.mask;
    if (std::popcount(others) >= std::popcount(leaf.mask))
      return model.text(leaf.variable) + " = " + model.mask_text(leaf.variable, leaf.mask);
    return model.text(leaf.variable) + " is not " + model.mask_text(leaf.variable, others);
  }

  State state_at(std::size_t happenings) const {
    Replay replay(plan_);
    for (std::size_t i = 0; i < std::min(happenings, trace_.size()); ++i) replay.take(trace_[i]);
    return replay.state();
  }

  /// The last event before `position` that changed the variable; none if it is as it began.
  std::optional<std::size_t> last_change(Variable variable, std::size_t position) const {
    Replay replay(plan_);
    std::optional<std::size_t> last;
    for (std::size_t i = 0; i < std::min(position, trace_.size()); ++i) {
      const Value old = replay.state()[variable];
      replay.take(trace_[i]);
      if (replay.state()[variable] != old) last = i;
    }
    return last;
  }

  std::size_t position_of(const Happening& happening) const {
    return static_cast<std::size_t>(std::ranges::find(trace_, happening) - trace_.begin());
  }

  bool done_by(std::size_t step, std::size_t position) const {
    return std::any_of(
        trace_.begin(),
        trace_.begin() + static_cast<std::ptrdiff_t>(std::min(position, trace_.size())),
        [&](const Happening& each) { return each == ends(step); });
  }

  /// Steps that leave the variable with a value that will do; the last in the plan's order first.
  std::vector<std::size_t> good_writers(const FalseLeaf& leaf) const {
    std::vector<std::size_t> steps;
    std::vector<std::size_t> seen;  // a step's end comes before its request in this list
    for (const std::uint32_t position : values_.writes_to(leaf.variable)) {
      const PossibleWrite& write = values_.write(position);
      const std::size_t step = step_of(write.event);
      if (write.values == 0 || std::ranges::find(seen, step) != seen.end()) continue;
      seen.push_back(step);
      if ((write.values & leaf.mask) != 0) steps.push_back(step);
    }
    return steps;
  }

  /// `is_main`: of several ways to make the formula true, the one that it was written for. Only for
  /// that one is it worth saying that the plan has two steps the wrong way round.
  void candidates(const Need& need, const FalseLeaf& leaf, bool is_main) {
    const std::size_t position = need.position + (need.judged_after ? 1 : 0);
    const std::vector<std::size_t> writers = good_writers(leaf);
    for (const std::size_t writer : writers)
      if (writer != need.step && !done_by(writer, position))
        add(writer, need.step, words(leaf), is_main);
    const std::optional<std::size_t> last = last_change(leaf.variable, position);
    if (!last || trace_[*last].kind == Happening::Kind::kEnvironment) return;
    const std::size_t culprit = trace_[*last].what;
    const Value before_culprit = state_at(position_of(requests(culprit)))[leaf.variable];
    if (culprit != need.step && need.step != Obligation::kNoStep &&
        (leaf.mask >> before_culprit & 1U) != 0)
      add(need.step, culprit, "it needs " + words(leaf) + " until then", is_main);
    for (const std::size_t writer : writers)
      if (writer != need.step && done_by(writer, position) &&
          concurrent(plan_.order(), culprit, writer))
        add(culprit, writer, words(leaf) + " comes last", is_main);
  }

  /// "`after` waits for `before`", unless it does already.
  void add(std::size_t before, std::size_t after, std::string because, bool is_main) {
    if (after == Obligation::kNoStep || before == after || plan_.order().before(before, after))
      return;
    const bool known = std::ranges::any_of(
        found_, [&](const Mend& each) { return each.before == before && each.after == after; });
    if (known) return;
    const Mend::Kind kind =
        plan_.order().before(after, before) ? Mend::Kind::kTooEarly : Mend::Kind::kEdge;
    if (kind == Mend::Kind::kTooEarly && !is_main) return;
    found_.push_back({kind, before, after, std::move(because), kUntried});
  }

  std::size_t open_with(const Mend& edge) const {
    Plan mended = plan_.plan();
    mended.steps[edge.after].after.push_back({mended.steps[edge.before].id, edge.because});
    const Result<PlanOrder> order = PlanOrder::of(mended);
    if (!order) return kUntried;
    return prove_by_order(plan_, PossibleValues(plan_, order.value())).open.size();
  }

  /// The wrong value came from an effect with a condition: what should have held for the right one?
  void behind_condition(const Need& need, const FalseLeaf& leaf, int depth) {
    const std::optional<std::size_t> last =
        last_change(leaf.variable, need.position + (need.judged_after ? 1 : 0));
    if (!last || trace_[*last].kind == Happening::Kind::kEnvironment) return;
    const Happening& event = trace_[*last];
    const bool at_request = event.kind == Happening::Kind::kRequest;
    const GroundAction& action = plan_.action(event.what);
    for (const GroundEffect& effect : at_request ? action.request : action.outcomes[event.outcome])
      if (effect.target == leaf.variable && (leaf.mask >> effect.value & 1U) != 0)
        consider({event.what, at_request, false, *last, &effect.when}, depth - 1);
  }

  const GroundPlan& plan_;
  const PossibleValues& values_;
  const Trace& trace_;
  std::vector<Mend> found_;
  std::string missing_;
  std::size_t open_now_ = 0;
};

}  // namespace

std::vector<FalseLeaf> false_leaves(const GroundFormula& formula, const State& state) {
  std::vector<FalseLeaf> leaves;
  collect_false(formula, state, leaves);
  return leaves;
}

Mend mend_for(const GroundPlan& plan, const PossibleValues& values,
              const std::vector<Obligation>& broken, const Trace& trace) {
  constexpr int kDepthMax = 3;
  MendSearch search(plan, values, trace);
  for (const Obligation& each : broken) {
    if (each.kind == PropertyKind::kStart) continue;
    if (each.kind == PropertyKind::kMaskedEnd)
      return {Mend::Kind::kEdge, each.step, each.index,
              plan.model().text(each.variable) + " has to be seen first", 0};
    Need need;
    need.step = each.step;
    need.at_request = each.at_request;
    need.judged_after = each.kind == PropertyKind::kInvariant;
    need.position = each.kind == PropertyKind::kGoal ? trace.size() : trace.size() - 1;
    need.formula = formula_of(plan, each);
    search.consider(need, kDepthMax);
  }
  return search.best();
}

}  // namespace wme::model
