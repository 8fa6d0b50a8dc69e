#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "model/language/action.hpp"

namespace wme::model {

/// How long actions take: as long as the model says is typical, but for those that were measured.
class Durations {
 public:
  using Measured = std::map<std::string, std::chrono::milliseconds, std::less<>>;

  /// The model's own.
  Durations() = default;
  /// By action's name. Each positive, and before the action's deadline.
  explicit Durations(Measured measured) : measured_(std::move(measured)) {}

  std::chrono::milliseconds of(const Action& action) const {
    const auto found = measured_.find(action.name);
    return found == measured_.end() ? action.typical : found->second;
  }

  bool operator==(const Durations&) const = default;

 private:
  Measured measured_;
};

}  // namespace wme::model
