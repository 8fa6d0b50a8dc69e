#include "executor/drivers/all/clouds.hpp"

#include <map>
#include <string>

#include "executor/drivers/aws/aws_cloud.hpp"
#include "executor/drivers/azure/azure_cloud.hpp"
#include "executor/drivers/gcp/gcp_cloud.hpp"

namespace wme::executor {

namespace {

struct Provider {
  Result<std::unique_ptr<Cloud>> (*open)(const model::Inventory&, const CloudSetup&);
  Result<std::unique_ptr<CloudSurvey>> (*survey)(const model::Inventory&, const CloudSetup&);
};

const std::map<model::Provider, Provider>& providers() {
  static const std::map<model::Provider, Provider> all = {
      {model::Provider::kAws, {aws::open_aws, aws::survey_aws}},
      {model::Provider::kAzure, {azure::open_azure, azure::survey_azure}},
      {model::Provider::kGcp, {gcp::open_gcp, gcp::survey_gcp}},
  };
  return all;
}

Error no_driver(const model::Inventory& inventory, const std::string& what) {
  std::string known;
  for (const auto& [provider, driver] : providers())
    known += (known.empty() ? "" : ", ") + std::string(to_string(provider));
  return {ErrorCode::kInvalid, "this version " + what + " " + known + " only: not " +
                                   std::string(to_string(inventory.provider)) +
                                   ", for which plans can be made, shown and verified"};
}

}  // namespace

Result<std::unique_ptr<Cloud>> open_cloud(const model::Inventory& inventory,
                                          const CloudSetup& setup) {
  const auto found = providers().find(inventory.provider);
  if (found == providers().end()) return no_driver(inventory, "drives");
  return found->second.open(inventory, setup);
}

Result<std::unique_ptr<CloudSurvey>> survey_cloud(const model::Inventory& inventory,
                                                  const CloudSetup& setup) {
  const auto found = providers().find(inventory.provider);
  if (found == providers().end()) return no_driver(inventory, "looks into");
  return found->second.survey(inventory, setup);
}

}  // namespace wme::executor
