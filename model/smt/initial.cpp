#include "model/smt/initial.hpp"

#include <algorithm>
#include <utility>

#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model::smt {

namespace {

/// The cell has the word that the installation starts with, or the first one.
Expr as_at_first(const Cell& cell, const std::string& word) {
  std::uint32_t mask = 1;
  for (std::size_t i = 0; i < cell.words->size(); ++i)
    if ((*cell.words)[i] == word) mask = std::uint32_t{1} << i;
  return is_in(cell, mask);
}

class Beginner {
 public:
  Beginner(const Translator& translator, Situation situation)
      : translator_(translator), installation_(translator.fleet().fixed(situation)) {
    for (const Beginning& each : Fleet::beginnings())
      if (each.situation == situation) parts_.push_back(translator.before(each.formula, {}));
    for (const Expr& part : parts_) collect_cells(part, said_);
  }

  Expr made() && {
    for (const Fluent& fluent : fluents()) {
      const auto table = installation_.initial.find(fluent.name);
      const auto first = [&](const std::string& of) {
        if (table == installation_.initial.end()) return std::string();
        const auto word = table->second.find(of);
        return word == table->second.end() ? std::string() : word->second;
      };
      if (fluent.sorts.empty())
        add(translator_.fleet().cell({fluent.name, {}}, {}), first(""));
      else
        for_every({"x", fluent.sorts.front()}, {fluent.name, {Term("x")}}, first);
    }
    const auto no = [](const std::string&) { return std::string("no"); };
    for (const Action& action : all_actions())
      if (action.door != Door::kEnvironment) {
        if (action.parameters.empty())
          add(translator_.fleet().cell(under_way(action.name, {}), {}), "no");
        else
          for_every({"x", action.parameters.front().sort}, under_way(action.name, {Term("x")}), no);
      }
    return conjunction(std::move(parts_));
  }

 private:
  template <class First>
  void for_every(const Var& variable, const FluentTerm& term, const First& first) {
    for (const Ref& choice : choices(translator_.fleet(), variable))
      add(translator_.fleet().cell(term, {{variable.name, choice}}), first(choice.name));
  }

  void add(const std::optional<Cell>& cell, const std::string& word) {
    if (!cell || said_.contains(cell->symbol)) return;
    Expr value = as_at_first(*cell, word);
    parts_.push_back(cell->at.sort == OpenSort::kNone
                         ? std::move(value)
                         : for_all(cell->at.sort, cell->at.name, std::move(value)));
  }

  const Translator& translator_;
  const Installation& installation_;
  std::vector<Expr> parts_;
  std::map<std::string, Cell> said_;
};

}  // namespace

Expr initial_states(const Translator& translator, Situation situation) {
  return Beginner(translator, situation).made();
}

Expr facts(const Translator& translator) {
  std::vector<Expr> all;
  for (const Axiom& axiom : Fleet::axioms()) all.push_back(translator.before(axiom.formula, {}));
  return conjunction(std::move(all));
}

}  // namespace wme::model::smt
