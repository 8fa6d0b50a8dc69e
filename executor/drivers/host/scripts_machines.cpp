#include <regex>
#include <sstream>
#include <utility>

#include "executor/drivers/host/machines.hpp"
#include "executor/drivers/host/quoting.hpp"
#include "executor/drivers/host/scripts.hpp"
#include "model/wme/requirements.hpp"

namespace wme::executor::host {

namespace {

std::string note_network(const Site&, const Call&) {
  return "ip -o -4 addr show && hostname && cat "
         "/wm-runtime/conf/config-wizard/config/setup-env.json\n";
}

/// What the inventory says must be what the Platform shows, or the new one is built wrong (INV-16).
Result<std::string> judge_network(const Site& site, const std::string& output) {
  static const std::regex kCidr("\"cidr\"\\s*:\\s*\"([^\"]*)\"");
  std::smatch match;
  if (!std::regex_search(output, match, kCidr))
    return Error{ErrorCode::kFailed, "note-network: setup-env.json has no cidr: " + output};
  const std::string cidr = match[1].str();
  if (cidr != site.inventory.cidr)
    return Error{ErrorCode::kFailed, "note-network: the Platform's docker CIDR is " + cidr +
                                         ", the inventory says " + site.inventory.cidr +
                                         ". Mend the inventory and plan again (INV-34)"};
  const std::string address = " " + site.inventory.platform.address + "/";
  const std::size_t at = output.find(address);
  if (at == std::string::npos)
    return Error{ErrorCode::kFailed, "note-network: no interface of the Platform has the address " +
                                         site.inventory.platform.address +
                                         " of the inventory. It shows: " + output};
  static const std::regex kInterface("\\d+: (\\S+)");
  std::string interface;
  const std::string before = output.substr(0, at);
  for (std::sregex_iterator each(before.begin(), before.end(), kInterface), end; each != end;
       ++each)
    interface = (*each)[1].str();
  return "interface=" + interface + " address=" + site.inventory.platform.address + " cidr=" + cidr;
}

std::string count_unparked(const Site& site, const Call&) {
  return "bash " + shell_quoted(site.installer(false)) + "/check_nonpassivate_ctnrs.sh\n";
}

/// Assumption: exit status 0 and no output mean that there is none (wme.md 6).
Result<std::string> judge_count(const Site&, const std::string& output) {
  if (output.find_first_not_of(" \t\r\n") == std::string::npos) return std::string("none left");
  return Error{
      ErrorCode::kBlocked,
      "count-unparked: check_nonpassivate_ctnrs.sh reports containers that are not parked: " +
          output + ". Hibernate and passivate them, then ask again"};
}

/// The socket would start docker again at the next call (7-21).
std::string stop_docker(const Site&, const Call&) {
  return "systemctl stop docker.socket 2> /dev/null\nsystemctl stop docker && systemctl is-active "
         "docker; exit 0\n";
}

std::string start_docker(const Site&, const Call&) {
  return "systemctl start docker && systemctl is-active docker\n";
}

std::string user_of(const Site& site, const std::string& machine) {
  for (const model::Instance& each : site.inventory.instances)
    if (machine == each.name || machine == model::successor_of(each.name)) return each.ssh_user;
  return site.inventory.platform.ssh_user;
}

/// Sets `docker` to the version that is there, to nothing where there is none.
std::string read_docker_version() {
  return "docker=$(docker --version 2> /dev/null | awk '{print $3}' | tr -d ',')\n";
}

std::string docker_is_recent(const Site& site) {
  const std::string needed = model::docker_required(site.version);
  return "test \"$(printf '%s\\n' " + needed + " \"$docker\" | sort -V | head -n 1)\" = " + needed;
}

/// INV-52: an older one ends as UPGRADE_FAILED, once the instance is in Launchpad.
std::string refuse_old_docker(const Site& site) {
  const std::string why = "is older than " + model::docker_required(site.version) + ", which WME " +
                          site.version +
                          " needs (INV-52): bring a newer docker to this machine, or start it "
                          "from a newer image, then go on";
  return "if test -n \"$docker\" && ! " + docker_is_recent(site) +
         "; then echo \"docker $docker\" " + shell_quoted(why) + " >&2; exit " +
         std::to_string(kCondition) + "; fi\n";
}

std::string prepare_instance(const Site& site, const Call& call) {
  const std::string user = user_of(site, call.arguments.at(0));
  const std::string install =
      "command -v docker > /dev/null || if command -v apt-get > /dev/null; then apt-get update -q "
      "&& "
      "DEBIAN_FRONTEND=noninteractive apt-get install -y -q docker.io python3 wget; else yum "
      "install "
      "-y docker python3 wget; fi\n";
  return "mountpoint -q /data || test -d /data || " +
         otherwise("/data is missing: docker would fill the root disk (INV-46)") + "\n" +
         read_docker_version() + refuse_old_docker(site) +
         start_job(job_name(call.action, call.arguments), call.token,
                   // What the distribution offers may be too old as well.
                   install + read_docker_version() + refuse_old_docker(site) +
                       "getent group docker > /dev/null || groupadd docker\nusermod -aG docker " +
                       shell_quoted(user) + " && systemctl enable --now docker && docker --version",
                   Repeat::kAfterFailure);
}

std::string see_prepared(const Site& site, const Arguments& arguments) {
  const std::string name = job_name("prepare-instance", arguments);
  return job_state(name, "job") + read_docker_version() +
         "if test \"$job\" != running && test -n \"$docker\" && " + docker_is_recent(site) +
         " && id -nG " + shell_quoted(user_of(site, arguments.at(0))) +
         " | tr ' ' '\\n' | grep -qx docker; then echo yes $(docker --version); else echo no $(" +
         job_log(name) + "); fi";
}

std::string see_docker(const Site&, const Arguments&) {
  return "if systemctl -q is-active docker; then echo running; else echo stopped; fi";
}

/// Where a name leads, seen from the new Platform.
std::string resolves(const Site& site, const std::string& on_mismatch) {
  std::string text;
  for (const std::string& name : {site.inventory.studio_domain, site.inventory.apps_domain}) {
    if (name.empty()) continue;
    text += "ip=$(getent hosts " + shell_quoted(name) +
            " | awk '{print $1}' | head -n 1)\nif test \"$ip\" "
            "!= " +
            shell_quoted(site.new_address()) + "; then echo \"" + on_mismatch + name +
            " resolves to ${ip:-nothing}, not to " + site.new_address() + "\"";
    text += on_mismatch.empty() ? " >&2; exit " + std::to_string(kCondition) + "; fi\n"
                                : "; exit 0; fi\n";
  }
  return text;
}

std::string domains_mark() { return std::string(kStateDirectory) + "/domains"; }

std::string verify_domains(const Site& site, const Call&) {
  return resolves(site, "") + "mkdir -p " + std::string(kStateDirectory) + "\necho " +
         shell_quoted(site.new_address()) + " > " + domains_mark() + "\n";
}

/// With another address, where the names lead says it all. With the same one they lead right before
/// anybody looked, so what counts is that the check was made.
std::string see_domains(const Site& site, const Arguments&) {
  const std::string seen = "(\n" + resolves(site, "unverified ") + "echo verified\n)";
  if (site.address_changes()) return seen;
  return "if test -f " + domains_mark() + "; then " + seen + "; else echo unverified; fi";
}

std::string rewrite_vcs(const Site& site, const Call& call) {
  const std::string script = call.action == "rewrite-vcs-database"
                                 ? "executesql.sh update_vcs_ips_in_db.sql"
                                 : "update_vcs_ips_in_backupserver.sh";
  if (!site.address_changes())
    return otherwise("the Platform keeps its address: nothing to rewrite (INV-49)");
  return start_job(job_name(call.action, call.arguments), call.token,
                   "cd " + shell_quoted(site.installer(true)) + "/resources && bash " + script +
                       " " + shell_quoted(site.inventory.platform.address) + " " +
                       shell_quoted(site.new_address()),
                   Repeat::kAfterFailure);
}

std::function<std::string(const Site&, const Arguments&)> see_vcs(const std::string& action) {
  return [action](const Site&, const Arguments&) {
    return job_state(action, "job") +
           "if test \"$job\" = done; then echo new-address; else echo old-address $(" +
           job_log(action) + "); fi";
  };
}

/// A closed port answers at once, a dropped packet never does: only silence means a firewall.
/// Nothing needs to listen yet.
std::string try_ports(const std::string& address, const std::vector<int>& ports) {
  std::string text;
  for (const int port : ports) {
    const std::string shown = address + " " + std::to_string(port);
    text += "timeout 5 bash -c ': > /dev/tcp/" + address + "/" + std::to_string(port) +
            "' 2> /dev/null\nif test $? = 124; then echo 'no answer from " + shown +
            ": a firewall drops it. Open the port (INV-51)' >&2; exit " +
            std::to_string(kCondition) + "; fi\n";
  }
  return text;
}

/// The ports that a target version adds (wme.md 1.3), seen from an external instance.
std::vector<int> ports_of_platform(const std::string& version) {
  int major = 0;
  int minor = 0;
  char dot = 0;
  std::istringstream(version) >> major >> dot >> minor;
  std::vector<int> ports = {8100};
  if (std::pair(major, minor) >= std::pair(11, 8)) ports.push_back(8094);
  if (std::pair(major, minor) >= std::pair(11, 10)) ports.push_back(8079);
  return ports;
}

std::string check_ports(const Site& site, const Call&) {
  return try_ports(site.new_address(), ports_of_platform(site.version));
}

std::string check_ports_back(const Site& site, const Call& call) {
  const auto machines = machines_of(site.inventory);
  return try_ports(machines.at(call.arguments.at(0)).address, {8100, 8888});
}

std::vector<std::string> on_itself(const Arguments& arguments) { return {arguments.at(0)}; }
std::vector<std::string> on_new(const Arguments&) { return {"platform-new"}; }

}  // namespace

void add_machine_scripts(ActionScripts& actions, FluentScripts& fluents) {
  actions["note-network"] = {always_on("platform"), note_network, judge_network};
  actions["count-unparked"] = {always_on("platform"), count_unparked, judge_count};
  actions["stop-docker"] = {on_first, stop_docker, {}};
  actions["start-docker"] = {on_first, start_docker, {}};
  actions["prepare-instance"] = {on_first, prepare_instance, {}};
  actions["check-ports"] = {on_first, check_ports, {}, check_ports_back};
  actions["verify-domains"] = {always_on("platform-new"), verify_domains, {}};
  actions["rewrite-vcs-database"] = {always_on("platform-new"), rewrite_vcs, {}};
  actions["rewrite-vcs-workspaces"] = {always_on("platform-new"), rewrite_vcs, {}};
  fluents["docker"] = {on_itself, see_docker};
  fluents["prepared"] = {on_itself, see_prepared};
  fluents["domains"] = {on_new, see_domains};
  fluents["vcs_database"] = {on_new, see_vcs("rewrite-vcs-database")};
  fluents["vcs_workspaces"] = {on_new, see_vcs("rewrite-vcs-workspaces")};
}

}  // namespace wme::executor::host
