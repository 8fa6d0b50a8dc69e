#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/checker/faults.hpp"
#include "model/checker/ground_plan.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// Where a small number stands in a packed state.
struct BitField {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  std::uint64_t bits = 0;  ///< all ones, as many as it has; none: it never changes

  std::uint64_t get(const std::uint64_t* state) const { return state[word] >> shift & bits; }
  void set(std::uint64_t* state, std::uint64_t value) const {
    state[word] = (state[word] & ~(bits << shift)) | value << shift;
  }
};

/// Ground formulas over packed states, compiled: each test looks at one field and says which test
/// comes next, or that the formula is decided. What never changes is folded away.
class Tests {
 public:
  using Entry = std::int32_t;
  static constexpr Entry kTrue = -1;
  static constexpr Entry kFalse = -2;

  Entry add(const BitField& field, Mask values, Entry yes, Entry no) {
    tests_.push_back({field.bits, field.word, field.shift, values, yes, no});
    return static_cast<Entry>(tests_.size() - 1);
  }
  struct Test {
    std::uint64_t bits;
    std::uint32_t word;
    std::uint32_t shift;
    Mask values;
    Entry yes;
    Entry no;
    BitField field() const { return {word, shift, bits}; }
  };
  /// Requires that it is not decided.
  const Test& test(Entry at) const { return tests_[static_cast<std::size_t>(at)]; }
  /// Marks the bits of a state that may decide it.
  void mark_read(Entry at, std::vector<std::uint64_t>& bits) const;
  bool hold(Entry at, const std::uint64_t* state) const {
    while (at >= 0) {
      const Test& test = tests_[static_cast<std::size_t>(at)];
      at = (test.values >> (state[test.word] >> test.shift & test.bits) & 1U) != 0 ? test.yes
                                                                                   : test.no;
    }
    return at == kTrue;
  }

 private:
  std::vector<Test> tests_;
};

/// Some fields of one word get new values, if the condition holds on the state before the event.
struct PackedChange {
  Tests::Entry when = Tests::kTrue;
  std::uint32_t word = 0;
  std::uint64_t keep = 0;
  std::uint64_t set = 0;
};

/// The conjuncts of one state property that an event may break: those that speak of what it writes.
struct PackedJudgement {
  std::uint32_t invariant = 0;
  Tests::Entry conjuncts = Tests::kTrue;
};

/// One thing that can happen, ready to be taken from any packed state.
struct PackedEvent {
  static constexpr std::size_t kNoBudget = static_cast<std::size_t>(-1);
  Happening happening;
  std::size_t budget = kNoBudget;  ///< the line of the budget that it is taken from
  Tests::Entry guard = Tests::kTrue;
  std::vector<PackedChange> changes;  ///< the step's status among them
  std::vector<PackedJudgement> judged;
};

/// Which bits of a state an event has to do with.
struct Footprint {
  std::vector<std::uint64_t> decide;  ///< whether it may happen, and what it then changes
  std::vector<std::uint64_t> write;
  std::vector<std::uint64_t> judge;  ///< whether it breaks a state property
};

/// A plan compiled for the explorer: a state holds each step's status, the faults used so far and
/// the variables that some event can change; nothing else.
class PackedPlan {
 public:
  /// Two bits each; all ones means that whoever waits for it may go on.
  enum class Status : std::uint8_t { kWaiting = 0, kRunning = 1, kFailed = 2, kDone = 3 };
  static constexpr std::size_t kStatusesPerWord = 32;
  static constexpr std::uint64_t kLowBits = 0x5555555555555555U;

  /// With faults, what may go wrong are events, too (GroundPlan must have its environment then).
  PackedPlan(const GroundPlan& plan, const FaultBudget& budget);

  const GroundPlan& plan() const { return plan_; }
  std::size_t words() const { return words_; }
  std::size_t bits() const { return next_bit_; }
  std::size_t status_words() const {
    return (plan_.size() + kStatusesPerWord - 1) / kStatusesPerWord;
  }
  std::size_t packed_variables() const { return packed_variables_; }
  /// The steps' statuses, then all others; those that never change are left out.
  std::vector<BitField> fields() const;
  const BitField& status_field(std::size_t step) const { return status_[step]; }
  /// How many faults have happened, by line of the budget; and how many may.
  std::span<const BitField> used() const { return used_; }
  std::span<const std::uint64_t> limits() const { return limits_; }
  const BitField& stopped() const { return stopped_; }
  const BitField& committed_field() const { return committed_; }
  const Tests& tests() const { return tests_; }
  const std::vector<std::uint64_t>& initial() const { return initial_; }
  Status status(const std::uint64_t* state, std::size_t step) const {
    return static_cast<Status>(state[step / kStatusesPerWord] >> 2 * (step % kStatusesPerWord) & 3);
  }
  /// A fault has happened.
  bool is_faulted(const std::uint64_t* state) const {
    for (const BitField& each : used_)
      if (each.get(state) != 0) return true;
    return false;
  }
  /// No more can happen.
  bool is_exhausted(const std::uint64_t* state) const {
    for (std::size_t line = 0; line < used_.size(); ++line)
      if (used_[line].get(state) < limits_[line]) return false;
    return true;
  }
  bool affords(const PackedEvent& event, const std::uint64_t* state) const {
    return event.budget == PackedEvent::kNoBudget ||
           used_[event.budget].get(state) < limits_[event.budget];
  }
  /// 1 + the step whose guard is not looked at again; 0: there is none.
  std::uint64_t committed(const std::uint64_t* state) const { return committed_.get(state); }
  void commit(std::uint64_t* state, std::size_t step) const { committed_.set(state, step + 1); }
  /// Without bits when it never changes.
  const BitField& field(Variable variable) const { return field_of_[variable]; }
  /// A step has failed: nothing more is requested.
  bool is_stopped(const std::uint64_t* state) const { return stopped_.get(state) != 0; }
  bool is_all_done(const std::uint64_t* state) const;
  /// The values of all variables.
  State valuation(const std::uint64_t* state) const;
  bool is_ready(const std::uint64_t* state, std::size_t step) const {
    for (const DoneMask& each : predecessors_[step])
      if ((state[each.word] & each.bits) != each.bits) return false;
    return true;
  }

  /// Those that wait for the step.
  const std::vector<std::uint32_t>& successors(std::size_t step) const { return successors_[step]; }

  /// All events; their positions are stable: for each step its request, then its outcomes ("done"
  /// first), then what the executor makes of faults; after the steps, the environment.
  const std::vector<PackedEvent>& events() const { return events_; }
  std::uint32_t request(std::size_t step) const { return first_event_[step]; }
  std::uint32_t first_outcome(std::size_t step) const { return first_event_[step] + 1; }
  std::uint32_t first_of_policy(std::size_t step) const { return first_policy_[step]; }
  std::uint32_t end_of_step(std::size_t step) const { return first_event_[step + 1]; }
  std::uint32_t first_of_environment() const { return first_event_.back(); }
  /// How the initial state was reached.
  std::uint32_t no_event() const { return static_cast<std::uint32_t>(events_.size()); }

  Footprint footprint(std::uint32_t event) const;

  bool holds(Tests::Entry entry, const std::uint64_t* state) const {
    return tests_.hold(entry, state);
  }
  Tests::Entry invariant(std::size_t i) const { return invariants_[i]; }
  Tests::Entry goal(std::size_t i) const { return goals_[i]; }
  /// One for each condition of the step's guard.
  std::span<const Tests::Entry> conditions(std::size_t step) const { return conditions_[step]; }

  /// All effects are judged on `state`, which is as it was before any of them. `next` starts as a
  /// copy of `state`.
  void apply(const PackedEvent& event, const std::uint64_t* state, std::uint64_t* next) const {
    for (const PackedChange& change : event.changes)
      if (change.when == Tests::kTrue || tests_.hold(change.when, state))
        next[change.word] = (next[change.word] & change.keep) | change.set;
    if (event.budget == PackedEvent::kNoBudget) return;
    const BitField& used = used_[event.budget];
    next[used.word] += std::uint64_t{1} << used.shift;
  }

 private:
  struct DoneMask {
    std::uint32_t word = 0;
    std::uint64_t bits = 0;
  };
  void lay_out(const FaultBudget& budget);
  std::size_t line_of(std::string_view kind) const;
  BitField add_field(std::uint64_t values);
  Tests::Entry compile(const GroundFormula& formula, Tests::Entry yes, Tests::Entry no);
  Tests::Entry compile(const GroundFormula& formula) {
    return compile(formula, Tests::kTrue, Tests::kFalse);
  }
  void add_change(PackedEvent& event, Tests::Entry when, const BitField& field,
                  std::uint64_t value);
  void add_effects(PackedEvent& event, const std::vector<GroundEffect>& effects);
  void add_judgements(PackedEvent& event, std::vector<Variable> written);
  void compile_step(std::size_t step);
  void compile_policy(std::size_t step);
  void add_for_lines_of(std::string_view kind, PackedEvent event);
  void compile_environment();

  const GroundPlan& plan_;
  std::size_t words_ = 0;
  std::size_t next_bit_ = 0;
  std::size_t packed_variables_ = 0;
  std::vector<FaultBudget::Line> lines_;
  std::vector<BitField> used_;         ///< by line
  std::vector<std::uint64_t> limits_;  ///< by line
  BitField stopped_;
  BitField committed_;
  std::vector<BitField> status_;
  std::vector<BitField> field_of_;  ///< per variable
  std::vector<std::uint64_t> initial_;
  std::vector<std::vector<DoneMask>> predecessors_;
  std::vector<std::vector<std::uint32_t>> successors_;
  Tests tests_;
  std::vector<PackedEvent> events_;
  std::vector<std::uint32_t> first_event_;   ///< per step, and one more
  std::vector<std::uint32_t> first_policy_;  ///< per step
  std::vector<std::vector<Tests::Entry>> conditions_;
  std::vector<Tests::Entry> invariants_;
  std::vector<Tests::Entry> goals_;
};

}  // namespace wme::model
