#pragma once

#include <string>
#include <utility>

namespace wme::executor::aws {

/// A value that must not be seen: no operator<<, no formatter, no implicit conversion, so that a
/// log line or a message that takes one does not compile.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const { return value_; }  ///< for signing only
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace wme::executor::aws
