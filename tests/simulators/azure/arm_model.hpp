#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "executor/ports/transport.hpp"

namespace wme::simulators::azure {

/// What is wrong with one exchange, by the machine model of Azure's own client (tests/data/azure):
/// unknown names, wrong types, values outside a closed set, read-only fields that are sent,
/// required ones that are missing, statuses that clients do not accept. Empty: nothing, or no
/// operation of that model, which `is_modelled` tells.
std::vector<std::string> faults_of(const executor::HttpCall& call,
                                   const executor::HttpAnswer& answer);
bool is_modelled(const executor::HttpCall& call);
/// The same of one document, of a model such as "VirtualMachine"; `sent`: as a request.
std::vector<std::string> faults_of(const nlohmann::json& document, const std::string& model,
                                   bool sent);

/// Lets every exchange pass and keeps what was wrong with it.
class CheckedWire : public executor::HttpTransport {
 public:
  explicit CheckedWire(executor::HttpTransport& inner) : inner_(inner) {}
  Result<executor::HttpAnswer> send(const executor::HttpCall& call) override;
  const std::vector<std::string>& faults() const { return faults_; }
  int checked() const { return checked_; }
  /// "PUT …/disks/acme-wm-data", of every exchange so far.
  const std::vector<std::string>& log() const { return log_; }

 private:
  executor::HttpTransport& inner_;
  std::vector<std::string> faults_;
  std::vector<std::string> log_;
  int checked_ = 0;
};

}  // namespace wme::simulators::azure
