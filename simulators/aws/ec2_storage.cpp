#include <algorithm>
#include <string>
#include <utility>

#include "simulators/aws/ec2_backend.hpp"

/// What of Ec2Backend is about volumes and snapshots.
namespace wme::simulators::aws {

namespace {

constexpr std::chrono::seconds kCreateTime{10};
constexpr std::chrono::seconds kVolumeAttachTime{5};
constexpr std::chrono::seconds kSnapshotTime{120};
/// Source: EC2 Error codes: about one snapshot of a volume in 15 seconds.
constexpr std::chrono::seconds kSnapshotPause{15};
constexpr int kSizeGbMax = 16384;

Ec2Error volume_state(const VolumeView& volume, const std::string& wanted) {
  return {400, "IncorrectState",
          "Volume '" + volume.row.id + "' is in the '" + volume.status + "' state, not '" + wanted +
              "'."};
}

std::string related(const model::Installation& installation, const std::string& function,
                    const std::string& entity) {
  const auto map = installation.functions.find(function);
  if (map == installation.functions.end()) return "";
  const auto place = map->second.find(entity);
  return place == map->second.end() ? "" : place->second;
}

}  // namespace

/// By its tag, else by what it is made from; empty for a volume that the model has no word for.
std::string Ec2Backend::entity_for_volume(const VolumeRequest& request) {
  const auto source = snapshots_.find(request.snapshot);
  const std::string made_from = source == snapshots_.end() ? "" : source->second.entity;
  if (made_from.empty()) return "";
  const std::string target = related(world_.installation(), "target", made_from);
  const std::string tagged = tag_of(request.tags, "rehydrate:entity");
  if (!tagged.empty() && tagged != target && world_.exists("create-volume", {tagged})) {
    world_.record_violation("ec2 CreateVolume", "create-volume " + tagged, "INV-25",
                            tagged + " is made from " + made_from + ", which is of another tree");
    return "";
  }
  return world_.is("volume", {target}, "absent") ? target : "";
}

Ec2Result<VolumeView> Ec2Backend::create_volume(const VolumeRequest& request, bool dry_run) {
  const std::string token = "volume/" + request.client_token;
  const auto known = fingerprints_.find(token);
  if (!request.client_token.empty() && known != fingerprints_.end()) {
    if (known->second != request.fingerprint)
      return Ec2Error{400, "IdempotentParameterMismatch",
                      "The client token has already been used with other parameters."};
    for (const auto& [id, row] : volumes_)
      if (row.client_token == request.client_token) return view(row);
  }
  if (request.zone != zone_)
    return Ec2Error{400, "InvalidZone.NotFound", "The zone '" + request.zone + "' does not exist."};
  int size = request.size_gb;
  if (!request.snapshot.empty()) {
    const auto source = find_snapshot(request.snapshot);
    if (!source) return source.error();
    const SnapshotView snapshot = view(*source.value());
    if (snapshot.status != "completed")
      return Ec2Error{
          400, "IncorrectState",
          "Snapshot '" + request.snapshot + "' is in invalid state '" + snapshot.status + "'."};
    if (size == 0) size = snapshot.row.size_gb;
    if (size < snapshot.row.size_gb)
      return Ec2Error{400, "InvalidParameterValue",
                      "The volume size is invalid for snapshot '" + request.snapshot +
                          "': it must not be smaller than " + std::to_string(snapshot.row.size_gb) +
                          " GiB."};
  }
  if (size < 1 || size > kSizeGbMax)
    return Ec2Error{400, "InvalidParameterValue",
                    "Volume of " + std::to_string(size) + "GiB is too small or too large."};
  if (dry_run) return dry_run_operation();
  Volume row;
  row.entity = entity_for_volume(request);
  if (!row.entity.empty()) {
    const Reply reply = world_.request("create-volume", {row.entity}, "ec2 CreateVolume");
    if (!reply.accepted()) return Ec2Error{400, "IncorrectState", reply.refusals.front()};
  }
  const std::string who = !row.entity.empty() ? row.entity : request.client_token;
  row.id = make_id("vol-", next_words("volume " + who));
  row.size_gb = size;
  row.snapshot = request.snapshot;
  row.zone = request.zone;
  if (!request.type.empty()) row.type = request.type;
  row.client_token = request.client_token;
  row.encrypted = request.encrypted;
  row.created = now();
  row.tags = request.tags;
  row.own = {"creating", "available", now() + kCreateTime};
  if (!request.client_token.empty()) fingerprints_[token] = request.fingerprint;
  return view(volumes_[row.id] = row);
}

Ec2Status Ec2Backend::check_attachable(const Volume& volume, const Instance& instance,
                                       const std::string& device) const {
  const VolumeView seen = view(volume);
  if (seen.status == "in-use")
    return Ec2Error{400, "VolumeInUse", volume.id + " is already attached to an instance"};
  if (seen.status != "available") return volume_state(seen, "available");
  const std::string state = view(instance).state;
  if (state != "running" && state != "stopped")
    return Ec2Error{400, "IncorrectState", "Instance '" + instance.id + "' is not 'running'."};
  if (volume.zone != instance.zone)
    return Ec2Error{400, "InvalidVolume.ZoneMismatch",
                    "The volume '" + volume.id +
                        "' is not in the same availability zone as "
                        "instance '" +
                        instance.id + "'"};
  for (const VolumeView& other : volumes_of(instance.id))
    if (other.row.device == device)
      return Ec2Error{400, "InvalidParameterValue",
                      "Invalid value '" + device + "' for unixDevice. Attachment point " + device +
                          " is already in use"};
  return Nothing{};
}

Ec2Result<VolumeView> Ec2Backend::attach_volume(const std::string& volume,
                                                const std::string& instance,
                                                const std::string& device, bool dry_run) {
  const auto found = find_volume(volume);
  if (!found) return found.error();
  const auto machine = find_instance(instance);
  if (!machine) return machine.error();
  Volume& row = *found.value();
  if (const auto checked = check_attachable(row, *machine.value(), device); !checked)
    return checked.error();
  if (dry_run) return dry_run_operation();
  const std::string owner = related(world_.installation(), "machine", row.entity);
  const bool is_at_home = !row.entity.empty() && machine.value()->entity == owner;
  if (is_at_home) {
    const Reply reply = world_.request("attach-volume", {row.entity}, "ec2 AttachVolume");
    if (!reply.accepted())
      return Ec2Error{400, "IncorrectState", "Instance '" + instance + "' is not 'running'."};
  } else {
    if (!row.entity.empty())
      world_.record_violation("ec2 AttachVolume", "attach-volume " + row.entity, "",
                              row.entity + " is attached to " + instance + " instead of " + owner);
    row.own_attachment = {"attaching", "attached", now() + kVolumeAttachTime};
  }
  row.instance = instance;
  row.device = device;
  row.attached_at = now();
  row.delete_on_termination = false;
  return view(row);
}

Ec2Result<VolumeView> Ec2Backend::detach_volume(const std::string& volume,
                                                const std::string& instance,
                                                const std::string& device, bool dry_run) {
  const auto found = find_volume(volume);
  if (!found) return found.error();
  Volume& row = *found.value();
  const VolumeView seen = view(row);
  if (seen.attachment.empty()) return volume_state(seen, "in-use");
  if ((!instance.empty() && instance != row.instance) || (!device.empty() && device != row.device))
    return Ec2Error{400, "InvalidAttachment.NotFound",
                    "The attachment of '" + volume + "' does not exist there."};
  if (seen.attachment != "attached")
    return Ec2Error{400, "IncorrectState",
                    "Volume '" + volume + "' is in the '" + seen.attachment + "' state."};
  const auto machine = find_instance(row.instance);
  if (row.is_root && machine && view(*machine.value()).state != "stopped")
    return Ec2Error{
        400, "OperationNotPermitted",
        "Unable to detach root volume '" + volume + "' from instance '" + row.instance + "'"};
  if (dry_run) return dry_run_operation();
  const bool is_own = row.entity.empty() || row.own_attachment.at(now()) == "attached";
  if (is_own) {
    row.own_attachment = {"detaching", "detached", now() + kVolumeAttachTime};
  } else {
    const Reply reply = world_.request("detach-volume", {row.entity}, "ec2 DetachVolume");
    if (!reply.accepted()) return Ec2Error{400, "IncorrectState", reply.refusals.front()};
  }
  row.delete_on_termination = false;
  return view(row);
}

Ec2Status Ec2Backend::keep_volumes(
    const std::string& instance,
    const std::vector<std::pair<std::string, bool>>& delete_on_termination, bool dry_run) {
  if (const auto found = find_instance(instance); !found) return found.error();
  std::vector<std::pair<Volume*, bool>> changes;
  for (const auto& [device, goes] : delete_on_termination) {
    const auto attached = volumes_of(instance);
    const auto at = std::ranges::find_if(
        attached, [&](const VolumeView& each) { return each.row.device == device; });
    if (at == attached.end())
      return Ec2Error{400, "InvalidInstanceAttributeValue",
                      "No device is currently mapped at " + device};
    changes.emplace_back(&volumes_.at(at->row.id), goes);
  }
  if (dry_run) return dry_run_operation();
  for (const auto& [volume, goes] : changes) volume->delete_on_termination = goes;
  return Nothing{};
}

Ec2Status Ec2Backend::delete_volume(const std::string& volume, bool dry_run) {
  const auto found = find_volume(volume);
  if (!found) return found.error();
  const Volume& row = *found.value();
  const VolumeView seen = view(row);
  if (seen.status == "in-use")
    return Ec2Error{400, "VolumeInUse",
                    "Volume " + volume + " is currently attached to " + row.instance};
  if (seen.status != "available" && seen.status != "error") return volume_state(seen, "available");
  if (dry_run) return dry_run_operation();
  if (row.entity.empty()) {
    volumes_.erase(volume);
    return Nothing{};
  }
  const Reply reply = world_.request("delete-volume", {row.entity}, "ec2 DeleteVolume");
  if (!reply.accepted()) return Ec2Error{400, "VolumeInUse", reply.refusals.front()};
  return Nothing{};
}

/// The backup of the model that saves this volume and is not taken yet; empty if there is none.
std::string Ec2Backend::entity_for_snapshot(const Volume& volume) const {
  const auto saves = world_.installation().functions.find("store");
  if (volume.entity.empty() || saves == world_.installation().functions.end()) return "";
  for (const auto& [backup, store] : saves->second)
    if (store == volume.entity) return backup;
  return "";
}

Ec2Result<Snapshot*> Ec2Backend::take_snapshot(Volume& volume, const std::string& description,
                                               const Tags& tags, const std::string& door) {
  for (const auto& [id, other] : snapshots_)
    if (other.volume == volume.id && now() - other.started < kSnapshotPause)
      return Ec2Error{
          400, "SnapshotCreationPerVolumeRateExceeded",
          "The maximum per volume CreateSnapshot request rate has been exceeded. Use an "
          "increasing or variable sleep interval between requests."};
  std::string entity = entity_for_snapshot(volume);
  const bool is_taken = !entity.empty() && !world_.is("snapshot", {entity}, "absent") &&
                        !world_.is("snapshot", {entity}, "error");
  if (is_taken) {
    // One more than the model has a word for; taken at the wrong time it is as worthless.
    world_.judge("take-snapshot", {entity}, door);
    entity.clear();
  }
  Snapshot row;
  if (!entity.empty()) {
    for (auto& [id, other] : snapshots_)
      if (other.entity == entity) {
        other.own = {view(other).status, "", {}};
        other.entity.clear();
      }
    const Reply reply = world_.request("take-snapshot", {entity}, door);
    if (!reply.accepted()) return Ec2Error{400, "IncorrectState", reply.refusals.front()};
  }
  row.id = make_id("snap-", next_words("snapshot " + (entity.empty() ? volume.id : entity)));
  row.entity = entity;
  row.volume = volume.id;
  row.size_gb = volume.size_gb;
  row.description = description;
  row.encrypted = volume.encrypted;
  row.started = now();
  row.tags = tags;
  row.own = {"pending", "completed", now() + kSnapshotTime};
  return &(snapshots_[row.id] = row);
}

Ec2Result<SnapshotView> Ec2Backend::create_snapshot(const std::string& volume,
                                                    const std::string& description,
                                                    const Tags& tags, bool dry_run) {
  const auto found = find_volume(volume);
  if (!found) return found.error();
  const VolumeView seen = view(*found.value());
  if (seen.status != "in-use" && seen.status != "available") return volume_state(seen, "available");
  if (dry_run) return dry_run_operation();
  const auto taken = take_snapshot(*found.value(), description, tags, "ec2 CreateSnapshot");
  if (!taken) return taken.error();
  return view(*taken.value());
}

Ec2Result<std::vector<SnapshotView>> Ec2Backend::create_snapshots(const SnapshotsRequest& request,
                                                                  bool dry_run) {
  const auto found = find_instance(request.instance);
  if (!found) return found.error();
  auto chosen = volumes_of(request.instance);
  std::erase_if(chosen, [&](const VolumeView& each) {
    return (request.exclude_boot_volume && each.row.is_root) ||
           std::ranges::find(request.excluded, each.row.id) != request.excluded.end();
  });
  if (chosen.empty())
    return Ec2Error{400, "InvalidParameterValue",
                    "Instance '" + request.instance + "' has no volume to snapshot"};
  if (dry_run) return dry_run_operation();
  std::vector<SnapshotView> all;
  for (const VolumeView& each : chosen) {
    Tags tags = request.copy_tags ? each.row.tags : Tags{};
    tags.insert(request.tags.begin(), request.tags.end());
    const auto taken =
        take_snapshot(volumes_.at(each.row.id), request.description, tags, "ec2 CreateSnapshots");
    if (!taken) return taken.error();
    all.push_back(view(*taken.value()));
  }
  return all;
}

Ec2Status Ec2Backend::delete_snapshot(const std::string& snapshot, bool dry_run) {
  const auto found = find_snapshot(snapshot);
  if (!found) return found.error();
  if (dry_run) return dry_run_operation();
  const Snapshot& row = *found.value();
  if (row.entity.empty()) {
    snapshots_.erase(snapshot);
    return Nothing{};
  }
  const Reply reply = world_.perform("delete-snapshot", {row.entity}, "ec2 DeleteSnapshot");
  if (!reply.accepted()) return Ec2Error{400, "InvalidSnapshot.InUse", reply.refusals.front()};
  return Nothing{};
}

}  // namespace wme::simulators::aws
