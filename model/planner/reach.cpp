#include "model/planner/reach.hpp"

#include <algorithm>

namespace wme::model {

namespace {
bool is_unconditional(const std::vector<GroundEffect>& effects) {
  return std::ranges::all_of(effects, [](const GroundEffect& each) { return each.when.is_true(); });
}
}  // namespace

Reach::Reach(Actions& actions, const State& from) : model_(actions.model()) {
  masks_.reserve(from.size());
  for (const Value value : from) masks_.push_back(Mask{1} << value);
  std::vector<const GroundAction*> closed = actions.all();
  std::vector<const GroundAction*> open;
  for (bool grown = true; grown;) {
    grown = false;
    const auto opened = std::ranges::stable_partition(closed, [&](const GroundAction* each) {
      return !std::ranges::all_of(each->guard, [&](const GroundCondition& condition) {
        return may_hold(condition.formula);
      });
    });
    open.insert(open.end(), opened.begin(), opened.end());
    closed.erase(opened.begin(), opened.end());
    // Effects with a condition may come about later: whatever is open is looked at again.
    std::erase_if(open, [&](const GroundAction* each) {
      grown = add(each->request) || grown;
      grown = add(each->outcomes.front()) || grown;
      return is_unconditional(each->request) && is_unconditional(each->outcomes.front());
    });
  }
}

bool Reach::add(const std::vector<GroundEffect>& effects) {
  bool grown = false;
  for (const GroundEffect& each : effects) {
    const Mask bit = Mask{1} << each.value;
    if ((masks_[each.target] & bit) != 0 || !may_hold(each.when)) continue;
    masks_[each.target] |= bit;
    grown = true;
  }
  return grown;
}

bool Reach::may_hold(const GroundFormula& formula) const {
  const auto part_may = [&](const GroundFormula& part) { return may_hold(part); };
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      return may_be(formula.variable, formula.mask);
    case GroundFormula::Kind::kAnd:
      return std::ranges::all_of(formula.parts, part_may);
    case GroundFormula::Kind::kOr:
      return std::ranges::any_of(formula.parts, part_may);
  }
  return true;
}

std::string Reach::why_never(const GroundFormula& formula) const {
  if (may_hold(formula)) return "";
  switch (formula.kind) {
    case GroundFormula::Kind::kIn:
      return model_.text(formula.variable) + " never becomes " +
             model_.mask_text(formula.variable, formula.mask) + " again";
    case GroundFormula::Kind::kAnd:
      for (const GroundFormula& part : formula.parts)
        if (std::string why = why_never(part); !why.empty()) return why;
      return "";
    case GroundFormula::Kind::kOr:
      return formula.parts.empty() ? "nothing would do" : why_never(formula.parts.back());
  }
  return "";
}

}  // namespace wme::model
