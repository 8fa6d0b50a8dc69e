#pragma once

#include <string>
#include <vector>

#include "model/language/formula.hpp"

/// The words of the model: sorts, rigid facts and fluents of a WME installation.
namespace wme::model {

struct Sort {
  std::string name;
  std::string parent;  ///< every entity of the sort is one of the parent too; may be empty
  std::string meaning;
};

/// A fact about an entity that never changes: to an entity ("home") or to a word ("role").
struct RigidFact {
  std::string name;
  std::string sort;    ///< of its argument; empty: of the whole installation
  std::string result;  ///< sort of the result, or the words it may be, separated by |
  std::string meaning;
};

/// How the executor learns a fluent's value.
enum class SeenBy {
  kLaunchpad,
  kConfigWizard,
  kCloud,
  kHost,
  kJournal,  ///< the executor itself made it so: it stands in the journal
  kGhost,    ///< nobody can see it; it carries what must not be lost
};
std::string_view to_string(SeenBy seen_by);

struct Fluent {
  std::string name;
  std::vector<std::string> sorts;   ///< of its arguments
  std::vector<std::string> values;  ///< the first one is the default
  SeenBy seen_by = SeenBy::kGhost;
  std::string meaning;  ///< for people: "{1}" is the first argument
  std::string source;
};

const std::vector<Sort>& sorts();
const std::vector<RigidFact>& rigid_functions();
const std::vector<RigidFact>& attributes();
const std::vector<Fluent>& fluents();

// Containers.
FluentTerm run(Term c);
FluentTerm place(Term c);
FluentTerm newest(Term c);
FluentTerm captured(Term c);
// External instances.
FluentTerm record(Term i);
FluentTerm health(Term i);
FluentTerm data_disk(Term i);
FluentTerm prepared(Term i);
FluentTerm ports(Term i);
// Machines.
FluentTerm power(Term m);
FluentTerm docker(Term m);
// Platforms.
FluentTerm setup(Term p);
FluentTerm portal(Term p);
FluentTerm rotate_script(Term p);
FluentTerm migrated(Term p);
// Trees, volumes, backups.
FluentTerm content(Term st);
FluentTerm mounted(Term st);
FluentTerm fstab(Term st);
FluentTerm volume(Term v);
FluentTerm snapshot(Term s);
FluentTerm archive(Term a);
FluentTerm fetched(Term a);
FluentTerm unpacked(Term a);
FluentTerm consistent(Term b);
// The installation as a whole.
FluentTerm address();
FluentTerm gate();
FluentTerm baseline();
FluentTerm compared();
FluentTerm network_notes();
FluentTerm checked(Term sh);
FluentTerm counted();
FluentTerm artefact(Term a);
FluentTerm domains();
FluentTerm license();
FluentTerm vcs_database();
FluentTerm vcs_workspaces();

// Rigid functions.
Term home(Term c);
Term shard(Term x);
Term successor(Term m);
Term predecessor(Term m);
Term machine(Term st);
Term platform(Term x);
Term source(Term st);
Term store(Term b);
Term target(Term b);
Term canary(Term sh);

}  // namespace wme::model
