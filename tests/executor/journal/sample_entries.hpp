#pragma once

#include <chrono>
#include <vector>

#include "executor/journal/entries.hpp"

namespace wme::executor {

inline constexpr TimePoint kStart{std::chrono::milliseconds{1'795'312'800'000}};

/// One entry of each kind, as a run of one step would write most of them.
inline std::vector<Entry> sample_entries() {
  using std::chrono::seconds;
  const StepCall park{"s12", {"passivate-container", {"c17"}, "run-7/s12"}};
  const Observation stopped{{"run", {"c17"}}, "stopped", "GET …/containers/c17: STOPPED"};
  const Observation hidden{{"intake", {"studio-2"}}, std::nullopt, "no answer"};
  const Observation parked{{"run", {"c17"}}, "passivated", "PASSIVATED"};
  return {
      run_started(kStart, {"sha256:11", "acme", "sha256:22", "sha256:33", "0.1.0", "42"}),
      observation(kStart + seconds{1}, {stopped, hidden}, "Looked at c17"),
      intent(kStart + seconds{2}, park, {stopped}, "Park container c17 on the Platform"),
      not_accepted(kStart + seconds{3}, park, {ErrorCode::kThrottled, "passivate: slow down"}),
      not_accepted(kStart + seconds{4}, park, {ErrorCode::kUnknownOutcome, "connection lost"}),
      accepted(kStart + seconds{5}, park, "task-9"),
      waiting(kStart + seconds{6}, park, "run(c17) = passivated", kStart + seconds{600}),
      surprise(kStart + seconds{7}, park, "run(c17) = passivating", {stopped}),
      outcome(kStart + seconds{8}, park, "done", {parked}),
      run_ended(kStart + seconds{9}, "done", ""),
      attachment(kStart + seconds{10}, "plan.json", "{}"),
      resumed(kStart + seconds{11}, {"ann", "bastion", "4711", "3"}, "0.1.0"),
      decision(kStart + seconds{12}, {"skip", "s12", "ann", "not needed tonight", "glass"}),
      gate(kStart + seconds{13}, park, kStart + seconds{900}, "stop"),
      turned(kStart + seconds{14}, "abort", "old-platform-intact", "{}"),
  };
}

}  // namespace wme::executor
