#include <algorithm>
#include <string>
#include <utility>

#include "executor/drivers/gcp/compute_names.hpp"
#include "executor/drivers/gcp/compute_port.hpp"

/// What of ComputePort makes and moves disks and snapshots.
namespace wme::executor::gcp {

namespace {

using nlohmann::json;

Error not_there(const std::string& entity, const std::string& detail) {
  return {ErrorCode::kNotFound, "Compute Engine has no " + entity + " (" + detail + ")"};
}

bool is_used_by(const CloudRecord& disk, const std::string& machine) {
  return std::ranges::find(disk.used_by, machine) != disk.used_by.end();
}

}  // namespace

Result<CloudRecord> ComputePort::existing_volume(const std::string& volume) {
  const auto records = reader_.volumes({volume});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(volume);
  if (record.name.empty()) return not_there(volume, record.detail);
  return record;
}

Result<CloudRecord> ComputePort::existing_snapshot(const std::string& snapshot) {
  const auto records = reader_.snapshots({snapshot});
  if (!records) return records.error();
  const CloudRecord& record = records.value().at(snapshot);
  if (record.name.empty())
    return not_there(snapshot + " of backup " + inventory_.backup_id, record.detail);
  return record;
}

Result<std::string> ComputePort::take_snapshot(const Call& call) {
  const std::string& snapshot = call.arguments.front();
  const auto volume = existing_volume(model::saved_volume(snapshot));
  if (!volume) return volume.error();
  auto labels = labels_of(inventory_, call);
  labels[std::string(kBackupLabel)] = label_value(inventory_.backup_id);
  const json body = {
      {"name", new_name(inventory_, call)},
      {"description", inventory_.name + ": " + snapshot + " of backup " + inventory_.backup_id},
      {"labels", labels}};
  return make("snapshots",
              client_.place().zone_path() + "/disks/" + volume.value().name + "/createSnapshot",
              body, call);
}

Result<std::string> ComputePort::delete_snapshot(const Call& call) {
  const auto snapshot = existing_snapshot(call.arguments.front());
  if (!snapshot) return snapshot.error();
  const auto operation = client_.change(
      "DELETE", client_.place().global_path() + "/snapshots/" + snapshot.value().name, {},
      request_id(call.token, call.action));
  if (!operation && operation.error().code != ErrorCode::kNotFound) return operation.error();
  return snapshot.value().name;
}

Result<std::string> ComputePort::create_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const model::Volume* today = model::volume_of_today(inventory_, entity);
  if (today == nullptr || !model::is_new(entity))
    return Error{ErrorCode::kInvalid, "Compute Engine create-volume " + entity +
                                          ": only wm-data-new and wm-runtime-new are made"};
  const auto snapshot = existing_snapshot(model::source_snapshot(entity));
  if (!snapshot) return snapshot.error();
  const ComputePlace& place = client_.place();
  const json body = {
      {"name", new_name(inventory_, call)},
      {"description", inventory_.name + " " + entity},
      {"sourceSnapshot", place.global_path() + "/snapshots/" + snapshot.value().name},
      // INV-30: never smaller than what it is made from.
      {"sizeGb", std::to_string(std::max(today->size_gb, snapshot.value().size_gb))},
      {"type", place.zone_path() + "/diskTypes/pd-balanced"},
      {"labels", labels_of(inventory_, call)}};
  return make("disks", place.zone_path() + "/disks", body, call);
}

Result<std::string> ComputePort::attach_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const auto volume = existing_volume(entity);
  if (!volume) return volume.error();
  const auto machine = existing_machine(model::machine_of(entity));
  if (!machine) return machine.error();
  if (is_used_by(volume.value(), machine.value().name)) return volume.value().name;
  const std::string zone = client_.place().zone_path();
  const json body = {{"source", zone + "/disks/" + volume.value().name},
                     {"deviceName", model::without_new(entity)},
                     {"mode", "READ_WRITE"},
                     {"type", "PERSISTENT"},
                     {"boot", false},
                     {"autoDelete", false}};
  const auto operation =
      client_.change("POST", zone + "/instances/" + machine.value().name + "/attachDisk", {},
                     request_id(call.token, call.action), body);
  if (operation) return volume.value().name + " " + text(operation.value(), "name");
  if (operation.error().code != ErrorCode::kBlocked) return operation.error();
  // In use by the very machine is what was wanted: a late read.
  const auto again = existing_volume(entity);
  if (again && is_used_by(again.value(), machine.value().name)) return again.value().name;
  return operation.error();
}

Result<std::string> ComputePort::detach_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const auto volume = existing_volume(entity);
  if (!volume) return volume.error();
  if (volume.value().used_by.empty()) return volume.value().name;
  // The disk does not say by what device its machine knows it.
  const std::string path =
      client_.place().zone_path() + "/instances/" + volume.value().used_by.front();
  const auto instance = client_.get(path);
  if (!instance) return instance.error();
  const CloudRecord machine = machine_record(instance.value());
  const auto attached = std::ranges::find(machine.disks, volume.value().name, &AttachedDisk::disk);
  if (attached == machine.disks.end()) return volume.value().name;
  const auto operation =
      client_.change("POST", path + "/detachDisk", {{"deviceName", attached->device}},
                     request_id(call.token, call.action));
  if (!operation) return operation.error();
  return volume.value().name + " " + text(operation.value(), "name");
}

Result<std::string> ComputePort::delete_volume(const Call& call) {
  const auto volume = existing_volume(call.arguments.front());
  if (!volume) return volume.error();
  const auto operation =
      client_.change("DELETE", client_.place().zone_path() + "/disks/" + volume.value().name, {},
                     request_id(call.token, call.action));
  if (!operation && operation.error().code != ErrorCode::kNotFound) return operation.error();
  return volume.value().name;
}

}  // namespace wme::executor::gcp
