#include "executor/drivers/gcp/compute_policy.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "executor/drivers/gcp/compute_names.hpp"

namespace wme::executor::gcp {

namespace {

struct Needs {
  std::string_view operation;
  std::vector<std::string> permissions;  ///< without "compute."
};

/// What an interface's alias range needs.
const std::vector<std::string> kMovesAddress = {"instances.updateNetworkInterface",
                                                "subnetworks.use", "addresses.useInternal"};

const std::map<std::string_view, Needs>& needs() {
  static const std::map<std::string_view, Needs> all = {
      {"take-snapshot",
       {"disks.createSnapshot",
        {"disks.createSnapshot", "snapshots.create", "snapshots.setLabels"}}},
      {"delete-snapshot", {"snapshots.delete", {"snapshots.delete"}}},
      {"stop-machine", {"instances.stop", {"instances.stop"}}},
      {"start-machine", {"instances.start", {"instances.start"}}},
      {"terminate-machine",
       {"instances.delete", {"instances.delete", "instances.setDiskAutoDelete", "disks.delete"}}},
      {"launch-machine",
       {"instances.insert",
        {"instances.create", "instances.setLabels", "instances.setMetadata", "instances.setTags",
         "disks.create", "images.useReadOnly", "subnetworks.use"}}},
      {"detach-address", {"instances.updateNetworkInterface", kMovesAddress}},
      {"attach-address", {"instances.updateNetworkInterface", kMovesAddress}},
      {"return-address", {"instances.updateNetworkInterface", kMovesAddress}},
      {"create-volume",
       {"disks.insert", {"disks.create", "disks.setLabels", "snapshots.useReadOnly"}}},
      {"attach-volume", {"instances.attachDisk", {"instances.attachDisk", "disks.use"}}},
      {"detach-volume", {"instances.detachDisk", {"instances.detachDisk", "disks.use"}}},
      {"delete-volume", {"disks.delete", {"disks.delete"}}},
  };
  return all;
}

}  // namespace

std::string_view operation_of(std::string_view action) {
  const auto place = needs().find(action);
  return place == needs().end() ? std::string_view() : place->second.operation;
}

std::vector<std::string> permissions_of(const model::Inventory& inventory, const Call& call) {
  std::vector<std::string> all;
  const auto place = needs().find(call.action);
  if (place == needs().end()) return all;
  for (const std::string& each : place->second.permissions) {
    // A family's image that is everybody's needs no right in the own project.
    const bool is_foreign = segment_after(inventory.launch.image, "projects") != "";
    if (each == "images.useReadOnly" && is_foreign) continue;
    all.push_back("compute." + each);
  }
  return all;
}

const std::vector<std::string>& read_permissions() {
  static const std::vector<std::string> all = {
      "compute.addresses.list",     "compute.disks.get",          "compute.disks.list",
      "compute.images.get",         "compute.instances.get",      "compute.instances.list",
      "compute.machineTypes.get",   "compute.projects.get",       "compute.regions.get",
      "compute.snapshots.get",      "compute.snapshots.list",     "compute.subnetworks.get",
      "compute.zoneOperations.get", "compute.zoneOperations.list"};
  return all;
}

std::string compute_role(const model::Inventory& inventory, const std::vector<Call>& calls) {
  std::set<std::string> permissions(read_permissions().begin(), read_permissions().end());
  for (const Call& call : calls)
    for (const std::string& each : permissions_of(inventory, call)) permissions.insert(each);
  // A file for `gcloud iam roles create rehydrate --project=PROJECT --file=FILE`.
  return nlohmann::ordered_json{
             {"title", "Rehydrate"},
             {"description", "What the plan for " + inventory.name + " needs of Compute Engine"},
             {"stage", "GA"},
             {"includedPermissions", permissions}}
             .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace wme::executor::gcp
