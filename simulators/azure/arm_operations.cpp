#include <algorithm>
#include <utility>

#include "simulators/azure/arm_backend.hpp"

/// Operations under way: what Azure-AsyncOperation and Location lead to.
namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr std::size_t kOperationsKept = 10000;

std::string message_of(const std::string& code) {
  if (code == "AllocationFailed")
    return "Allocation failed. We do not have sufficient capacity for the requested VM size in "
           "this region.";
  return "An internal execution error occurred. Please retry later.";
}

}  // namespace

const Operation* ArmBackend::operation(const std::string& id) const {
  const auto place = operations_.find(lower(id));
  return place == operations_.end() ? nullptr : &place->second;
}

Change ArmBackend::begin(int status, const std::string& type, const std::string& id,
                         std::function<Progress()> look) {
  if (operations_.size() >= kOperationsKept)
    std::erase_if(operations_, [](const auto& each) { return each.second.ended.has_value(); });
  Operation begun;
  begun.id = guid_of("operation" + std::to_string(++operations_begun_) + id);
  begun.resource = id;
  begun.started = now();
  begun.look = std::move(look);
  begun.progress.status = "InProgress";
  Change change;
  change.status = status;
  change.operation = begun.id;
  if (Resource* row = find(type, id)) {
    row->failure.clear();
    change.body = shown(type, *row);
  }
  operations_[begun.id] = std::move(begun);
  return change;
}

/// The end of what the model has a variable for.
std::function<Progress()> ArmBackend::until(const std::string& fluent, const std::string& entity,
                                            const std::vector<std::string>& on_the_way,
                                            const std::string& end, const std::string& failure) {
  return [=, this]() -> Progress {
    const std::string value =
        entity.empty() ? world_.value(fluent, {}) : world_.value(fluent, {entity});
    if (std::ranges::find(on_the_way, value) != on_the_way.end()) return {"InProgress", "", ""};
    if (value == end) return {"Succeeded", "", ""};
    return {"Failed", failure, message_of(failure)};
  };
}

/// The end of whatever moves to or from a machine, or happens to it.
std::function<Progress()> ArmBackend::until_steady(const std::string& machine) {
  return [=, this]() -> Progress {
    const Resource* row = find(kMachineType, machine);
    if (row == nullptr) return {};
    const std::string state = state_of(*row).provisioning;
    if (state == "Failed")
      return {"Failed", row->failure.empty() ? "AllocationFailed" : row->failure,
              message_of(row->failure)};
    if (state != "Succeeded") return {"InProgress", "", ""};
    if (has_what_it_lists(*row)) return {};
    return {"Failed", "InternalExecutionError", message_of("InternalExecutionError")};
  };
}

/// Nothing moves any more: it holds every disk and interface of its lists, and no other.
bool ArmBackend::has_what_it_lists(const Resource& machine) const {
  const auto fits = [&](const std::string& holder, bool is_listed) {
    return same_id(holder, machine.id) == is_listed;
  };
  const auto lists = [&](const char* path, const char* id_path, const std::string& id) {
    for (const json& each : items_at(machine.body, path))
      if (same_id(text_at(each, id_path), id)) return true;
    return false;
  };
  const std::string os_disk =
      text_at(machine.body, "properties/storageProfile/osDisk/managedDisk/id");
  for (const auto& [id, disk] : tables_.at(kDiskType))
    if (!same_id(id, os_disk) &&
        !fits(holding_of_disk(disk).machine,
              lists("properties/storageProfile/dataDisks", "managedDisk/id", id)))
      return false;
  for (const auto& [id, interface] : tables_.at(kInterfaceType))
    if (!fits(holding_of_interface(interface).machine,
              lists("properties/networkProfile/networkInterfaces", "id", id)))
      return false;
  return true;
}

}  // namespace wme::simulators::azure
