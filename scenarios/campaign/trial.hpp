#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "executor/engine/executor.hpp"
#include "scenarios/campaign/course.hpp"
#include "scenarios/rehearsal/account.hpp"
#include "simulators/core/world.hpp"

namespace wme::scenarios {

/// A property that every run must have, and how this one has not.
struct Breach {
  std::string property;  ///< "rules", "ends-well", "same-end", "nothing-twice", "replays"
  std::string text;
  bool operator==(const Breach&) const = default;
};

/// How one trial went. Times are simulated.
struct TrialResult {
  bool reached_goal = false;
  std::string stop;              ///< the declared safe stop that it ended in; empty: in none
  std::string reason;            ///< why the executor stopped; empty: it did not
  std::vector<Breach> breaches;  ///< empty: a good end
  std::set<Pair> met;            ///< which faults came into play, at which steps
  std::size_t struck = 0;        ///< how many faults of the schedule did
  std::chrono::milliseconds took{0};
  std::optional<std::chrono::milliseconds> rto;
  std::optional<std::chrono::milliseconds> rpo;
  /// The steps that the last procedure had to wait for, one after the other; when it reached its
  /// goal.
  std::vector<std::size_t> critical;
};

/// For tests that plant a defect between the executor and the world.
using PortWrap =
    std::function<std::unique_ptr<executor::SystemPort>(executor::SystemPort& the_world)>;

/// Where one thread holds trials of a course, one after the other. Its ground models are its own:
/// they cache while they ground.
class Lane {
 public:
  explicit Lane(const Course& course, PortWrap planted = {});
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// One run of the production executor against a new world on a virtual clock, straight and
  /// without wires; killed and gone on with where the schedule says so. Same schedule, same result.
  TrialResult hold(const Schedule& schedule);
  /// The same, and all that a report shows of it.
  struct Account {
    TrialResult result;
    std::vector<ActRecord> acts;
    std::vector<InvariantResult> invariants;
    std::vector<RuleViolation> violations;
    std::vector<simulators::MetFault> faults;
    std::optional<TimePoint> recovery_point;
  };
  Account hold_and_tell(const Schedule& schedule);

 private:
  friend Status note_the_undisturbed(Course& course);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::scenarios
