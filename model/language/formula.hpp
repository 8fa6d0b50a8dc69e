#pragma once

#include <string>
#include <vector>

/// The language in which the model is written. Nothing is evaluated here: a formula is a value that
/// one interpreter evaluates, one prints in English, one compiles for the explorer.
namespace wme::model {

/// A variable of an action, rule or quantifier, with the sort that it ranges over.
struct Var {
  std::string name;
  std::string sort;
};

/// A variable, seen through rigid functions, innermost first: `{"c", {"home"}}` is home(c). A name
/// that is no variable in scope is that entity itself (`{"gate"}`).
struct Term {
  std::string name;
  std::vector<std::string> functions;

  Term(const char* entity) : name(entity) {}  // implicit: terms are written all day
  Term(std::string entity) : name(std::move(entity)) {}
  Term(const Var& variable) : name(variable.name) {}
  bool operator==(const Term&) const = default;
};
/// home(c), successor(i), ...: see `rigid_functions()` in model/wme/vocabulary.hpp.
Term apply(std::string function, Term argument);

/// A ground state variable once its arguments are bound, such as run(c17).
struct FluentTerm {
  std::string fluent;
  std::vector<Term> arguments;
  bool operator==(const FluentTerm&) const = default;
};

struct Formula {
  enum class Kind {
    kTrue,
    kFluentIn,     ///< the fluent's value is one of `values`
    kAttributeIn,  ///< a fact that never changes: attribute(argument) is one of `values`
    kAnd,
    kOr,
    kNot,
    kForAll,  ///< over the entities of `variable.sort` for which parts[0] (rigid) holds: parts[1]
    kExists,
  };
  Kind kind = Kind::kTrue;
  FluentTerm fluent;  ///< for kAttributeIn: attribute name and its one argument, or none
  std::vector<std::string> values;
  std::vector<Formula> parts;
  Var variable;
};

/// `run(c) == "stopped"`, `power(m).in({"stopped", "terminated"})`.
Formula operator==(const FluentTerm& fluent, std::string value);
Formula operator!=(const FluentTerm& fluent, std::string value);
Formula in(const FluentTerm& fluent, std::vector<std::string> values);
/// A rigid fact: `attribute("provider", {}, {"aws"})`, `attribute("role", {v}, {"wm-data"})`. The
/// attribute "entity" is the argument itself; a value "{m}" is the entity bound to variable m.
Formula attribute(std::string name, std::vector<Term> argument, std::vector<std::string> values);
Formula always();
Formula all_of(std::vector<Formula> parts);
Formula any_of(std::vector<Formula> parts);
Formula negation(Formula part);
Formula implies(Formula premise, Formula conclusion);
/// `where` may only hold rigid facts: it chooses the entities, once, when the model is grounded.
Formula for_all(Var variable, Formula where, Formula body);
Formula for_all(Var variable, Formula body);
Formula exists(Var variable, Formula where, Formula body);

}  // namespace wme::model
