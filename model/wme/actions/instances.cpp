#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

/// Launchpad answers for instance i: on the Platform of its generation, or, for an instance of
/// today whose record came back with the restored database, on the new one.
Condition launchpad_answers(const char* rule = "") {
  return {any_of({setup(platform(kInstance)) == "running",
                  setup(platform(successor(kInstance))) == "running"}),
          "Launchpad does not answer for instance {i}", Enforcer::kSystem, rule, true};
}

Action check_health() {
  return {.name = "check-health",
          .runbook = "A01/G04",
          .door = Door::kLaunchpad,
          .imperative = "Read the health panel of {i}: every check must be green",
          .parameters = {kInstance},
          .applies = always(),
          .guard = {{record(kInstance) == "started", "instance {i} is not started"},
                    launchpad_answers()},
          .request = {},
          .outcomes = {{"done", {set(health(kInstance), "green")}},
                       {"failed", {set(health(kInstance), "red")}}},
          .typical = std::chrono::seconds(5),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DEV, APP] [shot: app-deployement-health-status.png]",
          .rows = {{new_one(kInstance), "G04"}}};
}

Action stop_instance() {
  return {.name = "stop-instance",
          .runbook = "A05",
          .door = Door::kLaunchpad,
          .imperative = "Stop instance {i} in Launchpad, so that no container can land on it",
          .parameters = {kInstance},
          .applies = old_one(kInstance),
          .guard = {{record(kInstance) == "started", "instance {i} is not started"},
                    launchpad_answers(),
                    {for_all(kContainer, same(home(kContainer), kInstance),
                             negation(in(run(kContainer), {"running", "hibernating"}))),
                     "a container on {i} is not hibernated yet (A04 comes before A05)",
                     Enforcer::kRule, ""}},
          .request = {set(record(kInstance), "stopping")},
          .outcomes = {{"done", {set(record(kInstance), "stopped")}},
                       {"failed", {set(record(kInstance), "started")}}},
          .typical = std::chrono::seconds(30),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action start_instance() {
  return {.name = "start-instance",
          .runbook = "",
          .door = Door::kLaunchpad,
          .imperative = "Start instance {i} in Launchpad",
          .parameters = {kInstance},
          .applies = always(),
          .guard = {{record(kInstance) == "stopped", "instance {i} is not stopped"},
                    launchpad_answers(),
                    {power(kInstance) == "running", "the machine {i} does not run"}},
          .request = {set(record(kInstance), "starting")},
          .outcomes = {{"done", {set(record(kInstance), "started")}},
                       {"failed", {set(record(kInstance), "stopped")}}},
          .typical = std::chrono::seconds(30),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[assumed]"};
}

Action delete_record() {
  return {.name = "delete-record",
          .runbook = "B15",
          .door = Door::kLaunchpad,
          .imperative = "Remove the record of {i} from Launchpad",
          .parameters = {kInstance},
          .applies = old_one(kInstance),
          .guard = {{in(record(kInstance), {"started", "stopped", "upgrade-failed"}),
                     "instance {i} has no settled record"},
                    launchpad_answers("INV-42")},
          .request = {set(record(kInstance), "deleting")},
          .outcomes = {{"done",
                        {set(record(kInstance), "absent"),
                         // The containers that were still on it go with it (wme.md 2.1, last row).
                         for_each(kContainer, same(home(kContainer), kInstance),
                                  set_if(all_of({place(kContainer) == "home",
                                                 newest(kContainer) == "instance-disk"}),
                                         newest(kContainer), "gone"))}},
                       {"failed", {set(record(kInstance), "stopped")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DR, OSU]"};
}

Action add_record() {
  return {
      .name = "add-record",
      .runbook = "B15/G03",
      .door = Door::kLaunchpad,
      .imperative = "Test and add instance {i} to its shard in Launchpad",
      .parameters = {kInstance},
      .applies = new_one(kInstance),
      .guard = {{record(kInstance) == "absent", "instance {i} is already in Launchpad"},
                launchpad_answers("INV-42, INV-55"),
                {power(kInstance) == "running", "the machine {i} does not run"},
                {prepared(kInstance) == "yes", "docker or the ssh user is missing on {i} (G01)"}},
      .request = {set(record(kInstance), "configuring")},
      .outcomes = {{"done", {set(record(kInstance), "started")}},
                   {"failed", {set(record(kInstance), "absent")}}},
      .typical = std::chrono::seconds(90),
      .deadline = std::chrono::minutes(15),
      .irreversible = "",
      .source = "[script: IA] [shot: workspace-capacity.png]"};
}

Action format_disk() {
  return {.name = "format-disk",
          .runbook = "B06",
          .door = Door::kHost,
          .imperative = "Format the blank /data disk of {i}",
          .parameters = {kInstance},
          .applies = all_of({volumes(), new_one(kInstance)}),
          .guard = {while_reachable(kInstance, "{i} cannot be reached"),
                    // INV-24: mkfs only where there is no filesystem yet; INV-45: nothing of old.
                    {data_disk(kInstance) == "blank", "the /data disk of {i} is not blank",
                     Enforcer::kSystem, "INV-24, INV-45"}},
          .request = {},
          .outcomes = {{"done", {set(data_disk(kInstance), "formatted")}}},
          .typical = std::chrono::seconds(5),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR, AWS] [script: PI]"};
}

Action mount_disk() {
  return {
      .name = "mount-disk",
      .runbook = "B06",
      .door = Door::kHost,
      .imperative = "Mount /data on {i} by UUID and write its line of /etc/fstab",
      .parameters = {kInstance},
      .applies = all_of({volumes(), new_one(kInstance)}),
      .guard = {while_reachable(kInstance, "{i} cannot be reached"),
                {data_disk(kInstance) == "formatted", "the /data disk of {i} is not formatted"}},
      .request = {},
      .outcomes = {{"done", {set(data_disk(kInstance), "mounted")}}},
      .typical = std::chrono::seconds(2),
      .deadline = std::chrono::minutes(5),
      .irreversible = "",
      .source = "[doc: DR, AWS]"};
}

Action prepare_instance() {
  return {
      .name = "prepare-instance",
      .runbook = "B06/G01",
      .door = Door::kHost,
      .imperative = "Set up docker and the ssh user on {i}",
      .parameters = {kInstance},
      .applies = new_one(kInstance),
      .guard = {while_reachable(kInstance, "{i} cannot be reached"),
                {data_disk(kInstance) == "mounted",
                 "/data is not mounted on {i}: docker would fill the root disk"}},
      .request = {},
      .outcomes = {{"done", {set(prepared(kInstance), "yes"), set(docker(kInstance), "running")}}},
      .typical = std::chrono::seconds(60),
      .deadline = std::chrono::minutes(15),
      .irreversible = "",
      .source = "[doc: DR, DEV, APP]"};
}

Action check_ports() {
  return {.name = "check-ports",
          .runbook = "E01",
          .door = Door::kHost,
          .imperative =
              "Check that no firewall drops the target version's ports between {i} and the "
              "new Platform",
          .parameters = {kInstance},
          .applies = all_of({new_one(kInstance), fact("version-changes", "yes")}),
          .guard = {while_reachable(kInstance, "{i} cannot be reached"),
                    while_reachable(kNewPlatform, "the new Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(ports(kInstance), "open")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(30),
          .irreversible = "",
          .source = "[doc: UPR]"};
}

}  // namespace

std::vector<Action> instance_actions() {
  return {check_health(), stop_instance(), start_instance(),   delete_record(), add_record(),
          format_disk(),  mount_disk(),    prepare_instance(), check_ports()};
}

}  // namespace wme::model
