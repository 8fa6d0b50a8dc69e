#include "tests/simulators/gcp/compute_door.hpp"

namespace wme::simulators::gcp {

namespace {
constexpr std::chrono::sys_seconds kComputeWallTime{std::chrono::seconds(1700000000)};
}

model::Inventory small_installation() {
  model::Inventory all;
  all.provider = model::Provider::kGcp;
  all.name = "acme";
  all.version = "11.12.0.ee.1";
  all.backup_id = "backup-7";
  all.platform.address = "10.0.0.10";
  all.platform.cloud_id = "wme-platform";
  all.platform.interface = "nic0";
  all.platform.wm_data = {"wme-data", 150};
  all.platform.wm_runtime = {"wme-runtime", 100};
  model::Instance studio;
  studio.name = "studio-1";
  studio.shard = "studio";
  studio.address = "10.0.0.21";
  studio.cloud_id = "wme-studio-1";
  all.instances = {studio};
  all.shards = {{"studio", "shard-1"}};
  model::Container container;
  container.name = "c1";
  container.id = "c1";
  container.shard = "studio";
  container.instance = "studio-1";
  container.state = model::ContainerState::kRunning;
  all.containers = {container};
  all.launch.image = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts";
  all.launch.platform_size = "n2-standard-8";
  all.launch.instance_size = "n2-standard-4";
  all.launch.subnet = "wme-subnet";
  all.launch.zone = "europe-west1-b";
  all.launch.security_groups = {"wme-platform", "wme-external"};
  return all;
}

std::string ComputeAnswer::reason() const { return text("/error/errors/0/reason"); }

std::string ComputeAnswer::text(const std::string& pointer) const {
  const nlohmann::json::json_pointer at(pointer);
  if (!body.is_structured() || !body.contains(at)) return "";
  return body.at(at).is_string() ? body.at(at).get<std::string>() : body.at(at).dump();
}

ComputeDoor::ComputeDoor(model::Procedure procedure, FaultSchedule faults,
                         const model::Inventory& inventory)
    : world_(model::installation_of(inventory, procedure), clock_, std::move(faults)),
      front_(world_, [this] { return world_.conditions().time_at("compute"); }) {
  world_.conditions().wall_clock = [] { return kComputeWallTime; };
  const HttpResponse given =
      front_.handle({"GET",
                     "/computeMetadata/v1/instance/service-accounts/default/token",
                     {{"Metadata-Flavor", "Google"}},
                     ""});
  token_ = nlohmann::json::parse(given.body)["access_token"];
}

ComputeAnswer ComputeDoor::call(const std::string& method, const std::string& path,
                                const nlohmann::json& body) {
  const HttpResponse response = front_.handle({method,
                                               "/compute/v1/projects/wme-simulated/" + path,
                                               {{"Authorization", "Bearer " + token_}},
                                               body.is_null() ? "" : body.dump()});
  return {response.status, response.drop,
          nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false)};
}

ComputeAnswer ComputeDoor::done(const std::string& method, const std::string& path,
                                const nlohmann::json& body) {
  const ComputeAnswer accepted = call(method, path, body);
  if (accepted.status != 200) return accepted;
  clock_.advance(std::chrono::minutes(150));
  const std::string link = accepted.text("/selfLink");
  const std::string mark = "/projects/wme-simulated/";
  return call("GET", link.substr(link.find(mark) + mark.size()));
}

std::vector<std::string> ComputeDoor::rules_broken() {
  std::vector<std::string> rules;
  for (const Violation& each : world_.violations()) rules.push_back(each.rule);
  return rules;
}

}  // namespace wme::simulators::gcp
