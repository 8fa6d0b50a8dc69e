#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/report/report.hpp"

/// What was predicted of a phase, beside what came of it.
namespace wme::scenarios {

/// All steps of one action that ended well.
struct ActionPrediction {
  std::string action;
  std::size_t steps = 0;
  Duration predicted{0};
  Duration actual{0};  ///< P50, nearest rank
};
/// By action's name; of steps of which something was predicted.
std::vector<ActionPrediction> predictions(const Phase& phase);

/// How long the phase takes when every step takes what was predicted, and nothing waits for
/// anything but its predecessors. None: of some step nothing was predicted.
std::optional<Duration> predicted_length(const Phase& phase);

}  // namespace wme::scenarios
