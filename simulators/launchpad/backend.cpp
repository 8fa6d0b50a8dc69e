#include "simulators/launchpad/backend.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wme::simulators {

namespace {

constexpr int kFirstPort = 8001;  // container http ports 8001-8099 [doc: PRE]
constexpr int kPorts = 99;
constexpr int kStudioSlots = 18;  // per 32 GB instance [doc: PRE]
constexpr int kAppSlots = 20;
constexpr std::array kMoving = {"hibernating", "passivating", "activating"};
constexpr std::array kHolding = {"running", "hibernating", "stopped", "passivating", "failed"};
constexpr std::array kUnsettled = {"configuring", "stopping", "starting", "syncing", "deleting"};
constexpr std::array kPlatforms = {"platform", "platform-new"};

template <std::size_t N>
bool one_of(const std::array<const char*, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

Error refused(const Reply& reply) { return {ErrorCode::kBlocked, joined(reply.refusals)}; }

/// FNV-1a: the same token for the same form, in each run.
std::string token_of(const InstanceForm& form) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : form.name + "\n" + form.host + "\n" + form.shard_id)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return "kft-" + std::to_string(hash);
}

}  // namespace

LaunchpadBackend::LaunchpadBackend(World& world, const model::SystemProfile& profile)
    : world_(world), profile_(profile) {
  const model::Inventory& inventory = world_.installation().inventory;
  std::map<std::string, int> seen;
  for (const model::Container& each : inventory.containers) {
    by_id_.emplace(each.id.empty() ? each.name : each.id, &each);
    by_shard_[each.shard].push_back(&each);
    by_shard_[""].push_back(&each);
    port_[each.name] = kFirstPort + seen[function("home", each.name)]++ % kPorts;
  }
  for (const model::Instance& each : inventory.instances) {
    instance_[each.name] = &each;
    instance_[function("successor", each.name)] = &each;
  }
}

std::string LaunchpadBackend::function(std::string_view name, const std::string& of) const {
  const auto& functions = world_.installation().functions;
  const auto table = functions.find(name);
  if (table == functions.end()) return "";
  const auto at = table->second.find(of);
  return at == table->second.end() ? "" : at->second;
}

std::optional<std::string> LaunchpadBackend::serving_platform() const {
  for (const char* platform : kPlatforms)
    if (world_.is("setup", {platform}, "running")) return platform;
  return std::nullopt;
}

const std::string& LaunchpadBackend::version() const {
  const model::Inventory& inventory = world_.installation().inventory;
  const bool is_new = serving_platform() == "platform-new";
  return is_new && !inventory.target_version.empty() ? inventory.target_version : inventory.version;
}

std::string LaunchpadBackend::instance_id(std::string_view entity) const {
  return "instance-" + std::string(entity);
}

std::string LaunchpadBackend::address_of(std::string_view entity) const {
  const model::Instance& instance = *instance_.find(entity)->second;
  const bool is_new = entity != instance.name;
  return is_new && !instance.new_address.empty() ? instance.new_address : instance.address;
}

InstanceRow LaunchpadBackend::row(const std::string& entity) const {
  const model::Instance& instance = *instance_.find(entity)->second;
  InstanceRow row{.entity = entity,
                  .id = instance_id(entity),
                  .name = entity,
                  .host = address_of(entity),
                  .user = instance.ssh_user,
                  .shard = instance.shard,
                  .record = world_.value("record", {entity}),
                  .health = world_.value("health", {entity}),
                  .slots = instance.slots};
  if (row.slots == 0) row.slots = instance.shard == "studio" ? kStudioSlots : kAppSlots;
  if (const auto typed = typed_.find(entity); typed != typed_.end()) {
    row.name = typed->second.name;
    row.host = typed->second.host;
    row.user = typed->second.user;
  }
  return row;
}

std::map<std::string, int, std::less<>> LaunchpadBackend::used_slots() const {
  std::map<std::string, int, std::less<>> used;
  for (const model::Container* each : containers(""))
    if (const ContainerRow held = row(*each); held.instance) ++used[*held.instance];
  return used;
}

std::vector<InstanceRow> LaunchpadBackend::instances() const {
  const auto used = used_slots();
  std::vector<InstanceRow> rows;
  for (const std::string& entity : world_.installation().sorts.at("instance")) {
    if (world_.is("record", {entity}, "absent")) continue;
    rows.push_back(row(entity));
    if (const auto at = used.find(entity); at != used.end()) rows.back().used = at->second;
  }
  return rows;
}

Result<InstanceRow> LaunchpadBackend::instance(std::string_view id) const {
  for (InstanceRow& each : instances())
    if (each.id == id) return std::move(each);
  return Error{ErrorCode::kNotFound, "there is no instance " + std::string(id)};
}

std::vector<const model::Container*> LaunchpadBackend::containers(std::string_view shard) const {
  const auto at = by_shard_.find(shard);
  return at == by_shard_.end() ? std::vector<const model::Container*>{} : at->second;
}

ContainerRow LaunchpadBackend::row(const model::Container& container) const {
  ContainerRow row;
  row.container = &container;
  row.run = world_.value("run", {container.name});
  const std::string& place = world_.value("place", {container.name});
  if (place == "parked") return row;
  const std::string home = function("home", container.name);
  row.instance = place == "home" ? home : function("successor", home);
  row.ip = address_of(*row.instance);
  row.port = port_.at(container.name);
  return row;
}

std::optional<std::string> LaunchpadBackend::shard_name(std::string_view shard_id) const {
  for (const model::Shard& each : world_.installation().inventory.shards)
    if (each.id == shard_id) return each.name;
  return std::nullopt;
}

std::string LaunchpadBackend::shard_id(std::string_view shard) const {
  for (const model::Shard& each : world_.installation().inventory.shards)
    if (each.name == shard) return each.id;
  return "";
}

const model::Container* LaunchpadBackend::find_container(std::string_view id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

Result<std::string> LaunchpadBackend::ask(std::string_view action, const std::string& entity,
                                          const std::string& task, const std::string& door) {
  const Reply reply = world_.request(action, {entity}, door);
  if (!reply.accepted()) return refused(reply);
  return "task-" + task;
}

Result<std::string> LaunchpadBackend::ask_of_container(std::string_view action,
                                                       std::string_view container_id,
                                                       const std::string& door) {
  const std::string id(container_id);
  const model::Container* container = find_container(container_id);
  if (container == nullptr) return Error{ErrorCode::kNotFound, "there is no container " + id};
  if (const std::string& run = world_.value("run", {container->name}); one_of(kMoving, run))
    return Error{ErrorCode::kThrottled, "container " + id + " is " + run + " just now"};
  return ask(action, container->name, std::string(action) + "-" + id, door);
}

Result<std::string> LaunchpadBackend::hibernate(std::string_view container_id,
                                                const std::string& door) {
  return ask_of_container("hibernate-container", container_id, door);
}

Result<std::string> LaunchpadBackend::passivate(std::string_view container_id,
                                                const std::string& door) {
  return ask_of_container("passivate-container", container_id, door);
}

Result<std::string> LaunchpadBackend::activate(std::string_view container_id,
                                               const std::string& door) {
  const model::Container* container = find_container(container_id);
  const bool hibernated = container != nullptr && world_.is("run", {container->name}, "stopped");
  if (hibernated) return ask_of_container("user-wakes-hibernated", container_id, door);
  // The model's own activation is that of a canary on new machines; on those of today it is what a
  // user does by logging in.
  const bool today = serving_platform() == "platform";
  return ask_of_container(today ? "user-wakes-parked" : "activate-container", container_id, door);
}

int LaunchpadBackend::hibernate_all(std::string_view shard, const std::string& door) {
  int accepted = 0;
  for (const model::Container* each : containers(shard))
    if (world_.is("run", {each->name}, "running") &&
        world_.request("hibernate-container", {each->name}, door).accepted())
      ++accepted;
  return accepted;
}

Result<std::string> LaunchpadBackend::ask_of_instance(std::string_view action,
                                                      const InstanceRow& instance,
                                                      const std::string& door) {
  if (one_of(kUnsettled, instance.record))
    return Error{ErrorCode::kThrottled,
                 "instance " + instance.name + " is " + instance.record + " just now"};
  return ask(action, instance.entity, std::string(action) + "-" + instance.entity, door);
}

Result<std::string> LaunchpadBackend::stop(const InstanceRow& instance, const std::string& door) {
  return ask_of_instance("stop-instance", instance, door);
}

Result<std::string> LaunchpadBackend::start(const InstanceRow& instance, const std::string& door) {
  return ask_of_instance("start-instance", instance, door);
}

Result<std::string> LaunchpadBackend::passivate_all(const InstanceRow& instance,
                                                    const std::string& door) {
  // wme.md 7-11: the text wants the instance STOPPED, the screenshots press it on a STARTED one.
  if (profile_.choice("instance.passivate") == "strict" && instance.record != "stopped")
    return Error{ErrorCode::kBlocked, "instance " + instance.name + " is not stopped"};
  std::vector<std::string> refusals;
  int accepted = 0;
  for (const model::Container* each : containers("")) {
    const ContainerRow held = row(*each);
    if (held.run != "stopped" || held.instance != instance.entity) continue;
    const Reply reply = world_.request("passivate-container", {each->name}, door);
    accepted += reply.accepted() ? 1 : 0;
    refusals.insert(refusals.end(), reply.refusals.begin(), reply.refusals.end());
  }
  if (accepted == 0 && !refusals.empty()) return Error{ErrorCode::kBlocked, joined(refusals)};
  return "task-passivate-" + instance.entity;
}

Result<std::string> LaunchpadBackend::refresh(const InstanceRow& instance,
                                              std::string_view what) const {
  if (one_of(kUnsettled, instance.record))
    return Error{ErrorCode::kThrottled,
                 "instance " + instance.name + " is " + instance.record + " just now"};
  return "task-" + std::string(what) + "-" + instance.entity;
}

bool LaunchpadBackend::health(const InstanceRow& instance, const std::string& door) {
  if (instance.health != "green" && world_.would_be_clean("check-health", {instance.entity}))
    world_.perform("check-health", {instance.entity}, door);
  // What was green once shows red again when the machine is gone.
  return world_.is("health", {instance.entity}, "green") &&
         world_.is("power", {instance.entity}, "running") && instance.record == "started";
}

Status LaunchpadBackend::remove(const InstanceRow& instance, const std::string& door) {
  if (profile_.choice("instance.delete") == "strict")
    for (const model::Container* each : containers(""))
      if (const ContainerRow held = row(*each);
          held.instance == instance.entity && one_of(kHolding, held.run))
        return Error{ErrorCode::kBlocked, "instance " + instance.name + " holds container " +
                                              each->id + ", which is " + held.run};
  const Result<std::string> task = ask_of_instance("delete-record", instance, door);
  if (!task) return task.error();
  return Done{};
}

void LaunchpadBackend::edit(const InstanceRow& instance, const InstanceForm& form) {
  typed_[instance.entity] = {form.name.empty() ? instance.name : form.name,
                             form.host.empty() ? instance.host : form.host,
                             form.user.empty() ? instance.user : form.user, form.shard_id};
}

/// The entity that the form is about: a machine at that address, or of that name, of that shard,
/// that Launchpad has no record of. Where an old and a new machine share an address, the one that
/// runs answers there.
std::optional<std::string> LaunchpadBackend::entity_for(const InstanceForm& form) const {
  const auto shard = shard_name(form.shard_id);
  std::optional<std::string> found;
  for (const std::string& entity : world_.installation().sorts.at("instance")) {
    if (!world_.is("record", {entity}, "absent")) continue;
    if (address_of(entity) != form.host && entity != form.name) continue;
    if (shard != instance_.find(entity)->second->shard) continue;
    if (!found || world_.is("power", {entity}, "running")) found = entity;
  }
  return found;
}

Result<std::string> LaunchpadBackend::test(const InstanceForm& form) const {
  if (!shard_name(form.shard_id))
    return Error{ErrorCode::kInvalid, "there is no shard " + form.shard_id};
  // The button asks the machine only; whether Launchpad has it already shows when it is added.
  const auto answers = [&](const std::string& entity) {
    return (address_of(entity) == form.host || entity == form.name) &&
           world_.is("power", {entity}, "running");
  };
  if (std::ranges::none_of(world_.installation().sorts.at("instance"), answers))
    return Error{ErrorCode::kInvalid, "no machine answers over SSH at " + form.host};
  return token_of(form);
}

Status LaunchpadBackend::add(const InstanceForm& form, std::string_view token,
                             const std::string& door) {
  if (token != token_of(form))
    return Error{ErrorCode::kInvalid, "this instance was not tested (keyFileToken)"};
  for (const InstanceRow& each : instances())
    if (each.host == form.host || each.name == form.name)
      return Error{ErrorCode::kBlocked, "instance " + each.name + " at " + each.host +
                                            " is in Launchpad already (INV-44)"};
  const auto entity = entity_for(form);
  if (!entity) return Error{ErrorCode::kInvalid, "no machine answers over SSH at " + form.host};
  const Reply reply = world_.request("add-record", {*entity}, door);
  if (!reply.accepted()) return refused(reply);
  typed_[*entity] = form;
  return Done{};
}

Status LaunchpadBackend::set_restriction(bool enabled, const std::string& door) {
  const Reply reply = world_.request(enabled ? "restrict-login" : "lift-restriction", {}, door);
  if (!reply.accepted()) return refused(reply);
  return Done{};
}

bool LaunchpadBackend::license_active(const std::string& door) {
  if (world_.would_be_clean("check-license", {})) world_.perform("check-license", {}, door);
  // It stands in the database, which the serving Platform has.
  return serving_platform().has_value();
}

void LaunchpadBackend::shard_was_read(const std::string& shard, const std::string& door) {
  if (!world_.is("checked", {shard}, "yes") && world_.would_be_clean("check-shard", {shard}))
    world_.perform("check-shard", {shard}, door);
}

}  // namespace wme::simulators
