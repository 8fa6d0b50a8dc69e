#pragma once

#include <map>
#include <string>

#include "executor/engine/run_event.hpp"
#include "executor/telling/told.hpp"
#include "model/planner/plan.hpp"

namespace wme::executor {

/// Makes what is told out of the engine's events, which know a step by its position only.
class Narrator {
 public:
  /// `plan` is the run's own, of which `done` steps were done before this process came to it.
  Narrator(std::string run, const model::Plan& plan, std::size_t done);
  /// From now on positions are those of another plan: the run has turned to it.
  void turn_to(const model::Plan& plan);

  /// `event` as it happened, after all earlier ones. A run begins once in a process: when it is
  /// said to begin again it has turned to another plan. The text of kRunEnded begins with the
  /// journal's verdict ("done", "failed", "stopped"), ": " and the reason where there is one; any
  /// other text is the reason of a failure.
  Told told(const RunEvent& event);

 private:
  struct Progress {
    TimePoint started{};
    int attempt = 1;
  };
  void add_step(const RunEvent& event, Told& told);

  const std::string run_;
  const std::string installation_;
  const std::string procedure_;
  model::Plan plan_;
  bool has_begun_ = false;
  int leg_ = 0;
  std::size_t before_;
  TimePoint started_{};
  std::map<std::size_t, Progress> steps_;  ///< by position
};

}  // namespace wme::executor
