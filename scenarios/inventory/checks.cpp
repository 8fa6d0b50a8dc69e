#include "scenarios/inventory/checks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/english/words.hpp"
#include "scenarios/inventory/network.hpp"
#include "scenarios/inventory/version.hpp"

namespace wme::scenarios {

namespace {

using model::Container;
using model::ContainerState;
using model::Instance;
using model::Inventory;

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }
std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}
std::string path_of(const char* list, std::size_t index, const char* key) {
  return std::string(list) + "[" + std::to_string(index) + "]." + key;
}

/// An address that some machine has, or will have.
struct Address {
  std::string machine;
  std::string text;
  std::string path;
  bool successor = false;
};

std::vector<Address> addresses_of(const Inventory& inventory) {
  std::vector<Address> all = {
      {inventory.platform.name, inventory.platform.address, "platform.address"},
      {inventory.platform.name, inventory.platform.new_address, "platform.new_address", true}};
  for (std::size_t i = 0; i < inventory.instances.size(); ++i) {
    const Instance& one = inventory.instances[i];
    all.push_back({one.name, one.address, path_of("instances", i, "address")});
    all.push_back({one.name, one.new_address, path_of("instances", i, "new_address"), true});
  }
  std::erase_if(all, [](const Address& address) { return address.text.empty(); });
  return all;
}

/// "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest": publisher, offer, sku, version.
bool is_marketplace_image(std::string_view id) {
  const bool has_parts = std::ranges::count(id, ':') == 3 && !id.starts_with(':') &&
                         id.find("::") == std::string_view::npos &&
                         id.find_first_of("/ ") == std::string_view::npos;
  const std::string_view version = id.substr(id.rfind(':') + 1);
  const bool is_numbered = version.find('.') != std::string_view::npos &&
                           version.find_first_not_of("0123456789.") == std::string_view::npos;
  return has_parts && (version == "latest" || is_numbered);
}

/// Whose id this is beyond doubt; none of a mere name, which may be anybody's. Sources: EC2,
/// "Resource IDs"; Azure Resource Manager, "resourceId"; Compute Engine, "Resource names".
std::optional<model::Provider> provider_of_id(std::string_view id) {
  using model::Provider;
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const std::string_view prefix :
       {"i-", "vol-", "eni-", "subnet-", "sg-", "ami-", "snap-", "vpc-"}) {
    if (!id.starts_with(prefix)) continue;
    const std::string_view rest = id.substr(prefix.size());
    if ((rest.size() == 8 || rest.size() == 17) &&
        rest.find_first_not_of(kHex) == std::string_view::npos)
      return Provider::kAws;
  }
  if (id.starts_with("/subscriptions/")) return Provider::kAzure;
  if (is_marketplace_image(id)) return Provider::kAzure;
  const bool is_url = id.starts_with("https://") && id.find("/projects/") != std::string_view::npos;
  if (id.starts_with("projects/") || is_url) return Provider::kGcp;
  return std::nullopt;
}

class Checker {
 public:
  Checker(const ReadInventory& read, Diagnostics& diagnostics)
      : read_(read), inventory_(read.inventory), diagnostics_(diagnostics) {}

  void check() {
    check_names();
    check_shards();
    check_addresses();
    check_networks();
    check_containers();
    check_slots();
    check_versions();
    check_packages();
    check_disks();
    check_totals();
  }

 private:
  void report(std::string_view path, std::string_view what, std::string_view why,
              std::string_view mend) {
    diagnostics_.add(read_.places.of(path), what, why, mend);
  }

  std::string container_path(std::size_t index, const char* key) const {
    return path_of("containers", read_.container_rows[index], key);
  }

  const Instance* instance(std::string_view name) const {
    const auto found = instances_.find(name);
    return found == instances_.end() ? nullptr : &inventory_.instances[found->second];
  }

  /// Reports `name` when somebody has it already; remembers who has it otherwise.
  bool taken(const std::string& name, const std::string& path, const std::string& what,
             const std::string& why) {
    if (name.empty()) return false;
    const auto [owner, fresh] = names_.emplace(name, path);
    if (fresh) return false;
    if (owner->second.empty()) {
      report(path, what + " has the reserved name " + in_quotes(name),
             "rehydrate itself calls something else so", "take another name");
      return true;
    }
    report(path, what + " " + in_quotes(name) + " is there twice", why,
           "give each a name of its own; the other stands in line " +
               std::to_string(read_.places.of(owner->second).line));
    return true;
  }

  void check_names();
  void check_instance_name(std::size_t index);
  void check_container_ids();
  void check_cloud_ids();
  void check_whose_ids();
  void check_shards();
  void check_addresses();
  void check_networks();
  void check_containers();
  void check_container(std::size_t index);
  void check_slots();
  void check_versions();
  void check_packages();
  void check_disks();
  void check_totals();

  const ReadInventory& read_;
  const Inventory& inventory_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::string, std::less<>> names_;  ///< of every entity: where it stands
  std::map<std::string, std::size_t, std::less<>> instances_;
  /// False once an entry of the section is known to be wrong: what refers to it may be right.
  bool shards_sound_ = true;
  bool instances_sound_ = true;
  std::set<std::string, std::less<>> told_;  ///< shards and instances that are missing
};

constexpr const char* kNamesWhy =
    "plans, journals and tags of the cloud know everything by one name";

void Checker::check_names() {
  // The model's own entities (model/wme/installation.hpp), each with its successor.
  for (const char* name : {"platform", "wm-data", "wm-runtime"}) {
    names_.emplace(name, "");
    names_.emplace(std::string(name) + "-new", "");
  }
  for (const char* name : {"snap-wm-data", "snap-wm-runtime", "tar-wm-data", "tar-wm-runtime",
                           "package", "migrations", "rotation"})
    names_.emplace(name, "");
  if (inventory_.platform.name != "platform") {
    taken(inventory_.platform.name, "platform.name", "platform", kNamesWhy);
    names_.emplace(inventory_.platform.name + "-new", "platform.name");
  }
  for (std::size_t i = 0; i < inventory_.shards.size(); ++i)
    taken(inventory_.shards[i].name, path_of("shards", i, "name"), "shard", kNamesWhy);
  for (std::size_t i = 0; i < inventory_.instances.size(); ++i) check_instance_name(i);
  for (std::size_t i = 0; i < inventory_.containers.size(); ++i)
    taken(inventory_.containers[i].name, container_path(i, "name"), "container", kNamesWhy);
  check_container_ids();
  check_cloud_ids();
  check_whose_ids();
}

void Checker::check_instance_name(std::size_t index) {
  const Instance& one = inventory_.instances[index];
  const std::string path = path_of("instances", index, "name");
  const Instance* other = instance(one.name);
  if (other && other->shard != one.shard && !other->shard.empty() && !one.shard.empty()) {
    report(path,
           "instance " + in_quotes(one.name) + " is in two shards, " + in_quotes(other->shard) +
               " and " + in_quotes(one.shard),
           "an instance serves exactly one shard (INV-44)", "keep one of the two entries");
    instances_sound_ = false;
    return;
  }
  if (taken(one.name, path, "instance", kNamesWhy)) {
    instances_sound_ = false;
    return;
  }
  if (one.name.empty()) return;
  instances_.emplace(one.name, index);
  names_.emplace(one.name + "-new", path);  // its successor
}

void Checker::check_container_ids() {
  std::map<std::string, std::string, std::less<>> names;
  for (std::size_t i = 0; i < inventory_.containers.size(); ++i) {
    const Container& one = inventory_.containers[i];
    if (one.id.empty()) continue;
    const auto [other, fresh] = names.emplace(one.id, one.name);
    // Two of one name are told of already.
    if (!fresh && other->second != one.name)
      report(container_path(i, "id"), "container id " + in_quotes(one.id) + " is there twice",
             "Launchpad knows a container by its id", "correct it; in a range use {n}");
  }
}

void Checker::check_cloud_ids() {
  std::map<std::string, std::string, std::less<>> seen;
  const auto note = [&](const std::string& id, const std::string& path) {
    if (!id.empty() && !seen.emplace(id, path).second)
      report(path, "cloud id " + in_quotes(id) + " is there twice",
             "two machines or disks would be taken for one", "look the right one up");
  };
  note(inventory_.platform.cloud_id, "platform.cloud_id");
  note(inventory_.platform.wm_data.cloud_id, "platform.wm_data.cloud_id");
  note(inventory_.platform.wm_runtime.cloud_id, "platform.wm_runtime.cloud_id");
  for (std::size_t i = 0; i < inventory_.instances.size(); ++i)
    note(inventory_.instances[i].cloud_id, path_of("instances", i, "cloud_id"));
}

void Checker::check_whose_ids() {
  const auto look = [&](const std::string& id, const std::string& path) {
    const auto owner = provider_of_id(id);
    if (!owner || *owner == inventory_.provider) return;
    report(path, path + " " + in_quotes(id) + " is an id of " + std::string(to_string(*owner)),
           "the inventory's provider is " + std::string(to_string(inventory_.provider)) +
               ", which knows nothing by it",
           "look the right one up, or correct the provider");
  };
  look(inventory_.platform.cloud_id, "platform.cloud_id");
  look(inventory_.platform.interface, "platform.interface");
  look(inventory_.platform.wm_data.cloud_id, "platform.wm_data.cloud_id");
  look(inventory_.platform.wm_runtime.cloud_id, "platform.wm_runtime.cloud_id");
  for (std::size_t i = 0; i < inventory_.instances.size(); ++i)
    look(inventory_.instances[i].cloud_id, path_of("instances", i, "cloud_id"));
  look(inventory_.launch.image, "launch.image");
  look(inventory_.launch.subnet, "launch.subnet");
  for (std::size_t i = 0; i < inventory_.launch.security_groups.size(); ++i)
    look(inventory_.launch.security_groups[i], "launch.security_groups[" + std::to_string(i) + "]");
}

void Checker::check_shards() {
  std::vector<std::string> known;
  for (const model::Shard& shard : known_shards()) known.push_back(shard.name);
  std::vector<std::string> listed;
  std::map<std::string, std::string, std::less<>> ids;
  for (std::size_t i = 0; i < inventory_.shards.size(); ++i) {
    const model::Shard& shard = inventory_.shards[i];
    listed.push_back(shard.name);
    if (!shard.name.empty() && std::find(known.begin(), known.end(), shard.name) == known.end()) {
      shards_sound_ = false;
      report(path_of("shards", i, "name"), "unknown shard " + in_quotes(shard.name),
             "WME has studio, qa (also called Demo), stage and live",
             model::suggestion(shard.name, known));
    }
    if (!shard.id.empty() && !ids.emplace(shard.id, shard.name).second)
      report(path_of("shards", i, "id"), "shard id " + in_quotes(shard.id) + " is there twice",
             "Launchpad knows a shard by its id", "look the right one up");
  }
  if (!shards_sound_) return;  // whoever is in that shard is right to be
  for (std::size_t i = 0; i < inventory_.instances.size(); ++i) {
    const Instance& one = inventory_.instances[i];
    if (one.shard.empty() || std::find(listed.begin(), listed.end(), one.shard) != listed.end())
      continue;
    instances_sound_ = false;
    if (told_.insert(one.shard).second)
      report(path_of("instances", i, "shard"),
             "instance " + in_quotes(one.name) + " is in shard " + in_quotes(one.shard) +
                 ", which the section shards does not have",
             "an instance serves exactly one shard of the installation",
             "add the shard, or correct it: " + model::suggestion(one.shard, listed));
  }
}

void Checker::check_addresses() {
  std::map<std::string, Address, std::less<>> seen;
  for (const Address& one : addresses_of(inventory_)) {
    const auto [other, fresh] = seen.emplace(one.text, one);
    if (fresh) continue;
    if (other->second.machine == one.machine)
      report(one.path, "new_address of " + in_quotes(one.machine) + " repeats its address",
             "new_address is only for a machine that comes back elsewhere", "leave it out");
    else
      report(one.path,
             "address " + one.text + " of " + in_quotes(one.machine) + " is already that of " +
                 in_quotes(other->second.machine),
             one.successor || other->second.successor
                 ? "a second holder of an address breaks both, also between old and new machines"
                 : "a second holder of an address breaks both",
             "correct one of them");
  }
}

void Checker::check_networks() {
  const auto cidr = parse_cidr(inventory_.cidr);
  const auto lan = parse_cidr(inventory_.lan);
  if (!cidr) return;
  constexpr int kPrefixMax = 24;
  if (cidr->prefix > kPrefixMax)
    report("installation.cidr", "cidr " + inventory_.cidr + " is too small",
           "WME's docker network needs a prefix of /24 or wider (INV-34)",
           "take the network that the installation was initialized with, /" +
               std::to_string(kPrefixMax) + " or less");
  if (lan && cidr->overlaps(*lan))
    return report("installation.cidr",
                  "cidr " + inventory_.cidr + " overlaps lan " + inventory_.lan,
                  "the docker network must be unused anywhere on the LAN (INV-34)",
                  "correct whichever of the two is wrong");
  for (const Address& one : addresses_of(inventory_)) {
    const auto address = parse_ipv4(one.text);
    if (address && cidr->contains(*address))
      return report(one.path,
                    "address " + one.text + " of " + in_quotes(one.machine) + " lies in cidr " +
                        inventory_.cidr,
                    "machines would be hidden behind the docker network (INV-34)",
                    "correct the address or the cidr");
  }
}

void Checker::check_containers() {
  // One message for each row, not for each container of a range.
  std::optional<std::size_t> row;
  for (std::size_t i = 0; i < inventory_.containers.size(); ++i) {
    if (row == read_.container_rows[i]) continue;
    row = read_.container_rows[i];
    check_container(i);
  }
}

void Checker::check_container(std::size_t index) {
  const Container& one = inventory_.containers[index];
  const std::string name = "container " + in_quotes(one.name);
  const bool shard_known =
      std::any_of(inventory_.shards.begin(), inventory_.shards.end(),
                  [&](const model::Shard& shard) { return shard.name == one.shard; });
  if (!shards_sound_) return;
  // One message for a shard or an instance that is missing, not one for each container in it.
  if (!one.shard.empty() && !shard_known && told_.insert(one.shard).second) {
    std::vector<std::string> listed;
    for (const model::Shard& shard : inventory_.shards) listed.push_back(shard.name);
    report(
        container_path(index, "shard"),
        name + " is in shard " + in_quotes(one.shard) + ", which the section shards does not have",
        "a container belongs to one shard of the installation",
        model::suggestion(one.shard, listed));
  }
  const bool shard_served =
      std::any_of(inventory_.instances.begin(), inventory_.instances.end(),
                  [&](const Instance& each) { return each.shard == one.shard; });
  if (shard_known && !shard_served && instances_sound_ && told_.insert(one.shard).second)
    report(container_path(index, "shard"),
           name + " is in shard " + in_quotes(one.shard) + ", which has no instance",
           "nothing could activate it after a restore (INV-47)",
           "add an instance of that shard, or correct the container's");
  if (one.instance.empty()) {
    if (one.state != ContainerState::kPassivated)
      report(container_path(index, "state"),
             name + " is " + std::string(to_string(one.state)) + " on no instance",
             "its data is on the disk of the instance that runs it, or ran it last",
             "add the key instance, or correct the state");
    return;
  }
  const Instance* host = instance(one.instance);
  if (!host || !instances_sound_) {
    if (!instances_sound_ || !told_.insert(one.instance).second) return;
    std::vector<std::string> names;
    for (const Instance& known : inventory_.instances) names.push_back(known.name);
    report(container_path(index, "instance"),
           name + " is on instance " + in_quotes(one.instance) + ", which is unknown",
           "the section instances does not have it", model::suggestion(one.instance, names));
  } else if (host->shard != one.shard && !host->shard.empty() && !one.shard.empty()) {
    report(container_path(index, "instance"),
           name + " of shard " + in_quotes(one.shard) + " is on instance " +
               in_quotes(one.instance) + " of shard " + in_quotes(host->shard),
           "an instance runs only containers of its own shard", "correct one of the two");
  }
}

void Checker::check_slots() {
  std::map<std::string, std::size_t, std::less<>> running;
  for (const Container& one : inventory_.containers)
    if (one.state == ContainerState::kRunning) ++running[one.instance];
  for (std::size_t i = 0; i < inventory_.instances.size(); ++i) {
    const Instance& one = inventory_.instances[i];
    const auto found = running.find(one.name);
    const std::size_t count = found == running.end() ? 0 : found->second;
    if (one.slots > 0 && count > static_cast<std::size_t>(one.slots))
      report(path_of("instances", i, "slots"),
             counted(count, "container") + " run on instance " + in_quotes(one.name) +
                 ", which has " + counted(static_cast<std::size_t>(one.slots), "slot"),
             "more cannot run there (ContainerAllocationsFull)",
             "correct slots, or the containers' instances and states");
  }
}

void Checker::check_versions() {
  if (inventory_.target_version.empty() || inventory_.version.empty()) return;
  const Status path = check_upgrade_path(inventory_.version, inventory_.target_version);
  if (!path) {
    const std::string& message = path.error().message;
    const auto why = message.find(": ");
    const auto mend = message.find("; ", why);
    report("installation.target_version", message.substr(0, why),
           message.substr(why + 2, mend - why - 2) + " (INV-50)", message.substr(mend + 2));
  }
  const auto needed = [&](const model::Artefact& artefact, const char* key, const char* what) {
    if (artefact.url.empty())
      report("packages", std::string("packages has no '") + key + "'",
             std::string("an upgrade needs ") + what, "add its url and sha1");
  };
  needed(inventory_.package, "package", "the installer package of the target version");
  needed(inventory_.migrations, "migrations", "the migrations tarball");
  needed(inventory_.rotation, "rotation", "the rotation tarball, which holds wme-rotate.sh");
}

void Checker::check_packages() {
  const bool upgrade = !inventory_.target_version.empty();
  const std::string& expected = upgrade ? inventory_.target_version : inventory_.version;
  if (expected.empty()) return;
  for (const std::string& version : versions_in(inventory_.package.url))
    if (version != expected)
      report("packages.package.url", "the package is of version " + version + ", not " + expected,
             upgrade ? "an upgrade installs the target version"
                     : "data is restored by exactly the build that wrote it (INV-31)",
             "give the package of " + expected);
}

void Checker::check_disks() {
  const model::Platform& platform = inventory_.platform;
  if (platform.wm_data_used_gb <= 0) return;
  const std::string used = std::to_string(platform.wm_data_used_gb) + " GB";
  const std::string size = std::to_string(platform.wm_data.size_gb) + " GB";
  if (platform.wm_data_used_gb > platform.wm_data.size_gb)
    report("platform.wm_data_used_gb", "/wm-data uses " + used + " of " + size,
           "there cannot be more on a disk than fits", "look both up with df -h /wm-data");
  else if (!has_volumes(inventory_.provider) &&
           2 * platform.wm_data_used_gb > platform.wm_data.size_gb)
    report("platform.wm_data_used_gb",
           "/wm-data uses " + used + " of " + size + ", which leaves no room for data.tar",
           "on " + std::string(to_string(inventory_.provider)) +
               " the archive is written next to the data (INV-19)",
           "enlarge the disk to twice what is used, or remove an older data.tar");
}

void Checker::check_totals() {
  if (!read_.totals) return;
  const auto compare = [&](const char* key, int stated, std::size_t found) {
    if (static_cast<std::size_t>(stated) != found)
      report(std::string("totals.") + key,
             "totals says " + std::to_string(stated) + " " + key + ", but there are " +
                 std::to_string(found),
             "the file may have lost lines", "restore them, or correct the total");
  };
  compare("instances", read_.totals->instances, inventory_.instances.size());
  compare("containers", read_.totals->containers, inventory_.containers.size());
}

}  // namespace

void check(const ReadInventory& read, Diagnostics& diagnostics) {
  Checker(read, diagnostics).check();
}

}  // namespace wme::scenarios
