#include "executor/engine/executor.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "executor/engine/call_pool.hpp"
#include "executor/engine/survey.hpp"
#include "executor/journal/entries.hpp"
#include "model/language/interpreter.hpp"

namespace wme::executor {

namespace {

using std::chrono::milliseconds;
using Phase = Task::Phase;
using Kind = RunEvent::Kind;

constexpr std::size_t kObservedShown = 12;  // a gathering step reads a variable per container
constexpr milliseconds kWakeUp{500};        // while calls are under way

/// For the journal: enough to see what opened the guard, not the whole fleet.
std::vector<Observation> shown(std::vector<Observation> observed) {
  if (observed.size() > kObservedShown) observed.resize(kObservedShown);
  return observed;
}

}  // namespace

Leg first_leg(const model::GroundModel& model, const model::Plan& plan,
              const model::PlanOrder& order) {
  return {model, plan, order, model::goals_of(model.installation().procedure), model.initial(), {}};
}

std::string_view to_string(OnExpiry outcome) {
  switch (outcome) {
    case OnExpiry::kStop:
      return "stop";
    case OnExpiry::kAbort:
      return "abort";
    case OnExpiry::kContinue:
      return "continue";
  }
  return "stop";
}

struct Executor::Impl {
  Impl(Leg its_leg, const Ports& its_ports, Clock& its_clock, JournalPort& its_journal)
      : leg(std::move(its_leg)),
        model(leg.model),
        plan(leg.plan),
        ports(its_ports),
        clock(its_clock),
        journal(its_journal),
        state(leg.state),
        observer(leg.model, its_ports, its_clock, milliseconds(0)) {}

  // ---------------------------------------------------------------- preparing

  Status prepare(const RunOptions& options) {
    patience = options.patience;
    observer.set_freshness(patience.freshness);
    Result<std::vector<Task>> made =
        tasks_of(model, plan, leg.order, ports, observer, options.run_id, leg.steps);
    if (!made) return made.error();
    tasks = std::move(made).value();
    successors.assign(tasks.size(), {});
    for (std::size_t i = 0; i < tasks.size(); ++i)
      for (const std::size_t before : leg.order.predecessors()[i]) {
        successors[before].push_back(i);
        if (is_over(tasks[before])) --tasks[i].waits_for;
      }
    settle_only = options.settle_only;
    for (const Gate& gate : options.gates) gates[gate.step] = gate;
    for (std::size_t i = 0; i < tasks.size(); ++i) take_up(i);
    return Done{};
  }

  static bool is_over(const Task& task) {
    return task.record.state == StepState::kDone || task.record.state == StepState::kSkipped;
  }

  void take_up(std::size_t i) {
    Task& task = tasks[i];
    if (is_over(task)) {
      ++ended;
    } else if (task.phase == Phase::kAwaits) {
      begin(i);
      task.remember_before(state);
      await(i);
      // Whoever only wants to know how it stands does not wait for what hangs once more.
      if (settle_only) task.deadline = leg.steps[i].deadline;
    } else if (task.waits_for == 0 && (task.in_doubt || !settle_only)) {
      ready.insert(i);
    }
  }

  // ---------------------------------------------------------------- telling

  void tell(Kind kind, std::size_t i, std::string text) {
    last_told = clock.now();
    if (listener) listener({kind, clock.now(), i, std::move(text)});
  }

  /// Nothing may be done that could not be accounted for.
  bool write(const Entry& entry) {
    Status written = journal.append(entry);
    if (written) return true;
    halt(written.error());
    cannot_write = true;
    lock_is_lost = lock_is_lost || written.error().code == ErrorCode::kRefused;
    return false;
  }

  void halt(Error error) {
    if (!halted) first_error = std::move(error);
    halted = true;
  }

  void fail(std::size_t i, const Error& error) {
    Task& task = tasks[i];
    task.record.state = StepState::kFailed;
    task.record.ended = clock.now();
    task.record.reason = error.message;
    task.phase = Phase::kNone;
    --running;
    tell(Kind::kFailed, i, error.message);
    halt({error.code,
          plan.steps[i].id + " " + model::name_of(model, task.action) + ": " + error.message});
  }

  /// Not what the model says: stop new work, let running calls end.
  void surprise(std::size_t i, const std::string& expected, std::vector<Observation> seen,
                ErrorCode code) {
    write(executor::surprise(clock.now(), tasks[i].call, expected, shown(seen)));
    tell(Kind::kSurprise, i, expected);
    fail(i, {code, expected + (seen.empty() ? "" : "; seen: " + in_words(shown(std::move(seen))))});
  }

  // ---------------------------------------------------------------- a step's life

  void begin(std::size_t i) {
    Task& task = tasks[i];
    task.record.state = StepState::kRunning;
    if (task.record.started == TimePoint{}) task.record.started = clock.now();
    ++running;
    tell(Kind::kStarted, i, plan.steps[i].sentence);
  }

  void open(std::size_t i) {
    Task& task = tasks[i];
    task.phase = Phase::kGuard;
    task.next = clock.now();
    task.deadline = clock.now() + patience.guard_max;
    if (task.in_doubt) {
      task.remember_before(leg.steps[i].before);
      task.not_before = clock.now() + patience.settle;
      task.deadline = task.not_before + patience.guard_max;
    }
  }

  void start(std::size_t i) {
    begin(i);
    const auto gate = gates.find(plan.steps[i].id);
    if (gate == gates.end() || tasks[i].is_approved || tasks[i].in_doubt) return open(i);
    Task& task = tasks[i];
    task.phase = Phase::kGated;
    task.deadline = clock.now() + gate->second.expires;
    task.next = task.deadline;
    const std::string outcome(to_string(gate->second.on_expiry));
    if (!write(executor::gate(clock.now(), task.call, task.deadline, outcome)))
      return fail(i, first_error);
    tell(Kind::kGate, i, "an approval; without one in time: " + outcome);
  }

  void ask_again_later(std::size_t i, int tries) {
    Task& task = tasks[i];
    task.next = clock.now() +
                back_off(patience.retry_first, patience.retry_max, tries, task.call.call.token);
  }

  /// The guard on a fresh observation, the intent, the request, in this order.
  void try_request(std::size_t i) {
    Task& task = tasks[i];
    if (clock.now() < pace.earliest()) {
      task.next = pace.earliest();
      return;
    }
    const model::State expected = state;
    Result<std::vector<Observation>> observed = observer.look(task.guard_reads, state);
    if (!observed) return cannot_look(i, observed.error());
    if (!note_changes(observed.value(), expected)) return fail(i, first_error);
    if (task.in_doubt && settled_by_looking(i, observed.value())) return;
    const std::vector<model::Failure> closed = model::failures(model, task.action, state);
    if (!closed.empty()) return closed_guard(i, closed.front(), observed.value());
    if (clock.now() < task.not_before) {  // a read may lag behind what was asked for
      task.next = task.not_before;
      return;
    }
    if (settle_only) return did_not_happen(i);
    if (!write(intent(clock.now(), task.call, shown(observed.value()), plan.steps[i].sentence)))
      return fail(i, first_error);
    task.remember_before(state);
    ++task.record.tries;
    task.in_doubt = true;
    task.phase = Phase::kCalling;
    pace.noted(clock.now());
    SystemPort& port = port_of(task);
    FencePort* fence = controls.fence;
    pool->submit(i, [&port, fence, call = task.call.call]() -> Result<std::string> {
      if (fence != nullptr)
        if (Status held = fence->confirm(); !held) return held.error();
      return port.perform(call);
    });
    if (is_alone) take_answers();  // so that a rehearsal's journal tells one thing after the other
  }

  void take_answers() {
    for (const CalledBack& each : pool->collect()) called_back(each.task, each.receipt);
  }

  /// What is seen to be otherwise than it was known to be, by whatever cause, is written down: the
  /// journal tells the same state as the run has.
  bool note_changes(const std::vector<Observation>& observed, const model::State& expected) {
    std::vector<Observation> changed;
    for (const Observation& each : observed) {
      const auto variable = model.variable(each.variable.fluent, each.variable.arguments);
      if (each.value && variable && state[*variable] != expected[*variable])
        changed.push_back(each);
    }
    if (changed.empty()) return true;
    const std::string text = "Seen otherwise than known: " + in_words(shown(changed));
    return write(observation(clock.now(), std::move(changed), text));
  }

  /// A request that may have been sent: whether what is seen tells what came of it.
  bool settled_by_looking(std::size_t i, const std::vector<Observation>& observed) {
    Task& task = tasks[i];
    if (task.end_reads.empty()) return false;  // it changes nothing that anybody could see
    if (model::evaluate(task.end, state)) {
      end(i, "done", observed);
      return true;
    }
    if (task.is_under_way(state)) {
      taken(i);
      return true;
    }
    const std::string failed = task.failed_outcome(state);
    if (failed.empty()) return false;
    ended_badly(i, failed, in_words(shown(observed)), observed);
    return true;
  }

  void did_not_happen(std::size_t i) {
    const Error seen{ErrorCode::kBlocked, "looked again: it has not taken effect"};
    if (!write(executor::not_accepted(clock.now(), tasks[i].call, seen)))
      return fail(i, first_error);
    tasks[i].in_doubt = false;
    close_gate(i);
  }

  void closed_guard(std::size_t i, const model::Failure& why,
                    const std::vector<Observation>& observed) {
    Task& task = tasks[i];
    // Done already: before this run, or by somebody else.
    if (!task.end_reads.empty() && model::evaluate(task.end, state)) {
      task.record.found_done = true;
      return end(i, "done", observed);
    }
    if (clock.now() < task.deadline)  // a read may lag
      return ask_again_later(i, ++looks[i]);
    surprise(i, why.sentence, observed, ErrorCode::kBlocked);
  }

  SystemPort& port_of(const Task& task) {
    return *ports.at(std::string(model::to_string(task.action.action->door)));
  }

  void called_back(std::size_t i, const Result<std::string>& receipt) {
    Task& task = tasks[i];
    observer.forget(task.action.request);
    observer.forget(task.action.outcomes.front());
    if (!receipt) return not_accepted(i, receipt.error());
    pace.accepted();
    if (!write(accepted(clock.now(), task.call, receipt.value()))) return fail(i, first_error);
    taken(i);
  }

  /// The request was obeyed, with all that nobody can see.
  void taken(std::size_t i) {
    Task& task = tasks[i];
    model::apply(task.action.request, state);
    task.in_doubt = false;
    if (task.end_reads.empty()) return end(i, "done", {});
    await(i);
  }

  void not_accepted(std::size_t i, const Error& error) {
    Task& task = tasks[i];
    task.phase = Phase::kGuard;
    if (error.code == ErrorCode::kRefused && lost_lock()) return;
    if (!write(executor::not_accepted(clock.now(), task.call, error))) return fail(i, first_error);
    const Reaction reaction = reaction_to(error.code);
    if (error.code == ErrorCode::kThrottled) {
      pace.throttled(clock.now());
      tell(Kind::kSlowed, i, error.message);
    }
    const bool is_unknown = error.code == ErrorCode::kUnknownOutcome;
    task.in_doubt = is_unknown;
    const bool once_more = task.record.tries < patience.tries_max &&
                           (reaction == Reaction::kRetry ||
                            (reaction == Reaction::kWait && clock.now() < not_ready_until(task)));
    if (!once_more) return fail(i, error);
    tell(Kind::kRetry, i, error.message);
    task.not_before = clock.now() + (is_unknown ? patience.settle : milliseconds(0));
    task.deadline = task.not_before + patience.guard_max;
    ask_again_later(i, task.record.tries);
  }

  /// What is not ready yet may be asked for again so long after its first no.
  TimePoint not_ready_until(Task& task) const {
    if (task.not_ready_since == TimePoint{}) task.not_ready_since = clock.now();
    return task.not_ready_since + patience.guard_max;
  }

  void cannot_look(std::size_t i, const Error& error) {
    if (error.code == ErrorCode::kThrottled) pace.throttled(clock.now());
    const Reaction reaction = reaction_to(error.code);
    const bool passes = reaction == Reaction::kRetry || reaction == Reaction::kWait;
    if (!passes || clock.now() >= tasks[i].deadline) return fail(i, error);
    tell(Kind::kRetry, i, error.message);
    ask_again_later(i, ++looks[i]);
  }

  void await(std::size_t i) {
    Task& task = tasks[i];
    task.phase = Phase::kAwaits;
    task.since = clock.now();
    task.deadline = clock.now() + task.action.action->deadline;
    task.next = next_look(task.since, clock.now(), task.action.action->typical, patience);
    if (!write(waiting(clock.now(), task.call, plan.steps[i].wait, task.deadline)))
      return fail(i, first_error);
    tell(Kind::kWaiting, i, plan.steps[i].wait);
  }

  void look_for_end(std::size_t i) {
    Task& task = tasks[i];
    model::State seen = state;
    Result<std::vector<Observation>> observed = observer.look(task.end_reads, seen);
    if (!observed) return cannot_look(i, observed.error());
    task.note_transition(observed.value(), seen);
    if (task.has_ended(observed.value(), seen)) return end(i, "done", observed.value());
    if (const std::string failed = task.failed_outcome(seen); !failed.empty())
      return ended_badly(i, failed, in_words(shown(observed.value())), observed.value());
    if (task.action.outcomes.size() > 1) {
      const Result<std::optional<std::string>> why = port_of(task).failure_of(task.call.call);
      // An error here tells nothing: the deadline stands.
      if (why && why.value())
        return ended_badly(i, task.action.action->outcomes[1].name, *why.value(), observed.value());
    }
    if (clock.now() >= task.deadline)
      return surprise(i,
                      "waited " + std::to_string(task.action.action->deadline.count()) + " s for " +
                          plan.steps[i].wait,
                      observed.value(), ErrorCode::kFailed);
    task.next = std::max(next_look(task.since, clock.now(), task.action.action->typical, patience),
                         clock.now() + pace.distance());
  }

  void ended_badly(std::size_t i, const std::string& name, const std::string& seen,
                   const std::vector<Observation>& observed) {
    Task& task = tasks[i];
    if (write(outcome(clock.now(), task.call, name, shown(observed)))) {
      if (task.in_doubt) model::apply(task.action.request, state);
      for (std::size_t o = 1; o < task.action.outcomes.size(); ++o)
        if (task.action.action->outcomes[o].name == name)
          model::apply(task.action.outcomes[o], state);
    }
    task.in_doubt = false;
    fail(i, {ErrorCode::kFailed, "it ended as \"" + name + "\"; seen: " + seen});
  }

  void end(std::size_t i, const std::string& name, const std::vector<Observation>& shown_by) {
    Task& task = tasks[i];
    if (!write(outcome(clock.now(), task.call, name, shown(shown_by)))) return fail(i, first_error);
    if (task.record.found_done || task.in_doubt) model::apply(task.action.request, state);
    model::apply(task.action.outcomes.front(), state);
    task.in_doubt = false;
    task.phase = Phase::kNone;
    task.record.state = StepState::kDone;
    task.record.ended = clock.now();
    --running;
    ++ended;
    tell(Kind::kDone, i, plan.steps[i].sentence);
    for (const std::size_t next : successors[i])
      if (--tasks[next].waits_for == 0 && !settle_only) ready.insert(next);
  }

  // ---------------------------------------------------------------- people, signals, the lock

  void attend() {
    if (controls.stop_requested && controls.stop_requested())
      stop({ErrorCode::kRefused, "stopped on request"});
    if (controls.requests == nullptr) return;
    // An error here is no reason to stop: they are asked for again in the next round.
    const auto asked = controls.requests->requests_after(controls.last_request);
    if (!asked) return;
    for (const PersonRequest& each : asked.value()) {
      controls.last_request = each.id;
      Decision decided{each.what, each.step, each.by, each.reason, {}, each.id};
      if (!write(decision(clock.now(), decided))) return;
      obey(each);
    }
  }

  void obey(const PersonRequest& request) {
    const std::string who = request.by + (request.reason.empty() ? "" : ": " + request.reason);
    if (request.what == "pause" && !paused) {
      paused = true;
      tell(Kind::kPaused, RunEvent::kNoStep, who);
    } else if (request.what == "continue" && paused) {
      paused = false;
      tell(Kind::kContinued, RunEvent::kNoStep, who);
    } else if (request.what == "stop") {
      stop({ErrorCode::kRefused, "stopped by " + who});
    } else if (request.what == "abort") {
      abort("aborted by " + who);
    } else if (request.what == "approve" || request.what == "reject") {
      answer_gate(request, who);
    }
  }

  void answer_gate(const PersonRequest& request, const std::string& who) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      Task& task = tasks[i];
      if (plan.steps[i].id != request.step) continue;
      task.is_approved = request.what == "approve";
      if (task.phase != Phase::kGated) return;
      if (task.is_approved) return open(i);
      close_gate(i);
      return stop({ErrorCode::kRefused, "step " + request.step + " was rejected by " + who});
    }
  }

  /// It never began.
  void close_gate(std::size_t i) {
    tasks[i].record = StepRecord{};
    tasks[i].phase = Phase::kNone;
    --running;
  }

  void gate_expired(std::size_t i) {
    const std::string& id = plan.steps[i].id;
    const OnExpiry outcome = gates.at(id).on_expiry;
    if (outcome == OnExpiry::kContinue) return open(i);
    close_gate(i);
    const std::string why = "nobody approved step " + id + " in time";
    if (outcome == OnExpiry::kAbort) return abort(why);
    stop({ErrorCode::kRefused, why});
  }

  void stop(Error why) {
    if (halted) return;
    interrupted = true;
    halt(std::move(why));
  }

  void abort(const std::string& why) {
    if (!wants_abort) tell(Kind::kAborting, RunEvent::kNoStep, why);
    wants_abort = true;
    stop({ErrorCode::kRefused, why});
  }

  bool lost_lock() {
    if (controls.fence == nullptr) return false;
    const Status held = controls.fence->confirm();
    if (held || held.error().code != ErrorCode::kRefused) return false;
    halt(held.error());
    lock_is_lost = true;
    return true;
  }

  // ---------------------------------------------------------------- the loop

  /// What is looked at in this round is read at once, one list per system; who waits and would look
  /// soon looks now.
  std::vector<std::size_t> due_now() {
    std::vector<std::size_t> due;
    const TimePoint now = clock.now();
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Task& task = tasks[i];
      if (task.phase != Phase::kNone && task.phase != Phase::kCalling && task.next <= now)
        due.push_back(i);
    }
    if (due.empty()) return due;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].phase == Phase::kAwaits && tasks[i].next > now &&
          tasks[i].next - now <= patience.poll_first / 2)
        due.push_back(i);
    if (due.size() > 1) look_together(due);
    return due;
  }

  void look_together(const std::vector<std::size_t>& due) {
    std::set<model::Variable> all;
    for (const std::size_t i : due) {
      const Task& task = tasks[i];
      if (task.phase == Phase::kGated) continue;
      const auto& reads = task.phase == Phase::kAwaits ? task.end_reads : task.guard_reads;
      all.insert(reads.begin(), reads.end());
    }
    model::State scratch = state;
    // An error comes again, and is judged, when the step itself looks.
    (void)observer.look({all.begin(), all.end()}, scratch);
  }

  void round() {
    take_answers();
    while (!halted && !paused && !ready.empty()) {
      const std::size_t i = *ready.begin();
      ready.erase(ready.begin());
      start(i);
    }
    if (halted)
      for (std::size_t i = 0; i < tasks.size(); ++i)
        if (tasks[i].phase == Phase::kGated || tasks[i].phase == Phase::kGuard) withdraw(i);
    for (const std::size_t i : due_now()) {
      if (lock_is_lost || cannot_write) return;
      step(i);
    }
  }

  void step(std::size_t i) {
    Task& task = tasks[i];
    if (task.phase == Phase::kAwaits) return look_for_end(i);
    if (halted) return;  // in this round: withdrawn in the next
    if (task.phase == Phase::kGated) {
      gate_expired(i);
    } else if (paused) {
      task.next = clock.now() + patience.poll_first;
      task.deadline += patience.poll_first;
    } else if (task.phase == Phase::kGuard) {
      try_request(i);
    }
  }

  /// Ready, but not requested when the run stopped: it never began.
  void withdraw(std::size_t i) {
    if (!tasks[i].in_doubt) return close_gate(i);
    fail(i, {ErrorCode::kUnknownOutcome, "the run stopped before its outcome was known"});
  }

  void wait() {
    TimePoint next = TimePoint::max();
    for (const Task& task : tasks)
      if (task.phase != Phase::kNone && task.phase != Phase::kCalling)
        next = std::min(next, halted && task.phase != Phase::kAwaits ? clock.now() : task.next);
    const TimePoint now = clock.now();
    if (patience.heartbeat.count() > 0) {
      if (now - last_told >= patience.heartbeat)
        tell(Kind::kHeartbeat, RunEvent::kNoStep, what_is_waited_for());
      next = std::min(next, last_told + patience.heartbeat);
    }
    if (patience.attention.count() > 0) next = std::min(next, now + patience.attention);
    if (paused && next == TimePoint::max()) next = now + patience.poll_first;
    if (next <= now) return;
    // Time passes while others work for us; a clock that stands still must not be moved meanwhile.
    if (pool->pending() > 0) return pool->wait(std::min<milliseconds>(next - now, kWakeUp));
    clock.sleep_for(next - now);
  }

  std::string what_is_waited_for() const {
    if (paused) return "paused; rehydrate continue goes on";
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Task& task = tasks[i];
      if (task.phase == Phase::kNone) continue;
      const std::string more = running > 1 ? " (and " + std::to_string(running - 1) + " more)" : "";
      const std::string what = task.phase == Phase::kAwaits    ? plan.steps[i].wait
                               : task.phase == Phase::kGated   ? "an approval"
                               : task.phase == Phase::kCalling ? "an answer"
                                                               : "its guard";
      return plan.steps[i].id + " waits for " + what + more;
    }
    return "nothing is under way";
  }

  bool is_at_rest() const { return running == 0 && (halted || (ready.empty() && !paused)); }

  RunResult run(const RunOptions& options, const RunListener& its_listener,
                const Controls& its_controls) {
    listener = its_listener;
    controls = its_controls;
    paused = controls.is_paused;
    pool = std::make_unique<CallPool>(options.workers);
    is_alone = options.workers == 0;
    last_told = clock.now();
    if (Status prepared = prepare(options); !prepared) return result_of(prepared.error());
    while (ended < tasks.size() && !lock_is_lost && !cannot_write) {
      attend();
      round();
      if (is_at_rest()) break;
      if (halted || ready.empty() || paused) wait();
    }
    if (lock_is_lost || cannot_write) drop_what_runs();
    if (ended == tasks.size() && !halted && !settle_only) look_at_the_goals();
    return close();
  }

  /// Nothing that it does could be accounted for any more. A call that was sent is waited for; one
  /// that was not is refused by the fence.
  void drop_what_runs() {
    while (pool->pending() > 0) {
      pool->wait(kWakeUp);
      pool->collect();
    }
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].phase != Phase::kNone)
        fail(i, {ErrorCode::kUnknownOutcome, "left to whoever goes on with the journal"});
  }

  /// Every step has ended, each when it was looked at: somebody may have undone it since (booted
  /// the old Platform again, say). Nothing is called done that is not so now.
  void look_at_the_goals() {
    Surveyor surveyor(model, ports, clock, patience);
    const Result<Survey> survey = surveyor.look(state);
    if (!survey)
      return halt({survey.error().code,
                   "every step has ended, but whether the goals hold cannot be seen: " +
                       survey.error().message});
    state = survey.value().state;
    const std::string missed = surveyor.missed(leg.goals, state);
    if (!missed.empty())
      halt({ErrorCode::kFailed, "every step has ended, and yet this is not so: " + missed});
  }

  RunResult result_of(const Error& error) const {
    RunResult result;
    result.error = error;
    result.interrupted = interrupted;
    result.wants_abort = wants_abort;
    result.lost_lock = lock_is_lost;
    result.state = state;
    for (const Task& task : tasks) result.steps.push_back(task.record);
    return result;
  }

  RunResult close() {
    RunResult result = result_of(first_error);
    result.done = ended == tasks.size() && !halted;
    if (lock_is_lost || cannot_write || settle_only) return result;
    const std::string verdict = result.done ? "done" : interrupted ? "stopped" : "failed";
    Status closed = journal.append(run_ended(clock.now(), verdict, first_error.message));
    if (!closed && result.done) {
      result.done = false;
      result.error = closed.error();
    }
    return result;
  }

  const Leg leg;
  const model::GroundModel& model;
  const model::Plan& plan;
  const Ports& ports;
  Clock& clock;
  JournalPort& journal;
  model::State state;  ///< as far as known: journal facts and ghosts by the model, the rest as seen
  Observer observer;
  Patience patience;
  Pace pace;
  RunListener listener;
  Controls controls;
  std::map<std::string, Gate> gates;
  std::vector<Task> tasks;
  std::vector<std::vector<std::size_t>> successors;
  std::set<std::size_t> ready;
  std::map<std::size_t, int> looks;  ///< by task: how often its guard was seen closed
  std::size_t running = 0;
  std::size_t ended = 0;
  bool settle_only = false;
  bool is_alone = true;  ///< calls are carried out by the loop itself
  bool halted = false;
  bool paused = false;
  bool interrupted = false;
  bool wants_abort = false;
  bool lock_is_lost = false;
  bool cannot_write = false;
  TimePoint last_told{};
  Error first_error;
  std::unique_ptr<CallPool> pool;  ///< last: its threads end before what they use
};

Executor::Executor(Leg leg, const Ports& ports, Clock& clock, JournalPort& journal)
    : impl_(std::make_unique<Impl>(std::move(leg), ports, clock, journal)) {}

Executor::~Executor() = default;

RunResult Executor::run(const RunOptions& options, const RunListener& listener,
                        const Controls& controls) {
  return impl_->run(options, listener, controls);
}

}  // namespace wme::executor
