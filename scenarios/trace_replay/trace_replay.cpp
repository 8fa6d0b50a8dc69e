#include "scenarios/trace_replay/trace_replay.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "model/checker/mend.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/vocabulary.hpp"
#include "scenarios/rehearsal/stage.hpp"

namespace wme::scenarios {

namespace {

using model::Happening;
using model::Obligation;
using model::PropertyKind;

std::vector<std::string> names_of(const model::GroundModel& model,
                                  const model::GroundAction& action) {
  std::vector<std::string> names;
  for (const model::Entity each : action.arguments) names.push_back(model.name(each));
  return names;
}

/// Whether anybody can tell that it is under way.
bool shows_under_way(const model::GroundAction& action) { return !action.request.empty(); }

bool same_rules(const std::string& some, const std::string& others) {
  const std::vector<std::string> wanted = model::rules_in(some);
  for (const std::string& each : model::rules_in(others))
    if (std::ranges::find(wanted, each) != wanted.end()) return true;
  return wanted.empty() && others.empty();
}

/// Requests that are to fail, by action and occurrence: in the order in which they are sent.
std::vector<simulators::FaultRule> failures_in(const model::GroundPlan& plan,
                                               const model::Trace& trace) {
  std::vector<simulators::FaultRule> faults;
  std::map<std::string, int> sent;
  const auto fate = [&](std::size_t step, std::size_t from) {
    for (std::size_t i = from; i < trace.size(); ++i)
      if (trace[i].kind == Happening::Kind::kOutcome && trace[i].what == step)
        return trace[i].outcome;
    return std::size_t{0};
  };
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const Happening& each = trace[i];
    if (each.kind == Happening::Kind::kEnvironment) continue;
    const model::GroundAction& action = plan.action(each.what);
    const bool is_sent = each.kind == Happening::Kind::kLostAnswer ||
                         (each.kind == (shows_under_way(action) ? Happening::Kind::kRequest
                                                                : Happening::Kind::kOutcome));
    if (!is_sent) continue;
    const int occurrence = ++sent[action.action->name];
    if (fate(each.what, i) > 0)
      faults.push_back({action.action->name, occurrence, simulators::Fault::kOutcomeFails});
  }
  return faults;
}

class StageReplay {
 public:
  StageReplay(const model::GroundPlan& plan, const model::BoundTrace& trace, Stage& stage)
      : plan_(plan), model_(plan.model()), trace_(trace), stage_(stage), run_(plan) {}

  Result<StagedReplay> play(executor::Drivers* drivers, std::string without_drivers) {
    drivers_ = drivers;
    made_.without_drivers = std::move(without_drivers);
    for (std::size_t i = 0; i < trace_.trace.size(); ++i) {
      last_ = i + 1 == trace_.trace.size();
      refusal_.reset();
      if (last_) before_last_ = recorded();
      if (Status played = play(trace_.trace[i]); !played) return played.error();
      run_.take(trace_.trace[i]);
      // A request that the model refuses may have done its damage in the world.
      if (!last_) compare(i);
    }
    judge();
    const auto lock = stage_.world().enter();
    made_.violations = stage_.world().violations();
    return std::move(made_);
  }

 private:
  Status play(const Happening& each) {
    switch (each.kind) {
      case Happening::Kind::kRequest:
        return request(each.what);
      case Happening::Kind::kOutcome:
        return end(each.what);
      case Happening::Kind::kEnvironment:
        return by_itself(plan_.environment()[each.what]);
      case Happening::Kind::kLostAnswer:
        return send(each.what, "the answer is thrown away: ");
      case Happening::Kind::kLostRequest:
        return nothing("the request is lost: nothing is sent");
      case Happening::Kind::kFoundDone:
        return nothing("the work is there: nothing is sent");
      case Happening::Kind::kStaleRead:
        return nothing("the executor has looked; nothing is sent yet");
    }
    return Done{};
  }

  Status nothing(const std::string& why) {
    made_.events.push_back({"", why, false});
    return Done{};
  }

  Status request(std::size_t step) {
    if (!shows_under_way(plan_.action(step)) && !last_)
      return nothing("nobody could see it under way: it is sent when it ends");
    return send(step, "");
  }

  Status end(std::size_t step) {
    const model::GroundAction& action = plan_.action(step);
    if (!shows_under_way(action))
      if (Status sent = send(step, ""); !sent) return sent;
    const auto lock = stage_.world().enter();
    const bool ended = stage_.world().end_now(action.action->name, names_of(model_, action));
    if (!shows_under_way(action)) return Done{};
    made_.events.push_back({"world", ended ? "its time has come" : "it is over already", false});
    return Done{};
  }

  Status by_itself(const model::GroundAction& event) {
    const auto lock = stage_.world().enter();
    const simulators::Reply reply =
        stage_.world().perform(event.action->name, names_of(model_, event), "environment");
    made_.events.push_back(
        {"world", reply.accepted() ? "it happens" : reply.refusals.front(), !reply.accepted()});
    return Done{};
  }

  Status send(std::size_t step, const std::string& note) {
    const model::GroundAction& action = plan_.action(step);
    const executor::Call call{action.action->name, names_of(model_, action),
                              "replay-" + plan_.id(step)};
    const std::string door(to_string(action.action->door));
    if (drivers_ == nullptr) return send_to_world(call, note);
    const auto port = drivers_->ports().find(door);
    if (port == drivers_->ports().end()) return send_to_world(call, note);
    const Result<std::string> answer = port->second->perform(call);
    if (!answer) refusal_ = answer.error().code;
    made_.events.push_back(
        {door, stage_.with_names(note + (answer ? answer.value() : answer.error().message)),
         !answer});
    if (last_ && answer) look_after(*port->second, call, action);
    return Done{};
  }

  /// What comes of the last request: of work in the background only a second look tells, and a mere
  /// look at the wrong time is no violation at any door, so that the world is asked for it.
  void look_after(executor::SystemPort& port, const executor::Call& call,
                  const model::GroundAction& action) {
    if (const auto failure = port.failure_of(call); failure && failure.value()) {
      refusal_ = ErrorCode::kFailed;
      made_.events.back().failed = true;
      made_.events.back().said += "; " + stage_.with_names(*failure.value());
    }
    const bool only_looks = action.action->door == model::Door::kExecutor ||
                            action.action->door == model::Door::kLaunchpad;
    if (!only_looks || shows_under_way(action) || recorded() > before_last_) return;
    const auto lock = stage_.world().enter();
    stage_.world().judge(call.action, call.arguments, "a look at the wrong time");
  }

  Status send_to_world(const executor::Call& call, const std::string& note) {
    const auto lock = stage_.world().enter();
    const simulators::Reply reply = stage_.world().begin(call.action, call.arguments, "replay");
    made_.events.push_back({"world",
                            note + (reply.accepted() ? "accepted" : reply.refusals.front()),
                            !reply.accepted()});
    if (!reply.accepted()) refusal_ = ErrorCode::kBlocked;
    return Done{};
  }

  std::size_t recorded() {
    const auto lock = stage_.world().enter();
    return stage_.world().violations().size();
  }

  /// What the executor itself knows stands in its journal, not in the world.
  bool is_seen(model::Variable variable) const {
    return model::fluents()[model_.fluent_index(variable)].seen_by != model::SeenBy::kJournal;
  }

  const std::string& in_world(model::Variable variable) {
    return stage_.world().value(model::fluents()[model_.fluent_index(variable)].name,
                                model_.arguments_of(variable));
  }

  void compare(std::size_t event) {
    if (!made_.differences.empty()) return;  // what follows from the first one says nothing new
    if (refusal_)
      made_.differences.push_back("event " + std::to_string(event + 1) +
                                  " is refused, the model allows it: " + made_.events.back().said);
    const auto lock = stage_.world().enter();
    for (model::Variable v = 0; v < model_.variable_count(); ++v) {
      if (!is_seen(v)) continue;
      const std::string& expected = model_.value_text(v, run_.state()[v]);
      if (in_world(v) != expected)
        made_.differences.push_back("after event " + std::to_string(event + 1) + " " +
                                    model_.text(v) + " is " + in_world(v) + " in the world, " +
                                    expected + " in the model");
    }
  }

  void judge() {
    if (trace_.broken.empty()) {
      made_.end = "the trace does not end in what it says";
      return;
    }
    const Obligation& broken = trace_.broken.front();
    switch (broken.kind) {
      case PropertyKind::kStart:
        return judge_formula(plan_.invariants()[broken.index].formula);
      case PropertyKind::kGoal:
        return judge_formula(plan_.goals()[broken.index].formula);
      case PropertyKind::kMaskedEnd:
        return judge_masked(broken);
      case PropertyKind::kInvariant:
        return judge_recorded(plan_.invariants()[broken.index].rule);
      case PropertyKind::kGuard:
        return judge_guard(broken);
    }
  }

  /// The model refuses the last request. Where only a rule forbids it, a system obeys and the
  /// simulators record it, unless something stops it on the way: the system for another reason
  /// that the model knows, or the driver, which looks before it acts.
  void judge_guard(const Obligation& broken) {
    const std::vector<model::GroundCondition>& guard = plan_.action(broken.step).guard;
    judge_recorded(guard[broken.index].condition->rule);
    if (made_.reproduced) return;
    if (beyond_sight(guard[broken.index].formula)) {
      made_.beyond_sight = true;
      made_.end = "no system can see it, it stands in the executor's own journal: " +
                  why_not(model_, guard[broken.index].formula, trace_.end.before);
      return;
    }
    if (!refusal_) return;
    bool by_system = false;
    for (const Obligation& each : trace_.end.broken)
      by_system = by_system || guard[each.index].condition->enforcer == model::Enforcer::kSystem;
    if (!by_system && !is_no(*refusal_)) return;
    made_.reproduced = true;
    made_.end =
        std::string(by_system ? "the system itself says no: " : "stopped before it does harm: ") +
        made_.events.back().said;
  }

  /// Only what the executor itself knows makes it false.
  bool beyond_sight(const model::GroundFormula& formula) const {
    for (const model::FalseLeaf& leaf : model::false_leaves(formula, trace_.end.before))
      if (is_seen(leaf.variable)) return false;
    return true;
  }

  /// Somebody has understood the request and does not do it.
  static bool is_no(ErrorCode code) {
    return code == ErrorCode::kBlocked || code == ErrorCode::kFailed || code == ErrorCode::kRefused;
  }

  void judge_recorded(const std::string& rule) {
    const auto lock = stage_.world().enter();
    const std::vector<simulators::Violation>& all = stage_.world().violations();
    for (std::size_t i = before_last_; i < all.size(); ++i) {
      if (!same_rules(rule, all[i].rule)) continue;
      made_.reproduced = true;
      made_.end = "recorded by the simulators: " + all[i].door + ": " + all[i].action + " breaks " +
                  (all[i].rule.empty() ? "an order" : all[i].rule) + ": " + all[i].sentence;
      return;
    }
    made_.end = "the simulators recorded no violation of " +
                (rule.empty() ? std::string("this order") : rule) +
                "; the last event: " + (made_.events.empty() ? "none" : made_.events.back().said);
  }

  /// The world's own values, as a state of the model.
  model::State world_state() {
    const auto lock = stage_.world().enter();
    model::State state = run_.state();
    for (model::Variable v = 0; v < model_.variable_count(); ++v)
      if (is_seen(v)) state[v] = *model_.value(v, in_world(v));
    return state;
  }

  void judge_formula(const model::GroundFormula& formula) {
    const std::string why = why_not(model_, formula, world_state());
    made_.reproduced = !why.empty();
    made_.end = made_.reproduced ? "so it is in the world: " + why : "in the world it holds";
  }

  void judge_masked(const Obligation& broken) {
    const model::State state = world_state();
    for (const model::GroundEffect& effect : plan_.action(broken.step).outcomes.front())
      if (effect.target == broken.variable)
        made_.reproduced = state[broken.variable] != effect.value;
    made_.end = model_.text(broken.variable) + " is " +
                model_.value_text(broken.variable, state[broken.variable]) + " in the world: " +
                (made_.reproduced ? "the end of " + plan_.id(broken.step) + " cannot be seen"
                                  : "the end of " + plan_.id(broken.step) + " can be seen");
  }

  const model::GroundPlan& plan_;
  const model::GroundModel& model_;
  const model::BoundTrace& trace_;
  Stage& stage_;
  model::Replay run_;
  executor::Drivers* drivers_ = nullptr;
  bool last_ = false;
  std::optional<ErrorCode> refusal_;  ///< of the event that is played
  std::size_t before_last_ = 0;       ///< violations recorded before the last event
  StagedReplay made_;
};

}  // namespace

Result<StagedReplay> replay_on_stage(const model::Inventory& inventory,
                                     const model::GroundPlan& plan, const model::BoundTrace& trace,
                                     const RehearsalOptions& options) {
  const model::Procedure procedure = plan.model().installation().procedure;
  Result<std::unique_ptr<Stage>> stage =
      Stage::build(inventory, procedure, failures_in(plan, trace.trace), options);
  if (!stage) return stage.error();
  Result<std::unique_ptr<executor::Drivers>> drivers = stage.value()->drivers(procedure);
  StageReplay replay(plan, trace, *stage.value());
  if (!drivers) return replay.play(nullptr, drivers.error().message);
  return replay.play(drivers.value().get(), "");
}

}  // namespace wme::scenarios
