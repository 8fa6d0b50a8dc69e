#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/drivers/azure/arm_client.hpp"
#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"

namespace wme::executor::azure {

/// An installation in Azure, looked at: sends GET and nothing else. Resource Manager has no dry
/// run; whether the calls of a plan are permitted is told by the caller's effective permissions,
/// which know of roles, but not of locks, policies and conditions.
/// Source: Azure REST API: Permissions - List For Resource Group; Usage - List.
class ArmSurvey final : public CloudSurvey {
 public:
  /// The transport must outlive it.
  ArmSurvey(const model::Inventory& inventory, HttpTransport& transport, const ArmPlace& place,
            std::unique_ptr<TokenChain> tokens, WallTime wall_time);

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
  using Documents = std::vector<nlohmann::json>;
  std::string short_name(const ResourceType& type, const std::string& id) const;
  std::string in_location(const std::string& what) const;
  Result<std::map<std::string, int>> cores_by_size();
  SeenMachine machine_in(const nlohmann::json& machine, const Documents& interfaces) const;

  model::Inventory inventory_;
  HttpTransport& transport_;
  std::unique_ptr<TokenChain> tokens_;
  WallTime wall_time_;
  ArmClient client_;
};

}  // namespace wme::executor::azure
