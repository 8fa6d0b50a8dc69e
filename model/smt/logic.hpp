#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// First-order formulas over an installation of any size: what is proved, before it is told to a
/// solver. Nothing here knows a word of WME.
namespace wme::model::smt {

/// The sorts without bound. An "instance" is an external instance together with its successor: one
/// slot of the fleet, seen as of today or as new.
enum class OpenSort { kNone, kContainer, kInstance, kShard };
inline constexpr OpenSort kOpenSorts[] = {OpenSort::kContainer, OpenSort::kInstance,
                                          OpenSort::kShard};
const char* to_string(OpenSort sort);

/// An entity: one that every installation has, by its name, or a member of an open sort.
struct Ref {
  OpenSort sort = OpenSort::kNone;
  std::string name;                    ///< of the entity; or of a variable or constant
  std::vector<std::string> functions;  ///< of open sorts, innermost first: {"home", "shard"}
  bool is_new = false;                 ///< an instance only: the successor
  bool operator==(const Ref&) const = default;
  auto operator<=>(const Ref&) const = default;
};

/// A function from the members of a sort (or from nothing) to a few words.
struct Cell {
  std::string symbol;  ///< "run", "record of new", "power(platform)"
  Ref at;              ///< sort kNone: the symbol takes no argument
  std::string fluent;  ///< of the vocabulary; or the name of a fact
  const std::vector<std::string>* words = nullptr;
  bool is_rigid = false;
};

/// In the fragment that is needed: a cell has one of some words; two members are the same.
struct Expr {
  enum class Kind { kIn, kSame, kAnd, kOr, kNot, kForAll };
  Kind kind = Kind::kAnd;  ///< an empty kAnd is true, an empty kOr is false
  Cell cell;
  std::uint32_t mask = 0;
  Ref left;
  Ref right;
  std::vector<Expr> parts;
  OpenSort sort = OpenSort::kNone;  ///< kForAll: over its members
  std::string variable;

  bool is_true() const { return kind == Kind::kAnd && parts.empty(); }
  bool is_false() const { return kind == Kind::kOr && parts.empty(); }
};

Expr constant(bool value);
Expr is_in(Cell cell, std::uint32_t mask);
Expr same(Ref left, Ref right);
Expr conjunction(std::vector<Expr> parts);
Expr disjunction(std::vector<Expr> parts);
Expr negation(Expr part);
Expr implication(Expr premise, Expr conclusion);
Expr for_all(OpenSort sort, std::string variable, Expr body);

/// Functions between open sorts, by name: {"home", {kContainer, kInstance}}.
struct OpenFunction {
  std::string name;
  OpenSort from = OpenSort::kNone;
  OpenSort to = OpenSort::kNone;
};

/// One installation of a given size in one state: a model in the solver's sense.
struct Structure {
  std::map<OpenSort, std::size_t> sizes;
  /// [symbol][member]: the index of the word; one entry for a symbol without argument.
  std::map<std::string, std::vector<std::size_t>> words;
  std::map<std::string, std::vector<std::size_t>> functions;  ///< [function][member]
  std::map<std::string, Cell> cells;                          ///< what each symbol means
  std::map<std::string, std::size_t> constants;               ///< "c" -> 1: which member it is

  using Binding = std::map<std::string, std::size_t>;
  std::size_t member(const Ref& ref, const Binding& binding) const;
  std::size_t word(const Cell& cell, const Binding& binding) const;
  bool holds(const Expr& expr, const Binding& binding = {}) const;
};

/// Every cell that the formula looks at, each once by symbol.
void collect_cells(const Expr& expr, std::map<std::string, Cell>& into);

}  // namespace wme::model::smt
