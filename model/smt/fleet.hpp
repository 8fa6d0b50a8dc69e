#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/language/formula.hpp"
#include "model/smt/logic.hpp"
#include "model/wme/installation.hpp"

/// Every installation of one kind at once: what all of them have in common stands as it is, what
/// differs from one to the next is a function that may be anything an inventory allows.
namespace wme::model::smt {

/// Which installations are meant.
struct Scope {
  Provider provider = Provider::kAws;  ///< only whether it has volumes matters to the model
  std::optional<Procedure> procedure;  ///< none: any of the four
};

/// A fact of the fleet that is the same in every installation of the scope, as data.
struct Axiom {
  Formula formula;
  std::string source;  ///< where an installation is made so
};

/// In what the initial states agree, for the members of one open sort.
struct Beginning {
  Situation situation = Situation::kServing;
  Formula formula;
  std::string source;
};

class Fleet {
 public:
  explicit Fleet(Scope scope);

  const Scope& scope() const { return scope_; }
  /// The entities of an installation without instances and containers: they are in all of them.
  const Installation& fixed(Situation situation) const {
    return situation == Situation::kServing ? serving_ : lost_;
  }
  const std::vector<std::string>& members(const std::string& sort) const;
  /// The open sort whose members belong to the sort too: machine -> kInstance.
  static OpenSort open_part(const std::string& sort);

  using Binding = std::vector<std::pair<std::string, Ref>>;
  /// None where the function has no value: the successor of a successor.
  std::optional<Ref> resolve(const Term& term, const Binding& binding) const;
  /// A rigid fact: true, false, or open.
  Expr holds(const Formula& attribute, const Binding& binding) const;
  /// None where the entity has no such variable: a snapshot on ESXi.
  std::optional<Cell> cell(const FluentTerm& term, const Binding& binding) const;

  static const std::vector<OpenFunction>& functions();
  static const std::vector<Axiom>& axioms();
  static const std::vector<Beginning>& beginnings();
  /// The situations in which a procedure of the scope may find the installation.
  std::vector<Situation> situations() const;

 private:
  /// Where a procedure is given, what it makes of the facts: a restore needs no rotation.
  const Installation& facts() const { return fixed(situations().front()); }
  std::optional<Ref> entity(const std::string& name, const Binding& binding) const;
  std::optional<Ref> applied(const std::string& function, Ref to) const;
  Expr same_entity(const Ref& ref, const std::vector<std::string>& values,
                   const Binding& binding) const;
  Expr open_fact(const std::string& name, const Ref& of,
                 const std::vector<std::string>& values) const;

  Scope scope_;
  Installation serving_;
  Installation lost_;
  std::map<std::string, std::vector<std::string>, std::less<>> words_;  ///< of attributes
};

/// "Whether the work of this action is under way" is a variable of the proof, in the same language:
/// values "no" and "yes".
FluentTerm under_way(const std::string& action, std::vector<Term> arguments);
inline constexpr const char* kUnderWay = "under way: ";
const std::vector<std::string>& no_or_yes();

}  // namespace wme::model::smt
