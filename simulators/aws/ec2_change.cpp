#include <string>
#include <utility>

#include "simulators/aws/ec2_operations.hpp"
#include "simulators/aws/ec2_xml.hpp"

namespace wme::simulators::aws {

namespace {

// Names and shapes from the model; which of them clients send, from awscli, boto3 and the SDK for
// JavaScript.
constexpr const char* kSeen = "service model: ec2, 2016-11-15; forms captured from its clients";
constexpr const char* kPowerDiffers =
    "Force, Hibernate and SkipOsShutdown make no difference; how long it takes is the model's.";
constexpr const char* kSnapshotDiffers =
    "Progress rises evenly; the rate of snapshots of one volume is not limited.";

/// The answer of operations that have nothing to say.
Ec2Status returned(const Ec2Status& status, pugi::xml_node root) {
  if (status) put(root, "return", "true");
  return status;
}

Ec2Status state_changes(const Ec2Result<std::vector<StateChange>>& changes, pugi::xml_node root) {
  if (!changes) return changes.error();
  write_state_changes(root, changes.value());
  return Nothing{};
}

Ec2Status stop_instances(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"InstanceId"}); !given) return given;
  return state_changes(backend.stop(request.list("InstanceId"), request.dry_run()), root);
}

Ec2Status start_instances(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"InstanceId"}); !given) return given;
  return state_changes(backend.start(request.list("InstanceId"), request.dry_run()), root);
}

Ec2Status terminate_instances(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"InstanceId"}); !given) return given;
  return state_changes(backend.terminate(request.list("InstanceId"), request.dry_run()), root);
}

std::vector<DiskRequest> disks_of(const Ec2Request& request) {
  std::vector<DiskRequest> disks;
  for (int i = 1; i <= request.count("BlockDeviceMapping"); ++i) {
    const std::string disk = "BlockDeviceMapping." + std::to_string(i) + ".";
    if (request.has(disk + "NoDevice")) continue;
    disks.push_back({request.text(disk + "DeviceName"), request.text(disk + "Ebs.SnapshotId"),
                     request.number(disk + "Ebs.VolumeSize", 8),
                     request.text(disk + "Ebs.VolumeType"),
                     request.flag(disk + "Ebs.DeleteOnTermination", true)});
  }
  return disks;
}

/// A first interface that is described in the request stands for the fields at its top.
Ec2Status take_interface(const Ec2Request& request, RunRequest& run) {
  if (request.count("NetworkInterface") == 0) return Nothing{};
  for (const char* name : {"SubnetId", "PrivateIpAddress", "SecurityGroupId.1"})
    if (request.has(name))
      return Ec2Error{400, "InvalidParameterCombination",
                      "Network interfaces and an instance-level " + std::string(name) +
                          " may not be specified on the same request"};
  const std::string first = "NetworkInterface.1.";
  if (request.has(first + "NetworkInterfaceId") || request.count("NetworkInterface") > 1)
    return Ec2Error{400, "UnsupportedOperation",
                    "The simulator launches with one new interface: attach others afterwards"};
  run.subnet = request.text(first + "SubnetId");
  run.address = request.text(first + "PrivateIpAddress");
  run.groups = request.list(first + "SecurityGroupId");
  return Nothing{};
}

Ec2Status run_instances(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"ImageId", "MinCount", "MaxCount"}); !given) return given;
  RunRequest run;
  run.image = request.text("ImageId");
  run.type = request.has("InstanceType") ? request.text("InstanceType") : "m1.small";
  run.subnet = request.text("SubnetId");
  run.zone = request.text("Placement.AvailabilityZone");
  run.key_name = request.text("KeyName");
  run.address = request.text("PrivateIpAddress");
  run.groups = request.list("SecurityGroupId");
  run.disks = disks_of(request);
  run.count_min = request.number("MinCount", 0);
  run.count_max = request.number("MaxCount", 0);
  run.client_token = request.text("ClientToken");
  run.fingerprint = request.fingerprint();
  run.instance_tags = request.tags_for("instance");
  run.volume_tags = request.tags_for("volume");
  if (const auto taken = take_interface(request, run); !taken) return taken;
  const auto launched = backend.run(run, request.dry_run());
  if (!launched) return launched.error();
  pugi::xml_node set;
  for (const InstanceView& each : launched.value()) {
    if (!set) {
      put(root, "reservationId", each.row.reservation);
      put(root, "ownerId", kOwner);
      write_groups(root, each.row.groups);
      set = root.append_child("instancesSet");
    }
    write_instance(set.append_child("item"), each, backend.vpc(), backend.volumes_of(each.row.id),
                   backend.interfaces_of(each.row.id));
  }
  return Nothing{};
}

Ec2Status create_volume(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"AvailabilityZone"}); !given) return given;
  if (!request.has("SnapshotId") && !request.has("Size"))
    return Ec2Error{400, "MissingParameter",
                    "The request must contain the parameter size or snapshotId"};
  const auto made = backend.create_volume(
      {request.text("AvailabilityZone"), request.text("SnapshotId"), request.number("Size", 0),
       request.text("VolumeType"), request.flag("Encrypted"), request.text("ClientToken"),
       request.fingerprint(), request.tags_for("volume")},
      request.dry_run());
  if (!made) return made.error();
  write_volume(root, made.value());
  return Nothing{};
}

Ec2Status attach_volume(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"VolumeId", "InstanceId", "Device"}); !given)
    return given;
  const auto attached = backend.attach_volume(request.text("VolumeId"), request.text("InstanceId"),
                                              request.text("Device"), request.dry_run());
  if (!attached) return attached.error();
  write_attachment(root, attached.value());
  return Nothing{};
}

Ec2Status detach_volume(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"VolumeId"}); !given) return given;
  const auto detached = backend.detach_volume(request.text("VolumeId"), request.text("InstanceId"),
                                              request.text("Device"), request.dry_run());
  if (!detached) return detached.error();
  write_attachment(root, detached.value());
  return Nothing{};
}

Ec2Status delete_volume(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"VolumeId"}); !given) return given;
  return returned(backend.delete_volume(request.text("VolumeId"), request.dry_run()), root);
}

Ec2Status create_snapshot(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"VolumeId"}); !given) return given;
  const auto taken = backend.create_snapshot(request.text("VolumeId"), request.text("Description"),
                                             request.tags_for("snapshot"), request.dry_run());
  if (!taken) return taken.error();
  write_snapshot(root, taken.value(), "status");
  return Nothing{};
}

Ec2Status create_snapshots(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  const std::string from = "InstanceSpecification.";
  if (const auto given = request.require({from + "InstanceId"}); !given) return given;
  const auto taken = backend.create_snapshots(
      {request.text(from + "InstanceId"), request.flag(from + "ExcludeBootVolume"),
       request.list(from + "ExcludeDataVolumeId"), request.text("Description"),
       request.text("CopyTagsFromSource") == "volume", request.tags_for("snapshot")},
      request.dry_run());
  if (!taken) return taken.error();
  pugi::xml_node set = root.append_child("snapshotSet");
  for (const SnapshotView& each : taken.value())
    write_snapshot(set.append_child("item"), each, "state");
  return Nothing{};
}

Ec2Status delete_snapshot(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"SnapshotId"}); !given) return given;
  return returned(backend.delete_snapshot(request.text("SnapshotId"), request.dry_run()), root);
}

Ec2Status create_interface(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"SubnetId"}); !given) return given;
  const auto made = backend.create_interface(
      {request.text("SubnetId"), request.text("PrivateIpAddress"), request.text("Description"),
       request.list("SecurityGroupId"), request.text("ClientToken"), request.fingerprint(),
       request.tags_for("network-interface")},
      request.dry_run());
  if (!made) return made.error();
  write_interface(root.append_child("networkInterface"), made.value(), backend.vpc());
  return Nothing{};
}

Ec2Status delete_interface(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"NetworkInterfaceId"}); !given) return given;
  return returned(backend.delete_interface(request.text("NetworkInterfaceId"), request.dry_run()),
                  root);
}

Ec2Status attach_interface(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"NetworkInterfaceId", "InstanceId", "DeviceIndex"});
      !given)
    return given;
  const auto attached =
      backend.attach_interface(request.text("NetworkInterfaceId"), request.text("InstanceId"),
                               request.number("DeviceIndex", -1), request.dry_run());
  if (!attached) return attached.error();
  put(root, "attachmentId", attached.value().row.attachment);
  put(root, "networkCardIndex", "0");
  return Nothing{};
}

Ec2Status detach_interface(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"AttachmentId"}); !given) return given;
  return returned(backend.detach_interface(request.text("AttachmentId"), request.dry_run()), root);
}

Ec2Status modify_interface(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"NetworkInterfaceId", "Attachment.AttachmentId"}); !given)
    return given;
  return returned(backend.keep_interface(
                      request.text("NetworkInterfaceId"), request.text("Attachment.AttachmentId"),
                      request.flag("Attachment.DeleteOnTermination"), request.dry_run()),
                  root);
}

/// Of an instance's attributes only what becomes of its volumes: no procedure changes another.
Ec2Status modify_instance(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"InstanceId"}); !given) return given;
  std::vector<std::pair<std::string, bool>> disks;
  for (int i = 1; i <= request.count("BlockDeviceMapping"); ++i) {
    const std::string disk = "BlockDeviceMapping." + std::to_string(i) + ".";
    if (const auto given = request.require({disk + "DeviceName", disk + "Ebs.DeleteOnTermination"});
        !given)
      return given;
    disks.emplace_back(request.text(disk + "DeviceName"),
                       request.flag(disk + "Ebs.DeleteOnTermination"));
  }
  if (disks.empty())
    return Ec2Error{400, "UnsupportedOperation",
                    "Of ModifyInstanceAttribute only BlockDeviceMapping is simulated"};
  return returned(backend.keep_volumes(request.text("InstanceId"), disks, request.dry_run()), root);
}

Ec2Status create_tags(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"ResourceId", "Tag"}); !given) return given;
  return returned(
      backend.create_tags(request.list("ResourceId"), request.tags(""), request.dry_run()), root);
}

Ec2Status delete_tags(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  if (const auto given = request.require({"ResourceId"}); !given) return given;
  return returned(
      backend.delete_tags(request.list("ResourceId"), request.tags(""), request.dry_run()), root);
}

}  // namespace

const Ec2Operations& change_operations() {
  static const Ec2Operations all = {
      {"StopInstances", {stop_instances, {kSeen, kPowerDiffers}}},
      {"StartInstances", {start_instances, {kSeen, kPowerDiffers}}},
      {"TerminateInstances", {terminate_instances, {kSeen, "There is no termination protection."}}},
      {"RunInstances",
       {run_instances,
        {kSeen,
         "One new interface for each instance; of a disk: snapshot, size, type and whether it goes "
         "with the instance; user data, profiles and credit options make no difference; there is "
         "no lack of capacity unless a fault is scheduled."}}},
      {"CreateVolume",
       {create_volume, {kSeen, "IOPS, throughput and keys are taken and not kept."}}},
      {"AttachVolume", {attach_volume, {kSeen, ""}}},
      {"DetachVolume", {detach_volume, {kSeen, "A forced one takes as long as any."}}},
      {"DeleteVolume", {delete_volume, {kSeen, ""}}},
      {"CreateSnapshot", {create_snapshot, {kSeen, kSnapshotDiffers}}},
      {"CreateSnapshots", {create_snapshots, {kSeen, kSnapshotDiffers}}},
      {"DeleteSnapshot", {delete_snapshot, {kSeen, "No snapshot is held by an image."}}},
      {"CreateNetworkInterface",
       {create_interface, {kSeen, "One subnet; one private address for each interface."}}},
      {"DeleteNetworkInterface", {delete_interface, {kSeen, ""}}},
      {"AttachNetworkInterface", {attach_interface, {kSeen, "One network card."}}},
      {"DetachNetworkInterface", {detach_interface, {kSeen, ""}}},
      {"ModifyInstanceAttribute",
       {modify_instance, {kSeen, "Only whether volumes go with the instance can be changed."}}},
      {"ModifyNetworkInterfaceAttribute",
       {modify_interface, {kSeen, "Only whether it goes with the instance can be changed."}}},
      {"CreateTags", {create_tags, {kSeen, "No limit on the number of tags."}}},
      {"DeleteTags", {delete_tags, {kSeen, ""}}}};
  return all;
}

}  // namespace wme::simulators::aws
