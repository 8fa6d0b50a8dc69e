#include "model/smt/solver.hpp"

#include <z3++.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <utility>

namespace wme::model::smt {

namespace {

/// A question that takes longer than this is not answered: minutes would not be "in seconds".
constexpr unsigned kQuestionMilliseconds = 10'000;

using Members = std::map<OpenSort, std::vector<z3::expr>>;

/// Formulas as Z3's; quantifiers are unrolled over the members that are given.
class Encoder {
 public:
  Encoder(z3::context& context, const std::vector<OpenFunction>& functions)
      : context_(context), functions_(functions) {
    for (const OpenSort sort : kOpenSorts)
      sorts_.emplace(sort, context_.uninterpreted_sort(to_string(sort)));
    for (const OpenFunction& each : functions_)
      maps_.emplace(each.name,
                    context_.function(each.name.c_str(), sorts_.at(each.from), sorts_.at(each.to)));
  }

  void unroll_over(Members members) { members_ = std::move(members); }

  z3::expr constant_of(OpenSort sort, const std::string& name) const {
    return context_.constant(name.c_str(), sorts_.at(sort));
  }
  z3::expr is_member(const z3::expr& x, OpenSort sort) const {
    z3::expr_vector any(context_);
    for (const z3::expr& member : members_of(sort)) any.push_back(x == member);
    return z3::mk_or(any);
  }
  std::vector<z3::expr> members_of(OpenSort sort) const {
    const auto found = members_.find(sort);
    return found == members_.end() ? std::vector<z3::expr>() : found->second;
  }

  using Bound = std::map<std::string, z3::expr>;
  z3::expr encoded(const Expr& expr) {
    const Bound none;
    return encoded(expr, none);
  }

  const std::map<std::string, std::pair<Cell, z3::func_decl>>& symbols() const { return symbols_; }
  const z3::func_decl& map(const std::string& name) const { return maps_.at(name); }
  /// The index of the word that a term stands for.
  std::size_t word(const z3::expr& term, const Cell& cell) {
    const Words& all = words_of(cell);
    for (std::size_t i = 0; i < all.values.size(); ++i)
      if (z3::eq(term, all.values[static_cast<int>(i)]())) return i;
    return 0;
  }

 private:
  struct Words {
    z3::sort sort;
    z3::func_decl_vector values;
  };

  const Words& words_of(const Cell& cell) {
    const auto found = words_.find(cell.words);
    if (found != words_.end()) return found->second;
    std::vector<std::string> names;
    for (const std::string& word : *cell.words)
      names.push_back(std::to_string(words_.size()) + " " + word);
    std::vector<const char*> texts;
    for (const std::string& name : names) texts.push_back(name.c_str());
    z3::func_decl_vector values(context_);
    z3::func_decl_vector testers(context_);
    const z3::sort sort = context_.enumeration_sort(
        ("words " + std::to_string(words_.size())).c_str(), static_cast<unsigned>(texts.size()),
        texts.data(), values, testers);
    return words_.emplace(cell.words, Words{sort, values}).first->second;
  }

  const z3::func_decl& symbol(const Cell& cell) {
    const auto found = symbols_.find(cell.symbol);
    if (found != symbols_.end()) return found->second.second;
    const z3::sort range = words_of(cell).sort;
    z3::func_decl made =
        cell.at.sort == OpenSort::kNone
            ? context_.function(cell.symbol.c_str(), 0, nullptr, range)
            : context_.function(cell.symbol.c_str(), sorts_.at(cell.at.sort), range);
    return symbols_.emplace(cell.symbol, std::pair{cell, made}).first->second.second;
  }

  z3::expr term(const Ref& ref, const Bound& bound) const {
    const auto known = bound.find(ref.name);
    OpenSort sort = ref.sort;
    for (auto function = ref.functions.rbegin(); function != ref.functions.rend(); ++function)
      for (const OpenFunction& each : functions_)
        if (each.name == *function) sort = each.from;
    z3::expr at = known != bound.end() ? known->second : constant_of(sort, ref.name);
    for (const std::string& function : ref.functions) at = maps_.at(function)(at);
    return at;
  }

  z3::expr encoded(const Expr& expr, const Bound& bound) {
    switch (expr.kind) {
      case Expr::Kind::kIn: {
        const z3::func_decl& function = symbol(expr.cell);
        const z3::expr value =
            expr.cell.at.sort == OpenSort::kNone ? function() : function(term(expr.cell.at, bound));
        const Words& words = words_of(expr.cell);
        z3::expr_vector any(context_);
        for (std::size_t i = 0; i < words.values.size(); ++i)
          if ((expr.mask >> i & 1U) != 0)
            any.push_back(value == words.values[static_cast<int>(i)]());
        return z3::mk_or(any);
      }
      case Expr::Kind::kSame:
        return term(expr.left, bound) == term(expr.right, bound);
      case Expr::Kind::kNot:
        return !encoded(expr.parts.front(), bound);
      case Expr::Kind::kAnd:
      case Expr::Kind::kOr: {
        z3::expr_vector parts(context_);
        for (const Expr& part : expr.parts) parts.push_back(encoded(part, bound));
        return expr.kind == Expr::Kind::kAnd ? z3::mk_and(parts) : z3::mk_or(parts);
      }
      case Expr::Kind::kForAll:
        return quantified(expr, bound);
    }
    return context_.bool_val(false);
  }

  z3::expr quantified(const Expr& expr, const Bound& bound) {
    Bound inner = bound;
    z3::expr_vector all(context_);
    for (const z3::expr& member : members_of(expr.sort)) {
      inner.erase(expr.variable);
      inner.emplace(expr.variable, member);
      all.push_back(encoded(expr.parts.front(), inner));
    }
    return z3::mk_and(all);
  }

  z3::context& context_;
  const std::vector<OpenFunction>& functions_;
  std::map<OpenSort, z3::sort> sorts_;
  std::map<std::string, z3::func_decl> maps_;
  Members members_;
  std::map<const std::vector<std::string>*, Words> words_;
  std::map<std::string, std::pair<Cell, z3::func_decl>> symbols_;
};

/// The free names of a formula with the sort of each: arguments of the action, and witnesses.
using Constants = std::map<std::string, OpenSort>;

OpenSort sort_of_name(const Ref& ref, const std::vector<OpenFunction>& functions) {
  for (const OpenFunction& each : functions)
    if (!ref.functions.empty() && each.name == ref.functions.front()) {
      // "shard" is of containers, "shard of instance" of instances: the first function says it.
      return each.from;
    }
  return ref.sort;
}

void collect_constants(const Expr& expr, const std::vector<OpenFunction>& functions,
                       std::set<std::string>& bound, Constants& into) {
  for (const Ref* ref : {&expr.cell.at, &expr.left, &expr.right})
    if (ref->sort != OpenSort::kNone && !bound.contains(ref->name))
      into.emplace(ref->name, sort_of_name(*ref, functions));
  const bool is_new = expr.kind == Expr::Kind::kForAll && bound.insert(expr.variable).second;
  for (const Expr& part : expr.parts) collect_constants(part, functions, bound, into);
  if (is_new) bound.erase(expr.variable);
}

void rename(Expr& expr, const std::string& from, const std::string& to) {
  for (Ref* ref : {&expr.cell.at, &expr.left, &expr.right})
    if (ref->name == from) ref->name = to;
  if (expr.kind == Expr::Kind::kForAll && expr.variable == from) return;
  for (Expr& part : expr.parts) rename(part, from, to);
}

/// "There is" becomes a name for what there is. Under "for all" the name would depend on what the
/// quantifier stands for: such a formula stays as it is, and is found by says_there_is().
Expr with_witnesses(Expr expr, bool positive, std::size_t& count) {
  if (expr.kind == Expr::Kind::kForAll) {
    if (positive) return expr;
    const std::string name = "some " + expr.variable + " " + std::to_string(++count);
    Expr body = std::move(expr.parts.front());
    rename(body, expr.variable, name);
    return with_witnesses(std::move(body), positive, count);
  }
  if (expr.kind == Expr::Kind::kNot) positive = !positive;
  for (Expr& part : expr.parts) part = with_witnesses(std::move(part), positive, count);
  return expr;
}

bool says_there_is(const Expr& expr, bool positive) {
  if (expr.kind == Expr::Kind::kForAll && !positive) return true;
  const bool inside = expr.kind == Expr::Kind::kNot ? !positive : positive;
  return std::ranges::any_of(expr.parts,
                             [&](const Expr& part) { return says_there_is(part, inside); });
}

}  // namespace

/// How a question is answered for any size: what is supposed holds for all members, so it holds for
/// those that the question names, for their homes and for their shards. If that much cannot be, the
/// answer is no. If it can, these members alone are an installation, since homes and shards of
/// theirs are among them: the answer is yes, but for canaries, which structure_of() looks at.
class Solver::Impl {
 public:
  explicit Impl(const std::vector<OpenFunction>& functions)
      : functions_(functions), encoder_(context_, functions_), solver_(context_, "QF_UFDT") {}

  Constants constants_of(const std::vector<const Expr*>& formulas) const {
    Constants found;
    std::set<std::string> bound;
    for (const Expr* each : formulas) collect_constants(*each, functions_, bound, found);
    return found;
  }

  Members closure_of(const Constants& constants) const {
    Members members;
    for (const auto& [name, sort] : constants)
      members[sort].push_back(encoder_.constant_of(sort, name));
    for (const OpenFunction& each : functions_)
      if (each.to != OpenSort::kContainer)
        for (const z3::expr& of : std::vector<z3::expr>(members[each.from]))
          members[each.to].push_back(encoder_.map(each.name)(of));
    return members;
  }

  z3::expr instances(const std::string& label, const std::string& of_members) {
    const auto key = std::pair{label, of_members};
    const auto found = cache_.find(key);
    if (found != cache_.end()) return found->second;
    return cache_.emplace(key, encoder_.encoded(suppositions_.at(label))).first->second;
  }

  z3::context context_;
  std::vector<OpenFunction> functions_;
  Encoder encoder_;
  z3::solver solver_;
  std::map<std::string, Expr> suppositions_;  ///< "" is what always holds
  std::map<std::pair<std::string, std::string>, z3::expr> cache_;
};

Solver::Solver(const std::vector<OpenFunction>& functions) : impl_(new Impl(functions)) {
  z3::params options(impl_->context_);
  options.set("timeout", kQuestionMilliseconds);
  options.set("random_seed", 7U);
  options.set("core.minimize", true);
  impl_->solver_.set(options);
}

Solver::~Solver() = default;

void Solver::suppose(const std::string& label, const Expr& formula) {
  if (says_there_is(formula, true)) {
    std::cerr << "rehydrate: the proof for any fleet size cannot suppose that there is something: "
              << label << "\n";
    std::abort();
  }
  impl_->suppositions_.emplace(label, formula);
}

Solver::Reply Solver::possible(const Expr& formula, const std::vector<std::string>& labels,
                               const std::vector<Labelled>& only_here) {
  Impl& z3 = *impl_;
  std::size_t witnesses = 0;
  const Expr question = with_witnesses(formula, true, witnesses);
  std::vector<Labelled> here;
  for (const auto& [label, supposed] : only_here)
    here.emplace_back(label, with_witnesses(supposed, true, witnesses));
  std::vector<const Expr*> all = {&question};
  for (const Labelled& each : here) all.push_back(&each.second);
  for (const Expr* each : all)
    if (says_there_is(*each, true)) return {};  // the members below would not be enough
  const Constants constants = z3.constants_of(all);
  z3.encoder_.unroll_over(z3.closure_of(constants));
  std::string members;
  for (const auto& [name, sort] : constants) members += name + ";";

  std::map<std::string, z3::expr> literals;
  z3.solver_.push();
  const auto suppose_here = [&](const std::string& label, const z3::expr& supposed) {
    const z3::expr literal = z3.context_.bool_const(label.c_str());
    literals.emplace(label, literal);
    z3.solver_.add(z3::implies(literal, supposed));
  };
  if (z3.suppositions_.contains("")) z3.solver_.add(z3.instances("", members));
  for (const std::string& label : labels) suppose_here(label, z3.instances(label, members));
  for (const auto& [label, supposed] : here) suppose_here(label, z3.encoder_.encoded(supposed));
  z3.solver_.add(z3.encoder_.encoded(question));
  z3::expr_vector assumptions(z3.context_);
  for (const auto& [label, literal] : literals) assumptions.push_back(literal);
  Reply reply;
  const z3::check_result result = z3.solver_.check(assumptions);
  if (result == z3::sat) reply.answer = Answer::kYes;
  if (result == z3::unsat) {
    reply.answer = Answer::kNo;
    for (const z3::expr& each : z3.solver_.unsat_core())
      for (const auto& [label, literal] : literals)
        if (z3::eq(each, literal)) reply.needed.push_back(label);
  }
  z3.solver_.pop();
  return reply;
}

std::optional<Structure> structure_of(const Expr& formula,
                                      const std::vector<OpenFunction>& functions,
                                      const std::map<std::string, OpenSort>& constants,
                                      const Sizes& sizes) {
  z3::context context;
  Encoder encoder(context, functions);
  Members members;
  for (const auto& [sort, size] : sizes)
    for (std::size_t at = 0; at < size; ++at)
      members[sort].push_back(
          encoder.constant_of(sort, std::string(to_string(sort)) + " " + std::to_string(at)));
  encoder.unroll_over(members);
  z3::solver solver(context);
  z3::params options(context);
  options.set("timeout", kQuestionMilliseconds);
  options.set("random_seed", 7U);
  solver.set(options);
  for (const auto& [sort, all] : members) {
    z3::expr_vector distinct(context);
    for (const z3::expr& member : all) distinct.push_back(member);
    if (all.size() > 1) solver.add(z3::distinct(distinct));
  }
  for (const OpenFunction& each : functions)
    for (const z3::expr& member : encoder.members_of(each.from))
      solver.add(encoder.is_member(encoder.map(each.name)(member), each.to));
  for (const auto& [name, sort] : constants)
    solver.add(encoder.is_member(encoder.constant_of(sort, name), sort));
  solver.add(encoder.encoded(formula));
  if (solver.check() != z3::sat) return std::nullopt;
  const z3::model model = solver.get_model();

  Structure made;
  made.sizes = sizes;
  const auto position = [&](const z3::expr& term, OpenSort sort) {
    const std::vector<z3::expr> all = encoder.members_of(sort);
    std::size_t at = 0;
    while (at < all.size() && !z3::eq(model.eval(term, true), model.eval(all[at], true))) ++at;
    return at;
  };
  for (const OpenFunction& each : functions)
    for (const z3::expr& member : encoder.members_of(each.from))
      made.functions[each.name].push_back(position(encoder.map(each.name)(member), each.to));
  for (const auto& [name, sort] : constants)
    made.constants[name] = position(encoder.constant_of(sort, name), sort);
  for (const auto& [name, pair] : encoder.symbols()) {
    const auto& [cell, function] = pair;
    made.cells.emplace(name, cell);
    std::vector<std::size_t>& words = made.words[name];
    if (cell.at.sort == OpenSort::kNone)
      words.push_back(encoder.word(model.eval(function(), true), cell));
    else
      for (const z3::expr& member : encoder.members_of(cell.at.sort))
        words.push_back(encoder.word(model.eval(function(member), true), cell));
  }
  return made;
}

}  // namespace wme::model::smt
