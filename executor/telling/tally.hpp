#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "executor/telling/told.hpp"

namespace wme::executor {

/// Where a run stands, and what it has done so far, by its events alone.
class Tally {
 public:
  enum class State {
    kStarting,
    kRunning,
    kWaiting,  ///< for a person: at a gate, or for what an operator was asked to do
    kPaused,
    kAborting,
    kDone,
    kStopped,
    kFailed
  };
  struct Spent {
    std::uint64_t count = 0;
    std::chrono::milliseconds time{};
  };

  void take(const Told& told);

  State state() const;
  /// Of the plan that is carried out now: the run's own, or the one that it has turned to.
  std::size_t steps() const { return steps_; }
  std::size_t done() const { return steps_before_ + in(StepIs::kDone); }
  std::size_t failed() const { return in(StepIs::kFailed); }
  std::size_t running() const { return in(StepIs::kRunning); }
  std::size_t todo() const;
  /// By action and outcome: "done", "retried", "failed", "surprised".
  const std::map<std::pair<std::string, std::string>, std::uint64_t>& attempts() const {
    return attempts_;
  }
  /// Of the steps that are done, by action.
  const std::map<std::string, Spent>& spent() const { return spent_; }
  std::uint64_t slowdowns() const { return slowdowns_; }
  std::optional<TimePoint> started() const { return started_; }
  std::optional<TimePoint> ended() const { return ended_; }
  /// Of the last event.
  TimePoint last() const { return last_; }
  /// Since when a person is waited for: at a gate, for an operator's work, in a pause.
  std::optional<TimePoint> waiting_since() const;

 private:
  enum class StepIs { kRunning, kDone, kFailed };
  std::size_t in(StepIs state) const { return counts_[static_cast<std::size_t>(state)]; }
  /// False when it was that already.
  bool set(const std::string& step, StepIs state);
  void step_event(const Told& told);
  void turn(int leg);

  State state_ = State::kStarting;
  int leg_ = 0;
  std::size_t steps_ = 0;
  std::size_t steps_before_ = 0;
  std::map<std::string, StepIs> step_;
  std::array<std::size_t, 3> counts_{};  ///< of `step_`, by state
  std::map<std::pair<std::string, std::string>, std::uint64_t> attempts_;
  std::map<std::string, Spent> spent_;
  std::uint64_t slowdowns_ = 0;
  std::optional<TimePoint> started_;
  std::optional<TimePoint> ended_;
  TimePoint last_{};
  std::optional<TimePoint> paused_since_;
  std::map<std::string, TimePoint> for_person_;  ///< steps that wait for one, since when
};

/// "starting", "running", "waiting", "paused", "aborting", "done", "stopped", "failed".
std::string_view to_string(Tally::State state);
inline constexpr std::size_t kTallyStates = 8;

}  // namespace wme::executor
