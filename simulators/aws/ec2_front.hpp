#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "simulators/aws/ec2_backend.hpp"
#include "simulators/aws/sigv4_verifier.hpp"
#include "simulators/core/cloud_front.hpp"
#include "simulators/core/forms.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators::aws {

struct Ec2FrontOptions {
  std::vector<AccessKey> keys;
  WallClock wall_clock;  ///< real time, for the signatures
  std::string region;    ///< that signatures must be scoped to; empty: any
};

/// The EC2 Query API over the simulated world: POST and GET, SigV4, every operation of
/// `describe_operations()` and `change_operations()`, faults by operation name.
/// Source: EC2 API Reference, version 2016-11-15.
class Ec2Front : public CloudFront {
 public:
  Ec2Front(World& world, Ec2FrontOptions options);
  HttpResponse handle(const HttpRequest& request) override;
  std::string name() const override { return "ec2"; }
  FidelityLedger fidelity() const override;
  std::set<std::string> deniable() const override;
  std::vector<ClientHint> client_hints(const std::string& base) const override;
  Result<std::map<std::string, std::string>> environment(
      const std::string& base, const std::filesystem::path& directory) override;

 private:
  HttpResponse serve(const HttpRequest& request);
  HttpResponse answer(const std::string& operation, const Form& form, Fault fault);
  HttpResponse refusal(const Ec2Error& error);
  HttpResponse unauthorized(const std::string& operation);
  std::string next_request_id();

  World& world_;
  const Ec2FrontOptions options_;
  Ec2Backend backend_;
  SigV4Verifier verifier_;
  std::uint64_t requests_ = 0;
  std::map<std::string, std::string> last_reads_;  ///< by request: what a stale read shows again
  std::size_t last_reads_bytes_ = 0;
};

}  // namespace wme::simulators::aws
