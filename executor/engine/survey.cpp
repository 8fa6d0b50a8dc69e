#include "executor/engine/survey.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "executor/journal/entries.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::executor {

Surveyor::Surveyor(const model::GroundModel& model, const Ports& ports, Clock& clock,
                   const Patience& patience)
    : model_(model),
      clock_(clock),
      patience_(patience),
      observer_(model, ports, clock, std::chrono::milliseconds(0)) {
  for (model::Variable each = 0; each < model.variable_count(); ++each)
    if (observer_.can_observe(each)) variables_.push_back(each);
}

Result<Survey> Surveyor::look(const model::State& known, const TellOfRetry& told) {
  Result<model::State> seen = state(known, told);
  if (!seen) return seen.error();
  return Survey{observer_.observations(variables_), std::move(seen).value()};
}

Result<model::State> Surveyor::state(const model::State& known, const TellOfRetry& told) {
  for (int tries = 1;; ++tries) {
    model::State seen = known;
    observer_.forget();
    const auto looked = observer_.look(variables_, seen);
    if (looked) return seen;
    if (reaction_to(looked.error().code) != Reaction::kRetry || tries >= patience_.tries_max)
      return looked.error();
    const auto pause = back_off(patience_.retry_first, patience_.retry_max, tries, "survey");
    if (told)
      told("the installation cannot be read, asking again in " +
           std::to_string((pause.count() + 999) / 1000) + " s (try " + std::to_string(tries + 1) +
           " of " + std::to_string(patience_.tries_max) + "): " + looked.error().message);
    clock_.sleep_for(pause);
  }
}

Status Surveyor::every_door_answers(const Survey& survey) const {
  if (situation_of(model_.installation().procedure) != model::Situation::kServing) return Done{};
  std::map<std::string, bool> answers;
  std::map<std::string, std::string> why;
  for (const Observation& each : survey.observed) {
    const auto fluent =
        std::ranges::find(model::fluents(), each.variable.fluent, &model::Fluent::name);
    const std::string door(to_string(fluent->seen_by));
    answers[door] = answers[door] || each.value.has_value();
    if (!each.value && why[door].empty()) why[door] = each.detail;
  }
  for (const auto& [door, answered] : answers)
    if (!answered)
      return Error{ErrorCode::kUnreachable, "nothing can be read through the door " + door + ": " +
                                                why[door] + "; nothing was changed"};
  return Done{};
}

std::vector<Difference> Surveyor::differences(const Survey& survey,
                                              const model::State& expected) const {
  std::vector<Difference> found;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const model::Variable each = variables_[i];
    if (survey.state[each] == expected[each]) continue;
    found.push_back({each, survey.observed[i],
                     model_.text(each) + " is " + model_.value_text(each, survey.state[each]) +
                         ", expected " + model_.value_text(each, expected[each])});
  }
  return found;
}

std::string Surveyor::missed(const std::vector<model::Goal>& goals,
                             const model::State& state) const {
  std::string text;
  for (const model::Goal& goal : goals) {
    const model::GroundFormula formula = model_.ground(goal.formula);
    if (!model::evaluate(formula, state))
      text += (text.empty() ? "" : "; ") + goal.words + " (" +
              model::why_not(model_, formula, state) + ")";
  }
  return text;
}

std::vector<std::string> Surveyor::created(const model::State& before, const Survey& after) const {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const model::Variable each = variables_[i];
    if (model_.value_text(each, before[each]) != "absent" || !after.observed[i].value) continue;
    const std::string& now = *after.observed[i].value;
    if (now == "absent" || now == "terminated") continue;
    const std::string& detail = after.observed[i].detail;
    found.push_back(model_.text(each) + " = " + now + (detail.empty() ? "" : " (" + detail + ")"));
  }
  return found;
}

}  // namespace wme::executor
