#include "simulators/gcp/compute_json.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

constexpr const char* kRoot = "https://www.googleapis.com/compute/v1/projects/";
constexpr std::chrono::hours kServiceOffset{8};  // it answers in Pacific time
constexpr long kGb = 1024L * 1024 * 1024;

json resource(const ComputeBackend& backend, const char* kind, const std::string& name,
              const std::string& path) {
  return {{"kind", std::string("compute#") + kind},
          {"id", make_id(path + name)},
          {"name", name},
          {"selfLink", link(backend, path + "/" + name)}};
}

void put_labels(json& resource, const std::string& name, const Labels& labels) {
  std::string seen = name;
  for (const auto& [key, value] : labels) seen.append(key).append(value);
  if (!labels.empty()) resource["labels"] = labels;
  resource["labelFingerprint"] = fingerprint_of(seen);
}

json attached_disk(const ComputeBackend& backend, const Disk& disk, int index) {
  return {{"kind", "compute#attachedDisk"},
          {"index", index},
          {"source", link(backend, backend.zone_path() + "/disks/" + disk.name)},
          {"deviceName", disk.device},
          {"boot", disk.is_boot},
          {"autoDelete", disk.goes_with_machine},
          {"mode", "READ_WRITE"},
          {"type", "PERSISTENT"},
          {"interface", "SCSI"},
          {"diskSizeGb", std::to_string(disk.size_gb)}};
}

json network_interface(const ComputeBackend& backend, const Instance& row) {
  json interface = {
      {"kind", "compute#networkInterface"},
      {"name", "nic0"},
      {"network", link(backend, "global/networks/default")},
      {"subnetwork", link(backend, backend.region_path() + "/subnetworks/" + row.subnet)},
      {"networkIP", row.address},
      {"stackType", "IPV4_ONLY"},
      {"fingerprint", backend.fingerprint_of_interface(row)}};
  for (const std::string& range : backend.aliases_of(row))
    interface["aliasIpRanges"].push_back({{"ipCidrRange", range}});
  return interface;
}

json quota(const char* metric, double limit, double usage) {
  return {{"metric", metric}, {"limit", limit}, {"usage", usage}};
}

std::string status_of(const Operation& row) { return row.ended ? "DONE" : "RUNNING"; }

}  // namespace

std::string link(const ComputeBackend& backend, const std::string& path) {
  return kRoot + backend.project() + "/" + path;
}

std::string time_text(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto local = time - kServiceOffset;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  std::array<char, 80> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d-08:00",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

int cpus_of(const std::string& machine_type) {
  for (const char* shared : {"e2-micro", "e2-small", "e2-medium"})
    if (machine_type == shared) return 2;
  const std::string last = machine_type.substr(machine_type.rfind('-') + 1);
  return std::atoi(last.c_str());
}

json instance_json(const ComputeBackend& backend, const Instance& row) {
  json made = resource(backend, "instance", row.name, backend.zone_path() + "/instances");
  made["creationTimestamp"] = time_text(row.created);
  made["lastStartTimestamp"] = time_text(row.created);
  made["status"] = backend.status(row);
  made["zone"] = link(backend, backend.zone_path());
  made["machineType"] = link(backend, backend.zone_path() + "/machineTypes/" + row.machine_type);
  made["cpuPlatform"] = "Intel Cascade Lake";
  if (!row.description.empty()) made["description"] = row.description;
  made["canIpForward"] = false;
  made["deletionProtection"] = false;
  made["startRestricted"] = false;
  made["fingerprint"] = fingerprint_of(row.name + row.machine_type);
  made["scheduling"] = {{"automaticRestart", true},
                        {"onHostMaintenance", "MIGRATE"},
                        {"preemptible", false},
                        {"provisioningModel", "STANDARD"}};
  made["tags"] = {{"fingerprint", fingerprint_of(row.name + "tags")}};
  if (!row.network_tags.empty()) made["tags"]["items"] = row.network_tags;
  made["metadata"] = {{"kind", "compute#metadata"},
                      {"fingerprint", fingerprint_of(row.name + "metadata")}};
  for (const auto& [key, value] : row.metadata)
    made["metadata"]["items"].push_back({{"key", key}, {"value", value}});
  made["networkInterfaces"] = json::array({network_interface(backend, row)});
  made["disks"] = json::array();
  for (const Disk* each : backend.disks_of(row.name))
    made["disks"].push_back(attached_disk(backend, *each, static_cast<int>(made["disks"].size())));
  put_labels(made, row.name, row.labels);
  return made;
}

json disk_json(const ComputeBackend& backend, const Disk& row) {
  json made = resource(backend, "disk", row.name, backend.zone_path() + "/disks");
  made["creationTimestamp"] = time_text(row.created);
  made["status"] = backend.status(row);
  made["zone"] = link(backend, backend.zone_path());
  made["sizeGb"] = std::to_string(row.size_gb);
  made["type"] = link(backend, backend.zone_path() + "/diskTypes/" + row.type);
  made["physicalBlockSizeBytes"] = "4096";
  if (!row.description.empty()) made["description"] = row.description;
  if (!row.image.empty()) made["sourceImage"] = image_json(backend)["selfLink"];
  if (!row.snapshot.empty()) {
    made["sourceSnapshot"] = link(backend, "global/snapshots/" + row.snapshot);
    made["sourceSnapshotId"] = make_id("global/snapshots" + row.snapshot);
  }
  if (backend.is_used(row))
    made["users"] =
        json::array({link(backend, backend.zone_path() + "/instances/" + row.instance)});
  put_labels(made, row.name, row.labels);
  return made;
}

json snapshot_json(const ComputeBackend& backend, const Snapshot& row) {
  json made = resource(backend, "snapshot", row.name, "global/snapshots");
  made["creationTimestamp"] = time_text(row.created);
  made["status"] = backend.status(row);
  made["diskSizeGb"] = std::to_string(row.size_gb);
  if (!row.disk.empty()) {
    made["sourceDisk"] = link(backend, backend.zone_path() + "/disks/" + row.disk);
    made["sourceDiskId"] = make_id(backend.zone_path() + "/disks" + row.disk);
  }
  if (!row.description.empty()) made["description"] = row.description;
  const bool is_ready = made["status"] == "READY";
  made["storageBytes"] = is_ready ? std::to_string(row.size_gb * kGb / 3) : "0";
  made["storageBytesStatus"] = is_ready ? "UP_TO_DATE" : "UPDATING";
  made["storageLocations"] =
      row.locations.empty() ? std::vector<std::string>{backend.region()} : row.locations;
  made["autoCreated"] = false;
  put_labels(made, row.name, row.labels);
  return made;
}

json address_json(const ComputeBackend& backend, const Address& row) {
  json made = resource(backend, "address", row.name, backend.region_path() + "/addresses");
  made["creationTimestamp"] = time_text(row.created);
  made["address"] = row.address;
  made["addressType"] = "INTERNAL";
  made["purpose"] = row.purpose;
  made["status"] = backend.status(row);
  made["networkTier"] = "PREMIUM";
  made["region"] = link(backend, backend.region_path());
  made["subnetwork"] = link(backend, backend.region_path() + "/subnetworks/" + row.subnet);
  if (!row.description.empty()) made["description"] = row.description;
  if (const Instance* holder = backend.holder_of(row.address))
    made["users"] =
        json::array({link(backend, backend.zone_path() + "/instances/" + holder->name)});
  put_labels(made, row.name, row.labels);
  return made;
}

json operation_json(const ComputeBackend& backend, const Operation& row) {
  json made = resource(backend, "operation", row.name, row.scope + "/operations");
  made["operationType"] = row.type;
  made["targetLink"] = link(backend, row.target);
  made["targetId"] = make_id(row.target);
  made["status"] = status_of(row);
  made["progress"] = row.ended ? 100 : 0;
  made["user"] = "simulated@" + backend.project() + ".iam.gserviceaccount.com";
  const std::chrono::sys_time<std::chrono::milliseconds> inserted = row.inserted;
  made["insertTime"] = time_text(inserted);
  made["startTime"] = time_text(inserted);
  if (!row.client_id.empty()) made["clientOperationId"] = row.client_id;
  if (row.scope.starts_with("zones/")) made["zone"] = link(backend, row.scope);
  if (row.scope.starts_with("regions/")) made["region"] = link(backend, row.scope);
  if (!row.ended) return made;
  made["endTime"] = time_text(inserted + (*row.ended - row.began));
  if (row.error_code.empty()) return made;
  made["error"] = {
      {"errors", json::array({{{"code", row.error_code}, {"message", row.error_message}}})}};
  made["httpErrorStatusCode"] = 503;
  made["httpErrorMessage"] = "SERVICE UNAVAILABLE";
  return made;
}

json machine_type_json(const ComputeBackend& backend, const std::string& name) {
  json made = resource(backend, "machineType", name, backend.zone_path() + "/machineTypes");
  const int cpus = cpus_of(name);
  made["creationTimestamp"] = "1969-12-31T16:00:00.000-08:00";  // as all of them
  made["description"] = std::to_string(cpus) + " vCPUs, " + std::to_string(4 * cpus) + " GB RAM";
  made["guestCpus"] = cpus;
  made["memoryMb"] = 4096 * cpus;
  made["zone"] = backend.zone();
  made["isSharedCpu"] = false;
  made["maximumPersistentDisks"] = 128;
  made["maximumPersistentDisksSizeGb"] = "263168";
  return made;
}

json image_json(const ComputeBackend& backend) {
  const std::string& asked = backend.world().installation().inventory.launch.image;
  const auto at = asked.find("projects/");
  std::string project = "ubuntu-os-cloud";
  if (at != std::string::npos) {
    const std::string rest = asked.substr(at + 9);
    project = rest.substr(0, rest.find('/'));
  }
  const bool is_family = asked.find("/family/") != std::string::npos;
  const std::string name = is_family ? backend.image() + "-v20260101" : backend.image();
  return {{"kind", "compute#image"},
          {"id", make_id("image " + name)},
          {"name", name},
          {"family", backend.image()},
          {"status", "READY"},
          {"creationTimestamp", "2026-01-01T00:00:00.000-08:00"},
          {"diskSizeGb", "10"},
          {"sourceType", "RAW"},
          {"selfLink",
           "https://www.googleapis.com/compute/v1/projects/" + project + "/global/images/" + name}};
}

json zone_json(const ComputeBackend& backend) {
  json made = resource(backend, "zone", backend.zone(), "zones");
  made["creationTimestamp"] = "1969-12-31T16:00:00.000-08:00";
  made["description"] = backend.zone();
  made["status"] = "UP";
  made["region"] = link(backend, backend.region_path());
  return made;
}

json region_json(const ComputeBackend& backend) {
  double cpus = 0;
  for (const auto& [name, row] : backend.instances()) cpus += cpus_of(row.machine_type);
  double disk_gb = 0;
  for (const Disk* each : backend.disks()) disk_gb += each->size_gb;
  json made = resource(backend, "region", backend.region(), "regions");
  made["creationTimestamp"] = "1969-12-31T16:00:00.000-08:00";
  made["description"] = backend.region();
  made["status"] = "UP";
  made["zones"] = json::array({link(backend, backend.zone_path())});
  made["quotas"] =
      json::array({quota("CPUS", 20000, cpus), quota("N2_CPUS", 20000, cpus),
                   quota("INSTANCES", 6000, static_cast<double>(backend.instances().size())),
                   quota("SSD_TOTAL_GB", 500000, disk_gb), quota("DISKS_TOTAL_GB", 500000, 0)});
  return made;
}

json subnetwork_json(const ComputeBackend& backend) {
  json made =
      resource(backend, "subnetwork", backend.subnet(), backend.region_path() + "/subnetworks");
  made["creationTimestamp"] = "2025-01-01T00:00:00.000-08:00";
  made["network"] = link(backend, "global/networks/default");
  made["region"] = link(backend, backend.region_path());
  made["ipCidrRange"] = backend.world().installation().inventory.lan;
  made["gatewayAddress"] = "10.0.0.1";
  made["purpose"] = "PRIVATE";
  made["privateIpGoogleAccess"] = false;
  made["stackType"] = "IPV4_ONLY";
  made["fingerprint"] = fingerprint_of(backend.subnet());
  return made;
}

json project_json(const ComputeBackend& backend) {
  return {
      {"kind", "compute#project"},
      {"id", make_id("project " + backend.project())},
      {"name", backend.project()},
      {"creationTimestamp", "2025-01-01T00:00:00.000-08:00"},
      {"selfLink", "https://www.googleapis.com/compute/v1/projects/" + backend.project()},
      {"defaultServiceAccount", "123456789012-compute@developer.gserviceaccount.com"},
      {"defaultNetworkTier", "PREMIUM"},
      {"xpnProjectStatus", "UNSPECIFIED_XPN_PROJECT_STATUS"},
      {"commonInstanceMetadata",
       {{"kind", "compute#metadata"}, {"fingerprint", fingerprint_of("common")}}},
      {"quotas",
       json::array({quota("SNAPSHOTS", 10000, static_cast<double>(backend.snapshots().size()))})}};
}

}  // namespace wme::simulators::gcp
