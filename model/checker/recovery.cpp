#include "model/checker/recovery.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/safe_stops.hpp"

namespace wme::model {

namespace {

bool is_open(const GroundAction& action, const State& state) {
  return std::ranges::all_of(action.guard, [&](const GroundCondition& condition) {
    return evaluate(condition.formula, state);
  });
}

bool allows(const FaultBudget& budget, std::string_view kind) {
  return std::ranges::any_of(budget.lines(), [&](const FaultBudget::Line& line) {
    return line.count > 0 && std::ranges::find(line.kinds, kind) != line.kinds.end();
  });
}

/// One run, as far as it has come.
struct Run {
  Replay replay;
  Trace trace = {};

  bool take_if_possible(const Happening& each) {
    if (!replay.possible(each)) return false;
    replay.take(each);
    trace.push_back(each);
    return true;
  }
};

/// Carries runs on until nothing more can happen, as the executor would.
class Policy {
 public:
  explicit Policy(const GroundPlan& plan) : plan_(plan) {}

  void finish(Run& run) const {
    while (pass(run)) {
    }
    settle(run);
  }

  /// What still runs has lost what it needs: it fails, unless what it worked on is gone, too.
  void settle(Run& run) const {
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (run.replay.status(step) == Replay::Status::kRunning && fails(step, run.replay.state()))
        run.take_if_possible(ends(step, 1));
  }

  State settled(State state, const std::vector<std::size_t>& running) const {
    for (const std::size_t step : running)
      if (fails(step, state)) apply(plan_.action(step).outcomes[1], state);
    return state;
  }

 private:
  bool fails(std::size_t step, const State& state) const {
    const GroundAction& action = plan_.action(step);
    return action.outcomes.size() > 1 &&
           std::ranges::all_of(action.request, [&](const GroundEffect& made) {
             return !made.when.is_true() || state[made.target] == made.value;
           });
  }

  bool pass(Run& run) const {
    bool moved = false;
    bool failed = false;
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      moved = run.take_if_possible(ends(step)) || moved;
      failed = failed || run.replay.status(step) == Replay::Status::kFailed;
    }
    if (failed) return moved;  // nothing more is requested
    for (const std::size_t step : plan_.order().topological()) {
      if (!run.replay.possible(requests(step))) continue;
      const bool asks = is_open(plan_.action(step), run.replay.state());
      if (!asks && !run.replay.possible({Happening::Kind::kFoundDone, step, 0})) continue;
      run.take_if_possible(asks ? requests(step) : Happening{Happening::Kind::kFoundDone, step, 0});
      run.take_if_possible(ends(step));
      moved = true;
    }
    return moved;
  }

  const GroundPlan& plan_;
};

/// Counts what became of runs, and tells of dead ends.
class Tally {
 public:
  explicit Tally(const GroundPlan& plan) : plan_(plan), policy_(plan), judge_(plan.model()) {
    made_.at.assign(safe_stops().size(), 0);
    note_alone();
  }

  /// A run came to rest there; `run` is only asked for when it is a dead end.
  void rest(const State& state, const std::function<Run()>& run) {
    const Rest& rest = judge_.judge(state);
    if (seen_.insert(state).second) count(rest);
    if (rest.kind == Rest::Kind::kDeadEnd) dead(rest, run());
  }

  DeadEnds made(DeadEnds::Strength strength, const std::string& how, std::size_t runs) && {
    made_.strength = made_.undecided.empty() ? strength : DeadEnds::Strength::kUndecided;
    made_.how = how + ", " + std::to_string(made_.rests) + " different states at rest";
    made_.runs = runs;
    return std::move(made_);
  }

 private:
  /// What an event breaks at the start, or at the end, needs no plan, and no plan prevents it.
  void note_alone() {
    if (plan_.environment().empty()) return;
    Run undisturbed{Replay(plan_)};
    policy_.finish(undisturbed);
    for (std::size_t e = 0; e < plan_.environment().size(); ++e) {
      const GroundAction& event = plan_.environment()[e];
      for (const State* state : {&plan_.model().initial(), &undisturbed.replay.state()})
        if (is_open(event, *state))
          for (const std::size_t i : broken_in(state_after(event, *state))) alone_.emplace(e, i);
    }
  }

  /// Positions of the state properties that do not hold.
  std::vector<std::size_t> broken_in(const State& state) const {
    std::vector<std::size_t> broken;
    for (std::size_t i = 0; i < plan_.invariants().size(); ++i)
      if (!evaluate(plan_.invariants()[i].formula, state)) broken.push_back(i);
    return broken;
  }

  void count(const Rest& rest) {
    ++made_.rests;
    made_.steps_max = std::max(made_.steps_max, rest.steps);
    switch (rest.kind) {
      case Rest::Kind::kGoals:
        ++made_.goals;
        return;
      case Rest::Kind::kGoesOn:
        ++made_.goes_on;
        return;
      case Rest::Kind::kSafeStop:
      case Rest::Kind::kReachable:
        ++made_.at[rest.stop];
        return;
      case Rest::Kind::kUndecided:
        made_.undecided.push_back(rest.why);
        return;
      case Rest::Kind::kDeadEnd:
        return;
    }
  }

  void dead(const Rest& rest, Run run) {
    const auto fault = std::ranges::find_if(run.trace, is_fault);
    const bool by_itself = fault != run.trace.end() && fault->kind == Happening::Kind::kEnvironment;
    if (by_itself && is_assumed(run.replay.state(), fault->what)) {
      const std::string name = name_of(plan_.model(), plan_.environment()[fault->what]);
      if (std::ranges::find(made_.assumed, name) == made_.assumed.end())
        made_.assumed.push_back(name);
      return;
    }
    constexpr std::size_t kToldMax = 10;
    if (made_.dead.size() >= kToldMax || !told_.insert(rest.why).second) return;
    Counterexample told;
    told.property = kRecoverableProperty;
    told.headline = "a run can come to rest where nothing leads on or back";
    told.sentence = rest.why;
    told.loss = "neither the goals nor a declared safe stop can be reached any more";
    told.lines = lines_of(plan_, run.trace, plan_.model().ground(safe_stops().back().formula));
    told.mend = fault == run.trace.end() ? "plan again"
                                         : "no edge that was tried prevents it: it takes a fault";
    told.trace = std::move(run.trace);
    made_.dead.push_back(std::move(told));
  }

  /// Everything that is broken there, the event breaks without any plan, or a rule accepts it.
  bool is_assumed(const State& state, std::size_t event) const {
    const std::vector<std::size_t> broken = broken_in(state);
    return !broken.empty() && std::ranges::all_of(broken, [&](std::size_t i) {
      return alone_.contains({event, i}) ||
             is_accepted(plan_, {PropertyKind::kInvariant, Obligation::kNoStep, false, i, 0},
                         plan_.environment()[event]);
    });
  }

  const GroundPlan& plan_;
  Policy policy_;
  RestJudge judge_;
  DeadEnds made_;
  std::set<std::pair<std::size_t, std::size_t>> alone_;  ///< event and what it breaks by itself
  std::set<State> seen_;
  std::set<std::string> told_;
};

class Sampler {
 public:
  Sampler(const GroundPlan& plan, const SampleOptions& options)
      : plan_(plan), options_(options), policy_(plan), tally_(plan) {}

  DeadEnds run() && {
    std::size_t faults = 0;
    walk([&](const Run&, const Happening&) { ++faults; });
    const std::size_t affordable = options_.events_max / std::max<std::size_t>(1, 2 * plan_.size());
    const std::size_t stride =
        std::max<std::size_t>(1, faults / std::max<std::size_t>(1, affordable));
    rest(Run{Replay(plan_)});
    std::size_t number = 0;
    walk([&](const Run& at, const Happening& fault) {
      if (number++ % stride != 0) return;
      Run run = at;
      run.take_if_possible(fault);
      rest(std::move(run));
    });
    return std::move(tally_).made(DeadEnds::Strength::kSampled, words(stride, faults), runs_);
  }

 private:
  /// Every fault that is possible before each event of the undisturbed run.
  void walk(const auto& with) const {
    Run run{Replay(plan_)};
    for (const std::size_t step : plan_.order().topological()) {
      environment(run, with);
      const Happening lost{Happening::Kind::kLostAnswer, step, 0};
      if (loses_answers() && run.replay.possible(lost)) with(run, lost);
      if (!run.replay.possible(requests(step)) || !is_open(plan_.action(step), run.replay.state()))
        return;
      run.take_if_possible(requests(step));
      environment(run, with);
      if (allows(options_.faults, fault::kFailedOutcome))
        for (std::size_t k = 1; k < plan_.action(step).outcomes.size(); ++k)
          with(run, ends(step, k));
      if (!run.take_if_possible(ends(step))) return;
    }
    environment(run, with);
  }

  void environment(const Run& run, const auto& with) const {
    for (std::size_t e = 0; e < plan_.environment().size(); ++e) {
      const GroundAction& event = plan_.environment()[e];
      if (allows(options_.faults, event.action->fault) && is_open(event, run.replay.state()))
        with(run, Happening{Happening::Kind::kEnvironment, e, 0});
    }
  }

  /// Resumed after it was killed, an executor knows what it knows after a lost answer.
  bool loses_answers() const {
    return allows(options_.faults, fault::kLostAnswer) ||
           allows(options_.faults, fault::kExecutorKilled);
  }

  void rest(Run run) {
    ++runs_;
    policy_.finish(run);
    tally_.rest(run.replay.state(), [&] { return run; });
  }

  std::string words(std::size_t stride, std::size_t faults) const {
    std::string text = "the plan in its own order, without a fault";
    if (!options_.faults.is_empty())
      text += (stride == 1 ? " and with each single fault ("
                           : " and with one fault in " + std::to_string(stride) + " (") +
              std::to_string(faults) + ") before each of its events";
    return text + ": " + std::to_string(runs_) + " runs";
  }

  const GroundPlan& plan_;
  const SampleOptions& options_;
  Policy policy_;
  Tally tally_;
  std::size_t runs_ = 0;
};

std::vector<Goal> only(const SafeStop& stop) { return {{stop.formula, stop.words}}; }

}  // namespace

RestJudge::RestJudge(const GroundModel& model, const WayBounds& bounds)
    : goals_(model, goals_of(model.installation().procedure), Repertoire::kWaysBack, bounds) {
  for (const SafeStop& each : safe_stops())
    stops_.emplace_back(model, only(each), Repertoire::kWaysBack, bounds);
}

const Rest& RestJudge::judge(const State& state) {
  const auto [at, is_new] = known_.try_emplace(state);
  if (is_new) at->second = judged_anew(state);
  return at->second;
}

Rest RestJudge::judged_anew(const State& state) {
  if (goals_.holds(state)) return {Rest::Kind::kGoals, 0, 0, ""};
  for (std::size_t i = 0; i < stops_.size(); ++i)
    if (stops_[i].holds(state)) return {Rest::Kind::kSafeStop, i, 0, ""};
  const Way on = goals_.from(state);
  if (on.answer == Way::Answer::kThere) return {Rest::Kind::kGoesOn, 0, on.actions.size(), ""};
  bool none = on.answer == Way::Answer::kNone;
  std::string why = "goals: " + on.why;
  for (std::size_t i = 0; i < stops_.size(); ++i) {
    const Way way = stops_[i].from(state);
    if (way.answer == Way::Answer::kThere)
      return {Rest::Kind::kReachable, i, way.actions.size(), ""};
    none = none && way.answer == Way::Answer::kNone;
    if (i + 1 == stops_.size()) why += "; at the least, " + way.why;
  }
  return {none ? Rest::Kind::kDeadEnd : Rest::Kind::kUndecided, 0, 0, why};
}

DeadEnds sample_dead_ends(const GroundPlan& plan, const SampleOptions& options) {
  return Sampler(plan, options).run();
}

DeadEnds explore_dead_ends(const GroundPlan& plan, ExploreOptions options) {
  const Policy policy(plan);
  Tally tally(plan);
  options.at_rest = [&](const State& state, const std::vector<std::size_t>& running,
                        const std::function<Trace()>& trace) {
    tally.rest(policy.settled(state, running), [&] {
      Run run{Replay(plan)};
      for (const Happening& each : trace()) run.take_if_possible(each);
      policy.settle(run);
      return run;
    });
  };
  const Exploration seen = explore(plan, options);
  const std::string how = (seen.complete ? "every reachable state" : seen.stopped_by) + " with " +
                          options.faults.words() + ": " + std::to_string(seen.states) + " states";
  return std::move(tally).made(
      seen.complete ? DeadEnds::Strength::kExplored : DeadEnds::Strength::kUndecided, how, 0);
}

}  // namespace wme::model
