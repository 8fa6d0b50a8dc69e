#include "model/planner/planner.hpp"
#include "model/wme/actions/groups.hpp"

/// The ends of the four procedures, in the words of reference/wme.md section 3.
namespace wme::model {

namespace {

/// What stays true of the old machines, whatever comes after.
std::vector<Goal> put_down() {
  return {
      {all_of({for_all(kSnapshot, snapshot(kSnapshot) == "completed"),
               for_all(kArchive, archive(kArchive) == "verified")}),
       "/wm-data and /wm-runtime are in the backup, verified"},
      {for_all(kMachine, old_one(kMachine), docker(kMachine) == "stopped"),
       "docker is stopped on every host"},
      {power(kOldPlatform) == "stopped", "the old Platform is stopped"},
  };
}

std::vector<Goal> dehydrated() {
  std::vector<Goal> goals = put_down();
  goals.insert(goals.begin(),
               {for_all(kContainer, run(kContainer) == "passivated"), "every container is parked"});
  goals.push_back({any_of({fact("address-changes", "yes"), address() == "free"}),
                   "the Platform's address is free"});
  // Not only that there is a backup: that a restore from it loses nothing. No step writes this for
  // its own sake, so that nothing but the goal would miss it.
  const Var backup{"b", "backup"};
  goals.push_back({all_of({for_all(kContainer, captured(kContainer) == "newest"),
                           for_all(backup, consistent(backup) == "yes")}),
                   "the backup is in one piece and holds everybody's last saved work"});
  return goals;
}

std::vector<Goal> rehydrated() {
  return {
      {for_all(kStore, all_of({volumes(), new_one(kStore)}), fstab(kStore) == "valid"),
       "both trees are mounted after every boot"},
      {setup(kNewPlatform) == "running", "WME runs on the new Platform"},
      {for_all(kInstance, old_one(kInstance), record(kInstance) == "absent"),
       "no record of an old instance is left"},
      {for_all(kInstance, new_one(kInstance),
               all_of({record(kInstance) == "started", health(kInstance) == "green"})),
       "every new instance is started and healthy"},
      {any_of({fact("address-changes", "no"),
               all_of({vcs_database() == "new-address", vcs_workspaces() == "new-address"})}),
       "the VCS addresses are right"},
      {for_all(kShard, attribute("has-canary", {Term(kShard)}, {"yes"}),
               run(canary(kShard)) == "running"),
       "a canary runs in every shard"},
      {compared() == "yes", "the inventory after equals the one before"},
      {license() == "active", "the license is active"},
      {gate() == "open", "developers may log in"},
  };
}

}  // namespace

std::vector<Goal> goals_of(Procedure procedure) {
  if (procedure == Procedure::kDehydrate) return dehydrated();
  if (procedure == Procedure::kRestore) return rehydrated();
  // Not that every container is parked and the address free: both are undone again on the way.
  std::vector<Goal> goals = put_down();
  // Idle, or holding an address that its successor takes: either way the old machine goes off.
  goals.push_back({for_all(kInstance, old_one(kInstance), power(kInstance) == "stopped"),
                   "the old instances are stopped"});
  // The page calls the rotation tarball required for rotating (3c); upgrades need both.
  goals.push_back({for_all(kArtefact, attribute("needed", {Term(kArtefact)}, {"yes"}),
                           artefact(kArtefact) == "extracted"),
                   "the installer and its tarballs are extracted"});
  for (Goal& goal : rehydrated()) goals.push_back(std::move(goal));
  return goals;
}

}  // namespace wme::model
