#include "simulators/gcp/compute_backend.hpp"

#include <algorithm>
#include <utility>

namespace wme::simulators::gcp {

namespace {

constexpr std::chrono::seconds kProvisioning{10};

bool holds(const std::string& attachment) {
  return !attachment.empty() && attachment != "detached";
}

}  // namespace

std::string ComputeBackend::status(const Instance& row) const {
  const std::string power =
      row.entity.empty() ? row.own.at(now()) : world_.value("power", {row.entity});
  if (power == "pending") return now() - row.changed < kProvisioning ? "PROVISIONING" : "STAGING";
  if (power == "running") return "RUNNING";
  if (power == "stopped") return "TERMINATED";
  return "STOPPING";  // to stop or, all the same, to go
}

/// "attached", "detaching" ...; empty: attached to nothing.
std::string ComputeBackend::attachment(const Disk& row) const {
  const std::string& own = row.own_attachment.at(now());
  if (holds(own)) return own;
  const std::string modelled = row.entity.empty() ? "" : world_.value("volume", {row.entity});
  const bool is_held = modelled == "attaching" || modelled == "attached" || modelled == "detaching";
  return is_held ? modelled : "";
}

bool ComputeBackend::is_used(const Disk& row) const {
  const std::string held = attachment(row);
  return held == "attached" || held == "detaching";
}

std::string ComputeBackend::volume_state(const Disk& row) const {
  return row.entity.empty() ? row.own.at(now()) : world_.value("volume", {row.entity});
}

std::string ComputeBackend::status(const Disk& row) const {
  const std::string state = volume_state(row);
  if (state == "creating") return "CREATING";
  if (state == "error") return "FAILED";
  return "READY";
}

std::string ComputeBackend::snapshot_state(const Snapshot& row) const {
  return row.entity.empty() ? row.own.at(now()) : world_.value("snapshot", {row.entity});
}

std::string ComputeBackend::status(const Snapshot& row) const {
  const std::string state = snapshot_state(row);
  if (state == "completed") return "READY";
  if (state == "error") return "FAILED";
  return now() - row.created < kProvisioning ? "CREATING" : "UPLOADING";
}

std::string ComputeBackend::status(const Address& row) const {
  return holder_of(row.address) == nullptr ? "RESERVED" : "IN_USE";
}

std::vector<const Disk*> ComputeBackend::disks() const {
  std::vector<const Disk*> all;
  for (const auto& [name, row] : disks_) {
    const std::string state = volume_state(row);
    if (state != "deleted" && state != "absent") all.push_back(&row);
  }
  return all;
}

std::vector<const Snapshot*> ComputeBackend::snapshots() const {
  std::vector<const Snapshot*> all;
  for (const auto& [name, row] : snapshots_)
    if (snapshot_state(row) != "absent") all.push_back(&row);
  return all;
}

std::vector<const Disk*> ComputeBackend::disks_of(const std::string& instance) const {
  std::vector<const Disk*> all;
  for (const auto& [name, row] : disks_)
    if (row.instance == instance && is_used(row)) all.push_back(&row);
  std::ranges::stable_sort(all, [](const Disk* a, const Disk* b) {
    return std::pair(!a->is_boot, a->device) < std::pair(!b->is_boot, b->device);
  });
  return all;
}

/// The model has no word for an address that changes hands with an upgrade to another address.
bool ComputeBackend::models_address() const { return world_.exists("detach-address", {}); }

bool ComputeBackend::has_platform_address(const std::string& entity) const {
  if (!models_address()) return false;
  const std::string& where = world_.value("address", {});
  if (entity == "platform") return where == "old-platform" || where == "detaching";
  return entity == "platform-new" && where == "new-platform";
}

std::vector<std::string> ComputeBackend::aliases_of(const Instance& row) const {
  std::vector<std::string> all = row.aliases;
  const model::Platform& platform = world_.installation().inventory.platform;
  const bool is_primary = row.address == platform.address;
  if (!is_primary && has_platform_address(row.entity)) all.push_back(platform.address + "/32");
  return all;
}

std::string ComputeBackend::fingerprint_of_interface(const Instance& row) const {
  std::string words = row.name + row.address;
  for (const std::string& each : aliases_of(row)) words += " " + each;
  return fingerprint_of(words);
}

const Instance* ComputeBackend::holder_of(const std::string& address) const {
  for (const auto& [name, row] : instances_) {
    if (row.address == address) return &row;
    for (const std::string& each : aliases_of(row))
      if (each == address || each == address + "/32") return &row;
  }
  return nullptr;
}

const Instance* ComputeBackend::instance_of(const std::string& entity) const {
  for (const auto& [name, row] : instances_)
    if (row.entity == entity) return &row;
  return nullptr;
}

ComputeResult<Instance*> ComputeBackend::find_instance(const std::string& name) {
  const auto place = instances_.find(name);
  if (place == instances_.end())
    return not_found("projects/" + project_ + "/" + zone_path() + "/instances/" + name);
  return &place->second;
}

ComputeResult<Disk*> ComputeBackend::find_disk(const std::string& name) {
  const auto all = disks();
  const auto place = std::ranges::find(all, name, &Disk::name);
  if (place == all.end())
    return not_found("projects/" + project_ + "/" + zone_path() + "/disks/" + name);
  return &disks_.at(name);
}

ComputeResult<Snapshot*> ComputeBackend::find_snapshot(const std::string& name) {
  const auto all = snapshots();
  const auto place = std::ranges::find(all, name, &Snapshot::name);
  if (place == all.end()) return not_found("projects/" + project_ + "/global/snapshots/" + name);
  return &snapshots_.at(name);
}

/// An address of the machines' network that follows from the words, far from those that people
/// choose; the next free one where two agree.
std::string ComputeBackend::free_address(const std::string& words) const {
  const std::string& lan = world_.installation().inventory.lan;
  const auto second_dot = lan.find('.', lan.find('.') + 1);
  const std::string network = second_dot == std::string::npos ? "10.0" : lan.substr(0, second_dot);
  const auto start = static_cast<unsigned>(std::stoull(make_id(words)) % 100000);
  for (unsigned i = 0;; ++i) {
    const unsigned host = (start + i) % (55 * 250);
    const std::string address =
        network + "." + std::to_string(200 + host / 250) + "." + std::to_string(4 + host % 250);
    if (holder_of(address) == nullptr) return address;
  }
}

/// A machine that goes takes along what is marked so; everything else it had is free.
/// What was never launched leaves nothing behind.
void ComputeBackend::release_holdings(const Instance& instance, bool was_launched_in_vain) {
  for (auto place = disks_.begin(); place != disks_.end();) {
    Disk& row = place->second;
    const bool was_last_here = row.instance == instance.name;
    const bool is_held = was_last_here && holds(row.own_attachment.at(now()));
    if (is_held) row.own_attachment = {};
    // INV-15: by then nobody asks any more; whatever only this disk had is gone.
    const bool goes = was_last_here && (row.goes_with_machine || was_launched_in_vain);
    if (goes && !row.entity.empty() && world_.is("volume", {row.entity}, "available"))
      world_.perform("delete-volume", {row.entity}, "compute instances.delete");
    place = goes && is_held && row.entity.empty() ? disks_.erase(place) : std::next(place);
  }
}

void ComputeBackend::settle() {
  for (Operation& each : operations_)
    if (!each.ended) settle(each);
  for (auto place = instances_.begin(); place != instances_.end();) {
    const Instance& row = place->second;
    const std::string power =
        row.entity.empty() ? row.own.at(now()) : world_.value("power", {row.entity});
    // Absent: its launch failed. The model may launch that machine once more.
    const bool is_gone = power == "terminated" || power == "absent";
    if (is_gone) release_holdings(row, power == "absent");
    place = is_gone ? instances_.erase(place) : std::next(place);
  }
}

std::string text_in(const nlohmann::json& object, const std::string& key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool flag_in(const nlohmann::json& object, const std::string& key, bool otherwise) {
  if (!object.is_object()) return otherwise;
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

int number_in(const nlohmann::json& object, const std::string& key) {
  if (!object.is_object()) return 0;
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  if (found->is_number_integer()) return found->get<int>();
  return found->is_string() ? std::atoi(found->get<std::string>().c_str()) : 0;
}

ComputeResult<Labels> labels_in(const nlohmann::json& body) {
  Labels labels;
  const auto found = body.find("labels");
  if (found == body.end()) return labels;
  if (!found->is_object()) return invalid("resource.labels", "it is not an object");
  for (const auto& [key, value] : found->items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    if (!is_label(key, true)) return invalid("resource.labels", "'" + key + "' is no label's key");
    if (!value.is_string() || !is_label(text, false))
      return invalid("resource.labels", "'" + text + "' is no label's value");
    labels[key] = text;
  }
  return labels;
}

}  // namespace wme::simulators::gcp
