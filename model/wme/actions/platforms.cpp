#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

/// The ConfigWizard portal runs in docker on the Platform.
std::vector<Condition> portal_answers(std::vector<Condition> more) {
  std::vector<Condition> guard = {
      while_reachable(kPlatform, "{p} cannot be reached"),
      {docker(kPlatform) == "running", "docker, and with it the ConfigWizard, is down on {p}",
       Enforcer::kSystem, "", true}};
  guard.insert(guard.begin(), more.begin(), more.end());
  return guard;
}

/// What the services find when they start: each container's work is served from the new tree only
/// if that tree was restored and its backup had the newest.
std::vector<Effect> services_run_on_new_tree() {
  const Formula served_well =
      all_of({content(target("snap-wm-data")) == "restored", captured(kContainer) == "newest"});
  const Formula unpacked_well =
      all_of({content(target("tar-wm-data")) == "restored", captured(kContainer) == "newest"});
  const Formula well = any_of({served_well, unpacked_well});
  const Formula parked = run(kContainer) == "passivated";
  return {for_each(kContainer, new_one(kPlatform),
                   set_if(all_of({parked, well}), newest(kContainer), "new-platform")),
          for_each(kContainer, new_one(kPlatform),
                   set_if(all_of({parked, negation(well)}), newest(kContainer), "gone"))};
}

Action stop_services() {
  return {.name = "stop-services",
          .runbook = "A11",
          .door = Door::kConfigWizard,
          .imperative = "Stop the WME services on {p} and wait until all are Stopped",
          .parameters = {kPlatform},
          .applies = always(),
          .guard = portal_answers({{setup(kPlatform) == "running", "WME does not run on {p}"}}),
          .request = {set(setup(kPlatform), "stopping")},
          .outcomes = {{"done", {set(setup(kPlatform), "stopped")}},
                       {"failed", {set(setup(kPlatform), "failed")}}},
          .typical = std::chrono::seconds(180),
          .deadline = std::chrono::minutes(30),
          .irreversible = "",
          .source = "[doc: DR] [hist: wme-setup-guide-maintenance.md]"};
}

Action start_services() {
  return {.name = "start-services",
          .runbook = "",
          .door = Door::kConfigWizard,
          .imperative = "Start the WME services on {p}",
          .parameters = {kPlatform},
          .applies = always(),
          .guard = portal_answers({{setup(kPlatform) == "stopped", "WME is not stopped on {p}"}}),
          .request = {set(setup(kPlatform), "starting")},
          .outcomes = {{"done", {set(setup(kPlatform), "running")}},
                       {"failed", {set(setup(kPlatform), "failed")}}},
          .typical = std::chrono::seconds(240),
          .deadline = std::chrono::minutes(30),
          .irreversible = "",
          .source = "[doc: BR]; name [assumed]"};
}

Action enter_portal() {
  return {.name = "enter-portal",
          .runbook = "B11",
          .door = Door::kConfigWizard,
          .imperative = "Log in to the ConfigWizard of {p} with the previous password",
          .parameters = {kPlatform},
          .applies = new_one(kPlatform),
          .guard = portal_answers(
              {{setup(kPlatform) == "initialized", "the ConfigWizard of {p} is not initialized"},
               {in(content("wm-runtime-new"), {"restored", "live"}),
                "the ConfigWizard of {p} asks for a new password: /wm-runtime did not come back",
                Enforcer::kSystem, "INV-39"}}),
          .request = {},
          .outcomes = {{"done", {set(portal(kPlatform), "entered")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action sync_setup() {
  Action action = {
      .name = "sync-setup",
      .runbook = "B12",
      .door = Door::kConfigWizard,
      .imperative = "Sync the installation on {p}, same domains, until RUNNING at 100 %",
      .parameters = {kPlatform},
      .applies = new_one(kPlatform),
      .guard = portal_answers(
          {{setup(kPlatform) == "initialized", "the setup on {p} is not initialized"},
           {portal(kPlatform) == "entered", "nobody is logged in to the ConfigWizard of {p}"}}),
      .request = {set(setup(kPlatform), "syncing")},
      .outcomes = {{"done", {set(setup(kPlatform), "running")}},
                   {"failed", {set(setup(kPlatform), "failed")}}},
      .typical = std::chrono::seconds(2400),
      .deadline = std::chrono::minutes(90),
      .irreversible = "the services write to the restored data from now on",
      .source = "[doc: DR, OSU]"};
  for (Effect& effect : services_run_on_new_tree())
    action.outcomes.front().effects.push_back(std::move(effect));
  return action;
}

/// What destroys data, offered by the ConfigWizard all the same.
Action destructive(const char* name, const char* sentence, Formula content_before) {
  return {
      .name = name,
      .runbook = "",
      .door = Door::kConfigWizard,
      .imperative = sentence,
      .parameters = {kPlatform},
      .applies = always(),
      .guard = portal_answers({{std::move(content_before), "the ConfigWizard does not offer it"}}),
      .request = {for_each(kStore, same(machine(kStore), kPlatform), set(content(kStore), "fresh")),
                  for_each(
                      kContainer, old_one(kPlatform),
                      set_if(newest(kContainer) == "old-platform", newest(kContainer), "gone")),
                  for_each(
                      kContainer, new_one(kPlatform),
                      set_if(newest(kContainer) == "new-platform", newest(kContainer), "gone")),
                  set(setup(kPlatform), "starting")},
      .outcomes = {{"done", {set(setup(kPlatform), "running")}},
                   {"failed", {set(setup(kPlatform), "failed")}}},
      .typical = std::chrono::seconds(3000),
      .deadline = std::chrono::minutes(90),
      .irreversible = "it wipes users and projects",
      .source = "[shot: cw-sync.png] [hist: maintenance]"};
}

}  // namespace

std::vector<Action> platform_actions() {
  const Formula idle = in(setup(kPlatform), {"initialized", "stopped", "running", "failed"});
  return {
      stop_services(), start_services(), enter_portal(), sync_setup(),
      // It ends the wizard of the first time; the vendor's scripts send it to a stopped WME too.
      destructive("initialize-setup", "Send INIT to the ConfigWizard of {p}",
                  in(setup(kPlatform), {"initialized", "stopped", "failed"})),
      destructive("clean-setup", "Clean the installation on {p}", idle),
      destructive("set-setup-password", "Set a new setup password on {p}",
                  setup(kPlatform) == "initialized")};
}

}  // namespace wme::model
