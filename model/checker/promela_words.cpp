#include "model/checker/promela_words.hpp"

#include <algorithm>
#include <bit>

#include "model/checker/promela_expression.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

using promela::all_of;
using promela::any_of;
using promela::equals;
using promela::kFalse;
using promela::kTrue;
using promela::negated;

namespace {

constexpr std::size_t kStatuses = 4;

const std::string& known(bool value) { return value ? kTrue : kFalse; }
bool is_known(const std::string& expression) { return expression == kTrue || expression == kFalse; }

std::string text_of(const GroundFormula& formula,
                    const std::function<std::string(Variable, Mask)>& leaf) {
  if (formula.kind == GroundFormula::Kind::kIn) return leaf(formula.variable, formula.mask);
  std::vector<std::string> parts;
  for (const GroundFormula& part : formula.parts) parts.push_back(text_of(part, leaf));
  return formula.kind == GroundFormula::Kind::kAnd ? all_of(parts) : any_of(parts);
}

/// In as few bits as SPIN knows.
std::string declared(const std::string& name, std::size_t values, std::size_t initial) {
  const std::size_t width = std::bit_width(values - 1);
  const std::string start = initial == 0 ? "" : " = " + std::to_string(initial);
  if (width <= 1) return "bit " + name + start + ";\n";
  return "unsigned " + name + " : " + std::to_string(width) + start + ";\n";
}

std::string defined(const std::string& name, const std::string& meaning) {
  return "#define " + name + " " + meaning + "\n";
}

}  // namespace

PromelaWords::PromelaWords(const GroundPlan& plan, const FaultBudget& budget)
    : plan_(plan), lines_(budget.lines()), names_(plan.model()) {
  mark_changing();
  name_steps();
  for (std::size_t line = 0; line < lines_.size(); ++line)
    used_.push_back(names_.fresh("used_" + std::to_string(line)));
  name_invariants();
}

std::optional<std::size_t> PromelaWords::line_of(std::string_view kind) const {
  for (std::size_t line = 0; line < lines_.size(); ++line)
    if (std::ranges::find(lines_[line].kinds, kind) != lines_[line].kinds.end()) return line;
  return std::nullopt;
}

std::size_t PromelaWords::outcomes_of(const GroundAction& action) const {
  return line_of(fault::kFailedOutcome) ? action.outcomes.size() : 1;
}

std::vector<GroundEffect> PromelaWords::effects_of(const GroundAction& of_environment) {
  std::vector<GroundEffect> effects = of_environment.request;
  const std::vector<GroundEffect>& more = of_environment.outcomes.front();
  effects.insert(effects.end(), more.begin(), more.end());
  return effects;
}

void PromelaWords::mark_changing() {
  changes_.assign(plan_.model().variable_count(), false);
  const auto mark = [&](const std::vector<GroundEffect>& effects) {
    for (const GroundEffect& each : effects) changes_[each.target] = true;
  };
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    mark(plan_.action(step).request);
    for (std::size_t o = 0; o < outcomes_of(plan_.action(step)); ++o)
      mark(plan_.action(step).outcomes[o]);
  }
  for (const GroundAction& action : plan_.environment())
    if (line_of(action.action->fault)) mark(effects_of(action));
  for (Variable v = 0; v < changes_.size(); ++v)
    if (changes_[v]) variables_.push_back(v);
}

void PromelaWords::name_steps() {
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    steps_.push_back(names_.fresh("step_" + plan_.id(step)));
    ready_.push_back(names_.fresh("ready_" + plan_.id(step)));
    std::vector<std::string>& conditions = guards_.emplace_back();
    for (const GroundCondition& each : plan_.action(step).guard)
      conditions.push_back(text(each.formula));
    const std::string guard = all_of(conditions);
    open_.push_back(is_known(guard) ? guard : names_.fresh("open_" + plan_.id(step)));
  }
}

void PromelaWords::name_invariants() {
  for (std::size_t i = 0; i < plan_.invariants().size(); ++i) {
    const std::string formula = text(plan_.invariants()[i].formula);
    holds_.push_back(is_known(formula) ? formula : names_.fresh("holds_" + std::to_string(i)));
    invariants_.push_back(formula);
  }
}

const std::string& PromelaWords::condition(std::size_t number) {
  while (conditions_.size() <= number)
    conditions_.push_back(names_.fresh("when_" + std::to_string(conditions_.size())));
  return conditions_[number];
}

std::string PromelaWords::is_in(Variable variable, Mask mask) const {
  if (!changes_[variable]) return known((mask >> plan_.model().initial()[variable] & 1U) != 0);
  const std::size_t count = fluents()[plan_.model().fluent_index(variable)].values.size();
  const Mask inside = mask & plan_.model().full_mask(variable);
  const auto members = static_cast<std::size_t>(std::popcount(inside));
  if (members == 0 || members == count) return known(members != 0);
  const bool few = 2 * members <= count;  // they are listed, else all others
  std::vector<std::string> values;
  for (Value value = 0; value < count; ++value)
    if (((inside >> value & 1U) != 0) == few)
      values.push_back("(" + names_.variable(variable) + (few ? " == " : " != ") +
                       names_.value(variable, value) + ")");
  return few ? any_of(values) : all_of(values);
}

std::string PromelaWords::text(const GroundFormula& formula) const {
  return text_of(formula, [this](Variable v, Mask mask) { return is_in(v, mask); });
}

std::string PromelaWords::text_before(const GroundFormula& formula,
                                      const std::vector<PromelaAssignment>& made) const {
  return text_of(formula, [&](Variable variable, Mask mask) {
    std::string leaf = is_in(variable, mask);
    for (const PromelaAssignment& each : made) {
      if (each.target != variable) continue;
      const bool fits = (mask >> each.value & 1U) != 0;
      leaf = fits ? any_of({each.when, leaf}) : all_of({negated(each.when), leaf});
    }
    return leaf;
  });
}

std::string PromelaWords::definitions() const {
  std::string text = "#define WAITING 0\n#define RUNNING 1\n#define FAILED 2\n#define DONE 3\n" +
                     names_.definitions(variables_);
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    std::vector<std::string> parts = {equals(steps_[step], "WAITING")};
    if (has_faults()) parts.emplace_back("!is_stopped");
    for (const std::size_t before : plan_.order().predecessors()[step])
      parts.push_back(equals(steps_[before], "DONE"));
    text += defined(ready_[step], all_of(parts));
    if (!is_known(open_[step])) text += defined(open_[step], all_of(guards_[step]));
  }
  for (std::size_t i = 0; i < holds_.size(); ++i)
    if (!is_known(holds_[i])) text += defined(holds_[i], invariants_[i]);
  std::vector<std::string> done;
  for (const std::string& step : steps_) done.push_back(equals(step, "DONE"));
  text += defined("all_done", all_of(done));
  std::vector<std::string> faults;
  for (const std::string& line : used_) faults.push_back("(" + line + " != 0)");
  return text + defined("faulted", any_of(faults));
}

std::string PromelaWords::declarations(std::size_t properties) const {
  std::string text;
  for (const std::string& step : steps_) text += declared(step, kStatuses, 0);
  for (std::size_t line = 0; line < lines_.size(); ++line)
    text += declared(used_[line], static_cast<std::size_t>(lines_[line].count) + 1, 0);
  if (has_faults()) text += "bit is_stopped;\n";
  if (line_of(fault::kStaleRead)) text += declared("committed", plan_.size() + 1, 0);
  for (const Variable each : variables_)
    text +=
        declared(names_.variable(each), fluents()[plan_.model().fluent_index(each)].values.size(),
                 plan_.model().initial()[each]);
  text += "\n/* No part of a state: what an event depends on; what has been told already. */\n";
  for (const std::string& each : conditions_) text += "hidden byte " + each + ";\n";
  return text + "hidden byte told[" + std::to_string(std::max<std::size_t>(properties, 1)) + "];\n";
}

}  // namespace wme::model
