#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/azure/arm_account.hpp"
#include "simulators/azure/arm_error.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::simulators::azure {

/// Who gives tokens, and who asks for them without one: the Microsoft identity platform and the
/// metadata service of a machine, as far as clients of Resource Manager need them.
class ArmLogin {
 public:
  using WallClock = std::function<std::chrono::sys_seconds()>;
  ArmLogin(ArmAccount account, WallClock wall_clock);

  /// None when the path is no path of these.
  std::optional<HttpResponse> answer(const HttpRequest& request, const std::string& base);
  /// Whether the request has a token that was given here and is still good; for whom it is.
  ArmResult<std::string> check(const HttpRequest& request) const;
  std::chrono::sys_seconds now() const { return wall_clock_(); }
  /// The operation ("Token") that the request is one of; empty when it is none.
  static std::string operation_of(const HttpRequest& request);

 private:
  friend struct LoginHandlers;
  std::string issue(const std::string& audience);

  struct Issued {
    std::string audience;
    std::chrono::sys_seconds end;
  };

  ArmAccount account_;
  WallClock wall_clock_;
  std::map<std::string, Issued> issued_;  ///< by token
  std::uint64_t count_ = 0;
};

/// As ArmRoute, for what needs no token; the fidelity ledger is made of these, too.
struct LoginRoute {
  std::string_view operation;
  std::string_view method;
  std::string_view route;
  Origin origin;
};
const std::vector<LoginRoute>& login_routes();

}  // namespace wme::simulators::azure
