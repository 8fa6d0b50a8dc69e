#include "executor/doctor/findings.hpp"

/// Launchpad and ConfigWizard: whether they answer, let us in, and are what the inventory says.
namespace wme::executor::doctor {

namespace {

void check_launchpad_version(const DoctorTask& task, LaunchpadSurvey& launchpad,
                             Findings& findings) {
  const auto instances = launchpad.instances();
  if (!instances) return findings.failed("versions", "external instances", instances.error());
  std::vector<std::string> others;
  std::size_t told = 0;
  for (const SeenInstance& each : instances.value()) {
    if (each.version.empty()) continue;
    ++told;
    if (each.version != task.inventory.version)
      others.push_back(each.name + " has " + each.version);
  }
  if (!others.empty())
    findings.failed("versions", "external instances",
                    joined(others) + "; the inventory says " + task.inventory.version,
                    "bring them to one version in Launchpad (Patch), or correct the inventory");
  else if (told == 0)
    findings.not_checked("versions", "external instances", "Launchpad tells no version of them");
  else
    findings.ok("versions", "external instances",
                std::to_string(told) + " have " + task.inventory.version);
}

void check_launchpad(const DoctorTask& task, LaunchpadSurvey& launchpad, Findings& findings) {
  if (const Status in = launchpad.log_in(); !in)
    return findings.failed("reach", "Launchpad", in.error());
  findings.ok("reach", "Launchpad",
              launchpad.where() + " lets " + task.inventory.access.launchpad_user + " in");
  const auto reading = launchpad.clock();
  if (!reading)
    findings.failed("clock", "Launchpad", reading.error());
  else if (!reading.value())
    findings.not_checked("clock", "Launchpad", "its answers have no Date that can be read");
  else
    judge_clock(findings, "Launchpad", *reading.value(),
                {std::chrono::seconds(5), std::chrono::seconds(60),
                 "times of sessions, logs and backups would not match"},
                "set the Platform's clock: timedatectl set-ntp true");
  check_launchpad_version(task, launchpad, findings);
}

void check_config_wizard(const DoctorTask& task, ConfigWizardSurvey& wizard, Findings& findings) {
  const auto page = wizard.first_page();
  if (!page) return findings.failed("reach", "ConfigWizard", page.error());
  if (!page.value().configured)
    return findings.failed("reach", "ConfigWizard",
                           wizard.where() +
                               " asks for a first password: it is not the one of "
                               "this installation, or /wm-runtime is not there",
                           "set no password (INV-39); check the mounts of the Platform");
  if (const Status in = wizard.log_in(); !in)
    return findings.failed("reach", "ConfigWizard", in.error());
  findings.ok("reach", "ConfigWizard", wizard.where() + " lets setup-admin in");
  const auto version = wizard.version();
  if (!version)
    findings.failed("versions", "WME", version.error());
  else if (version.value().empty())
    findings.not_checked("versions", "WME", "the ConfigWizard tells no version",
                         "compare with the Installed Version that its portal shows");
  else if (version.value() != task.inventory.version)
    findings.failed("versions", "WME",
                    version.value() + " is installed, the inventory says " + task.inventory.version,
                    "correct the inventory and plan again: data is restored by exactly the build "
                    "that wrote it (INV-31)");
  else
    findings.ok("versions", "WME", version.value() + " is installed, as the inventory says");
  const std::string expected = at_first(task.model, "setup", {"platform"});
  if (!page.value().state.empty() && page.value().state != expected)
    findings.failed("services", "WME",
                    "setup is " + page.value().state + ", the plan begins with " + expected,
                    "wait until nothing is under way, or start the services in the portal");
  else if (page.value().state.empty())
    findings.not_checked("services", "WME", "the ConfigWizard tells no state");
  else
    findings.ok("services", "WME", "setup is " + page.value().state);
}

}  // namespace

void check_wme(const DoctorTask& task, const DoctorDoors& doors, Findings& findings) {
  if (at_first(task.model, "power", {"platform"}) != "running") {
    for (const char* name : {"Launchpad", "ConfigWizard"})
      findings.not_checked("reach", name,
                           "a restore begins with the Platform lost: there is none to log in to "
                           "until the plan has made it");
    return;
  }
  if (doors.launchpad)
    check_launchpad(task, *doors.launchpad.value(), findings);
  else
    findings.failed("reach", "Launchpad", doors.launchpad.error());
  if (doors.config_wizard)
    check_config_wizard(task, *doors.config_wizard.value(), findings);
  else
    findings.failed("reach", "ConfigWizard", doors.config_wizard.error());
}

}  // namespace wme::executor::doctor
