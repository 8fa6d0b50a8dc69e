#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "executor/ports/clock.hpp"

namespace wme::executor {

/// For whoever shows a run: one call for each thing that happens. Must not block.
struct RunEvent {
  enum class Kind {
    kRunStarted,
    kResumed,
    kStarted,
    kWaiting,
    kHeartbeat,  ///< nothing else happened for a while; text: what is waited for
    kDone,
    kRetry,
    kSlowed,    ///< a system asked to slow down: the whole run does
    kSurprise,  ///< seen is not what the model says; the step's kFailed follows
    kFailed,
    kGate,  ///< an approval is waited for
    kPaused,
    kContinued,
    kAborting,
    kRunEnded,
  };
  static constexpr std::size_t kNoStep = static_cast<std::size_t>(-1);

  Kind kind = Kind::kStarted;
  TimePoint at{};
  std::size_t step = kNoStep;  ///< position in the plan; kNoStep: about the whole run
  std::string text;
};
using RunListener = std::function<void(const RunEvent&)>;

}  // namespace wme::executor
