#pragma once

#include <map>
#include <string>

#include "simulators/core/cloud_front.hpp"
#include "simulators/core/world.hpp"
#include "simulators/gcp/compute_backend.hpp"
#include "simulators/gcp/compute_routes.hpp"
#include "simulators/gcp/token_service.hpp"

namespace wme::simulators::gcp {

/// The Compute Engine API v1 over the simulated world, with tokens, the metadata server, and
/// Resource Manager as far as rights are asked for. Faults and `denied` go by the operation's name
/// ("instances.stop"). Over sockets, `wait` blocks as the real one does, but for a second or two.
/// Source: Compute Engine API v1, discovery document.
class ComputeFront : public CloudFront {
 public:
  ComputeFront(World& world, WallClock wall_clock);
  HttpResponse handle(const HttpRequest& request) override;
  std::string name() const override { return "compute"; }
  FidelityLedger fidelity() const override;
  std::set<std::string> deniable() const override;
  std::vector<ClientHint> client_hints(const std::string& base) const override;
  Result<std::map<std::string, std::string>> environment(
      const std::string& base, const std::filesystem::path& directory) override;

 private:
  HttpResponse serve(const HttpRequest& request);
  HttpResponse answer(const HttpRequest& request, const RouteMatch& match, Fault fault);
  HttpResponse waited(const HttpRequest& request, HttpResponse first);
  static std::optional<std::string> asked_project(const std::string& path);
  HttpResponse granted(const HttpRequest& request, const std::string& project);
  ComputeStatus check(const RouteMatch& match, const ComputeRequest& asked) const;
  bool is_denied(const std::string& operation, const std::string& permission) const;
  HttpResponse refusal(const ComputeError& error) const;
  HttpResponse forbidden(const RouteMatch& match) const;

  World& world_;
  ComputeBackend backend_;
  TokenService tokens_;
  std::map<std::string, std::string> last_reads_;  ///< by target: what a stale read shows again
  bool is_served_ = false;  ///< over sockets: others wait there while the world's time goes on
};

}  // namespace wme::simulators::gcp
