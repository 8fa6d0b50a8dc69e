#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

Action unmount_store() {
  return {.name = "unmount-store",
          .runbook = "A13",
          .door = Door::kHost,
          .imperative = "Unmount {st}",
          .parameters = {kStore},
          .applies = volumes(),
          .guard = {{mounted(kStore) == "yes", "{st} is not mounted"},
                    while_reachable(machine(kStore), "the Platform cannot be reached"),
                    {docker(machine(kStore)) == "stopped", "target is busy: docker holds {st}"}},
          .request = {},
          .outcomes = {{"done", {set(mounted(kStore), "no")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[hist: wme-setup-guide-upgrading.md]"};
}

Action mount_store() {
  return {.name = "mount-store",
          .runbook = "B03",
          .door = Door::kHost,
          .imperative = "Mount {st} at its place, by UUID, without formatting it",
          .parameters = {kStore},
          .applies = volumes(),
          .guard = {{mounted(kStore) == "no", "something is mounted at the place of {st} already"},
                    {volume(kStore) == "attached", "the volume {st} is not attached"},
                    while_reachable(machine(kStore), "the Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(mounted(kStore), "yes")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DR] [hist: restore-aws.md]"};
}

/// By device letter, as a habit from one reboot to the next has it: in no plan.
Action mount_by_letter() {
  return {.name = "mount-by-letter",
          .runbook = "",
          .door = Door::kHost,
          .imperative = "Mount the device letter of yesterday at the place of {st}",
          .parameters = {kStore},
          .applies = volumes(),
          .guard = {{mounted(kStore) == "no", "something is mounted at the place of {st} already"},
                    {volume(kStore) == "attached", "the volume {st} is not attached"},
                    while_reachable(machine(kStore), "the Platform cannot be reached")},
          // At once: which device has the letter is settled when it is asked for.
          .request = {set_if(letters_are_ambiguous(kStore), mounted(kStore), "swapped"),
                      set_if(negation(letters_are_ambiguous(kStore)), mounted(kStore), "yes")},
          .outcomes = {{"done", {}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[shots 1.1] derived"};
}

Action write_fstab() {
  return {.name = "write-fstab",
          .runbook = "B04",
          .door = Door::kHost,
          .imperative = "Write the line of /etc/fstab for {st}: UUID, defaults,nofail",
          .parameters = {kStore},
          .applies = all_of({volumes(), new_one(kStore)}),
          .guard = {{mounted(kStore) == "yes", "{st} is not mounted"},
                    while_reachable(machine(kStore), "the Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(fstab(kStore), "valid")}}},
          .typical = std::chrono::seconds(2),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DR, OSU]"};
}

/// mkfs: in no plan, but any shell can do it.
Action format_store() {
  return {
      .name = "format-store",
      .runbook = "",
      .door = Door::kHost,
      .imperative = "Format the volume {st}",
      .parameters = {kStore},
      .applies = volumes(),
      .guard = {{volume(kStore) == "attached", "the volume {st} is not attached"},
                {mounted(kStore) == "no", "{st} is mounted: mkfs refuses"}},
      .request = {},
      .outcomes =
          {{"done",
            {set(content(kStore), "empty"),
             for_each(kContainer, all_of({has_role(kStore, "wm-data"), old_one(kStore)}),
                      set_if(newest(kContainer) == "old-platform", newest(kContainer), "gone")),
             for_each(kContainer, all_of({has_role(kStore, "wm-data"), new_one(kStore)}),
                      set_if(newest(kContainer) == "new-platform", newest(kContainer), "gone"))}}},
      .typical = std::chrono::seconds(5),
      .deadline = std::chrono::minutes(5),
      .irreversible = "formatting erases the tree",
      .source = "[script: PI]"};
}

Action create_volume() {
  return {.name = "create-volume",
          .runbook = "B02",
          .door = Door::kCloud,
          .imperative = "Create the volume {v} from its snapshot, in the new Platform's zone",
          .parameters = {kVolume},
          .applies = new_one(kVolume),
          .guard = {{volume(kVolume) == "absent", "the volume {v} exists already"},
                    {snapshot(source(kVolume)) == "completed",
                     "the snapshot for {v} is not completed"}},
          .request = {set(volume(kVolume), "creating")},
          .outcomes = {{"done",
                        {set(volume(kVolume), "available"),
                         set_if(consistent(source(kVolume)) == "yes", content(kVolume), "restored"),
                         set_if(negation(consistent(source(kVolume)) == "yes"), content(kVolume),
                                "torn")}},
                       {"failed", {set(volume(kVolume), "error")}}},
          .typical = std::chrono::seconds(20),
          .deadline = std::chrono::minutes(15),
          .irreversible = "",
          .source = "provider-general; [doc: DR]"};
}

Action attach_volume() {
  return {.name = "attach-volume",
          .runbook = "B02",
          .door = Door::kCloud,
          .imperative = "Attach the volume {v} to its Platform",
          .parameters = {kVolume},
          .applies = always(),
          .guard = {{volume(kVolume) == "available", "the volume {v} is not available",
                     Enforcer::kSystem, "INV-23"},
                    {power(machine(kVolume)) == "running", "the Platform does not run"}},
          .request = {set(volume(kVolume), "attaching")},
          .outcomes = {{"done", {set(volume(kVolume), "attached")}},
                       {"failed", {set(volume(kVolume), "available")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action detach_volume() {
  return {.name = "detach-volume",
          .runbook = "",
          .door = Door::kCloud,
          .imperative = "Detach the volume {v}",
          .parameters = {kVolume},
          .applies = always(),
          .guard = {{volume(kVolume) == "attached", "the volume {v} is not attached"}},
          .request = {set(volume(kVolume), "detaching")},
          .outcomes = {{"done", {set(volume(kVolume), "available")}},
                       {"failed", {set(volume(kVolume), "attached")}}},
          .typical = std::chrono::seconds(10),
          .deadline = std::chrono::minutes(10),
          .irreversible = "",
          .source = "provider-general"};
}

Action delete_volume() {
  return {
      .name = "delete-volume",
      .runbook = "",
      .door = Door::kCloud,
      .imperative = "Delete the volume {v}",
      .parameters = {kVolume},
      .applies = always(),
      .guard = {{in(volume(kVolume), {"available", "error"}), "the volume {v} is in use"}},
      .request = {},
      .outcomes =
          {{"done",
            {set(volume(kVolume), "deleted"),
             for_each(kContainer, all_of({has_role(kVolume, "wm-data"), old_one(kVolume)}),
                      set_if(newest(kContainer) == "old-platform", newest(kContainer), "gone")),
             for_each(kContainer, all_of({has_role(kVolume, "wm-data"), new_one(kVolume)}),
                      set_if(newest(kContainer) == "new-platform", newest(kContainer), "gone"))}}},
      .typical = std::chrono::seconds(5),
      .deadline = std::chrono::minutes(5),
      .irreversible = "the volume is gone",
      .source = "provider-general"};
}

}  // namespace

std::vector<Action> store_actions() {
  return {unmount_store(), create_volume(), attach_volume(), mount_store(),  mount_by_letter(),
          write_fstab(),   format_store(),  detach_volume(), delete_volume()};
}

}  // namespace wme::model
