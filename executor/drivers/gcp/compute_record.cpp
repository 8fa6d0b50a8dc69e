#include "executor/drivers/gcp/compute_record.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/drivers/gcp/compute_names.hpp"

namespace wme::executor::gcp {

namespace {

using nlohmann::json;
using Words = std::map<std::string_view, std::string_view>;

std::optional<std::string> word(const Words& words, const std::string& state) {
  const auto place = words.find(state);
  if (place == words.end()) return std::nullopt;
  return std::string(place->second);
}

std::optional<std::string> power_word(const std::string& status) {
  static const Words words = {{"PENDING", "pending"},    {"PROVISIONING", "pending"},
                              {"STAGING", "pending"},    {"RUNNING", "running"},
                              {"STOPPING", "stopping"},  {"STOPPED", "stopped"},
                              {"TERMINATED", "stopped"}, {"DEPROVISIONING", "terminating"}};
  return word(words, status);
}

/// A disk is READY whether or not it is in use: only its users tell.
std::optional<std::string> volume_word(const std::string& status, bool is_used) {
  static const Words words = {{"CREATING", "creating"},
                              {"RESTORING", "creating"},
                              {"READY", "available"},
                              {"FAILED", "error"},
                              {"DELETING", "deleted"}};
  if (status == "READY" && is_used) return "attached";
  return word(words, status);
}

std::optional<std::string> snapshot_word(const std::string& status) {
  static const Words words = {{"CREATING", "pending"},
                              {"UPLOADING", "pending"},
                              {"READY", "completed"},
                              {"FAILED", "error"},
                              {"DELETING", "absent"}};
  return word(words, status);
}

CloudRecord record_of(const json& resource) {
  CloudRecord record;
  record.name = text(resource, "name");
  record.created = text(resource, "creationTimestamp");
  record.detail = record.name + " " + text(resource, "status");
  for (const auto& [key, value] : part(resource, "labels").items())
    if (value.is_string()) record.labels[key] = value.get<std::string>();
  return record;
}

bool is_true(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::string without_mask(std::string range) {
  if (range.ends_with("/32")) range.resize(range.size() - 3);
  return range;
}

SeenInterface interface_in(const json& row) {
  SeenInterface seen{text(row, "name"), text(row, "fingerprint"), text(row, "networkIP"), {}};
  for (const json& alias : part(row, "aliasIpRanges"))
    seen.aliases.push_back(without_mask(text(alias, "ipCidrRange")));
  return seen;
}

}  // namespace

std::string CloudRecord::label(std::string_view key) const {
  const auto place = labels.find(std::string(key));
  return place == labels.end() ? std::string() : place->second;
}

const SeenInterface* CloudRecord::interface(std::string_view wanted) const {
  const auto place = std::ranges::find(interfaces, wanted, &SeenInterface::name);
  return place == interfaces.end() ? nullptr : &*place;
}

CloudRecord machine_record(const json& instance) {
  CloudRecord record = record_of(instance);
  record.state = power_word(text(instance, "status"));
  for (const json& each : part(instance, "networkInterfaces"))
    record.interfaces.push_back(interface_in(each));
  for (const json& each : part(instance, "disks"))
    record.disks.push_back({last_segment(text(each, "source")), text(each, "deviceName"),
                            is_true(each, "boot"), is_true(each, "autoDelete")});
  return record;
}

CloudRecord disk_record(const json& disk) {
  CloudRecord record = record_of(disk);
  for (const json& each : part(disk, "users"))
    if (each.is_string()) record.used_by.push_back(last_segment(each.get<std::string>()));
  record.state = volume_word(text(disk, "status"), !record.used_by.empty());
  record.size_gb = std::atoi(text(disk, "sizeGb").c_str());
  for (const std::string& each : record.used_by) record.detail += ", in use by " + each;
  return record;
}

CloudRecord snapshot_record(const json& snapshot) {
  CloudRecord record = record_of(snapshot);
  record.state = snapshot_word(text(snapshot, "status"));
  record.size_gb = std::atoi(text(snapshot, "diskSizeGb").c_str());
  return record;
}

}  // namespace wme::executor::gcp
