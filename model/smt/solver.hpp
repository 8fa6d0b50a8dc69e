#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/smt/logic.hpp"

namespace wme::model::smt {

enum class Answer { kYes, kNo, kUnknown };

/// Z3, and nothing else of it: may these formulas hold together in some installation, of any size?
class Solver {
 public:
  explicit Solver(const std::vector<OpenFunction>& functions);
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  /// Holds in the questions that name the label; without a label, in all. Said for all members:
  /// no "there is" in it.
  void suppose(const std::string& label, const Expr& formula);

  struct Reply {
    Answer answer = Answer::kUnknown;
    std::vector<std::string> needed;  ///< kNo: labels that contradict the rest, few of them
  };
  /// Whether `formula`, what always holds, the named suppositions and those of this one question
  /// can hold together.
  using Labelled = std::pair<std::string, Expr>;
  Reply possible(const Expr& formula, const std::vector<std::string>& labels,
                 const std::vector<Labelled>& only_here);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// How many of each open sort there are.
using Sizes = std::map<OpenSort, std::size_t>;

/// An installation of exactly this size in which the formula holds; `constants` are members.
std::optional<Structure> structure_of(const Expr& formula,
                                      const std::vector<OpenFunction>& functions,
                                      const std::map<std::string, OpenSort>& constants,
                                      const Sizes& sizes);

}  // namespace wme::model::smt
