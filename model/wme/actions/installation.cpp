#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

Condition new_platform_serves() {
  return {setup(kNewPlatform) == "running", "the new Platform does not serve yet",
          Enforcer::kSystem, ""};
}

Action take_baseline() {
  return {.name = "take-baseline",
          .runbook = "A01",
          .door = Door::kExecutor,
          .imperative = "Write down shards, instances, containers, versions and license",
          .parameters = {},
          .applies = always(),
          .guard = {{setup(kOldPlatform) == "running", "Launchpad does not answer"},
                    {for_all(kInstance, old_one(kInstance), health(kInstance) == "green"),
                     "an external instance is not started and healthy", Enforcer::kRule, ""}},
          .request = {},
          .outcomes = {{"done", {set(baseline(), "yes")}}},
          .typical = std::chrono::seconds(5),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[assumed]"};
}

Action note_network() {
  return {.name = "note-network",
          .runbook = "A02",
          .door = Door::kHost,
          .imperative = "Write down interface, address and docker CIDR of the Platform",
          .parameters = {},
          .applies = always(),
          .guard = {while_reachable(kOldPlatform, "the Platform cannot be reached"),
                    {mounted("wm-runtime") == "yes", "/wm-runtime is not mounted"}},
          .request = {},
          .outcomes = {{"done", {set(network_notes(), "yes")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(2),
          .irreversible = "",
          .source = "[doc: DR] [hist: wme-setup-guide-upgrading.md]"};
}

Action restrict_login() {
  return {.name = "restrict-login",
          .runbook = "A03",
          .door = Door::kLaunchpad,
          .imperative = "Restrict login for all users and wait three minutes",
          .parameters = {},
          .applies = fact("gate-by", "launchpad"),
          .guard = {{gate() == "open", "logins are restricted already"},
                    {setup(kOldPlatform) == "running", "Launchpad does not answer"},
                    {baseline() == "yes", "the inventory before is not written down (A01)",
                     Enforcer::kRule, ""}},
          .request = {set(gate(), "restricting")},
          .outcomes = {{"done", {set(gate(), "restricted")}}},
          .typical = std::chrono::seconds(180),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: USR]"};
}

Action close_developer_ports() {
  Action action = restrict_login();
  action.name = "close-developer-ports";
  action.door = Door::kOperator;
  action.imperative =
      "Close ports 80 and 443 to developers in the Platform's firewall, keeping the admin's "
      "address";
  action.applies = fact("gate-by", "firewall");
  action.typical = std::chrono::seconds(300);
  action.deadline = std::chrono::minutes(60);
  action.source = "[doc: USR]; substitute before 11.3 [assumed]";
  return action;
}

Action check_shard() {
  return {
      .name = "check-shard",
      .runbook = "A07",
      .door = Door::kLaunchpad,
      .imperative = "Read again that every container of {sh} is parked, IP and port blank",
      .parameters = {kShard},
      .applies = always(),
      .guard = {{setup(kOldPlatform) == "running", "Launchpad does not answer"},
                {for_all(kContainer, same(shard(kContainer), kShard),
                         run(kContainer) == "passivated"),
                 "a container of {sh} is not parked", Enforcer::kRule, ""},
                // Stopped instances: nothing can land behind the check.
                {for_all(kInstance, all_of({same(shard(kInstance), kShard), old_one(kInstance)}),
                         record(kInstance) == "stopped"),
                 "an instance of {sh} still takes containers", Enforcer::kRule, ""}},
      .request = {},
      .outcomes = {{"done", {set(checked(kShard), "yes")}}},
      .typical = std::chrono::seconds(5),
      .deadline = std::chrono::minutes(5),
      .irreversible = "",
      .source = "[doc: DR]"};
}

Action count_unparked() {
  return {.name = "count-unparked",
          .runbook = "A09",
          .door = Door::kHost,
          .imperative = "Let check_nonpassivate_ctnrs.sh report that no container is left",
          .parameters = {},
          .applies = fact("counts-containers", "yes"),
          .guard = {while_reachable(kOldPlatform, "the Platform cannot be reached"),
                    {setup(kOldPlatform) == "running", "WME does not run"},
                    {for_all(kContainer, run(kContainer) == "passivated"),
                     "the script reports a container that is not parked", Enforcer::kSystem, ""}},
          .request = {},
          .outcomes = {{"done", {set(counted(), "yes")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: RUN]; use here [assumed]"};
}

Action domains_action(const char* name, Door door, const char* sentence, const char* changes,
                      std::chrono::seconds typical) {
  return {.name = name,
          .runbook = "B13",
          .door = door,
          .imperative = sentence,
          .parameters = {},
          .applies = fact("address-changes", changes),
          .guard = {while_reachable(kNewPlatform, "the new Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(domains(), "verified")}}},
          .typical = typical,
          .deadline = std::chrono::minutes(60),
          .irreversible = "",
          .source = "[doc: CWS, PRE]"};
}

Action check_license() {
  return {.name = "check-license",
          .runbook = "B14",
          .door = Door::kLaunchpad,
          .imperative = "Check that the license is active and covers the developers there were",
          .parameters = {},
          .applies = always(),
          .guard = {new_platform_serves()},
          .request = {},
          .outcomes = {{"done", {set(license(), "active")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: LIC, PRE]; check here [assumed]"};
}

Action rewrite_vcs_database() {
  return {.name = "rewrite-vcs-database",
          .runbook = "H01",
          .door = Door::kHost,
          .imperative = "Rewrite the VCS address in the Platform's database",
          .parameters = {},
          .applies = fact("address-changes", "yes"),  // INV-49: nothing to do for the same address
          .guard = {{vcs_database() == "old-address", "the database has the new address already"},
                    {setup(kNewPlatform) == "running", "the Platform's database is down"},
                    while_reachable(kNewPlatform, "the new Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(vcs_database(), "new-address")}}},
          .typical = std::chrono::seconds(30),
          .deadline = std::chrono::minutes(15),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action rewrite_vcs_workspaces() {
  return {
      .name = "rewrite-vcs-workspaces",
      .runbook = "H02",
      .door = Door::kHost,
      .imperative = "Rewrite the VCS address in the parked workspaces",
      .parameters = {},
      .applies = fact("address-changes", "yes"),
      .guard = {{vcs_workspaces() == "old-address", "the workspaces have the new address already"},
                {vcs_database() == "new-address",
                 "the database comes first, the workspaces after it (H01)", Enforcer::kRule, ""},
                while_reachable(kNewPlatform, "the new Platform cannot be reached")},
      .request = {},
      .outcomes = {{"done", {set(vcs_workspaces(), "new-address")}}},
      .typical = std::chrono::seconds(60),
      .deadline = std::chrono::minutes(30),
      .irreversible = "",
      .source = "[doc: DR]"};
}

Action compare_inventory() {
  return {.name = "compare-inventory",
          .runbook = "B17",
          .door = Door::kExecutor,
          .imperative = "Compare containers, owners and shards with the inventory before",
          .parameters = {},
          .applies = always(),
          .guard = {new_platform_serves(),
                    {for_all(kInstance, new_one(kInstance), health(kInstance) == "green"),
                     "an instance is not healthy", Enforcer::kRule, ""},
                    {for_all(kShard, attribute("has-canary", {Term(kShard)}, {"yes"}),
                             run(canary(kShard)) == "running"),
                     "a shard's canary does not run", Enforcer::kRule, ""},
                    {baseline() == "yes", "there is no inventory to compare with", Enforcer::kRule,
                     ""}},
          .request = {},
          .outcomes = {{"done", {set(compared(), "yes")}}},
          .typical = std::chrono::seconds(5),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[assumed]"};
}

Action lift_restriction() {
  return {.name = "lift-restriction",
          .runbook = "B18",
          .door = Door::kLaunchpad,
          .imperative = "Let the developers in again",
          .parameters = {},
          .applies = fact("gate-by", "launchpad"),
          .guard = {{gate() == "restricted", "logins are not restricted"},
                    {any_of({setup(kOldPlatform) == "running", setup(kNewPlatform) == "running"}),
                     "no Platform serves"}},
          .request = {},
          .outcomes = {{"done", {set(gate(), "open")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "users write to the new Platform from now on",
          .source = "[assumed]"};
}

Action open_developer_ports() {
  Action action = lift_restriction();
  action.name = "open-developer-ports";
  action.door = Door::kOperator;
  action.imperative = "Open ports 80 and 443 to developers again";
  action.applies = fact("gate-by", "firewall");
  action.typical = std::chrono::seconds(300);
  action.deadline = std::chrono::minutes(60);
  return action;
}

}  // namespace

std::vector<Action> installation_actions() {
  return {take_baseline(),
          note_network(),
          restrict_login(),
          close_developer_ports(),
          check_shard(),
          count_unparked(),
          domains_action("verify-domains", Door::kHost,
                         "Check that studio and app domains resolve to the Platform's address",
                         "no", std::chrono::seconds(5)),
          domains_action("point-domains", Door::kOperator,
                         "Point studio and app domains to the Platform's new address", "yes",
                         std::chrono::seconds(600)),
          check_license(),
          rewrite_vcs_database(),
          rewrite_vcs_workspaces(),
          compare_inventory(),
          lift_restriction(),
          open_developer_ports()};
}

}  // namespace wme::model
