#include "simulators/aws/ec2_xml.hpp"

#include <array>
#include <cstdio>

namespace wme::simulators::aws {

namespace {

const char* yes_no(bool value) { return value ? "true" : "false"; }

/// Of the types that WME's pages and templates name; 0: not known, and not shown.
int cores_of(const std::string& type) {
  if (type == "m5.xlarge") return 2;
  if (type == "m5.2xlarge" || type == "t2.xlarge") return 4;
  if (type == "m5.4xlarge" || type == "t2.2xlarge") return 8;
  return 0;
}

void write_tags(pugi::xml_node parent, const Tags& tags) {
  if (tags.empty()) return;
  pugi::xml_node set = parent.append_child("tagSet");
  for (const auto& [key, value] : tags) {
    pugi::xml_node item = set.append_child("item");
    put(item, "key", key);
    put(item, "value", value);
  }
}

void write_disks(pugi::xml_node parent, const std::vector<VolumeView>& volumes) {
  pugi::xml_node set = parent.append_child("blockDeviceMapping");
  for (const VolumeView& each : volumes) {
    pugi::xml_node item = set.append_child("item");
    put(item, "deviceName", each.row.device);
    pugi::xml_node ebs = item.append_child("ebs");
    put(ebs, "volumeId", each.row.id);
    put(ebs, "status", each.attachment);
    put(ebs, "attachTime", iso_time(each.row.attached_at));
    put(ebs, "deleteOnTermination", yes_no(each.row.delete_on_termination));
  }
}

void write_addresses(pugi::xml_node parent, const std::string& address) {
  pugi::xml_node item = parent.append_child("privateIpAddressesSet").append_child("item");
  put(item, "privateIpAddress", address);
  put(item, "primary", "true");
}

/// An interface as an instance lists it: the same facts, fewer of them.
void write_instance_interfaces(pugi::xml_node parent, const std::string& vpc,
                               const std::vector<InterfaceView>& interfaces) {
  pugi::xml_node set = parent.append_child("networkInterfaceSet");
  for (const InterfaceView& each : interfaces) {
    pugi::xml_node item = set.append_child("item");
    put(item, "networkInterfaceId", each.row.id);
    put(item, "subnetId", each.row.subnet);
    put(item, "vpcId", vpc);
    put(item, "description", each.row.description);
    put(item, "ownerId", kOwner);
    put(item, "status", each.status);
    put(item, "macAddress", mac_address(each.row.id));
    put(item, "privateIpAddress", each.row.address);
    write_groups(item, each.row.groups);
    pugi::xml_node attachment = item.append_child("attachment");
    put(attachment, "attachmentId", each.row.attachment);
    put(attachment, "deviceIndex", std::to_string(each.row.device_index));
    put(attachment, "status", each.attachment);
    put(attachment, "attachTime", iso_time(each.row.attached_at));
    put(attachment, "deleteOnTermination", yes_no(each.row.delete_on_termination));
    write_addresses(item, each.row.address);
  }
}

/// Source: EC2 User Guide, "Troubleshoot instance launch issues": an instance that cannot be
/// started ends at once, and its state reason says why.
void write_reason(pugi::xml_node item, bool failed_to_start) {
  if (!failed_to_start) put(item, "reason", "User initiated");
  pugi::xml_node reason = item.append_child("stateReason");
  put(reason, "code", failed_to_start ? "Server.InternalError" : "Client.UserInitiatedShutdown");
  put(reason, "message",
      failed_to_start ? "Server.InternalError: Internal error on launch"
                      : "Client.UserInitiatedShutdown: User initiated shutdown");
}

}  // namespace

void put(pugi::xml_node parent, const char* name, const std::string& text) {
  if (!text.empty()) parent.append_child(name).text().set(text.c_str());
}

std::string iso_time(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

void write_groups(pugi::xml_node parent, const std::vector<std::string>& groups) {
  pugi::xml_node set = parent.append_child("groupSet");
  for (const std::string& group : groups) {
    pugi::xml_node item = set.append_child("item");
    put(item, "groupId", group);
    put(item, "groupName", group);
  }
}

void write_state(pugi::xml_node parent, const char* name, const std::string& state) {
  pugi::xml_node node = parent.append_child(name);
  put(node, "code", std::to_string(state_code(state)));
  put(node, "name", state);
}

void write_instance(pugi::xml_node item, const InstanceView& instance, const std::string& vpc,
                    const std::vector<VolumeView>& volumes,
                    const std::vector<InterfaceView>& interfaces) {
  const Instance& row = instance.row;
  put(item, "instanceId", row.id);
  put(item, "imageId", row.image);
  write_state(item, "instanceState", instance.state);
  put(item, "instanceType", row.type);
  put(item, "keyName", row.key_name);
  put(item, "launchTime", iso_time(row.launched));
  pugi::xml_node placement = item.append_child("placement");
  put(placement, "availabilityZone", row.zone);
  put(placement, "tenancy", "default");
  for (const InterfaceView& each : interfaces)
    if (each.row.device_index == 0) put(item, "privateIpAddress", each.row.address);
  if (instance.state != "terminated") {
    put(item, "subnetId", row.subnet);
    put(item, "vpcId", vpc);
  }
  put(item, "architecture", "x86_64");
  put(item, "rootDeviceType", "ebs");
  put(item, "rootDeviceName", "/dev/sda1");
  put(item, "virtualizationType", "hvm");
  put(item, "clientToken", row.client_token);
  if (const int cores = cores_of(row.type); cores > 0) {
    pugi::xml_node cpu = item.append_child("cpuOptions");
    put(cpu, "coreCount", std::to_string(cores));
    put(cpu, "threadsPerCore", row.type.starts_with("t2.") ? "1" : "2");
  }
  if (instance.state == "terminated" || instance.state == "stopped")
    write_reason(item, row.failed_to_start);
  write_groups(item, row.groups);
  write_disks(item, volumes);
  write_instance_interfaces(item, vpc, interfaces);
  write_tags(item, row.tags);
}

void write_attachment(pugi::xml_node item, const VolumeView& volume) {
  put(item, "volumeId", volume.row.id);
  put(item, "instanceId", volume.row.instance);
  put(item, "device", volume.row.device);
  put(item, "status", volume.attachment);
  put(item, "attachTime", iso_time(volume.row.attached_at));
  put(item, "deleteOnTermination", yes_no(volume.row.delete_on_termination));
}

void write_volume(pugi::xml_node item, const VolumeView& volume) {
  const Volume& row = volume.row;
  put(item, "volumeId", row.id);
  put(item, "size", std::to_string(row.size_gb));
  put(item, "snapshotId", row.snapshot);
  put(item, "availabilityZone", row.zone);
  put(item, "status", volume.status);
  put(item, "createTime", iso_time(row.created));
  put(item, "volumeType", row.type);
  put(item, "encrypted", yes_no(row.encrypted));
  if (row.type == "gp3") {
    put(item, "iops", "3000");
    put(item, "throughput", "125");
  }
  pugi::xml_node set = item.append_child("attachmentSet");
  if (!volume.attachment.empty()) write_attachment(set.append_child("item"), volume);
  write_tags(item, row.tags);
}

void write_snapshot(pugi::xml_node item, const SnapshotView& snapshot, const char* state_name) {
  const Snapshot& row = snapshot.row;
  put(item, "snapshotId", row.id);
  put(item, "volumeId", row.volume);
  put(item, state_name, snapshot.status);
  put(item, "startTime", iso_time(row.started));
  put(item, "progress", std::to_string(snapshot.percent) + "%");
  put(item, "ownerId", kOwner);
  put(item, "volumeSize", std::to_string(row.size_gb));
  put(item, "description", row.description);
  put(item, "encrypted", yes_no(row.encrypted));
  if (std::string_view(state_name) == "status") put(item, "storageTier", "standard");
  write_tags(item, row.tags);
}

void write_interface(pugi::xml_node item, const InterfaceView& interface, const std::string& vpc) {
  const Interface& row = interface.row;
  put(item, "networkInterfaceId", row.id);
  put(item, "subnetId", row.subnet);
  put(item, "vpcId", vpc);
  put(item, "availabilityZone", row.zone);
  put(item, "description", row.description);
  put(item, "ownerId", kOwner);
  put(item, "status", interface.status);
  put(item, "macAddress", mac_address(row.id));
  put(item, "privateIpAddress", row.address);
  put(item, "interfaceType", "interface");
  write_groups(item, row.groups);
  if (!interface.attachment.empty()) {
    pugi::xml_node attachment = item.append_child("attachment");
    put(attachment, "attachmentId", row.attachment);
    put(attachment, "instanceId", row.instance);
    put(attachment, "instanceOwnerId", kOwner);
    put(attachment, "deviceIndex", std::to_string(row.device_index));
    put(attachment, "status", interface.attachment);
    put(attachment, "attachTime", iso_time(row.attached_at));
    put(attachment, "deleteOnTermination", yes_no(row.delete_on_termination));
  }
  write_addresses(item, row.address);
  write_tags(item, row.tags);
}

void write_image(pugi::xml_node item, const Image& image) {
  put(item, "imageId", image.id);
  put(item, "imageState", "available");
  put(item, "imageOwnerId", kOwner);
  put(item, "name", image.name);
  put(item, "architecture", "x86_64");
  put(item, "rootDeviceName", "/dev/sda1");
  put(item, "rootDeviceType", "ebs");
  put(item, "virtualizationType", "hvm");
  put(item, "creationDate", iso_time(image.created));
}

void write_state_changes(pugi::xml_node root, const std::vector<StateChange>& changes) {
  pugi::xml_node set = root.append_child("instancesSet");
  for (const StateChange& each : changes) {
    pugi::xml_node item = set.append_child("item");
    put(item, "instanceId", each.id);
    write_state(item, "currentState", each.after);
    write_state(item, "previousState", each.before);
  }
}

}  // namespace wme::simulators::aws
