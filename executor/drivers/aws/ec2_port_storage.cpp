#include <algorithm>
#include <string>
#include <utility>

#include "executor/drivers/aws/ec2_names.hpp"
#include "executor/drivers/aws/ec2_port.hpp"

/// What of Ec2Port makes and moves machines, volumes and snapshots.
namespace wme::executor::aws {

namespace {

/// Appends TagSpecification.N of one resource type.
class TagSpecification {
 public:
  TagSpecification(Parameters& parameters, int number, const std::string& resource_type)
      : parameters_(parameters), prefix_("TagSpecification." + std::to_string(number) + ".") {
    parameters_.emplace_back(prefix_ + "ResourceType", resource_type);
  }
  TagSpecification& add(std::string_view key, const std::string& value) {
    const std::string tag = prefix_ + "Tag." + std::to_string(++count_) + ".";
    parameters_.emplace_back(tag + "Key", std::string(key));
    parameters_.emplace_back(tag + "Value", value);
    return *this;
  }

 private:
  Parameters& parameters_;
  std::string prefix_;
  int count_ = 0;
};

TagSpecification add_tags(Parameters& parameters, const std::string& resource_type,
                          const model::Inventory& inventory, const Call& call) {
  const std::string& entity = call.arguments.front();
  TagSpecification tags(parameters, 1, resource_type);
  tags.add("Name", inventory.name + " " + entity)
      .add(kInstallationTag, inventory.name)
      .add(kEntityTag, entity)
      .add(kTokenTag, call.token);
  return tags;
}

void add_if(Parameters& parameters, const std::string& name, const std::string& value) {
  if (!value.empty()) parameters.emplace_back(name, value);
}

/// The fixed primary address of a new machine; empty lets the subnet choose one.
std::string primary_address(const model::Inventory& inventory, const model::Instance* instance) {
  if (instance != nullptr)
    return instance->new_address.empty() ? instance->address : instance->new_address;
  const auto& platform = inventory.platform;
  if (!platform.new_address.empty()) return platform.new_address;
  // The kept address comes with its own interface, as the second one of the machine.
  return platform.interface.empty() ? platform.address : std::string();
}

void add_data_disk(Parameters& parameters, const model::Instance& instance) {
  const std::string disk = "BlockDeviceMapping.1.";
  parameters.emplace_back(disk + "DeviceName", std::string(kDataDevice));
  parameters.emplace_back(disk + "Ebs.VolumeSize", std::to_string(instance.data_gb));
  parameters.emplace_back(disk + "Ebs.VolumeType", "gp3");
  // Users' work is on it until it is parked: it must outlive an instance that is ended by mistake.
  parameters.emplace_back(disk + "Ebs.DeleteOnTermination", "false");
}

}  // namespace

Result<std::string> Ec2Port::launch_machine(const Call& call) {
  const std::string& machine = call.arguments.front();
  const model::Instance* instance = model::external_instance(inventory_, machine);
  if (!model::is_new(machine) || (instance == nullptr && machine != "platform-new"))
    return Error{ErrorCode::kInvalid, "EC2 launch-machine " + machine +
                                          ": only new machines of the inventory are launched"};
  const model::Launch& launch = inventory_.launch;
  const std::string& size = instance == nullptr ? launch.platform_size : launch.instance_size;
  if (launch.image.empty() || size.empty())
    return Error{ErrorCode::kInvalid, "EC2 launch-machine " + machine +
                                          ": the inventory's launch section lacks image or size"};
  Parameters parameters = {{"ImageId", launch.image},
                           {"InstanceType", size},
                           {"MinCount", "1"},
                           {"MaxCount", "1"},
                           {"ClientToken", client_token(call.token)}};
  add_if(parameters, "SubnetId", launch.subnet);
  add_if(parameters, "KeyName", launch.key_name);
  add_if(parameters, "Placement.AvailabilityZone", launch.zone);
  add_if(parameters, "PrivateIpAddress", primary_address(inventory_, instance));
  for (std::size_t i = 0; i < launch.security_groups.size(); ++i)
    parameters.emplace_back("SecurityGroupId." + std::to_string(i + 1), launch.security_groups[i]);
  if (instance != nullptr) add_data_disk(parameters, *instance);
  add_tags(parameters, "instance", inventory_, call);
  const auto answer = client_.call("RunInstances", parameters);
  if (!answer) return answer.error();
  const auto launched = answer.value().items("instancesSet");
  if (launched.empty())
    return Error{ErrorCode::kUnknownOutcome, "EC2 RunInstances: the answer names no instance"};
  return launched.front()->value("instanceId");
}

Result<std::string> Ec2Port::take_snapshot(const Call& call) {
  const std::string& snapshot = call.arguments.front();
  // CreateSnapshot has no client token: an earlier try is found by its tag.
  const auto earlier = reader_.snapshot_with_token(call.token);
  if (!earlier) return earlier.error();
  if (earlier.value()) return *earlier.value();
  const auto volume = existing_volume(model::saved_volume(snapshot));
  if (!volume) return volume.error();
  Parameters parameters = {
      {"VolumeId", volume.value().id},
      {"Description", inventory_.name + ": " + snapshot + " of backup " + inventory_.backup_id}};
  add_tags(parameters, "snapshot", inventory_, call).add(kBackupTag, inventory_.backup_id);
  const auto answer = client_.call("CreateSnapshot", parameters);
  if (!answer) return answer.error();
  return answer.value().value("snapshotId");
}

Result<std::string> Ec2Port::delete_snapshot(const Call& call) {
  const auto snapshot = existing_snapshot(call.arguments.front());
  if (!snapshot) return snapshot.error();
  const auto answer = client_.call("DeleteSnapshot", {{"SnapshotId", snapshot.value().id}});
  if (!answer && answer.error().code != ErrorCode::kNotFound) return answer.error();
  return snapshot.value().id;
}

Result<std::string> Ec2Port::create_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const model::Volume* today = model::volume_of_today(inventory_, entity);
  if (today == nullptr || !model::is_new(entity))
    return Error{ErrorCode::kInvalid,
                 "EC2 create-volume " + entity + ": only wm-data-new and wm-runtime-new are made"};
  if (inventory_.launch.zone.empty())
    return Error{ErrorCode::kInvalid, "EC2 create-volume " + entity +
                                          ": the inventory gives no launch.zone, and a volume must "
                                          "be in the zone of its machine"};
  const auto snapshot = existing_snapshot(model::source_snapshot(entity));
  if (!snapshot) return snapshot.error();
  // INV-30: never smaller than what it is made from.
  const int size = std::max(today->size_gb, snapshot.value().size_gb);
  Parameters parameters = {{"SnapshotId", snapshot.value().id},
                           {"AvailabilityZone", inventory_.launch.zone},
                           {"Size", std::to_string(size)},
                           {"VolumeType", "gp3"},
                           {"ClientToken", client_token(call.token)}};
  add_tags(parameters, "volume", inventory_, call);
  const auto answer = client_.call("CreateVolume", parameters);
  if (!answer) return answer.error();
  return answer.value().value("volumeId");
}

Result<std::string> Ec2Port::attach_volume(const Call& call) {
  const std::string& entity = call.arguments.front();
  const auto volume = existing_volume(entity);
  if (!volume) return volume.error();
  const auto instance = machine_id(model::machine_of(entity));
  if (!instance) return instance.error();
  const std::string device = device_of(entity);
  const auto is_done = [&](const CloudRecord& record) {
    return record.attached_to == instance.value() && record.device == device &&
           (record.state == "attaching" || record.state == "attached");
  };
  if (is_done(volume.value())) return volume.value().id;
  const auto answer = client_.call(
      "AttachVolume",
      {{"VolumeId", volume.value().id}, {"InstanceId", instance.value()}, {"Device", device}});
  if (answer) return volume.value().id;
  if (answer.error().code != ErrorCode::kBlocked) return answer.error();
  // VolumeInUse by the same machine and device is what was wanted: a lost answer, or a late read.
  const auto again = existing_volume(entity);
  if (again && is_done(again.value())) return again.value().id;
  return answer.error();
}

Result<std::string> Ec2Port::detach_volume(const Call& call) {
  const auto volume = existing_volume(call.arguments.front());
  if (!volume) return volume.error();
  const auto answer = client_.call("DetachVolume", {{"VolumeId", volume.value().id}});
  if (answer) return volume.value().id;
  const auto again = existing_volume(call.arguments.front());
  const bool is_done =
      again && (again.value().state == "available" || again.value().state == "detaching");
  if (answer.error().code == ErrorCode::kBlocked && is_done) return volume.value().id;
  return answer.error();
}

Result<std::string> Ec2Port::delete_volume(const Call& call) {
  const auto volume = existing_volume(call.arguments.front());
  if (!volume) return volume.error();
  const auto answer = client_.call("DeleteVolume", {{"VolumeId", volume.value().id}});
  if (!answer && answer.error().code != ErrorCode::kNotFound) return answer.error();
  return volume.value().id;
}

}  // namespace wme::executor::aws
