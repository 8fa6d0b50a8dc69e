#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "model/json/percent.hpp"
#include "simulators/azure/arm_routes.hpp"

/// Every operation of the simulated Resource Manager.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr const char* kModel = "service model: azure-mgmt-compute 29.0.0, azure-mgmt-network";
constexpr const char* kPage = "vendor page: Azure REST API reference";
constexpr const char* kCaptured =
    "captured: azure-cli 2.45, @azure/arm-compute 24.1, @azure/arm-network 36";

using Request = const ArmRequest&;
using Answer = ArmResult<Change>;

constexpr std::size_t kPageSize = 100;

Answer shown(const ArmResult<json>& found) {
  if (!found) return found.error();
  return Change{200, found.value(), ""};
}

/// One page, and where the next one is. The token names the last row of the page, so that a row
/// that comes or goes meanwhile moves nothing.
Answer page_of(std::vector<json> rows, Request request) {
  const std::string after = request.query_value("$skiptoken");
  const auto key = [](const json& row) { return lower(text_at(row, "id")); };
  std::ranges::sort(rows, {}, key);
  if (!after.empty()) std::erase_if(rows, [&](const json& row) { return key(row) <= after; });
  json body = {{"value", json::array()}};
  for (std::size_t i = 0; i < std::min(rows.size(), kPageSize); ++i)
    body["value"].push_back(rows[i]);
  if (rows.size() > kPageSize)
    body["nextLink"] = request.base + request.target_path +
                       "?api-version=" + request.query_value("api-version") +
                       "&$skiptoken=" + model::percent_encode(key(rows[kPageSize - 1]));
  return Change{200, body, ""};
}

Answer list_group(ArmBackend& backend, Request request, const char* type) {
  return page_of(backend.list(type, request.path.at("group")), request);
}

/// The view goes with a machine only where it is asked for.
Answer with_view(ArmBackend& backend, json machine) {
  const auto view = backend.instance_view(text_at(machine, "id"));
  if (!view) return view.error();
  machine["properties"]["instanceView"] = view.value();
  return Change{200, machine, ""};
}

Answer get_machine(ArmBackend& backend, Request request) {
  const auto found = backend.get(kMachineType, request.id(kMachineType));
  if (!found) return found.error();
  if (lower(request.query_value("$expand")).find("instanceview") == std::string::npos)
    return shown(found);
  return with_view(backend, found.value());
}

Answer get_instance_view(ArmBackend& backend, Request request) {
  return shown(backend.instance_view(request.id(kMachineType)));
}

Answer list_machines(ArmBackend& backend, Request request) {
  return list_group(backend, request, kMachineType);
}

Answer list_all_machines(ArmBackend& backend, Request request) {
  std::vector<json> rows = backend.list(kMachineType, "");
  if (request.query_value("statusOnly") == "true")
    for (json& each : rows) {
      const Answer viewed = with_view(backend, each);
      if (viewed) each = viewed.value().body;
    }
  return page_of(std::move(rows), request);
}

Answer put_machine(ArmBackend& backend, Request request) {
  return backend.put_machine(request.id(kMachineType), request.body);
}
Answer patch_machine(ArmBackend& backend, Request request) {
  return backend.patch_machine(request.id(kMachineType), request.body);
}
Answer delete_machine(ArmBackend& backend, Request request) {
  return backend.delete_machine(request.id(kMachineType));
}
Answer deallocate(ArmBackend& backend, Request request) {
  return backend.change_power(request.id(kMachineType), ArmBackend::Power::kDeallocate);
}
Answer power_off(ArmBackend& backend, Request request) {
  return backend.change_power(request.id(kMachineType), ArmBackend::Power::kPowerOff);
}
Answer start(ArmBackend& backend, Request request) {
  return backend.change_power(request.id(kMachineType), ArmBackend::Power::kStart);
}
Answer attach_detach(ArmBackend& backend, Request request) {
  return backend.attach_detach(request.id(kMachineType), request.body);
}

Answer get_disk(ArmBackend& backend, Request request) {
  return shown(backend.get(kDiskType, request.id(kDiskType)));
}
Answer list_disks(ArmBackend& backend, Request request) {
  return list_group(backend, request, kDiskType);
}
Answer list_all_disks(ArmBackend& backend, Request request) {
  return page_of(backend.list(kDiskType, ""), request);
}
Answer put_disk(ArmBackend& backend, Request request) {
  return backend.put_disk(request.id(kDiskType), request.body);
}
Answer patch_disk(ArmBackend& backend, Request request) {
  return backend.patch_storage(kDiskType, request.id(kDiskType), request.body);
}
Answer delete_disk(ArmBackend& backend, Request request) {
  return backend.delete_disk(request.id(kDiskType));
}

Answer get_snapshot(ArmBackend& backend, Request request) {
  return shown(backend.get(kSnapshotType, request.id(kSnapshotType)));
}
Answer list_snapshots(ArmBackend& backend, Request request) {
  return list_group(backend, request, kSnapshotType);
}
Answer list_all_snapshots(ArmBackend& backend, Request request) {
  return page_of(backend.list(kSnapshotType, ""), request);
}
Answer put_snapshot(ArmBackend& backend, Request request) {
  return backend.put_snapshot(request.id(kSnapshotType), request.body);
}
Answer patch_snapshot(ArmBackend& backend, Request request) {
  return backend.patch_storage(kSnapshotType, request.id(kSnapshotType), request.body);
}
Answer delete_snapshot(ArmBackend& backend, Request request) {
  return backend.delete_snapshot(request.id(kSnapshotType));
}

Answer get_interface(ArmBackend& backend, Request request) {
  return shown(backend.get(kInterfaceType, request.id(kInterfaceType)));
}
Answer list_interfaces(ArmBackend& backend, Request request) {
  return list_group(backend, request, kInterfaceType);
}
Answer put_interface(ArmBackend& backend, Request request) {
  return backend.put_interface(request.id(kInterfaceType), request.body);
}
Answer patch_interface(ArmBackend& backend, Request request) {
  return backend.patch_interface(request.id(kInterfaceType), request.body);
}
Answer delete_interface(ArmBackend& backend, Request request) {
  return backend.delete_interface(request.id(kInterfaceType));
}

Answer get_network(ArmBackend& backend, Request request) {
  return shown(backend.get(kNetworkType, request.id(kNetworkType)));
}
Answer get_group_of_rules(ArmBackend& backend, Request request) {
  return shown(backend.get(kGroupType, request.id(kGroupType)));
}
Answer get_ssh_key(ArmBackend& backend, Request request) {
  return shown(backend.get(kSshKeyType, request.id(kSshKeyType)));
}

Answer list_ssh_keys(ArmBackend& backend, Request request) {
  return list_group(backend, request, kSshKeyType);
}

json resource_group(const ArmBackend& backend, const std::string& name) {
  return {{"id", "/subscriptions/" + backend.account().subscription + "/resourceGroups/" + name},
          {"name", name},
          {"type", "Microsoft.Resources/resourceGroups"},
          {"location", backend.account().location},
          {"properties", {{"provisioningState", "Succeeded"}}}};
}

Answer get_group(ArmBackend& backend, Request request) {
  return Change{200, resource_group(backend, request.path.at("group")), ""};
}
Answer list_groups(ArmBackend& backend, Request request) {
  return page_of({resource_group(backend, backend.account().group)}, request);
}

json subscription(const ArmBackend& backend) {
  const ArmAccount& account = backend.account();
  return {{"id", "/subscriptions/" + account.subscription},
          {"subscriptionId", account.subscription},
          {"tenantId", account.tenant},
          {"displayName", "simulated"},
          {"state", "Enabled"}};
}

Answer get_subscription(ArmBackend& backend, Request) {
  return Change{200, subscription(backend), ""};
}
Answer list_subscriptions(ArmBackend& backend, Request request) {
  return page_of({subscription(backend)}, request);
}
Answer list_tenants(ArmBackend& backend, Request request) {
  const std::string& tenant = backend.account().tenant;
  return page_of({{{"id", "/tenants/" + tenant}, {"tenantId", tenant}}}, request);
}

Answer list_permissions(ArmBackend& backend, Request) {
  return Change{200, {{"value", permissions_but(backend.world().conditions().denied)}}, ""};
}

/// "Standard_D8s_v5" has 8.
int cores_of(const std::string& size) {
  const auto digit = size.find_first_of("0123456789", size.find('_'));
  return digit == std::string::npos ? 2 : std::max(1, std::atoi(size.c_str() + digit));
}

json usage(const char* name, const char* words, long used, long limit) {
  return {{"unit", "Count"},
          {"currentValue", used},
          {"limit", limit},
          {"name", {{"value", name}, {"localizedValue", words}}}};
}

Answer list_usages(ArmBackend& backend, Request) {
  long cores = 0;
  const auto machines = backend.list(kMachineType, "");
  for (const json& each : machines)
    cores += cores_of(text_at(each, "properties/hardwareProfile/vmSize"));
  const auto disks = static_cast<long>(backend.list(kDiskType, "").size());
  const auto snapshots = static_cast<long>(backend.list(kSnapshotType, "").size());
  return Change{
      200,
      {{"value",
        json::array(
            {usage("cores", "Total Regional vCPUs", cores, 1000),
             usage("virtualMachines", "Virtual Machines", static_cast<long>(machines.size()),
                   25000),
             usage("PremiumDiskCount", "Premium Storage Managed Disks", disks, 50000),
             usage("StandardSnapshotCount", "Standard Storage Snapshots", snapshots, 50000)})}},
      ""};
}

Answer list_sizes(ArmBackend& backend, Request) {
  std::set<std::string> sizes = {"Standard_B2s", "Standard_D4s_v5", "Standard_D8s_v5"};
  for (const json& each : backend.list(kMachineType, ""))
    sizes.insert(text_at(each, "properties/hardwareProfile/vmSize"));
  json rows = json::array();
  for (const std::string& each : sizes)
    rows.push_back({{"name", each},
                    {"numberOfCores", cores_of(each)},
                    {"osDiskSizeInMB", 1047552},
                    {"resourceDiskSizeInMB", 0},
                    {"memoryInMB", cores_of(each) * 4096},
                    {"maxDataDiskCount", 16}});
  return Change{200, {{"value", rows}}, ""};
}

/// Of the image that the inventory names one version; of others none.
Answer list_image_versions(ArmBackend& backend, Request request) {
  const model::Launch& launch = backend.world().installation().inventory.launch;
  const std::string asked =
      request.path.at("publisher") + ":" + request.path.at("offer") + ":" + request.path.at("sku");
  json rows = json::array();
  if (same_id(launch.image.substr(0, launch.image.rfind(':')), asked))
    rows.push_back({{"name", "22.04.202601010"},
                    {"location", request.path.at("location")},
                    {"id", request.target_path + "/22.04.202601010"}});
  if (rows.empty())
    return ArmError{404, "NotFound", "The image " + asked + " was not found in this location."};
  return Change{200, rows, ""};
}

/// Azure-AsyncOperation answers 200 with a status; Location (monitor=true) 202 until the end.
Answer get_operation(ArmBackend& backend, Request request) {
  const Operation* found = backend.operation(request.path.at("operation"));
  if (found == nullptr)
    return ArmError{404, "NotFound",
                    "The operation " + request.path.at("operation") + " is not known."};
  const Progress& progress = found->progress;
  const bool is_monitor = request.query_value("monitor") == "true";
  if (is_monitor && progress.status == "InProgress") return Change{202, nullptr, found->id};
  if (is_monitor && progress.status == "Failed")
    return ArmError{409, progress.code, progress.message};
  if (is_monitor) return Change{200, nullptr, ""};
  json body = {
      {"startTime", arm_time(found->started)}, {"status", progress.status}, {"name", found->id}};
  if (found->ended) body["endTime"] = arm_time(*found->ended);
  if (progress.status == "Failed")
    body["error"] = {{"code", progress.code}, {"message", progress.message}};
  return Change{200, body, progress.status == "InProgress" ? found->id : ""};
}

// A constant where a route is longer than a line.
#define WME_GROUP "/subscriptions/{subscription}/resourceGroups/{group}"
#define WME_COMPUTE WME_GROUP "/providers/Microsoft.Compute"
#define WME_NETWORK WME_GROUP "/providers/Microsoft.Network"
#define WME_COMPUTE_OF_ALL "/subscriptions/{subscription}/providers/Microsoft.Compute"

constexpr std::string_view kPreempts =
    "answers Conflict while another change is under way, where the service may preempt that";
constexpr std::string_view kLists =
    "the other properties are kept as they are sent, not checked; OS disks cannot be swapped";

}  // namespace

const std::vector<ArmRoute>& arm_routes() {
  static const std::vector<ArmRoute> all = {
      {"VirtualMachines_Get",
       "Microsoft.Compute/virtualMachines/read",
       "GET",
       WME_COMPUTE "/virtualMachines/{name}",
       {kModel, ""},
       get_machine},
      {"VirtualMachines_InstanceView",
       "Microsoft.Compute/virtualMachines/instanceView/read",
       "GET",
       WME_COMPUTE "/virtualMachines/{name}/instanceView",
       {kModel, ""},
       get_instance_view},
      {"VirtualMachines_List",
       "Microsoft.Compute/virtualMachines/read",
       "GET",
       WME_COMPUTE "/virtualMachines",
       {kModel, "pages of 100"},
       list_machines},
      {"VirtualMachines_ListAll",
       "Microsoft.Compute/virtualMachines/read",
       "GET",
       WME_COMPUTE_OF_ALL "/virtualMachines",
       {kModel, "pages of 100"},
       list_all_machines},
      {"VirtualMachines_CreateOrUpdate",
       "Microsoft.Compute/virtualMachines/write",
       "PUT",
       WME_COMPUTE "/virtualMachines/{name}",
       {kModel,
        "image, size, zone and key are not looked up; a launch that fails is AllocationFailed"},
       put_machine},
      {"VirtualMachines_Update",
       "Microsoft.Compute/virtualMachines/write",
       "PATCH",
       WME_COMPUTE "/virtualMachines/{name}",
       {"service model: azure-mgmt-compute 29.0.0; vendor page: interfaces only while deallocated",
        kLists},
       patch_machine},
      {"VirtualMachines_Delete",
       "Microsoft.Compute/virtualMachines/delete",
       "DELETE",
       WME_COMPUTE "/virtualMachines/{name}",
       {"service model: azure-mgmt-compute 29.0.0; vendor page: deleteOption",
        "interfaces are free at once, not after three minutes"},
       delete_machine},
      {"VirtualMachines_Deallocate",
       "Microsoft.Compute/virtualMachines/deallocate/action",
       "POST",
       WME_COMPUTE "/virtualMachines/{name}/deallocate",
       {kModel, kPreempts},
       deallocate},
      {"VirtualMachines_PowerOff",
       "Microsoft.Compute/virtualMachines/powerOff/action",
       "POST",
       WME_COMPUTE "/virtualMachines/{name}/powerOff",
       {kModel, kPreempts},
       power_off},
      {"VirtualMachines_Start",
       "Microsoft.Compute/virtualMachines/start/action",
       "POST",
       WME_COMPUTE "/virtualMachines/{name}/start",
       {kModel, kPreempts},
       start},
      {"VirtualMachines_AttachDetachDataDisks",
       "Microsoft.Compute/virtualMachines/attachDetachDataDisks/action",
       "POST",
       WME_COMPUTE "/virtualMachines/{name}/attachDetachDataDisks",
       {kCaptured, kPreempts},
       attach_detach},
      {"Disks_Get",
       "Microsoft.Compute/disks/read",
       "GET",
       WME_COMPUTE "/disks/{name}",
       {kModel, ""},
       get_disk},
      {"Disks_ListByResourceGroup",
       "Microsoft.Compute/disks/read",
       "GET",
       WME_COMPUTE "/disks",
       {kModel, "pages of 100"},
       list_disks},
      {"Disks_List",
       "Microsoft.Compute/disks/read",
       "GET",
       WME_COMPUTE_OF_ALL "/disks",
       {kModel, "pages of 100"},
       list_all_disks},
      {"Disks_CreateOrUpdate",
       "Microsoft.Compute/disks/write",
       "PUT",
       WME_COMPUTE "/disks/{name}",
       {kCaptured, "createOption Empty and Copy only"},
       put_disk},
      {"Disks_Update",
       "Microsoft.Compute/disks/write",
       "PATCH",
       WME_COMPUTE "/disks/{name}",
       {kModel, "tags, sku and a larger size only"},
       patch_disk},
      {"Disks_Delete",
       "Microsoft.Compute/disks/delete",
       "DELETE",
       WME_COMPUTE "/disks/{name}",
       {kModel, "gone at once"},
       delete_disk},
      {"Snapshots_Get",
       "Microsoft.Compute/snapshots/read",
       "GET",
       WME_COMPUTE "/snapshots/{name}",
       {kModel, ""},
       get_snapshot},
      {"Snapshots_ListByResourceGroup",
       "Microsoft.Compute/snapshots/read",
       "GET",
       WME_COMPUTE "/snapshots",
       {kModel, "pages of 100"},
       list_snapshots},
      {"Snapshots_List",
       "Microsoft.Compute/snapshots/read",
       "GET",
       WME_COMPUTE_OF_ALL "/snapshots",
       {kModel, "pages of 100"},
       list_all_snapshots},
      {"Snapshots_CreateOrUpdate",
       "Microsoft.Compute/snapshots/write",
       "PUT",
       WME_COMPUTE "/snapshots/{name}",
       {kCaptured,
        "createOption Copy of a disk only; takes as long as the model says, usable only then"},
       put_snapshot},
      {"Snapshots_Update",
       "Microsoft.Compute/snapshots/write",
       "PATCH",
       WME_COMPUTE "/snapshots/{name}",
       {kModel, "tags and sku only"},
       patch_snapshot},
      {"Snapshots_Delete",
       "Microsoft.Compute/snapshots/delete",
       "DELETE",
       WME_COMPUTE "/snapshots/{name}",
       {kModel, "gone at once"},
       delete_snapshot},
      {"NetworkInterfaces_Get",
       "Microsoft.Network/networkInterfaces/read",
       "GET",
       WME_NETWORK "/networkInterfaces/{name}",
       {kModel, ""},
       get_interface},
      {"NetworkInterfaces_List",
       "Microsoft.Network/networkInterfaces/read",
       "GET",
       WME_NETWORK "/networkInterfaces",
       {kModel, "pages of 100"},
       list_interfaces},
      {"NetworkInterfaces_CreateOrUpdate",
       "Microsoft.Network/networkInterfaces/write",
       "PUT",
       WME_NETWORK "/networkInterfaces/{name}",
       {kModel,
        "Assumption: a new one has Succeeded when the answer comes; If-Match is not looked at"},
       put_interface},
      {"NetworkInterfaces_UpdateTags",
       "Microsoft.Network/networkInterfaces/write",
       "PATCH",
       WME_NETWORK "/networkInterfaces/{name}",
       {kModel, ""},
       patch_interface},
      {"NetworkInterfaces_Delete",
       "Microsoft.Network/networkInterfaces/delete",
       "DELETE",
       WME_NETWORK "/networkInterfaces/{name}",
       {kModel, "gone at once"},
       delete_interface},
      {"VirtualNetworks_Get",
       "Microsoft.Network/virtualNetworks/read",
       "GET",
       WME_NETWORK "/virtualNetworks/{name}",
       {kPage, "the one of the inventory only"},
       get_network},
      {"NetworkSecurityGroups_Get",
       "Microsoft.Network/networkSecurityGroups/read",
       "GET",
       WME_NETWORK "/networkSecurityGroups/{name}",
       {kPage, "names only, no rules"},
       get_group_of_rules},
      {"SshPublicKeys_Get",
       "Microsoft.Compute/sshPublicKeys/read",
       "GET",
       WME_COMPUTE "/sshPublicKeys/{name}",
       {kPage, "the one of the inventory only"},
       get_ssh_key},
      {"SshPublicKeys_ListByResourceGroup",
       "Microsoft.Compute/sshPublicKeys/read",
       "GET",
       WME_COMPUTE "/sshPublicKeys",
       {kPage, "the one of the inventory only"},
       list_ssh_keys},
      {"ResourceGroups_Get",
       "Microsoft.Resources/subscriptions/resourceGroups/read",
       "GET",
       WME_GROUP,
       {kCaptured, ""},
       get_group},
      {"ResourceGroups_List",
       "Microsoft.Resources/subscriptions/resourceGroups/read",
       "GET",
       "/subscriptions/{subscription}/resourceGroups",
       {kPage, ""},
       list_groups},
      {"Subscriptions_Get",
       "Microsoft.Resources/subscriptions/read",
       "GET",
       "/subscriptions/{subscription}",
       {kPage, ""},
       get_subscription},
      {"Subscriptions_List",
       "Microsoft.Resources/subscriptions/read",
       "GET",
       "/subscriptions",
       {kCaptured, ""},
       list_subscriptions},
      {"Tenants_List",
       "Microsoft.Resources/tenants/read",
       "GET",
       "/tenants",
       {kPage, ""},
       list_tenants},
      {"Permissions_ListForResourceGroup",
       "Microsoft.Authorization/permissions/read",
       "GET",
       WME_GROUP "/providers/Microsoft.Authorization/permissions",
       {kPage, "everything is allowed but what was denied from outside"},
       list_permissions},
      {"Usage_List",
       "Microsoft.Compute/locations/usages/read",
       "GET",
       WME_COMPUTE_OF_ALL "/locations/{location}/usages",
       {kPage, "four of some hundred rows"},
       list_usages},
      {"VirtualMachineSizes_List",
       "Microsoft.Compute/locations/vmSizes/read",
       "GET",
       WME_COMPUTE_OF_ALL "/locations/{location}/vmSizes",
       {kPage, "a few sizes"},
       list_sizes},
      {"VirtualMachineImages_List",
       "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read",
       "GET",
       WME_COMPUTE_OF_ALL "/locations/{location}/publishers/{publisher}/artifacttypes/vmimage"
                          "/offers/{offer}/skus/{sku}/versions",
       {kPage, "one version of the inventory's image"},
       list_image_versions},
      {"Operations_Get",
       "Microsoft.Compute/locations/operations/read",
       "GET",
       WME_COMPUTE_OF_ALL "/locations/{location}/operations/{operation}",
       {kCaptured, "Retry-After is always 1"},
       get_operation},
  };
  return all;
}

#undef WME_GROUP
#undef WME_COMPUTE
#undef WME_NETWORK
#undef WME_COMPUTE_OF_ALL

}  // namespace wme::simulators::azure
