#include "model/wme/rules.hpp"

#include <algorithm>

#include "model/wme/actions.hpp"
#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

// Formulas that several rules share.

Formula all_parked() { return for_all(kContainer, run(kContainer) == "passivated"); }

/// Every member of the backup set is complete: snapshots completed, archives verified off-site.
Formula backup_complete() {
  return all_of({for_all(kSnapshot, snapshot(kSnapshot) == "completed"),
                 for_all(kArchive, archive(kArchive) == "verified")});
}

Formula backup_untouched() {
  return all_of({for_all(kSnapshot, snapshot(kSnapshot) == "absent"),
                 for_all(kArchive, archive(kArchive) == "absent")});
}

/// `body`, if the action's machine is that Platform.
Formula if_machine_is(const char* which, Formula body) {
  return any_of({negation(attribute("entity", {Term(kMachine)}, {which})), std::move(body)});
}

Formula services_down(Term p) {
  return in(setup(std::move(p)), {"absent", "initialized", "stopped"});
}

Formula same_address() { return fact("address-changes", "no"); }
Formula same_version() { return fact("version-changes", "no"); }

/// The trees of p are where the installer and the services look for them.
Formula trees_in_place() {
  return all_of(
      {for_all(kStore, all_of({volumes(), same(machine(kStore), kPlatform)}),
               mounted(kStore) == "yes"),
       for_all(kArchive, same(machine(target(kArchive)), kPlatform), unpacked(kArchive) == "yes")});
}

Formula tree_is(std::vector<std::string> contents) {
  return for_all(kStore, same(machine(kStore), kPlatform),
                 in(content(kStore), std::move(contents)));
}

Rule ordering(std::string id, std::string statement, std::string loss, std::string source,
              std::vector<OrderingRule> before) {
  Rule rule;
  rule.id = std::move(id);
  rule.statement = std::move(statement);
  rule.loss = std::move(loss);
  rule.source = std::move(source);
  rule.before = std::move(before);
  return rule;
}

Rule with_state(Rule rule, Formula state, std::string sentence) {
  rule.state = std::move(state);
  rule.state_sentence = std::move(sentence);
  return rule;
}

Rule other(std::string id, Enforcement enforcement, std::string statement, std::string loss,
           std::string source, std::string how) {
  Rule rule = ordering(std::move(id), std::move(statement), std::move(loss), std::move(source), {});
  rule.otherwise = enforcement;
  rule.how = std::move(how);
  return rule;
}

/// INV-01 … INV-20: before and while the installation is put down.
std::vector<Rule> dehydration_rules() {
  return {
      ordering("INV-01",
               "Login is restricted (3 min elapsed) before the first hibernate and until the final "
               "check",
               "DL: a user re-activates a parked container after its check", "[doc: USR] + derived",
               {{{"hibernate-container", "passivate-container", "check-shard", "stop-services",
                  "compare-inventory"},
                 gate() == "restricted",
                 "logins are not restricted: a user may wake what is parked"}}),
      other("INV-02", Enforcement::kOrdering,
            "A container is passivated only from STOPPED; RUNNING -> PASSIVATED never",
            "CO: live files copied", "[shot: containers-stop.png] [doc: PAS]", ""),
      ordering(
          "INV-03", "Instance is STOPPED before instance-level Passivate",
          "DL: new container lands after the sweep", "[doc: DR]",
          {{{"passivate-container"},
            all_of({implies(place(kContainer) == "home", record(home(kContainer)) == "stopped"),
                    implies(place(kContainer) == "successor",
                            record(successor(home(kContainer))) == "stopped")}),
            "the instance of container {c} still takes containers"}}),
      other("INV-04", Enforcement::kExecutor,
            "Every transition is asynchronous: poll the state, never trust the accepted request; "
            "the poll has a deadline and reads failures",
            "DL: next step runs on half-done state", "[doc: DR \"wait till\"] [doc: ALR]",
            "the executor ends a step only when it has observed its outcome; each action has a "
            "deadline"),
      with_state(
          ordering(
              "INV-05",
              "All containers of all shards STUDIO, QA/Demo, STAGE, LIVE are PASSIVATED before "
              "CW Stop",
              "DL: `/data` is not in the backup", "[doc: DR]",
              {{{"stop-services", "take-snapshot", "write-archive"},
                all_parked(),
                "a container is not parked: its work is not in /wm-data"}}),
          for_all(kContainer, any_of({negation(in(setup(kOldPlatform), {"stopping", "stopped"})),
                                      negation(place(kContainer) == "home")})),
          "WME is stopped while a container's work is still on its instance"),
      ordering("INV-06",
               "Proof of 05 is re-read after the last instance (IP and port blank) and by a second "
               "way",
               "DL: auto-start or new user slipped in", "[doc: DR cross-check, RUN]",
               {{{"stop-services"},
                 any_of({new_one(kPlatform), for_all(kShard, checked(kShard) == "yes")}),
                 "a shard was not read again after its last instance"},
                {{"stop-services"},
                 any_of({new_one(kPlatform), fact("counts-containers", "no"), counted() == "yes"}),
                 "check_nonpassivate_ctnrs.sh has not confirmed it"}}),
      ordering("INV-07",
               "Platform services (Cloud Manager, DB, backup server:2200) stay RUNNING during "
               "passivation: CW Stop strictly after 05",
               "AV/DL: passivation cannot finish", "[script: TF port] derived",
               {{{"stop-services"},
                 for_all(kContainer, run(kContainer) != "passivating"),
                 "a container is just being parked and needs the services"}}),
      ordering(
          "INV-08", "Passivation Check green and `/wm-data` free >= bytes to receive, before A06",
          "DL: truncated snapshot", "[shot: health] [doc: ALR] derived",
          {{{"passivate-container"},
            any_of({negation(place(kContainer) == "home"), health(home(kContainer)) == "green"}),
            "the Passivation Check of its instance was not seen green"}}),
      ordering("INV-09",
               "CW Stop is complete (all services Stopped) before docker stop, VM stop, reboot, "
               "snapshot or archive",
               "CO: PostgreSQL/GitLab torn", "[hist: wme-setup-guide-maintenance.md]",
               {{{"stop-docker", "stop-machine"},
                 for_all(kPlatform, same(kPlatform, kMachine), services_down(kPlatform)),
                 "the WME services on {m} are not all Stopped"},
                {{"stop-docker"},
                 for_all(kInstance, all_of({same(kInstance, kMachine), old_one(kInstance)}),
                         services_down(platform(kInstance))),
                 "the WME services are not all Stopped"},
                {{"unmount-store"},
                 services_down(machine(kStore)),
                 "the WME services are not all Stopped"},
                {{"take-snapshot"},
                 services_down(machine(store(kSnapshot))),
                 "the WME services are not all Stopped"}}),
      ordering("INV-10", "`--data-archive` only with WME stopped", "CO as 09", "[doc: DR order]",
               {{{"write-archive"},
                 services_down(machine(store(kArchive))),
                 "the WME services are not all Stopped"}}),
      ordering(
          "INV-11",
          "Backup set = `/wm-data` **and** `/wm-runtime`, same quiesced window, same epoch id",
          "CO: config and DB from different times; CW asks for a new password", "[doc: DR]",
          {{{"launch-machine"},
            if_machine_is(kNewPlatform, backup_complete()),
            "the backup set is not complete: /wm-data and /wm-runtime, both verified"},
           {{"start-services"},
            any_of({new_one(kPlatform), backup_untouched(), backup_complete()}),
            "only a part of the backup set is taken: WME on {p} would write before the rest"}}),
      with_state(ordering("INV-12",
                          "No write to either volume between quiesce and snapshot completion "
                          "(fence: services down, docker down, unmounted)",
                          "CO", "[hist: wme-setup-guide-upgrading.md] derived",
                          {{{"take-snapshot"},
                            all_of({docker(machine(store(kSnapshot))) == "stopped",
                                    mounted(store(kSnapshot)) == "no"}),
                            "the volume of {s} can still be written to"},
                           {{"write-archive"},
                            docker(machine(store(kArchive))) == "stopped",
                            "docker can still write to the tree of {a}"},
                           {{"start-docker"},
                            all_of({for_all(kSnapshot, snapshot(kSnapshot) != "pending"),
                                    for_all(kArchive, archive(kArchive) != "writing")}),
                            "a backup is being taken"},
                           {{"mount-store"},
                            for_all(kSnapshot, same(store(kSnapshot), kStore),
                                    snapshot(kSnapshot) != "pending"),
                            "a snapshot of {st} is being taken"}}),
                 for_all(Var{"b", "backup"}, consistent(Var{"b", "backup"}) != "torn"),
                 "a backup was taken while somebody wrote to its tree"),
      ordering("INV-13", "Unmounted before detach; VM stopped or fs synced before detach",
               "CO: ext4 journal", "[hist: umount step] provider-general",
               {{{"stop-machine"},
                 for_all(kStore, all_of({volumes(), same(machine(kStore), kMachine)}),
                         mounted(kStore) == "no"),
                 "a volume of {m} is still mounted"},
                // Of a machine that was stopped everything is unmounted, whatever its fstab says.
                {{"detach-volume"},
                 any_of({mounted(kVolume) == "no",
                         in(power(machine(kVolume)), {"stopped", "terminated"})}),
                 "{v} is still mounted"}}),
      ordering("INV-14",
               "Nothing is deleted or terminated until the snapshot is `completed` / data.tar is "
               "copied off and its checksum matches",
               "DL", "derived",
               {{{"terminate-machine", "delete-volume"},
                 backup_complete(),
                 "the backup set is not complete"}}),
      ordering(
          "INV-15",
          "Data volumes are not `delete_on_termination` (or are detached) before the old VM is "
          "terminated",
          "DL: Terraform default deletes them",
          "[script: TF] vs [shot: platform-instance-storage.png]",
          {{{"terminate-machine"},
            for_all(kVolume, same(machine(kVolume), kMachine),
                    in(volume(kVolume), {"available", "deleted", "absent"})),
            "a data volume is still attached to {m} and may be deleted with it"}}),
      ordering("INV-16",
               "NIC/ENI id, IP, interface name and CIDR are recorded before the VM stops being "
               "reachable",
               "AV: cannot rebuild the same network", "[doc: DR] [hist]",
               {{{"stop-machine"},
                 if_machine_is(kOldPlatform, network_notes() == "yes"),
                 "the Platform's network is not written down (A02)"},
                {{"detach-address", "unmount-store"},
                 network_notes() == "yes",
                 "the Platform's network is not written down (A02)"}}),
      ordering("INV-17", "VM stopped before NIC detach; primary NIC never detached",
               "AV: call rejected", "[doc: DR] provider-general",
               {{{"detach-address"},
                 in(power(kOldPlatform), {"stopped", "terminated"}),
                 "the old Platform is not stopped"}}),
      other("INV-18", Enforcement::kExecutor,
            "GCP internal address stays reserved for the whole gap", "AV/SB: someone else gets it",
            "[doc: DR] derived", "no action of the model releases an address; drivers only detach"),
      other("INV-19", Enforcement::kInputCheck,
            "`/wm-data` has room for data.tar next to the data (used <= ~half), archive does not "
            "include an older data.tar",
            "AV: disk full mid-archive", "[doc: DR location] derived",
            "the inventory of an ESXi or Hyper-V installation: wm_data used against its size"),
      ordering("INV-20",
               "The stopped old Platform is never booted again without voiding the proof: CW "
               "auto-starts WME on boot",
               "SB/CO: old copy diverges after the backup", "[doc: OSU] derived",
               {{{"start-machine"},
                 // Going back before there is a new one is the abort that INV-63 speaks of.
                 if_machine_is(kOldPlatform, in(power(kNewPlatform), {"absent", "terminated"})),
                 "there is a new Platform: booted again, the old one diverges from it"}}),
  };
}

/// INV-21 … INV-40: while the installation comes back.
std::vector<Rule> rehydration_rules() {
  return {
      ordering("INV-21", "New Platform has the same IP as the old",
               "AV: external docker daemons, registry and URLs hold it", "[doc: DR, BR]",
               {{{"initialize"},
                 any_of({fact("address-changes", "yes"), address() == "new-platform"}),
                 "the new Platform does not have the old one's address"}}),
      with_state(
          ordering("INV-22",
                   "Old Platform is stopped (not just NIC-less) before the new one takes the IP or "
                   "volumes",
                   "SB", "derived",
                   {{{"launch-machine"},
                     if_machine_is(
                         kNewPlatform,
                         all_of({in(power(kOldPlatform), {"stopped", "terminated"}),
                                 any_of({fact("address-changes", "yes"), address() == "free"})})),
                     "the old Platform still runs, or still holds the address"},
                    {{"attach-address"},
                     in(power(kOldPlatform), {"stopped", "terminated"}),
                     "the old Platform is not stopped"},
                    // Somebody may have booted it again meanwhile; then WME starts by itself there.
                    {{"sync-setup"},
                     negation(in(setup(kOldPlatform), {"starting", "running"})),
                     "the old Platform serves again: stop it first"}}),
          negation(all_of({in(setup(kOldPlatform), {"starting", "running"}),
                           in(setup(kNewPlatform), {"starting", "syncing", "running"})})),
          "the old and the new Platform both serve"),
      other("INV-23", Enforcement::kOrdering, "One volume, one VM", "CO", "provider-general", ""),
      ordering("INV-24",
               "mkfs only on a device with no filesystem signature; never on a restored volume",
               "DL", "[script: PI filter] [hist: restore-aws.md]",
               {{{"format-store"}, content(kStore) == "empty", "{st} has a filesystem with data"}}),
      with_state(
          ordering("INV-25",
                   "Mount by UUID/content, not device letter; `/wm-data` and `/wm-runtime` not "
                   "swapped",
                   "CO", "[shots 1.1] derived",
                   {{{"mount-by-letter"},
                     negation(letters_are_ambiguous(kStore)),
                     "another volume is attached and not mounted: the letter may be that one's"}}),
          for_all(kStore, mounted(kStore) != "swapped"),
          "another tree is mounted in the place of one of WME's"),
      ordering("INV-26",
               "fstab: exactly one line per mount, UUID, `defaults,nofail`; no duplicates; applies "
               "to both volumes",
               "AV: boot hang without nofail or bad line", "[doc: DR] [hist: no duplicates]",
               {{{"initialize"},
                 for_all(kStore, all_of({volumes(), same(machine(kStore), kPlatform)}),
                         fstab(kStore) == "valid"),
                 "/etc/fstab does not mount both trees"}}),
      with_state(ordering("INV-27",
                          "Because of nofail, mount points are verified before any installer, "
                          "docker or CW start",
                          "DL/CO: WME initializes an empty tree on the root disk",
                          "derived from [doc: DR, OSU]",
                          {{{"enter-portal", "migrate", "sync-setup", "start-services"},
                            trees_in_place(),
                            "/wm-data or /wm-runtime is not in place on {p}"}}),
                 for_all(kStore, content(kStore) != "fresh"),
                 "WME works on a fresh, empty tree instead of the restored one"),
      ordering(
          "INV-28", "Volumes mounted before installer and before untar", "CO as 27",
          "[doc: DR order]",
          {{{"initialize"}, trees_in_place(), "/wm-data or /wm-runtime is not in place on {p}"}}),
      with_state(
          ordering("INV-29",
                   "Untar only into an empty `/wm-data`, WME down, archive checksum equal to "
                   "source",
                   "CO: mixed generations", "derived",
                   {{{"unpack-archive"},
                     all_of({setup(machine(target(kArchive))) == "absent",
                             content(target(kArchive)) == "empty"}),
                     "the tree is not empty, or WME is not down"},
                    {{"initialize"},
                     for_all(kStore, same(machine(kStore), kPlatform), content(kStore) != "torn"),
                     "a tree on {p} is torn: empty it and restore it again"}}),
          // A tree that tore when tar failed does no harm until WME finds it.
          for_all(kStore, any_of({content(kStore) != "torn", setup(machine(kStore)) == "absent"})),
          "WME is there beside a tree that holds a torn or mixed restore"),
      other("INV-30", Enforcement::kInputCheck, "Restored volume size >= source", "AV",
            "provider-general", "new volumes take the size of their source from the inventory"),
      other(
          "INV-31", Enforcement::kInputCheck,
          "DR uses exactly the version of the data (full build string)", "CO", "[doc: DR]",
          "one version in the inventory for data and package; the package's address must name it"),
      ordering("INV-32", "Package checksum OK before extraction; a mismatch stops the run", "CO",
               "[doc: DLI]",
               {{{"extract-artefact"},
                 artefact(kArtefact) == "verified",
                 "the checksum of {f} was not checked"}}),
      other("INV-33", Enforcement::kOrdering,
            "Package extracted before tarballs go into `resources/`; both tarballs before migrate; "
            "script copied before run",
            "AV", "[doc: DR]", ""),
      other("INV-34", Enforcement::kInputCheck,
            "Same docker CIDR as before, prefix <= 24, disjoint from the LAN and all instance IPs",
            "AV: container addresses and firewall rules break", "[doc: DR, PRE]",
            "the inventory's cidr is judged when it is read, given to the installer as it stands, "
            "and compared with the noted one"),
      other("INV-35", Enforcement::kExecutor,
            "Same ssh-key choice and same internal user as before",
            "AV: Platform cannot reach instances", "[doc: UNR note]",
            "the installer's prompts are answered from the inventory"),
      ordering("INV-36", "Order initialize < migrate < ConfigWizard/Sync",
               "CO: 11.x services start on 10.13 stores", "[doc: DR note]",
               {{{"migrate"},
                 setup(kPlatform) == "initialized",
                 "the ConfigWizard was already used, or the installer has not run"},
                {{"enter-portal"},
                 any_of({same_version(), migrated(kPlatform) == "yes"}),
                 "the stores are not migrated yet"}}),
      ordering("INV-37",
               "Migrate runs only for a version change, once per (from,to), with an un-migrated "
               "snapshot kept; on failure restore, do not re-run blindly",
               "CO", "[doc: DR] derived",
               {{{"migrate"},
                 all_of({migrated(kPlatform) == "no", backup_complete()}),
                 "a migration was tried before, or there is no un-migrated backup"}}),
      ordering("INV-38", "Sync only after migrate exited 0", "CO", "[doc: DR]",
               {{{"sync-setup"},
                 any_of({same_version(), migrated(kPlatform) == "yes"}),
                 "the stores are not migrated yet"}}),
      ordering(
          "INV-39",
          "CW `setup` (set password) is never called on restored data; if CW offers it, stop: "
          "`/wm-runtime` did not come back",
          "DL: fresh install over old", "[doc: DR \"same password\"] derived",
          {{{"set-setup-password"},
            tree_is({"empty", "fresh"}),
            "there is data on {p}: a new setup password starts a fresh installation over it"}}),
      ordering("INV-40", "Clean / Factory Reset and INIT are never sent during rehydration",
               "DL: wipes users and projects", "[shot: cw-sync.png] [hist: maintenance]",
               {{{"clean-setup", "initialize-setup"},
                 tree_is({"empty"}),
                 "there is data on {p} that it would wipe"}}),
  };
}

/// INV-41 … INV-64: capacity, VCS addresses, upgrades, the end.
std::vector<Rule> completion_rules() {
  const Formula domains_verified = domains() == "verified";
  const char* const no_domains = "studio and app domains do not resolve to the Platform";
  const char* const not_compared = "the inventory after was not compared with the one before";
  return {
      ordering("INV-41",
               "Same studio and app domains; DNS to the Platform IP before Launchpad calls", "AV",
               "[doc: OSU, CWS]",
               {{{"check-license", "add-record", "activate-container", "compare-inventory"},
                 domains_verified,
                 no_domains},
                {{"lift-restriction"}, any_of({back_as_before(), domains_verified}), no_domains},
                {{"delete-record"},
                 any_of({setup(platform(kInstance)) == "running", domains_verified}),
                 no_domains}}),
      other("INV-42", Enforcement::kOrdering,
            "Capacity is changed only at state RUNNING and progress 100", "AV", "[doc: DR]", ""),
      ordering("INV-43",
               "An external instance is deleted only with zero RUNNING/STOPPED containers", "DL",
               "[doc: OSU]",
               {{{"delete-record"},
                 for_all(kContainer, same(home(kContainer), kInstance),
                         negation(place(kContainer) == "home")),
                 "a container on {i} is not parked: its work goes with the instance"},
                {{"terminate-machine"},
                 all_of({for_all(kContainer, same(home(kContainer), kMachine),
                                 negation(place(kContainer) == "home")),
                         for_all(kContainer, same(successor(home(kContainer)), kMachine),
                                 negation(place(kContainer) == "successor"))}),
                 "a container on {m} is not parked: its work goes with the machine"}}),
      ordering("INV-44",
               "Per shard: old record deleted before a new one with the same IP/name is added; an "
               "instance is in one shard only",
               "AV: duplicate refused", "[doc: DR] [hist]",
               {{{"add-record"},
                 record(predecessor(kInstance)) == "absent",
                 "the record of the instance whose place {i} takes is still there"}}),
      other("INV-45", Enforcement::kOrdering,
            "Blank `/data` on new externals in the passivated flow (no old `/data` attached)",
            "CO: two copies of a container", "[doc: DR] derived", ""),
      ordering(
          "INV-46", "`/data` mounted before Add Instance", "AV/DL: containers fill the root disk",
          "[doc: AWS, DEV] derived",
          {{{"add-record"}, data_disk(kInstance) == "mounted", "/data is not mounted on {i}"}}),
      ordering(
          "INV-47",
          "First activation in a shard only when >= 1 instance there is STARTED with Activation "
          "Check green",
          "AV: ContainerAllocationsFull / ActivationFailed", "[shot: health] [doc: ALR]",
          {{{"activate-container"},
            health(successor(home(kContainer))) == "green",
            "the Activation Check of the instance was not seen green"}}),
      ordering(
          "INV-48",
          "VCS update after instance replacement and while all containers are PASSIVATED, "
          "logins closed; both scripts, same pair; none skipped",
          "CO: DB and parked workspaces disagree, pushes go to a dead host", "[doc: DR] derived",
          {{{"rewrite-vcs-database", "rewrite-vcs-workspaces"},
            all_of({for_all(kInstance, new_one(kInstance), record(kInstance) == "started"),
                    all_parked(), gate() == "restricted"}),
            "instances are not replaced, a container is active, or logins are open"},
           {{"activate-container"},
            any_of({same_address(),
                    all_of({vcs_database() == "new-address", vcs_workspaces() == "new-address"})}),
            "the VCS addresses are not rewritten"}}),
      other("INV-49", Enforcement::kInputCheck, "VCS update skipped if old = new",
            "CO risk for nothing", "derived",
            "the two rewriting actions do not exist for an inventory whose address stays"),
      other("INV-50", Enforcement::kInputCheck,
            "Version path obeys the matrix (10.13.x for 11.1-11.8; 11.10.5 for 11.11.x)", "AV/CO",
            "[doc: UPS, RUN]", "`plan upgrade` refuses a path that is not in the matrix"),
      ordering("INV-51", "New ports open on both sides before the target version starts", "AV",
               "[doc: UPR]",
               {{{"sync-setup"},
                 for_all(kInstance, all_of({new_one(kInstance), fact("version-changes", "yes")}),
                         ports(kInstance) == "open"),
                 "the ports that the new version needs are not open"}}),
      other(
          "INV-52", Enforcement::kExecutor,
          "docker >= 24.0.6 where required; non-passivated check runs before the docker upgrade",
          "UPGRADE_FAILED; DL: old-driver layers unreadable",
          "[doc: DKU, RUN]; driver reason [assumed]",
          "prepare-instance reads the docker version of each new machine and refuses an older one; "
          "no plan upgrades docker in place"),
      other("INV-53", Enforcement::kOrdering,
            "In-place patch needs WME RUNNING; rehydration initialize needs it stopped/new: never "
            "mix",
            "AV", "[doc: UPR] vs [doc: DR]", ""),
      other("INV-54", Enforcement::kNotApplicable,
            "VM snapshot after passivation, before the patch: the patch cleans \"old data\" in the "
            "passivation server",
            "DL", "[shot: wme-patch-process.png] [doc: UPR]",
            "no plan patches in place: an upgrade is made on new machines (3d), from a backup"),
      other(
          "INV-55", Enforcement::kOrdering,
          "Platform fully upgraded (CW 100, new version) before instances are patched or Studio is "
          "used",
          "AV", "[doc: RUN]", ""),
      other("INV-56", Enforcement::kNotApplicable,
            "OS upgrade: docker stopped everywhere after backup; externals reboot before the "
            "Platform",
            "AV: Platform auto-starts and finds no instances", "[doc: OSU]",
            "no plan upgrades an operating system in place: new machines start from a new image"),
      other("INV-57", Enforcement::kNotApplicable, "Ubuntu 16.04 -> 20.04 in two hops", "AV",
            "[doc: OSU]", "no plan upgrades an operating system in place"),
      other("INV-58", Enforcement::kNotApplicable,
            "Unplanned path: Platform first (Start, RUNNING), then externals with same IPs, then "
            "Sync each",
            "AV/DL", "[doc: BR]",
            "the unplanned path (3e) restores machine images with un-parked containers; plans here "
            "start from a passivated backup"),
      other("INV-59", Enforcement::kNotApplicable,
            "Docker config script only after permissions are set (non-root)", "AV", "[doc: DKU]",
            "the docker upgrade in place (3f) is in no plan; prepare-instance sets permissions "
            "before docker starts"),
      ordering("INV-60", "License ACTIVE and capacity >= baseline before logins reopen", "AV",
               "[doc: PRE] derived",
               {{{"lift-restriction", "open-developer-ports"},
                 any_of({back_as_before(),
                         all_of({license() == "active", for_all(kInstance, new_one(kInstance),
                                                                record(kInstance) == "started")})}),
                 "the license or the capacity does not cover what there was"}}),
      ordering(
          "INV-61",
          "Inventory after = inventory before (ids, owners, shard; none missing, none doubled) "
          "before the login gate opens and before old media are deleted",
          "DL unnoticed", "derived",
          {{{"delete-snapshot", "delete-volume"}, compared() == "yes", not_compared},
           {{"lift-restriction", "open-developer-ports"},
            any_of({back_as_before(), compared() == "yes"}),
            not_compared},
           {{"terminate-machine"},
            any_of({new_one(kMachine), compared() == "yes"}),
            not_compared}}),
      other(
          "INV-62", Enforcement::kExecutor,
          "Passwords go in bodies/prompts and are redacted in logs; CW `setup` carries one in the "
          "query string, IA on the command line",
          "SE", "[script: PI]", "secrets have a type without a formatter; no driver calls `setup`"),
      ordering("INV-63",
               "Abort rule: until the new Platform first writes, going back = give the old VM its "
               "NIC and boot it; afterwards only a restore from the snapshot",
               "SB", "derived",
               {{{"start-machine"},
                 if_machine_is(kOldPlatform, setup(kNewPlatform) == "absent"),
                 "the new Platform has already written: only a restore leads back"},
                {{"start-machine"},
                 if_machine_is(kOldPlatform, any_of({one_disk(), fact("address-changes", "yes"),
                                                     address() == "old-platform"})),
                 "the old Platform has no address yet, and WME starts with it"},
                {{"terminate-machine"},
                 if_machine_is(kNewPlatform, setup(kNewPlatform) == "absent"),
                 "the new Platform has already written: it is not thrown away to go back"},
                {{"return-address"},
                 all_of({setup(kNewPlatform) == "absent",
                         in(power(kNewPlatform), {"absent", "terminated"})}),
                 "there is a new Platform: the address is not the old one's any more"},
                {{"return-address"},
                 power(kOldPlatform) == "stopped",
                 "the old Platform is not stopped: it gets its address before it is booted"}}),
      other(
          "INV-64", Enforcement::kExecutor,
          "All hosts' steps are idempotent or journaled: a crash between any two rows of section 3 "
          "must resume without repeating mkfs, untar, migrate, INIT, delete",
          "DL/CO", "derived",
          "the journal has the intent before and the outcome after each call; drivers look before "
          "they repeat"),
  };
}

/// The point of it all, over the ghost variables: nobody's work is lost.
std::vector<Rule> work_rules() {
  // A backup counts once it is there to restore from, not while it is being taken.
  const Formula backed_up =
      any_of({exists(kSnapshot, has_role(kSnapshot, "wm-data"), snapshot(kSnapshot) == "completed"),
              exists(kArchive, has_role(kArchive, "wm-data"), archive(kArchive) == "verified")});
  const Formula retrievable =
      any_of({newest(kContainer) != "gone", all_of({captured(kContainer) == "newest", backed_up})});
  // What no backup has, no restore can bring: of that, WORK-1 speaks.
  const Formula served_newest =
      any_of({setup(kNewPlatform) != "running", newest(kContainer) != "gone",
              captured(kContainer) != "newest"});
  const auto accepting_loss = [](Rule rule) {
    rule.accepted = "machine-lost";
    rule.accepted_why =
        "a machine that holds the only copy of somebody's work is a risk that WME carries every "
        "day; a backup ends it";
    return rule;
  };
  return {
      accepting_loss(with_state(
          ordering("WORK-1",
                   "The last saved work of every container is on a disk that is there, or in "
                   "the backup",
                   "DL: somebody's work is gone for good", "[doc: DR, BR] derived", {}),
          for_all(kContainer, retrievable), "the work of a container is gone for good")),
      accepting_loss(with_state(
          ordering("WORK-2",
                   "Once the new Platform serves, every container's last saved work is there",
                   "DL: the restore lost work that was saved", "[doc: DR] derived", {}),
          for_all(kContainer, served_newest),
          "the new Platform serves without a container's last saved work")),
  };
}

std::vector<Rule> every_rule() {
  std::vector<Rule> all;
  for (auto* group : {dehydration_rules, rehydration_rules, completion_rules, work_rules})
    for (Rule& rule : group()) all.push_back(std::move(rule));
  return all;
}

}  // namespace

std::string_view to_string(Enforcement enforcement) {
  switch (enforcement) {
    case Enforcement::kStateProperty:
      return "state property";
    case Enforcement::kOrdering:
      return "ordering rule";
    case Enforcement::kInputCheck:
      return "check of the inventory or plan";
    case Enforcement::kExecutor:
      return "rule of the executor";
    case Enforcement::kNotApplicable:
      return "not applicable";
  }
  return "?";
}

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> all = every_rule();
  return all;
}

const Rule* find_rule(std::string_view id) {
  for (const Rule& rule : all_rules())
    if (rule.id == id) return &rule;
  return nullptr;
}

std::vector<std::string> actions_guarded_by(std::string_view rule_id) {
  std::vector<std::string> names;
  for (const Action& action : all_actions())
    for (const Condition& condition : guard_of(action))
      if (condition.rule.find(rule_id) != std::string::npos &&
          std::find(names.begin(), names.end(), action.name) == names.end())
        names.push_back(action.name);
  return names;
}

std::vector<Enforcement> enforcements_of(const Rule& rule) {
  std::vector<Enforcement> ways;
  if (rule.state.kind != Formula::Kind::kTrue) ways.push_back(Enforcement::kStateProperty);
  if (!actions_guarded_by(rule.id).empty()) ways.push_back(Enforcement::kOrdering);
  if (ways.empty()) ways.push_back(rule.otherwise);
  return ways;
}

}  // namespace wme::model
