#include "model/wme/safe_stops.hpp"

#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

// What the facts and the stops share.

Formula wme_is_down(Term p) {
  return in(setup(std::move(p)), {"absent", "initialized", "stopped", "failed"});
}

/// The last saved work of every container is on a disk that is there.
Formula work_is_on_disks() { return for_all(kContainer, newest(kContainer) != "gone"); }

/// The trees of the Platform of today are what they were.
Formula old_trees_are_whole() {
  return all_of(
      {for_all(kStore, old_one(kStore), content(kStore) == "live"),
       for_all(kVolume, old_one(kVolume),
               in(volume(kVolume), {"attached", "attaching", "detaching", "available"}))});
}

Formula backup_holds_everything() {
  const Var backup{"b", "backup"};
  return all_of({for_all(kSnapshot, snapshot(kSnapshot) == "completed"),
                 for_all(kArchive, archive(kArchive) == "verified"),
                 for_all(backup, consistent(backup) == "yes"),
                 for_all(kContainer, captured(kContainer) == "newest")});
}

/// The backup of /wm-data alone is there to restore from.
Formula data_is_backed_up() {
  return any_of(
      {exists(kSnapshot, has_role(kSnapshot, "wm-data"),
              all_of({snapshot(kSnapshot) == "completed", consistent(kSnapshot) == "yes"})),
       exists(kArchive, has_role(kArchive, "wm-data"),
              all_of({archive(kArchive) == "verified", consistent(kArchive) == "yes"}))});
}

/// Nobody can log in, or there is nothing to log in to.
Formula nobody_writes() {
  return any_of(
      {gate() == "restricted", all_of({wme_is_down(kOldPlatform), wme_is_down(kNewPlatform)})});
}

// What people would miss.

Formula platform_of_today_serves() {
  return all_of({power(kOldPlatform) == "running", docker(kOldPlatform) == "running",
                 for_all(kStore, old_one(kStore),
                         all_of({mounted(kStore) == "yes", content(kStore) == "live"})),
                 setup(kOldPlatform) == "running", address() == "old-platform",
                 setup(kNewPlatform) == "absent"});
}

Formula instances_take_containers() {
  return for_all(kInstance, old_one(kInstance),
                 all_of({power(kInstance) == "running", docker(kInstance) == "running",
                         record(kInstance) == "started"}));
}

/// Its owner logs in, and WME finds it: parked on the Platform, or on its instance.
Formula work_is_in_reach() {
  return for_all(
      kContainer,
      all_of({in(run(kContainer), {"passivated", "running", "stopped"}),
              any_of({all_of({place(kContainer) == "parked", newest(kContainer) == "old-platform"}),
                      all_of({place(kContainer) == "home",
                              newest(kContainer) == "instance-disk"})})}));
}

std::vector<BusinessFact> facts() {
  return {
      {platform_of_today_serves(), "WME serves on the Platform of today, under its address",
       "[doc: BR] INV-63"},
      {instances_take_containers(), "every instance of today is started and takes containers",
       "[doc: DEV, APP]"},
      {work_is_in_reach(), "everybody finds their last saved work when they log in",
       "[doc: PAS] [shot: containers-passivate.png]"},
      {gate() == "open", "developers may log in", "[doc: USR]"},
      {backup_holds_everything(),
       "the backup is in one piece and holds everybody's last saved work", "[doc: DR]"},
  };
}

std::vector<SafeStop> stops() {
  return {
      {"as-before",
       all_of({platform_of_today_serves(), instances_take_containers(), work_is_in_reach(),
               gate() == "open"}),
       "the installation serves as before", "everybody's work, in reach of whoever logs in",
       "nothing", "plan again when the cause is mended; a backup that was begun is taken anew",
       "INV-63; [doc: BR]"},
      {"old-platform-serves",
       all_of({setup(kOldPlatform) == "running", power(kOldPlatform) == "running",
               setup(kNewPlatform) == "absent", old_trees_are_whole(), work_is_on_disks()}),
       "WME runs on the Platform of today, and everybody's work is on disks that are there",
       "everybody's work, parked on the Platform or on its instance's disk",
       "logins, where they are restricted; containers whose instance is stopped or that failed",
       "mend what the run stopped at, then go on with the plan, or go back (start the instances, "
       "lift the restriction)",
       "A03-A08; [doc: PAS, ALR]"},
      {"old-platform-intact",
       // Also while it is being put down: whether or not that ends, everything is parked on it.
       all_of({any_of({wme_is_down(kOldPlatform), setup(kOldPlatform) == "stopping"}),
               setup(kNewPlatform) == "absent", old_trees_are_whole(),
               for_all(kContainer, newest(kContainer) == "old-platform")}),
       "the Platform of today is put down and intact; nothing has been written elsewhere",
       "everybody's work, on /wm-data of the Platform of today", "everything: WME serves nobody",
       "go on with the plan, or go back: remove the new Platform, give the old one its address and "
       "boot it",
       "INV-63; B01"},
      {"backup-holds-all", all_of({backup_holds_everything(), nobody_writes()}),
       "the backup is in one piece, holds everybody's last saved work, and nobody writes any more",
       "everybody's work, in the verified backup of /wm-data and /wm-runtime",
       "logins, until a Platform is restored from the backup",
       "go on with the plan, or restore from the backup onto new machines",
       "INV-11, INV-63: afterwards only a restore from the snapshot; 3b"},
      {"new-platform-serves",
       all_of({setup(kNewPlatform) == "running", power(kNewPlatform) == "running",
               wme_is_down(kOldPlatform), work_is_on_disks(),
               for_all(kStore, new_one(kStore), content(kStore) == "restored"),
               for_all(kContainer, in(newest(kContainer), {"new-platform", "instance-disk"}))}),
       "WME runs on the new Platform, with everybody's work",
       "everybody's work, on the new Platform and its instances; the backup is kept",
       "logins, where they are restricted; shards whose instance is missing",
       "mend what the run stopped at, then go on with the plan; new instances are added as in 3g",
       "B12-B18"},
      {"all-down",
       all_of({wme_is_down(kOldPlatform), wme_is_down(kNewPlatform), work_is_on_disks()}),
       "WME is down everywhere, and everybody's work is on disks that are there",
       "everybody's work, on the Platform's /wm-data or on the instances' /data",
       "everything: WME serves nobody",
       "keep every disk; go on with the plan, or bring it back with the unplanned path (3e): image "
       "what is there before anything is started",
       "3e R01; [doc: BR]"},
      {"work-is-saved",
       all_of({wme_is_down(kOldPlatform), wme_is_down(kNewPlatform),
               for_all(kContainer,
                       any_of({newest(kContainer) != "gone",
                               all_of({captured(kContainer) == "newest", data_is_backed_up()})}))}),
       "WME is down everywhere, and everybody's work is on a disk that is there or in the backup "
       "of "
       "/wm-data",
       "everybody's work, some of it only in the backup of /wm-data",
       "everything: WME serves nobody",
       "keep every disk and the backup, and start nothing: no plan restores from a part of the "
       "backup set (INV-11); with the vendor, make good by hand what is missing of it (7-09)",
       "WORK-1; 7-09"},
  };
}

}  // namespace

const std::vector<SafeStop>& safe_stops() {
  static const std::vector<SafeStop> all = stops();
  return all;
}

const std::vector<BusinessFact>& business_facts() {
  static const std::vector<BusinessFact> all = facts();
  return all;
}

const std::vector<std::string>& actions_of_ways_back() {
  static const std::vector<std::string> all = {
      "start-instance",  // what A05 stopped
      "start-services",  // what A11 stopped (R04)
      "start-docker",    // what A12 stopped
      "start-machine",   // what A13 stopped; WME starts with it (INV-63)
      "return-address",  // what A13 took away (INV-63)
      // What was launched beside the old machines and has written nothing (INV-63, INV-14, INV-15).
      "detach-volume", "terminate-machine"};
  return all;
}

}  // namespace wme::model
