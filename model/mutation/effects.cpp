#include <algorithm>
#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/mutation/trial.hpp"
#include "model/wme/vocabulary.hpp"

/// Mutants of the model's effects: the checker does not know of one, the plan was made with it.
namespace wme::model {

namespace {

/// "run = stopped at the end of hibernate-container", whatever the container.
struct Forgotten {
  const Action* action = nullptr;
  bool at_request = true;
  std::size_t fluent = 0;
  Value value = 0;
  auto operator<=>(const Forgotten&) const = default;
};

const std::vector<GroundEffect>& effects_of(const GroundAction& action, bool at_request) {
  return at_request ? action.request : action.outcomes.front();
}

/// Somebody who wants to know a variable: a guard, an effect's condition, a goal.
struct Reader {
  std::string who;
  PlanEvent event = 0;
};

class EffectMutator {
 public:
  explicit EffectMutator(const Original& original)
      : original_(original), model_(original.model), readers_(model_.variable_count()) {
    for (std::size_t step = 0; step < original_.ground.size(); ++step) {
      const GroundAction& action = original_.ground.action(step);
      const std::string& who = action.action->name;
      for (const GroundCondition& each : action.guard)
        add_reader(each.formula, {who, request_of(step)});
      for (const GroundEffect& each : action.request)
        add_reader(each.when, {who, request_of(step)});
      for (const GroundEffect& each : action.outcomes.front())
        add_reader(each.when, {who, end_event_of(step)});
    }
    for (const GroundGoal& goal : original_.ground.goals())
      add_reader(goal.formula, {"the goal \"" + goal.words + "\"", kEndOfPlan});
  }

  void run(std::vector<Mutant>& into) {
    std::vector<Forgotten> all;
    for (std::size_t step = 0; step < original_.ground.size(); ++step)
      for (const bool at_request : {true, false})
        for (const GroundEffect& each : effects_of(original_.ground.action(step), at_request)) {
          const Forgotten one{original_.ground.action(step).action, at_request,
                              model_.fluent_index(each.target), each.value};
          if (std::ranges::find(all, one) == all.end()) all.push_back(one);
        }
    // By action, as they first occur in the plan.
    std::vector<const Action*> seen;
    for (const Forgotten& each : all)
      if (std::ranges::find(seen, each.action) == seen.end()) seen.push_back(each.action);
    for (const Action* action : seen)
      for (const Forgotten& each : all)
        if (each.action == action) into.push_back(mutant(each));
  }

 private:
  void add_reader(const GroundFormula& formula, const Reader& reader) {
    std::vector<Variable> variables;
    collect_variables(formula, variables);
    for (const Variable each : variables)
      if (readers_[each].empty() || readers_[each].back().event != reader.event)
        readers_[each].push_back(reader);
  }

  bool is_meant(const Forgotten& one, const GroundEffect& effect) const {
    return model_.fluent_index(effect.target) == one.fluent && effect.value == one.value;
  }

  /// The action as the mutant of the model has it.
  void forget(const Forgotten& one, GroundAction& action) const {
    if (action.action != one.action) return;
    if (one.at_request)
      for (const GroundEffect& each : action.request)
        if (is_meant(one, each)) forget_lasting(action, each.target);
    std::vector<GroundEffect>& effects = one.at_request ? action.request : action.outcomes.front();
    std::erase_if(effects, [&](const GroundEffect& each) { return is_meant(one, each); });
  }

  /// What the request never made cannot be what the work needs until its end.
  static void forget_lasting(GroundAction& action, Variable made) {
    std::vector<GroundFormula>& parts = action.lasts.parts;
    const auto by_request = std::ranges::find_if(parts, [&](const GroundFormula& part) {
      return part.kind == GroundFormula::Kind::kIn && part.variable == made;
    });
    if (by_request != parts.end()) parts.erase(by_request);
  }

  Mutant mutant(const Forgotten& one) const {
    const Fluent& fluent = fluents()[one.fluent];
    Mutant made;
    made.kind = MutantKind::kWeakenedEffect;
    made.action = one.action->name;
    made.what = fluent.name + " = " + fluent.values[one.value] +
                (one.at_request ? " when it is requested" : " when it is done");
    const Result<GroundPlan> ground = GroundPlan::of(
        model_, original_.plan, [&](std::size_t, GroundAction& action) { forget(one, action); });
    if (!ground) {
      made.why = ground.error().message;
      return made;
    }
    const PossibleValues values(ground.value(), ground.value().order());
    conclude(made, ground.value(), values, tried(ground.value(), values, original_.states_max));
    if (made.fate == Fate::kCaught || !made.why.empty()) return made;
    made.why = why_unneeded(one, values);
    if (!made.why.empty()) made.fate = Fate::kEquivalent;
    return made;
  }

  /// Why the plan holds without it: one reason for each way in which that is so.
  std::string why_unneeded(const Forgotten& one, const PossibleValues& without) const {
    std::vector<std::string> reasons;
    for (std::size_t step = 0; step < original_.ground.size(); ++step) {
      const GroundAction& action = original_.ground.action(step);
      if (action.action != one.action) continue;
      for (const GroundEffect& each : effects_of(action, one.at_request)) {
        if (!is_meant(one, each)) continue;
        std::string reason = why_unneeded(step, one.at_request, each, without);
        if (std::ranges::find(reasons, reason) == reasons.end())
          reasons.push_back(std::move(reason));
      }
    }
    constexpr std::size_t kShownMax = 3;
    if (reasons.size() > kShownMax) {
      reasons.resize(kShownMax);
      reasons.push_back("…");
    }
    std::string text;
    for (const std::string& each : reasons) text += (text.empty() ? "" : "; ") + each;
    return text;
  }

  std::string why_unneeded(std::size_t step, bool at_request, const GroundEffect& effect,
                           const PossibleValues& without) const {
    const PlanEvent event = at_request ? request_of(step) : end_event_of(step);
    if (original_.values.judge_before(event, effect.when) == Truth::kFalse)
      return "in this plan it never happens";
    if (original_.values.before(event, effect.target) == Mask{1} << effect.value)
      return "it is so already";
    const std::vector<Reader>& readers = readers_[effect.target];
    const std::string held = held_with_either(effect.target);
    if (readers.empty()) {
      if (!held.empty()) return held;
      return "no guard, property or goal of this plan asks for " + fluent_of(effect.target) +
             " from then on";
    }
    std::set<std::string> content;
    for (const Reader& reader : readers)
      if (original_.values.before(reader.event, effect.target) !=
          without.before(reader.event, effect.target))
        content.insert(reader.who);
    const std::string also = held.empty() ? "" : "; " + held;
    if (content.empty() && at_request && is_written(effect.target, step))
      return "its end overwrites it, and nobody who asks can come in between" + also;
    if (content.empty()) return "it is overwritten before anybody asks" + also;
    std::string names;
    for (const std::string& each : content) names += (names.empty() ? "" : ", ") + each;
    return "who asks is content with what it was before: " + names + also;
  }

  bool is_written(Variable variable, std::size_t step) const {
    return std::ranges::any_of(original_.ground.action(step).outcomes.front(),
                               [&](const GroundEffect& each) { return each.target == variable; });
  }

  /// State properties that speak of the variable.
  std::string held_with_either(Variable variable) const {
    std::set<std::string> rules;
    for (const std::uint32_t i : original_.ground.invariants_about(variable))
      rules.insert(original_.ground.invariants()[i].rule);
    std::string text;
    for (const std::string& rule : rules) text += (text.empty() ? "" : ", ") + rule;
    return text.empty() ? "" : text + (rules.size() == 1 ? " holds" : " hold") + " with either";
  }

  std::string fluent_of(Variable variable) const {
    return fluents()[model_.fluent_index(variable)].name;
  }

  const Original& original_;
  const GroundModel& model_;
  std::vector<std::vector<Reader>> readers_;  ///< by variable
};

}  // namespace

void weaken_effects(const Original& original, std::vector<Mutant>& into) {
  EffectMutator(original).run(into);
}

}  // namespace wme::model
