#include "model/language/formula.hpp"

#include <utility>

namespace wme::model {

Term apply(std::string function, Term argument) {
  argument.functions.push_back(std::move(function));
  return argument;
}

Formula operator==(const FluentTerm& fluent, std::string value) {
  return in(fluent, {std::move(value)});
}

Formula operator!=(const FluentTerm& fluent, std::string value) {
  return negation(in(fluent, {std::move(value)}));
}

Formula in(const FluentTerm& fluent, std::vector<std::string> values) {
  return {Formula::Kind::kFluentIn, fluent, std::move(values), {}, {}};
}

Formula attribute(std::string name, std::vector<Term> argument, std::vector<std::string> values) {
  return {Formula::Kind::kAttributeIn,
          FluentTerm{std::move(name), std::move(argument)},
          std::move(values),
          {},
          {}};
}

Formula always() { return {}; }

Formula all_of(std::vector<Formula> parts) {
  return {Formula::Kind::kAnd, {}, {}, std::move(parts), {}};
}

Formula any_of(std::vector<Formula> parts) {
  return {Formula::Kind::kOr, {}, {}, std::move(parts), {}};
}

Formula negation(Formula part) { return {Formula::Kind::kNot, {}, {}, {std::move(part)}, {}}; }

Formula implies(Formula premise, Formula conclusion) {
  return any_of({negation(std::move(premise)), std::move(conclusion)});
}

Formula for_all(Var variable, Formula where, Formula body) {
  return {Formula::Kind::kForAll, {}, {}, {std::move(where), std::move(body)}, std::move(variable)};
}

Formula for_all(Var variable, Formula body) {
  return for_all(std::move(variable), always(), std::move(body));
}

Formula exists(Var variable, Formula where, Formula body) {
  return {Formula::Kind::kExists, {}, {}, {std::move(where), std::move(body)}, std::move(variable)};
}

}  // namespace wme::model
