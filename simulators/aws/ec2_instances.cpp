#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "simulators/aws/ec2_backend.hpp"

/// What of Ec2Backend is about machines.
namespace wme::simulators::aws {

namespace {

constexpr std::chrono::seconds kBootTime{30};
constexpr std::chrono::seconds kShutdownTime{40};
constexpr int kInstancesMax = 100;

struct PowerRule {
  const char* action;  ///< of the model
  const char* door;
  const char* done;       ///< "stopped"
  const char* transient;  ///< "stopping"
  std::vector<std::string> from;
  std::vector<std::string> nothing_to_do;
};

const PowerRule& rule_of(int change) {
  static const std::vector<PowerRule> rules = {
      {"stop-machine",
       "ec2 StopInstances",
       "stopped",
       "stopping",
       {"running"},
       {"stopping", "stopped"}},
      {"start-machine",
       "ec2 StartInstances",
       "running",
       "pending",
       {"stopped"},
       {"pending", "running"}},
      {"terminate-machine",
       "ec2 TerminateInstances",
       "terminated",
       "shutting-down",
       {"pending", "running", "stopping", "stopped"},
       {"shutting-down", "terminated"}},
  };
  return rules[static_cast<std::size_t>(change)];
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

Ec2Error incorrect_state(const std::string& id, const PowerRule& rule) {
  return {400, "IncorrectInstanceState",
          "The instance '" + id + "' is not in a state from which it can be " + rule.done + "."};
}

}  // namespace

Ec2Result<std::vector<StateChange>> Ec2Backend::change_power(const std::vector<std::string>& ids,
                                                             PowerChange change, bool dry_run) {
  const PowerRule& rule = rule_of(static_cast<int>(change));
  for (const std::string& id : ids) {
    const auto found = find_instance(id);
    if (!found) return found.error();
    const std::string state = view(*found.value()).state;
    if (!contains(rule.from, state) && !contains(rule.nothing_to_do, state))
      return incorrect_state(id, rule);
  }
  if (dry_run) return dry_run_operation();
  std::vector<StateChange> changes;
  for (const std::string& id : ids) {
    Instance& row = *find_instance(id).value();
    const std::string before = view(row).state;
    if (contains(rule.from, before) && row.entity.empty()) {
      const auto time = change == PowerChange::kStart ? kBootTime : kShutdownTime;
      row.own = {rule.transient, rule.done, now() + time};
    } else if (contains(rule.from, before)) {
      const Reply reply = world_.request(rule.action, {row.entity}, rule.door);
      if (!reply.accepted()) return incorrect_state(id, rule);
    }
    if (change == PowerChange::kTerminate) row.was_told_to_end = true;
    changes.push_back({id, before, view(row).state});
  }
  return changes;
}

Ec2Result<std::vector<StateChange>> Ec2Backend::stop(const std::vector<std::string>& ids,
                                                     bool dry_run) {
  return change_power(ids, PowerChange::kStop, dry_run);
}

Ec2Result<std::vector<StateChange>> Ec2Backend::start(const std::vector<std::string>& ids,
                                                      bool dry_run) {
  return change_power(ids, PowerChange::kStart, dry_run);
}

Ec2Result<std::vector<StateChange>> Ec2Backend::terminate(const std::vector<std::string>& ids,
                                                          bool dry_run) {
  return change_power(ids, PowerChange::kTerminate, dry_run);
}

Ec2Status Ec2Backend::check_run(const RunRequest& request) const {
  if (!images_.contains(request.image))
    return Ec2Error{
        400,
        is_well_formed("ami-", request.image) ? "InvalidAMIID.NotFound" : "InvalidAMIID.Malformed",
        "The image id '[" + request.image + "]' does not exist"};
  if (!request.subnet.empty() && request.subnet != subnet_)
    return Ec2Error{400, "InvalidSubnetID.NotFound",
                    "The subnet ID '" + request.subnet + "' does not exist"};
  if (!request.zone.empty() && request.zone != zone_)
    return Ec2Error{400, "InvalidParameterCombination",
                    "The availability zone '" + request.zone + "' is not that of the subnet"};
  if (request.count_min < 1 || request.count_max < request.count_min ||
      request.count_max > kInstancesMax)
    return Ec2Error{400, "InvalidParameterValue", "Invalid value for MinCount or MaxCount"};
  if (const auto checked = check_interfaces(request); !checked) return checked;
  for (const DiskRequest& disk : request.disks)
    if (!disk.snapshot.empty() && !snapshots_.contains(disk.snapshot))
      return Ec2Error{400, "InvalidSnapshot.NotFound",
                      "The snapshot '" + disk.snapshot + "' does not exist."};
  return Nothing{};
}

Ec2Status Ec2Backend::check_interfaces(const RunRequest& request) const {
  std::set<int> indices;
  for (const LaunchInterface& wish : request.interfaces) {
    if (!indices.insert(wish.device_index).second)
      return Ec2Error{400, "InvalidParameterValue",
                      "Each network interface requires a unique device index."};
    const bool is_one_only = !wish.existing.empty() || !wish.address.empty();
    if (is_one_only && request.count_max > 1)
      return Ec2Error{400, "InvalidParameterCombination",
                      "A network interface or a private address cannot be given for more than one "
                      "instance"};
    if (wish.existing.empty()) {
      if (!wish.address.empty() && is_address_taken(wish.address))
        return Ec2Error{400, "InvalidIPAddress.InUse", "Address " + wish.address + " is in use."};
      continue;
    }
    const auto place = interfaces_.find(wish.existing);
    if (place == interfaces_.end() || is_too_new(place->second.made))
      return Ec2Error{400, "InvalidNetworkInterfaceID.NotFound",
                      "The networkInterface ID '" + wish.existing + "' does not exist"};
    if (view(place->second).status != "available")
      return Ec2Error{400, "InvalidNetworkInterface.InUse",
                      "Network interface '" + wish.existing + "' is currently in use."};
    if (models_address(place->second))
      return Ec2Error{400, "UnsupportedOperation",
                      "The simulator does not launch with the Platform's own interface: attach it "
                      "afterwards"};
  }
  if (!has_free_addresses(request.count_max * static_cast<int>(request.interfaces.size())))
    return no_free_addresses();
  if (!indices.contains(0))
    return Ec2Error{400, "InvalidParameterCombination",
                    "A network interface with the device index 0 is required"};
  return Nothing{};
}

/// The new machine of the model that this launch makes; empty for a user's own instance.
std::string Ec2Backend::entity_for_machine(const RunRequest& request) const {
  const std::string entity = tag_of(request.instance_tags, "rehydrate:entity");
  const bool is_ours = tag_of(request.instance_tags, "rehydrate:installation") ==
                       world_.installation().inventory.name;
  if (entity.empty() || !is_ours || request.count_max != 1) return "";
  return world_.exists("launch-machine", {entity}) ? entity : "";
}

void Ec2Backend::add_disk(const Instance& instance, const DiskRequest& disk, const Tags& tags) {
  Volume row;
  row.id = make_id("vol-", instance.id + disk.device);
  row.size_gb = disk.size_gb;
  const auto source = snapshots_.find(disk.snapshot);
  if (source != snapshots_.end()) row.size_gb = std::max(row.size_gb, source->second.size_gb);
  row.snapshot = disk.snapshot;
  row.zone = instance.zone;
  if (!disk.type.empty()) row.type = disk.type;
  row.created = now();
  row.tags = tags;
  row.own = {"available", "", {}};
  row.instance = instance.id;
  row.device = disk.device;
  row.attached_at = now();
  row.delete_on_termination = disk.delete_on_termination;
  row.own_attachment = {"attached", "", {}};
  volumes_[row.id] = row;
}

Instance& Ec2Backend::add_instance(const RunRequest& request, const std::string& entity,
                                   int number) {
  const std::string who = !entity.empty() ? entity : request.client_token;
  Instance row;
  row.id = make_id("i-", next_words("instance " + who + "#" + std::to_string(number)));
  row.entity = entity;
  row.image = request.image;
  row.type = request.type;
  row.subnet = subnet_;
  row.zone = zone_;
  row.key_name = request.key_name;
  row.client_token = request.client_token;
  row.groups = request.groups;
  row.launched = now();
  row.tags = request.instance_tags;
  row.own = {"pending", "running", now() + kBootTime};
  Instance& kept = instances_[row.id] = row;
  for (const LaunchInterface& wish : request.interfaces) {
    if (wish.existing.empty()) {
      add_interface(kept, wish);
      continue;
    }
    Interface& existing = interfaces_.at(wish.existing);
    existing.instance = kept.id;
    existing.device_index = wish.device_index;
    existing.attachment = make_id("eni-attach-", next_words("attachment " + existing.id + kept.id));
    existing.attached_at = now();
    existing.delete_on_termination = wish.delete_on_termination;
    existing.own_attachment = {"attaching", "attached", now() + kBootTime};
  }
  seed_root_volume(kept);
  for (const DiskRequest& disk : request.disks)
    if (disk.device != "/dev/sda1") add_disk(kept, disk, request.volume_tags);
  return kept;
}

Ec2Result<std::vector<InstanceView>> Ec2Backend::run(const RunRequest& request, bool dry_run) {
  if (!request.client_token.empty()) {
    const auto known = fingerprints_.find("run/" + request.client_token);
    if (known != fingerprints_.end()) {
      if (known->second != request.fingerprint)
        return Ec2Error{400, "IdempotentParameterMismatch",
                        "The client token has already been used with other parameters."};
      std::vector<InstanceView> again;
      for (const auto& [id, row] : instances_)
        if (row.client_token == request.client_token) again.push_back(view(row));
      return again;
    }
  }
  if (const auto checked = check_run(request); !checked) return checked.error();
  if (dry_run) return dry_run_operation();
  const std::string entity = entity_for_machine(request);
  if (!entity.empty()) {
    const Reply reply = world_.request("launch-machine", {entity}, "ec2 RunInstances");
    if (!reply.accepted()) return Ec2Error{400, "IncorrectState", reply.refusals.front()};
  }
  if (!request.client_token.empty())
    fingerprints_["run/" + request.client_token] = request.fingerprint;
  std::vector<InstanceView> launched;
  std::string reservation;
  for (int number = 0; number < request.count_max; ++number) {
    Instance& row = add_instance(request, entity, number);
    if (reservation.empty()) reservation = make_id("r-", row.id);
    row.reservation = reservation;
    launched.push_back(view(row));
  }
  return launched;
}

}  // namespace wme::simulators::aws
