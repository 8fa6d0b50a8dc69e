#include "model/planner/order.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

struct Read {
  Variable variable = 0;
  Mask mask = 0;  ///< the values that will do
};

/// The leaves that make a true formula true; of a disjunction, its first true part.
void reasons_true(const GroundFormula& formula, const State& state, std::vector<Read>& reads) {
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      reads.push_back({formula.variable, formula.mask});
      return;
    case GroundFormula::Kind::kAnd:
      for (const GroundFormula& part : formula.parts) reasons_true(part, state, reads);
      return;
    case GroundFormula::Kind::kOr:
      for (const GroundFormula& part : formula.parts)
        if (evaluate(part, state)) return reasons_true(part, state, reads);
  }
}

/// The leaves that make a false formula false; of a conjunction, its first false part.
void reasons_false(const GroundModel& model, const GroundFormula& formula, const State& state,
                   std::vector<Read>& reads) {
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      reads.push_back({formula.variable, model.full_mask(formula.variable) & ~formula.mask});
      return;
    case GroundFormula::Kind::kOr:
      for (const GroundFormula& part : formula.parts) reasons_false(model, part, state, reads);
      return;
    case GroundFormula::Kind::kAnd:
      for (const GroundFormula& part : formula.parts)
        if (!evaluate(part, state)) return reasons_false(model, part, state, reads);
  }
}

/// Whatever keeps the formula as it is now, true or false: what an effect does depends on it.
void reasons_stable(const GroundModel& model, const GroundFormula& formula, const State& state,
                    std::vector<Read>& reads) {
  if (evaluate(formula, state))
    reasons_true(formula, state, reads);
  else
    reasons_false(model, formula, state, reads);
}

/// Who wrote each variable so far, and who has read it since.
class Orderer {
 public:
  Orderer(const GroundModel& model, const State& from, const std::vector<GroundAction>& sequence)
      : model_(model),
        sequence_(sequence),
        state_(from),
        last_writer_(model.variable_count(), kNobody),
        readers_(model.variable_count()) {}

  std::vector<std::vector<Need>> run() {
    std::vector<std::vector<Need>> needs;
    for (std::size_t i = 0; i < sequence_.size(); ++i) {
      edges_.clear();
      step(i);
      std::vector<Need>& mine = needs.emplace_back();
      for (auto& [before, because] : edges_) mine.push_back({before, std::move(because)});
    }
    return needs;
  }

 private:
  void step(std::size_t i) {
    const GroundAction& action = sequence_[i];
    std::vector<Read> reads;
    for (const GroundCondition& condition : action.guard)
      reasons_true(condition.formula, state_, reads);
    read(i, reads);
    write(i, action.request);
    write(i, action.outcomes.front());
  }

  void read(std::size_t i, const std::vector<Read>& reads) {
    for (const Read& each : reads) {
      const std::size_t writer = last_writer_[each.variable];
      if (writer == i) continue;
      if (writer != kNobody)
        because(writer, model_.text(each.variable) + " = " +
                            model_.value_text(each.variable, state_[each.variable]));
      readers_[each.variable].emplace_back(i, each.mask);
    }
  }

  void write(std::size_t i, const std::vector<GroundEffect>& effects) {
    std::vector<Read> conditions;
    std::vector<const GroundEffect*> due;
    for (const GroundEffect& effect : effects) {
      reasons_stable(model_, effect.when, state_, conditions);
      if (evaluate(effect.when, state_)) due.push_back(&effect);
    }
    read(i, conditions);
    for (const GroundEffect* effect : due) write_one(i, effect->target, effect->value);
  }

  void write_one(std::size_t i, Variable variable, Value value) {
    std::vector<std::pair<std::size_t, Mask>>& readers = readers_[variable];
    for (const auto& [reader, mask] : readers)
      if (reader != i && (mask >> value & 1U) == 0)
        because(reader, "it needs " + model_.text(variable) + " = " +
                            model_.mask_text(variable, mask) + " until then");
    const std::size_t writer = last_writer_[variable];
    if (writer != kNobody && writer != i && !edges_.contains(writer))
      because(writer, model_.text(variable) + " = " +
                          model_.value_text(variable, state_[variable]) + " comes first");
    // A reader that this value still suits stays: a later writer may undo it.
    std::erase_if(readers, [&](const auto& each) { return (each.second >> value & 1U) == 0; });
    last_writer_[variable] = i;
    state_[variable] = value;
  }

  void because(std::size_t before, std::string reason) {
    std::string& text = edges_[before];
    constexpr std::size_t kEnough = 160;  // a gathering step may have a reason per container
    if (text.find(reason) != std::string::npos || text.size() > kEnough) return;
    text += (text.empty() ? "" : "; ") + reason;
  }

  const GroundModel& model_;
  const std::vector<GroundAction>& sequence_;
  State state_;
  std::vector<std::size_t> last_writer_;
  std::vector<std::vector<std::pair<std::size_t, Mask>>> readers_;
  std::map<std::size_t, std::string> edges_;
};

/// Leaves only edges that no other path implies.
void reduce(std::vector<std::vector<Need>>& needs) {
  const std::size_t words = (needs.size() + 63) / 64;
  std::vector<std::uint64_t> ancestors(needs.size() * words, 0);
  const auto is_ancestor = [&](std::size_t a, std::size_t of) {
    return (ancestors[of * words + a / 64] >> (a % 64) & 1U) != 0;
  };
  for (std::size_t i = 0; i < needs.size(); ++i) {
    // Latest first: whatever an earlier one is an ancestor of is already seen.
    std::ranges::sort(needs[i], std::greater<>{}, &Need::before);
    std::vector<Need> kept;
    for (Need& need : needs[i]) {
      const std::size_t before = need.before;
      if (is_ancestor(before, i)) continue;
      for (std::size_t w = 0; w < words; ++w)
        ancestors[i * words + w] |= ancestors[before * words + w];
      ancestors[i * words + before / 64] |= std::uint64_t{1} << (before % 64);
      kept.push_back(std::move(need));
    }
    std::ranges::sort(kept, std::less<>{}, &Need::before);
    needs[i] = std::move(kept);
  }
}

}  // namespace

std::vector<std::vector<Need>> needed_order(const GroundModel& model, const State& from,
                                            const std::vector<GroundAction>& sequence) {
  std::vector<std::vector<Need>> needs = Orderer(model, from, sequence).run();
  reduce(needs);
  return needs;
}

}  // namespace wme::model
