#include "model/smt/fleet.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model::smt {

namespace {

[[noreturn]] void broken_model(const std::string& what) {
  std::cerr << "rehydrate: the proof for any fleet size cannot read the model: " << what << "\n";
  std::abort();
}

/// Facts of the whole installation that an inventory decides, not the provider or the procedure.
bool is_open_fact(const std::string& name, bool any_procedure) {
  return name == "address-changes" || name == "gate-by" || name == "counts-containers" ||
         (any_procedure && name == "version-changes");
}

Installation without_fleet(const Scope& scope, Situation situation) {
  Inventory inventory;
  inventory.provider = scope.provider;
  const Procedure some = situation == Situation::kLost ? Procedure::kRestore : Procedure::kRotate;
  const bool fits = scope.procedure && situation_of(*scope.procedure) == situation;
  return installation_of(inventory, fits ? *scope.procedure : some);
}

std::uint32_t mask_of(const std::vector<std::string>& words,
                      const std::vector<std::string>& values) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (std::ranges::find(values, words[i]) != values.end()) mask |= std::uint32_t{1} << i;
  return mask;
}

Formula parked_at_first() {
  return all_of({run("c") == "passivated", place("c") == "parked", newest("c") == "old-platform",
                 captured("c") == "nothing"});
}

Formula on_its_instance_at_first() {
  return all_of({in(run("c"), {"running", "stopped"}), place("c") == "home",
                 newest("c") == "instance-disk", captured("c") == "nothing"});
}

Formula fact(const char* name, const char* word) { return attribute(name, {}, {word}); }
Formula old_one(const char* x) { return attribute("generation", {Term(x)}, {"old"}); }

}  // namespace

FluentTerm under_way(const std::string& action, std::vector<Term> arguments) {
  return {kUnderWay + action, std::move(arguments)};
}

const std::vector<std::string>& no_or_yes() {
  static const std::vector<std::string> words = {"no", "yes"};
  return words;
}

const std::vector<OpenFunction>& Fleet::functions() {
  // One slot stands for an instance and its successor, which is in the same shard
  // (installation.cpp, machines()); a container's shard is its own (shards_and_containers()).
  static const std::vector<OpenFunction> all = {
      {"home", OpenSort::kContainer, OpenSort::kInstance},
      {"shard", OpenSort::kContainer, OpenSort::kShard},
      {"shard of instance", OpenSort::kInstance, OpenSort::kShard},
      {"canary", OpenSort::kShard, OpenSort::kContainer},
  };
  return all;
}

const std::vector<Axiom>& Fleet::axioms() {
  const Var c{"c", "container"};
  const Var i{"i", "instance"};
  const Var sh{"sh", "shard"};
  static const std::vector<Axiom> all = {
      {for_all(i, attribute("kind", {Term(i)}, {"studio", "app"})), "installation.cpp, machines()"},
      // A canary is a container of its shard, and a shard with a container has one.
      {for_all(sh, attribute("has-canary", {Term(sh)}, {"yes"}),
               attribute("entity", {shard(canary(sh))}, {"{sh}"})),
       "installation.cpp, shards_and_containers()"},
      {for_all(c, attribute("has-canary", {shard(c)}, {"yes"})),
       "installation.cpp, shards_and_containers()"},
  };
  return all;
}

const std::vector<Beginning>& Fleet::beginnings() {
  const Var c{"c", "container"};
  const Var i{"i", "instance"};
  const Var sh{"sh", "shard"};
  static const std::vector<Beginning> all = {
      {Situation::kServing, for_all(c, any_of({parked_at_first(), on_its_instance_at_first()})),
       "installation.cpp, serving()"},
      {Situation::kServing,
       for_all(i, old_one("i"),
               all_of({power("i") == "running", docker("i") == "running", record("i") == "started",
                       data_disk("i") == "mounted", prepared("i") == "yes"})),
       "installation.cpp, serving()"},
      {Situation::kLost,
       for_all(c, all_of({run("c") == "passivated", place("c") == "parked", newest("c") == "gone",
                          captured("c") == "newest"})),
       "installation.cpp, lost()"},
      {Situation::kLost,
       for_all(i, old_one("i"),
               all_of({power("i") == "terminated", record("i") == "stopped",
                       data_disk("i") == "mounted", prepared("i") == "yes"})),
       "installation.cpp, lost()"},
      {Situation::kLost, for_all(sh, checked("sh") == "yes"), "installation.cpp, lost()"},
      {Situation::kLost,
       any_of({all_of({fact("counts-containers", "yes"), counted() == "yes"}),
               all_of({fact("counts-containers", "no"), counted() == "no"})}),
       "installation.cpp, lost()"},
  };
  return all;
}

Fleet::Fleet(Scope scope)
    : scope_(scope),
      serving_(without_fleet(scope, Situation::kServing)),
      lost_(without_fleet(scope, Situation::kLost)) {
  for (const RigidFact& fact : attributes()) {
    std::string rest = fact.result;
    while (!rest.empty()) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      words_[fact.name].push_back(rest.substr(0, bar));
      rest.erase(0, std::min(bar + 1, rest.size()));
    }
  }
}

std::vector<Situation> Fleet::situations() const {
  if (scope_.procedure) return {situation_of(*scope_.procedure)};
  return {Situation::kServing, Situation::kLost};
}

const std::vector<std::string>& Fleet::members(const std::string& sort) const {
  static const std::vector<std::string> none;
  const auto at = serving_.sorts.find(sort);
  return at == serving_.sorts.end() ? none : at->second;
}

OpenSort Fleet::open_part(const std::string& sort) {
  if (sort == "container") return OpenSort::kContainer;
  if (sort == "instance" || sort == "machine") return OpenSort::kInstance;
  if (sort == "shard") return OpenSort::kShard;
  return OpenSort::kNone;
}

std::optional<Ref> Fleet::entity(const std::string& name, const Binding& binding) const {
  for (auto bound = binding.rbegin(); bound != binding.rend(); ++bound)
    if (bound->first == name) return bound->second;
  for (const auto& [sort, names] : serving_.sorts)
    if (std::ranges::find(names, name) != names.end()) return Ref{OpenSort::kNone, name, {}, false};
  return std::nullopt;
}

std::optional<Ref> Fleet::applied(const std::string& function, Ref to) const {
  if (to.sort == OpenSort::kNone) {
    const auto table = serving_.functions.find(function);
    if (table == serving_.functions.end()) return std::nullopt;
    const auto value = table->second.find(to.name);
    if (value == table->second.end()) return std::nullopt;
    return Ref{OpenSort::kNone, value->second, {}, false};
  }
  if (to.sort == OpenSort::kInstance) {
    if (function == "platform")
      return Ref{OpenSort::kNone, to.is_new ? "platform-new" : "platform", {}, false};
    if (function == "successor" || function == "predecessor") {
      if (to.is_new == (function == "successor")) return std::nullopt;
      to.is_new = !to.is_new;
      return to;
    }
  }
  const std::string name =
      function == "shard" && to.sort == OpenSort::kInstance ? "shard of instance" : function;
  for (const OpenFunction& each : functions())
    if (each.name == name && each.from == to.sort) {
      to.functions.push_back(name);
      to.sort = each.to;
      to.is_new = false;  // a home is an instance of today
      return to;
    }
  return std::nullopt;
}

std::optional<Ref> Fleet::resolve(const Term& term, const Binding& binding) const {
  std::optional<Ref> found = entity(term.name, binding);
  for (const std::string& function : term.functions) {
    if (!found) return std::nullopt;
    found = applied(function, *found);
  }
  return found;
}

Expr Fleet::same_entity(const Ref& ref, const std::vector<std::string>& values,
                        const Binding& binding) const {
  std::vector<Expr> any;
  for (const std::string& value : values) {
    const bool is_reference = value.starts_with('{');
    const std::optional<Ref> other =
        entity(is_reference ? value.substr(1, value.size() - 2) : value, binding);
    if (!other || other->sort != ref.sort || other->is_new != ref.is_new) continue;
    any.push_back(ref.sort == OpenSort::kNone ? constant(ref.name == other->name)
                                              : same(ref, *other));
  }
  return disjunction(std::move(any));
}

Expr Fleet::open_fact(const std::string& name, const Ref& of,
                      const std::vector<std::string>& values) const {
  const auto words = words_.find(name);
  if (words == words_.end()) broken_model("unknown attribute " + name);
  return is_in({name, of, name, &words->second, true}, mask_of(words->second, values));
}

Expr Fleet::holds(const Formula& fact, const Binding& binding) const {
  const std::string& name = fact.fluent.fluent;
  if (fact.fluent.arguments.empty()) {
    if (is_open_fact(name, !scope_.procedure)) return open_fact(name, {}, fact.values);
    const std::string& word = facts().attributes.at(name).at("");
    return constant(std::ranges::find(fact.values, word) != fact.values.end());
  }
  const std::optional<Ref> of = resolve(fact.fluent.arguments.front(), binding);
  if (!of) return constant(false);
  if (name == "entity") return same_entity(*of, fact.values, binding);
  if (of->sort == OpenSort::kNone) {
    // What the inventory or the procedure decides about an entity that is always there.
    if (name == "address-kept" && of->name == "platform-new")
      return negation(open_fact("address-changes", {}, [&] {
        const bool yes = std::ranges::find(fact.values, "yes") != fact.values.end();
        return std::vector<std::string>{yes ? "yes" : "no"};
      }()));
    if (name == "needed" && of->name != "package" && !scope_.procedure) {
      const std::string symbol = "needed(" + of->name + ")";
      const auto& words = words_.at(name);
      return is_in({symbol, {}, symbol, &words, true}, mask_of(words, fact.values));
    }
    const auto table = facts().attributes.find(name);
    if (table == facts().attributes.end()) return constant(false);
    const auto word = table->second.find(of->name);
    return constant(word != table->second.end() &&
                    std::ranges::find(fact.values, word->second) != fact.values.end());
  }
  if (name == "generation") {
    const char* word = of->is_new ? "new" : "old";
    return constant(of->sort == OpenSort::kInstance &&
                    std::ranges::find(fact.values, word) != fact.values.end());
  }
  if (name == "address-kept" && !of->is_new) return constant(false);
  const bool is_of_instance = name == "address-kept" || name == "kind";
  if (is_of_instance != (of->sort == OpenSort::kInstance)) return constant(false);
  return open_fact(name, *of, fact.values);
}

std::optional<Cell> Fleet::cell(const FluentTerm& term, const Binding& binding) const {
  std::vector<std::string> sort_of_argument;
  const std::vector<std::string>* words = nullptr;
  if (term.fluent.starts_with(kUnderWay)) {
    const Action* action = find_action(term.fluent.substr(std::string(kUnderWay).size()));
    if (!action || action->parameters.size() != term.arguments.size())
      broken_model("no action with these parameters: " + term.fluent);
    for (const Var& each : action->parameters) sort_of_argument.push_back(each.sort);
    words = &no_or_yes();
  } else {
    for (const Fluent& fluent : fluents())
      if (fluent.name == term.fluent) {
        words = &fluent.values;
        sort_of_argument = fluent.sorts;
      }
  }
  if (!words || sort_of_argument.size() != term.arguments.size() || sort_of_argument.size() > 1)
    broken_model("a variable with another number of arguments: " + term.fluent);
  if (term.arguments.empty()) return Cell{term.fluent, {}, term.fluent, words, false};
  const std::optional<Ref> at = resolve(term.arguments.front(), binding);
  if (!at) return std::nullopt;
  const std::string& sort = sort_of_argument.front();
  if (at->sort == OpenSort::kNone) {
    const std::vector<std::string>& all = members(sort);
    if (std::ranges::find(all, at->name) == all.end()) return std::nullopt;
    return Cell{term.fluent + "(" + at->name + ")", {}, term.fluent, words, false};
  }
  if (open_part(sort) != at->sort) return std::nullopt;
  return Cell{term.fluent + (at->is_new ? " of the new" : ""), *at, term.fluent, words, false};
}

}  // namespace wme::model::smt
