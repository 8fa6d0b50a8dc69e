#include <algorithm>
#include <optional>
#include <regex>

#include "model/wme/requirements.hpp"
#include "simulators/host/commands/archives.hpp"
#include "simulators/host/commands/command.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kSetupFile = "/wm-runtime/conf/config-wizard/config/setup-env.json";

bool has_wide_dash(const std::vector<std::string>& args) {
  return std::ranges::any_of(args, [](const std::string& arg) {
    return arg.starts_with("\xe2\x80\x93") || arg.starts_with("\xe2\x80\x94") ||
           arg.starts_with("\xe2\x88\x92");
  });
}

CommandEnd unknown_option(const Invocation& call, std::string_view usage) {
  const std::string name = name_of(call.args[0]);
  return call.fail(2, name + ": unrecognized option '" +
                          (call.args.size() > 1 ? call.args[1] : "") + "'\nUsage: bash " + name +
                          " " + std::string(usage) + "\n");
}

std::string cidr_on_disk(Invocation& call) {
  const FileNode* file = call.machine.files.find(kSetupFile);
  if (file == nullptr) return "";
  static const std::regex kCidr("\"cidr\"\\s*:\\s*\"([^\"]*)\"");
  std::smatch match;
  return std::regex_search(file->content, match, kCidr) ? match[1].str() : "";
}

/// The answers to the installer's prompts, in the order of the screen shots.
struct Answers {
  std::string interface;
  std::string cidr;
  bool own_keys = false;
  std::string key_user;
  std::string key_path;
};

std::string asked(Invocation& call, const std::string& prompt) {
  call.print(prompt + " ");
  const std::string answer = call.frame.in->line().value_or("");
  call.print("\n");
  return answer;
}

/// None, and the installer's complaint, when an answer is not acceptable.
std::optional<Answers> ask_all(Invocation& call) {
  Answers answers;
  answers.interface = asked(call, "Enter an interface name assigned to a network:");
  if (answers.interface != call.machine.interface) {
    call.print("Interface '" + answers.interface + "' has no address. Exiting.\n");
    return std::nullopt;
  }
  call.print("IP address of " + answers.interface + " is " + call.machine.address + "\n");
  const std::string proceed =
      asked(call, "Do you want to proceed with the ip " + call.machine.address + " y/n");
  if (proceed != "y" && proceed != "Y") {
    call.print("Exiting.\n");
    return std::nullopt;
  }
  answers.cidr =
      asked(call,
            "Enter an IP range in CIDR notation for internal use by WME. Press Enter for "
            "the default 10.2.1.1/24:");
  if (answers.cidr.empty()) answers.cidr = "10.2.1.1/24";
  static const std::regex kCidr(R"(\d{1,3}(\.\d{1,3}){3}/(\d{1,2}))");
  std::smatch match;
  if (!std::regex_match(answers.cidr, match, kCidr) || std::stoi(match[2].str()) > 24) {
    call.print("'" + answers.cidr + "' is no valid range: the smallest network is /24. Exiting.\n");
    return std::nullopt;
  }
  const std::string keys = asked(call, "Do you want to configure your own ssh keys(y/n):");
  answers.own_keys = keys == "y" || keys == "Y";
  if (!answers.own_keys) return answers;
  answers.key_user = asked(call, "Enter an user:");
  answers.key_path = asked(call, "Enter an keypath:");
  if (call.machine.files.find(answers.key_path) == nullptr) {
    call.print("Key " + answers.key_path + " cannot be read. Exiting.\n");
    return std::nullopt;
  }
  return answers;
}

/// What the model has no variable for: the same CIDR, the same keys (INV-34, INV-35).
void judge(Invocation& call, const Reply& reply, const Answers& answers,
           const std::string& cidr_before) {
  HostSite& site = call.site;
  const std::string expected = cidr_before.empty() ? site.inventory().cidr : cidr_before;
  if (answers.cidr != expected)
    site.violation(call, reply, "INV-34",
                   "the docker CIDR was " + expected + " before, now " + answers.cidr);
  const std::string owner = site.inventory().platform.ssh_key_owner;
  const std::string given = answers.own_keys ? answers.key_user : "";
  if (given != owner)
    site.violation(call, reply, "INV-35",
                   "the installer's ssh keys were of '" + (owner.empty() ? "nobody" : owner) +
                       "' before, now of '" + (given.empty() ? "nobody" : given) + "'");
  if (site.one_disk()) return;
  for (const std::string role : {"wm-data", "wm-runtime"})
    if (call.machine.files.mounted_at("/" + role) == nullptr)
      site.violation(call, reply, "INV-27",
                     "/" + role + " is not mounted: the installer fills the root disk");
}

int finish_initialize(Invocation& call, const Answers& answers) {
  const std::string& setup = call.site.world().value("setup", {call.machine.name});
  if (setup == "absent") {
    call.print("Updating Docker configuration file [FAILED]\n");
    return 1;
  }
  Filesystem& files = call.machine.files;
  for (const char* directory : {"/wm-data", "/wm-runtime"}) {
    const auto place = files.locate(directory);
    place.tree->make_directories(place.path);
  }
  const auto place = files.locate(kSetupFile);
  place.tree->write(place.path, "{\n  \"cidr\": \"" + answers.cidr + "\",\n  \"hostIp\": \"" +
                                    call.machine.address + "\",\n  \"version\": \"" +
                                    call.site.version_of(call.machine.name) + "\"\n}\n");
  for (const char* phase : {"Validating prerequisites", "Updating Docker configuration file",
                            "Updating WaveMaker configuration files", "Settingup WME registry",
                            "Setting up WME Setup Portal", "Loading WaveMaker docker images"})
    call.print(std::string(phase) + " [DONE]\n");
  call.print("WaveMaker  Configuration completed successfully !.. Go to http://" +
             call.machine.address + ":8080 to proceed with setup\n");
  return 0;
}

CommandEnd initialize(Invocation& call) {
  if (!call.frame.root) return call.fail(1, "Please run this script as root\n");
  const auto answers = ask_all(call);
  if (!answers) return {1, std::nullopt};
  HostSite& site = call.site;
  const std::string name = call.machine.name;
  if (!site.possible("initialize", {name}))
    return call.fail(1, "WaveMaker is already installed on this machine\n");
  const std::string cidr_before = cidr_on_disk(call);
  const Reply reply = site.ask(call, "initialize", {name});
  if (!reply.accepted()) {
    call.print("Validating prerequisites [FAILED]\n");
    return call.fail(1, reply.refusals.front() + "\n");
  }
  judge(call, reply, *answers, cidr_before);
  return site.when_done(call, "initialize", {name}, [answers = *answers](Invocation& then) {
    return finish_initialize(then, answers);
  });
}

CommandEnd untar(Invocation& call) {
  const std::string location = asked(call, "Enter an tarlocation:");
  if (location.empty() || call.machine.files.find(call.path(location)) == nullptr)
    return call.fail(1, "tar: " + location + ": Cannot open: No such file or directory\n");
  return extract_archive(call, call.path(location), "/");
}

/// --stop and --start: documented for 10.14, dropped since; the services are ConfigWizard's.
CommandEnd stop_or_start(Invocation& call, bool stop) {
  HostSite& site = call.site;
  const std::string name = call.machine.name;
  if (site.world().is("setup", {name}, "absent"))
    return call.fail(1, "WaveMaker is not installed on this machine\n");
  const std::string action = stop ? "stop-services" : "start-services";
  const Reply reply = site.ask(call, action, {name});
  if (!reply.accepted()) return call.fail(1, reply.refusals.front() + "\n");
  return site.when_done(call, action, {name}, [stop](Invocation& then) {
    const bool done =
        then.site.world().is("setup", {then.machine.name}, stop ? "stopped" : "running");
    then.print(std::string(stop ? "Stopping" : "Starting") + " WaveMaker " +
               (done ? "[DONE]\n" : "[FAILED]\n"));
    return done ? 0 : 1;
  });
}

CommandEnd installer(Invocation& call) {
  constexpr std::string_view kUsage = "[--data-archive|--data-untar|--stop|--start]";
  if (call.args.size() == 1) return initialize(call);
  const std::string& option = call.args[1];
  if (!call.frame.root) return call.fail(1, "Please run this script as root\n");
  if (option == "--data-archive") return write_archive(call, "/wm-data", "/wm-data/data.tar");
  if (option == "--data-untar") return untar(call);
  if (option == "--stop" || option == "--start") return stop_or_start(call, option == "--stop");
  return unknown_option(call, kUsage);
}

CommandEnd rotate(Invocation& call) {
  if (call.args.size() != 2 || call.args[1] != "--migrate" || has_wide_dash(call.args))
    return unknown_option(call, "--migrate");
  if (!call.frame.root) return call.fail(1, "Please run this script as root\n");
  HostSite& site = call.site;
  const std::string name = call.machine.name;
  if (!site.possible("migrate", {name})) {
    site.violation(call, {}, "INV-37", "migrate is run though the version does not change");
    return call.fail(1, "Nothing to migrate: the data has the version of this installer\n");
  }
  const Reply reply = site.ask(call, "migrate", {name});
  if (!reply.accepted()) return call.fail(1, "Migration failed: " + reply.refusals.front() + "\n");
  return site.when_done(call, "migrate", {name}, [name](Invocation& then) {
    const bool done = then.site.world().is("migrated", {name}, "yes");
    then.print(std::string("WME Gitlab upgrade [DONE]\nWME PostgreSQL upgrade ") +
               (done ? "[DONE]\n" : "[FAILED]\n"));
    return done ? 0 : 1;
  });
}

CommandEnd count_unparked(Invocation& call) {
  const World& world = call.site.world();
  const auto& sorts = world.installation().sorts;
  const auto containers = sorts.find("container");
  if (!world.is("setup", {call.machine.name}, "running"))
    return call.fail(1, "WaveMaker services are not running\n");
  bool any = false;
  if (containers != sorts.end())
    for (const std::string& each : containers->second)
      if (!world.is("run", {each}, "passivated")) {
        call.print(each + "\n");
        any = true;
      }
  if (!any && !call.site.is_new(call.machine.name) && world.is("counted", {}, "no"))
    call.site.ask(call, "count-unparked", {});
  return {};
}

/// Both VCS scripts take the old and the new address, the first one after its SQL file.
CommandEnd rewrite(Invocation& call, const std::string& action, std::size_t first) {
  const std::string script = name_of(call.args[0]);
  if (!call.frame.root) return call.fail(1, "Please run this script as root\n");
  if (call.args.size() != first + 2)
    return call.fail(
        2, "Usage: bash " + script + (first == 2 ? " FILE.sql" : "") + " OLD_IP NEW_IP\n");
  HostSite& site = call.site;
  const model::Platform& platform = site.inventory().platform;
  const std::string& from = call.args[first];
  const std::string& to = call.args[first + 1];
  if (from == to) {
    site.violation(call, {}, "INV-49", "the VCS address is rewritten though it stays " + from);
    return {};
  }
  const std::string expected =
      platform.new_address.empty() ? platform.address : platform.new_address;
  if (from != platform.address || to != expected)
    site.violation(call, {}, "INV-48",
                   "the VCS address is rewritten from " + from + " to " + to + ", not from " +
                       platform.address + " to " + expected);
  if (!site.possible(action, {})) return {};
  const Reply reply = site.ask(call, action, {});
  if (!reply.accepted()) return call.fail(1, script + ": " + reply.refusals.front() + "\n");
  return site.when_done(call, action, {}, [first](Invocation& then) {
    then.print(first == 2 ? "UPDATE 1\n" : "Updated the remotes of the parked workspaces\n");
    return 0;
  });
}

CommandEnd execute_sql(Invocation& call) {
  if (call.args.size() < 2 || name_of(call.args[1]) != "update_vcs_ips_in_db.sql")
    return call.fail(1, "psql: could not find the file\n");
  if (call.machine.files.find(call.path(call.args[1])) == nullptr)
    return call.fail(1, call.args[1] + ": No such file or directory\n");
  return rewrite(call, "rewrite-vcs-database", 2);
}

CommandEnd rewrite_workspaces(Invocation& call) {
  return rewrite(call, "rewrite-vcs-workspaces", 1);
}

/// A container of this machine whose layers the old docker wrote; empty when all are parked. The
/// Platform's own upgrade is too late as soon as there is any.
std::string unparked_on(const Invocation& call) {
  const HostSite& site = call.site;
  const auto& sorts = site.world().installation().sorts;
  const auto containers = sorts.find("container");
  if (containers == sorts.end()) return "";
  for (const std::string& each : containers->second) {
    const std::string on = site.machine_of(each);
    if (on == call.machine.name || (site.is_platform(call.machine.name) && !on.empty()))
      return each;
  }
  return "";
}

CommandEnd utility(Invocation& call) {
  if (call.args.size() != 2 || call.args[1] != "--docker-upgrade")
    return unknown_option(call, "--docker-upgrade");
  if (!call.frame.root) return call.fail(1, "Please run this script as root\n");
  const std::string unparked = unparked_on(call);
  if (call.machine.docker_installed && !unparked.empty())
    call.site.violation(call, {}, "INV-52",
                        "docker is upgraded while container " + unparked +
                            " is not parked: the new one may not read its layers");
  call.machine.docker_installed = true;
  call.machine.docker_version = model::docker_required(call.site.version_of(call.machine.name));
  call.print("Docker version " + call.machine.docker_version + " installed [DONE]\n");
  return {};
}

}  // namespace

CommandTable installer_commands() {
  return {
      {"wme-installer.sh",
       installer,
       {"vendor page: INI, EXT, DR, UPS; vendor screenshots of its prompts",
        "What it says between the prompts is ours; --stop and --start are those of 10.14."}},
      {"wme-rotate.sh",
       rotate,
       {"vendor page: DR, RUN", "Its phases are those of a screenshot; how it fails is ours."}},
      {"check_nonpassivate_ctnrs.sh",
       count_unparked,
       {"vendor page: RUN", "Its output is ours: one container a line, none when all are parked."}},
      {"executesql.sh",
       execute_sql,
       {"vendor page: DR", "Of its SQL file only the name is looked at."}},
      {"update_vcs_ips_in_backupserver.sh", rewrite_workspaces, {"vendor page: DR", ""}},
      {"wme-utility.sh", utility, {"vendor page: DKU", "Of its options --docker-upgrade."}},
  };
}

}  // namespace wme::simulators
