#include "executor/drivers/gcp/gcp_cloud.hpp"

#include <utility>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/drivers/gcp/compute_port.hpp"
#include "executor/drivers/gcp/compute_survey.hpp"
#include "executor/drivers/gcp/credentials.hpp"

namespace wme::executor::gcp {

namespace {

WallClock seconds(const WallTime& wall_time) {
  return [wall_time] { return std::chrono::floor<std::chrono::seconds>(wall_time()); };
}

class GcpCloud final : public Cloud {
 public:
  GcpCloud(const model::Inventory& inventory, ComputePlace place, const CloudSetup& setup)
      : credentials_(setup.environment, setup.http, seconds(setup.wall_time)),
        client_(setup.http, std::move(place), credentials_),
        port_(inventory, client_) {}
  SystemPort& port() override { return port_; }

 private:
  CredentialChain credentials_;
  ComputeClient client_;
  ComputePort port_;
};

Result<ComputePlace> place_of(const model::Inventory& inventory, const CloudSetup& setup) {
  const CredentialChain credentials(setup.environment, setup.http, seconds(setup.wall_time));
  return compute_place(inventory, setup.environment, credentials);
}

}  // namespace

Result<std::unique_ptr<Cloud>> open_gcp(const model::Inventory& inventory,
                                        const CloudSetup& setup) {
  Result<ComputePlace> place = place_of(inventory, setup);
  if (!place) return place.error();
  return std::unique_ptr<Cloud>(
      std::make_unique<GcpCloud>(inventory, std::move(place).value(), setup));
}

Result<std::unique_ptr<CloudSurvey>> survey_gcp(const model::Inventory& inventory,
                                                const CloudSetup& setup) {
  Result<ComputePlace> place = place_of(inventory, setup);
  if (!place) return place.error();
  auto credentials =
      std::make_unique<CredentialChain>(setup.environment, setup.http, seconds(setup.wall_time));
  return std::unique_ptr<CloudSurvey>(std::make_unique<ComputeSurvey>(
      inventory, setup.http, std::move(place).value(), std::move(credentials), setup.wall_time));
}

}  // namespace wme::executor::gcp
