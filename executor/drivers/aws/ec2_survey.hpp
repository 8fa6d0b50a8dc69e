#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "executor/drivers/aws/ec2_client.hpp"
#include "executor/drivers/aws/ec2_port.hpp"
#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// An installation in EC2, looked at. Sends Describe operations and, for permissions, the very
/// requests of a run with DryRun=true. What STS and Service Quotas know is not asked of them: it is
/// said that it is not known, and where it stands.
/// Source: EC2 API Reference; DryRun: "If you have the required permissions, the error response is
/// DryRunOperation. Otherwise, it is UnauthorizedOperation."
class Ec2Survey final : public CloudSurvey {
 public:
  /// The transport must outlive it.
  Ec2Survey(const model::Inventory& inventory, HttpTransport& transport, const Ec2Place& place,
            std::unique_ptr<CredentialChain> credentials, WallClock wall_clock, WallTime wall_time);

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
  Result<std::vector<Element>> described(const std::string& operation, const std::string& set,
                                         Parameters parameters);
  Result<std::vector<Element>> filtered(const std::string& operation, const std::string& set,
                                        const std::string& filter,
                                        const std::vector<std::string>& values);
  Result<Permission> permission(const Call& call);
  Parameters stand_in(const Call& call) const;
  Result<Quota> machine_quota(long launches);
  Result<std::vector<Quota>> storage_quotas(const std::vector<Call>& calls);
  Result<Quota> group_quota();

  model::Inventory inventory_;
  HttpTransport& transport_;
  std::unique_ptr<CredentialChain> credentials_;
  WallTime wall_time_;
  Ec2Client reading_;
  Ec2Client dry_;
  Ec2Port dry_port_;
};

}  // namespace wme::executor::aws
