#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "executor/journal/entries.hpp"
#include "executor/journal/journal.hpp"
#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"

/// What a journal says of a run: who resumes it, looks at it, aborts or undoes it starts here.
namespace wme::executor {

/// What is known of one step from the journal alone.
struct StepHistory {
  enum class Known {
    kNothing,   ///< never asked for, or refused: nothing has changed
    kInDoubt,   ///< it may have been asked for: nobody wrote down what came of it
    kAccepted,  ///< it was taken, its end was not seen
    kDone,
    kFailed,   ///< it ended badly
    kSkipped,  ///< a person decided to go on without it
  };
  Known known = Known::kNothing;
  int failures = 0;          ///< attempts that ended badly, or that a person asked to try anew
  bool is_approved = false;  ///< a person opened its gate
  TimePoint started{};       ///< of the first intent
  TimePoint ended{};
  TimePoint last{};         ///< of the last entry about it
  TimePoint deadline{};     ///< of the wait under way
  std::string waits_for;    ///< what, while it waits
  std::string gate;         ///< while it waits for an approval: what is declared for `deadline`
  std::string reason;       ///< of the last refusal, failure or surprise
  std::string break_glass;  ///< why it was skipped against the model; empty: it was not
  model::State before;      ///< when the last request was meant to be sent; empty: none was
};

/// One plan on the way of a run: the one that it began with, or one that led elsewhere.
struct LegText {
  std::string to;          ///< "plan", "abort", "undo"
  std::string goal;        ///< "" for the first
  std::string plan;        ///< JSON
  std::size_t begins = 0;  ///< position of its first entry
};

/// A journal, read. Everything but the meaning of the plan.
struct History {
  RunFacts facts;                                  ///< of the first entry
  std::map<std::string, std::string> attachments;  ///< by name: "plan.json", "inventory.yaml", …
  std::vector<LegText> legs;                       ///< the last is under way, or was
  TimePoint started{};
  TimePoint last{};       ///< of the last entry
  TimePoint last_wall{};  ///< by the machine's clock
  std::string verdict;    ///< "done", "failed", "stopped"; empty: the last process did not end it
  std::string reason;     ///< with the verdict
  Actor actor;            ///< of the process that was the last to go on with it
  int resumed = 0;        ///< how often
  long long last_request = 0;  ///< of people, that was decided about
  bool is_paused = false;
  bool is_stopping = false;      ///< somebody asked for it, and the run has not ended yet
  bool wants_abort = false;      ///< somebody asked for it, and the run was not turned yet
  bool abort_was_tried = false;  ///< by a command of its own, not by a process that was asked
};

/// Errors: kInvalid when it does not begin with a run, or lacks its plan.
Result<History> read_history(const std::vector<Record>& records);

/// The state of the installation as the journal tells it at the end of `records`, and what is known
/// of each step of `plan`, which is carried out from entry `begins` on and starts in `start`.
/// Errors: kFailed with the entry that the model forbids: a defect in the executor or in the model.
struct LegHistory {
  model::State state;
  std::vector<StepHistory> steps;  ///< by position in the plan
};
Result<LegHistory> follow(const model::GroundModel& model, const model::Plan& plan,
                          const model::State& start, const std::vector<Record>& records,
                          std::size_t begins, std::size_t ends);

}  // namespace wme::executor
