#include "executor/drivers/gcp/compute_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "executor/drivers/gcp/compute_names.hpp"

namespace wme::executor::gcp {

namespace {

using nlohmann::json;

constexpr std::size_t kNamesInFilter = 50;  // a URL must not grow without a bound

bool is_over(const CloudRecord& record) {
  return record.state == "terminating" || record.state == "deleted" || record.state == "error";
}

/// Of several with the same label the newest that still lives: an earlier try may have failed.
void keep_better(CloudRecord& kept, CloudRecord candidate) {
  const bool better = kept.name.empty() || (is_over(kept) && !is_over(candidate)) ||
                      (is_over(kept) == is_over(candidate) && kept.created < candidate.created);
  if (better) kept = std::move(candidate);
}

/// Asked for, but not among what was listed.
void add_missing(ComputeReader::Records& records, const std::vector<std::string>& entities,
                 const char* gone_word) {
  for (const auto& entity : entities) {
    if (records.contains(entity)) continue;
    CloudRecord record;
    record.state = model::is_new(entity) ? "absent" : gone_word;
    record.detail = "Compute Engine lists no " + entity;
    records.emplace(entity, std::move(record));
  }
}

CloudRecord unknown(const std::string& why) {
  CloudRecord record;
  record.detail = why;
  return record;
}

}  // namespace

ComputeReader::ComputeReader(const model::Inventory& inventory, ComputeClient& client)
    : inventory_(inventory), client_(client) {}

/// The machine that was the new one in the last rotation still has its labels: it is today's now.
bool ComputeReader::belongs_to_today(const std::string& name) const {
  const auto& platform = inventory_.platform;
  return name == last_segment(platform.cloud_id) ||
         name == last_segment(platform.wm_data.cloud_id) ||
         name == last_segment(platform.wm_runtime.cloud_id) ||
         std::ranges::any_of(inventory_.instances, [&](const auto& instance) {
           return last_segment(instance.cloud_id) == name;
         });
}

Result<std::vector<json>> ComputeReader::labelled(const std::string& path) {
  return client_.list(path, {{"filter", "labels." + std::string(kInstallationLabel) + " = \"" +
                                            label_value(inventory_.name) + "\""}});
}

Result<ComputeReader::Records> ComputeReader::found(const std::string& path,
                                                    const Entities& entities, NameOf name_of,
                                                    RecordOf record_of) {
  Records records;
  std::map<std::string, std::string> entity_of;
  bool any_new = false;
  for (const auto& entity : entities) {
    const std::string name = name_of(inventory_, entity);
    if (!name.empty())
      entity_of.emplace(name, entity);
    else if (model::is_new(entity))
      any_new = true;
    else
      records[entity] = unknown("the inventory gives no cloud_id for " + entity);
  }
  for (auto next = entity_of.begin(); next != entity_of.end();) {
    std::string filter;
    for (std::size_t i = 0; i < kNamesInFilter && next != entity_of.end(); ++i, ++next)
      filter += (filter.empty() ? "" : " OR ") + ("(name = \"" + next->first + "\")");
    const auto rows = client_.list(path, {{"filter", filter}});
    if (!rows) return rows.error();
    for (const json& row : rows.value()) {
      CloudRecord record = record_of(row);
      const auto place = entity_of.find(record.name);
      if (place != entity_of.end()) records[place->second] = std::move(record);
    }
  }
  if (!any_new) return records;
  const auto rows = labelled(path);
  if (!rows) return rows.error();
  for (const json& row : rows.value()) {
    CloudRecord record = record_of(row);
    const std::string entity = record.label(kEntityLabel);
    if (model::is_new(entity) && !belongs_to_today(record.name))
      keep_better(records[entity], std::move(record));
  }
  return records;
}

Result<ComputeReader::Records> ComputeReader::machines(const Entities& entities) {
  auto records =
      found(client_.place().zone_path() + "/instances", entities, name_of_machine, machine_record);
  if (!records) return records;
  if (Status told = tell_terminating(records.value()); !told) return told.error();
  add_missing(records.value(), entities, "terminated");
  return records;
}

/// A machine that is being deleted is STOPPING like one that is only stopped: its operation tells.
Status ComputeReader::tell_terminating(Records& records) {
  const auto is_stopping = [](const auto& each) { return each.second.state == "stopping"; };
  if (std::ranges::none_of(records, is_stopping)) return Done{};
  const auto operations =
      client_.list(client_.place().zone_path() + "/operations",
                   {{"filter", "(operationType = \"delete\") (status != \"DONE\")"}});
  if (!operations) return operations.error();
  for (const json& operation : operations.value())
    for (auto& [entity, record] : records)
      if (record.state == "stopping" &&
          segment_after(text(operation, "targetLink"), "instances") == record.name) {
        record.state = "terminating";
        record.detail += ", being deleted";
      }
  return Done{};
}

Result<ComputeReader::Records> ComputeReader::volumes(const Entities& entities) {
  auto records =
      found(client_.place().zone_path() + "/disks", entities, name_of_volume, disk_record);
  if (records) add_missing(records.value(), entities, "deleted");
  return records;
}

Result<ComputeReader::Records> ComputeReader::snapshots(const Entities& entities) {
  Records records;
  const auto rows = labelled(client_.place().global_path() + "/snapshots");
  if (!rows) return rows.error();
  for (const json& row : rows.value()) {
    CloudRecord record = snapshot_record(row);
    const std::string entity = record.label(kEntityLabel);
    if (record.label(kBackupLabel) == label_value(inventory_.backup_id))
      keep_better(records[entity], std::move(record));
  }
  add_missing(records, entities, "absent");
  return records;
}

Result<std::optional<ReservedAddress>> ComputeReader::reservation() {
  const std::string& address = inventory_.platform.address;
  const auto rows = client_.list(client_.place().region_path() + "/addresses",
                                 {{"filter", "address = \"" + address + "\""}});
  if (!rows) return rows.error();
  for (const json& row : rows.value()) {
    if (text(row, "address") != address || text(row, "addressType") != "INTERNAL") continue;
    ReservedAddress found{text(row, "name"), text(row, "status"), {}};
    for (const json& user : part(row, "users"))
      if (user.is_string()) found.used_by.push_back(last_segment(user.get<std::string>()));
    return std::optional(std::move(found));
  }
  return std::optional<ReservedAddress>();
}

Result<std::optional<std::string>> ComputeReader::failure_of(const std::string& request_id) {
  const auto rows = client_.list(client_.place().zone_path() + "/operations",
                                 {{"filter", "clientOperationId = \"" + request_id + "\""}});
  if (!rows) return rows.error();
  for (const json& row : rows.value())
    if (const std::string why = error_in(row);
        text(row, "clientOperationId") == request_id && !why.empty())
      return std::optional(text(row, "name") + " failed with " + why);
  return std::optional<std::string>();
}

}  // namespace wme::executor::gcp
