#pragma once

#include <string>
#include <utility>
#include <variant>

namespace wme::simulators::azure {

/// Resource Manager's own refusal, as it goes over the wire.
struct ArmError {
  int status = 400;
  std::string code;
  std::string message;
};

inline ArmError invalid(const std::string& target, const std::string& why) {
  return {400, "InvalidParameter", "The value of parameter " + target + " is invalid: " + why};
}

/// What an operation gives back, or Resource Manager's refusal.
template <class T>
class [[nodiscard]] ArmResult {
 public:
  ArmResult(T value) : content_(std::move(value)) {}         // implicit, for `return disk;`
  ArmResult(ArmError error) : content_(std::move(error)) {}  // implicit, for `return ArmError{};`
  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& value() const { return std::get<T>(content_); }
  const ArmError& error() const { return std::get<ArmError>(content_); }

 private:
  std::variant<T, ArmError> content_;
};

struct Nothing {};
using ArmStatus = ArmResult<Nothing>;

}  // namespace wme::simulators::azure
