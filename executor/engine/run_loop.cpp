#include "executor/engine/run_loop.hpp"

#include <algorithm>
#include <utility>

#include "executor/engine/survey.hpp"

namespace wme::executor::detail {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWakeUp{500};  // while calls are under way

bool is_over(const Task& task) {
  return task.record.state == StepState::kDone || task.record.state == StepState::kSkipped;
}

}  // namespace

RunLoop::RunLoop(Leg leg, const Ports& ports, Clock& clock, JournalPort& journal)
    : leg_(std::move(leg)),
      model_(leg_.model),
      plan_(leg_.plan),
      ports_(ports),
      clock_(clock),
      journal_(journal),
      state_(leg_.state),
      observer_(leg_.model, ports, clock, milliseconds(0)) {}

Status RunLoop::prepare(const RunOptions& options) {
  patience_ = options.patience;
  observer_.set_freshness(patience_.freshness);
  script_ = leg_.script;
  if (!script_) {
    auto script = Script::of(model_, plan_, leg_.order, ports_);
    if (!script) return script.error();
    script_ = std::move(script).value();
  }
  if (script_->steps().size() != plan_.steps.size())
    return Error{ErrorCode::kInvalid, "the script is of another plan; make it of this one"};
  Result<std::vector<Task>> made =
      tasks_of(*script_, plan_, leg_.order, ports_, options.run_id, leg_.steps);
  if (!made) return made.error();
  tasks_ = std::move(made).value();
  for (const Task& task : tasks_)
    if (is_over(task))
      for (const std::size_t next : task.step->successors) --tasks_[next].waits_for;
  settle_only_ = options.settle_only;
  for (const Gate& gate : options.gates) gates_[gate.step] = gate;
  for (std::size_t i = 0; i < tasks_.size(); ++i) take_up(i);
  return Done{};
}

void RunLoop::take_up(std::size_t i) {
  Task& task = tasks_[i];
  if (is_over(task)) {
    ++ended_;
  } else if (task.phase == Phase::kAwaits) {
    begin(i);
    // As it was before it was requested, and not as it is: a read that lags shows no failure.
    const model::State& before = leg_.steps[i].before;
    task.remember_before(before.empty() ? state_ : before);
    task.was_taken_up = true;
    await(i);
    // Whoever only wants to know how it stands does not wait for what hangs once more.
    if (settle_only_) task.deadline = leg_.steps[i].deadline;
  } else if (task.waits_for == 0 && (task.in_doubt || !settle_only_)) {
    ready_.insert(i);
  }
}

RunResult RunLoop::run(const RunOptions& options, const RunListener& listener,
                       const Controls& controls) {
  listener_ = listener;
  controls_ = controls;
  paused_ = controls_.is_paused;
  pool_ = std::make_unique<CallPool>(options.workers);
  is_alone_ = options.workers == 0;
  last_told_ = clock_.now();
  if (Status prepared = prepare(options); !prepared) return result_of(prepared.error());
  while (ended_ < tasks_.size() && !lock_is_lost_ && !cannot_write_) {
    attend();
    round();
    if (is_at_rest()) break;
    if (halted_ || ready_.empty() || paused_) wait();
  }
  if (lock_is_lost_ || cannot_write_) drop_what_runs();
  if (stop_came_too_late()) {
    halted_ = interrupted_ = false;
    first_error_ = {};
  }
  if (ended_ == tasks_.size() && !halted_ && !settle_only_) look_at_the_goals();
  return close();
}

void RunLoop::round() {
  take_answers();
  while (!halted_ && !paused_ && !ready_.empty()) {
    const std::size_t i = *ready_.begin();
    ready_.erase(ready_.begin());
    start(i);
  }
  if (halted_)
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      if (tasks_[i].phase == Phase::kGated || tasks_[i].phase == Phase::kGuard) withdraw(i);
  for (const std::size_t i : due_now()) {
    if (lock_is_lost_ || cannot_write_) return;
    step(i);
  }
}

std::vector<std::size_t> RunLoop::due_now() {
  std::vector<std::size_t> due;
  const TimePoint now = clock_.now();
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[i];
    if (task.phase != Phase::kNone && task.phase != Phase::kCalling && task.next <= now)
      due.push_back(i);
  }
  if (due.empty()) return due;
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (tasks_[i].phase == Phase::kAwaits && tasks_[i].next > now &&
        tasks_[i].next - now <= patience_.poll_first / 2)
      due.push_back(i);
  if (due.size() > 1 && look_together(due)) return due;
  // A system asked to slow down: only who cannot wait any longer looks by itself.
  if (due.size() > 1)
    std::erase_if(due, [&](std::size_t i) {
      Task& task = tasks_[i];
      if (task.phase == Phase::kGated || task.deadline <= pace_.earliest()) return false;
      task.next = pace_.earliest();
      return true;
    });
  return due;
}

bool RunLoop::look_together(const std::vector<std::size_t>& due) {
  Looked all;
  for (const std::size_t i : due) {
    const Task& task = tasks_[i];
    if (task.phase == Phase::kGated) continue;
    const Looked& reads =
        task.phase == Phase::kAwaits ? task.step->end_reads : task.step->guard_reads;
    all.insert(all.end(), reads.begin(), reads.end());
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  // Any other error comes again, and is judged, when the step itself looks.
  const Status looked = observer_.look(all);
  if (looked || looked.error().code != ErrorCode::kThrottled) return true;
  pace_.throttled(clock_.now());
  tell(Kind::kSlowed, RunEvent::kNoStep, looked.error().message);
  return false;
}

void RunLoop::step(std::size_t i) {
  Task& task = tasks_[i];
  if (task.phase == Phase::kAwaits) return look_for_end(i);
  if (halted_) return;  // in this round: withdrawn in the next
  if (task.phase == Phase::kGated) {
    gate_expired(i);
  } else if (paused_) {
    task.next = clock_.now() + patience_.poll_first;
    task.deadline += patience_.poll_first;
  } else if (task.phase == Phase::kGuard) {
    try_request(i);
  }
}

void RunLoop::withdraw(std::size_t i) {
  if (!tasks_[i].in_doubt) return close_gate(i);
  fail(i, {ErrorCode::kUnknownOutcome, "the run stopped before its outcome was known"});
}

void RunLoop::wait() {
  TimePoint next = TimePoint::max();
  for (const Task& task : tasks_)
    if (task.phase != Phase::kNone && task.phase != Phase::kCalling)
      next = std::min(next, halted_ && task.phase != Phase::kAwaits ? clock_.now() : task.next);
  const TimePoint now = clock_.now();
  if (patience_.heartbeat.count() > 0) {
    if (now - last_told_ >= patience_.heartbeat)
      tell(Kind::kHeartbeat, RunEvent::kNoStep, what_is_waited_for());
    next = std::min(next, last_told_ + patience_.heartbeat);
  }
  if (patience_.attention.count() > 0) next = std::min(next, now + patience_.attention);
  if (paused_ && next == TimePoint::max()) next = now + patience_.poll_first;
  if (next <= now) return;
  // Time passes while others work for us; a clock that stands still must not be moved meanwhile.
  if (pool_->pending() > 0) return pool_->wait(std::min<milliseconds>(next - now, kWakeUp));
  clock_.sleep_for(next - now);
}

std::string RunLoop::what_is_waited_for() const {
  if (paused_) return "paused; rehydrate continue goes on";
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    const Task& task = tasks_[i];
    if (task.phase == Phase::kNone) continue;
    const std::string more = running_ > 1 ? " (and " + std::to_string(running_ - 1) + " more)" : "";
    const std::string what = task.phase == Phase::kAwaits    ? plan_.steps[i].wait
                             : task.phase == Phase::kGated   ? "an approval"
                             : task.phase == Phase::kCalling ? "an answer"
                                                             : "its guard";
    return plan_.steps[i].id + " waits for " + what + more;
  }
  return "nothing is under way";
}

bool RunLoop::is_at_rest() const {
  return running_ == 0 && (halted_ || (ready_.empty() && !paused_));
}

bool RunLoop::stop_came_too_late() const {
  return interrupted_ && !wants_abort_ && ended_ == tasks_.size() && !lock_is_lost_ &&
         !cannot_write_;
}

void RunLoop::tell(Kind kind, std::size_t i, const std::string& text) {
  last_told_ = clock_.now();
  if (listener_) listener_({kind, clock_.now(), i, text});
}

bool RunLoop::write(const Entry& entry) {
  Status written = journal_.append(entry);
  if (written) return true;
  if (halted_)
    first_error_.message += "; and the journal cannot be written: " + written.error().message;
  halt(written.error());
  write_error_ = written.error();
  cannot_write_ = true;
  lock_is_lost_ = lock_is_lost_ || written.error().code == ErrorCode::kRefused;
  return false;
}

void RunLoop::halt(Error error) {
  if (!halted_) first_error_ = std::move(error);
  halted_ = true;
}

void RunLoop::drop_what_runs() {
  while (pool_->pending() > 0) {
    pool_->wait(kWakeUp);
    pool_->collect();
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (tasks_[i].phase != Phase::kNone)
      fail(i, {ErrorCode::kUnknownOutcome, "left to whoever goes on with the journal"});
}

void RunLoop::look_at_the_goals() {
  Surveyor surveyor(model_, ports_, clock_, patience_);
  Result<model::State> seen = surveyor.state(
      state_, [this](const std::string& text) { tell(Kind::kHeartbeat, RunEvent::kNoStep, text); });
  if (!seen)
    return halt(
        {seen.error().code, "every step has ended, but whether the goals hold cannot be seen: " +
                                seen.error().message});
  state_ = std::move(seen).value();
  const std::string missed = surveyor.missed(leg_.goals, state_);
  if (!missed.empty())
    halt({ErrorCode::kFailed, "every step has ended, and yet this is not so: " + missed});
}

RunResult RunLoop::result_of(const Error& error) const {
  RunResult result;
  result.error = error;
  result.interrupted = interrupted_;
  result.wants_abort = wants_abort_;
  result.lost_lock = lock_is_lost_;
  result.state = state_;
  for (const Task& task : tasks_) result.steps.push_back(task.record);
  return result;
}

RunResult RunLoop::close() {
  RunResult result = result_of(first_error_);
  result.done = ended_ == tasks_.size() && !halted_;
  if (lock_is_lost_ || cannot_write_ || settle_only_) return result;
  const std::string verdict = result.done ? "done" : interrupted_ ? "stopped" : "failed";
  Status closed = journal_.append(run_ended(clock_.now(), verdict, first_error_.message));
  if (!closed && result.done) {
    result.done = false;
    result.error = closed.error();
  } else if (!closed) {
    result.error.message += "; and the journal cannot be written: " + closed.error().message;
  }
  return result;
}

}  // namespace wme::executor::detail
