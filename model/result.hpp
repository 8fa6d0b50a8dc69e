#pragma once

#include <string>
#include <utility>
#include <variant>

namespace wme {

/// One code for each reaction; the message carries the cause.
enum class ErrorCode {
  kInvalid,         ///< fix the input (exit status 2)
  kBlocked,         ///< a guard said no: observe, then plan again
  kNotFound,        ///< the thing asked for is not there (yet)
  kUnreachable,     ///< nothing was sent, or nobody listens (exit status 3)
  kThrottled,       ///< back off, then send the same request
  kRefused,         ///< certificate, drift, lock, permission (exit status 4)
  kFailed,          ///< the other side tried and failed: final
  kUnknownOutcome,  ///< it may have happened: observe before asking again
};

struct Error {
  ErrorCode code = ErrorCode::kInvalid;
  std::string message;  ///< what was tried, on what, why it failed, what to do
};

/// Either a value or the reason why there is none. (C++20 has no std::expected.)
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // implicit, for `return snapshot;`
  Result(Error error) : content_(std::move(error)) {}  // implicit, for `return Error{...};`
  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& value() const& { return std::get<T>(content_); }
  T& value() & { return std::get<T>(content_); }
  T value() && { return std::get<T>(std::move(content_)); }
  const Error& error() const { return std::get<Error>(content_); }

 private:
  std::variant<T, Error> content_;
};

/// For what has no value to give back.
struct Done {};
using Status = Result<Done>;

}  // namespace wme
