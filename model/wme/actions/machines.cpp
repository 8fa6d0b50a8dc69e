#include <utility>

#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

/// Rigid: the machine is the Platform of today / the new one.
Formula is_platform(Term m) { return attribute("kind", {std::move(m)}, {"platform"}); }

/// An effect on the one address, only for machine m being that Platform.
Effect on_platform(const char* which, Effect effect) {
  effect.where = attribute("entity", {Term(kMachine)}, {which});
  return effect;
}

Effect on_platform_with_one_disk(const char* which, Effect effect) {
  effect.where = all_of({attribute("entity", {Term(kMachine)}, {which}), one_disk()});
  return effect;
}

/// The kept address is part of what the new Platform is made with.
Formula address_comes_with_launch() {
  return all_of(
      {fact("address-comes", "with-launch"), any_of({one_disk(), fact("address-changes", "no")})});
}

Effect on_new_platform_with_its_address(Effect effect) {
  effect.where =
      all_of({attribute("entity", {Term(kMachine)}, {kNewPlatform}), address_comes_with_launch()});
  return effect;
}

Action stop_docker() {
  return {.name = "stop-docker",
          .runbook = "A12",
          .door = Door::kHost,
          .imperative = "Stop docker on {m}",
          .parameters = {kMachine},
          .applies = always(),
          .guard = {{docker(kMachine) == "running", "docker is down on {m}"},
                    while_reachable(kMachine, "{m} cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(docker(kMachine), "stopped")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: OSU]; use here [assumed]"};
}

Action start_docker() {
  Action action = stop_docker();
  action.name = "start-docker";
  action.runbook = "";
  action.imperative = "Start docker on {m}";
  action.guard = {{docker(kMachine) == "stopped", "docker runs on {m}"},
                  while_reachable(kMachine, "{m} cannot be reached")};
  action.outcomes = {
      {"done",
       {set(docker(kMachine), "running"),
        for_each(kArchive, same(machine(store(kArchive)), kMachine),
                 set_if(archive(kArchive) == "writing", consistent(kArchive), "torn"))}}};
  return action;
}

Action stop_machine() {
  return {.name = "stop-machine",
          .runbook = "A13/B01",
          .door = Door::kCloud,
          .imperative = "Stop the machine {m} and wait until it is stopped",
          .parameters = {kMachine},
          .applies = always(),
          .guard = {{power(kMachine) == "running", "{m} does not run"},
                    {for_all(kContainer, all_of({same(home(kContainer), kMachine)}),
                             any_of({negation(place(kContainer) == "home"),
                                     in(run(kContainer), {"failed", "passivated"})})),
                     "a container on {m} is not parked yet", Enforcer::kRule, ""}},
          .request = {set(power(kMachine), "stopping")},
          .outcomes = {{"done",
                        {set(power(kMachine), "stopped"), set(docker(kMachine), "stopped"),
                         for_each(kStore, all_of({one_disk(), same(machine(kStore), kMachine)}),
                                  set(mounted(kStore), "no")),
                         on_platform_with_one_disk(kOldPlatform, set(address(), "free"))}},
                       {"failed", {set(power(kMachine), "running")}}},
          .typical = std::chrono::seconds(60),
          .deadline = std::chrono::minutes(15),
          .irreversible = "",
          .source = "[doc: DR, BR]"};
}

Action start_machine() {
  Action action = {
      .name = "start-machine",
      .runbook = "",
      .door = Door::kCloud,
      .imperative = "Start the machine {m}",
      .parameters = {kMachine},
      .applies = always(),
      .guard = {{power(kMachine) == "stopped", "{m} is not stopped"},
                // As for launch-machine: there an address belongs to whoever runs with it.
                {for_all(kMachine2,
                         all_of({one_disk(), same(predecessor(kMachine2), kMachine),
                                 attribute("address-kept", {Term(kMachine2)}, {"yes"})}),
                         in(power(kMachine2), {"absent", "stopped", "terminated"})),
                 "its successor runs with the address of {m}"}},
      .request = {set(power(kMachine), "pending")},
      .outcomes = {{"done",
                    {set(power(kMachine), "running"), set(docker(kMachine), "running"),
                     // CW starts WME by itself after a boot [doc: OSU].
                     for_each(kPlatform, same(kPlatform, kMachine),
                              set_if(setup(kPlatform) == "stopped", setup(kPlatform), "running"))}},
                   {"failed", {set(power(kMachine), "stopped")}}},
      .typical = std::chrono::seconds(60),
      .deadline = std::chrono::minutes(15),
      .irreversible = "",
      .source = "provider-general; [doc: OSU]"};
  for (Effect& effect : boot_effects(kMachine))
    action.outcomes.front().effects.push_back(std::move(effect));
  return action;
}

/// What is gone of today's stays known as gone; a new machine that is gone is as if it had never
/// been: it can be launched again, and clouds list neither for long.
Effect gone_for_good() {
  Effect effect = set(power(kMachine), "terminated");
  effect.where = old_one(kMachine);
  return effect;
}
Effect not_there_again() {
  Effect effect = set(power(kMachine), "absent");
  effect.where = new_one(kMachine);
  return effect;
}

Action terminate_machine() {
  const Formula on_disk = newest(kContainer) == "instance-disk";
  return {
      .name = "terminate-machine",
      .runbook = "",
      .door = Door::kCloud,
      .imperative = "Terminate the machine {m}",
      .parameters = {kMachine},
      .applies = always(),
      .guard = {{in(power(kMachine), {"pending", "running", "stopping", "stopped"}),
                 "{m} is not there"}},
      .request = {set(power(kMachine), "terminating"), set(docker(kMachine), "stopped"),
                  for_each(kPlatform, same(kPlatform, kMachine), set(setup(kPlatform), "absent")),
                  for_each(kContainer, same(home(kContainer), kMachine),
                           set_if(all_of({place(kContainer) == "home", on_disk}),
                                  newest(kContainer), "gone")),
                  for_each(kContainer, same(successor(home(kContainer)), kMachine),
                           set_if(all_of({place(kContainer) == "successor", on_disk}),
                                  newest(kContainer), "gone"))},
      .outcomes =
          {{"done",
            {gone_for_good(), not_there_again(),
             on_platform(kOldPlatform, set_if(address() == "old-platform", address(), "free")),
             on_platform(kNewPlatform, set_if(address() == "new-platform", address(), "free")),
             for_each(kStore, same(machine(kStore), kMachine), set(mounted(kStore), "no")),
             for_each(kVolume, same(machine(kVolume), kMachine),
                      set_if(in(volume(kVolume), {"attached", "attaching", "detaching"}),
                             volume(kVolume), "available"))}}},
      .typical = std::chrono::seconds(60),
      .deadline = std::chrono::minutes(15),
      .irreversible = "the machine and its root disk are gone",
      .source = "provider-general"};
}

Action launch_machine() {
  return {
      .name = "launch-machine",
      .runbook = "B01/B06",
      .door = Door::kCloud,
      .imperative = "Launch {m} from the newest image",
      .parameters = {kMachine},
      .applies = new_one(kMachine),
      .guard = {{power(kMachine) == "absent", "{m} exists already"},
                {for_all(
                     kMachine2,
                     all_of({same(kMachine2, kMachine),
                             attribute("address-kept", {Term(kMachine2)}, {"yes"})}),
                     // A cloud keeps a stopped machine's address for it; a machine on
                     // ESXi or Hyper-V holds its address only while it runs.
                     any_of({is_platform(kMachine2), power(predecessor(kMachine2)) == "terminated",
                             all_of({one_disk(), power(predecessor(kMachine2)) == "stopped"})})),
                 "another machine still holds the address of {m}; give it a new_address"},
                {for_all(kMachine2,
                         all_of({volumes(), same(kMachine2, kMachine), address_comes_with_launch(),
                                 attribute("entity", {Term(kMachine2)}, {kNewPlatform})}),
                         address() == "free"),
                 "another machine still holds the Platform's address"}},
      .request = {set(power(kMachine), "pending")},
      .outcomes = {{"done",
                    {set(power(kMachine), "running"),
                     for_each(kInstance, all_of({volumes(), same(kInstance, kMachine)}),
                              set(data_disk(kInstance), "blank")),
                     // One disk: /data is a directory of it.
                     for_each(kInstance, all_of({one_disk(), same(kInstance, kMachine)}),
                              set(data_disk(kInstance), "mounted")),
                     for_each(kStore, all_of({one_disk(), same(machine(kStore), kMachine)}),
                              set(mounted(kStore), "yes")),
                     on_new_platform_with_its_address(set(address(), "new-platform"))}},
                   {"failed", {set(power(kMachine), "absent")}}},
      .typical = std::chrono::seconds(90),
      .deadline = std::chrono::minutes(30),
      .irreversible = "",
      .source = "[doc: DR, AWS, AZ, GCP, OVA, HV]",
      .rows = {{negation(is_platform(kMachine)), "B06"}}};
}

Action detach_address() {
  return {.name = "detach-address",
          .runbook = "A13",
          .door = Door::kCloud,
          .imperative = "Detach the Platform's address (NIC, or on GCP the reserved address)",
          .parameters = {},
          .applies = all_of({volumes(), fact("address-changes", "no")}),
          .guard = {{address() == "old-platform", "the address is not on the old Platform"}},
          .request = {set(address(), "detaching")},
          .outcomes = {{"done", {set(address(), "free")}},
                       {"failed", {set(address(), "old-platform")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR, BR]"};
}

Action attach_address() {
  return {.name = "attach-address",
          .runbook = "B01",
          .door = Door::kCloud,
          .imperative = "Give the Platform's address to the new Platform",
          .parameters = {},
          .applies = all_of({fact("address-comes", "by-attaching"), fact("address-changes", "no")}),
          .guard = {{address() == "free", "the address is not free"},
                    {power(kNewPlatform) == "running", "the new Platform does not run"}},
          .request = {set(address(), "attaching")},
          .outcomes = {{"done", {set(address(), "new-platform")}},
                       {"failed", {set(address(), "free")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR, BR]"};
}

/// The way of an abort: the old machine gets its network interface again.
Action return_address() {
  return {
      .name = "return-address",
      .runbook = "",
      .door = Door::kCloud,
      .imperative = "Give the Platform's address back to the old Platform",
      .parameters = {},
      .applies = all_of({volumes(), fact("address-changes", "no")}),
      .guard = {{address() == "free", "the address is not free"},
                {in(power(kOldPlatform), {"stopped", "running"}), "the old Platform is not there"}},
      .request = {set(address(), "attaching")},
      .outcomes = {{"done", {set(address(), "old-platform")}},
                   {"failed", {set(address(), "free")}}},
      .typical = std::chrono::seconds(10),
      .deadline = std::chrono::minutes(10),
      .irreversible = "",
      .source = "INV-63; provider-general"};
}

}  // namespace

std::vector<Action> machine_actions() {
  return {stop_docker(),    start_docker(),      stop_machine(),
          detach_address(), launch_machine(),    attach_address(),
          start_machine(),  terminate_machine(), return_address()};
}

}  // namespace wme::model
