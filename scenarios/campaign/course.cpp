#include "scenarios/campaign/course.hpp"

#include <algorithm>

#include "model/checker/verdict.hpp"
#include "model/language/interpreter.hpp"
#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "scenarios/campaign/trial.hpp"

namespace wme::scenarios {

namespace {

bool is_seen(const model::Fluent& fluent) {
  return fluent.seen_by != model::SeenBy::kJournal && fluent.seen_by != model::SeenBy::kGhost;
}

StepFacts facts_of(const model::GroundModel& model, const model::Step& step) {
  StepFacts facts;
  const model::Action* action = model::find_action(step.action);
  const auto grounded = model.ground(*action, step.arguments);
  for (const model::GroundEffect& effect : grounded->outcomes.front()) {
    const model::Fluent& fluent = model::fluents()[model.fluent_index(effect.target)];
    if (effect.when.is_true() && is_seen(fluent))
      facts.ends_in.push_back({fluent.name, model.arguments_of(effect.target)});
  }
  facts.takes_time = action->typical.count() > 0 && !action->request.empty();
  facts.can_fail = action->outcomes.size() > 1;
  return facts;
}

bool is_possible(FaultKind kind, const StepFacts& step) {
  switch (kind) {
    case FaultKind::kRequestLost:
    case FaultKind::kAnswerLost:
    case FaultKind::kThrottled:
    case FaultKind::kServerError:
    case FaultKind::kDenied:
    case FaultKind::kKilledUnsent:
    case FaultKind::kKilledUnheard:
    case FaultKind::kKilledEnded:
      return true;
    case FaultKind::kOutcomeFails:
      return step.can_fail;
    case FaultKind::kSlow:
    case FaultKind::kHangs:
      return step.takes_time;
    case FaultKind::kLookStale:
    case FaultKind::kLookThrottled:
    case FaultKind::kLookLost:
    case FaultKind::kKilledWaiting:
      return !step.ends_in.empty();
  }
  return false;
}

Result<CourseAct> prepared(const Act& act, const model::Inventory& inventory) {
  CourseAct made{act};
  if (act.kind != Act::Kind::kRun) return made;
  const model::GroundModel model(model::installation_of(inventory, act.procedure));
  Result<model::Plan> plan = model::make_plan(model);
  if (!plan) return plan.error();
  made.plan = std::move(plan).value();
  Result<model::PlanOrder> order = model::PlanOrder::of(made.plan);
  if (!order) return order.error();
  made.order = std::move(order).value();
  model::VerifyOptions how;
  how.explore = model::VerifyOptions::Explore::kNever;
  Result<model::Verification> verdict = model::verify(model, made.plan, how);
  if (!verdict) return verdict.error();
  made.proof = "order proof: " + std::string(to_string(verdict.value().verdict));
  if (verdict.value().verdict != model::Verdict::kProved)
    return Error{ErrorCode::kInvalid,
                 "the plan to " + made.plan.procedure + " " + inventory.name + " is " +
                     std::string(to_string(verdict.value().verdict)) +
                     ", and what was not proved is not rehearsed; `rehydrate plan " +
                     made.plan.procedure + "` and `rehydrate verify` say why"};
  for (const model::Step& each : made.plan.steps) made.facts.push_back(facts_of(model, each));
  made.places.resize(made.plan.steps.size());
  return made;
}

}  // namespace

std::string Course::name_of(const Pair& pair) const {
  const CourseAct& act = acts[pair.act];
  const model::Step& step = act.plan.steps[pair.step];
  std::string name =
      std::to_string(pair.act + 1) + "-" + act.plan.procedure + " " + step.id + " " + step.action;
  for (const std::string& each : step.arguments) name += " " + each;
  return name;
}

bool Course::restores() const {
  return std::ranges::any_of(acts, [](const CourseAct& each) {
    return each.act.kind == Act::Kind::kRun && each.act.procedure != model::Procedure::kDehydrate;
  });
}

Result<Course> prepare_course(const Scenario& scenario, const model::Inventory& inventory,
                              ChosenDurations durations) {
  Course course;
  course.scenario = scenario;
  course.inventory = inventory;
  course.durations = std::move(durations);
  course.world = world_of(scenario);
  for (const Act& each : scenario.acts) {
    Result<CourseAct> act = prepared(each, inventory);
    if (!act) return act.error();
    course.acts.push_back(std::move(act).value());
  }
  for (std::size_t act = 0; act < course.acts.size(); ++act)
    for (std::size_t step = 0; step < course.acts[act].facts.size(); ++step)
      for (const FaultKindFacts& each : all_fault_kinds())
        if (is_possible(each.kind, course.acts[act].facts[step]))
          course.pairs.push_back({act, step, each.kind});
  if (Status possible = note_the_undisturbed(course); !possible) return possible.error();
  return course;
}

std::optional<PlannedFault> fault_at(const Course& course, const Pair& pair, std::size_t nth) {
  const StepPlace& place = course.acts[pair.act].places[pair.step];
  PlannedFault fault{pair.kind, course.acts[pair.act].plan.steps[pair.step].action, 0, {}};
  switch (pair.kind) {
    case FaultKind::kLookStale:
    case FaultKind::kLookThrottled:
    case FaultKind::kLookLost:
      if (!place.looks.empty()) fault.occurrence = place.looks[nth % place.looks.size()];
      break;
    case FaultKind::kKilledWaiting:
      fault.occurrence = place.waiting;
      break;
    case FaultKind::kKilledEnded:
      fault.occurrence = place.ended;
      break;
    default:
      fault.occurrence = place.request;
  }
  if (fault.occurrence == 0) return std::nullopt;
  return fault;
}

}  // namespace wme::scenarios
