#include "model/language/ground.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// A word that the model itself uses wrongly is our own mistake: stop, and say which.
[[noreturn]] void broken_model(const std::string& what) {
  std::cerr << "rehydrate: the model is inconsistent: " << what << "\n";
  std::abort();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

bool is_reference(const std::string& value) {
  return value.size() > 2 && value.front() == '{' && value.back() == '}';
}

GroundFormula constant(bool value) {
  GroundFormula formula;
  formula.kind = value ? GroundFormula::Kind::kAnd : GroundFormula::Kind::kOr;
  return formula;
}

/// Adds a part to an and/or, simplified; true when the whole is decided.
bool add_part(GroundFormula& whole, GroundFormula part) {
  const bool conjunction = whole.kind == GroundFormula::Kind::kAnd;
  if (conjunction ? part.is_true() : part.is_false()) return false;
  if (conjunction ? part.is_false() : part.is_true()) {
    whole = std::move(part);
    return true;
  }
  if (part.kind == whole.kind)
    for (GroundFormula& inner : part.parts) whole.parts.push_back(std::move(inner));
  else
    whole.parts.push_back(std::move(part));
  return false;
}

GroundFormula simplified(GroundFormula formula) {
  if (formula.parts.size() == 1) {
    GroundFormula only = std::move(formula.parts.front());
    return only;
  }
  return formula;
}

/// The functions that a quantifier's `where` sends its variable through.
struct Chain {
  std::string sort;
  Term term;
};

std::string chain_name(const Chain& chain) {
  return chain.sort + ":" + joined(chain.term.functions);
}

/// Whether `where` says to which entity a chain of functions must lead from the variable.
bool chooses_by_chain(const Var& variable, const Formula& where) {
  return where.kind == Formula::Kind::kAttributeIn && where.fluent.fluent == "entity" &&
         where.values.size() == 1 && where.fluent.arguments.front().name == variable.name &&
         is_reference(where.values.front());
}

void collect_chains(const Var& variable, const Formula& where, std::vector<Chain>& into) {
  if (chooses_by_chain(variable, where))
    into.push_back({variable.sort, where.fluent.arguments.front()});
  for (const Formula& part : where.parts) collect_chains(variable, part, into);
}

void collect_chains(const Formula& formula, std::vector<Chain>& into) {
  if (formula.kind == Formula::Kind::kForAll || formula.kind == Formula::Kind::kExists)
    collect_chains(formula.variable, formula.parts.front(), into);
  for (const Formula& part : formula.parts) collect_chains(part, into);
}

void collect_chains(const std::vector<Effect>& effects, std::vector<Chain>& into) {
  for (const Effect& effect : effects) {
    for (const Var& each : effect.each) collect_chains(each, effect.where, into);
    collect_chains(effect.when, into);
  }
}

std::vector<Chain> chains_of_the_tables() {
  std::vector<Chain> chains;
  for (const Action& action : all_actions()) {
    for (const Condition& condition : guard_of(action)) collect_chains(condition.formula, chains);
    collect_chains(action.request, chains);
    for (const Outcome& outcome : action.outcomes) collect_chains(outcome.effects, chains);
  }
  for (const Rule& rule : all_rules()) collect_chains(rule.state, chains);
  return chains;
}

}  // namespace

GroundModel::GroundModel(Installation installation) : installation_(std::move(installation)) {
  for (const Sort& each : sorts()) {
    sort_index_[each.name] = sort_entities_.size();
    std::vector<Entity>& members = sort_entities_.emplace_back();
    const auto listed = installation_.sorts.find(each.name);
    if (listed == installation_.sorts.end()) continue;
    for (const std::string& entity_name : listed->second) {
      const auto [at, is_new] =
          entities_.emplace(entity_name, static_cast<Entity>(entity_names_.size()));
      if (is_new) entity_names_.push_back(entity_name);
      members.push_back(at->second);
    }
  }
  for (const std::vector<Entity>& members : sort_entities_) {
    std::vector<std::int32_t>& positions = position_.emplace_back(entity_names_.size(), -1);
    for (std::size_t i = 0; i < members.size(); ++i)
      positions[members[i]] = static_cast<std::int32_t>(i);
  }
  for (const RigidFact& fact : rigid_functions())
    functions_[fact.name].assign(entity_names_.size(), -1);
  for (const auto& [function, table] : installation_.functions) {
    if (!functions_.contains(function)) broken_model("unknown function " + function);
    for (const auto& [from, to] : table)
      functions_[function][entities_.at(from)] = static_cast<std::int32_t>(entities_.at(to));
  }
  for (const RigidFact& fact : attributes())
    if (!fact.sort.empty()) attributes_[fact.name].assign(entity_names_.size(), "");
  for (const auto& [attribute_name, table] : installation_.attributes)
    for (const auto& [of, word] : table) {
      if (of.empty())
        facts_[attribute_name] = word;
      else
        attributes_[attribute_name].at(entities_.at(of)) = word;
    }
  for (std::size_t f = 0; f < fluents().size(); ++f) {
    const Fluent& fluent = fluents()[f];
    fluent_index_[fluent.name] = f;
    FluentLayout& layout = layout_.emplace_back();
    layout.base = static_cast<Variable>(initial_.size());
    std::size_t count = 1;
    for (const std::string& sort_name : fluent.sorts) {
      const std::size_t index = sort_index_.at(sort_name);
      layout.sorts.push_back(index);
      layout.sizes.push_back(sort_entities_[index].size());
      count *= sort_entities_[index].size();
    }
    initial_.insert(initial_.end(), count, 0);
    fluent_of_.insert(fluent_of_.end(), count, static_cast<std::uint8_t>(f));
  }
  for (const auto& [fluent, values] : installation_.initial)
    for (const auto& [arguments, word] : values) {
      std::vector<std::string> names;
      if (!arguments.empty()) names.push_back(arguments);
      const std::optional<Variable> at = variable(fluent, names);
      const std::optional<Value> to = at ? value(*at, word) : std::nullopt;
      if (!to) broken_model("initial " + fluent + "(" + arguments + ") = " + word);
      initial_[*at] = *to;
    }
  fill_inverses();
}

std::optional<Entity> GroundModel::entity(std::string_view entity_name) const {
  const auto at = entities_.find(entity_name);
  if (at == entities_.end()) return std::nullopt;
  return at->second;
}

const std::vector<Entity>& GroundModel::sort(std::string_view sort_name) const {
  const auto at = sort_index_.find(sort_name);
  if (at == sort_index_.end()) broken_model("unknown sort " + std::string(sort_name));
  return sort_entities_[at->second];
}

std::optional<Variable> GroundModel::locate(std::size_t fluent,
                                            const std::vector<Entity>& arguments) const {
  const FluentLayout& layout = layout_[fluent];
  std::size_t offset = 0;
  for (std::size_t i = 0; i < layout.sorts.size(); ++i) {
    const std::int32_t position = position_[layout.sorts[i]][arguments[i]];
    if (position < 0) return std::nullopt;
    offset = offset * layout.sizes[i] + static_cast<std::size_t>(position);
  }
  return layout.base + static_cast<Variable>(offset);
}

std::optional<Variable> GroundModel::variable(std::string_view fluent,
                                              const std::vector<std::string>& arguments) const {
  const auto index = fluent_index_.find(fluent);
  if (index == fluent_index_.end() || layout_[index->second].sorts.size() != arguments.size())
    return std::nullopt;
  std::vector<Entity> ids;
  for (const std::string& argument : arguments) {
    const std::optional<Entity> id = entity(argument);
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return locate(index->second, ids);
}

std::size_t GroundModel::fluent_index(Variable variable) const { return fluent_of_[variable]; }

std::vector<std::string> GroundModel::arguments_of(Variable variable) const {
  const FluentLayout& layout = layout_[fluent_of_[variable]];
  std::size_t offset = variable - layout.base;
  std::vector<std::string> names(layout.sorts.size());
  for (std::size_t i = layout.sorts.size(); i-- > 0;) {
    names[i] = entity_names_[sort_entities_[layout.sorts[i]][offset % layout.sizes[i]]];
    offset /= layout.sizes[i];
  }
  return names;
}

std::string GroundModel::text(Variable variable) const {
  const std::vector<std::string> arguments = arguments_of(variable);
  const std::string& fluent = fluents()[fluent_of_[variable]].name;
  return arguments.empty() ? fluent : fluent + "(" + joined(arguments) + ")";
}

const std::string& GroundModel::value_text(Variable variable, Value value) const {
  return fluents()[fluent_of_[variable]].values.at(value);
}

std::optional<Value> GroundModel::value(Variable variable, std::string_view word) const {
  const std::vector<std::string>& values = fluents()[fluent_of_[variable]].values;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == word) return static_cast<Value>(i);
  return std::nullopt;
}

Mask GroundModel::full_mask(Variable variable) const {
  return (Mask{1} << fluents()[fluent_of_[variable]].values.size()) - 1;
}

std::string GroundModel::mask_text(Variable variable, Mask mask) const {
  std::string words;
  const std::vector<std::string>& values = fluents()[fluent_of_[variable]].values;
  for (std::size_t i = 0; i < values.size(); ++i)
    if ((mask >> i & 1U) != 0) words += (words.empty() ? "" : " or ") + values[i];
  return words;
}

std::optional<Entity> GroundModel::resolve(const Term& term, const Binding& binding) const {
  std::optional<Entity> found;
  for (auto bound = binding.rbegin(); bound != binding.rend() && !found; ++bound)
    if (bound->first == term.name) found = bound->second;
  if (!found) found = entity(term.name);
  for (const std::string& function : term.functions) {
    if (!found) return std::nullopt;
    const auto table = functions_.find(function);
    if (table == functions_.end()) broken_model("unknown function " + function);
    const std::int32_t to = table->second[*found];
    if (to < 0) return std::nullopt;
    found = static_cast<Entity>(to);
  }
  return found;
}

std::optional<Variable> GroundModel::locate(const FluentTerm& term, const Binding& binding) const {
  const auto index = fluent_index_.find(term.fluent);
  if (index == fluent_index_.end()) broken_model("unknown fluent " + term.fluent);
  if (layout_[index->second].sorts.size() != term.arguments.size())
    broken_model("wrong number of arguments for " + term.fluent);
  std::vector<Entity> ids;
  for (const Term& argument : term.arguments) {
    const std::optional<Entity> id = resolve(argument, binding);
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return locate(index->second, ids);
}

bool GroundModel::holds(const Formula& rigid, const Binding& binding) const {
  switch (rigid.kind) {
    case Formula::Kind::kTrue:
      return true;
    case Formula::Kind::kAnd:
      return std::ranges::all_of(rigid.parts, [&](const Formula& f) { return holds(f, binding); });
    case Formula::Kind::kOr:
      return std::ranges::any_of(rigid.parts, [&](const Formula& f) { return holds(f, binding); });
    case Formula::Kind::kNot:
      return !holds(rigid.parts.front(), binding);
    case Formula::Kind::kAttributeIn: {
      const std::string& attribute_name = rigid.fluent.fluent;
      if (rigid.fluent.arguments.empty()) {
        const auto fact = facts_.find(attribute_name);
        if (fact == facts_.end()) broken_model("unknown fact " + attribute_name);
        return std::ranges::find(rigid.values, fact->second) != rigid.values.end();
      }
      const std::optional<Entity> of = resolve(rigid.fluent.arguments.front(), binding);
      if (!of) return false;
      if (attribute_name == "entity") {
        for (const std::string& wanted : rigid.values) {
          const std::optional<Entity> other =
              is_reference(wanted) ? resolve(Term(wanted.substr(1, wanted.size() - 2)), binding)
                                   : entity(wanted);
          if (other == of) return true;
        }
        return false;
      }
      const auto table = attributes_.find(attribute_name);
      if (table == attributes_.end()) broken_model("unknown attribute " + attribute_name);
      return std::ranges::find(rigid.values, table->second[*of]) != rigid.values.end();
    }
    case Formula::Kind::kFluentIn:
    case Formula::Kind::kForAll:
    case Formula::Kind::kExists:
      break;
  }
  broken_model("a rigid formula speaks of a fluent");
}

const std::vector<Entity>* GroundModel::inverse(const Var& variable, const Formula& where,
                                                const Binding& binding) const {
  if (where.kind == Formula::Kind::kAnd) {
    for (const Formula& part : where.parts)
      if (const std::vector<Entity>* found = inverse(variable, part, binding)) return found;
    return nullptr;
  }
  if (!chooses_by_chain(variable, where)) return nullptr;
  const std::string& reference = where.values.front();
  const std::optional<Entity> wanted =
      resolve(Term(reference.substr(1, reference.size() - 2)), binding);
  if (!wanted) return nullptr;
  const auto at = inverses_.find(chain_name({variable.sort, where.fluent.arguments.front()}));
  return at == inverses_.end() ? nullptr : &at->second[*wanted];
}

void GroundModel::fill_inverses() {
  static const std::vector<Chain> chains = chains_of_the_tables();
  for (const Chain& each : chains) {
    const auto [at, is_new] = inverses_.try_emplace(chain_name(each), entity_names_.size());
    if (!is_new) continue;
    for (const Entity member : sort(each.sort))
      if (const auto to = resolve(each.term, {{each.term.name, member}}))
        at->second[*to].push_back(member);
  }
}

const std::vector<Entity>& GroundModel::candidates(const Var& variable, const Formula& where,
                                                   const Binding& binding) const {
  if (const std::vector<Entity>* few = inverse(variable, where, binding)) return *few;
  return sort(variable.sort);
}

GroundFormula GroundModel::expand_quantifier(const Formula& formula, Binding& binding,
                                             bool positive) const {
  const bool conjunction = (formula.kind == Formula::Kind::kForAll) == positive;
  GroundFormula whole = constant(conjunction);
  const std::vector<Entity>& members = candidates(formula.variable, formula.parts[0], binding);
  for (const Entity member : members) {
    binding.emplace_back(formula.variable.name, member);
    const bool chosen = holds(formula.parts[0], binding);
    const bool decided = chosen && add_part(whole, expand(formula.parts[1], binding, positive));
    binding.pop_back();
    if (decided) break;
  }
  return simplified(std::move(whole));
}

GroundFormula GroundModel::expand(const Formula& formula, Binding& binding, bool positive) const {
  switch (formula.kind) {
    case Formula::Kind::kTrue:
      return constant(positive);
    case Formula::Kind::kAttributeIn:
      return constant(holds(formula, binding) == positive);
    case Formula::Kind::kNot:
      return expand(formula.parts.front(), binding, !positive);
    case Formula::Kind::kFluentIn: {
      const std::optional<Variable> at = locate(formula.fluent, binding);
      // What does not exist here (a snapshot on ESXi) has no value at all.
      if (!at) return constant(!positive);
      GroundFormula leaf;
      leaf.kind = GroundFormula::Kind::kIn;
      leaf.variable = *at;
      for (const std::string& word : formula.values) {
        const std::optional<Value> bit = value(*at, word);
        if (!bit) broken_model(formula.fluent.fluent + " is never " + word);
        leaf.mask |= Mask{1} << *bit;
      }
      if (!positive) leaf.mask = full_mask(*at) & ~leaf.mask;
      return leaf;
    }
    case Formula::Kind::kAnd:
    case Formula::Kind::kOr: {
      GroundFormula whole = constant((formula.kind == Formula::Kind::kAnd) == positive);
      for (const Formula& part : formula.parts)
        if (add_part(whole, expand(part, binding, positive))) break;
      return simplified(std::move(whole));
    }
    case Formula::Kind::kForAll:
    case Formula::Kind::kExists:
      return expand_quantifier(formula, binding, positive);
  }
  broken_model("unknown kind of formula");
}

GroundFormula GroundModel::ground(const Formula& formula) const {
  Binding binding;
  return expand(formula, binding, true);
}

void GroundModel::expand_effect(const Effect& effect, std::size_t depth, Binding& binding,
                                std::vector<GroundEffect>& into) const {
  if (depth < effect.each.size()) {
    const Var& variable = effect.each[depth];
    const std::vector<Entity>& members = candidates(variable, effect.where, binding);
    for (const Entity member : members) {
      binding.emplace_back(variable.name, member);
      expand_effect(effect, depth + 1, binding, into);
      binding.pop_back();
    }
    return;
  }
  if (!holds(effect.where, binding)) return;
  const std::optional<Variable> at = locate(effect.target, binding);
  if (!at) return;
  GroundFormula when = expand(effect.when, binding, true);
  if (when.is_false()) return;
  const std::optional<Value> to = value(*at, effect.value);
  if (!to) broken_model(effect.target.fluent + " is never " + effect.value);
  into.push_back({*at, *to, std::move(when)});
}

void GroundModel::expand_effects(const std::vector<Effect>& effects, Binding& binding,
                                 std::vector<GroundEffect>& into) const {
  for (const Effect& effect : effects) expand_effect(effect, 0, binding, into);
}

std::optional<GroundAction> GroundModel::ground(const Action& action,
                                                const std::vector<std::string>& arguments) const {
  std::vector<Entity> ids;
  for (const std::string& argument : arguments) {
    const std::optional<Entity> id = entity(argument);
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return ground(action, ids);
}

std::optional<GroundAction> GroundModel::ground(const Action& action,
                                                const std::vector<Entity>& arguments) const {
  if (arguments.size() != action.parameters.size()) return std::nullopt;
  Binding binding;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto at = sort_index_.find(action.parameters[i].sort);
    if (at == sort_index_.end() || position_[at->second][arguments[i]] < 0) return std::nullopt;
    binding.emplace_back(action.parameters[i].name, arguments[i]);
  }
  if (!holds(action.applies, binding)) return std::nullopt;
  GroundAction grounded;
  grounded.action = &action;
  grounded.arguments = arguments;
  for (const Condition& condition : guard_of(action))
    grounded.guard.push_back({&condition, expand(condition.formula, binding, true)});
  expand_effects(action.request, binding, grounded.request);
  for (const Outcome& outcome : action.outcomes)
    expand_effects(outcome.effects, binding, grounded.outcomes.emplace_back());
  grounded.lasts = lasting(grounded);
  return grounded;
}

GroundFormula GroundModel::lasting(const GroundAction& action) const {
  GroundFormula lasts;
  for (const GroundCondition& each : action.guard)
    if (each.condition->throughout) lasts.parts.push_back(each.formula);
  for (const GroundEffect& made : action.request) {
    if (!made.when.is_true()) continue;
    Mask values = Mask{1} << made.value;
    for (const GroundEffect& end : action.outcomes.front())
      if (end.target == made.target) values |= Mask{1} << end.value;
    lasts.parts.push_back({GroundFormula::Kind::kIn, made.target, values, {}});
  }
  return lasts;
}

std::vector<GroundInvariant> GroundModel::invariants() const {
  std::vector<GroundInvariant> all;
  for (const Rule& rule : all_rules()) {
    if (rule.state.kind == Formula::Kind::kTrue) continue;
    Binding binding;
    if (rule.state.kind != Formula::Kind::kForAll) {
      all.push_back({rule.id, rule.state_sentence, "", expand(rule.state, binding, true)});
      continue;
    }
    for (const Entity member : sort(rule.state.variable.sort)) {
      binding = {{rule.state.variable.name, member}};
      if (!holds(rule.state.parts[0], binding)) continue;
      all.push_back({rule.id, rule.state_sentence, entity_names_[member],
                     expand(rule.state.parts[1], binding, true)});
    }
  }
  std::erase_if(all, [](const GroundInvariant& each) { return each.formula.is_true(); });
  return all;
}

std::vector<std::vector<Entity>> GroundModel::completions(const Action& action,
                                                          const Binding& bound,
                                                          const Formula& where) const {
  std::vector<std::vector<Entity>> found;
  Binding binding = bound;
  std::vector<Entity> arguments;
  const auto choose = [&](const auto& self, std::size_t parameter) -> void {
    if (parameter == action.parameters.size()) {
      if (holds(action.applies, binding) && holds(where, binding)) found.push_back(arguments);
      return;
    }
    const Var& variable = action.parameters[parameter];
    const auto given =
        std::ranges::find(bound, variable.name, [](const auto& pair) { return pair.first; });
    if (given != bound.end()) {
      if (position_[sort_index_.at(variable.sort)][given->second] < 0) return;
      arguments.push_back(given->second);
      self(self, parameter + 1);
      arguments.pop_back();
      return;
    }
    for (const Entity member : sort(variable.sort)) {
      binding.emplace_back(variable.name, member);
      arguments.push_back(member);
      self(self, parameter + 1);
      arguments.pop_back();
      binding.pop_back();
    }
  };
  choose(choose, 0);
  return found;
}

std::vector<std::vector<Entity>> GroundModel::choices(const Action& action) const {
  return completions(action, {}, always());
}

}  // namespace wme::model
