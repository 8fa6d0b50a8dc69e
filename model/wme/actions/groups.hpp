#pragma once

#include <vector>

#include "model/language/action.hpp"
#include "model/wme/vocabulary.hpp"

/// The actions by what they act on; one file each. `all_actions()` puts them together.
namespace wme::model {

std::vector<Action> installation_actions();  ///< baseline, gate, domains, license, VCS addresses
std::vector<Action> container_actions();
std::vector<Action> instance_actions();
std::vector<Action> platform_actions();   ///< WME's services and the ConfigWizard
std::vector<Action> machine_actions();    ///< virtual machines and the Platform's address
std::vector<Action> store_actions();      ///< volumes, mounts
std::vector<Action> backup_actions();     ///< snapshots and archives
std::vector<Action> installer_actions();  ///< package, tarballs, initialization, migration
std::vector<Action> environment_actions();

// What several actions share.

/// Variables named as in every action: one letter, one sort.
inline const Var kContainer{"c", "container"};
inline const Var kInstance{"i", "instance"};
inline const Var kMachine{"m", "machine"};
inline const Var kMachine2{"m2", "machine"};
inline const Var kPlatform{"p", "platform"};
inline const Var kStore{"st", "store"};
inline const Var kStore2{"st2", "store"};
inline const Var kVolume{"v", "volume"};
inline const Var kSnapshot{"s", "snapshot"};
inline const Var kArchive{"a", "archive"};
inline const Var kArtefact{"f", "artefact"};
inline const Var kArtefact2{"f2", "artefact"};
inline const Var kShard{"sh", "shard"};

inline const char* const kOldPlatform = "platform";
inline const char* const kNewPlatform = "platform-new";

Formula volumes();   ///< AWS, Azure, GCP: /wm-data is a disk of its own
Formula one_disk();  ///< ESXi, Hyper-V
Formula fact(const char* name, const char* value);
Formula old_one(Term x);
Formula new_one(Term x);
Formula has_role(Term x, const char* role);
/// Rigid: x is the entity that the action's parameter stands for.
Formula same(Term x, const Var& parameter);
/// Another volume of the same Platform is attached and not yet mounted: which of them has which
/// device letter, only what is on them tells.
Formula letters_are_ambiguous(const Var& store);
/// A command can be run there: it is up, and a new Platform has its address.
Formula reachable(Term m);
/// A condition of what works on the machine, from the request to the end.
Condition while_reachable(Term m, std::string otherwise);
/// The Platform of today serves, and its successor has not written anything: whoever opens it again
/// goes back to what there was (INV-63).
Formula back_as_before();
/// Launchpad answers for container c, where it is or would be.
Formula served(Term c);

/// What a boot of the machine brings back by itself: mounts, and on one disk the address.
std::vector<Effect> boot_effects(const Var& booted);

}  // namespace wme::model
