#pragma once

#include <cstdint>
#include <vector>

#include "model/checker/ground_plan.hpp"

namespace wme::model {

enum class Truth : std::uint8_t { kFalse, kMaybe, kTrue };

/// Something that happens once in a run of a plan: a step is requested, or it ends well.
using PlanEvent = std::uint32_t;
inline PlanEvent request_of(std::size_t step) { return static_cast<PlanEvent>(2 * step); }
inline PlanEvent end_event_of(std::size_t step) { return static_cast<PlanEvent>(2 * step + 1); }
inline std::size_t step_of(PlanEvent event) { return event / 2; }
inline bool is_request(PlanEvent event) { return event % 2 == 0; }
/// After every step.
inline constexpr PlanEvent kEndOfPlan = static_cast<PlanEvent>(-1);

/// A write that an event may make to one variable.
struct PossibleWrite {
  PlanEvent event = 0;
  Variable variable = 0;
  Mask values = 0;        ///< none: the conditions of its effects never hold
  bool definite = false;  ///< it writes in every run
};

/// What each variable can be at each event, in any interleaving that the plan's edges allow, as
/// long as no guard is met closed. Argued from the order alone: the last write before an event is
/// either one that nothing orders against it, or one before it that no certain write in between
/// hides. Where the condition of an effect is itself uncertain, the effect may or may not happen.
/// So the true set of values is always contained in the one given; it may be smaller.
///
/// Time: about (events) x (variables each reads) x (writers of one variable); no state is stored.
class PossibleValues {
 public:
  /// Keeps references to both. `order` may have more edges than the plan itself: that is how a mend
  /// is tried.
  PossibleValues(const GroundPlan& plan, const PlanOrder& order);

  const PlanOrder& order() const { return order_; }
  /// Immediately before the event.
  Mask before(PlanEvent event, Variable variable) const;
  /// Immediately after it, whatever others do at the same time.
  Mask after(PlanEvent event, Variable variable) const;
  Truth judge_before(PlanEvent event, const GroundFormula& formula) const;
  Truth judge_after(PlanEvent event, const GroundFormula& formula) const;

  /// The writes of one event, by variable.
  std::span<const PossibleWrite> writes_of(PlanEvent event) const;
  /// Positions, for write(), of every write to the variable, latest in topological order first.
  std::span<const std::uint32_t> writes_to(Variable variable) const;
  const PossibleWrite& write(std::uint32_t position) const { return writes_[position]; }
  /// `a` has happened whenever `b` does.
  bool earlier(PlanEvent a, PlanEvent b) const;

 private:
  struct Uncertain {  ///< an effect whose condition is not decided
    const GroundEffect* effect;
    std::uint32_t write;
    Truth truth;
  };
  void collect_writes();
  void collect_event(PlanEvent event, const std::vector<GroundEffect>& effects);
  void index_by_variable();
  bool decide_conditions();
  void summarize(std::uint32_t write);
  const PossibleWrite* write_by(PlanEvent event, Variable variable) const;

  const GroundPlan& plan_;
  const PlanOrder& order_;
  std::vector<PossibleWrite> writes_;       ///< event by event, in topological order
  std::vector<Mask> certain_values_;        ///< per write: by effects that happen in every run
  std::vector<std::uint32_t> event_start_;  ///< per event, into writes_
  std::vector<std::uint32_t> event_end_;
  std::vector<Uncertain> uncertain_;
  std::vector<std::uint32_t> uncertain_start_;  ///< per write, into uncertain_
  std::vector<std::uint32_t> variable_start_;
  std::vector<std::uint32_t> variable_writes_;
  mutable std::vector<PlanEvent> kept_;  ///< scratch of before()
};

}  // namespace wme::model
