#include "executor/drivers/azure/azure_cloud.hpp"

#include <utility>

#include "executor/drivers/azure/arm_client.hpp"
#include "executor/drivers/azure/arm_port.hpp"
#include "executor/drivers/azure/arm_survey.hpp"
#include "executor/drivers/azure/settings.hpp"
#include "executor/drivers/azure/token_chain.hpp"

namespace wme::executor::azure {

namespace {

WallClock seconds(const WallTime& wall_time) {
  return [wall_time] { return std::chrono::floor<std::chrono::seconds>(wall_time()); };
}

class AzureCloud final : public Cloud {
 public:
  AzureCloud(const model::Inventory& inventory, const ArmPlace& place, const CloudSetup& setup)
      : tokens_(place, setup.environment, setup.http, seconds(setup.wall_time)),
        client_(setup.http, place, tokens_),
        port_(inventory, client_) {}
  SystemPort& port() override { return port_; }

 private:
  TokenChain tokens_;
  ArmClient client_;
  ArmPort port_;
};

}  // namespace

Result<std::unique_ptr<Cloud>> open_azure(const model::Inventory& inventory,
                                          const CloudSetup& setup) {
  const Result<ArmPlace> place = arm_place(inventory, setup.environment);
  if (!place) return place.error();
  return std::unique_ptr<Cloud>(std::make_unique<AzureCloud>(inventory, place.value(), setup));
}

Result<std::unique_ptr<CloudSurvey>> survey_azure(const model::Inventory& inventory,
                                                  const CloudSetup& setup) {
  const Result<ArmPlace> place = arm_place(inventory, setup.environment);
  if (!place) return place.error();
  auto tokens = std::make_unique<TokenChain>(place.value(), setup.environment, setup.http,
                                             seconds(setup.wall_time));
  return std::unique_ptr<CloudSurvey>(std::make_unique<ArmSurvey>(
      inventory, setup.http, place.value(), std::move(tokens), setup.wall_time));
}

}  // namespace wme::executor::azure
