#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/language/action.hpp"

/// What is proved for any fleet size, and what the proofs lean on: all of it data, in the language
/// of the model.
namespace wme::model::smt {

/// Something that happens, against which no guard can help: a claim holds unless it does.
struct Exception {
  std::string action;
  bool is_failure = false;  ///< that it fails, not that it happens
  std::string why;
};

/// Either a property of every state, or one of every change of the state.
struct Claim {
  std::string rule;      ///< "INV-05"
  std::string sentence;  ///< what is claimed, in words
  Formula always;        ///< of every state; kTrue for a claim about changes
  /// "Whenever `becomes` turns true, `only_if` was true just before", for each choice of these.
  std::vector<Var> each;
  Formula becomes;
  Formula only_if;
  std::vector<Exception> unless;

  bool is_about_changes() const { return always.kind == Formula::Kind::kTrue; }
};

/// The claims of a rule: those of its entry in the table of rules, and what its order is for.
/// Proving all of them is what "the rule holds for any fleet size" means here.
std::vector<Claim> claims_of(std::string_view rule);

/// INV-02 … INV-43: those whose breaking loses or corrupts data, in order.
const std::vector<std::string>& data_loss_rules();

/// A property of every state that makes claims inductive. A lemma is never trusted: each is shown
/// to hold at first and to be kept by every transition, together with the others.
struct Lemma {
  std::string name;
  Formula formula;
};
const std::vector<Lemma>& lemmas();

}  // namespace wme::model::smt
