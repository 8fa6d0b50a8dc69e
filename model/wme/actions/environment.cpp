#include <utility>

#include "model/wme/actions/groups.hpp"

/// What happens without anybody asking: users, crons, losses. Each has a budget in the checker.
namespace wme::model {

namespace {

Action event(const char* name, const char* fault, const char* sentence,
             std::vector<Var> parameters) {
  Action action;
  action.name = name;
  action.fault = fault;
  action.door = Door::kEnvironment;
  action.imperative = sentence;
  action.parameters = std::move(parameters);
  action.applies = always();
  return action;
}

/// Nobody but the admin gets in once the gate is restricted.
Condition gate_is_not_restricted() {
  return {gate() != "restricted", "logins are restricted", Enforcer::kSystem, ""};
}

std::vector<Effect> runs_at_home() {
  const Formula is_there = newest(kContainer) != "gone";
  return {
      set(run(kContainer), "running"), set(place(kContainer), "home"),
      set_if(is_there, newest(kContainer), "instance-disk"),
      set_if(all_of({captured(kContainer) == "newest", is_there}), captured(kContainer), "stale")};
}

Action user_wakes_hibernated() {
  Action action = event("user-wakes-hibernated", "user-wakes", "The owner of container {c} logs in",
                        {kContainer});
  action.guard = {{run(kContainer) == "stopped", "container {c} is not hibernated"},
                  {place(kContainer) == "home", "container {c} is not on its instance of today"},
                  {setup(platform(home(kContainer))) == "running", "Launchpad does not answer"},
                  {record(home(kContainer)) == "started", "the instance takes no containers"},
                  gate_is_not_restricted()};
  action.outcomes = {{"done", runs_at_home()}};
  action.source = "[assumed]; [shot: containers-stop.png]";
  return action;
}

Action user_wakes_parked() {
  Action action = event("user-wakes-parked", "user-wakes",
                        "The owner of parked container {c} logs in", {kContainer});
  action.guard = {{run(kContainer) == "passivated", "container {c} is not parked"},
                  {setup(platform(home(kContainer))) == "running", "Launchpad does not answer"},
                  {record(home(kContainer)) == "started", "the instance takes no containers"},
                  gate_is_not_restricted()};
  action.outcomes = {{"done", runs_at_home()}};
  action.source = "[assumed]; [shot: containers-passivate.png]";
  return action;
}

Action cron_hibernates() {
  Action action = event("cron-hibernates", "hibernation-cron",
                        "The hibernation cron stops container {c}", {kContainer});
  action.guard = {{run(kContainer) == "running", "container {c} does not run"},
                  {served(kContainer), "Launchpad does not answer"}};
  action.outcomes = {{"done", {set(run(kContainer), "stopped")}}};
  action.source = "[hist: fluentd.md @2023-05]";
  return action;
}

/// The disk goes with the machine (INV-15 is what keeps the Platform's volumes apart from it).
Action machine_lost() {
  Action action =
      event("machine-lost", "machine-lost", "Machine {m} is lost with its disks", {kMachine});
  const Formula on_m_today =
      all_of({place(kContainer) == "home", newest(kContainer) == "instance-disk"});
  const Formula on_m_tomorrow =
      all_of({place(kContainer) == "successor", newest(kContainer) == "instance-disk"});
  action.guard = {
      {in(power(kMachine), {"pending", "running", "stopping", "stopped"}), "{m} is not there"}};
  action.outcomes = {
      {"done",
       {set(power(kMachine), "terminated"), set(docker(kMachine), "stopped"),
        for_each(kContainer, same(home(kContainer), kMachine),
                 set_if(on_m_today, newest(kContainer), "gone")),
        for_each(kContainer, same(successor(home(kContainer)), kMachine),
                 set_if(on_m_tomorrow, newest(kContainer), "gone")),
        for_each(kContainer, same(platform(home(kContainer)), kMachine),
                 set_if(newest(kContainer) == "old-platform", newest(kContainer), "gone")),
        for_each(kContainer, same(platform(successor(home(kContainer))), kMachine),
                 set_if(newest(kContainer) == "new-platform", newest(kContainer), "gone")),
        for_each(kPlatform, same(kPlatform, kMachine), set(setup(kPlatform), "absent")),
        for_each(kStore, same(machine(kStore), kMachine), set(mounted(kStore), "no")),
        for_each(kVolume, same(machine(kVolume), kMachine), set(volume(kVolume), "deleted")),
        for_each(kPlatform, all_of({same(kPlatform, kMachine), old_one(kPlatform)}),
                 set_if(address() == "old-platform", address(), "free")),
        for_each(kPlatform, all_of({same(kPlatform, kMachine), new_one(kPlatform)}),
                 set_if(address() == "new-platform", address(), "free"))}}};
  action.source = "consequence of DR, BR [assumed]";
  return action;
}

/// CW starts WME by itself after a boot, on whatever is mounted.
Action old_platform_boots() {
  Action action = event("old-platform-boots", "old-platform-boots",
                        "Somebody boots the old Platform {p} again", {kPlatform});
  action.applies = old_one(kPlatform);
  action.guard = {{power(kPlatform) == "stopped", "{p} is not stopped"}};
  action.outcomes = {{"done",
                      {set(power(kPlatform), "running"), set(docker(kPlatform), "running"),
                       set(setup(kPlatform), "running")}}};
  for (Effect& effect : boot_effects(kPlatform))
    action.outcomes.front().effects.push_back(std::move(effect));
  action.source = "[doc: OSU]";
  return action;
}

}  // namespace

std::vector<Action> environment_actions() {
  return {user_wakes_hibernated(), user_wakes_parked(), cron_hibernates(), machine_lost(),
          old_platform_boots()};
}

}  // namespace wme::model
