#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "executor/engine/call_pool.hpp"
#include "executor/engine/executor.hpp"
#include "model/language/interpreter.hpp"

/// Private to the engine: what is behind `Executor`.
namespace wme::executor::detail {

/// One leg of a run, carried out once. One thread owns all of it; only calls go on beside it, in
/// the pool. Steps are named by their position in the plan.
class RunLoop {
 public:
  RunLoop(Leg leg, const Ports& ports, Clock& clock, JournalPort& journal);

  RunResult run(const RunOptions& options, const RunListener& listener, const Controls& controls);

 private:
  using Phase = Task::Phase;
  using Kind = RunEvent::Kind;
  using Looked = std::vector<model::Variable>;  ///< what was looked at

  // run_loop.cpp: preparing, the rounds, waiting, telling, the end of the run

  Status prepare(const RunOptions& options);
  /// Goes on where the journal says that the step is.
  void take_up(std::size_t i);
  /// Starts what is ready, and does for each step under way what is due.
  void round();
  /// The steps to be done something for now. What is looked at in this round is read at once, one
  /// list per system; who waits and would look soon looks now.
  std::vector<std::size_t> due_now();
  /// False: a system asked to slow down.
  bool look_together(const std::vector<std::size_t>& due);
  void step(std::size_t i);
  /// Ready, but not requested when the run stopped: it never began.
  void withdraw(std::size_t i);
  /// Until something is due, or came back, or people want to be heard.
  void wait();
  std::string what_is_waited_for() const;
  bool is_at_rest() const;
  /// Nothing was left to begin when somebody asked that nothing new be begun: the run is done.
  bool stop_came_too_late() const;

  void tell(Kind kind, std::size_t i, const std::string& text);
  /// Nothing may be done that could not be accounted for: false has halted the run.
  bool write(const Entry& entry);
  /// Nothing new is begun; the first error is the one that the run is ended with.
  void halt(Error error);

  /// Nothing that it does could be accounted for any more. A call that was sent is waited for; one
  /// that was not is refused by the fence.
  void drop_what_runs();
  /// Every step has ended, each when it was looked at: somebody may have undone it since (booted
  /// the old Platform again, say). Nothing is called done that is not so now.
  void look_at_the_goals();
  RunResult result_of(const Error& error) const;
  /// The last entry, unless another process accounts for what follows.
  RunResult close();

  // step_life.cpp: guard, intent, request, answer, end, and what goes wrong on the way

  void begin(std::size_t i);
  /// Begins, and waits at its gate if it has one.
  void start(std::size_t i);
  /// Past the gate: its guard is looked at from now on.
  void open(std::size_t i);
  /// The guard on a fresh observation, the intent, the request, in this order.
  void try_request(std::size_t i);
  /// What is seen to be otherwise than it was known to be, by whatever cause, is written down: the
  /// journal tells the same state as the run has. False: it could not be written.
  bool note_changes(const std::vector<model::Variable>& changed);
  /// A request that may have been sent: whether what is seen tells what came of it.
  bool settled_by_looking(std::size_t i);
  /// A request that may have been sent, when nothing is to be sent again.
  void did_not_happen(std::size_t i);
  void closed_guard(std::size_t i, const model::Failure& why);
  void cannot_look(std::size_t i, const Error& error);
  void ask_again_later(std::size_t i, int tries);

  void take_answers();
  void called_back(std::size_t i, const Result<std::string>& receipt);
  /// The request was obeyed, with all that nobody can see.
  void taken(std::size_t i);
  void not_accepted(std::size_t i, const Error& error);
  /// What is not ready yet may be asked for again so long after its first no.
  TimePoint not_ready_until(Task& task) const;

  void await(std::size_t i);
  void look_for_end(std::size_t i);
  void end(std::size_t i, const std::string& name, const Looked& at);
  /// By one of the outcomes that the model knows, but not the one that was hoped for.
  void ended_badly(std::size_t i, const std::string& name, const std::string& seen,
                   const Looked& at);
  /// Not what the model says: stop new work, let running calls end.
  void surprise(std::size_t i, const std::string& expected, const Looked& at, const Error& why);
  void fail(std::size_t i, const Error& error);
  /// What the last look at these has shown, for the journal: enough to see what opened the guard,
  /// not the whole fleet.
  std::vector<Observation> shown(const Looked& at) const;

  // people.cpp: signals, requests of people, gates, the lock

  /// Hears signals and people; each request is written down before it is obeyed.
  void attend();
  void attend_to_stop();
  void obey(const PersonRequest& request);
  void answer_gate(const PersonRequest& request, const std::string& who);
  /// It never began.
  void close_gate(std::size_t i);
  void gate_expired(std::size_t i);
  /// Can be resumed; a run that has halted already keeps its own reason.
  void stop(Error why);
  /// A stop after which the caller leads the way to a safe end.
  void abort(const std::string& why);
  /// Asks the fence whether another process has taken over.
  bool lost_lock();

  const Leg leg_;
  const model::GroundModel& model_;  ///< of the leg
  const model::Plan& plan_;          ///< of the leg
  const Ports& ports_;
  Clock& clock_;
  JournalPort& journal_;
  model::State
      state_;          ///< as far as known: journal facts and ghosts by the model, the rest as seen
  model::State seen_;  ///< the same with what a look at an end shows: believed when it has come
  Observer observer_;
  Patience patience_;
  Pace pace_;
  RunListener listener_;
  Controls controls_;
  std::map<std::string, Gate> gates_;  ///< by step id
  std::shared_ptr<const Script> script_;
  std::vector<Task> tasks_;      ///< by position in the plan
  std::set<std::size_t> ready_;  ///< all predecessors are over, and it was not started
  std::map<std::size_t, int>
      looks_;                ///< by task: how often in a row its guard was seen closed, or not seen
  std::size_t running_ = 0;  ///< tasks that are in any phase but kNone
  std::size_t ended_ = 0;    ///< tasks that are done or skipped
  bool settle_only_ = false;  ///< as in RunOptions
  bool is_alone_ = true;      ///< calls are carried out by the loop itself
  bool halted_ = false;       ///< nothing new is begun, for whatever reason
  bool paused_ = false;
  bool interrupted_ = false;  ///< as in RunResult, like the next two
  bool wants_abort_ = false;
  bool lock_is_lost_ = false;
  bool cannot_write_ = false;       ///< the journal refused an entry: nothing may be done any more
  TimePoint last_told_{};           ///< for the heartbeat
  Error first_error_;               ///< why it halted
  Error write_error_;               ///< why nothing more can be written down
  bool deaf_ = false;               ///< what people ask could not be read in the last round
  std::unique_ptr<CallPool> pool_;  ///< last: its threads end before what they use
};

}  // namespace wme::executor::detail
