#include "model/smt/logic.hpp"

#include <algorithm>
#include <utility>

namespace wme::model::smt {

const char* to_string(OpenSort sort) {
  switch (sort) {
    case OpenSort::kNone:
      return "entity";
    case OpenSort::kContainer:
      return "container";
    case OpenSort::kInstance:
      return "instance";
    case OpenSort::kShard:
      return "shard";
  }
  return "?";
}

Expr constant(bool value) {
  Expr made;
  made.kind = value ? Expr::Kind::kAnd : Expr::Kind::kOr;
  return made;
}

Expr is_in(Cell cell, std::uint32_t mask) {
  const std::uint32_t all = (std::uint32_t{1} << cell.words->size()) - 1;
  if ((mask & all) == 0 || (mask & all) == all) return constant((mask & all) != 0);
  Expr made;
  made.kind = Expr::Kind::kIn;
  made.cell = std::move(cell);
  made.mask = mask & all;
  return made;
}

Expr same(Ref left, Ref right) {
  if (left == right) return constant(true);
  Expr made;
  made.kind = Expr::Kind::kSame;
  made.left = std::move(left);
  made.right = std::move(right);
  return made;
}

namespace {

Expr joined(std::vector<Expr> parts, bool is_and) {
  Expr whole = constant(is_and);
  for (Expr& part : parts) {
    if (is_and ? part.is_true() : part.is_false()) continue;
    if (is_and ? part.is_false() : part.is_true()) return constant(!is_and);
    if (part.kind == whole.kind)
      for (Expr& inner : part.parts) whole.parts.push_back(std::move(inner));
    else
      whole.parts.push_back(std::move(part));
  }
  if (whole.parts.size() != 1) return whole;
  Expr only = std::move(whole.parts.front());
  return only;
}

}  // namespace

Expr conjunction(std::vector<Expr> parts) { return joined(std::move(parts), true); }
Expr disjunction(std::vector<Expr> parts) { return joined(std::move(parts), false); }

Expr negation(Expr part) {
  if (part.is_true() || part.is_false()) return constant(part.is_false());
  if (part.kind == Expr::Kind::kNot) {
    Expr inner = std::move(part.parts.front());
    return inner;
  }
  Expr made;
  made.kind = Expr::Kind::kNot;
  made.parts.push_back(std::move(part));
  return made;
}

Expr implication(Expr premise, Expr conclusion) {
  return disjunction({negation(std::move(premise)), std::move(conclusion)});
}

Expr for_all(OpenSort sort, std::string variable, Expr body) {
  if (body.is_true()) return body;
  Expr made;
  made.kind = Expr::Kind::kForAll;
  made.sort = sort;
  made.variable = std::move(variable);
  made.parts.push_back(std::move(body));
  return made;
}

std::size_t Structure::member(const Ref& ref, const Binding& binding) const {
  const auto bound = binding.find(ref.name);
  std::size_t at = bound != binding.end() ? bound->second : constants.at(ref.name);
  for (const std::string& function : ref.functions) at = functions.at(function)[at];
  return at;
}

std::size_t Structure::word(const Cell& cell, const Binding& binding) const {
  const auto known = words.find(cell.symbol);
  if (known == words.end()) return 0;  // nothing asked for it: any word will do
  return known->second[cell.at.sort == OpenSort::kNone ? 0 : member(cell.at, binding)];
}

bool Structure::holds(const Expr& expr, const Binding& binding) const {
  const auto inner = [&](const Expr& part) { return holds(part, binding); };
  switch (expr.kind) {
    case Expr::Kind::kIn:
      return (expr.mask >> word(expr.cell, binding) & 1U) != 0;
    case Expr::Kind::kSame:
      return member(expr.left, binding) == member(expr.right, binding);
    case Expr::Kind::kAnd:
      return std::ranges::all_of(expr.parts, inner);
    case Expr::Kind::kOr:
      return std::ranges::any_of(expr.parts, inner);
    case Expr::Kind::kNot:
      return !inner(expr.parts.front());
    case Expr::Kind::kForAll:
      break;
  }
  Binding wider = binding;
  for (std::size_t at = 0; at < sizes.at(expr.sort); ++at) {
    wider[expr.variable] = at;
    if (!holds(expr.parts.front(), wider)) return false;
  }
  return true;
}

void collect_cells(const Expr& expr, std::map<std::string, Cell>& into) {
  if (expr.kind == Expr::Kind::kIn) into.emplace(expr.cell.symbol, expr.cell);
  for (const Expr& part : expr.parts) collect_cells(part, into);
}

}  // namespace wme::model::smt
