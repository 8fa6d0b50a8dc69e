#include "executor/engine/executor.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "executor/journal/entries.hpp"
#include "model/language/interpreter.hpp"
#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::executor {

namespace {

using std::chrono::milliseconds;

constexpr double kBackOff = 1.5;
constexpr std::size_t kObservedShown = 12;  // a gathering step reads a variable per container

milliseconds grown(milliseconds delay, milliseconds limit) {
  return std::min(
      limit, milliseconds(static_cast<long long>(static_cast<double>(delay.count()) * kBackOff)));
}

/// For the journal: enough to see what opened the guard, not the whole fleet.
std::vector<Observation> shown(std::vector<Observation> observed) {
  if (observed.size() > kObservedShown) observed.resize(kObservedShown);
  return observed;
}

bool is_passing(ErrorCode code) {
  return code == ErrorCode::kThrottled || code == ErrorCode::kUnreachable ||
         code == ErrorCode::kUnknownOutcome;
}

/// The value that an outcome gives a variable; none if it does not speak of it for sure.
std::optional<model::Value> value_in(const std::vector<model::GroundEffect>& effects,
                                     model::Variable variable) {
  for (const model::GroundEffect& effect : effects)
    if (effect.target == variable && effect.when.is_true()) return effect.value;
  return std::nullopt;
}

}  // namespace

/// One step of the plan, with what the model and the run know of it.
struct Task {
  model::GroundAction action;
  model::GroundFormula end;  ///< when it has ended well ...
  std::vector<model::Variable> guard_reads;
  std::vector<model::Variable> end_reads;  ///< ... seen on these, those that can be observed
  StepCall call;
  StepRecord record;
  std::size_t waits_for = 0;
  bool requested = false;       ///< the request may have been sent
  bool saw_transition = false;  ///< an observation showed it under way
  model::State before;          ///< values of end_reads before the request
  milliseconds delay{0};
  TimePoint next{};      ///< when to try or look again
  TimePoint deadline{};  ///< of the guard before the request, of the end after it
};

struct Executor::Impl {
  Impl(const model::GroundModel& its_model, const model::Plan& its_plan,
       const model::PlanOrder& its_order, const Ports& its_ports, Clock& its_clock,
       JournalPort& its_journal)
      : model(its_model),
        plan(its_plan),
        order(its_order),
        ports(its_ports),
        clock(its_clock),
        journal(its_journal),
        state(its_model.initial()),
        observer(its_model, its_ports, its_clock, milliseconds(0)) {}

  // ---------------------------------------------------------------- preparing

  Status prepare(const RunOptions& options) {
    patience = options.patience;
    observer.set_freshness(patience.freshness);
    tasks.clear();
    successors.assign(plan.steps.size(), {});
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const model::Step& step = plan.steps[i];
      const model::Action* action = model::find_action(step.action);
      std::optional<model::GroundAction> grounded =
          action == nullptr ? std::nullopt : model.ground(*action, step.arguments);
      if (!grounded)
        return Error{ErrorCode::kInvalid, "step " + step.id + ": the model has no " + step.action +
                                              " for this installation; plan again"};
      if (!ports.contains(std::string(model::to_string(action->door))))
        return Error{ErrorCode::kInvalid, "step " + step.id + " needs the door " +
                                              std::string(model::to_string(action->door)) +
                                              ", for which this program has no driver"};
      Task& task = tasks.emplace_back();
      task.action = std::move(*grounded);
      task.end = model::end_of(task.action);
      std::set<model::Variable> guard;
      for (const model::GroundCondition& each : task.action.guard)
        collect_variables(each.formula, guard);
      std::set<model::Variable> end;
      collect_variables(task.end, end);
      guard.insert(end.begin(), end.end());
      task.guard_reads.assign(guard.begin(), guard.end());
      for (const model::Variable each : end)
        if (observer.can_observe(each)) task.end_reads.push_back(each);
      task.call = {step.id, {step.action, step.arguments, options.run_id + "/" + step.id}};
      task.waits_for = order.predecessors()[i].size();
      for (const std::size_t before : order.predecessors()[i]) successors[before].push_back(i);
    }
    return Done{};
  }

  // ---------------------------------------------------------------- telling

  void tell(RunEvent::Kind kind, std::size_t i, std::string text) {
    if (listener) listener({kind, clock.now(), i, std::move(text)});
  }

  /// Nothing may be done that could not be accounted for.
  bool write(const Entry& entry) {
    Status written = journal.append(entry);
    if (written) return true;
    halt(written.error());
    return false;
  }

  void halt(Error error) {
    if (!halted) first_error = std::move(error);
    halted = true;
  }

  void fail(std::size_t i, Error error) {
    Task& task = tasks[i];
    task.record.state = StepState::kFailed;
    task.record.ended = clock.now();
    task.record.reason = error.message;
    --running;
    tell(RunEvent::Kind::kFailed, i, error.message);
    halt({error.code,
          plan.steps[i].id + " " + model::name_of(model, task.action) + ": " + error.message});
  }

  /// Not what the model says: stop new work, let running calls end.
  void surprise(std::size_t i, const std::string& expected, std::vector<Observation> seen,
                ErrorCode code) {
    write(executor::surprise(clock.now(), tasks[i].call, expected, shown(seen)));
    fail(i, {code, expected + (seen.empty() ? "" : "; seen: " + in_words(shown(std::move(seen))))});
  }

  // ---------------------------------------------------------------- a step's life

  void begin(std::size_t i) {
    Task& task = tasks[i];
    task.record.state = StepState::kRunning;
    task.record.started = clock.now();
    task.delay = patience.retry_first;
    task.next = clock.now();
    task.deadline = clock.now() + patience.guard_max;
    ++running;
    tell(RunEvent::Kind::kStarted, i, plan.steps[i].sentence);
  }

  void later(std::size_t i, milliseconds limit) {
    Task& task = tasks[i];
    task.next = clock.now() + task.delay;
    task.delay = grown(task.delay, limit);
  }

  /// The guard on a fresh observation, the intent, the request, in this order.
  void try_request(std::size_t i) {
    Task& task = tasks[i];
    Result<std::vector<Observation>> observed = observer.look(task.guard_reads, state);
    if (!observed) return cannot_look(i, observed.error());
    const std::vector<model::Failure> closed = model::failures(model, task.action, state);
    if (!closed.empty()) {
      // Done already: by an earlier try of this run, or before it.
      if (!task.end_reads.empty() && model::evaluate(task.end, state)) {
        task.record.found_done = true;
        return end(i, "done", observed.value());
      }
      if (task.requested && under_way(task)) {
        model::apply(task.action.request, state);  // it was obeyed, with all that nobody can see
        return await(i);
      }
      if (clock.now() < task.deadline) return later(i, patience.retry_max);  // a read may lag
      return surprise(i, closed.front().sentence, observed.value(), ErrorCode::kBlocked);
    }
    if (!write(intent(clock.now(), task.call, shown(observed.value()), plan.steps[i].sentence)))
      return fail(i, first_error);
    remember_before(task);
    ++task.record.tries;
    task.requested = true;
    Result<std::string> receipt = port_of(task).perform(task.call.call);
    observer.forget(task.action.request);
    observer.forget(task.action.outcomes.front());
    if (!receipt) return not_accepted(i, receipt.error());
    if (!write(accepted(clock.now(), task.call, receipt.value()))) return fail(i, first_error);
    model::apply(task.action.request, state);
    if (task.end_reads.empty()) return end(i, "done", {});
    await(i);
  }

  SystemPort& port_of(const Task& task) {
    return *ports.at(std::string(model::to_string(task.action.action->door)));
  }

  void remember_before(Task& task) {
    task.before.clear();
    for (const model::Variable each : task.end_reads) task.before.push_back(state[each]);
  }

  void cannot_look(std::size_t i, const Error& error) {
    if (is_passing(error.code) && clock.now() < tasks[i].deadline)
      return later(i, patience.retry_max);
    fail(i, error);
  }

  void not_accepted(std::size_t i, const Error& error) {
    Task& task = tasks[i];
    if (!write(executor::not_accepted(clock.now(), task.call, error))) return fail(i, first_error);
    if (!is_passing(error.code) || task.record.tries >= patience.tries_max) return fail(i, error);
    tell(RunEvent::Kind::kRetry, i, error.message);
    // After an unknown outcome the next try looks first: the guard is closed if it took effect.
    task.deadline = clock.now() + patience.guard_max;
    later(i, patience.retry_max);
  }

  /// The request's transitional value can be seen, or the end can.
  bool under_way(const Task& task) const {
    return std::ranges::any_of(task.end_reads, [&](model::Variable each) {
      const auto during = value_in(task.action.request, each);
      const auto after = value_in(task.action.outcomes.front(), each);
      return (during && state[each] == *during) || (after && state[each] == *after);
    });
  }

  void await(std::size_t i) {
    Task& task = tasks[i];
    task.requested = true;
    task.deadline = clock.now() + task.action.action->deadline;
    task.delay = patience.poll_first;
    task.next = clock.now() + task.delay;
    waiting_for_end.insert(i);
    write(waiting(clock.now(), task.call, plan.steps[i].wait, task.deadline));
    tell(RunEvent::Kind::kWaiting, i, plan.steps[i].wait);
  }

  void look_for_end(std::size_t i) {
    Task& task = tasks[i];
    model::State seen = state;
    Result<std::vector<Observation>> observed = observer.look(task.end_reads, seen);
    if (!observed) return cannot_look(i, observed.error());
    bool ended = true;
    for (std::size_t k = 0; k < task.end_reads.size(); ++k) {
      const model::Variable each = task.end_reads[k];
      const auto wanted = value_in(task.action.outcomes.front(), each);
      const auto during = value_in(task.action.request, each);
      const bool visible = observed.value()[k].value.has_value();
      // What the request moved must be seen at its end. What merely follows (docker of a machine
      // that is off now) comes true with it, unless it is seen to be otherwise.
      const bool must_be_seen = during || task.action.request.empty();
      ended = ended && wanted && (visible ? seen[each] == *wanted : !must_be_seen);
      task.saw_transition = task.saw_transition || (visible && during && seen[each] == *during &&
                                                    task.before[k] != *during);
    }
    if (ended) return end(i, "done", observed.value());
    if (const std::string failed = failed_outcome(task, seen); !failed.empty())
      return ended_badly(i, failed, in_words(shown(observed.value())), observed.value());
    if (task.action.outcomes.size() > 1) {
      const Result<std::optional<std::string>> why = port_of(task).failure_of(task.call.call);
      // An error here tells nothing: the deadline stands.
      if (why && why.value())
        return ended_badly(i, task.action.action->outcomes[1].name, *why.value(), observed.value());
    }
    if (clock.now() >= task.deadline) {
      waiting_for_end.erase(i);
      return surprise(i,
                      "waited " + std::to_string(task.action.action->deadline.count()) + " s for " +
                          plan.steps[i].wait,
                      observed.value(), ErrorCode::kFailed);
    }
    later(i, patience.poll_max);
  }

  void ended_badly(std::size_t i, const std::string& name, const std::string& seen,
                   const std::vector<Observation>& observed) {
    write(outcome(clock.now(), tasks[i].call, name, shown(observed)));
    waiting_for_end.erase(i);
    fail(i, {ErrorCode::kFailed, "it ended as \"" + name + "\"; seen: " + seen});
  }

  /// A failure that brings the old value back is believed only once the transition was seen: a read
  /// may lag behind the request.
  std::string failed_outcome(const Task& task, const model::State& seen) const {
    for (std::size_t o = 1; o < task.action.outcomes.size(); ++o)
      for (std::size_t k = 0; k < task.end_reads.size(); ++k) {
        const auto value = value_in(task.action.outcomes[o], task.end_reads[k]);
        if (!value || seen[task.end_reads[k]] != *value) continue;
        if (*value != task.before[k] || task.saw_transition)
          return task.action.action->outcomes[o].name;
      }
    return "";
  }

  void end(std::size_t i, const std::string& name, const std::vector<Observation>& shown_by) {
    Task& task = tasks[i];
    waiting_for_end.erase(i);
    if (!write(outcome(clock.now(), task.call, name, shown(shown_by)))) return fail(i, first_error);
    if (task.record.found_done) model::apply(task.action.request, state);
    model::apply(task.action.outcomes.front(), state);
    task.record.state = StepState::kDone;
    task.record.ended = clock.now();
    --running;
    ++done;
    tell(RunEvent::Kind::kDone, i, plan.steps[i].sentence);
    for (const std::size_t next : successors[i])
      if (--tasks[next].waits_for == 0) ready.insert(next);
  }

  // ---------------------------------------------------------------- before the start

  /// Where everything is supposed to serve, each system must show something: what cannot be read
  /// would otherwise pass for what has not changed.
  Status every_door_answers(const std::vector<Observation>& observed) const {
    if (situation_of(model.installation().procedure) != model::Situation::kServing) return Done{};
    std::map<std::string, bool> answers;
    std::map<std::string, std::string> why;
    for (const Observation& each : observed) {
      const auto fluent =
          std::ranges::find(model::fluents(), each.variable.fluent, &model::Fluent::name);
      const std::string door(to_string(fluent->seen_by));
      answers[door] = answers[door] || each.value.has_value();
      if (!each.value && why[door].empty()) why[door] = each.detail;
    }
    for (const auto& [door, answered] : answers)
      if (!answered)
        return Error{ErrorCode::kUnreachable, "nothing can be read through the door " + door +
                                                  ": " + why[door] + "; nothing was changed"};
    return Done{};
  }

  // ---------------------------------------------------------------- after the end

  /// Every step has ended, each when it was looked at: somebody may have undone it since (booted
  /// the old Platform again, say). Nothing is called done that is not so now.
  void look_at_the_goals() {
    std::set<model::Variable> reads;
    std::vector<std::pair<std::string, model::GroundFormula>> goals;
    for (const model::Goal& goal : model::goals_of(model.installation().procedure)) {
      goals.emplace_back(goal.words, model.ground(goal.formula));
      collect_variables(goals.back().second, reads);
    }
    observer.forget();
    milliseconds delay = patience.retry_first;
    for (int tries = 1;; ++tries) {
      const Result<std::vector<Observation>> observed =
          observer.look({reads.begin(), reads.end()}, state);
      if (observed) break;
      if (!is_passing(observed.error().code) || tries >= patience.tries_max)
        return halt({observed.error().code,
                     "every step has ended, but whether the goals hold cannot be seen: " +
                         observed.error().message});
      clock.sleep_for(delay);
      delay = grown(delay, patience.retry_max);
    }
    std::string missed;
    for (const auto& [words, formula] : goals)
      if (!model::evaluate(formula, state))
        missed += (missed.empty() ? "" : "; ") + words + " (" +
                  model::why_not(model, formula, state) + ")";
    if (!missed.empty())
      halt({ErrorCode::kFailed, "every step has ended, and yet this is not so: " + missed});
  }

  // ---------------------------------------------------------------- the loop

  /// What is looked at in this round is read at once, one list per system.
  void look_together(const std::vector<std::size_t>& due) {
    std::set<model::Variable> all;
    for (const std::size_t i : due) {
      const Task& task = tasks[i];
      const std::vector<model::Variable>& reads =
          waiting_for_end.contains(i) ? task.end_reads : task.guard_reads;
      all.insert(reads.begin(), reads.end());
    }
    model::State scratch = state;
    // An error comes again, and is judged, when the step itself looks.
    (void)observer.look({all.begin(), all.end()}, scratch);
  }

  void round() {
    if (!halted)
      while (!ready.empty()) {
        const std::size_t i = *ready.begin();
        ready.erase(ready.begin());
        begin(i);
      }
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].record.state == StepState::kRunning && tasks[i].next <= clock.now())
        due.push_back(i);
    if (due.size() > 1) look_together(due);
    for (const std::size_t i : due) {
      if (waiting_for_end.contains(i))
        look_for_end(i);
      else if (halted)
        withdraw(i);
      else
        try_request(i);
    }
  }

  /// Ready, but not requested when the run stopped: it never began.
  void withdraw(std::size_t i) {
    Task& task = tasks[i];
    if (task.requested)
      return fail(i, {ErrorCode::kUnknownOutcome, "the run stopped before its outcome was known"});
    task.record = StepRecord{};
    --running;
  }

  void sleep_until_next() {
    TimePoint next = TimePoint::max();
    for (const Task& task : tasks)
      if (task.record.state == StepState::kRunning) next = std::min(next, task.next);
    if (next > clock.now()) clock.sleep_for(next - clock.now());
  }

  RunResult run(const RunOptions& options, const RunListener& its_listener,
                const StopRequested& stop_requested) {
    listener = its_listener;
    RunResult result;
    if (Status prepared = prepare(options); !prepared) {
      result.error = prepared.error();
      return result;
    }
    for (std::size_t i = 0; i < tasks.size(); ++i)
      if (tasks[i].waits_for == 0) ready.insert(i);
    while (done < tasks.size()) {
      if (!halted && stop_requested && stop_requested()) {
        interrupted = true;
        halt({ErrorCode::kRefused, "stopped on request"});
      }
      round();
      if (running == 0 && (halted || ready.empty())) break;
      if (halted || ready.empty()) sleep_until_next();
    }
    if (done == tasks.size() && !halted) look_at_the_goals();
    result.done = done == tasks.size() && !halted;
    result.interrupted = interrupted;
    result.error = first_error;
    for (const Task& task : tasks) result.steps.push_back(task.record);
    Status closed = journal.append(run_ended(clock.now(),
                                             result.done   ? "done"
                                             : interrupted ? "stopped"
                                                           : "failed",
                                             first_error.message));
    if (!closed && result.done) {
      result.done = false;
      result.error = closed.error();
    }
    return result;
  }

  const model::GroundModel& model;
  const model::Plan& plan;
  const model::PlanOrder& order;
  const Ports& ports;
  Clock& clock;
  JournalPort& journal;
  model::State state;  ///< as far as known: journal facts and ghosts by the model, the rest as seen
  Observer observer;
  Patience patience;
  RunListener listener;
  std::vector<Task> tasks;
  std::vector<std::vector<std::size_t>> successors;
  std::set<std::size_t> ready;
  std::set<std::size_t> waiting_for_end;
  std::size_t running = 0;
  std::size_t done = 0;
  bool halted = false;
  bool interrupted = false;
  Error first_error;
};

Executor::Executor(const model::GroundModel& model, const model::Plan& plan,
                   const model::PlanOrder& order, const Ports& ports, Clock& clock,
                   JournalPort& journal)
    : impl_(std::make_unique<Impl>(model, plan, order, ports, clock, journal)) {}

Executor::~Executor() = default;

Result<std::vector<std::string>> Executor::drift() {
  Impl& impl = *impl_;
  std::vector<model::Variable> variables;
  for (model::Variable each = 0; each < impl.model.variable_count(); ++each)
    if (impl.observer.can_observe(each)) variables.push_back(each);
  model::State seen = impl.model.initial();
  impl.observer.forget();
  const Patience patience;
  milliseconds delay = patience.retry_first;
  Result<std::vector<Observation>> observed = impl.observer.look(variables, seen);
  for (int tries = 1; !observed && is_passing(observed.error().code) && tries < patience.tries_max;
       ++tries) {
    impl.clock.sleep_for(delay);
    delay = grown(delay, patience.retry_max);
    observed = impl.observer.look(variables, seen);
  }
  if (!observed) return observed.error();
  if (Status seen_all = impl.every_door_answers(observed.value()); !seen_all)
    return seen_all.error();
  std::vector<std::string> differences;
  for (const model::Variable each : variables)
    if (seen[each] != impl.model.initial()[each])
      differences.push_back(impl.model.text(each) + " is " +
                            impl.model.value_text(each, seen[each]) + ", the plan expects " +
                            impl.model.value_text(each, impl.model.initial()[each]));
  return differences;
}

RunResult Executor::run(const RunOptions& options, const RunListener& listener,
                        const StopRequested& stop_requested) {
  return impl_->run(options, listener, stop_requested);
}

}  // namespace wme::executor
