#include "executor/drivers/aws/ec2_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "executor/drivers/aws/ec2_names.hpp"

namespace wme::executor::aws {

namespace {

constexpr std::size_t kFilterValuesMax = 200;  // Source: EC2 "Filtering", values for each filter

using Words = std::map<std::string_view, std::string_view>;

std::optional<std::string> word(const Words& words, const std::string& state) {
  const auto place = words.find(state);
  if (place == words.end()) return std::nullopt;
  return std::string(place->second);
}

std::optional<std::string> power_word(const std::string& state) {
  static const Words words = {{"pending", "pending"},           {"running", "running"},
                              {"stopping", "stopping"},         {"stopped", "stopped"},
                              {"shutting-down", "terminating"}, {"terminated", "terminated"}};
  return word(words, state);
}

std::optional<std::string> snapshot_word(const std::string& state) {
  static const Words words = {
      {"pending", "pending"}, {"completed", "completed"}, {"error", "error"}};
  return word(words, state);
}

/// `in-use` is reached while the attachment is still `attaching`: only the attachment tells.
std::optional<std::string> volume_word(const std::string& status, const std::string& attachment) {
  static const Words free = {{"creating", "creating"},
                             {"available", "available"},
                             {"deleting", "deleted"},
                             {"deleted", "deleted"},
                             {"error", "error"}};
  static const Words in_use = {{"attaching", "attaching"},
                               {"attached", "attached"},
                               {"detaching", "detaching"},
                               {"busy", "detaching"}};
  return status == "in-use" ? word(in_use, attachment) : word(free, status);
}

std::string tag(const Element& resource, std::string_view key) {
  for (const Element* item : resource.items("tagSet"))
    if (item->value("key") == key) return item->value("value");
  return {};
}

CloudRecord machine_record(const Element& instance) {
  CloudRecord record;
  const std::string state = instance.value("instanceState/name");
  record.id = instance.value("instanceId");
  record.state = power_word(state);
  record.detail = record.id + " " + state;
  if (const auto why = instance.value("stateReason/message"); !why.empty())
    record.detail += " (" + why + ")";
  record.created = instance.value("launchTime");
  record.zone = instance.value("placement/availabilityZone");
  return record;
}

CloudRecord volume_record(const Element& volume) {
  CloudRecord record;
  const auto attachments = volume.items("attachmentSet");
  const Element none;
  const Element& attachment = attachments.empty() ? none : *attachments.front();
  const std::string status = volume.value("status");
  const std::string attached = attachment.value("status");
  record.id = volume.value("volumeId");
  record.state = volume_word(status, attached);
  record.attached_to = attachment.value("instanceId");
  record.device = attachment.value("device");
  record.detail = record.id + " " + status;
  if (!attached.empty())
    record.detail += ", " + attached + " to " + record.attached_to + " as " + record.device;
  record.created = volume.value("createTime");
  record.zone = volume.value("availabilityZone");
  record.size_gb = std::atoi(volume.value("size").c_str());
  return record;
}

CloudRecord snapshot_record(const Element& snapshot) {
  CloudRecord record;
  const std::string status = snapshot.value("status");
  record.id = snapshot.value("snapshotId");
  record.state = snapshot_word(status);
  record.detail = record.id + " " + status + " " + snapshot.value("progress");
  if (const auto why = snapshot.value("statusMessage"); !why.empty()) record.detail += ": " + why;
  record.created = snapshot.value("startTime");
  record.size_gb = std::atoi(snapshot.value("volumeSize").c_str());
  return record;
}

bool is_over(const CloudRecord& record) {
  return record.state == "terminated" || record.state == "terminating" ||
         record.state == "deleted" || record.state == "error";
}

/// Of several with the same tag the newest that still lives: an earlier try may have failed.
void keep_better(CloudRecord& kept, CloudRecord candidate) {
  const bool better = kept.id.empty() || (is_over(kept) && !is_over(candidate)) ||
                      (is_over(kept) == is_over(candidate) && kept.created < candidate.created);
  if (better) kept = std::move(candidate);
}

/// EC2 lists a terminated machine for about an hour. With the tags of a new one it is what a launch
/// that failed, or a retreat, has left behind: it is not that machine, which can be launched again.
void take_out_the_ended(Ec2Reader::Records& records) {
  for (auto& [entity, record] : records) {
    if (!model::is_new(entity) || record.state != "terminated") continue;
    record.state = "absent";
    record.id.clear();
  }
}

/// Asked for, but not among what EC2 listed.
void add_missing(Ec2Reader::Records& records, const std::vector<std::string>& entities,
                 std::string_view gone_word) {
  for (const auto& entity : entities) {
    if (records.contains(entity)) continue;
    CloudRecord record;
    record.state = model::is_new(entity) ? "absent" : std::string(gone_word);
    record.detail = "EC2 lists no " + entity;
    records.emplace(entity, std::move(record));
  }
}

CloudRecord unknown(const std::string& why) {
  CloudRecord record;
  record.detail = why;
  return record;
}

}  // namespace

Ec2Reader::Ec2Reader(const model::Inventory& inventory, Ec2Client& client)
    : inventory_(inventory), client_(client) {}

Result<std::vector<Element>> Ec2Reader::described(const std::string& operation,
                                                  const std::string& set, const std::string& filter,
                                                  const std::vector<std::string>& values) {
  std::vector<Element> found;
  for (std::size_t begin = 0; begin < values.size(); begin += kFilterValuesMax) {
    Parameters parameters = {{"Filter.1.Name", filter}};
    const std::size_t end = std::min(values.size(), begin + kFilterValuesMax);
    for (std::size_t i = begin; i < end; ++i)
      parameters.emplace_back("Filter.1.Value." + std::to_string(i - begin + 1), values[i]);
    if (operation == "DescribeSnapshots") parameters.emplace_back("Owner.1", "self");
    const auto pages = client_.pages(operation, parameters);
    if (!pages) return pages.error();
    for (const Element& page : pages.value())
      for (const Element* item : page.items(set)) {
        if (set != "reservationSet") found.push_back(*item);
        for (const Element* instance : item->items("instancesSet")) found.push_back(*instance);
      }
  }
  return found;
}

/// The machine that was the new one in the last rotation still has its tags: it is today's now.
bool Ec2Reader::belongs_to_today(const std::string& id) const {
  const auto& platform = inventory_.platform;
  return id == platform.cloud_id || id == platform.wm_data.cloud_id ||
         id == platform.wm_runtime.cloud_id ||
         std::ranges::any_of(inventory_.instances,
                             [&](const auto& instance) { return instance.cloud_id == id; });
}

Result<Ec2Reader::Records> Ec2Reader::machines(const std::vector<std::string>& entities) {
  Records records;
  std::map<std::string, std::string> entity_of_id;
  std::vector<std::string> ids;
  bool any_new = false;
  for (const auto& entity : entities) {
    const std::string id = model::cloud_id_of_machine(inventory_, entity);
    if (!id.empty() && entity_of_id.emplace(id, entity).second)
      ids.push_back(id);
    else if (id.empty() && model::is_new(entity))
      any_new = true;
    else if (id.empty())
      records[entity] = unknown("the inventory gives no cloud_id for " + entity);
  }
  const auto today = described("DescribeInstances", "reservationSet", "instance-id", ids);
  if (!today) return today.error();
  for (const Element& instance : today.value()) {
    const auto place = entity_of_id.find(instance.value("instanceId"));
    if (place != entity_of_id.end()) records[place->second] = machine_record(instance);
  }
  if (any_new) {
    const auto tagged = described("DescribeInstances", "reservationSet",
                                  "tag:" + std::string(kInstallationTag), {inventory_.name});
    if (!tagged) return tagged.error();
    for (const Element& instance : tagged.value()) {
      const std::string entity = tag(instance, kEntityTag);
      if (model::is_new(entity) && !belongs_to_today(instance.value("instanceId")))
        keep_better(records[entity], machine_record(instance));
    }
    take_out_the_ended(records);
  }
  add_missing(records, entities, "terminated");
  return records;
}

Result<Ec2Reader::Records> Ec2Reader::volumes(const std::vector<std::string>& entities) {
  Records records;
  std::map<std::string, std::string> entity_of_id;
  std::vector<std::string> ids;
  bool any_new = false;
  for (const auto& entity : entities) {
    const model::Volume* volume = model::volume_of_today(inventory_, entity);
    if (model::is_new(entity))
      any_new = true;
    else if (volume == nullptr || volume->cloud_id.empty())
      records[entity] = unknown("the inventory gives no cloud_id for " + entity);
    else if (entity_of_id.emplace(volume->cloud_id, entity).second)
      ids.push_back(volume->cloud_id);
  }
  const auto today = described("DescribeVolumes", "volumeSet", "volume-id", ids);
  if (!today) return today.error();
  for (const Element& volume : today.value()) {
    const auto place = entity_of_id.find(volume.value("volumeId"));
    if (place != entity_of_id.end()) records[place->second] = volume_record(volume);
  }
  if (any_new) {
    const auto tagged = described("DescribeVolumes", "volumeSet",
                                  "tag:" + std::string(kInstallationTag), {inventory_.name});
    if (!tagged) return tagged.error();
    for (const Element& volume : tagged.value()) {
      const std::string entity = tag(volume, kEntityTag);
      if (model::is_new(entity) && !belongs_to_today(volume.value("volumeId")))
        keep_better(records[entity], volume_record(volume));
    }
  }
  add_missing(records, entities, "deleted");
  return records;
}

Result<Ec2Reader::Records> Ec2Reader::snapshots(const std::vector<std::string>& entities) {
  Records records;
  const auto tagged = described("DescribeSnapshots", "snapshotSet",
                                "tag:" + std::string(kInstallationTag), {inventory_.name});
  if (!tagged) return tagged.error();
  for (const Element& snapshot : tagged.value())
    if (tag(snapshot, kBackupTag) == inventory_.backup_id)
      keep_better(records[tag(snapshot, kEntityTag)], snapshot_record(snapshot));
  add_missing(records, entities, "absent");
  return records;
}

Result<InterfaceRecord> Ec2Reader::address_interface() {
  const std::string& id = inventory_.platform.interface;
  if (id.empty())
    return Error{ErrorCode::kInvalid,
                 "EC2: the inventory gives no platform.interface: write down the eni-… of the "
                 "interface that carries " +
                     inventory_.platform.address};
  const auto found =
      described("DescribeNetworkInterfaces", "networkInterfaceSet", "network-interface-id", {id});
  if (!found) return found.error();
  if (found.value().empty())
    return Error{ErrorCode::kNotFound,
                 "EC2 lists no network interface " + id + ": the Platform's address may be lost"};
  const Element& interface = found.value().front();
  return InterfaceRecord{id,
                         interface.value("status"),
                         interface.value("attachment/attachmentId"),
                         interface.value("attachment/status"),
                         interface.value("attachment/instanceId"),
                         interface.value("attachment/deviceIndex")};
}

Result<std::optional<std::string>> Ec2Reader::end_of_launch(const std::string& client_token) {
  const auto found =
      described("DescribeInstances", "reservationSet", "client-token", {client_token});
  if (!found) return found.error();
  for (const Element& instance : found.value()) {
    const CloudRecord record = machine_record(instance);
    if (record.state == "terminated") return std::optional(record.detail);
  }
  return std::optional<std::string>();
}

Result<std::optional<std::string>> Ec2Reader::snapshot_with_token(const std::string& token) {
  const auto found =
      described("DescribeSnapshots", "snapshotSet", "tag:" + std::string(kTokenTag), {token});
  if (!found) return found.error();
  if (found.value().empty()) return std::optional<std::string>();
  return std::optional(found.value().front().value("snapshotId"));
}

}  // namespace wme::executor::aws
