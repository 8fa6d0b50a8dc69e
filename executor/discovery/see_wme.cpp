#include <algorithm>

#include "executor/discovery/notes.hpp"

/// What Launchpad and ConfigWizard show.
namespace wme::executor::discovery {

namespace {

const std::string kInLaunchpad = "Launchpad, Developer Workspace and App Deployments";

bool is_known_shard(const std::string& name) {
  return name == "studio" || name == "qa" || name == "stage" || name == "live";
}

bool is_ipv4(const std::string& text) {
  return std::ranges::count(text, '.') == 3 &&
         text.find_first_not_of("0123456789.") == std::string::npos;
}

void see_shards(LaunchpadSurvey& launchpad, Notes& notes) {
  const auto shards = launchpad.shards();
  if (!shards) return notes.missing("shards", shards.error(), kInLaunchpad);
  for (const SeenShard& each : shards.value()) {
    if (!is_known_shard(each.name)) {
      notes.missing("shards[" + each.id + "].name",
                    "Launchpad calls it '" + each.name + "', which the API profile does not know",
                    "studio, qa, stage or live; add the word to the API profile");
      continue;
    }
    notes.shard_names[each.id] = each.name;
    notes.inventory.shards.push_back({each.name, each.id});
  }
}

void see_instances(LaunchpadSurvey& launchpad, Notes& notes) {
  const auto instances = launchpad.instances();
  if (!instances) return notes.missing("instances", instances.error(), kInLaunchpad + ", Capacity");
  for (const SeenInstance& each : instances.value()) {
    const std::string path = "instances[" + each.name + "]";
    const auto shard = notes.shard_names.find(each.shard_id);
    notes.instance_names[each.id] = each.name;
    model::Instance instance;
    instance.name = each.name;
    instance.ssh_user = each.user;
    instance.slots = each.slots;
    instance.data_gb = 0;
    if (shard != notes.shard_names.end())
      instance.shard = shard->second;
    else
      notes.missing(path + ".shard", "it is in shard " + each.shard_id + ", which is not known",
                    kInLaunchpad);
    if (is_ipv4(each.host))
      instance.address = each.host;
    else
      notes.missing(path + ".address", "Launchpad knows it as " + each.host + ", not by an address",
                    "ip addr on the instance");
    if (each.user.empty())
      notes.missing(path + ".ssh_user", "Launchpad does not tell it",
                    kInLaunchpad + ", Capacity, Edit; left out, it is ubuntu");
    if (each.slots == 0)
      notes.optional(path + ".slots", "Launchpad does not tell how many containers fit",
                     kInLaunchpad + ", Capacity");
    notes.inventory.instances.push_back(std::move(instance));
  }
}

/// Short names for people; Launchpad knows a container by its id. In the order of the ids, so that
/// every look gives each the same name.
void see_containers(LaunchpadSurvey& launchpad, Notes& notes) {
  auto containers = launchpad.containers();
  if (!containers)
    return notes.missing("containers", containers.error(), kInLaunchpad + ", Containers");
  std::vector<SeenContainer> seen = std::move(containers).value();
  std::ranges::sort(seen, {}, &SeenContainer::id);
  std::size_t number = 0;
  for (const SeenContainer& each : seen) {
    const std::string path = "containers[" + each.id + "]";
    model::Container container;
    container.name = "c" + std::to_string(++number);
    container.id = each.id;
    container.owner = each.owner;
    const auto shard = notes.shard_names.find(each.shard_id);
    const auto instance = notes.instance_names.find(each.instance);
    const auto state = model::container_state_from(each.state);
    if (!state || shard == notes.shard_names.end()) {
      notes.missing(path,
                    !state ? "it is " + each.state +
                                 ": an inventory says running, stopped or "
                                 "passivated"
                           : "it is in shard " + each.shard_id + ", which is not known",
                    "discover again when nothing is under way, or settle it in Launchpad first");
      continue;
    }
    container.shard = shard->second;
    container.state = *state;
    if (instance != notes.instance_names.end())
      container.instance = instance->second;
    else if (*state != model::ContainerState::kPassivated)
      notes.missing(path + ".instance",
                    each.instance.empty() ? "Launchpad does not tell where it is"
                                          : "it is on " + each.instance + ", which is not listed",
                    kInLaunchpad + ", Containers");
    notes.inventory.containers.push_back(std::move(container));
  }
}

void see_license(LaunchpadSurvey& launchpad, Notes& notes) {
  const std::string find = "the license page of the ConfigWizard";
  const auto license = launchpad.license();
  if (!license) return notes.missing("license.developers", license.error(), find);
  if (license.value().active && license.value().developers > 0)
    notes.inventory.license_developers = license.value().developers;
  else
    notes.missing("license.developers", "Launchpad lists no active license", find);
}

}  // namespace

void see_launchpad(const Result<LaunchpadSurvey*>& door, Notes& notes) {
  Status in = door ? door.value()->log_in() : Status(door.error());
  if (!in) {
    for (const char* section : {"license.developers", "shards", "instances", "containers"})
      notes.missing(section, in.error(), "discover again once Launchpad lets you in");
    return;
  }
  LaunchpadSurvey& launchpad = *door.value();
  see_shards(launchpad, notes);
  see_instances(launchpad, notes);
  see_containers(launchpad, notes);
  see_license(launchpad, notes);
}

void see_config_wizard(const Result<ConfigWizardSurvey*>& door, Notes& notes) {
  const auto nothing = [&](const Error& error) {
    notes.missing("installation.version", error, "Installed Version in the ConfigWizard's portal");
    notes.missing("installation.studio_domain", error, "the ConfigWizard's Domain Setup");
    notes.optional("installation.apps_domain", error.message, "the ConfigWizard's Domain Setup");
  };
  if (!door) return nothing(door.error());
  ConfigWizardSurvey& wizard = *door.value();
  const auto page = wizard.first_page();
  if (!page) return nothing(page.error());
  if (!page.value().configured)
    return nothing({ErrorCode::kBlocked, wizard.where() +
                                             " asks for a first password: nothing is configured "
                                             "there; set none if this is a restore (INV-39)"});
  if (const Status in = wizard.log_in(); !in) return nothing(in.error());
  const auto version = wizard.version();
  if (version && !version.value().empty())
    notes.inventory.version = version.value();
  else
    notes.missing("installation.version",
                  version ? "the ConfigWizard tells no version" : version.error().message,
                  "the name of the directory in /usr/local/content/wme/wme-installer");
  const auto domains = wizard.domains();
  if (domains) {
    notes.inventory.studio_domain = domains.value().studio;
    notes.inventory.apps_domain = domains.value().apps;
  }
  if (notes.inventory.studio_domain.empty())
    notes.missing("installation.studio_domain",
                  domains ? "the ConfigWizard tells none" : domains.error().message,
                  "the ConfigWizard's Domain Setup");
}

}  // namespace wme::executor::discovery
