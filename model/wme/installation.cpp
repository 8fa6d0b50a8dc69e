#include "model/wme/installation.hpp"

#include <array>
#include <set>
#include <utility>

#include "model/wme/entity_names.hpp"

namespace wme::model {

namespace {

constexpr std::array<std::pair<Procedure, std::string_view>, 4> kProcedures = {{
    {Procedure::kDehydrate, "dehydrate"},
    {Procedure::kRestore, "restore"},
    {Procedure::kRotate, "rotate"},
    {Procedure::kUpgrade, "upgrade"},
}};

/// Major and minor of a build string: "11.10.5.ee.1" is {11, 10}; {0, 0} if it has none.
std::pair<int, int> release_of(const std::string& version) {
  int parts[2] = {0, 0};
  std::size_t at = 0;
  for (int& part : parts) {
    while (at < version.size() && version[at] >= '0' && version[at] <= '9' && part < 100000)
      part = part * 10 + (version[at++] - '0');
    if (at < version.size() && version[at] == '.') ++at;
  }
  return {parts[0], parts[1]};
}

class Builder {
 public:
  Builder(const Inventory& inventory, Procedure procedure) {
    made_.inventory = inventory;
    made_.procedure = procedure;
    facts();
    machines();
    stores();
    artefacts();
    shards_and_containers();
    if (situation_of(procedure) == Situation::kLost)
      lost();
    else
      serving();
  }

  Installation made() && { return std::move(made_); }

 private:
  const Inventory& inventory() const { return made_.inventory; }
  bool with_volumes() const { return has_volumes(inventory().provider); }
  /// Azure takes a network interface only together with a new machine or on a deallocated one.
  bool address_comes_with_launch() const {
    return !with_volumes() || inventory().provider == Provider::kAzure;
  }
  bool address_changes() const {
    const Platform& platform = inventory().platform;
    return !platform.new_address.empty() && platform.new_address != platform.address;
  }
  void member(const char* sort, const std::string& name) { made_.sorts[sort].push_back(name); }
  void attribute(const char* name, const std::string& of, std::string word) {
    made_.attributes[name][of] = std::move(word);
  }
  void function(const char* name, const std::string& of, const std::string& to) {
    made_.functions[name][of] = to;
  }
  void start(const char* fluent, const std::string& of, std::string value) {
    made_.initial[fluent][of] = std::move(value);
  }

  void facts() {
    const Inventory& inv = inventory();
    attribute("provider", "", std::string(to_string(inv.provider)));
    attribute("storage", "", with_volumes() ? "volumes" : "one-disk");
    attribute("version-changes", "", made_.procedure == Procedure::kUpgrade ? "yes" : "no");
    attribute("address-changes", "", address_changes() ? "yes" : "no");
    attribute("address-comes", "", address_comes_with_launch() ? "with-launch" : "by-attaching");
    attribute("gate-by", "",
              release_of(inv.version) >= std::pair{11, 3} ? "launchpad" : "firewall");
    attribute("counts-containers", "", release_of(inv.version) >= std::pair{11, 11} ? "yes" : "no");
  }

  void machine(const std::string& name, const char* sort, const char* kind, bool keeps_address) {
    const std::string next = successor_of(name);
    for (const std::string& each : {name, next}) {
      member("machine", each);
      member(sort, each);
      attribute("kind", each, kind);
      attribute("generation", each, each == name ? "old" : "new");
    }
    attribute("address-kept", next, keeps_address ? "yes" : "no");
    function("successor", name, next);
    function("predecessor", next, name);
  }

  void machines() {
    machine("platform", "platform", "platform", !address_changes());
    for (const Instance& each : inventory().instances) {
      const bool keeps = each.new_address.empty() || each.new_address == each.address;
      machine(each.name, "instance", each.shard == "studio" ? "studio" : "app", keeps);
      for (const std::string& name : {each.name, successor_of(each.name)})
        function("shard", name, each.shard);
      function("platform", each.name, "platform");
      function("platform", successor_of(each.name), "platform-new");
    }
  }

  void stores() {
    for (const std::string role : {"wm-data", "wm-runtime"}) {
      const std::string next = successor_of(role);
      const std::string saved = with_volumes() ? snapshot_of(role) : "tar-" + role;
      for (const std::string& each : {role, next}) {
        member("store", each);
        if (with_volumes()) member("volume", each);
        attribute("role", each, role);
        attribute("generation", each, each == role ? "old" : "new");
        function("machine", each, each == role ? "platform" : "platform-new");
      }
      member("backup", saved);
      member(with_volumes() ? "snapshot" : "archive", saved);
      attribute("role", saved, role);
      function("source", next, saved);
      function("store", saved, role);
      function("target", saved, next);
    }
  }

  void artefacts() {
    const bool rotates = made_.procedure != Procedure::kRestore;
    const bool upgrades = made_.procedure == Procedure::kUpgrade;
    for (const auto& [name, part, needed] :
         {std::tuple{"package", "package", true}, std::tuple{"migrations", "tarball", upgrades},
          std::tuple{"rotation", "tarball", rotates}}) {
      member("artefact", name);
      attribute("part", name, part);
      attribute("needed", name, needed ? "yes" : "no");
    }
  }

  void shards_and_containers() {
    for (const Shard& each : inventory().shards) {
      member("shard", each.name);
      attribute("has-canary", each.name, "no");
    }
    std::map<std::string, std::string> first_instance;
    for (const Instance& each : inventory().instances)
      first_instance.emplace(each.shard, each.name);
    for (const Container& each : inventory().containers) {
      member("container", each.name);
      function("shard", each.name, each.shard);
      // A parked container that names no instance may come back on any of its shard.
      const std::string home = each.instance.empty() ? first_instance[each.shard] : each.instance;
      function("home", each.name, home);
      if (made_.functions["canary"].emplace(each.shard, each.name).second)
        attribute("has-canary", each.shard, "yes");
    }
  }

  void serving() {
    start("setup", "platform", "running");
    for (const std::string& each : made_.sorts["machine"])
      if (made_.attributes["generation"][each] == "old") {
        start("power", each, "running");
        start("docker", each, "running");
      }
    for (const Instance& each : inventory().instances) {
      start("record", each.name, "started");
      start("data_disk", each.name, "mounted");
      start("prepared", each.name, "yes");
    }
    for (const std::string role : {"wm-data", "wm-runtime"}) {
      start("content", role, "live");
      start("mounted", role, "yes");
      start("fstab", role, "valid");
      if (with_volumes()) start("volume", role, "attached");
    }
    for (const Container& each : inventory().containers) {
      if (each.state == ContainerState::kPassivated) continue;
      start("run", each.name, std::string(to_string(each.state)));
      start("place", each.name, "home");
      start("newest", each.name, "instance-disk");
    }
  }

  /// As a verified dehydration left it, and then every old machine was lost with its disks.
  void lost() {
    for (const std::string& each : made_.sorts["machine"])
      if (made_.attributes["generation"][each] == "old") start("power", each, "terminated");
    for (const Instance& each : inventory().instances) {
      start("record", each.name, "stopped");
      start("data_disk", each.name, "mounted");
      start("prepared", each.name, "yes");
    }
    for (const std::string role : {"wm-data", "wm-runtime"}) {
      start("content", role, "live");
      start("fstab", role, "valid");
      if (with_volumes()) start("volume", role, "deleted");
      start("consistent", made_.functions["source"][successor_of(role)], "yes");
      if (with_volumes())
        start("snapshot", snapshot_of(role), "completed");
      else
        start("archive", "tar-" + role, "verified");
    }
    start("address", "", "free");
    start("gate", "", "restricted");
    start("baseline", "", "yes");
    start("network_notes", "", "yes");
    start("counted", "", made_.attributes["counts-containers"][""] == "yes" ? "yes" : "no");
    for (const std::string& each : made_.sorts["shard"]) start("checked", each, "yes");
    for (const Container& each : inventory().containers) {
      start("newest", each.name, "gone");
      start("captured", each.name, "newest");
    }
  }

  Installation made_;
};

}  // namespace

std::string_view to_string(Procedure procedure) {
  for (const auto& [value, text] : kProcedures)
    if (value == procedure) return text;
  return "?";
}

std::optional<Procedure> procedure_from(std::string_view text) {
  for (const auto& [value, word] : kProcedures)
    if (word == text) return value;
  return std::nullopt;
}

Situation situation_of(Procedure procedure) {
  return procedure == Procedure::kRestore ? Situation::kLost : Situation::kServing;
}

Installation installation_of(const Inventory& inventory, Procedure procedure) {
  return Builder(inventory, procedure).made();
}

}  // namespace wme::model
