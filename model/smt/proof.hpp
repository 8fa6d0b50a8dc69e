#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "model/smt/claims.hpp"
#include "model/smt/solver.hpp"
#include "model/smt/transition.hpp"

/// Proofs that hold for any number of containers, instances and shards: what is claimed holds at
/// first, and every transition keeps it.
namespace wme::model::smt {

/// A step from a state that everything claimed allows to one that it does not. Nothing says that
/// the state before can be reached: it is a counterexample to the proof, not yet to the rule.
struct Counterexample {
  std::string broken;  ///< the claim or lemma, in words
  bool is_lemma = false;
  std::optional<Transition> transition;  ///< none: it does not hold to begin with
  Structure before;
  std::vector<std::string> story;  ///< lines, for people
};

struct ClaimProof {
  const Claim* claim = nullptr;
  Answer holds = Answer::kUnknown;
  Overtaking overtaking = Overtaking::kAllowed;  ///< kNo in kAllowed is tried in kExcluded
  std::set<std::string> lemmas;
  std::set<std::string> guards;  ///< "stop-services:4 (INV-05)"
  std::size_t questions = 0;     ///< that the solver answered for it
  std::optional<Counterexample> counterexample;
  /// In kExcluded: why it is not kAllowed, as "stop-docker p ends".
  std::string overtaken_by;
};

enum class RuleVerdict {
  kProved,        ///< for any fleet size, in any order of actions that keeps the guards
  kProvedInTurn,  ///< the same, if no action under way is overtaken (Overtaking::kExcluded)
  kNotProved,     ///< there is a counterexample to the proof
  kUndecided,     ///< the solver gave up
};
const char* to_string(RuleVerdict verdict);

struct RuleProof {
  std::string rule;
  RuleVerdict verdict = RuleVerdict::kUndecided;
  std::vector<ClaimProof> claims;
  std::set<std::string> lemmas;
  std::set<std::string> guards;
  std::set<std::string> rests_on;  ///< rules of those guards
};

struct ProveOptions {
  std::optional<Provider> provider;    ///< none: with volumes and with one disk
  std::optional<Procedure> procedure;  ///< none: whatever it is
  std::vector<Without> without;
};

/// "stop-services:3", "INV-05". Error kInvalid: no such action, condition or rule.
Result<Without> parse_without(std::string_view text);

/// One prover keeps what it has proved: rules share lemmas.
class Prover {
 public:
  explicit Prover(ProveOptions options);
  ~Prover();
  Prover(const Prover&) = delete;
  Prover& operator=(const Prover&) = delete;

  /// `rule` is one of data_loss_rules().
  RuleProof prove(const std::string& rule);
  /// A single claim under the weakest assumption that suffices, for each kind of storage in scope.
  ClaimProof prove(const Claim& claim);

 private:
  class World;
  World& world(std::size_t scope, Overtaking overtaking, const std::vector<Exception>& unless);

  ProveOptions options_;
  std::vector<std::unique_ptr<Fleet>> fleets_;
  std::map<std::string, std::unique_ptr<World>> worlds_;
};

}  // namespace wme::model::smt
