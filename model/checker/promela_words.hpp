#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/checker/faults.hpp"
#include "model/checker/ground_plan.hpp"
#include "model/checker/promela_names.hpp"

namespace wme::model {

/// An assignment of one event, under a condition on the state before the event.
struct PromelaAssignment {
  Variable target = 0;
  Value value = 0;
  std::string when;
};

/// What the process that promela.cpp writes speaks of: the variables of a state, and macros for
/// what steps, guards and state properties say about them.
class PromelaWords {
 public:
  PromelaWords(const GroundPlan& plan, const FaultBudget& budget);

  /// The line of the budget that a kind of fault is taken from, if it is possible at all.
  std::optional<std::size_t> line_of(std::string_view kind) const;
  const std::vector<FaultBudget::Line>& lines() const { return lines_; }
  bool has_faults() const { return !lines_.empty(); }
  /// Without the fault that makes them possible, failures are no outcomes.
  std::size_t outcomes_of(const GroundAction& action) const;
  /// What a happening of the environment changes, all of it at once.
  static std::vector<GroundEffect> effects_of(const GroundAction& of_environment);

  // Variables.
  const std::string& status(std::size_t step) const { return steps_[step]; }
  const std::string& used(std::size_t line) const { return used_[line]; }
  std::string assigned(const PromelaAssignment& each) const {
    return names_.variable(each.target) + " = " + names_.value(each.target, each.value);
  }
  /// No part of a state: a condition of the current event's effects.
  const std::string& condition(std::size_t number);

  // Macros.
  /// The step may be requested next.
  const std::string& ready(std::size_t step) const { return ready_[step]; }
  /// All of its guard holds.
  const std::string& open(std::size_t step) const { return open_[step]; }
  /// One for each condition of its guard; no macros, but what they say.
  const std::vector<std::string>& conditions(std::size_t step) const { return guards_[step]; }
  const std::string& holds(std::size_t invariant) const { return holds_[invariant]; }

  std::string text(const GroundFormula& formula) const;
  /// What has to hold before the assignments for the formula to hold after them.
  std::string text_before(const GroundFormula& formula,
                          const std::vector<PromelaAssignment>& made) const;

  std::string definitions() const;
  std::string declarations(std::size_t properties) const;

 private:
  using Leaf = std::function<std::string(Variable, Mask)>;
  void mark_changing();
  void name_steps();
  void name_invariants();
  std::string is_in(Variable variable, Mask mask) const;

  const GroundPlan& plan_;
  std::vector<FaultBudget::Line> lines_;
  PromelaNames names_;
  std::vector<bool> changes_;        ///< by variable: some event writes it
  std::vector<Variable> variables_;  ///< that change
  std::vector<std::string> steps_;
  std::vector<std::string> ready_;
  std::vector<std::string> open_;
  std::vector<std::vector<std::string>> guards_;
  std::vector<std::string> used_;
  std::vector<std::string> invariants_;  ///< what each says
  std::vector<std::string> holds_;
  std::vector<std::string> conditions_;
};

}  // namespace wme::model
