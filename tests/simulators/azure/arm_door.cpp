#include "tests/simulators/azure/arm_door.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

std::string ArmAnswer::code() const { return text_at(body, "error/code"); }

std::string ArmAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_id(key, name)) return value;
  return "";
}

model::Inventory small_inventory() {
  model::Inventory all;
  all.name = "acme";
  all.provider = model::Provider::kAzure;
  all.version = "11.12.0.ee.1";
  all.backup_id = "backup-7";
  all.platform.address = "10.0.0.10";
  all.platform.cloud_id = "wme-platform";
  all.platform.interface = "wme-nic-1";
  all.platform.wm_data = {"wme-data", 150};
  all.platform.wm_runtime = {"wme-runtime", 100};
  model::Instance studio;
  studio.name = "studio-1";
  studio.shard = "studio";
  studio.address = "10.0.0.21";
  studio.new_address = "10.0.0.121";
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
  all.launch.image = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest";
  all.launch.platform_size = "Standard_D8s_v5";
  all.launch.instance_size = "Standard_D4s_v5";
  all.launch.subnet = "wme-vnet/wme-subnet";
  all.launch.zone = "westeurope-1";
  all.launch.key_name = "wme-admin";
  all.launch.security_groups = {"sg-platform", "sg-workspace"};
  all.access.region = "westeurope";
  return all;
}

std::string id_of(const std::string& type, const std::string& name) {
  return whole_id(account_of(small_inventory()), type, name);
}

json own_interface() {
  return {{"location", "westeurope"},
          {"properties",
           {{"ipConfigurations",
             json::array(
                 {{{"name", "ipconfig1"},
                   {"properties",
                    {{"subnet", {{"id", id_of(kNetworkType, "wme-vnet") + "/subnets/wme-subnet"}}},
                     {"privateIPAllocationMethod", "Dynamic"}}}}})}}}};
}

json own_machine(const std::string& interface) {
  return {{"location", "westeurope"},
          {"properties",
           {{"hardwareProfile", {{"vmSize", "Standard_B2s"}}},
            {"storageProfile",
             {{"imageReference",
               {{"publisher", "p"}, {"offer", "o"}, {"sku", "s"}, {"version", "latest"}}},
              {"osDisk", {{"createOption", "FromImage"}, {"name", "own-os"}}}}},
            {"osProfile", {{"computerName", "own"}, {"adminUsername", "ada"}}},
            {"networkProfile",
             {{"networkInterfaces", json::array({{{"id", id_of(kInterfaceType, interface)},
                                                  {"properties", {{"primary", true}}}}})}}}}}};
}

ArmDoor::ArmDoor(model::Procedure procedure, FaultSchedule faults,
                 const model::Inventory& inventory)
    : world_(model::installation_of(inventory, procedure), clock_, std::move(faults)),
      front_(world_, account_of(inventory), [this] { return wall; }) {
  front_.environment(kBase, {}).value();
  direct_.serve(kBase, front_);
}

std::string ArmDoor::token() {
  const ArmAccount account;
  const auto answer = plain({"POST",
                             kBase,
                             "/" + account.tenant + "/oauth2/v2.0/token",
                             {},
                             "grant_type=client_credentials&client_id=" + account.client +
                                 "&client_secret=" + account.secret +
                                 "&scope=http%3A%2F%2Farm.test%2F%2F.default"});
  return text_at(answer.body, "access_token");
}

ArmAnswer ArmDoor::plain(const executor::HttpCall& call) {
  const auto answer = wire_.send(call);
  ArmAnswer made;
  made.is_lost = !answer;
  if (!answer) return made;
  made.status = answer.value().status;
  made.headers = answer.value().headers;
  made.body = json::parse(answer.value().body, nullptr, false);
  return made;
}

ArmAnswer ArmDoor::call(const std::string& method, const std::string& path, const json& body,
                        const std::string& query) {
  if (token_.empty()) token_ = token();
  return plain({method,
                kBase,
                path + "?" + query,
                {{"Authorization", "Bearer " + token_}},
                body.is_null() ? "" : body.dump()});
}

std::vector<std::string> ArmDoor::rules_broken() {
  const auto lock = world_.enter();
  std::vector<std::string> rules;
  for (const Violation& each : world_.violations()) rules.push_back(each.rule);
  return rules;
}

}  // namespace wme::simulators::azure
