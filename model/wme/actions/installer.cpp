#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

Condition new_platform_reachable() {
  return while_reachable(kNewPlatform, "the new Platform cannot be reached");
}

Formula is_tarball(Term f) { return attribute("part", {std::move(f)}, {"tarball"}); }

Action download_artefact() {
  return {.name = "download-artefact",
          .runbook = "B07/D02/D03",
          .door = Door::kHost,
          .imperative = "Download {f} and its checksum to the new Platform",
          .parameters = {kArtefact},
          .applies = attribute("needed", {Term(kArtefact)}, {"yes"}),
          .guard = {{artefact(kArtefact) == "absent", "{f} is there already"},
                    new_platform_reachable()},
          .request = {set(artefact(kArtefact), "downloading")},
          .outcomes = {{"done", {set(artefact(kArtefact), "downloaded")}},
                       {"failed", {set(artefact(kArtefact), "absent")}}},
          .typical = std::chrono::seconds(540),
          .deadline = std::chrono::minutes(90),
          .irreversible = "",
          .source = "[doc: DR, DLI] [shot: download-and-extract-package.png]",
          .rows = {{attribute("entity", {Term(kArtefact)}, {"migrations"}), "D02"},
                   {attribute("entity", {Term(kArtefact)}, {"rotation"}), "D03"}}};
}

Action verify_artefact() {
  return {.name = "verify-artefact",
          .runbook = "B07",
          .door = Door::kHost,
          .imperative = "Check the checksum of {f}: it must print OK",
          .parameters = {kArtefact},
          .applies = attribute("needed", {Term(kArtefact)}, {"yes"}),
          .guard = {{artefact(kArtefact) == "downloaded", "{f} is not downloaded"},
                    new_platform_reachable()},
          .request = {},
          .outcomes = {{"done", {set(artefact(kArtefact), "verified")}},
                       {"failed", {set(artefact(kArtefact), "absent")}}},
          .typical = std::chrono::seconds(30),
          .deadline = std::chrono::minutes(15),
          .irreversible = "",
          .source = "[doc: DLI]"};
}

Action extract_artefact() {
  return {
      .name = "extract-artefact",
      .runbook = "B08/D02/D03",
      .door = Door::kHost,
      .imperative = "Extract {f} into the installer's version directory",
      .parameters = {kArtefact},
      .applies = attribute("needed", {Term(kArtefact)}, {"yes"}),
      .guard = {{in(artefact(kArtefact), {"downloaded", "verified"}), "{f} is not downloaded"},
                new_platform_reachable(),
                // tar -C fails without the directory (D01).
                {for_all(kArtefact2, all_of({same(kArtefact2, kArtefact), is_tarball(kArtefact2)}),
                         artefact("package") == "extracted"),
                 "the version directory does not exist before the package is extracted",
                 Enforcer::kSystem, "INV-33"}},
      .request = {set(artefact(kArtefact), "extracting")},
      .outcomes = {{"done", {set(artefact(kArtefact), "extracted")}},
                   {"failed", {set(artefact(kArtefact), "verified")}}},
      .typical = std::chrono::seconds(120),
      .deadline = std::chrono::minutes(30),
      .irreversible = "",
      .source = "[doc: EXT, DR]",
      .rows = {{attribute("entity", {Term(kArtefact)}, {"migrations"}), "D02"},
               {attribute("entity", {Term(kArtefact)}, {"rotation"}), "D03"}}};
}

Action initialize() {
  return {.name = "initialize",
          .runbook = "B09/D04",
          .door = Door::kHost,
          .imperative = "Run the installer on {p}: same interface, same CIDR, same ssh keys",
          .parameters = {kPlatform},
          .applies = new_one(kPlatform),
          .guard = {{setup(kPlatform) == "absent", "WME is initialized on {p} already",
                     Enforcer::kSystem, "INV-53"},
                    new_platform_reachable(),
                    {artefact("package") == "extracted", "the installer is not extracted"}},
          .request = {set(setup(kPlatform), "initializing")},
          .outcomes = {{"done",
                        {set(setup(kPlatform), "initialized"), set(docker(kPlatform), "running"),
                         // Over an unmounted or unfilled tree it makes a new, empty one (INV-27).
                         for_each(kStore, all_of({volumes(), same(machine(kStore), kPlatform)}),
                                  set_if(mounted(kStore) == "no", content(kStore), "fresh")),
                         for_each(kStore, same(machine(kStore), kPlatform),
                                  set_if(content(kStore) == "empty", content(kStore), "fresh"))}},
                       {"failed", {set(setup(kPlatform), "absent")}}},
          .typical = std::chrono::seconds(600),
          .deadline = std::chrono::minutes(90),
          .irreversible = "the installer writes to the restored /wm-runtime from now on",
          .source = "[doc: DR, INI] [shot: setup-with-custom-user.png]",
          .rows = {{fact("version-changes", "yes"), "D04"}}};
}

Action copy_rotate_script() {
  return {.name = "copy-rotate-script",
          .runbook = "D05",
          .door = Door::kHost,
          .imperative = "Copy wme-rotate.sh into the installer directory of {p}",
          .parameters = {kPlatform},
          .applies = all_of({new_one(kPlatform), fact("version-changes", "yes")}),
          .guard = {{artefact("rotation") == "extracted", "the rotation tarball is not extracted",
                     Enforcer::kSystem, "INV-33"},
                    new_platform_reachable()},
          .request = {},
          .outcomes = {{"done", {set(rotate_script(kPlatform), "present")}}},
          .typical = std::chrono::seconds(1),
          .deadline = std::chrono::minutes(5),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action migrate() {
  return {
      .name = "migrate",
      .runbook = "D06",
      .door = Door::kHost,
      .imperative = "Migrate GitLab and PostgreSQL on {p} with wme-rotate.sh --migrate",
      .parameters = {kPlatform},
      .applies = all_of({new_one(kPlatform), fact("version-changes", "yes")}),
      .guard = {{rotate_script(kPlatform) == "present",
                 "wme-rotate.sh is not in the installer directory", Enforcer::kSystem, "INV-33"},
                {artefact("migrations") == "extracted", "the migrations tarball is not extracted",
                 Enforcer::kSystem, "INV-33"},
                {setup(kPlatform) != "absent", "WME is not initialized on {p}"},
                {docker(kPlatform) == "running", "docker is down on {p}"},
                new_platform_reachable()},
      .request = {set(migrated(kPlatform), "running")},
      .outcomes = {{"done", {set(migrated(kPlatform), "yes")}},
                   {"failed", {set(migrated(kPlatform), "failed")}}},
      .typical = std::chrono::seconds(1500),
      .deadline = std::chrono::minutes(120),
      .irreversible = "the restored stores no longer fit the old version",
      .source = "[doc: DR]; marker [assumed]"};
}

}  // namespace

std::vector<Action> installer_actions() {
  return {download_artefact(), verify_artefact(),    extract_artefact(),
          initialize(),        copy_rotate_script(), migrate()};
}

}  // namespace wme::model
