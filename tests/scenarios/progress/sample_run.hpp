#pragma once

#include <chrono>

#include "scenarios/progress/progress.hpp"

namespace wme::scenarios {

inline constexpr RunTime kRunStart{std::chrono::milliseconds{1'795'312'800'000}};

/// A phase of three steps: one waits and comes late, one meets trouble, one fails.
inline void play(Progress& progress) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  progress.phase_started(kRunStart, "Dehydrate", 3);
  progress.step_started(kRunStart, {"s1", "A03", "Restrict login for all users", minutes{3}});
  progress.step_waiting(kRunStart + seconds{5}, "s1", "gate = restricted");
  progress.step_waiting(kRunStart + seconds{15}, "s1", "gate = restricted");
  progress.step_waiting(kRunStart + seconds{185}, "s1", "gate = restricted");
  progress.heartbeat(kRunStart + seconds{190});
  progress.step_done(kRunStart + seconds{200}, "s1");
  progress.step_started(kRunStart + seconds{200},
                        {"s2", "A06",
                         "Park container c17 of a developer with a very long address "
                         "on the Platform",
                         seconds{90}});
  progress.step_troubled(kRunStart + seconds{201}, "s2",
                         "passivate-container c17: no answer from http://launchpad.example.com/"
                         "studio; looking whether it happened before asking again");
  progress.step_started(kRunStart + seconds{202}, {"s3", "", "Look", {}});
  progress.step_done(kRunStart + seconds{203}, "s3");
  progress.step_failed(kRunStart + seconds{300}, "s2",
                       "passivate-container c17: /wm-data is full; free space, then resume");
  progress.phase_ended(kRunStart + seconds{301}, "stopped at s2");
}

}  // namespace wme::scenarios
