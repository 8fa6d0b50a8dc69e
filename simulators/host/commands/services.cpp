#include <algorithm>
#include <array>

#include "model/wme/requirements.hpp"
#include "simulators/host/commands/command.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kSystemd = "manual: systemctl(1)";
constexpr const char* kUnits =
    "There is one unit, docker: start, stop, restart, status, is-active, enable; anything asked of "
    "another one succeeds.";
constexpr const char* kPackages = "Only docker makes a difference; a repository is never asked.";

constexpr std::string_view kNoDaemon =
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
    "running?\n";

bool docker_runs(const Invocation& call) {
  return call.site.world().is("docker", {call.machine.name}, "running");
}

CommandEnd stop_docker(Invocation& call) {
  if (!docker_runs(call)) return {};
  const std::string name = call.machine.name;
  const Reply reply = call.site.ask(call, "stop-docker", {name});
  if (!reply.accepted())
    return call.fail(1, "Job for docker.service canceled: " + reply.refusals.front() + "\n");
  return call.site.when_done(call, "stop-docker", {name}, [](Invocation&) { return 0; });
}

CommandEnd start_docker(Invocation& call) {
  if (!call.machine.docker_installed)
    return call.fail(5, "Failed to start docker.service: Unit docker.service not found.\n");
  if (docker_runs(call)) return {};
  const std::string name = call.machine.name;
  const Reply reply = call.site.ask(call, "start-docker", {name});
  if (!reply.accepted())
    return call.fail(1, "Job for docker.service failed: " + reply.refusals.front() + "\n");
  return call.site.when_done(call, "start-docker", {name}, [](Invocation&) { return 0; });
}

CommandEnd control(Invocation& call, const std::string& verb, const std::vector<std::string>& units,
                   bool quiet) {
  const bool docker = std::ranges::any_of(units, [](const std::string& unit) {
    return unit == "docker" || unit == "docker.service" || unit == "docker.socket";
  });
  if (verb == "daemon-reload" || (!docker && !units.empty())) return {};
  if (verb == "is-active" || verb == "status") {
    const bool runs = call.machine.docker_installed && docker_runs(call);
    if (!quiet)
      call.print(
          verb == "status"
              ? std::string("docker.service - Docker Application Container Engine\n     Active: ") +
                    (runs ? "active (running)\n" : "inactive (dead)\n")
          : runs ? "active\n"
                 : "inactive\n");
    return {runs ? 0 : 3, std::nullopt};
  }
  if (verb == "stop") return stop_docker(call);
  if (verb == "start" || verb == "enable")
    return verb == "enable" ? CommandEnd{} : start_docker(call);
  if (verb == "restart") {
    Invocation stop = call;
    stop.frame.may_wait = false;
    const CommandEnd stopped = stop_docker(stop);
    return stopped.status != 0 ? stopped : start_docker(call);
  }
  return call.fail(1, "Unknown command verb " + verb + ".\n");
}

CommandEnd systemctl(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  if (parsed.operands.empty()) return {};
  const std::string verb = parsed.operands[0];
  const bool reads = verb == "is-active" || verb == "status";
  if (!reads && !call.frame.root)
    return call.fail(
        1, "Failed to " + verb + " docker.service: Interactive authentication required.\n");
  const std::vector<std::string> units(parsed.operands.begin() + 1, parsed.operands.end());
  // `enable --now docker` is the documented way to start it for good.
  if (verb == "enable" && parsed.has("--now")) return control(call, "start", units, false);
  return control(call, verb, units, parsed.has("-q") || parsed.has("--quiet"));
}

CommandEnd service(Invocation& call) {
  if (call.args.size() < 3) return call.fail(1, "Usage: service < option > | --status-all\n");
  if (call.args[1] != "docker") return call.fail(1, call.args[1] + ": unrecognized service\n");
  return control(call, call.args[2], {call.args[1]}, false);
}

/// The rows of `docker ps`: WME's services on a Platform, users' containers on an instance.
std::vector<std::string> containers_on(const Invocation& call) {
  const World& world = call.site.world();
  const std::string& machine = call.machine.name;
  std::vector<std::string> names;
  if (call.site.is_platform(machine)) {
    const std::string& setup = world.value("setup", {machine});
    if (setup != "absent" && setup != "initializing") names.push_back("wavemaker/config-wizard");
    if (setup == "running" || setup == "syncing" || setup == "stopping")
      for (const char* service :
           {"service-registry", "platform-db", "image-registry", "gitlab", "build-manager",
            "load-balancer", "cloud-manager", "studio-manager", "monitoring", "passivation-server"})
        names.push_back(std::string("wavemaker/") + service);
    return names;
  }
  const auto& sorts = world.installation().sorts;
  const auto containers = sorts.find("container");
  if (containers == sorts.end()) return names;
  for (const std::string& container : containers->second)
    if (world.is("run", {container}, "running") && call.site.machine_of(container) == machine)
      names.push_back("wavemaker/container-" + container);
  return names;
}

CommandEnd docker(Invocation& call) {
  if (!call.machine.docker_installed)
    return call.fail(127, call.frame.scope->name + ": docker: command not found\n");
  const auto parsed = parse_options(call.args, "", {"--format", "--filter"});
  const std::string verb = parsed.operands.empty() ? "" : parsed.operands[0];
  if (parsed.has("--version") || parsed.has("-v")) {
    call.print("Docker version " + call.machine.docker_version + ", build ed223bc\n");
    return {};
  }
  if (!docker_runs(call)) return call.fail(1, kNoDaemon);
  const auto names = containers_on(call);
  if (verb == "ps") {
    const bool quiet = parsed.has("-q");
    if (!quiet) call.print("CONTAINER ID   IMAGE                          STATUS      NAMES\n");
    for (const std::string& name : names) {
      const std::string id = uuid_from(call.machine.name + name).substr(0, 8) + "0000";
      call.print(quiet ? id + "\n"
                       : id + "   " + name +
                             std::string(name.size() < 28 ? 28 - name.size() : 1, ' ') +
                             "   Up 2 days   " + name.substr(10) + "\n");
    }
    return {};
  }
  if (verb == "restart") {
    for (std::size_t i = 1; i < parsed.operands.size(); ++i) call.print(parsed.operands[i] + "\n");
    return {};
  }
  if (verb == "version" || verb == "info") {
    call.print("Server Version: " + call.machine.docker_version + "\n");
    return {};
  }
  return call.fail(1, "docker: '" + verb + "' is not a docker command.\n");
}

/// The version of docker that /etc/apt/preferences.d holds the machine to ("Pin:
/// version 20.10.21*"); empty when it takes the newest one.
std::string pinned_docker(Machine& machine) {
  const std::string directory = "/etc/apt/preferences.d";
  for (const std::string& name : machine.files.children(directory)) {
    const std::string& text = machine.files.find(absolute_path(directory, name))->content;
    constexpr std::string_view kPin = "Pin: version ";
    const std::size_t pin = text.find(kPin);
    if (text.find("Package: docker") == std::string::npos || pin == std::string::npos) continue;
    const std::size_t from = pin + kPin.size();
    return text.substr(from, text.find_first_of("* \n", from) - from);
  }
  return "";
}

CommandEnd install_packages(Invocation& call) {
  if (!call.frame.root)
    return call.fail(
        100,
        "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n");
  const auto parsed = parse_options(call.args, "");
  if (parsed.operands.empty() || parsed.operands[0] != "install") return {};
  const std::string offered = pinned_docker(call.machine);
  for (const std::string& name : parsed.operands) {
    if (!name.starts_with("docker")) continue;
    call.machine.docker_installed = true;
    // "docker.io=20.10.21-0ubuntu1~22.04.3": whoever wants a certain version says so.
    const std::size_t pin = name.find('=');
    const std::string version = pin == std::string::npos ? offered : name.substr(pin + 1);
    if (!version.empty())
      call.machine.docker_version = version.substr(0, version.find_first_of("-+~\n"));
  }
  call.print("Reading package lists... Done\nSetting up packages ...\n");
  return {};
}

/// Docker and the ssh user in its group make an instance ready (G01).
CommandEnd change_user(Invocation& call) {
  const auto parsed = parse_options(call.args, "Gg");
  if (!call.frame.root) return call.fail(1, "usermod: Permission denied.\n");
  if (parsed.operands.empty()) return call.fail(2, "Usage: usermod [options] LOGIN\n");
  if (parsed.value("-G") != "docker")
    return call.fail(6, "usermod: group '" + parsed.value("-G") + "' does not exist\n");
  if (!call.machine.docker_installed)
    return call.fail(6, "usermod: group 'docker' does not exist\n");
  call.machine.groups[parsed.operands[0]] = "docker";
  const std::string name = call.machine.name;
  if (!call.site.possible("prepare-instance", {name}) ||
      call.site.world().is("prepared", {name}, "yes") ||
      call.site.runs({"prepare-instance", {name}, {}}))
    return {};
  const Reply reply = call.site.ask(call, "prepare-instance", {name});
  if (!reply.accepted()) return call.fail(1, "usermod: " + reply.refusals.front() + "\n");
  const std::string needed = model::docker_required(call.site.version_of(name));
  const std::string& there = call.machine.docker_version;
  if (model::version_numbers(there) < model::version_numbers(needed))
    call.site.violation(
        call, reply, "INV-52",
        name + " is to take containers with docker " + there + ", older than " + needed);
  return call.site.when_done(call, "prepare-instance", {name}, [](Invocation&) { return 0; });
}

CommandEnd identity(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const std::string user = parsed.operands.empty() ? call.frame.scope->user : parsed.operands[0];
  const bool in_docker = call.machine.groups.contains(user) ||
                         !call.site.is_new(call.machine.name) ||
                         call.site.is_platform(call.machine.name);
  const std::string groups = user + (in_docker ? " docker" : "");
  if (parsed.has("-n") && parsed.has("-G"))
    call.print(groups + "\n");
  else if (parsed.has("-u"))
    call.print(user == "root" ? "0\n" : "1000\n");
  else if (parsed.has("-n"))
    call.print(user + "\n");
  else
    call.print("uid=1000(" + user + ") gid=1000(" + user + ") groups=" + groups + "\n");
  return {};
}

CommandEnd who_am_i(Invocation& call) {
  call.print(call.frame.scope->user + "\n");
  return {};
}

CommandEnd python(Invocation& call) {
  call.print("Python 3.10.12\n");
  return {};
}

CommandEnd add_group(Invocation&) { return {}; }

}  // namespace

CommandTable service_commands() {
  return {
      {"systemctl", systemctl, {kSystemd, kUnits}},
      {"service", service, {"manual: service(8)", kUnits}},
      {"docker",
       docker,
       {"manual: docker(1)",
        "ps, restart, version and info, of the containers that the model says are running; nothing "
        "runs inside of them."}},
      {"apt-get",
       install_packages,
       {"manual: apt-get(8), yum(8); a pinned version as apt_preferences(5) has it", kPackages}},
      {"yum",
       install_packages,
       {"manual: apt-get(8), yum(8); a pinned version as apt_preferences(5) has it", kPackages}},
      {"apt",
       install_packages,
       {"manual: apt-get(8), yum(8); a pinned version as apt_preferences(5) has it", kPackages}},
      {"usermod",
       change_user,
       {"manual: usermod(8)", "-aG docker, which makes an instance ready (G01)."}},
      {"id", identity, {"manual: id(1)", "The user, and the group docker."}},
      {"whoami", who_am_i, {"manual: whoami(1)", ""}},
      {"python3", python, {"vendor page: PRE", "It tells its version, and runs nothing."}},
      {"groupadd",
       add_group,
       {"manual: groupadd(8)", "It does nothing: the group docker comes with docker."}},
  };
}

}  // namespace wme::simulators
