#include "executor/drivers/azure/arm_survey.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "executor/drivers/azure/arm_rights.hpp"
#include "executor/drivers/azure/json_fields.hpp"
#include "executor/ports/clock_reading.hpp"

namespace wme::executor::azure {

using nlohmann::json;

namespace {

constexpr std::string_view kComputeVersion = "2022-08-01";
constexpr std::string_view kPermissionsVersion = "2022-04-01";
constexpr std::string_view kSubscriptionVersion = "2020-01-01";
constexpr std::string_view kGroupVersion = "2021-04-01";

std::string title_of(const Call& call) {
  std::string title = call.action;
  for (const std::string& argument : call.arguments) title += " " + argument;
  return title;
}

std::string subnet_of(const json& interface) {
  const auto all = items_at(interface, "properties/ipConfigurations");
  return all.empty() ? "" : text_at(all.front(), "properties/subnet/id");
}

std::vector<std::string> addresses_of(const json& interface) {
  std::vector<std::string> found;
  for (const json& each : items_at(interface, "properties/ipConfigurations"))
    if (const std::string address = text_at(each, "properties/privateIPAddress"); !address.empty())
      found.push_back(address);
  return found;
}

/// In the model's words, of the instance view.
std::string state_of(const json& machine) {
  const std::string provisioning = lower(text_at(machine, "properties/provisioningState"));
  if (provisioning == "creating") return "pending";
  if (provisioning == "deleting") return "terminating";
  for (const json& each : items_at(machine, "properties/instanceView/statuses")) {
    const std::string code = text_at(each, "code");
    if (code == "PowerState/running") return "running";
    if (code == "PowerState/starting") return "pending";
    if (code == "PowerState/stopping" || code == "PowerState/deallocating") return "stopping";
    if (code == "PowerState/stopped" || code == "PowerState/deallocated") return "stopped";
  }
  return "";
}

/// "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest", or the id of an image.
std::string image_of(const json& machine) {
  const std::string at = "properties/storageProfile/imageReference/";
  const std::string id = text_at(machine, at + "id");
  if (!id.empty()) return id;
  return text_at(machine, at + "publisher") + ":" + text_at(machine, at + "offer") + ":" +
         text_at(machine, at + "sku") + ":" + text_at(machine, at + "version");
}

/// A machine has the key, not its name: the resource with the same key tells it.
std::string key_name_of(const json& machine, const std::vector<json>& keys) {
  for (const json& has :
       items_at(machine, "properties/osProfile/linuxConfiguration/ssh/publicKeys"))
    for (const json& each : keys)
      if (text_at(each, "properties/publicKey") == text_at(has, "keyData"))
        return text_at(each, "name");
  return "";
}

long count_of(const std::vector<Call>& calls, std::string_view action) {
  return std::ranges::count(calls, action, &Call::action);
}

}  // namespace

ArmSurvey::ArmSurvey(const model::Inventory& inventory, HttpTransport& transport,
                     const ArmPlace& place, std::unique_ptr<TokenChain> tokens, WallTime wall_time)
    : inventory_(inventory),
      transport_(transport),
      tokens_(std::move(tokens)),
      wall_time_(std::move(wall_time)),
      client_(transport, place, *tokens_) {}

std::string ArmSurvey::where() const {
  const ArmPlace& place = client_.place();
  return "resource group " + place.group + " of " + place.location + " at " + place.base;
}

/// As an inventory has it: the name alone where it is in the group.
std::string ArmSurvey::short_name(const ResourceType& type, const std::string& id) const {
  return same_id(id, id_of(client_.place(), type, name_in(id))) ? name_in(id) : id;
}

std::string ArmSurvey::in_location(const std::string& what) const {
  return "/subscriptions/" + client_.place().subscription +
         "/providers/Microsoft.Compute/locations/" + client_.place().location + "/" + what;
}

Result<CloudIdentity> ArmSurvey::identity() {
  const auto token = tokens_->token();
  if (!token) return token.error();
  const std::string& subscription = client_.place().subscription;
  const auto found = client_.get("/subscriptions/" + subscription, kSubscriptionVersion);
  if (!found) return found.error();
  // A subscription answers whatever the group is called, and every list of a group that is not
  // there fails in words that are not about it.
  const auto group = client_.get(
      "/subscriptions/" + subscription + "/resourceGroups/" + client_.place().group, kGroupVersion);
  if (!group) return group.error();
  CloudIdentity identity;
  identity.account = subscription;
  identity.who = token.value().source + "; subscription " + text_at(found.value(), "displayName") +
                 " (" + subscription + ")";
  if (const std::string state = text_at(found.value(), "state"); state != "Enabled")
    identity.caveat = "the subscription is " + state;
  return identity;
}

/// Unsigned and without an operation: the endpoint answers with something, and the time.
Result<std::optional<ClockReading>> ArmSurvey::clock() {
  return read_clock(transport_, {"GET", client_.place().base, "/", {}, ""}, wall_time_);
}

SeenMachine ArmSurvey::machine_in(const json& machine, const Documents& interfaces) const {
  SeenMachine seen;
  seen.cloud_id = short_name(kMachines, text_at(machine, "id"));
  seen.state = state_of(machine);
  seen.size = text_at(machine, "properties/hardwareProfile/vmSize");
  seen.image = image_of(machine);
  for (const json& zone : items_at(machine, "zones"))
    if (zone.is_string()) seen.zone = text_at(machine, "location") + "-" + zone.get<std::string>();
  if (machine.contains("tags") && machine["tags"].is_object())
    for (const auto& [key, value] : machine["tags"].items())
      if (value.is_string()) seen.tags[key] = value.get<std::string>();
  std::set<std::string> groups;
  for (const json& each : interfaces) {
    if (!same_id(text_at(each, "properties/virtualMachine/id"), text_at(machine, "id"))) continue;
    const std::string name = short_name(kInterfaces, text_at(each, "id"));
    for (const std::string& address : addresses_of(each)) {
      seen.addresses.push_back(address);
      // Every interface can be moved: a stand-in takes the place of the last one.
      seen.movable_interfaces[address] = name;
    }
    const std::string subnet = subnet_of(each);
    const auto cut = lower(subnet).find("/subnets/");
    if (cut != std::string::npos) {
      seen.network = short_name(kNetworks, subnet.substr(0, cut));
      seen.subnet = seen.network + "/" + name_in(subnet);
      if (seen.network.starts_with('/')) seen.subnet = subnet;
    }
    const std::string group = text_at(each, "properties/networkSecurityGroup/id");
    if (!group.empty() && groups.insert(lower(group)).second)
      seen.security_groups.push_back(short_name(kGroups, group));
  }
  return seen;
}

Result<std::vector<SeenMachine>> ArmSurvey::machines(const std::vector<std::string>& addresses,
                                                     const std::vector<std::string>& ids) {
  const auto all = client_.list(list_of(client_.place(), kMachines), kMachines.version);
  if (!all) return all.error();
  const auto interfaces = client_.list(list_of(client_.place(), kInterfaces), kInterfaces.version);
  if (!interfaces) return interfaces.error();
  const auto sizes = cores_by_size();
  const auto keys = client_.list(list_of(client_.place(), kSshKeys), kSshKeys.version);
  std::vector<SeenMachine> found;
  for (const json& each : all.value()) {
    SeenMachine seen = machine_in(each, interfaces.value());
    const auto is_asked = [&](const std::string& address) {
      return std::ranges::find(addresses, address) != addresses.end();
    };
    const bool is_named = std::ranges::any_of(ids, [&](const std::string& id) {
      return same_id(id_of(client_.place(), kMachines, id), text_at(each, "id"));
    });
    if (!is_named && std::ranges::none_of(seen.addresses, is_asked)) continue;
    const auto viewed = client_.get(text_at(each, "id"), kMachines.version, "$expand=instanceView");
    if (!viewed) return viewed.error();
    seen.state = state_of(viewed.value());
    if (sizes)
      if (const auto size = sizes.value().find(seen.size); size != sizes.value().end())
        seen.vcpus = size->second;
    if (keys) seen.key_name = key_name_of(each, keys.value());
    found.push_back(std::move(seen));
  }
  return found;
}

Result<std::map<std::string, int>> ArmSurvey::cores_by_size() {
  const auto rows = client_.list(in_location("vmSizes"), kComputeVersion);
  if (!rows) return rows.error();
  std::map<std::string, int> cores;
  for (const json& each : rows.value())
    cores[text_at(each, "name")] = static_cast<int>(number_at(each, "numberOfCores"));
  return cores;
}

Result<std::vector<SeenDisk>> ArmSurvey::disks_of(const std::vector<std::string>& machine_ids) {
  std::vector<SeenDisk> found;
  for (const std::string& id : machine_ids) {
    const auto machine = client_.get(id_of(client_.place(), kMachines, id), kMachines.version);
    if (!machine && machine.error().code == ErrorCode::kNotFound) continue;
    if (!machine) return machine.error();
    for (const json& each : items_at(machine.value(), "properties/storageProfile/dataDisks"))
      found.push_back({short_name(kDisks, text_at(each, "managedDisk/id")), id,
                       "lun " + text_at(each, "lun"),
                       static_cast<int>(number_at(each, "diskSizeGB")),
                       text_at(each, "deleteOption") == "Delete"});
  }
  return found;
}

Result<std::optional<std::string>> ArmSurvey::range_of(const std::string& network) {
  const auto found = client_.get(id_of(client_.place(), kNetworks, network), kNetworks.version);
  if (!found && found.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  if (!found) return found.error();
  const auto ranges = items_at(found.value(), "properties/addressSpace/addressPrefixes");
  if (ranges.empty() || !ranges.front().is_string()) return std::optional<std::string>();
  return std::optional(ranges.front().get<std::string>());
}

Result<std::optional<AddressHolder>> ArmSurvey::holder_of(const std::string& address) {
  const auto all = client_.list(list_of(client_.place(), kInterfaces), kInterfaces.version);
  if (!all) return all.error();
  for (const json& each : all.value()) {
    const auto addresses = addresses_of(each);
    if (std::ranges::find(addresses, address) == addresses.end()) continue;
    const std::string name = short_name(kInterfaces, text_at(each, "id"));
    const std::string machine = text_at(each, "properties/virtualMachine/id");
    // An interface that is on no machine is what a new one with this address is made with.
    if (machine.empty() && name != inventory_.platform.interface) continue;
    return std::optional(
        AddressHolder{name, machine.empty() ? "" : short_name(kMachines, machine)});
  }
  return std::optional<AddressHolder>();
}

Result<std::optional<std::string>> ArmSurvey::fault_of_image(const std::string& image) {
  std::vector<std::string> parts(1);
  for (const char c : image)
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  const bool is_of_market = parts.size() == 4;
  const auto id = parse_resource_id(image);
  const bool is_disk = id && same_id(id->type, kDisks.path);
  const auto found =
      is_of_market ? client_.get_any(
                         in_location("publishers/" + parts[0] + "/artifacttypes/vmimage/offers/" +
                                     parts[1] + "/skus/" + parts[2] + "/versions"),
                         kComputeVersion)
                   : client_.get_any(id_of(client_.place(), kImages, image),
                                     is_disk ? kDisks.version : kImages.version);
  if (!found && found.error().code != ErrorCode::kNotFound) return found.error();
  const bool is_there = found && !(found.value().is_array() && found.value().empty());
  if (!is_there)
    return std::optional<std::string>("Azure shows no image " + image + " in " +
                                      client_.place().location);
  if (is_of_market && parts[3] != "latest" &&
      std::ranges::none_of(found.value(),
                           [&](const json& each) { return text_at(each, "name") == parts[3]; }))
    return std::optional<std::string>("of image " + image + " there is no version " + parts[3]);
  return std::optional<std::string>();
}

Result<std::vector<Permission>> ArmSurvey::permissions(const std::vector<Call>& calls) {
  const ArmPlace& place = client_.place();
  const auto effective =
      client_.list("/subscriptions/" + place.subscription + "/resourceGroups/" + place.group +
                       "/providers/Microsoft.Authorization/permissions",
                   kPermissionsVersion);
  if (!effective) return effective.error();
  std::map<std::string_view, std::vector<std::string>> wanted;
  for (const Call& call : calls)
    for (const std::string_view action : actions_of(call)) wanted[action].push_back(title_of(call));
  std::vector<Permission> found;
  for (auto& [action, titles] : wanted) {
    const bool is_granted = std::ranges::any_of(
        effective.value(), [&, needed = action](const json& each) { return grants(each, needed); });
    Permission one;
    one.operation = action;
    one.calls = std::move(titles);
    one.answer = is_granted ? Permission::Answer::kAllowed : Permission::Answer::kDenied;
    one.detail = is_granted ? "granted by the roles in the resource group; locks and policies are "
                              "not looked at"
                            : "no role in the resource group " + place.group + " grants it";
    found.push_back(std::move(one));
  }
  return found;
}

std::string ArmSurvey::policy(const std::vector<Call>& calls, const std::string&) const {
  return role_definition(inventory_, client_.place(), calls);
}

Result<std::vector<Quota>> ArmSurvey::quotas(const std::vector<Call>& calls) {
  const auto rows = client_.list(in_location("usages"), kComputeVersion);
  if (!rows) return rows.error();
  const long launches = count_of(calls, "launch-machine");
  const auto sizes = cores_by_size();
  long cores = 0;
  for (const Call& call : calls) {
    if (call.action != "launch-machine" || !sizes) continue;
    const bool is_platform = call.arguments.front() == "platform-new";
    const auto size = sizes.value().find(is_platform ? inventory_.launch.platform_size
                                                     : inventory_.launch.instance_size);
    if (size != sizes.value().end()) cores += size->second;
  }
  // A new machine brings a disk to boot from, and an instance one for /data.
  const long disks = launches * 2 + count_of(calls, "create-volume");
  const std::map<std::string, long> added = {
      {"cores", cores},
      {"virtualMachines", launches},
      {"PremiumDiskCount", disks},
      {"StandardSnapshotCount", count_of(calls, "take-snapshot")}};
  std::vector<Quota> found;
  for (const json& each : rows.value()) {
    const auto more = added.find(text_at(each, "name/value"));
    if (more == added.end() || more->second == 0) continue;
    const long used = number_at(each, "currentValue");
    Quota quota;
    quota.what = text_at(each, "name/localizedValue") + " of " + client_.place().location;
    quota.limit = number_at(each, "limit");
    quota.used = std::to_string(used) + " are used; the plan adds " + std::to_string(more->second) +
                 " before the old ones are gone";
    quota.wanted = used + more->second;
    quota.look_at =
        "https://portal.azure.com/#view/Microsoft_Azure_Capacity/QuotaMenuBlade/myQuotas";
    found.push_back(std::move(quota));
  }
  return found;
}

}  // namespace wme::executor::azure
