#include "model/wme/self_check.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "model/wme/installation.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

using Scope = std::map<std::string, std::string>;  ///< variable or entity -> its sort

template <class Item>
const Item* named(const std::vector<Item>& items, const std::string& name) {
  const auto at = std::ranges::find(items, name, &Item::name);
  return at == items.end() ? nullptr : &*at;
}

bool is_within(std::string sort, const std::string& ancestor) {
  while (!sort.empty()) {
    if (sort == ancestor) return true;
    const Sort* found = named(sorts(), sort);
    sort = found == nullptr ? "" : found->parent;
  }
  return false;
}

/// An instance is a machine; a machine may turn out to be an instance (successor of one).
bool are_related(const std::string& one, const std::string& other) {
  return is_within(one, other) || is_within(other, one);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char letter : text) {
    if (letter == separator)
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

/// The entities that every installation has, whatever its inventory: platforms, stores, backups.
Scope fixed_entities() {
  Scope fixed;
  for (const Provider provider : {Provider::kAws, Provider::kEsxi}) {
    Inventory empty;
    empty.provider = provider;
    for (const auto& [sort, members] : installation_of(empty, Procedure::kDehydrate).sorts)
      for (const std::string& member : members) {
        std::string& known = fixed[member];
        if (known.empty() || is_within(sort, known)) known = sort;  // the narrowest
      }
  }
  return fixed;
}

class SelfCheck {
 public:
  explicit SelfCheck(const ModelData& data) : data_(data), fixed_(fixed_entities()) {}

  std::vector<std::string> run() {
    std::set<std::string> names;
    for (const Action& each : data_.actions) {
      if (!names.insert(each.name).second) complain("action " + each.name, "stands there twice");
      action(each);
    }
    for (const Rule& each : data_.rules) rule(each);
    for (const Formula& goal : data_.goals) {
      where_ = "a goal";
      formula(goal, {});
    }
    return std::move(mistakes_);
  }

 private:
  void complain(const std::string& where, const std::string& what) {
    mistakes_.push_back(where + ": " + what);
  }
  void complain(const std::string& what) { complain(where_, what); }

  void sort_exists(const Var& variable) {
    if (named(sorts(), variable.sort) == nullptr)
      complain("variable " + variable.name + " is of the unknown sort " + variable.sort);
  }

  /// The sort of the entity that the term stands for; none when that was complained about.
  std::optional<std::string> sort_of(const Term& term, const Scope& scope) {
    std::string sort;
    if (const auto bound = scope.find(term.name); bound != scope.end())
      sort = bound->second;
    else if (const auto entity = fixed_.find(term.name); entity != fixed_.end())
      sort = entity->second;
    else {
      complain("'" + term.name + "' is no variable here, and no entity");
      return std::nullopt;
    }
    for (const std::string& name : term.functions) {
      // Some functions are of several sorts: shard of a container or of an instance.
      const RigidFact* function = named(rigid_functions(), name);
      if (function == nullptr) {
        complain("unknown function " + name);
        return std::nullopt;
      }
      const bool fits =
          are_related(sort, function->sort) || (name == "shard" && sort == "instance");
      if (!fits) complain(name + " is of a " + function->sort + ", not of a " + sort);
      sort = function->result;
    }
    return sort;
  }

  void fluent(const FluentTerm& term, const std::vector<std::string>& values, const Scope& scope) {
    const Fluent* known = named(fluents(), term.fluent);
    if (known == nullptr) return complain("unknown fluent " + term.fluent);
    if (known->sorts.size() != term.arguments.size())
      return complain(term.fluent + " takes " + std::to_string(known->sorts.size()) + " arguments");
    for (std::size_t i = 0; i < term.arguments.size(); ++i) {
      const auto sort = sort_of(term.arguments[i], scope);
      if (sort && !are_related(*sort, known->sorts[i]))
        complain(term.fluent + " is of a " + known->sorts[i] + ", not of a " + *sort);
    }
    if (values.empty()) complain(term.fluent + " is asked for no value at all");
    for (const std::string& value : values)
      if (std::ranges::find(known->values, value) == known->values.end())
        complain(term.fluent + " is never '" + value + "'");
  }

  void fact(const Formula& leaf, const Scope& scope) {
    const std::string& name = leaf.fluent.fluent;
    std::optional<std::string> sort;
    for (const Term& argument : leaf.fluent.arguments) sort = sort_of(argument, scope);
    if (name == "entity") {
      for (const std::string& value : leaf.values) {
        const bool refers = value.starts_with('{') && value.ends_with('}');
        sort_of(Term(refers ? value.substr(1, value.size() - 2) : value), scope);
      }
      return;
    }
    const RigidFact* known = named(attributes(), name);
    if (known == nullptr) return complain("unknown attribute " + name);
    if (known->sort.empty() != leaf.fluent.arguments.empty())
      complain(name + (known->sort.empty() ? " takes no argument" : " takes an argument"));
    // generation and role are of stores and backups as well, as their meaning says.
    const bool shared = name == "generation" || name == "role";
    if (sort && !shared && !are_related(*sort, known->sort))
      complain(name + " is of a " + known->sort + ", not of a " + *sort);
    const std::vector<std::string> words = split(known->result, '|');
    for (const std::string& value : leaf.values)
      if (std::ranges::find(words, value) == words.end())
        complain(name + " is never '" + value + "'");
  }

  void formula(const Formula& each, Scope scope) {
    switch (each.kind) {
      case Formula::Kind::kFluentIn:
        return fluent(each.fluent, each.values, scope);
      case Formula::Kind::kAttributeIn:
        return fact(each, scope);
      case Formula::Kind::kForAll:
      case Formula::Kind::kExists:
        sort_exists(each.variable);
        scope[each.variable.name] = each.variable.sort;
        if (!is_rigid(each.parts.front())) complain("a quantifier chooses by a fluent");
        [[fallthrough]];
      case Formula::Kind::kTrue:
      case Formula::Kind::kAnd:
      case Formula::Kind::kOr:
      case Formula::Kind::kNot:
        for (const Formula& part : each.parts) formula(part, scope);
    }
  }

  static bool is_rigid(const Formula& each) {
    if (each.kind == Formula::Kind::kFluentIn || each.kind == Formula::Kind::kForAll ||
        each.kind == Formula::Kind::kExists)
      return false;
    return std::ranges::all_of(each.parts, is_rigid);
  }

  void effects(const std::vector<Effect>& all, const Scope& outer) {
    for (const Effect& effect : all) {
      Scope scope = outer;
      for (const Var& variable : effect.each) {
        sort_exists(variable);
        scope[variable.name] = variable.sort;
      }
      if (!is_rigid(effect.where)) complain("an effect chooses by a fluent");
      formula(effect.where, scope);
      formula(effect.when, scope);
      fluent(effect.target, {effect.value}, scope);
    }
  }

  /// "{c}" and "{s.store}" in what an operator reads.
  void sentence(const std::string& text, const Scope& scope) {
    if (text.empty()) return complain("a sentence is missing");
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) return complain("'" + text + "' has no closing brace");
      const std::vector<std::string> names = split(text.substr(at + 1, end - at - 1), '.');
      Term term(names.front());
      term.functions.assign(names.begin() + 1, names.end());
      sort_of(term, scope);
    }
  }

  /// "INV-24, INV-45".
  void rules_exist(const std::string& ids) {
    if (ids.empty()) return;
    for (std::string id : split(ids, ',')) {
      id.erase(0, id.find_first_not_of(' '));
      if (std::ranges::find(data_.rules, id, &Rule::id) == data_.rules.end())
        complain("unknown rule " + id);
    }
  }

  void action(const Action& each) {
    where_ = "action " + each.name;
    Scope scope;
    for (const Var& parameter : each.parameters) {
      sort_exists(parameter);
      scope[parameter.name] = parameter.sort;
    }
    sentence(each.imperative, scope);
    if (!is_rigid(each.applies)) complain("whether it applies depends on a fluent");
    formula(each.applies, scope);
    for (const Condition& condition : each.guard) {
      formula(condition.formula, scope);
      sentence(condition.sentence, scope);
      rules_exist(condition.rule);
    }
    effects(each.request, scope);
    if (each.outcomes.empty() || each.outcomes.front().name != "done")
      complain("its first outcome is not 'done'");
    for (const Outcome& outcome : each.outcomes) effects(outcome.effects, scope);
    if (each.source.empty()) complain("it has no source");
    if (each.door != Door::kEnvironment && each.typical.count() <= 0)
      complain("it takes no time at all");
    if (each.deadline <= each.typical) complain("its deadline is not after its typical end");
    if (each.door == Door::kEnvironment && !each.runbook.empty())
      complain("the environment is in no runbook");
  }

  void rule(const Rule& each) {
    where_ = "rule " + each.id;
    if (each.statement.empty() || each.loss.empty() || each.source.empty())
      complain("statement, loss or source is missing");
    formula(each.state, {});
    const bool has_state = each.state.kind != Formula::Kind::kTrue;
    if (has_state != !each.state_sentence.empty())
      complain("a state property and its sentence go together");
    for (const OrderingRule& order : each.before)
      for (const std::string& name : order.actions) {
        const Action* guarded = named(data_.actions, name);
        if (guarded == nullptr) {
          complain("unknown action " + name);
          continue;
        }
        where_ = "rule " + each.id + ", " + name;
        Scope scope;
        for (const Var& parameter : guarded->parameters) scope[parameter.name] = parameter.sort;
        formula(order.formula, scope);
        sentence(order.sentence, scope);
        where_ = "rule " + each.id;
      }
  }

  const ModelData& data_;
  const Scope fixed_;
  std::string where_;
  std::vector<std::string> mistakes_;
};

}  // namespace

std::vector<std::string> mistakes_of(const ModelData& data) { return SelfCheck(data).run(); }

}  // namespace wme::model
