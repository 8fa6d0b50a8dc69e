#include "model/trace/trace_file.hpp"

#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"

namespace wme::model {

namespace {

TraceEvent event_of(const GroundPlan& plan, const Happening& happening) {
  const bool by_itself = happening.kind == Happening::Kind::kEnvironment;
  const GroundAction& action =
      by_itself ? plan.environment()[happening.what] : plan.action(happening.what);
  TraceEvent event;
  event.kind = happening.kind;
  if (!by_itself) event.step = plan.id(happening.what);
  event.action = action.action->name;
  for (const Entity each : action.arguments) event.arguments.push_back(plan.model().name(each));
  if (by_itself || happening.kind == Happening::Kind::kOutcome)
    event.outcome = action.action->outcomes[happening.outcome].name;
  return event;
}

}  // namespace

std::string_view to_string(Happening::Kind kind) {
  switch (kind) {
    case Happening::Kind::kRequest:
      return "request";
    case Happening::Kind::kOutcome:
      return "outcome";
    case Happening::Kind::kEnvironment:
      return "environment";
    case Happening::Kind::kFoundDone:
      return "found-done";
    case Happening::Kind::kLostRequest:
      return "lost-request";
    case Happening::Kind::kLostAnswer:
      return "lost-answer";
    case Happening::Kind::kStaleRead:
      return "stale-read";
  }
  return "?";
}

std::string_view to_string(PropertyKind kind) {
  switch (kind) {
    case PropertyKind::kStart:
      return "start";
    case PropertyKind::kGuard:
      return "guard";
    case PropertyKind::kInvariant:
      return "invariant";
    case PropertyKind::kGoal:
      return "goal";
    case PropertyKind::kMaskedEnd:
      return "masked-end";
  }
  return "?";
}

TraceFile trace_file_of(const GroundPlan& plan, const Counterexample& told) {
  TraceFile made;
  made.plan_sha256 = sha256_hex(canonical_json(plan.plan()));
  made.procedure = plan.plan().procedure;
  made.installation = plan.plan().installation;
  made.headline = told.headline;
  for (const Happening& each : told.trace) made.events.push_back(event_of(plan, each));
  made.breaks.kind = told.broken.kind;
  made.breaks.property = told.property;
  if (told.broken.step != Obligation::kNoStep) {
    made.breaks.step = plan.id(told.broken.step);
    made.breaks.at_request = told.broken.at_request;
  }
  made.breaks.sentence = told.sentence;
  made.breaks.loss = told.loss;
  return made;
}

}  // namespace wme::model
