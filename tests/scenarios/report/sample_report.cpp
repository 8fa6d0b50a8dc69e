#include "tests/scenarios/report/sample_report.hpp"

#include <algorithm>
#include <map>

namespace wme::scenarios {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Box {
  std::string container;
  std::string instance;
  std::string shard;
  bool running = false;
};

struct Fleet {
  std::vector<std::pair<std::string, std::string>> instances;  // name, shard
  std::vector<Box> containers;
};

/// Puts steps behind those they wait for, as early as possible, and writes the requests down.
class Builder {
 public:
  Builder(RehearsalReport& report, std::string name, std::string title, std::string summary,
          TimePoint start)
      : report_(report),
        phase_{std::move(name), std::move(title), std::move(summary), start, start, {}} {}

  std::string add(const std::string& runbook, const std::string& action,
                  std::vector<std::string> arguments, const std::string& door,
                  const std::string& text, Duration took, const std::vector<std::string>& after,
                  const std::string& until = "") {
    ReportStep step;
    step.id = "s" + std::to_string(phase_.steps.size() + 1);
    step.runbook = runbook;
    step.action = action;
    step.arguments = std::move(arguments);
    step.text = text;
    step.door = door;
    step.waited_for = until;
    step.start = phase_.start;
    for (const std::string& before : after) {
      step.after.push_back({before, effect_.at(before)});
      step.start = std::max(*step.start, end_.at(before));
    }
    step.end = *step.start + took;
    end_[step.id] = *step.end;
    effect_[step.id] = until.empty() ? action + " is done" : until;
    phase_.end = std::max(phase_.end, *step.end);
    requests(step);
    phase_.steps.push_back(step);
    return phase_.steps.back().id;
  }

  Phase finish(Duration rest = seconds{5}) {
    phase_.end += rest;
    return phase_;
  }

 private:
  void requests(const ReportStep& step) {
    if (step.door == "executor" || step.door == "environment") return;
    const bool ssh = step.door == "host";
    const std::string target = step.arguments.empty() ? "platform" : step.arguments.front();
    ApiCall call{*step.start,
                 step.door,
                 (ssh ? "ssh " : "") + step.action,
                 target,
                 ssh ? "exit 0" : "200",
                 false,
                 milliseconds{180}};
    report_.api_calls.push_back(call);
    call.operation = ssh ? "ssh test" : "read " + target;
    for (Duration wait = seconds{5}; *step.start + wait < *step.end; wait *= 2) {
      call.at = *step.start + wait;
      report_.api_calls.push_back(call);
    }
  }

  RehearsalReport& report_;
  Phase phase_;
  std::map<std::string, TimePoint> end_;
  std::map<std::string, std::string> effect_;
};

Phase dehydrate(RehearsalReport& report, const Fleet& fleet, TimePoint start) {
  Builder plan(report, "dehydrate", "Dehydrate",
               "Every container is parked on the Platform, WME is stopped, both volumes are "
               "snapshotted in one quiesced instant.",
               start);
  const auto health = plan.add("A01", "check-health", {fleet.instances[0].first}, "launchpad",
                               "See that every instance is healthy", seconds{4}, {});
  const auto baseline = plan.add("A01", "take-baseline", {}, "executor",
                                 "Write down shards, instances, containers, versions, domains",
                                 seconds{9}, {health}, "baseline = yes");
  const auto notes = plan.add("A02", "note-network", {}, "host",
                              "Note interface, address and CIDR of the Platform", seconds{2}, {});
  const auto gate = plan.add("A03", "restrict-login", {}, "launchpad",
                             "Restrict login for all users and wait 3 minutes", seconds{182},
                             {baseline}, "gate = restricted");
  std::vector<std::string> shards_checked;
  int n = 0;
  for (const auto& [instance, shard] : fleet.instances) {
    std::vector<std::string> hibernated;
    std::vector<std::string> parked;
    for (const Box& box : fleet.containers)
      if (box.instance == instance && box.running)
        hibernated.push_back(plan.add(
            "A04", "hibernate-container", {box.container}, "launchpad",
            "Hibernate container " + box.container + " on " + instance, seconds{38 + 7 * (++n % 6)},
            {hibernated.size() < 8 ? gate : hibernated[hibernated.size() - 8]},
            "run(" + box.container + ") = stopped"));
    auto before_stop = hibernated;
    before_stop.push_back(gate);
    const auto stopped = plan.add("A05", "stop-instance", {instance}, "launchpad",
                                  "Stop " + instance + " in Launchpad so that nothing lands on it",
                                  seconds{52}, before_stop, "record(" + instance + ") = stopped");
    for (const Box& box : fleet.containers)
      if (box.instance == instance)
        parked.push_back(plan.add("A06", "passivate-container", {box.container}, "launchpad",
                                  "Park container " + box.container + " on the Platform",
                                  seconds{95 + 31 * (++n % 7)},
                                  {parked.size() < 6 ? stopped : parked[parked.size() - 6]},
                                  "run(" + box.container + ") = passivated"));
    shards_checked.push_back(plan.add("A07", "check-shard", {shard}, "launchpad",
                                      "See that no container of " + shard + " is left unparked",
                                      seconds{3}, parked, "checked(" + shard + ") = yes"));
  }
  const auto counted = plan.add("A09", "count-unparked", {}, "host",
                                "Count unparked containers with the installer's own check",
                                seconds{6}, shards_checked, "counted = yes");
  const auto services = plan.add("A11", "stop-services", {"platform"}, "config-wizard",
                                 "Stop all services in ConfigWizard", seconds{208},
                                 {counted, notes}, "setup(platform) = stopped");
  std::vector<std::string> quiet;
  quiet.push_back(plan.add("A12", "stop-docker", {"platform"}, "host",
                           "Stop docker on the Platform", seconds{14}, {services},
                           "docker(platform) = stopped"));
  for (const auto& [instance, shard] : fleet.instances)
    plan.add("A12", "stop-docker", {instance}, "host", "Stop docker on " + instance, seconds{11},
             {counted}, "docker(" + instance + ") = stopped");
  std::vector<std::string> snapshots;
  for (const std::string store : {"wm-data", "wm-runtime"}) {
    const auto unmounted = plan.add("A13", "unmount-store", {store}, "host", "Unmount /" + store,
                                    seconds{3}, quiet, "mounted(" + store + ") = no");
    snapshots.push_back(plan.add("A13", "take-snapshot", {"snap-" + store}, "cloud",
                                 "Snapshot the volume of /" + store,
                                 store == "wm-data" ? seconds{764} : seconds{431}, {unmounted},
                                 "snapshot(snap-" + store + ") = completed"));
  }
  const auto off = plan.add("A13", "stop-machine", {"platform"}, "cloud", "Stop the Platform's VM",
                            seconds{47}, snapshots, "power(platform) = stopped");
  plan.add("A13", "detach-address", {}, "cloud", "Detach the secondary interface and keep it",
           seconds{8}, {off}, "address = free");
  return plan.finish();
}

Phase lose(RehearsalReport& report, const Fleet& fleet, TimePoint start) {
  Builder plan(report, "loss", "Loss",
               "What the scenario takes away: the Platform and every external instance.", start);
  plan.add("", "machine-lost", {"platform"}, "environment", "The Platform is terminated",
           seconds{20}, {}, "power(platform) = terminated");
  for (const auto& [instance, shard] : fleet.instances)
    plan.add("", "machine-lost", {instance}, "environment", instance + " is terminated",
             seconds{20}, {}, "power(" + instance + ") = terminated");
  return plan.finish(minutes{6});
}

Phase restore(RehearsalReport& report, const Fleet& fleet, TimePoint start) {
  Builder plan(report, "restore", "Restore",
               "New machines under the same address, volumes from the snapshots, ConfigWizard "
               "synchronised, instances added back, containers activated.",
               start);
  const auto launched = plan.add("B01", "launch-machine", {"platform-new"}, "cloud",
                                 "Launch the new Platform from the newest image", seconds{74}, {},
                                 "power(platform-new) = running");
  const auto address = plan.add("B01", "attach-address", {}, "cloud",
                                "Attach the noted interface to the new Platform", seconds{9},
                                {launched}, "address = new-platform");
  std::vector<std::string> tables;
  for (const std::string store : {"wm-data", "wm-runtime"}) {
    const auto volume = plan.add("B02", "create-volume", {store + "-new"}, "cloud",
                                 "Create a volume from snap-" + store, seconds{41}, {},
                                 "volume(" + store + "-new) = available");
    const auto attached =
        plan.add("B02", "attach-volume", {store + "-new"}, "cloud", "Attach it to the new Platform",
                 seconds{12}, {volume, launched}, "volume(" + store + "-new) = attached");
    const auto mounted = plan.add("B03", "mount-store", {store + "-new"}, "host",
                                  "Mount it at /" + store + ", without formatting", seconds{4},
                                  {attached, address}, "mounted(" + store + "-new) = yes");
    tables.push_back(plan.add("B04", "write-fstab", {store + "-new"}, "host",
                              "Write its line of /etc/fstab by UUID", seconds{3}, {mounted},
                              "fstab(" + store + "-new) = valid"));
  }
  std::vector<std::string> prepared;
  for (const auto& [instance, shard] : fleet.instances) {
    const std::string name = instance + "-new";
    const auto up = plan.add("B06", "launch-machine", {name}, "cloud", "Launch " + name,
                             seconds{69}, {}, "power(" + name + ") = running");
    const auto disk = plan.add("B06", "format-disk", {name}, "host", "Format the blank /data disk",
                               seconds{16}, {up}, "data_disk(" + name + ") = formatted");
    const auto mounted = plan.add("B06", "mount-disk", {name}, "host", "Mount /data", seconds{3},
                                  {disk}, "data_disk(" + name + ") = mounted");
    prepared.push_back(plan.add("B06", "prepare-instance", {name}, "host",
                                "Install docker and its prerequisites", seconds{187}, {mounted},
                                "prepared(" + name + ") = yes"));
  }
  const auto fetched = plan.add("B07", "download-artefact", {"package"}, "host",
                                "Download the package of the data's own version", seconds{312},
                                {address}, "artefact(package) = downloaded");
  const auto checked = plan.add("B07", "verify-artefact", {"package"}, "host",
                                "Compare its checksum with the vendor's", seconds{21}, {fetched},
                                "artefact(package) = verified");
  auto ready = tables;
  ready.push_back(plan.add("B08", "extract-artefact", {"package"}, "host", "Unpack the package",
                           seconds{58}, {checked}, "artefact(package) = extracted"));
  const auto installed = plan.add("B09", "initialize", {"platform-new"}, "host",
                                  "Run the installer with the same CIDR", seconds{505}, ready,
                                  "setup(platform-new) = initialized");
  const auto portal = plan.add("B11", "enter-portal", {"platform-new"}, "config-wizard",
                               "Log in with the previous setup password", seconds{2}, {installed},
                               "portal(platform-new) = entered");
  const auto synced = plan.add("B12", "sync-setup", {"platform-new"}, "config-wizard",
                               "Danger Zone, Sync, with the same domains", seconds{1104}, {portal},
                               "setup(platform-new) = running");
  const auto domains =
      plan.add("B13", "verify-domains", {}, "host", "See that the domains lead to the Platform",
               seconds{3}, {synced}, "domains = verified");
  const auto license =
      plan.add("B14", "check-license", {}, "launchpad", "See that the license is active",
               seconds{2}, {domains}, "license = active");
  std::vector<std::string> green;
  for (std::size_t i = 0; i < fleet.instances.size(); ++i) {
    const auto& [instance, shard] = fleet.instances[i];
    const auto removed = plan.add("B15", "delete-record", {instance}, "launchpad",
                                  "Remove the lost " + instance + " from Launchpad", seconds{6},
                                  {license}, "record(" + instance + ") = absent");
    const auto added = plan.add("B15", "add-record", {instance + "-new"}, "launchpad",
                                "Add " + instance + "-new to shard " + shard, seconds{334},
                                {removed, prepared[i]}, "record(" + instance + "-new) = started");
    green.push_back(plan.add("G04", "check-health", {instance + "-new"}, "launchpad",
                             "See that its health is green", seconds{12}, {added},
                             "health(" + instance + "-new) = green"));
  }
  std::vector<std::string> active;
  int n = 0;
  for (const Box& box : fleet.containers)
    active.push_back(
        plan.add("B17", "activate-container", {box.container}, "launchpad",
                 "Activate container " + box.container, seconds{51 + 9 * (++n % 5)},
                 active.size() < 8 ? green : std::vector<std::string>{active[active.size() - 8]},
                 "run(" + box.container + ") = running"));
  const auto compared =
      plan.add("B17", "compare-inventory", {}, "executor", "Compare with the inventory of before",
               seconds{7}, active, "compared = yes");
  plan.add("B18", "lift-restriction", {}, "launchpad", "Lift the restriction of login", seconds{2},
           {compared}, "gate = open");
  return plan.finish();
}

RehearsalReport report_of(const Fleet& fleet, const std::string& text) {
  using namespace std::chrono;
  RehearsalReport report;
  report.title = "Disaster recovery of acme-wme on AWS";
  report.scenario = "dr-aws";
  report.installation = "acme-wme";
  report.provider = "aws";
  report.fleet = text;
  report.seed = "20261122";
  report.passed = true;
  report.reasons = {
      "Every step of both plans is done, no rule was broken, and all containers are "
      "there with their last saved work."};
  const TimePoint start = sys_days{2026y / November / 22} + 2h;
  report.phases.push_back(dehydrate(report, fleet, start));
  const Phase backup = report.phases[0];
  report.phases.push_back(lose(report, fleet, backup.end + 41min));
  report.phases.push_back(restore(report, fleet, report.phases[1].end));
  const TimePoint lost = report.phases[1].start;
  const TimePoint back = report.phases[2].end;
  const TimePoint quiesced = backup.end - seconds{864};
  report.milestones = {
      {start, "Dehydration starts; users are told"},
      {start + 195s, "Login is restricted: the last moment at which work is saved"},
      {quiesced, "Both volumes are quiet: the recovery point"},
      {backup.end, "The backup is complete and verified"},
      {lost, "The Platform and every instance are lost"},
      {report.phases[2].start, "The restore starts"},
      {back, "Login is open again: service is back"}};
  report.rto = {back - lost, "from the loss to the end of the restriction of login", 2h};
  report.rpo = {lost - quiesced,
                "from the moment both volumes were quiet to the loss; users could "
                "not log in for most of it",
                {}};
  report.recovery_point = quiesced;
  report.recovery_point_text = "snap-wm-data, snap-wm-runtime of backup-1";
  report.invariants = {
      {"INV-01", "No container is passivated before its instance is stopped", "ordering rule", 412,
       0},
      {"INV-05", "No snapshot before every container is passivated and the services are stopped",
       "state property", 2210, 0},
      {"INV-11", "All volumes of one restore come from one backup set", "state property", 318, 0},
      {"INV-19", "/wm-data has room for every parked container", "inventory check", 1, 0},
      {"INV-21", "At most one running machine holds the Platform's address", "state property", 2210,
       0},
      {"INV-35", "The installer's own ssh keys are answered as before", "plan check", 1, 0},
      {"INV-50", "The version of the package is the version of the data", "plan check", 0, 0},
      {"INV-61", "The inventory after the restore is the one before", "state property", 12, 0}};
  for (const Box& box : fleet.containers)
    report.inventory.push_back(
        {box.container, "dev." + box.container + "@acme.example", box.shard,
         box.running ? "running on " + box.instance : "stopped on " + box.instance,
         "running on " + box.instance + "-new", true, ""});
  std::stable_sort(report.api_calls.begin(), report.api_calls.end(),
                   [](const ApiCall& a, const ApiCall& b) { return a.at < b.at; });
  report.exercise = {
      "EX-2026-11-22-01",
      "Full recovery, simulated",
      "Simulators of rehydrate on loopback; no route to production",
      "BIA-17 development platform",
      "R-042 loss of the region's availability zone",
      {"Show that the fleet comes back within two hours", "Show that no work is lost"},
      {"The snapshots survive the loss", "The vendor's package server answers"},
      {"All instances healthy"},
      {"Launchpad", "ConfigWizard", "EC2", "Linux hosts"},
      {"Inventory as before", "No rule broken"},
      {},
      {},
      {"operator-1"}};
  report.real_elapsed = 4210ms;
  report.tool_version = "rehydrate 0.1.0";
  report.plan_digest = "sha256:6f1c…e2";
  report.inventory_digest = "sha256:90aa…17";
  report.model_fingerprint = "sha256:2b7d…c4";
  report.journals = {{"dehydrate", "dehydrate.journal", 412, "9fafb384b35f5fe2effdcf79216179"},
                     {"restore", "restore.journal", 530, "22a3d625dca96ac09329e578422861"}};
  report.replay_command = "rehydrate rehearse dr-aws --seed 20261122";
  return report;
}

Fleet fleet_of(std::vector<std::pair<std::string, std::string>> instances, int containers) {
  Fleet fleet;
  fleet.instances = std::move(instances);
  for (int i = 0; i < containers; ++i) {
    const auto& [instance, shard] =
        fleet.instances[static_cast<std::size_t>(i) % fleet.instances.size()];
    fleet.containers.push_back({"c" + std::to_string(i + 1), instance, shard, i % 3 != 2});
  }
  return fleet;
}

}  // namespace

RehearsalReport xs_report() {
  return report_of(fleet_of({{"studio-1", "studio"}, {"qa-1", "qa"}}, 6),
                   "XS: 1 Platform, 1 StudioWorkspace, 1 AppDeployment, 6 containers");
}

RehearsalReport big_report() {
  auto report = report_of(
      fleet_of({{"studio-1", "studio"}, {"studio-2", "studio"}, {"qa-1", "qa"}, {"live-1", "live"}},
               210),
      "1 Platform, 2 StudioWorkspaces, 2 AppDeployments, 210 containers");
  report.faults = {{"CreateSnapshot", 2, "answer-lost", report.phases[0].end - seconds{700},
                    "asked by its tag, found the snapshot, went on without a second one"},
                   {"AttachVolume", 9, "throttled", {}, ""}};
  return report;
}

RehearsalReport failed_report() {
  auto report = xs_report();
  report.passed = false;
  report.reasons = {"take-snapshot snap-wm-data broke INV-05 while container c3 was not parked.",
                    "The restore stopped at s15: initialize platform-new failed.",
                    "Container c3 came back without its last saved work."};
  auto& steps = report.phases[2].steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].action == "initialize") {
      steps[i].status = StepStatus::kFailed;
      steps[i].reason =
          "initialize platform-new: exit 1, \"No space left on device\"; free space "
          "in /var/lib, then resume";
      report.phases[2].end = *steps[i].end + seconds{3};
      for (std::size_t k = i + 1; k < steps.size(); ++k) {
        steps[k].status = StepStatus::kNotReached;
        steps[k].start.reset();
        steps[k].end.reset();
        steps[k].reason = "the run stopped at " + steps[i].id;
      }
      break;
    }
  }
  report.milestones.back() = {report.phases[2].end, "The restore stops"};
  report.rto = {std::nullopt, "service did not come back", report.rto.target};
  report.invariants[1].violations = 1;
  report.violations = {{report.phases[0].end - seconds{900}, "INV-05", "take-snapshot snap-wm-data",
                        "ec2 CreateSnapshot",
                        "container c3 on studio-1 is stopped, not passivated"}};
  report.inventory[2].as_expected = false;
  report.inventory[2].after = "absent";
  report.inventory[2].note = "its data was on the lost studio-1 only";
  report.api_calls[5].failed = true;
  report.api_calls[5].status = "503 RequestLimitExceeded";
  return report;
}

}  // namespace wme::scenarios
