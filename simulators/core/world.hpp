#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "model/wme/installation.hpp"
#include "simulators/core/conditions.hpp"
#include "simulators/core/faults.hpp"
#include "simulators/core/world_model.hpp"

namespace wme::simulators {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// The world's time: virtual in process (whoever rehearses moves it), scaled over sockets.
class WorldClock {
 public:
  virtual ~WorldClock() = default;
  virtual TimePoint now() const = 0;
};

/// Something that a rule of WME forbids, and that was done all the same through some door.
struct Violation {
  TimePoint at;
  std::string door;      ///< "ec2 CreateSnapshot", "ssh platform: umount /wm-data"
  std::string action;    ///< "take-snapshot snap-wm-data"
  std::string rule;      ///< "INV-05", or empty for a documented order without a number
  std::string sentence;  ///< what did not hold
};
std::ostream& operator<<(std::ostream& out, const Violation& violation);

/// One thing that happened, for reports and for replay through the model's transition function.
struct Event {
  TimePoint at;
  std::string door;
  std::string action;  ///< "passivate-container c17"
  std::string phase;   ///< "request", or the name of the outcome
};

/// A fault of the schedule that came into play.
struct MetFault {
  std::string operation;
  Fault fault = Fault::kNone;
  TimePoint at;
};

/// What the world says to a request. `refusals` not empty: the system says no, nothing changed.
struct Reply {
  std::vector<std::string> refusals;  ///< sentences of the system's own conditions
  std::vector<Violation> violations;  ///< accepted, but a rule was broken
  bool accepted() const { return refusals.empty(); }
};

/// The one state behind all front ends, and the only place where it changes. A front end keeps the
/// detail that the model does not have (ids, tags, files) and asks the world for everything else.
/// Thread-safe by one lock: take `enter()` first, hold it for the whole request.
class World {
 public:
  /// Actions take as long as `durations` says.
  World(model::Installation installation, const WorldClock& clock, FaultSchedule faults,
        model::Durations durations = {});
  /// One of many worlds of the same installation: in its initial state, as every other.
  World(std::shared_ptr<const WorldModel> model, const WorldClock& clock, FaultSchedule faults);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Locks the world and brings it up to the clock: outcomes that are due happen now, in order.
  [[nodiscard]] std::unique_lock<std::mutex> enter();

  TimePoint now() const;
  const model::Installation& installation() const;
  const model::GroundModel& model() const;
  const model::Durations& durations() const;
  /// The value of a fluent; a programming error (unknown name) ends the process with a message.
  const std::string& value(std::string_view fluent,
                           const std::vector<std::string>& arguments) const;
  bool is(std::string_view fluent, const std::vector<std::string>& arguments,
          std::string_view value) const;
  /// The values of all variables of `model()`, by number; ghosts too.
  const model::State& state() const;

  /// Asks for an action of the model. Refused by the conditions the system itself enforces;
  /// otherwise its request effects happen now and its outcome after the action's duration, or at
  /// once for an action without request effects. Rules that do not hold are recorded as violations,
  /// but for what only the executor's own journal can know. A fault "outcome-fails" for the
  /// action's name makes the outcome its first failure.
  Reply request(std::string_view action, const std::vector<std::string>& arguments,
                std::string_view door);
  /// Same, but the outcome happens before this returns (a host command that ran to its end).
  Reply perform(std::string_view action, const std::vector<std::string>& arguments,
                std::string_view door);
  /// Same as `request`, for whoever can tell that it is under way by something else than a variable
  /// (a job in the background): the outcome takes the action's time even without request effects.
  Reply begin(std::string_view action, const std::vector<std::string>& arguments,
              std::string_view door);
  /// The running request of this action with these arguments ends now, whatever its time: for a
  /// recorded run that is repeated event by event. False: none is running.
  bool end_now(std::string_view action, const std::vector<std::string>& arguments);
  /// Whether a request would be accepted and break no rule. For reads that carry out one of our
  /// checks (a health panel, a shard's list): reading at the wrong time must not be a violation.
  bool would_be_clean(std::string_view action, const std::vector<std::string>& arguments) const;
  /// Whether the model has this action with these arguments for this installation.
  bool exists(std::string_view action, const std::vector<std::string>& arguments) const;
  /// Records the rules that a request would break now, and changes nothing: for what is done to a
  /// thing that the model has no entity for (a second snapshot of the same volume).
  void judge(std::string_view action, const std::vector<std::string>& arguments,
             std::string_view door);
  /// Records the rules that archiving the tree of `store` would break now, and changes nothing: for
  /// a tarball of a tree that the model saves by snapshots, or on a machine whose backup it is not.
  /// Judged by the guard of write-archive, over the state as it is.
  void judge_archive(const std::string& store, std::string_view door);
  /// Records a violation that no action stands for (a wrong mount, INIT on restored data).
  void record_violation(std::string_view door, std::string_view action, std::string_view rule,
                        std::string_view sentence);
  /// The next fault for one wire operation ("CreateSnapshot"): counts occurrences. A fault that the
  /// exchange cannot have is none, and not met: an outcome that fails goes by the action's name,
  /// and a stale read needs an earlier answer to the same question, which `was_read_before` says.
  Fault next_fault(std::string_view operation, bool was_read_before = false);

  /// What is wrong with the surroundings: nothing at first. No rule of the model reads it.
  Conditions& conditions();
  const Conditions& conditions() const;

  /// Those that struck so far, in order.
  const std::vector<MetFault>& faults_met() const;
  /// How often each wire operation was asked for so far, by the name that faults have for it; of
  /// the first thousand names, since a client may make them up.
  const std::map<std::string, int, std::less<>>& operations() const;

  /// When the next outcome is due; none when nothing is under way.
  std::optional<TimePoint> next_due() const;
  /// When the running request of this action with these arguments will end; none if none runs.
  std::optional<TimePoint> due(std::string_view action,
                               const std::vector<std::string>& arguments) const;
  const std::vector<Violation>& violations() const;
  const std::vector<Event>& events() const;
  /// How often each rule was judged so far, by id.
  std::map<std::string, long long> checks() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::simulators
