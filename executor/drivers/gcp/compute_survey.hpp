#pragma once

#include <memory>
#include <string>
#include <vector>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// An installation in Compute Engine, looked at. Rights are asked of Resource Manager, of the whole
/// project: what is granted on single resources only shows as missing.
/// Source: Compute Engine API v1; Resource Manager API, projects.testIamPermissions.
class ComputeSurvey final : public CloudSurvey {
 public:
  /// The transport must outlive it.
  ComputeSurvey(const model::Inventory& inventory, HttpTransport& transport, ComputePlace place,
                std::unique_ptr<CredentialChain> credentials, WallTime wall_time);

  std::string where() const override;
  Result<CloudIdentity> identity() override;
  Result<std::optional<ClockReading>> clock() override;
  Result<std::vector<SeenMachine>> machines(const std::vector<std::string>& addresses,
                                            const std::vector<std::string>& ids) override;
  Result<std::vector<SeenDisk>> disks_of(const std::vector<std::string>& machine_ids) override;
  Result<std::optional<std::string>> range_of(const std::string& network) override;
  Result<std::optional<AddressHolder>> holder_of(const std::string& address) override;
  Result<std::optional<std::string>> fault_of_image(const std::string& image) override;
  Result<std::vector<Permission>> permissions(const std::vector<Call>& calls) override;
  std::string policy(const std::vector<Call>& calls, const std::string& account) const override;
  Result<std::vector<Quota>> quotas(const std::vector<Call>& calls) override;

 private:
  Result<std::vector<nlohmann::json>> instances();
  Result<SeenMachine> machine_in(const nlohmann::json& row);
  Result<int> vcpus_of(const std::string& machine_type);

  model::Inventory inventory_;
  HttpTransport& transport_;
  std::unique_ptr<CredentialChain> credentials_;
  WallTime wall_time_;
  ComputeClient client_;
  std::map<std::string, int> vcpus_;  ///< by machine type, as asked
};

}  // namespace wme::executor::gcp
