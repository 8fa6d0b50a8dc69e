#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

const Condition kServed{served(kContainer), "Launchpad does not answer for container {c}",
                        Enforcer::kSystem, "", true};

/// A container that runs again writes to its instance's disk: what a backup has of it grows old.
/// Last saved work that is gone does not come back with it, and a backup that has it keeps it.
std::vector<Effect> runs_on(const char* where) {
  const Formula is_there = newest(kContainer) != "gone";
  return {
      set(run(kContainer), "running"), set(place(kContainer), where),
      set_if(is_there, newest(kContainer), "instance-disk"),
      set_if(all_of({captured(kContainer) == "newest", is_there}), captured(kContainer), "stale")};
}

Action hibernate_container() {
  return {.name = "hibernate-container",
          .runbook = "A04",
          .door = Door::kLaunchpad,
          .imperative = "Hibernate container {c}",
          .parameters = {kContainer},
          .applies = always(),
          .guard = {{run(kContainer) == "running", "container {c} does not run"}, kServed},
          .request = {set(run(kContainer), "hibernating")},
          .outcomes = {{"done", {set(run(kContainer), "stopped")}},
                       {"failed", {set(run(kContainer), "failed")}}},
          .typical = std::chrono::seconds(15),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DR, PAS] [shot: confirm-hibernation.png]"};
}

/// Moves a hibernated container's data from its instance to /wm-data of the Platform.
Action passivate_container() {
  const Formula on_disk = newest(kContainer) == "instance-disk";
  return {.name = "passivate-container",
          .runbook = "A06",
          .door = Door::kLaunchpad,
          .imperative = "Park hibernated container {c} on the Platform",
          .parameters = {kContainer},
          .applies = always(),
          // INV-02: RUNNING -> PASSIVATED never; Launchpad itself answers 409.
          .guard = {{run(kContainer) == "stopped", "container {c} is not hibernated",
                     Enforcer::kSystem, "INV-02"},
                    kServed},
          .request = {set(run(kContainer), "passivating")},
          .outcomes = {{"done",
                        {set(run(kContainer), "passivated"), set(place(kContainer), "parked"),
                         set_if(all_of({place(kContainer) == "home", on_disk}), newest(kContainer),
                                "old-platform"),
                         set_if(all_of({place(kContainer) == "successor", on_disk}),
                                newest(kContainer), "new-platform")}},
                       {"failed", {set(run(kContainer), "stopped")}}},
          .typical = std::chrono::seconds(120),
          .deadline = std::chrono::minutes(20),
          .irreversible = "",
          .source = "[doc: DR, PAS] [shot: passivate-confirmation.png]"};
}

Action activate_container() {
  const Term there = successor(home(kContainer));
  return {.name = "activate-container",
          .runbook = "B17",
          .door = Door::kLaunchpad,
          .imperative = "Activate container {c} as the canary of its shard",
          .parameters = {kContainer},
          .applies = always(),
          .guard = {{run(kContainer) == "passivated", "container {c} is not parked"},
                    // It hands the work out, to the end.
                    {setup(platform(there)) == "running", "the new Platform does not serve yet",
                     Enforcer::kSystem, "", true},
                    {record(there) == "started",
                     "the instance that is to take container {c} is not started"}},
          .request = {set(run(kContainer), "activating")},
          .outcomes = {{"done", runs_on("successor")},
                       {"failed", {set(run(kContainer), "passivated")}}},
          .typical = std::chrono::seconds(60),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[assumed]; [shot: containers-passivate.png]"};
}

}  // namespace

std::vector<Action> container_actions() {
  return {hibernate_container(), passivate_container(), activate_container()};
}

}  // namespace wme::model
