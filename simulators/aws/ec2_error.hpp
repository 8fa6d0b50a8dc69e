#pragma once

#include <string>
#include <utility>
#include <variant>

namespace wme::simulators::aws {

/// EC2's own refusal, as it goes over the wire.
struct Ec2Error {
  int status = 400;
  std::string code;
  std::string message;
};

/// What an operation gives back, or EC2's refusal.
template <class T>
class [[nodiscard]] Ec2Result {
 public:
  Ec2Result(T value) : content_(std::move(value)) {}         // implicit, for `return volume;`
  Ec2Result(Ec2Error error) : content_(std::move(error)) {}  // implicit, for `return Ec2Error{};`
  explicit operator bool() const { return std::holds_alternative<T>(content_); }
  const T& value() const { return std::get<T>(content_); }
  const Ec2Error& error() const { return std::get<Ec2Error>(content_); }

 private:
  std::variant<T, Ec2Error> content_;
};

struct Nothing {};
using Ec2Status = Ec2Result<Nothing>;

/// `DryRun=true` and everything is in order: an error that means "would have worked".
inline Ec2Error dry_run_operation() {
  return {412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set."};
}

inline Ec2Error no_free_addresses() {
  return {400, "InsufficientFreeAddressesInSubnet",
          "The specified subnet does not have enough free addresses to satisfy the request."};
}

}  // namespace wme::simulators::aws
