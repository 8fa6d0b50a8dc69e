#include "model/english/english.hpp"

#include <vector>

#include "model/english/words.hpp"

namespace wme::model {

namespace {

using Kind = Formula::Kind;

/// A value "{m}" is whatever the variable m stands for.
std::string value_words(const std::vector<std::string>& values, const char* joint) {
  std::vector<std::string> words;
  for (const std::string& value : values)
    words.push_back(value.starts_with('{') ? value.substr(1, value.size() - 2) : value);
  return listed(words, joint);
}

bool is_leaf(const Formula& formula) {
  return formula.kind == Kind::kFluentIn || formula.kind == Kind::kAttributeIn;
}

std::string leaf(const Formula& formula, bool positive) {
  const FluentTerm& fluent = formula.fluent;
  // The attribute "entity" of x is x itself.
  const std::string subject = formula.kind == Kind::kAttributeIn && fluent.fluent == "entity"
                                  ? english(fluent.arguments.front())
                                  : english(fluent);
  if (positive) return subject + " is " + value_words(formula.values, "or");
  const bool several = formula.values.size() > 1;
  return subject + (several ? " is neither " : " is not ") + value_words(formula.values, "nor");
}

std::string joined(const std::vector<Formula>& parts, Kind kind);

/// `if P then Q` stands in the data as "not P, or Q".
bool is_implication(const Formula& formula) {
  return formula.kind == Kind::kOr && formula.parts.size() == 2 &&
         formula.parts.front().kind == Kind::kNot;
}

/// As a part of something larger: in brackets if it would be read wrongly without.
std::string part_of(const Formula& formula, Kind whole) {
  if (is_leaf(formula) && formula.values.size() > 1) return "(" + english(formula) + ")";
  const bool mixed = (formula.kind == Kind::kAnd || formula.kind == Kind::kOr) &&
                     formula.kind != whole && formula.parts.size() > 1;
  const bool open_ended = formula.kind == Kind::kForAll || formula.kind == Kind::kExists;
  return mixed || open_ended ? "(" + english(formula) + ")" : english(formula);
}

std::string joined(const std::vector<Formula>& parts, Kind kind) {
  std::string text;
  for (const Formula& part : parts) {
    if (!text.empty()) text += kind == Kind::kAnd ? " and " : " or ";
    text += parts.size() == 1 ? english(part) : part_of(part, kind);
  }
  return text;
}

/// What follows "then" reaches to the end: only another "or" needs brackets.
std::string conclusion(const Formula& formula) {
  return is_leaf(formula) || formula.kind == Kind::kAnd ? english(formula)
                                                        : part_of(formula, Kind::kAnd);
}

void conjuncts_of(const Formula& formula, std::vector<const Formula*>& into) {
  if (formula.kind == Kind::kTrue) return;
  if (formula.kind != Kind::kAnd) return into.push_back(&formula);
  for (const Formula& part : formula.parts) conjuncts_of(part, into);
}

/// "home's successor": the functions of a term, innermost first.
std::string possession(const std::vector<std::string>& functions) {
  std::string text;
  for (const std::string& function : functions) text += (text.empty() ? "" : "'s ") + function;
  return text;
}

/// What a fact says about the quantified variable itself: "whose home is i"; empty if it is about
/// something else.
std::string about(const Var& variable, const Formula& fact) {
  if (fact.kind != Kind::kAttributeIn || fact.fluent.arguments.empty()) return "";
  const Term& term = fact.fluent.arguments.front();
  if (term.name != variable.name) return "";
  const std::string values = value_words(fact.values, "or");
  if (fact.fluent.fluent != "entity") {
    std::vector<std::string> chain = term.functions;
    chain.push_back(fact.fluent.fluent);
    return "whose " + possession(chain) + " is " + values;
  }
  if (term.functions.empty()) return "that is " + values;
  return "whose " + possession(term.functions) + " is " + values;
}

/// "every container c whose home is i"; what of `where` is not about the variable goes to `given`.
std::string chosen(const char* quantity, const Var& variable, const Formula& where,
                   std::string& given) {
  std::vector<const Formula*> facts;
  conjuncts_of(where, facts);
  std::string text = std::string(quantity) + " " + variable.sort + " " + variable.name;
  bool is_first = true;
  for (const Formula* fact : facts) {
    const std::string said = about(variable, *fact);
    if (said.empty()) {
      given += (given.empty() ? "" : " and ") + part_of(*fact, Kind::kAnd);
      continue;
    }
    text += (is_first ? " " : " and ") + said;
    is_first = false;
  }
  return text;
}

std::string quantified(const Formula& formula) {
  std::string given;
  const bool all = formula.kind == Kind::kForAll;
  const std::string which =
      chosen(all ? "every" : "some", formula.variable, formula.parts[0], given);
  const std::string body =
      (all ? "for " : "there is ") + which + (all ? ": " : " with ") + english(formula.parts[1]);
  return given.empty() ? body : "if " + given + ", " + body;
}

}  // namespace

std::string english(const Term& term) {
  std::string text = term.name;
  for (const std::string& function : term.functions) text = function + "(" + text + ")";
  return text;
}

std::string english(const FluentTerm& fluent) {
  if (fluent.arguments.empty()) return fluent.fluent;
  std::string arguments;
  for (const Term& term : fluent.arguments)
    arguments += (arguments.empty() ? "" : ", ") + english(term);
  return fluent.fluent + "(" + arguments + ")";
}

std::string english(const Formula& formula) {
  switch (formula.kind) {
    case Kind::kTrue:
      return "always";
    case Kind::kFluentIn:
    case Kind::kAttributeIn:
      return leaf(formula, true);
    case Kind::kNot: {
      const Formula& inner = formula.parts.front();
      return is_leaf(inner) ? leaf(inner, false) : "not (" + english(inner) + ")";
    }
    case Kind::kAnd:
      return formula.parts.empty() ? "always" : joined(formula.parts, Kind::kAnd);
    case Kind::kOr:
      if (formula.parts.empty()) return "never";
      if (is_implication(formula))
        return "if " + english(formula.parts.front().parts.front()) + " then " +
               conclusion(formula.parts.back());
      return joined(formula.parts, Kind::kOr);
    case Kind::kForAll:
    case Kind::kExists:
      return quantified(formula);
  }
  return "";
}

std::string english(const Effect& effect) {
  std::string given;
  std::string prefix;
  for (std::size_t i = 0; i < effect.each.size(); ++i) {
    // The fact belongs to the innermost: by then all its variables are known.
    const bool innermost = i + 1 == effect.each.size();
    prefix += (i == 0 ? "for " : ", ") +
              chosen("every", effect.each[i], innermost ? effect.where : always(), given);
  }
  if (effect.each.empty() && effect.where.kind != Kind::kTrue) given = english(effect.where);
  if (!prefix.empty()) prefix += ": ";
  if (!given.empty()) prefix = "if " + given + ", " + prefix;
  if (effect.when.kind != Kind::kTrue) prefix += "if " + english(effect.when) + ", ";
  return prefix + english(effect.target) + " becomes " + effect.value;
}

}  // namespace wme::model
