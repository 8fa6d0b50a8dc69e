#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "model/result.hpp"

namespace wme::cli {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// When changes may be made: every day between two times, or between two moments, in UTC.
class ChangeWindow {
 public:
  /// "22:00-04:00", or "2026-11-23T22:00:00Z/2026-11-24T04:00:00Z". Error kInvalid.
  static Result<ChangeWindow> parse(const std::string& text);
  bool contains(Instant at) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::chrono::minutes daily_from_{0};
  std::chrono::minutes daily_to_{0};
  std::optional<Instant> from_;
  std::optional<Instant> to_;
};

/// "30m", "90s", "2h", "1d". Error kInvalid.
Result<std::chrono::seconds> parse_duration(const std::string& text);

}  // namespace wme::cli
