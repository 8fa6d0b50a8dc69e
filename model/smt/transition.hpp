#pragma once

#include <string>
#include <vector>

#include "model/language/action.hpp"
#include "model/smt/fleet.hpp"

namespace wme::model::smt {

/// One change that a transition makes, to one cell or to one for each member of an open sort.
struct Change {
  std::string symbol;
  Ref at;                    ///< sort kNone: the symbol takes no argument
  bool is_for_each = false;  ///< `at` is then the variable, bound below to itself
  Fleet::Binding binding;
  const Effect* effect = nullptr;  ///< null: only the value, always
  std::uint32_t value = 0;
};

/// What the work of several actions may do to one another.
enum class Overtaking {
  kAllowed,  ///< anything may be requested while anything is under way
  /// An action that is under way ends before somebody changes what it is changing: commands that
  /// show no value on their way are over at once, and an end comes to what is still under way.
  kExcluded,
};

struct Obstacle {
  const Condition* condition = nullptr;
  std::size_t number = 0;  ///< in the guard, from 1
  Expr formula;
};

/// A request, an outcome or an event, with arguments that are entities or fresh constants.
struct Transition {
  /// kGivenUp: no outcome comes any more, and whoever asked may ask again.
  enum class Kind { kRequest, kOutcome, kGivenUp, kAtOnce, kEvent };
  Kind kind = Kind::kRequest;
  const Action* action = nullptr;
  std::size_t outcome = 0;
  std::vector<Ref> arguments;
  Fleet::Binding binding;
  std::vector<Obstacle> guard;     ///< of a request, an event, or what is done at once
  std::vector<Obstacle> left_out;  ///< of the guard: `--without`
  Expr enabled;                    ///< everything else that it takes
  std::vector<Change> changes;

  bool is_by_environment() const { return kind == Kind::kEvent; }
  bool is_failure() const { return outcome > 0; }
};

/// A condition that is left out of a guard: `--without`.
struct Without {
  std::string action;      ///< empty: of any
  std::size_t number = 0;  ///< 0: those of the rule
  std::string rule;
  bool names(const Action& of, std::size_t position, const Condition& condition) const;
};

/// Every way to choose a member of the sort: each by its name, and one for each open part, under
/// the variable's name.
std::vector<Ref> choices(const Fleet& fleet, const Var& variable);
/// Arguments of actions that may be any member have names that no variable has.
inline constexpr const char* kArgument = "the ";

/// Formulas of the model as formulas of the proof.
class Translator {
 public:
  explicit Translator(const Fleet& fleet) : fleet_(fleet) {}

  const Fleet& fleet() const { return fleet_; }
  Expr before(const Formula& formula, const Fleet::Binding& binding) const {
    return translated(formula, binding, nullptr);
  }
  /// The formula on the state after the changes, said about the state before them.
  Expr after(const Formula& formula, const Fleet::Binding& binding,
             const std::vector<Change>& changes) const {
    return translated(formula, binding, &changes);
  }
  Expr after(const Cell& cell, std::uint32_t mask, const std::vector<Change>& changes) const;

 private:
  Expr translated(const Formula& formula, const Fleet::Binding& binding,
                  const std::vector<Change>* changes) const;
  Expr quantified(const Formula& formula, const Fleet::Binding& binding,
                  const std::vector<Change>* changes) const;

  const Fleet& fleet_;
};

/// All there are: whatever an action of a plan, somebody at another door or the environment can do.
std::vector<Transition> transitions_of(const Translator& translator, Overtaking overtaking,
                                       const std::vector<Without>& without);

}  // namespace wme::model::smt
