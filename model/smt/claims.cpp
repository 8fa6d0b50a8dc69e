#include "model/smt/claims.hpp"

#include <algorithm>
#include <utility>

#include "model/smt/fleet.hpp"
#include "model/wme/actions/groups.hpp"
#include "model/wme/rules.hpp"

namespace wme::model::smt {

namespace {

const Var kBackup{"b", "backup"};

Formula never() { return any_of({}); }

Formula services_down(Term p) {
  return in(setup(std::move(p)), {"absent", "initialized", "stopped"});
}

Formula backup_complete() {
  return all_of({for_all(kSnapshot, snapshot(kSnapshot) == "completed"),
                 for_all(kArchive, archive(kArchive) == "verified")});
}

Formula old_platform_is_off() { return in(power(kOldPlatform), {"stopped", "terminated"}); }

/// Whatever is a store of p; on ESXi and Hyper-V it is no volume.
Formula is_on(Term st, const Var& p) { return same(machine(std::move(st)), p); }

Claim state(const char* rule, const char* sentence, Formula always) {
  return {rule, sentence, std::move(always), {}, {}, {}, {}};
}

Claim change(const char* rule, const char* sentence, std::vector<Var> each, Formula becomes,
             Formula only_if) {
  return {rule, sentence, {}, std::move(each), std::move(becomes), std::move(only_if), {}};
}

Claim except(Claim claim, std::vector<Exception> unless) {
  claim.unless = std::move(unless);
  return claim;
}

std::vector<Claim> of_containers() {
  const Term there = successor(home(kContainer));
  return {
      change("INV-02", "a container that begins to be parked was hibernated", {kContainer},
             run(kContainer) == "passivating", run(kContainer) == "stopped"),
      change("INV-02", "a container that comes to be parked was being parked, or not yet activated",
             {kContainer}, run(kContainer) == "passivated",
             in(run(kContainer), {"passivating", "activating"})),
      change("INV-03", "a container that begins to be parked is on an instance that is stopped",
             {kContainer}, run(kContainer) == "passivating",
             all_of({implies(place(kContainer) == "home", record(home(kContainer)) == "stopped"),
                     implies(place(kContainer) == "successor", record(there) == "stopped")})),
      state("INV-43", "no container is on an instance whose record is deleted, or being deleted",
            for_all(kContainer, implies(in(record(home(kContainer)), {"deleting", "absent"}),
                                        place(kContainer) != "home"))),
      change("INV-43", "no container is on a machine that begins to be terminated", {kContainer},
             power(home(kContainer)) == "terminating", place(kContainer) != "home"),
      change("INV-43", "no container is on a new machine that begins to be terminated",
             {kContainer}, power(there) == "terminating", place(kContainer) != "successor"),
      except(change("INV-43", "no work is lost that is on an instance's disk only", {kContainer},
                    newest(kContainer) == "gone", newest(kContainer) != "instance-disk"),
             {{"machine-lost", false, "a machine that is lost takes its disk with it"}}),
  };
}

std::vector<Claim> of_putting_down() {
  return {
      state("INV-09", "the services of a Platform that does not run are all down",
            for_all(kPlatform, any_of({power(kPlatform) == "running", services_down(kPlatform)}))),
      change("INV-09", "docker stops on a running Platform only when its services are down",
             {kPlatform}, all_of({docker(kPlatform) == "stopped", power(kPlatform) == "running"}),
             any_of({power(kPlatform) != "running", services_down(kPlatform)})),
      change("INV-09", "a snapshot begins only when the services are down", {kSnapshot},
             snapshot(kSnapshot) == "pending", services_down(machine(store(kSnapshot)))),
      change("INV-09", "a tree of a running Platform is unmounted only when the services are down",
             {kStore}, all_of({mounted(kStore) == "no", power(machine(kStore)) == "running"}),
             services_down(machine(kStore))),
      change("INV-10", "an archive begins only when the services are down", {kArchive},
             archive(kArchive) == "writing", services_down(machine(store(kArchive)))),
      state("INV-11",
            "where there is a new Platform, the backup set is complete until the inventories are "
            "compared",
            any_of({power(kNewPlatform) == "absent", compared() == "yes", backup_complete()})),
      change(
          "INV-11",
          "the old services start again before the first or after the last backup of the set", {},
          setup(kOldPlatform) == "starting",
          any_of({backup_complete(), all_of({for_all(kSnapshot, snapshot(kSnapshot) == "absent"),
                                             for_all(kArchive, archive(kArchive) == "absent")})})),
      change("INV-12", "docker and the mount are down when a snapshot begins", {kSnapshot},
             snapshot(kSnapshot) == "pending",
             all_of({docker(machine(store(kSnapshot))) == "stopped",
                     mounted(store(kSnapshot)) == "no"})),
      change("INV-12", "docker is down when an archive begins", {kArchive},
             archive(kArchive) == "writing", docker(machine(store(kArchive))) == "stopped"),
      change("INV-13", "a volume that begins to be detached is unmounted, or its machine is off",
             {kVolume}, volume(kVolume) == "detaching",
             any_of({mounted(kVolume) == "no",
                     in(power(machine(kVolume)), {"stopped", "terminated"})})),
      change("INV-13", "a machine that begins to stop has no volume mounted", {kVolume},
             power(machine(kVolume)) == "stopping", mounted(kVolume) == "no"),
      change("INV-14", "a machine begins to be terminated only when the backup set is complete",
             {kMachine}, power(kMachine) == "terminating", backup_complete()),
      except(change("INV-14",
                    "a volume is deleted only when the backup set is complete, or the inventories "
                    "are compared",
                    {kVolume}, volume(kVolume) == "deleted",
                    any_of({backup_complete(), compared() == "yes"})),
             {{"machine-lost", false, "a machine that is lost takes its disks with it"}}),
      state(
          "INV-15", "no volume is attached to a machine that is being terminated",
          for_all(kVolume,
                  any_of({power(machine(kVolume)) != "terminating",
                          negation(in(volume(kVolume), {"attaching", "attached", "detaching"}))}))),
  };
}

std::vector<Claim> of_coming_back() {
  // The archives of the old Platform's trees are unpacked on the new one only.
  const Formula trees_in_place = all_of(
      {for_all(kStore, all_of({volumes(), is_on(kStore, kPlatform)}), mounted(kStore) == "yes"),
       for_all(kArchive, is_on(target(kArchive), kPlatform), unpacked(kArchive) == "yes")});
  const Formula is_new = new_one(kPlatform);
  const Formula fits = any_of({fact("version-changes", "no"), migrated(kPlatform) == "yes"});
  return {
      change("INV-22", "the new Platform is launched only when the old one is off", {},
             power(kNewPlatform) == "pending",
             any_of({old_platform_is_off(), power(kNewPlatform) == "stopped"})),
      change("INV-22", "the new Platform gets the address only when the old one is off", {},
             address() == "attaching", old_platform_is_off()),
      change("INV-23", "a volume that begins to be attached is attached to no other machine",
             {kVolume}, volume(kVolume) == "attaching", volume(kVolume) == "available"),
      change("INV-24", "no tree that holds anything is ever formatted", {kStore},
             content(kStore) == "empty", never()),
      change("INV-24", "no disk of an instance that holds anything is formatted", {kInstance},
             data_disk(kInstance) == "formatted", data_disk(kInstance) == "blank"),
      state(
          "INV-26", "both trees of an initialized Platform are in its /etc/fstab",
          for_all(kPlatform, any_of({setup(kPlatform) == "absent",
                                     for_all(kStore, all_of({volumes(), is_on(kStore, kPlatform)}),
                                             fstab(kStore) == "valid")}))),
      change("INV-27", "the services begin to start only when both trees are in place", {kPlatform},
             in(setup(kPlatform), {"syncing", "starting"}), trees_in_place),
      change("INV-27", "a migration begins only when both trees are in place", {kPlatform},
             migrated(kPlatform) == "running", trees_in_place),
      change("INV-28", "the installer begins only when both trees are in place", {kPlatform},
             setup(kPlatform) == "initializing", trees_in_place),
      change(
          "INV-29", "an archive is unpacked only into an empty tree, with WME down", {kArchive},
          unpacked(kArchive) == "running",
          all_of({content(target(kArchive)) == "empty",
                  setup(machine(target(kArchive))) == "absent", archive(kArchive) == "verified"})),
      change("INV-36", "a migration begins only between the installer and the ConfigWizard",
             {kPlatform}, migrated(kPlatform) == "running", setup(kPlatform) == "initialized"),
      state("INV-36", "nobody is logged in to the ConfigWizard of stores that do not fit",
            for_all(kPlatform, is_new, any_of({portal(kPlatform) == "unknown", fits}))),
      change(
          "INV-37", "a migration begins once only, and with an un-migrated backup", {kPlatform},
          migrated(kPlatform) == "running",
          all_of({migrated(kPlatform) == "no", backup_complete(), fact("version-changes", "yes")})),
      state("INV-38", "the services of a new Platform run only on stores that fit",
            for_all(kPlatform, is_new,
                    any_of({negation(in(setup(kPlatform),
                                        {"syncing", "running", "stopping", "stopped", "starting"})),
                            fits}))),
      change("INV-39", "no tree that holds data becomes a fresh installation", {kStore},
             content(kStore) == "fresh", content(kStore) == "empty"),
      change("INV-40", "no tree that holds data becomes a fresh installation", {kStore},
             content(kStore) == "fresh", content(kStore) == "empty"),
  };
}

/// Of state properties in the table of rules, what no guard can prevent.
std::vector<Exception> unless_of(std::string_view rule) {
  if (rule == "INV-22")
    return {{"old-platform-boots", false, "it is the fault itself: the old Platform serves again"}};
  return {};
}

std::vector<Claim> every_claim() {
  std::vector<Claim> all;
  for (const Rule& rule : all_rules())
    if (rule.state.kind != Formula::Kind::kTrue && !rule.id.starts_with("WORK")) {
      Claim claim = state("", "", rule.state);
      claim.rule = rule.id;
      claim.sentence = "never: " + rule.state_sentence;
      claim.unless = unless_of(rule.id);
      all.push_back(std::move(claim));
    }
  for (auto* group : {of_containers, of_putting_down, of_coming_back})
    for (Claim& claim : group()) all.push_back(std::move(claim));
  return all;
}

Lemma lemma(const char* name, Formula formula) { return {name, std::move(formula)}; }

std::vector<Lemma> of_container_lemmas() {
  return {
      lemma("a parked container is on no instance",
            for_all(kContainer,
                    implies(run(kContainer) == "passivated", place(kContainer) == "parked"))),
      lemma("a container that is being activated is on no instance yet",
            for_all(kContainer,
                    implies(run(kContainer) == "activating", place(kContainer) == "parked"))),
      lemma("the work of a container that is on no instance is not on an instance's disk",
            for_all(kContainer,
                    implies(place(kContainer) == "parked", newest(kContainer) != "instance-disk"))),
  };
}

std::vector<Lemma> of_backup_lemmas() {
  return {
      lemma("a snapshot that there is was taken while nobody wrote",
            for_all(kSnapshot, implies(in(snapshot(kSnapshot), {"pending", "completed"}),
                                       consistent(kSnapshot) == "yes"))),
      lemma(
          "an archive that there is was taken while nobody wrote",
          for_all(kArchive, implies(archive(kArchive) != "absent", consistent(kArchive) == "yes"))),
      lemma("what is fetched, or being fetched, is verified",
            for_all(kArchive, implies(fetched(kArchive) != "no", archive(kArchive) == "verified"))),
      lemma(
          "what is unpacked, or being unpacked, is verified",
          for_all(kArchive, implies(unpacked(kArchive) != "no", archive(kArchive) == "verified"))),
      lemma("an archive is unpacked into an empty tree of a Platform without WME",
            for_all(kArchive, implies(unpacked(kArchive) == "running",
                                      all_of({content(target(kArchive)) == "empty",
                                              setup(machine(target(kArchive))) == "absent"})))),
      lemma("a snapshot is deleted only after the inventories are compared",
            for_all(kSnapshot, implies(under_way("delete-snapshot", {kSnapshot}) == "yes",
                                       compared() == "yes"))),
      lemma("an archive that is being verified is copied",
            for_all(kArchive, implies(under_way("verify-archive", {kArchive}) == "yes",
                                      archive(kArchive) == "copied"))),
  };
}

/// Beside the claims of INV-09, INV-26 and INV-36, which serve as lemmas themselves.
std::vector<Lemma> of_platform_lemmas() {
  return {
      lemma("while there is a new Platform, the old one does not run",
            any_of({in(power(kNewPlatform), {"absent", "terminated"}),
                    in(power(kOldPlatform), {"stopped", "terminating", "terminated"})})),
      lemma("the machines of today were launched long ago",
            for_all(kMachine, old_one(kMachine), power(kMachine) != "absent")),
      lemma("the Platform of today was set up long ago",
            negation(in(setup(kOldPlatform), {"initializing", "initialized", "syncing"}))),
      lemma("the instances of today were added long ago",
            for_all(kInstance, old_one(kInstance), record(kInstance) != "configuring")),
      lemma("the volumes of today were created long ago",
            for_all(kVolume, old_one(kVolume),
                    negation(in(volume(kVolume), {"absent", "creating"})))),
      lemma("only a Platform that runs, or is going, has volumes mounted",
            for_all(kVolume, implies(mounted(kVolume) == "yes",
                                     in(power(machine(kVolume)), {"running", "terminating"})))),
      lemma("both trees of today are in /etc/fstab",
            for_all(kStore, old_one(kStore), fstab(kStore) == "valid")),
  };
}

std::vector<Lemma> of_tree_lemmas() {
  return {
      lemma("a volume that there is holds a tree",
            for_all(kVolume, implies(in(volume(kVolume),
                                        {"available", "attaching", "attached", "detaching"}),
                                     content(kVolume) != "empty"))),
      lemma("no volume is ever formatted",
            for_all(kVolume, under_way("format-store", {kVolume}) == "no")),
      lemma("a mounted volume holds a tree",
            for_all(kVolume, implies(mounted(kVolume) == "yes", content(kVolume) != "empty"))),
      lemma("a mounted volume was created",
            for_all(kVolume, implies(mounted(kVolume) == "yes",
                                     negation(in(volume(kVolume), {"absent", "creating"}))))),
      lemma("an unpacked archive has filled its tree",
            for_all(kArchive,
                    implies(unpacked(kArchive) == "yes", content(target(kArchive)) != "empty"))),
      lemma("the trees of an initialized Platform are not empty",
            for_all(kPlatform,
                    any_of({setup(kPlatform) == "absent", for_all(kStore, is_on(kStore, kPlatform),
                                                                  content(kStore) != "empty")}))),
      lemma("the trees of today are neither empty nor torn",
            for_all(kStore, old_one(kStore), negation(in(content(kStore), {"empty", "torn"})))),
      lemma(
          "the volumes of a Platform that is being initialized are mounted",
          for_all(kPlatform, any_of({setup(kPlatform) != "initializing",
                                     for_all(kStore, all_of({volumes(), is_on(kStore, kPlatform)}),
                                             mounted(kStore) == "yes")}))),
      lemma("the volumes of an initialized Platform were created",
            for_all(kPlatform,
                    any_of({setup(kPlatform) == "absent",
                            for_all(kVolume, is_on(kVolume, kPlatform),
                                    negation(in(volume(kVolume), {"absent", "creating"})))}))),
      lemma("once the inventories are compared, the new volumes were created",
            for_all(kVolume, new_one(kVolume),
                    any_of({compared() == "no",
                            negation(in(volume(kVolume), {"absent", "creating"}))}))),
      lemma("a volume is created from a complete snapshot that was taken while nobody wrote",
            for_all(kVolume, new_one(kVolume),
                    implies(volume(kVolume) == "creating",
                            all_of({snapshot(source(kVolume)) == "completed",
                                    consistent(source(kVolume)) == "yes"})))),
  };
}

}  // namespace

std::vector<Claim> claims_of(std::string_view rule) {
  static const std::vector<Claim> all = every_claim();
  std::vector<Claim> found;
  for (const Claim& claim : all)
    if (claim.rule == rule) found.push_back(claim);
  return found;
}

const std::vector<std::string>& data_loss_rules() {
  static const std::vector<std::string> all = {
      "INV-02", "INV-03", "INV-05", "INV-09", "INV-10", "INV-11", "INV-12", "INV-13",
      "INV-14", "INV-15", "INV-22", "INV-23", "INV-24", "INV-25", "INV-26", "INV-27",
      "INV-28", "INV-29", "INV-36", "INV-37", "INV-38", "INV-39", "INV-40", "INV-43"};
  return all;
}

const std::vector<Lemma>& lemmas() {
  static const std::vector<Lemma> all = [] {
    std::vector<Lemma> made;
    for (auto* group : {of_container_lemmas, of_backup_lemmas, of_platform_lemmas, of_tree_lemmas})
      for (Lemma& each : group()) made.push_back(std::move(each));
    return made;
  }();
  return all;
}

}  // namespace wme::model::smt
