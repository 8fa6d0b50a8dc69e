#include "executor/drivers/aws/aws_cloud.hpp"

#include <utility>

#include "executor/drivers/aws/credentials.hpp"
#include "executor/drivers/aws/ec2_client.hpp"
#include "executor/drivers/aws/ec2_port.hpp"
#include "executor/drivers/aws/ec2_survey.hpp"
#include "executor/drivers/aws/settings.hpp"

namespace wme::executor::aws {

namespace {

WallClock seconds(const WallTime& wall_time) {
  return [wall_time] { return std::chrono::floor<std::chrono::seconds>(wall_time()); };
}

CredentialReach reach(const CloudSetup& setup, const std::string& region) {
  return {setup.environment, setup.http, seconds(setup.wall_time), setup.run_program, region};
}

class AwsCloud final : public Cloud {
 public:
  AwsCloud(const model::Inventory& inventory, Ec2Place place, const CloudSetup& setup)
      : credentials_(reach(setup, place.region)),
        client_(setup.http, std::move(place), credentials_, seconds(setup.wall_time)),
        port_(inventory, client_) {}
  SystemPort& port() override { return port_; }

 private:
  CredentialChain credentials_;
  Ec2Client client_;
  Ec2Port port_;
};

}  // namespace

Result<std::unique_ptr<Cloud>> open_aws(const model::Inventory& inventory,
                                        const CloudSetup& setup) {
  Result<Ec2Place> place = ec2_place(inventory, setup.environment);
  if (!place) return place.error();
  return std::unique_ptr<Cloud>(
      std::make_unique<AwsCloud>(inventory, std::move(place).value(), setup));
}

Result<std::unique_ptr<CloudSurvey>> survey_aws(const model::Inventory& inventory,
                                                const CloudSetup& setup) {
  const Result<Ec2Place> place = ec2_place(inventory, setup.environment);
  if (!place) return place.error();
  auto credentials = std::make_unique<CredentialChain>(reach(setup, place.value().region));
  return std::unique_ptr<CloudSurvey>(
      std::make_unique<Ec2Survey>(inventory, setup.http, place.value(), std::move(credentials),
                                  seconds(setup.wall_time), setup.wall_time));
}

}  // namespace wme::executor::aws
