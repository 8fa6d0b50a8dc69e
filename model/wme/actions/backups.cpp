#include "model/wme/actions/groups.hpp"

namespace wme::model {

namespace {

/// What a backup of /wm-data catches at the instant it is taken: the newest of each container whose
/// newest is in that tree, something older of all others; and whether anybody was writing.
std::vector<Effect> capture(const Var& backup) {
  const Term tree = store(backup);
  const Formula holds_containers = has_role(backup, "wm-data");
  const Formula quiet = all_of({in(setup(machine(tree)), {"stopped", "initialized", "absent"}),
                                docker(machine(tree)) == "stopped"});
  const Formula in_tree = newest(kContainer) == "old-platform";
  return {for_each(kContainer, holds_containers, set_if(in_tree, captured(kContainer), "newest")),
          for_each(kContainer, holds_containers,
                   set_if(negation(in_tree), captured(kContainer), "stale")),
          set_if(quiet, consistent(backup), "yes"),
          set_if(negation(quiet), consistent(backup), "torn")};
}

/// What was caught is worth nothing when the backup itself did not come about.
std::vector<Effect> nothing_captured(const Var& backup) {
  return {for_each(kContainer, has_role(backup, "wm-data"), set(captured(kContainer), "nothing")),
          set(consistent(backup), "unknown")};
}

std::vector<Effect> with(Effect first, std::vector<Effect> rest) {
  rest.insert(rest.begin(), std::move(first));
  return rest;
}

Action take_snapshot() {
  return {.name = "take-snapshot",
          .runbook = "A13",
          .door = Door::kCloud,
          .imperative = "Snapshot the volume {s.store} as {s} and wait until it is completed",
          .parameters = {kSnapshot},
          .applies = always(),
          .guard = {{in(snapshot(kSnapshot), {"absent", "error"}), "{s} was taken already"},
                    {in(volume(store(kSnapshot)), {"attached", "available"}),
                     "the volume of {s} is not there"}},
          // The content is fixed when the call returns, not when the snapshot is completed.
          .request = with(set(snapshot(kSnapshot), "pending"), capture(kSnapshot)),
          .outcomes = {{"done", {set(snapshot(kSnapshot), "completed")}},
                       {"failed",
                        with(set(snapshot(kSnapshot), "error"), nothing_captured(kSnapshot))}},
          .typical = std::chrono::seconds(600),
          .deadline = std::chrono::minutes(120),
          .irreversible = "",
          .source = "[doc: DR, BR]"};
}

Action delete_snapshot() {
  return {
      .name = "delete-snapshot",
      .runbook = "",
      .door = Door::kCloud,
      .imperative = "Delete the snapshot {s}",
      .parameters = {kSnapshot},
      .applies = always(),
      .guard = {{in(snapshot(kSnapshot), {"pending", "completed", "error"}), "{s} does not exist"}},
      .request = {},
      .outcomes = {{"done", with(set(snapshot(kSnapshot), "absent"), nothing_captured(kSnapshot))}},
      .typical = std::chrono::seconds(5),
      .deadline = std::chrono::minutes(5),
      .irreversible = "the snapshot is gone",
      .source = "provider-general"};
}

Action write_archive() {
  return {
      .name = "write-archive",
      .runbook = "A13",
      .door = Door::kHost,
      .imperative = "Archive {a.store} of the Platform into {a}",
      .parameters = {kArchive},
      .applies = always(),
      .guard = {{in(archive(kArchive), {"absent", "damaged"}), "{a} was written already"},
                while_reachable(machine(store(kArchive)), "the Platform cannot be reached")},
      .request = with(set(archive(kArchive), "writing"), capture(kArchive)),
      .outcomes = {{"done", {set(archive(kArchive), "written")}},
                   {"failed", with(set(archive(kArchive), "absent"), nothing_captured(kArchive))}},
      .typical = std::chrono::seconds(900),
      .deadline = std::chrono::minutes(180),
      .irreversible = "",
      .source = "[doc: DR]; /wm-runtime [assumed], see 7-09"};
}

Action copy_archive() {
  return {.name = "copy-archive",
          .runbook = "A13",
          .door = Door::kHost,
          .imperative = "Copy {a} off the Platform into the backup store",
          .parameters = {kArchive},
          .applies = always(),
          .guard = {{archive(kArchive) == "written", "{a} is not written"},
                    while_reachable(machine(store(kArchive)), "the Platform cannot be reached")},
          .request = {set(archive(kArchive), "copying")},
          .outcomes = {{"done", {set(archive(kArchive), "copied")}},
                       {"failed", {set(archive(kArchive), "written")}}},
          .typical = std::chrono::seconds(900),
          .deadline = std::chrono::minutes(180),
          .irreversible = "",
          .source = "[doc: DR]"};
}

Action verify_archive() {
  return {.name = "verify-archive",
          .runbook = "A13",
          .door = Door::kHost,
          .imperative = "Compare the checksum of {a} in the backup store with the original's",
          .parameters = {kArchive},
          .applies = always(),
          .guard = {{archive(kArchive) == "copied", "{a} is not copied"},
                    while_reachable(machine(store(kArchive)), "the Platform cannot be reached")},
          .request = {},
          .outcomes = {{"done", {set(archive(kArchive), "verified")}},
                       {"failed", {set(archive(kArchive), "damaged")}}},
          .typical = std::chrono::seconds(300),
          .deadline = std::chrono::minutes(60),
          .irreversible = "",
          .source = "verification [assumed]"};
}

Action fetch_archive() {
  return {
      .name = "fetch-archive",
      .runbook = "B05",
      .door = Door::kHost,
      .imperative = "Copy {a} from the backup store to the new Platform and check it",
      .parameters = {kArchive},
      .applies = always(),
      .guard = {{fetched(kArchive) == "no", "{a} is on the new Platform already"},
                {archive(kArchive) == "verified", "{a} is not verified in the backup store"},
                while_reachable(machine(target(kArchive)), "the new Platform cannot be reached")},
      .request = {set(fetched(kArchive), "copying")},
      .outcomes = {{"done", {set(fetched(kArchive), "yes")}},
                   {"failed", {set(fetched(kArchive), "no")}}},
      .typical = std::chrono::seconds(900),
      .deadline = std::chrono::minutes(180),
      .irreversible = "",
      .source = "[doc: DR]"};
}

Action unpack_archive() {
  return {
      .name = "unpack-archive",
      .runbook = "B05",
      .door = Door::kHost,
      .imperative = "Unpack {a} into the empty {a.target} of the new Platform",
      .parameters = {kArchive},
      .applies = always(),
      .guard = {{unpacked(kArchive) == "no", "{a} is unpacked already"},
                {fetched(kArchive) == "yes", "{a} is not on the new Platform"},
                {artefact("package") == "extracted",
                 "the installer, whose option it is, is not extracted"},
                while_reachable(machine(target(kArchive)), "the new Platform cannot be reached")},
      .request = {set(unpacked(kArchive), "running")},
      .outcomes =
          {{"done",
            {set(unpacked(kArchive), "yes"),
             set_if(all_of({consistent(kArchive) == "yes", content(target(kArchive)) == "empty"}),
                    content(target(kArchive)), "restored"),
             set_if(negation(all_of(
                        {consistent(kArchive) == "yes", content(target(kArchive)) == "empty"})),
                    content(target(kArchive)), "torn")}},
           {"failed", {set(unpacked(kArchive), "no"), set(content(target(kArchive)), "torn")}}},
      .typical = std::chrono::seconds(900),
      .deadline = std::chrono::minutes(180),
      .irreversible = "",
      .source = "[doc: DR] [shot: data-un-tar.png]"};
}

}  // namespace

std::vector<Action> backup_actions() {
  return {take_snapshot(), write_archive(),  copy_archive(),   verify_archive(),
          fetch_archive(), unpack_archive(), delete_snapshot()};
}

}  // namespace wme::model
