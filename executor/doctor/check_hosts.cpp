#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "executor/doctor/findings.hpp"
#include "model/lint/lint.hpp"
#include "model/wme/requirements.hpp"

/// The Linux hosts of today: reach, root, clock, room, fstab, versions.
namespace wme::executor::doctor {

namespace {

constexpr std::size_t kLookersMax = 8;
constexpr long long kKbPerGb = 1LL << 20U;
/// Below the first a step fails sooner or later, below the second somebody should look. [assumed]
constexpr long long kFreeLeast = kKbPerGb;
constexpr long long kFreeTenth = 10;

struct Host {
  std::string name;
  std::string address;
  std::string user;
  std::string cloud_id;
  std::vector<std::string> paths;
  bool is_platform = false;
};

/// Those that should be up when the plan begins; the others go to `gone`.
std::vector<Host> hosts_of(const DoctorTask& task, std::vector<std::string>& gone) {
  const model::Inventory& inventory = task.inventory;
  std::vector<Host> all;
  std::vector<std::string> paths = {"/", "/wm-data", "/wm-runtime"};
  if (!model::has_volumes(inventory.provider)) paths.push_back(inventory.backup_store);
  all.push_back({"platform", inventory.platform.address, inventory.platform.ssh_user,
                 inventory.platform.cloud_id, paths, true});
  for (const model::Instance& each : inventory.instances)
    all.push_back({each.name, each.address, each.ssh_user, each.cloud_id, {"/", "/data"}, false});
  std::erase_if(all, [&](const Host& host) {
    const bool is_up = at_first(task.model, "power", {host.name}) == "running";
    if (!is_up) gone.push_back(host.name);
    return !is_up;
  });
  return all;
}

/// Every host at once, a few at a time: one that does not answer must not hold up the others.
std::vector<Result<HostFacts>> look_at_all(const std::vector<Host>& hosts, HostSurvey& survey) {
  std::vector<Result<HostFacts>> facts(hosts.size(),
                                       Error{ErrorCode::kUnreachable, "ssh: nobody was asked"});
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> lookers;
  for (std::size_t i = 0; i < std::min(kLookersMax, hosts.size()); ++i)
    lookers.emplace_back([&] {
      for (std::size_t at = next++; at < hosts.size(); at = next++)
        facts[at] = survey.look(hosts[at].address, hosts[at].user, hosts[at].paths);
    });
  for (std::thread& each : lookers) each.join();
  return facts;
}

std::string gigabytes(long long kilobytes) {
  const long long tenths = kilobytes * 10 / kKbPerGb;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

const Space* space_at(const HostFacts& facts, const std::string& path) {
  const auto found = std::ranges::find(facts.spaces, path, &Space::path);
  return found == facts.spaces.end() ? nullptr : &*found;
}

/// Whether this is the machine of the inventory. AWS shows the instance id in the firmware.
void check_identity(const DoctorTask& task, const Host& host, const HostFacts& facts,
                    Findings& findings) {
  const std::string name = "ssh " + host.name;
  const std::string seen = host.user + "@" + host.address + " answers as " + facts.hostname;
  if (host.cloud_id.empty())
    return findings.ok("reach", name, seen + "; the inventory has no cloud_id to compare with");
  if (std::ranges::find(facts.identities, host.cloud_id) != facts.identities.end())
    return findings.ok("reach", name, seen + ", " + host.cloud_id);
  const auto other = std::ranges::find_if(
      facts.identities, [](const std::string& each) { return each.starts_with("i-"); });
  if (task.inventory.provider == model::Provider::kAws && other != facts.identities.end())
    return findings.failed("reach", name, seen + ", but it is " + *other + ", not " + host.cloud_id,
                           "correct cloud_id or address of " + host.name + " in the inventory");
  findings.warning("reach", name, seen + "; nothing on it shows that it is " + host.cloud_id,
                   "make sure that it is the right machine");
}

void check_space(const Host& host, const HostFacts& facts, Findings& findings) {
  for (const std::string& path : host.paths) {
    const std::string name = path + " of " + host.name;
    const Space* space = space_at(facts, path);
    if (space == nullptr) {
      findings.failed("space", name, "df shows no " + path,
                      "mount it, or make it: WME keeps its data there");
      continue;
    }
    const std::string measured = gigabytes(space->free_kb) + " of " + gigabytes(space->total_kb) +
                                 " free" +
                                 (space->mounted_on == path ? "" : ", on " + space->mounted_on);
    if (space->free_kb < kFreeLeast)
      findings.failed("space", name, measured, "make room: logs, old archives, unused images");
    else if (space->free_kb * kFreeTenth < space->total_kb)
      findings.warning("space", name, measured, "make room before it fills up");
    else
      findings.ok("space", name, measured);
  }
}

void check_fstab(const Host& host, const HostFacts& facts, Findings& findings) {
  const std::string name = "/etc/fstab of " + host.name;
  model::LintContext context;
  context.kind = model::LintKind::kFstab;
  const std::vector<model::LintFinding> found = model::lint(facts.fstab, context);
  if (found.empty()) return findings.ok("fstab", name, "no line that a boot would misread");
  for (const model::LintFinding& each : found)
    findings.failed(
        "fstab", name,
        "line " + std::to_string(each.line) + ": " + each.message + " (" + each.rule->id + ")",
        each.rule->mend);
}

void check_versions(const DoctorTask& task, const Host& host, const HostFacts& facts,
                    Findings& findings) {
  const std::string& version = task.inventory.version;
  const std::string needed = model::docker_required(version);
  const std::string name = "docker of " + host.name;
  if (facts.docker.empty())
    findings.failed("versions", name, "there is none", "WME " + version + " needs " + needed);
  else if (model::version_numbers(facts.docker) < model::version_numbers(needed))
    findings.warning(
        "versions", name,
        facts.docker + "; WME " + version + " is documented for " + needed + " and newer (INV-52)",
        "note it: successors are made with a newer one");
  else
    findings.ok("versions", name, facts.docker);
  if (!host.is_platform) return;
  if (std::ranges::find(facts.installers, version) == facts.installers.end())
    findings.warning("versions", "installer of platform",
                     "/usr/local/content/wme/wme-installer has no " + version + ", but " +
                         (facts.installers.empty() ? "nothing" : joined(facts.installers)),
                     "check_nonpassivate_ctnrs.sh is called from there: put the installer back, or "
                     "correct the version in the inventory");
  else
    findings.ok("versions", "installer of platform", version);
}

/// INV-08: what the containers leave on their instances ends in /wm-data. How much that is nobody
/// tells; it is not more than what the instances' disks hold.
void check_room_for_parking(const DoctorTask& task, const std::vector<Host>& hosts,
                            const std::vector<Result<HostFacts>>& facts, Findings& findings) {
  const std::string name = "/wm-data for what is parked";
  const bool parks =
      task.plan == nullptr || std::ranges::any_of(task.plan->steps, [](const model::Step& step) {
        return step.action == "passivate-container";
      });
  if (!parks) return;
  long long at_most = 0;
  const Space* room = nullptr;
  std::vector<std::string> unseen;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string path = hosts[i].is_platform ? "/wm-data" : "/data";
    const Space* space = facts[i] ? space_at(facts[i].value(), path) : nullptr;
    if (space == nullptr)
      unseen.push_back(path + " of " + hosts[i].name);
    else if (hosts[i].is_platform)
      room = space;
    else
      at_most += space->used_kb;
  }
  if (room == nullptr || !unseen.empty())
    return findings.not_checked("space", name, "not seen: " + joined(unseen));
  const std::string measured = gigabytes(room->free_kb) + " free; the instances hold " +
                               gigabytes(at_most) + " in /data, of which containers are a part";
  if (at_most > room->free_kb)
    findings.warning("space", name, measured,
                     "make sure that the containers are smaller than what is free, or enlarge "
                     "the volume (INV-08)");
  else
    findings.ok("space", name, measured);
}

/// ESXi, Hyper-V: the archive is written beside the data and copied away (INV-19).
void check_room_for_archives(const DoctorTask& task, const HostFacts& facts, Findings& findings) {
  if (model::has_volumes(task.inventory.provider)) return;
  const Space* data = space_at(facts, "/wm-data");
  const Space* store = space_at(facts, task.inventory.backup_store);
  if (data == nullptr || store == nullptr) return;  // said already
  const int stated = task.inventory.platform.wm_data_used_gb;
  // There /wm-data is a directory of the only disk: what is used is more than what is archived.
  const long long needed = stated > 0 ? stated * kKbPerGb : data->used_kb;
  for (const Space* each : {data, store}) {
    const std::string name = each->path + " for the archive";
    const std::string measured = gigabytes(each->free_kb) + " free; /wm-data uses " +
                                 gigabytes(needed) +
                                 (stated > 0 ? " by the inventory" : " at most");
    if (each->free_kb < needed)
      findings.failed("space", name, measured, "make room for the archive (INV-19)");
    else
      findings.ok("space", name, measured);
  }
}

void check_host(const DoctorTask& task, const Host& host, const Result<HostFacts>& seen,
                Findings& findings) {
  if (!seen) return findings.failed("reach", "ssh " + host.name, seen.error());
  const HostFacts& facts = seen.value();
  if (facts.clock)
    judge_clock(findings, host.name, *facts.clock,
                {std::chrono::seconds(5), std::chrono::seconds(60),
                 "times of logs, sessions and backups would not match"},
                "on " + host.name + ": timedatectl set-ntp true");
  else
    findings.not_checked("clock", host.name, "date printed nothing that can be read");
  if (!facts.root) {
    findings.ok("reach", "ssh " + host.name, host.user + "@" + host.address + " answers");
    findings.failed("reach", "sudo on " + host.name,
                    facts.why_not_root.empty() ? "sudo -n did not work" : facts.why_not_root,
                    "let " + host.user + " run sudo without a password, as WME itself needs it");
    for (const char* area : {"space", "fstab", "versions"})
      findings.not_checked(area, host.name, "only root can look at it: see sudo");
    return;
  }
  check_identity(task, host, facts, findings);
  findings.ok("reach", "sudo on " + host.name, "sudo -n works for " + host.user);
  check_space(host, facts, findings);
  check_fstab(host, facts, findings);
  check_versions(task, host, facts, findings);
  if (host.is_platform) check_room_for_archives(task, facts, findings);
}

}  // namespace

void check_hosts(const DoctorTask& task, HostSurvey& survey, Findings& findings) {
  std::vector<std::string> gone;
  const std::vector<Host> hosts = hosts_of(task, gone);
  const std::vector<Result<HostFacts>> facts = look_at_all(hosts, survey);
  for (std::size_t i = 0; i < hosts.size(); ++i) check_host(task, hosts[i], facts[i], findings);
  if (!hosts.empty()) check_room_for_parking(task, hosts, facts, findings);
  if (!gone.empty())
    findings.not_checked("reach", "ssh " + joined(gone),
                         "a restore begins with these machines lost: nobody can look at them");
}

}  // namespace wme::executor::doctor
