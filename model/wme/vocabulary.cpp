#include "model/wme/vocabulary.hpp"

#include <utility>

namespace wme::model {

std::string_view to_string(SeenBy seen_by) {
  switch (seen_by) {
    case SeenBy::kLaunchpad:
      return "launchpad";
    case SeenBy::kConfigWizard:
      return "config-wizard";
    case SeenBy::kCloud:
      return "cloud";
    case SeenBy::kHost:
      return "host";
    case SeenBy::kJournal:
      return "journal";
    case SeenBy::kGhost:
      return "ghost";
  }
  return "ghost";
}

const std::vector<Sort>& sorts() {
  static const std::vector<Sort> all = {
      {"container", "", "one user's or one app's docker container (wme.md 2.1)"},
      {"shard", "", "Developer Workspace (studio) or a phase: qa, stage, live (2.3)"},
      {"machine", "", "a virtual machine, of today or its successor (2.5)"},
      {"platform", "machine", "the machine with every platform service (1.1)"},
      {"instance", "machine", "an external instance: StudioWorkspace or AppDeployment (2.2)"},
      {"store", "", "a platform's /wm-data or /wm-runtime tree (1.2)"},
      {"volume", "store", "a store that is a disk of its own: AWS, Azure, GCP (2.5)"},
      {"backup", "", "what a store is saved in"},
      {"snapshot", "backup", "a cloud snapshot of one volume (2.5)"},
      {"archive", "backup", "data.tar, or the copy of /wm-runtime: ESXi, Hyper-V (2.5)"},
      {"artefact", "", "the installer package or a tarball for it (2.5)"},
  };
  return all;
}

const std::vector<RigidFact>& rigid_functions() {
  static const std::vector<RigidFact> all = {
      {"home", "container", "instance", "the instance of today that runs it, or ran it last"},
      {"shard", "container", "shard", "where it belongs (also of an instance)"},
      {"successor", "machine", "machine", "the new machine that takes a machine's place"},
      {"predecessor", "machine", "machine", "the machine of today whose place it takes"},
      {"machine", "store", "platform", "the Platform that has the tree"},
      {"platform", "instance", "platform", "the Platform of its generation"},
      {"source", "store", "backup", "what a new tree is restored from"},
      {"store", "backup", "store", "the tree that it saves"},
      {"target", "backup", "store", "the tree that it is restored to"},
      {"canary", "shard", "container", "the container that is tried first after a restore"},
  };
  return all;
}

const std::vector<RigidFact>& attributes() {
  static const std::vector<RigidFact> all = {
      {"provider", "", "aws|azure|gcp|esxi|hyper-v", "where the machines are"},
      {"storage", "", "volumes|one-disk", "whether /wm-data is a volume of its own (1.1)"},
      {"version-changes", "", "yes|no", "an upgrade, not a restore"},
      {"address-changes", "", "yes|no", "the Platform comes back with another address (7-25)"},
      {"address-comes", "", "by-attaching|with-launch",
       "whether a running machine can be given the Platform's address (1.4)"},
      {"gate-by", "", "launchpad|firewall", "login restriction exists since 11.3 (A03)"},
      {"counts-containers", "", "yes|no", "the installer has the non-passivated check (11.11+)"},
      {"generation", "machine", "old|new", "of today, or its successor (also of a store)"},
      {"kind", "machine", "platform|studio|app", "what runs there"},
      {"role", "store", "wm-data|wm-runtime", "which tree (also of a backup)"},
      {"address-kept", "machine", "yes|no", "a new machine has its predecessor's address"},
      {"needed", "artefact", "yes|no", "the procedure uses it"},
      {"has-canary", "shard", "yes|no", "there is a container to try first"},
      {"part", "artefact", "package|tarball", "the installer itself, or something put into it"},
  };
  return all;
}

const std::vector<Fluent>& fluents() {
  using S = SeenBy;
  static const std::vector<Fluent> all = {
      {"run",
       {"container"},
       {"passivated", "running", "hibernating", "stopped", "passivating", "activating", "failed"},
       S::kLaunchpad,
       "state of container {1} in Launchpad",
       "[shot: hibernate.png, containers-passivate.png]; transitional states [assumed]"},
      {"place",
       {"container"},
       {"parked", "home", "successor"},
       S::kLaunchpad,
       "where container {1} is: on its instance of today, on that one's successor, or nowhere",
       "[shot: containers-passivate.png]"},
      {"newest",
       {"container"},
       {"old-platform", "instance-disk", "new-platform", "gone"},
       S::kGhost,
       "where the last saved work of {1} is",
       "[doc: DR, BR]"},
      {"captured",
       {"container"},
       {"nothing", "stale", "newest"},
       S::kGhost,
       "what the backup of /wm-data has of {1}'s work",
       "[doc: DR]"},
      {"record",
       {"instance"},
       {"absent", "configuring", "started", "stopping", "stopped", "starting", "syncing",
        "deleting", "upgrade-failed"},
       S::kLaunchpad,
       "Launchpad's record of instance {1}",
       "[doc: DR, RUN] [shot: status-check.png]"},
      {"health",
       {"instance"},
       {"unknown", "green", "red"},
       S::kJournal,
       "what the health panel of {1} showed when it was last checked",
       "[shot: app-deployement-health-status.png]"},
      {"data_disk",
       {"instance"},
       {"absent", "blank", "formatted", "mounted"},
       S::kHost,
       "the /data disk of {1}",
       "[doc: DR, AWS]"},
      {"prepared",
       {"instance"},
       {"no", "yes"},
       S::kHost,
       "docker and the ssh user are set up on {1}",
       "[doc: DR, DEV]"},
      {"ports",
       {"instance"},
       {"unknown", "open"},
       S::kJournal,
       "the ports that the target version needs are open between {1} and the new Platform",
       "[doc: UPR]"},
      {"power",
       {"machine"},
       {"absent", "pending", "running", "stopping", "stopped", "terminating", "terminated"},
       S::kCloud,
       "the virtual machine {1}",
       "provider-general"},
      {"docker",
       {"machine"},
       {"stopped", "running"},
       S::kHost,
       "the docker service on {1}",
       "[doc: OSU]"},
      {"setup",
       {"platform"},
       {"absent", "initializing", "initialized", "starting", "running", "stopping", "stopped",
        "syncing", "failed"},
       S::kConfigWizard,
       "the WME services on {1}; running means progress 100",
       "[script: PI] [shot: cw-stop-settings.png]; transitional states [assumed]"},
      {"portal",
       {"platform"},
       {"unknown", "entered"},
       S::kJournal,
       "the ConfigWizard of {1} took the previous password",
       "[doc: DR]"},
      {"rotate_script",
       {"platform"},
       {"absent", "present"},
       S::kHost,
       "wme-rotate.sh in the installer directory of {1}",
       "[doc: DR]"},
      {"migrated",
       {"platform"},
       {"no", "running", "yes", "failed"},
       S::kHost,
       "the GitLab and PostgreSQL stores on {1} fit the new version",
       "[doc: DR]; marker [assumed]"},
      {"content",
       {"store"},
       {"empty", "live", "restored", "fresh", "torn"},
       S::kGhost,
       "what the tree {1} really holds",
       "[doc: DR]"},
      {"mounted",
       {"store"},
       {"no", "yes", "swapped"},
       S::kHost,
       "{1} is mounted at its place, or another tree is",
       "[doc: DR] [shots 1.1]"},
      {"fstab",
       {"store"},
       {"absent", "valid"},
       S::kHost,
       "/etc/fstab mounts {1} by UUID, with nofail",
       "[doc: DR]"},
      {"volume",
       {"volume"},
       {"absent", "creating", "available", "attaching", "attached", "detaching", "deleted",
        "error"},
       S::kCloud,
       "the disk {1}",
       "provider-general"},
      {"snapshot",
       {"snapshot"},
       {"absent", "pending", "completed", "error"},
       S::kCloud,
       "the snapshot {1}",
       "[doc: DR, BR]"},
      {"archive",
       {"archive"},
       {"absent", "writing", "written", "copying", "copied", "verified", "damaged"},
       S::kHost,
       "the archive {1} on the Platform and in the backup store",
       "[doc: DR, OSU]; verification [assumed]"},
      {"fetched",
       {"archive"},
       {"no", "copying", "yes"},
       S::kHost,
       "the archive {1} is on the new Platform and its checksum matches",
       "[doc: DR]"},
      {"unpacked",
       {"archive"},
       {"no", "running", "yes"},
       S::kHost,
       "the archive {1} is unpacked on the new Platform",
       "[doc: DR] [shot: data-un-tar.png]"},
      {"consistent",
       {"backup"},
       {"unknown", "yes", "torn"},
       S::kGhost,
       "nobody wrote to the tree while {1} was taken",
       "[hist: wme-setup-guide-upgrading.md]"},
      {"address",
       {},
       {"old-platform", "detaching", "free", "attaching", "new-platform"},
       S::kCloud,
       "who holds the Platform's address",
       "[doc: DR]"},
      {"gate",
       {},
       {"open", "restricting", "restricted"},
       S::kLaunchpad,
       "whether developers may log in",
       "[doc: USR]"},
      {"baseline", {}, {"no", "yes"}, S::kJournal, "the inventory before was taken", "[assumed]"},
      {"compared",
       {},
       {"no", "yes"},
       S::kJournal,
       "the inventory after equals the one before",
       "[assumed]"},
      {"network_notes",
       {},
       {"no", "yes"},
       S::kJournal,
       "interface, address and docker CIDR are written down",
       "[doc: DR] [hist: wme-setup-guide-upgrading.md]"},
      {"checked",
       {"shard"},
       {"no", "yes"},
       S::kJournal,
       "every container of shard {1} was seen parked, IP and port blank",
       "[doc: DR]"},
      {"counted",
       {},
       {"no", "yes"},
       S::kJournal,
       "check_nonpassivate_ctnrs.sh reported none",
       "[doc: RUN]"},
      {"artefact",
       {"artefact"},
       {"absent", "downloading", "downloaded", "verified", "extracting", "extracted"},
       S::kHost,
       "{1} on the new Platform",
       "[doc: DR, DLI, EXT]"},
      {"domains",
       {},
       {"unverified", "verified"},
       S::kHost,
       "studio and app domains resolve to the Platform's address",
       "[doc: CWS, PRE]"},
      {"license",
       {},
       {"unknown", "active"},
       S::kJournal,
       "the license was seen active on the new Platform, for as many developers as before",
       "[doc: LIC, PRE]"},
      {"vcs_database",
       {},
       {"old-address", "new-address"},
       S::kHost,
       "the VCS address in the Platform's database",
       "[doc: DR]"},
      {"vcs_workspaces",
       {},
       {"old-address", "new-address"},
       S::kHost,
       "the VCS address in the parked workspaces",
       "[doc: DR]"},
  };
  return all;
}

namespace {
FluentTerm of(const char* fluent, Term argument) { return {fluent, {std::move(argument)}}; }
}  // namespace

FluentTerm run(Term c) { return of("run", std::move(c)); }
FluentTerm place(Term c) { return of("place", std::move(c)); }
FluentTerm newest(Term c) { return of("newest", std::move(c)); }
FluentTerm captured(Term c) { return of("captured", std::move(c)); }
FluentTerm record(Term i) { return of("record", std::move(i)); }
FluentTerm health(Term i) { return of("health", std::move(i)); }
FluentTerm data_disk(Term i) { return of("data_disk", std::move(i)); }
FluentTerm prepared(Term i) { return of("prepared", std::move(i)); }
FluentTerm ports(Term i) { return of("ports", std::move(i)); }
FluentTerm power(Term m) { return of("power", std::move(m)); }
FluentTerm docker(Term m) { return of("docker", std::move(m)); }
FluentTerm setup(Term p) { return of("setup", std::move(p)); }
FluentTerm portal(Term p) { return of("portal", std::move(p)); }
FluentTerm rotate_script(Term p) { return of("rotate_script", std::move(p)); }
FluentTerm migrated(Term p) { return of("migrated", std::move(p)); }
FluentTerm content(Term st) { return of("content", std::move(st)); }
FluentTerm mounted(Term st) { return of("mounted", std::move(st)); }
FluentTerm fstab(Term st) { return of("fstab", std::move(st)); }
FluentTerm volume(Term v) { return of("volume", std::move(v)); }
FluentTerm snapshot(Term s) { return of("snapshot", std::move(s)); }
FluentTerm archive(Term a) { return of("archive", std::move(a)); }
FluentTerm fetched(Term a) { return of("fetched", std::move(a)); }
FluentTerm unpacked(Term a) { return of("unpacked", std::move(a)); }
FluentTerm consistent(Term b) { return of("consistent", std::move(b)); }
FluentTerm address() { return {"address", {}}; }
FluentTerm gate() { return {"gate", {}}; }
FluentTerm baseline() { return {"baseline", {}}; }
FluentTerm compared() { return {"compared", {}}; }
FluentTerm network_notes() { return {"network_notes", {}}; }
FluentTerm checked(Term sh) { return of("checked", std::move(sh)); }
FluentTerm counted() { return {"counted", {}}; }
FluentTerm artefact(Term a) { return of("artefact", std::move(a)); }
FluentTerm domains() { return {"domains", {}}; }
FluentTerm license() { return {"license", {}}; }
FluentTerm vcs_database() { return {"vcs_database", {}}; }
FluentTerm vcs_workspaces() { return {"vcs_workspaces", {}}; }

Term home(Term c) { return apply("home", std::move(c)); }
Term shard(Term x) { return apply("shard", std::move(x)); }
Term successor(Term m) { return apply("successor", std::move(m)); }
Term predecessor(Term m) { return apply("predecessor", std::move(m)); }
Term machine(Term st) { return apply("machine", std::move(st)); }
Term platform(Term x) { return apply("platform", std::move(x)); }
Term source(Term st) { return apply("source", std::move(st)); }
Term store(Term b) { return apply("store", std::move(b)); }
Term target(Term b) { return apply("target", std::move(b)); }
Term canary(Term sh) { return apply("canary", std::move(sh)); }

}  // namespace wme::model
