#include "model/certificate/model_json.hpp"

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "model/json/digest.hpp"
#include "model/json/jcs.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

using nlohmann::json;

template <class List, class Each>
json list_of(const List& list, Each each) {
  json made = json::array();
  for (const auto& one : list) made.push_back(each(one));
  return made;
}

json json_of(const Term& term) { return {{"name", term.name}, {"functions", term.functions}}; }

json json_of(const FluentTerm& term) {
  return {{"fluent", term.fluent},
          {"arguments", list_of(term.arguments, [](const Term& each) { return json_of(each); })}};
}

json json_of(const Var& variable) { return {{"name", variable.name}, {"sort", variable.sort}}; }

const char* word_for(Formula::Kind kind) {
  switch (kind) {
    case Formula::Kind::kTrue:
      return "true";
    case Formula::Kind::kFluentIn:
      return "fluent-in";
    case Formula::Kind::kAttributeIn:
      return "attribute-in";
    case Formula::Kind::kAnd:
      return "and";
    case Formula::Kind::kOr:
      return "or";
    case Formula::Kind::kNot:
      return "not";
    case Formula::Kind::kForAll:
      return "for-all";
    case Formula::Kind::kExists:
      return "exists";
  }
  return "?";
}

json json_of(const Formula& formula) {
  return {{"kind", word_for(formula.kind)},
          {"term", json_of(formula.fluent)},
          {"values", formula.values},
          {"variable", json_of(formula.variable)},
          {"parts", list_of(formula.parts, [](const Formula& each) { return json_of(each); })}};
}

json json_of(const Effect& effect) {
  return {{"target", json_of(effect.target)},
          {"value", effect.value},
          {"when", json_of(effect.when)},
          {"each", list_of(effect.each, [](const Var& each) { return json_of(each); })},
          {"where", json_of(effect.where)}};
}

json json_of(const std::vector<Effect>& effects) {
  return list_of(effects, [](const Effect& each) { return json_of(each); });
}

json json_of(const Condition& condition) {
  return {{"formula", json_of(condition.formula)},
          {"sentence", condition.sentence},
          {"enforcer", condition.enforcer == Enforcer::kSystem ? "system" : "rule"},
          {"rule", condition.rule},
          {"throughout", condition.throughout}};
}

json json_of(const Outcome& outcome) {
  return {{"name", outcome.name}, {"effects", json_of(outcome.effects)}};
}

json json_of(const std::pair<Formula, std::string>& row) {
  return {{"if", json_of(row.first)}, {"row", row.second}};
}

json json_of(const Action& action) {
  const auto each = [](const auto& one) { return json_of(one); };
  return {{"name", action.name},
          {"runbook", action.runbook},
          {"rows", list_of(action.rows, each)},
          {"door", to_string(action.door)},
          {"imperative", action.imperative},
          {"parameters", list_of(action.parameters, each)},
          {"applies", json_of(action.applies)},
          {"guard", list_of(guard_of(action), each)},
          {"request", json_of(action.request)},
          {"outcomes", list_of(action.outcomes, each)},
          {"typical_s", action.typical.count()},
          {"deadline_s", action.deadline.count()},
          {"irreversible", action.irreversible},
          {"source", action.source}};
}

json json_of(const OrderingRule& order) {
  return {{"actions", order.actions},
          {"formula", json_of(order.formula)},
          {"sentence", order.sentence}};
}

json json_of(const Rule& rule) {
  return {{"id", rule.id},
          {"statement", rule.statement},
          {"loss", rule.loss},
          {"source", rule.source},
          {"before", list_of(rule.before, [](const OrderingRule& one) { return json_of(one); })},
          {"state", json_of(rule.state)},
          {"state_sentence", rule.state_sentence},
          {"otherwise", to_string(rule.otherwise)},
          {"how", rule.how}};
}

json json_of(const Sort& sort) {
  return {{"name", sort.name}, {"parent", sort.parent}, {"meaning", sort.meaning}};
}

json json_of(const RigidFact& fact) {
  return {
      {"name", fact.name}, {"sort", fact.sort}, {"result", fact.result}, {"meaning", fact.meaning}};
}

json json_of(const Fluent& fluent) {
  return {{"name", fluent.name},       {"sorts", fluent.sorts},
          {"values", fluent.values},   {"seen_by", to_string(fluent.seen_by)},
          {"meaning", fluent.meaning}, {"source", fluent.source}};
}

std::string whole_model() {
  const auto each = [](const auto& one) { return json_of(one); };
  const Result<std::string> text = jcs({{"schema", "rehydrate/model/1"},
                                        {"sorts", list_of(sorts(), each)},
                                        {"functions", list_of(rigid_functions(), each)},
                                        {"attributes", list_of(attributes(), each)},
                                        {"fluents", list_of(fluents(), each)},
                                        {"actions", list_of(all_actions(), each)},
                                        {"rules", list_of(all_rules(), each)}});
  if (text) return text.value();
  std::cerr << "rehydrate: the model is no canonical JSON: " << text.error().message << "\n";
  std::abort();
}

}  // namespace

const std::string& model_json() {
  static const std::string text = whole_model();
  return text;
}

const std::string& model_digest() {
  static const std::string digest = sha256_hex(model_json());
  return digest;
}

}  // namespace wme::model
