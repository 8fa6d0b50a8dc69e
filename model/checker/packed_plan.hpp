#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/checker/ground_plan.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// Where a small number stands in a packed state.
struct BitField {
  std::uint32_t word = 0;
  std::uint32_t shift = 0;
  std::uint64_t bits = 0;  ///< all ones, as many as it has

  std::uint64_t get(const std::uint64_t* state) const { return state[word] >> shift & bits; }
  void set(std::uint64_t* state, std::uint64_t value) const {
    state[word] = (state[word] & ~(bits << shift)) | value << shift;
  }
};

/// A ground formula over a packed state: what never changes is folded away.
struct PackedFormula {
  GroundFormula::Kind kind = GroundFormula::Kind::kAnd;
  BitField field;
  Mask mask = 0;
  std::vector<PackedFormula> parts;

  bool holds(const std::uint64_t* state) const;
};

struct PackedEffect {
  BitField target;
  std::uint64_t value = 0;
  PackedFormula when;
};

/// One thing that can happen, ready to be taken from any packed state.
struct PackedEvent {
  Happening happening;
  std::vector<PackedFormula> guard;
  std::vector<PackedEffect> effects;
  std::vector<std::uint32_t> invariants;  ///< those that speak of what it writes
};

/// A plan compiled for the explorer: a state holds each step's status, the faults used so far and
/// the variables that some event can change; nothing else.
class PackedPlan {
 public:
  enum class Status : std::uint8_t { kWaiting, kRunning, kDone, kFailed };

  /// With faults: failed outcomes and environment actions are events, too (GroundPlan must have
  /// its environment then).
  PackedPlan(const GroundPlan& plan, bool with_faults);

  std::size_t words() const { return words_; }
  std::size_t packed_variables() const { return packed_variables_; }
  std::vector<std::uint64_t> initial() const { return initial_; }
  Status status(const std::uint64_t* state, std::size_t step) const {
    return static_cast<Status>(status_[step].get(state));
  }
  void set_status(std::uint64_t* state, std::size_t step, Status to) const {
    status_[step].set(state, static_cast<std::uint64_t>(to));
  }
  const BitField& faults_used() const { return faults_used_; }
  /// A step has failed: nothing more is requested.
  const BitField& stopped() const { return stopped_; }

  const PackedEvent& request(std::size_t step) const { return requests_[step]; }
  /// The first is "done"; the failures follow, if they are looked at.
  const std::vector<PackedEvent>& outcomes(std::size_t step) const { return outcomes_[step]; }
  const std::vector<PackedEvent>& environment() const { return environment_; }
  const PackedFormula& invariant(std::size_t i) const { return invariants_[i]; }
  const PackedFormula& goal(std::size_t i) const { return goals_[i]; }

  /// The effects, all judged on `state` as it is before any of them, made in `next`.
  static void apply(const PackedEvent& event, const std::uint64_t* state, std::uint64_t* next);

 private:
  void lay_out(bool with_faults);
  BitField add_field(std::uint64_t values);
  PackedFormula packed(const GroundFormula& formula) const;
  PackedEvent event(Happening happening, const std::vector<GroundCondition>& guard,
                    const std::vector<const std::vector<GroundEffect>*>& effects) const;
  void compile(bool with_faults);

  const GroundPlan& plan_;
  std::size_t words_ = 0;
  std::size_t next_bit_ = 0;
  std::size_t packed_variables_ = 0;
  std::vector<BitField> status_;
  BitField faults_used_;
  BitField stopped_;
  std::vector<BitField> field_of_;  ///< per variable; no bits: it never changes
  std::vector<std::uint64_t> initial_;
  std::vector<PackedEvent> requests_;
  std::vector<std::vector<PackedEvent>> outcomes_;
  std::vector<PackedEvent> environment_;
  std::vector<PackedFormula> invariants_;
  std::vector<PackedFormula> goals_;
};

}  // namespace wme::model
