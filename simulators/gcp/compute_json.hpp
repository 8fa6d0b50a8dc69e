#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "simulators/gcp/compute_backend.hpp"

/// Rows as the resources of Compute Engine's answers.
namespace wme::simulators::gcp {

/// "https://www.googleapis.com/compute/v1/projects/p/zones/z": how resources name each other.
std::string link(const ComputeBackend& backend, const std::string& path);
/// RFC 3339 in the service's own time zone, as it answers.
std::string time_text(std::chrono::sys_time<std::chrono::milliseconds> time);

nlohmann::json instance_json(const ComputeBackend& backend, const Instance& row);
nlohmann::json disk_json(const ComputeBackend& backend, const Disk& row);
nlohmann::json snapshot_json(const ComputeBackend& backend, const Snapshot& row);
nlohmann::json address_json(const ComputeBackend& backend, const Address& row);
nlohmann::json operation_json(const ComputeBackend& backend, const Operation& row);
nlohmann::json machine_type_json(const ComputeBackend& backend, const std::string& name);
nlohmann::json image_json(const ComputeBackend& backend);
nlohmann::json zone_json(const ComputeBackend& backend);
nlohmann::json region_json(const ComputeBackend& backend);
nlohmann::json subnetwork_json(const ComputeBackend& backend);
nlohmann::json project_json(const ComputeBackend& backend);

/// vCPUs of a machine type; 0: there is no such type.
int cpus_of(const std::string& machine_type);

}  // namespace wme::simulators::gcp
