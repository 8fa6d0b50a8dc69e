#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/checker/packed_plan.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// A violation that was reached, the first of its property.
struct Reached {
  std::vector<Obligation> broken;  ///< everything that the last event of the trace breaks
  Trace trace;
};

/// The state properties that an event breaks: they hold before it, and not after it.
std::vector<Obligation> broken_by(const PackedPlan& packed, const PackedEvent& event,
                                  const std::uint64_t* before, const std::uint64_t* after);
/// The conditions that keep the step's guard closed.
std::vector<Obligation> closed_guard(const PackedPlan& packed, std::size_t step,
                                     const std::uint64_t* state);
std::vector<Obligation> missed_goals(const PackedPlan& packed, const std::uint64_t* state);

/// "stop-docker: done": an event in words, whatever its arguments.
std::string kind_of(const GroundPlan& plan, const Happening& happening);

/// The violations of an exploration: of each property, the first that it is told of.
class Findings {
 public:
  explicit Findings(const GroundPlan& plan) : plan_(plan) {}

  /// By property; what the environment breaks has the key "WORK-1 of c5 by machine-lost studio-1".
  std::string key(const std::string& property, const Obligation& broken,
                  const Happening* last) const;
  /// `trace` is asked for if one of the obligations is news. `last` is none at the start.
  void keep(const std::vector<Obligation>& broken, const Happening* last,
            const std::function<Trace()>& trace);
  /// What does not hold before anything has happened.
  void judge_start();

  std::map<std::string, Reached> take() { return std::move(violations_); }

 private:
  const GroundPlan& plan_;
  std::map<std::string, Reached> violations_;
};

}  // namespace wme::model
