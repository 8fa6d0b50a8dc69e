#include "executor/drivers/launchpad/launchpad_port.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "executor/drivers/launchpad/launchpad_client.hpp"
#include "model/wme/entity_names.hpp"

namespace wme::executor {

namespace {

constexpr std::size_t kNamedMax = 5;  // how many culprits a message names

Error invalid(const Call& call, const std::string& why) {
  std::string name = call.action;
  for (const std::string& argument : call.arguments) name += " " + argument;
  return {ErrorCode::kInvalid, name + ": " + why};
}

/// "c1 (RUNNING), c2 (STOPPED) and 3 more"
std::string listed(const std::vector<std::string>& culprits) {
  std::string text;
  for (std::size_t i = 0; i < std::min(culprits.size(), kNamedMax); ++i)
    text += (i == 0 ? "" : ", ") + culprits[i];
  if (culprits.size() > kNamedMax)
    text += " and " + std::to_string(culprits.size() - kNamedMax) + " more";
  return text;
}

/// Reading cannot be done now, but nothing is wrong with the request.
bool cannot_be_seen(const Error& error) { return error.code == ErrorCode::kUnreachable; }

const std::string& id_of(const model::Container& container) {
  return container.id.empty() ? container.name : container.id;
}

}  // namespace

class LaunchpadPort::Impl {
 public:
  Impl(HttpTransport& transport, const model::ApiProfile& profile,
       const model::Inventory& inventory, LaunchpadAccess access)
      : inventory_(inventory), client_(transport, profile.launchpad, std::move(access)) {
    for (const model::Container& each : inventory_.containers)
      containers_.emplace(each.name, &each);
    for (const model::Shard& each : inventory_.shards) shards_.emplace(each.name, each.id);
    for (const model::Instance& each : inventory_.instances) {
      instances_.emplace(each.name, &each);
      instances_.emplace(model::successor_of(each.name), &each);
    }
  }

  Result<std::string> perform(const Call& call) {
    const auto entry = entries().find(call.action);
    if (entry == entries().end()) return invalid(call, "Launchpad's driver has no such action");
    if (call.arguments.size() != entry->second.parameters)
      return invalid(call, "wrong number of arguments");
    return entry->second.run(*this, call);
  }

  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables);
  Result<std::vector<ContainerIdentity>> identities();

 private:
  struct Entry {
    std::size_t parameters;
    std::function<Result<std::string>(Impl&, const Call&)> run;
  };
  static const std::map<std::string, Entry>& entries();

  /// What one call of observe has read so far; each list is read at most once.
  struct Reading {
    std::set<std::string> shards;  ///< that the asked containers belong to
    std::optional<Result<std::map<std::string, ListedContainer>>> containers;
    std::optional<Result<std::map<std::string, ListedInstance>>> instances;
    std::optional<Result<std::map<std::string, std::string>>> instance_names;  ///< by id
  };

  Result<std::string> of_container(const Call& call, const char* operation);
  Result<std::string> of_instance(const Call& call, const char* operation);
  Result<std::string> check_health(const Call& call);
  Result<std::string> check_shard(const Call& call);
  Result<std::string> check_license(const Call& call);
  Result<std::string> add_record(const Call& call);
  Result<ListedInstance> find(const Call& call);

  Result<Observation> see(const Variable& variable, Reading& reading);
  Result<Observation> see_container(const Variable& variable, Reading& reading);
  Result<Observation> see_record(const Variable& variable, Reading& reading);
  Result<Observation> see_gate(const Variable& variable);
  Result<Observation> see_license(const Variable& variable);
  const Result<std::map<std::string, ListedContainer>>& containers(Reading& reading);
  const Result<std::map<std::string, ListedInstance>>& instances(Reading& reading);
  Observation place(const Variable& variable, const ListedContainer& container, Reading& reading);

  const model::Inventory& inventory_;
  LaunchpadClient client_;
  std::map<std::string, const model::Container*> containers_;
  std::map<std::string, const model::Instance*> instances_;  ///< by entity, both generations
  std::map<std::string, std::string> shards_;                ///< id by name
};

const std::map<std::string, LaunchpadPort::Impl::Entry>& LaunchpadPort::Impl::entries() {
  const auto container = [](const char* operation) {
    return Entry{1, [operation](Impl& self, const Call& call) {
                   return self.of_container(call, operation);
                 }};
  };
  const auto instance = [](const char* operation) {
    return Entry{
        1, [operation](Impl& self, const Call& call) { return self.of_instance(call, operation); }};
  };
  static const std::map<std::string, Entry> all = {
      {"hibernate-container", container("hibernateContainer")},
      {"passivate-container", container("passivateContainer")},
      {"activate-container", container("activateContainer")},
      {"stop-instance", instance("stopInstance")},
      {"start-instance", instance("startInstance")},
      {"delete-record", instance("deleteInstance")},
      {"check-health", {1, std::mem_fn(&Impl::check_health)}},
      {"check-shard", {1, std::mem_fn(&Impl::check_shard)}},
      {"check-license", {0, std::mem_fn(&Impl::check_license)}},
      {"add-record", {1, std::mem_fn(&Impl::add_record)}},
      {"restrict-login",
       {0, [](Impl& self, const Call&) { return self.client_.set_restriction(true); }}},
      {"lift-restriction",
       {0, [](Impl& self, const Call&) { return self.client_.set_restriction(false); }}},
  };
  return all;
}

Result<std::string> LaunchpadPort::Impl::of_container(const Call& call, const char* operation) {
  const auto at = containers_.find(call.arguments[0]);
  if (at == containers_.end()) return invalid(call, "the inventory has no such container");
  return client_.act(operation, "containerId", id_of(*at->second));
}

/// The instance's id changes when it is removed and added again: looked up each time.
Result<ListedInstance> LaunchpadPort::Impl::find(const Call& call) {
  const auto listed_instances = client_.instances();
  if (!listed_instances) return listed_instances.error();
  const auto at = listed_instances.value().find(call.arguments[0]);
  if (at == listed_instances.value().end())
    return Error{ErrorCode::kNotFound, call.action + ": Launchpad has no instance named " +
                                           call.arguments[0] + "; compare it with the inventory"};
  return at->second;
}

Result<std::string> LaunchpadPort::Impl::of_instance(const Call& call, const char* operation) {
  const auto instance = find(call);
  if (!instance) return instance.error();
  return client_.act(operation, "instanceId", instance.value().id);
}

Result<std::string> LaunchpadPort::Impl::check_health(const Call& call) {
  const auto instance = find(call);
  if (!instance) return instance.error();
  const auto checks = client_.health(instance.value().id);
  if (!checks) return checks.error();
  std::vector<std::string> missing;
  for (const HealthCheck& each : checks.value())
    if (!each.ticked)
      missing.push_back(each.name + (each.output.empty() ? "" : ": " + each.output));
  if (missing.empty() && !checks.value().empty())
    return std::to_string(checks.value().size()) + " health checks of " + instance.value().name +
           " are ticked";
  return Error{ErrorCode::kBlocked,
               "check-health " + instance.value().name + ": " +
                   (missing.empty() ? "its panel shows no check" : listed(missing)) +
                   "; mend it on the instance, then check again"};
}

/// INV-06: not only are all our containers parked; nothing else of the shard is awake either.
Result<std::string> LaunchpadPort::Impl::check_shard(const Call& call) {
  const auto shard = shards_.find(call.arguments[0]);
  if (shard == shards_.end()) return invalid(call, "the inventory has no such shard");
  const auto found = client_.containers(shard->second);
  if (!found) return found.error();
  std::vector<std::string> culprits;
  for (const auto& [id, each] : found.value())
    if (client_.profile().meaning("container", each.state) != "passivated" || each.has_address)
      culprits.push_back(id + " (" + each.state + (each.has_address ? ", has an address)" : ")"));
  for (const model::Container& each : inventory_.containers)
    if (each.shard == shard->first && !found.value().contains(id_of(each)))
      culprits.push_back(id_of(each) + " (not listed)");
  if (!culprits.empty())
    return Error{ErrorCode::kBlocked, "check-shard " + shard->first +
                                          ": not parked: " + listed(culprits) +
                                          "; hibernate and passivate, then "
                                          "check again"};
  return std::to_string(found.value().size()) + " containers of " + shard->first +
         " are parked, IP and port blank";
}

Result<std::string> LaunchpadPort::Impl::check_license(const Call&) {
  const auto license = client_.license();
  if (!license) return license.error();
  const std::string seen = license.value().active
                               ? std::to_string(license.value().developers) + " developers"
                               : "none is active";
  // INV-60
  if (license.value().active && license.value().developers >= inventory_.license_developers)
    return "license is active: " + seen;
  return Error{ErrorCode::kBlocked,
               "check-license: " + seen + ", the inventory needs " +
                   std::to_string(inventory_.license_developers) +
                   "; upload a license file (port 8007 of the Platform), then check again"};
}

Result<std::string> LaunchpadPort::Impl::add_record(const Call& call) {
  const std::string& entity = call.arguments[0];
  const auto at = instances_.find(entity);
  if (at == instances_.end()) return invalid(call, "the inventory has no such instance");
  const model::Instance& instance = *at->second;
  const bool is_new = entity != instance.name;
  const auto shard = shards_.find(instance.shard);
  if (shard == shards_.end()) return invalid(call, "the inventory has no shard " + instance.shard);
  const std::string& path = inventory_.access.ssh_identity;
  std::ifstream file(path, std::ios::binary);
  const std::string key{std::istreambuf_iterator<char>(file), {}};
  if (path.empty() || !file || key.empty())
    return invalid(call,
                   "Launchpad needs the private key that opens the instance; access.ssh_identity "
                   "names no readable file (\"" +
                       path + "\")");
  const std::string& address =
      is_new && !instance.new_address.empty() ? instance.new_address : instance.address;
  return client_.add({entity, address, instance.ssh_user, shard->second}, key);
}

const Result<std::map<std::string, ListedContainer>>& LaunchpadPort::Impl::containers(
    Reading& reading) {
  if (!reading.containers)
    // One shard: only that list. Several: one list of all is fewer pages.
    reading.containers =
        client_.containers(reading.shards.size() == 1 ? shards_[*reading.shards.begin()] : "");
  return *reading.containers;
}

const Result<std::map<std::string, ListedInstance>>& LaunchpadPort::Impl::instances(
    Reading& reading) {
  if (!reading.instances) reading.instances = client_.instances();
  return *reading.instances;
}

Result<std::vector<Observation>> LaunchpadPort::Impl::observe(
    const std::vector<Variable>& variables) {
  Reading reading;
  for (const Variable& each : variables) {
    if (each.fluent != "run" && each.fluent != "place") continue;
    const auto at =
        each.arguments.empty() ? containers_.end() : containers_.find(each.arguments[0]);
    if (at != containers_.end()) reading.shards.insert(at->second->shard);
  }
  std::vector<Observation> seen;
  for (const Variable& each : variables) {
    Result<Observation> one = see(each, reading);
    if (!one && !cannot_be_seen(one.error())) return one.error();
    seen.push_back(one ? std::move(one).value() : Observation{each, {}, one.error().message});
  }
  return seen;
}

Result<Observation> LaunchpadPort::Impl::see(const Variable& variable, Reading& reading) {
  const std::string& fluent = variable.fluent;
  if (fluent == "gate") return see_gate(variable);
  if (fluent == "license") return see_license(variable);
  if (variable.arguments.size() == 1) {
    if (fluent == "run" || fluent == "place") return see_container(variable, reading);
    if (fluent == "record") return see_record(variable, reading);
  }
  return Observation{variable, {}, "Launchpad does not show it"};
}

Result<Observation> LaunchpadPort::Impl::see_container(const Variable& variable, Reading& reading) {
  const auto known = containers_.find(variable.arguments[0]);
  if (known == containers_.end()) return Observation{variable, {}, "not in the inventory"};
  const auto& list = containers(reading);
  if (!list) return list.error();
  const auto at = list.value().find(id_of(*known->second));
  if (at == list.value().end())
    return Observation{variable, {}, "Launchpad lists no " + id_of(*known->second)};
  if (variable.fluent == "place") return place(variable, at->second, reading);
  return Observation{variable, client_.profile().meaning("container", at->second.state),
                     at->second.id + " " + at->second.state};
}

/// Launchpad chooses the instance that a container is activated on: of which generation it is
/// decides, not which one of them.
Observation LaunchpadPort::Impl::place(const Variable& variable, const ListedContainer& container,
                                       Reading& reading) {
  if (container.instance.empty()) return {variable, "parked", container.id + " on no instance"};
  const auto& list = instances(reading);
  if (!list) return {variable, {}, list.error().message};
  if (!reading.instance_names) {
    std::map<std::string, std::string> names;
    for (const auto& [name, each] : list.value()) names.emplace(each.id, name);
    reading.instance_names = std::move(names);
  }
  const auto& names = reading.instance_names->value();
  const auto name = names.find(container.instance);
  const auto known = name == names.end() ? instances_.end() : instances_.find(name->second);
  const std::string detail = container.id + " on " + container.instance;
  if (known == instances_.end())
    return {variable, {}, detail + ", which the inventory does not have"};
  const bool today = known->first == known->second->name;
  return {variable, today ? "home" : "successor", detail + " (" + known->first + ")"};
}

Result<Observation> LaunchpadPort::Impl::see_record(const Variable& variable, Reading& reading) {
  const auto& list = instances(reading);
  if (!list) return list.error();
  const auto at = list.value().find(variable.arguments[0]);
  if (at == list.value().end()) return Observation{variable, "absent", "not in Launchpad's list"};
  return Observation{variable, client_.profile().meaning("instance", at->second.state),
                     at->second.id + " at " + at->second.host + " " + at->second.state};
}

Result<Observation> LaunchpadPort::Impl::see_gate(const Variable& variable) {
  const auto gate = client_.gate();
  if (!gate) return gate.error();
  return Observation{variable, gate.value(), gate.value().value_or("a word that we do not know")};
}

Result<Observation> LaunchpadPort::Impl::see_license(const Variable& variable) {
  const auto license = client_.license();
  if (!license) return license.error();
  return Observation{variable, license.value().active ? "active" : "unknown",
                     std::to_string(license.value().developers) + " developers"};
}

LaunchpadPort::LaunchpadPort(HttpTransport& transport, const model::ApiProfile& profile,
                             const model::Inventory& inventory, LaunchpadAccess access)
    : impl_(std::make_unique<Impl>(transport, profile, inventory, std::move(access))) {}

LaunchpadPort::~LaunchpadPort() = default;

Result<std::string> LaunchpadPort::perform(const Call& call) { return impl_->perform(call); }

Result<std::vector<Observation>> LaunchpadPort::observe(const std::vector<Variable>& variables) {
  return impl_->observe(variables);
}

Result<std::vector<ContainerIdentity>> LaunchpadPort::Impl::identities() {
  auto found = client_.identities();
  if (!found) return found.error();
  for (ContainerIdentity& each : found.value())
    for (const auto& [name, id] : shards_)
      if (id == each.shard) {
        each.shard = name;
        break;
      }
  return found;
}

Result<std::vector<ContainerIdentity>> LaunchpadPort::containers() { return impl_->identities(); }

}  // namespace wme::executor
