#pragma once

#include <string>
#include <utility>
#include <variant>

namespace wme::simulators::gcp {

/// Compute Engine's own refusal, as it goes over the wire.
struct ComputeError {
  int status = 400;
  std::string reason;  ///< "notFound"
  std::string message;
};

/// What a request gives back, or a refusal.
template <class T>
class [[nodiscard]] ComputeResult {
 public:
  ComputeResult(T value) : content_(std::move(value)) {}             // implicit, as Result
  ComputeResult(ComputeError error) : content_(std::move(error)) {}  // implicit, as Result
  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& value() const { return std::get<T>(content_); }
  const ComputeError& error() const { return std::get<ComputeError>(content_); }

 private:
  std::variant<T, ComputeError> content_;
};

/// For checks that have nothing to give back.
struct Fine {};
using ComputeStatus = ComputeResult<Fine>;

inline ComputeError not_found(const std::string& path) {
  return {404, "notFound", "The resource '" + path + "' was not found"};
}

inline ComputeError invalid(const std::string& field, const std::string& why) {
  return {400, "invalid", "Invalid value for field '" + field + "': " + why};
}

}  // namespace wme::simulators::gcp
