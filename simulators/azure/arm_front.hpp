#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "simulators/azure/arm_backend.hpp"
#include "simulators/azure/arm_login.hpp"
#include "simulators/azure/arm_routes.hpp"
#include "simulators/core/cloud_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators::azure {

/// Azure Resource Manager over the simulated world, with the endpoints that give tokens for it
/// behind the same address: every operation of `arm_routes()` and `login_routes()`, faults by
/// operation name.
/// Source: Azure REST API reference; "Track asynchronous Azure operations".
class ArmFront : public CloudFront {
 public:
  /// `wall_clock`: real time, for the tokens.
  ArmFront(World& world, ArmAccount account, ArmLogin::WallClock wall_clock);
  HttpResponse handle(const HttpRequest& request) override;
  std::string name() const override { return "arm"; }
  FidelityLedger fidelity() const override;
  std::set<std::string> deniable() const override;
  std::vector<ClientHint> client_hints(const std::string& base) const override;
  /// The bearer policies of its SDKs and of az refuse http, and so does their login library.
  bool demands_https() const override { return true; }
  Result<std::map<std::string, std::string>> environment(
      const std::string& base, const std::filesystem::path& directory) override;

 private:
  HttpResponse serve(const HttpRequest& request);
  HttpResponse serve_route(const ArmRoute& route, const HttpRequest& request, ArmRequest& parts);
  HttpResponse answer(const ArmRoute& route, const ArmRequest& parts);
  HttpResponse refusal(const ArmError& error) const;
  HttpResponse unauthorized(const ArmRoute& route, const ArmRequest& parts) const;
  ArmStatus check_place(const ArmRoute& route, const ArmRequest& parts) const;
  std::string base_of(const HttpRequest& request) const;

  World& world_;
  ArmBackend backend_;
  ArmLogin login_;
  std::string base_ = "https://arm.simulated";
  std::uint64_t requests_ = 0;
  std::map<std::string, HttpResponse> last_reads_;  ///< by target: what a stale read shows again
};

}  // namespace wme::simulators::azure
