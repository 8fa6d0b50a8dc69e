#include "executor/drivers/azure/arm_reader.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "executor/drivers/azure/json_fields.hpp"
#include "executor/ports/sentence.hpp"

namespace wme::executor::azure {

using nlohmann::json;

namespace {

constexpr const char* kWithView = "$expand=instanceView";
constexpr std::string_view kPower = "PowerState/";
constexpr std::string_view kFailed = "ProvisioningState/failed/";

std::string provisioning_of(const json& resource) {
  return lower(text_at(resource, "properties/provisioningState"));
}

/// "running" of PowerState/running; found by its prefix, since its place is not fixed.
std::string power_of(const json& machine) {
  for (const json& each : items_at(machine, "properties/instanceView/statuses"))
    if (const std::string code = text_at(each, "code"); code.starts_with(kPower))
      return code.substr(kPower.size());
  return "";
}

/// Why it could not be made, in Azure's words.
std::string failure_of(const json& machine) {
  for (const json& each : items_at(machine, "properties/instanceView/statuses"))
    if (const std::string code = text_at(each, "code"); code.starts_with(kFailed))
      return ": " + code.substr(kFailed.size()) + " " + without_stop(text_at(each, "message"));
  return "";
}

std::optional<std::string> power_word(const json& machine, bool is_new_one) {
  static const std::map<std::string, std::string> words = {
      {"running", "running"}, {"starting", "pending"},      {"stopping", "stopping"},
      {"stopped", "stopped"}, {"deallocating", "stopping"}, {"deallocated", "stopped"}};
  const std::string provisioning = provisioning_of(machine);
  if (provisioning == "deleting") return "terminating";
  if (provisioning == "creating") return "pending";
  const auto word = words.find(power_of(machine));
  if (word != words.end()) return word->second;
  // It stands there as a name without a machine: its launch failed, and may be asked for again.
  if (provisioning == "failed" && is_new_one) return "absent";
  return std::nullopt;
}

CloudRecord machine_record(const json& machine, bool is_new_one) {
  CloudRecord record;
  record.id = text_at(machine, "id");
  record.state = power_word(machine, is_new_one);
  record.detail = name_in(record.id) + " " + text_at(machine, "properties/provisioningState") +
                  " " + power_of(machine) + failure_of(machine);
  record.created = text_at(machine, "properties/timeCreated");
  record.resource = machine;
  return record;
}

std::optional<std::string> snapshot_word(const json& snapshot) {
  const std::string provisioning = provisioning_of(snapshot);
  if (provisioning == "failed" || provisioning == "canceled") return "error";
  if (provisioning == "deleting") return "absent";
  const std::string percent = text_at(snapshot, "properties/completionPercent");
  const bool is_copied =
      percent.empty() || number_at(snapshot, "properties/completionPercent") >= 100;
  return provisioning == "succeeded" && is_copied ? "completed" : "pending";
}

/// The disk says who has it, the machine what it is to have: only both together tell the way.
std::optional<std::string> volume_word(const json& disk, const std::optional<json>& machine) {
  const std::string provisioning = provisioning_of(disk);
  const std::string state = text_at(disk, "properties/diskState");
  const std::string holder = text_at(disk, "managedBy");
  if (provisioning == "failed") return "error";
  if (provisioning == "deleting") return "deleted";
  const bool is_listed = machine && lists_disk(*machine, text_at(disk, "id"));
  // A machine whose last change has failed lists what it was to have, and has what it had.
  const bool is_moving = machine && provisioning_of(*machine) != "failed";
  if (!holder.empty() || state == "Attached" || state == "Reserved") {
    const bool is_home = machine && same_id(holder, text_at(*machine, "id"));
    return is_home && !is_listed && is_moving ? "detaching" : "attached";
  }
  if (state == "Unattached" && is_listed && is_moving) return "attaching";
  if (provisioning != "succeeded") return "creating";
  if (state == "Unattached") return "available";
  return std::nullopt;
}

bool is_over(const CloudRecord& record) {
  return record.state == "absent" || record.state == "terminating" || record.state == "deleted" ||
         record.state == "error";
}

/// Of several with the same tag the newest that still lives: an earlier try may have failed.
void keep_better(CloudRecord& kept, CloudRecord candidate) {
  const bool better = kept.id.empty() || (is_over(kept) && !is_over(candidate)) ||
                      (is_over(kept) == is_over(candidate) && kept.created < candidate.created);
  if (better) kept = std::move(candidate);
}

CloudRecord missing(const std::string& entity, std::string word) {
  CloudRecord record;
  record.state = std::move(word);
  record.detail = "Azure has no " + entity;
  return record;
}

CloudRecord unknown(std::string why) {
  CloudRecord record;
  record.detail = std::move(why);
  return record;
}

}  // namespace

bool lists_interface(const json& machine, const std::string& id) {
  const auto items = items_at(machine, "properties/networkProfile/networkInterfaces");
  return std::ranges::any_of(items,
                             [&](const json& each) { return same_id(text_at(each, "id"), id); });
}

bool lists_disk(const json& machine, const std::string& id) {
  const auto items = items_at(machine, "properties/storageProfile/dataDisks");
  return std::ranges::any_of(items, [&](const json& each) {
    return same_id(text_at(each, "managedDisk/id"), id) && text_at(each, "toBeDetached") != "true";
  });
}

ArmReader::ArmReader(const model::Inventory& inventory, ArmClient& client)
    : inventory_(inventory), client_(client) {}

Result<std::optional<json>> ArmReader::resource(const ResourceType& type, const std::string& id,
                                                const std::string& query) {
  auto found = client_.get(id, type.version, query);
  if (found) return std::optional(std::move(found).value());
  if (found.error().code == ErrorCode::kNotFound) return std::optional<json>();
  return found.error();
}

/// The machine that was the new one in the last rotation still has its tags: it is today's now.
bool ArmReader::belongs_to_today(const std::string& id) const {
  const auto& platform = inventory_.platform;
  const auto is_it = [&](const ResourceType& type, const std::string& name) {
    return !name.empty() && same_id(id, id_of(client_.place(), type, name));
  };
  return is_it(kMachines, platform.cloud_id) || is_it(kDisks, platform.wm_data.cloud_id) ||
         is_it(kDisks, platform.wm_runtime.cloud_id) ||
         std::ranges::any_of(inventory_.instances, [&](const auto& instance) {
           return is_it(kMachines, instance.cloud_id);
         });
}

bool ArmReader::is_ours(const json& found, const std::string& entity) const {
  return tag_of(found, kInstallationTag) == inventory_.name && tag_of(found, kEntityTag) == entity;
}

/// The best candidate for each new entity of a kind, by its tags.
Result<ArmReader::Records> ArmReader::new_ones(const ResourceType& type) {
  const auto all = client_.list(list_of(client_.place(), type), type.version);
  if (!all) return all.error();
  Records found;
  for (const json& each : all.value()) {
    const std::string entity = tag_of(each, kEntityTag);
    if (!model::is_new(entity) || !is_ours(each, entity) || belongs_to_today(text_at(each, "id")))
      continue;
    CloudRecord candidate;
    candidate.id = text_at(each, "id");
    candidate.created = text_at(each, "properties/timeCreated");
    const std::string provisioning = provisioning_of(each);
    if (provisioning == "failed" || provisioning == "deleting") candidate.state = "error";
    candidate.resource = each;
    keep_better(found[entity], std::move(candidate));
  }
  return found;
}

Result<CloudRecord> ArmReader::machine_of_today(const std::string& entity) {
  const std::string name = model::cloud_id_of_machine(inventory_, entity);
  if (name.empty()) return unknown("the inventory gives no cloud_id for " + entity);
  const auto found = resource(kMachines, id_of(client_.place(), kMachines, name), kWithView);
  if (!found) return found.error();
  if (!found.value()) return missing(entity, "terminated");
  return machine_record(*found.value(), false);
}

Result<ArmReader::Records> ArmReader::machines(const std::vector<std::string>& entities) {
  Records records;
  std::optional<Records> made;
  for (const std::string& entity : entities) {
    if (!model::is_new(entity)) {
      auto record = machine_of_today(entity);
      if (!record) return record.error();
      records[entity] = std::move(record).value();
      continue;
    }
    if (!made) {
      auto listed = new_ones(kMachines);
      if (!listed) return listed.error();
      made = std::move(listed).value();
    }
    CloudRecord record = missing(entity, "absent");
    if (const auto place = made->find(entity); place != made->end()) {
      const auto found = resource(kMachines, place->second.id, kWithView);
      if (!found) return found.error();
      if (found.value()) record = machine_record(*found.value(), true);
    }
    records[entity] = std::move(record);
  }
  return records;
}

/// The machine that the volume belongs to; none when it is not there.
Result<std::optional<json>> ArmReader::home_of(const std::string& volume) {
  const std::string machine = model::machine_of(volume);
  const auto found = machines({machine});
  if (!found) return found.error();
  const CloudRecord& record = found.value().at(machine);
  if (record.id.empty()) return std::optional<json>();
  return std::optional(record.resource);
}

Result<CloudRecord> ArmReader::volume(const std::string& entity, const json& disk) {
  CloudRecord record;
  const auto home = home_of(entity);
  if (!home) return home.error();
  record.id = text_at(disk, "id");
  record.state = volume_word(disk, home.value());
  record.detail = name_in(record.id) + " " + text_at(disk, "properties/provisioningState") + ", " +
                  text_at(disk, "properties/diskState");
  if (const std::string holder = text_at(disk, "managedBy"); !holder.empty())
    record.detail += ", on " + name_in(holder);
  record.created = text_at(disk, "properties/timeCreated");
  record.resource = disk;
  return record;
}

Result<ArmReader::Records> ArmReader::volumes(const std::vector<std::string>& entities) {
  Records records;
  std::optional<Records> made;
  for (const std::string& entity : entities) {
    std::optional<json> disk;
    if (!model::is_new(entity)) {
      const model::Volume* today = model::volume_of_today(inventory_, entity);
      if (today == nullptr || today->cloud_id.empty()) {
        records[entity] = unknown("the inventory gives no cloud_id for " + entity);
        continue;
      }
      auto found = resource(kDisks, id_of(client_.place(), kDisks, today->cloud_id));
      if (!found) return found.error();
      disk = std::move(found).value();
    } else {
      if (!made) {
        auto listed = new_ones(kDisks);
        if (!listed) return listed.error();
        made = std::move(listed).value();
      }
      if (const auto place = made->find(entity); place != made->end())
        disk = place->second.resource;
    }
    if (!disk) {
      records[entity] = missing(entity, model::is_new(entity) ? "absent" : "deleted");
      continue;
    }
    auto record = volume(entity, *disk);
    if (!record) return record.error();
    records[entity] = std::move(record).value();
  }
  return records;
}

Result<ArmReader::Records> ArmReader::snapshots(const std::vector<std::string>& entities) {
  Records records;
  const auto all = client_.list(list_of(client_.place(), kSnapshots), kSnapshots.version);
  if (!all) return all.error();
  for (const json& each : all.value()) {
    const std::string entity = tag_of(each, kEntityTag);
    if (!is_ours(each, entity) || tag_of(each, kBackupTag) != inventory_.backup_id) continue;
    CloudRecord record;
    record.id = text_at(each, "id");
    record.state = snapshot_word(each);
    record.created = text_at(each, "properties/timeCreated");
    record.detail = name_in(record.id) + " " + text_at(each, "properties/provisioningState");
    const std::string why = text_at(each, "properties/copyCompletionError/errorMessage");
    if (!why.empty()) record.detail += ": " + why;
    record.resource = each;
    keep_better(records[entity], std::move(record));
  }
  for (const std::string& entity : entities)
    if (!records.contains(entity)) records[entity] = missing(entity, "absent");
  return records;
}

Result<json> ArmReader::address_interface() {
  const std::string& name = inventory_.platform.interface;
  if (name.empty())
    return Error{ErrorCode::kInvalid,
                 "Azure: the inventory gives no platform.interface: write down the name of the "
                 "network interface that carries " +
                     inventory_.platform.address};
  auto found = resource(kInterfaces, id_of(client_.place(), kInterfaces, name));
  if (!found) return found.error();
  if (!found.value())
    return Error{ErrorCode::kNotFound,
                 "Azure has no network interface " + name + ": the Platform's address may be lost"};
  return *std::move(found).value();
}

Result<CloudRecord> ArmReader::address() {
  const auto interface = address_interface();
  if (!interface && (interface.error().code == ErrorCode::kNotFound ||
                     interface.error().code == ErrorCode::kInvalid))
    return unknown(interface.error().message);
  if (!interface) return interface.error();
  CloudRecord record;
  record.id = text_at(interface.value(), "id");
  const std::string old_id = id_of(client_.place(), kMachines, inventory_.platform.cloud_id);
  const std::string holder = text_at(interface.value(), "properties/virtualMachine/id");
  record.detail =
      name_in(record.id) + (holder.empty() ? " is on no machine" : " is on " + name_in(holder));
  const auto machine = resource(kMachines, holder.empty() ? old_id : holder, kWithView);
  if (!machine) return machine.error();
  const bool is_listed = machine.value() && lists_interface(*machine.value(), record.id);
  const bool is_moving = machine.value() && provisioning_of(*machine.value()) != "failed";
  if (holder.empty()) {
    record.state = is_listed && is_moving ? "attaching" : "free";
  } else if (same_id(holder, old_id)) {
    record.state = is_listed || !is_moving ? "old-platform" : "detaching";
  } else if (machine.value() && is_ours(*machine.value(), "platform-new")) {
    // It comes with the launch, and is the new Platform's once that has worked.
    const auto power = power_word(*machine.value(), true);
    const bool is_made = power && *power != "pending" && *power != "absent";
    const bool boots_again = power == "pending" && provisioning_of(*machine.value()) != "creating";
    record.state = is_made || boots_again ? "new-platform" : "free";
  }
  return record;
}

}  // namespace wme::executor::azure
