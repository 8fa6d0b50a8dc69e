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
/// As long as EC2 shows a machine that is no more, and long enough to see the end of its request.
constexpr std::chrono::hours kTerminatedStaysKnown{1};
constexpr const char* kNewestDeletions = "500";

/// "2026-01-05T02:00:00.000-08:00" or with "Z" (RFC 3339); none for anything else.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
                  &second, &read) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::string rest = text.substr(static_cast<std::size_t>(read));
  const auto zone = rest.find_first_of("Zz+-");
  if (zone == std::string::npos) return std::nullopt;
  int off_hours = 0, off_minutes = 0;
  const bool is_utc = rest[zone] == 'Z' || rest[zone] == 'z';
  if (!is_utc && std::sscanf(rest.c_str() + zone + 1, "%2d:%2d", &off_hours, &off_minutes) != 2)
    return std::nullopt;
  const auto offset = std::chrono::hours(off_hours) + std::chrono::minutes(off_minutes);
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - (rest[zone] == '-' ? -offset : offset);
}

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
    record.state = is_new(entity) ? "absent" : gone_word;
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

ComputeReader::ComputeReader(const model::Inventory& inventory, ComputeClient& client,
                             WallTime wall_time)
    : inventory_(inventory), client_(client), wall_time_(std::move(wall_time)) {}

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
    else if (is_new(entity))
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
    if (is_new(entity) && !belongs_to_today(record.name))
      keep_better(records[entity], std::move(record));
  }
  return records;
}

Result<ComputeReader::Records> ComputeReader::machines(const Entities& entities) {
  auto records =
      found(client_.place().zone_path() + "/instances", entities, name_of_machine, machine_record);
  if (!records) return records;
  if (Status told = tell_terminating(records.value()); !told) return told.error();
  if (Status told = tell_terminated(records.value(), entities); !told) return told.error();
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

/// A machine that was deleted is not listed any more, as one that never was: for a while, the
/// operation that deleted it tells them apart.
Status ComputeReader::tell_terminated(Records& records, const Entities& entities) {
  Entities missing;
  for (const auto& entity : entities)
    if (is_new(entity) && !records.contains(entity)) missing.push_back(entity);
  if (missing.empty()) return Done{};
  // The newest are enough: one page.
  const auto page = client_.get(client_.place().zone_path() + "/operations",
                                {{"filter", "operationType = \"delete\""},
                                 {"orderBy", "creationTimestamp desc"},
                                 {"maxResults", kNewestDeletions}});
  if (!page) return page.error();
  const auto now = std::chrono::floor<std::chrono::seconds>(wall_time_());
  for (const json& operation : part(page.value(), "items")) {
    const std::string target = segment_after(text(operation, "targetLink"), "instances");
    const auto ended = parse_time(text(operation, "endTime"));
    const bool is_recent = ended && now - *ended < kTerminatedStaysKnown;
    if (target.empty() || text(operation, "status") != "DONE" || !error_in(operation).empty() ||
        !is_recent)
      continue;
    for (const auto& entity : missing) {
      if (records.contains(entity) || !target.starts_with(name_prefix(inventory_, entity)))
        continue;
      CloudRecord record;
      record.state = "terminated";
      record.detail = target + " was deleted at " + text(operation, "endTime");
      records.emplace(entity, std::move(record));
    }
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
