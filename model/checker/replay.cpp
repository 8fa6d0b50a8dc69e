#include "model/checker/replay.hpp"

#include <algorithm>

#include "model/language/interpreter.hpp"

namespace wme::model {

Replay::Replay(const GroundPlan& plan)
    : plan_(plan), state_(plan.model().initial()), status_(plan.size(), Status::kWaiting) {}

bool Replay::is_ready(std::size_t step) const {
  return status_[step] == Status::kWaiting &&
         std::ranges::all_of(plan_.order().predecessors()[step],
                             [&](std::size_t before) { return status_[before] == Status::kDone; });
}

bool Replay::is_open(std::size_t step) const {
  return std::ranges::all_of(plan_.action(step).guard, [&](const GroundCondition& condition) {
    return evaluate(condition.formula, state_);
  });
}

bool Replay::possible(const Happening& happening) const {
  const std::size_t what = happening.what;
  switch (happening.kind) {
    case Happening::Kind::kRequest:
      return is_ready(what);
    case Happening::Kind::kOutcome:
      return status_[what] == Status::kRunning &&
             happening.outcome < plan_.action(what).outcomes.size() &&
             (happening.outcome > 0 || evaluate(plan_.action(what).lasts, state_));
    case Happening::Kind::kEnvironment:
      return failures(plan_.model(), plan_.environment()[what], state_).empty();
    case Happening::Kind::kFoundDone:
      return is_ready(what) && !is_open(what) && evaluate(plan_.visible_work(what), state_);
    case Happening::Kind::kLostRequest:
    case Happening::Kind::kLostAnswer:
      return is_ready(what) && is_open(what);
    case Happening::Kind::kStaleRead:
      return committed_ == Obligation::kNoStep && is_ready(what) && is_open(what);
  }
  return false;
}

std::vector<Obligation> Replay::take(const Happening& happening) {
  if (happening.kind == Happening::Kind::kEnvironment) {
    const GroundAction& event = plan_.environment()[happening.what];
    std::vector<Obligation> broken = change(event.request, Obligation::kNoStep, true);
    const std::vector<Obligation> more =
        change(event.outcomes[happening.outcome], Obligation::kNoStep, false);
    broken.insert(broken.end(), more.begin(), more.end());
    return broken;
  }
  const std::size_t step = happening.what;
  const GroundAction& action = plan_.action(step);
  switch (happening.kind) {
    case Happening::Kind::kOutcome:
      status_[step] = happening.outcome == 0 ? Status::kDone : Status::kFailed;
      if (happening.outcome == 0) ++done_;
      return change(action.outcomes[happening.outcome], step, false);
    case Happening::Kind::kFoundDone:
      status_[step] = Status::kRunning;
      return {};
    case Happening::Kind::kLostRequest:
      return {};
    case Happening::Kind::kLostAnswer:
      return change(action.request, step, true);
    case Happening::Kind::kStaleRead:
      committed_ = step;
      return {};
    case Happening::Kind::kRequest:
    case Happening::Kind::kEnvironment:
      break;
  }
  std::vector<Obligation> closed;
  for (std::size_t i = 0; i < action.guard.size(); ++i)
    if (!evaluate(action.guard[i].formula, state_) &&
        (committed_ != step || action.guard[i].condition->enforcer == Enforcer::kSystem))
      closed.push_back({PropertyKind::kGuard, step, true, i, 0});
  if (!closed.empty()) return closed;
  if (committed_ == step) committed_ = Obligation::kNoStep;
  status_[step] = Status::kRunning;
  return change(action.request, step, true);
}

std::vector<Obligation> Replay::change(const std::vector<GroundEffect>& effects, std::size_t step,
                                       bool at_request) {
  std::vector<std::uint32_t> touched;
  for (const Variable variable : apply(effects, state_)) {
    const std::span<const std::uint32_t> about = plan_.invariants_about(variable);
    touched.insert(touched.end(), about.begin(), about.end());
  }
  std::ranges::sort(touched);
  const auto repeated = std::ranges::unique(touched);
  touched.erase(repeated.begin(), repeated.end());
  std::vector<Obligation> broken;
  for (const std::uint32_t i : touched)
    if (!evaluate(plan_.invariants()[i].formula, state_))
      broken.push_back({PropertyKind::kInvariant, step, at_request, i, 0});
  return broken;
}

std::vector<Obligation> Replay::missed_goals() const {
  std::vector<Obligation> missed;
  for (std::size_t i = 0; i < plan_.goals().size(); ++i)
    if (!evaluate(plan_.goals()[i].formula, state_))
      missed.push_back({PropertyKind::kGoal, Obligation::kNoStep, true, i, 0});
  return missed;
}

std::optional<ReplayEnd> replayed(const GroundPlan& plan, const Trace& trace) {
  Replay run(plan);
  ReplayEnd end{{}, run.state(), run.state()};
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (!run.possible(trace[i])) return std::nullopt;
    if (i + 1 == trace.size()) end.before = run.state();
    end.broken = run.take(trace[i]);
    const bool refused = !end.broken.empty() && end.broken.front().kind == PropertyKind::kGuard;
    if (refused && i + 1 < trace.size()) return std::nullopt;
  }
  if (end.broken.empty() && run.all_done()) end.broken = run.missed_goals();
  end.state = run.state();
  return end;
}

}  // namespace wme::model
