#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/language/action.hpp"
#include "model/wme/installation.hpp"

/// The model, instantiated for one installation: entities and variables are numbers, rigid facts
/// are gone, quantifiers are unrolled. Everything that evaluates works on this form.
namespace wme::model {

using Entity = std::uint32_t;
using Variable = std::uint32_t;
using Value = std::uint8_t;
using Mask = std::uint32_t;  ///< a set of values, bit by bit

/// One small value for each variable of the installation.
using State = std::vector<Value>;

/// In negation normal form: a leaf says "the variable's value is in the mask".
struct GroundFormula {
  enum class Kind : std::uint8_t { kIn, kAnd, kOr };
  Kind kind = Kind::kAnd;  ///< an empty kAnd is true, an empty kOr is false
  Variable variable = 0;
  Mask mask = 0;
  std::vector<GroundFormula> parts = {};

  bool is_true() const { return kind == Kind::kAnd && parts.empty(); }
  bool is_false() const { return kind == Kind::kOr && parts.empty(); }
};

struct GroundEffect {
  Variable target = 0;
  Value value = 0;
  GroundFormula when = {};
};

struct GroundCondition {
  const Condition* condition = nullptr;
  GroundFormula formula;
};

struct GroundAction {
  const Action* action = nullptr;
  std::vector<Entity> arguments;
  std::vector<GroundCondition> guard;
  std::vector<GroundEffect> request;
  std::vector<std::vector<GroundEffect>> outcomes;  ///< as in the action: the first is "done"
  /// What must be so for "done" to come: what the request made is still there (or is at its end
  /// already), and so is what the work needs throughout. A machine that is lost takes its work with
  /// it.
  GroundFormula lasts = {};
};

/// One state property for one choice of its outermost quantifier.
struct GroundInvariant {
  std::string rule;
  std::string sentence;
  std::string about;  ///< the entity it is judged for: "c17"; empty for the whole installation
  GroundFormula formula;
};

class GroundModel {
 public:
  explicit GroundModel(Installation installation);
  GroundModel(const GroundModel&) = delete;
  GroundModel& operator=(const GroundModel&) = delete;

  const Installation& installation() const { return installation_; }
  const State& initial() const { return initial_; }
  std::size_t variable_count() const { return initial_.size(); }

  std::optional<Entity> entity(std::string_view name) const;
  const std::string& name(Entity entity) const { return entity_names_[entity]; }
  const std::vector<Entity>& sort(std::string_view name) const;

  std::optional<Variable> variable(std::string_view fluent,
                                   const std::vector<std::string>& arguments) const;
  /// "run(c17)", "gate".
  std::string text(Variable variable) const;
  std::size_t fluent_index(Variable variable) const;
  std::vector<std::string> arguments_of(Variable variable) const;
  const std::string& value_text(Variable variable, Value value) const;
  std::optional<Value> value(Variable variable, std::string_view text) const;
  /// "stopped", "stopped or terminated".
  std::string mask_text(Variable variable, Mask mask) const;
  Mask full_mask(Variable variable) const;

  /// None when an argument is not of its sort, or the action does not apply here.
  std::optional<GroundAction> ground(const Action& action,
                                     const std::vector<std::string>& arguments) const;
  std::optional<GroundAction> ground(const Action& action,
                                     const std::vector<Entity>& arguments) const;
  GroundFormula ground(const Formula& formula) const;
  /// Every state property of the table of rules.
  std::vector<GroundInvariant> invariants() const;
  /// Every choice of arguments for which the action applies.
  std::vector<std::vector<Entity>> choices(const Action& action) const;

  /// `action` with some parameters already bound (by name) and the rest found: those for which the
  /// action applies and `where` holds with `extra` bound too.
  using Binding = std::vector<std::pair<std::string, Entity>>;
  std::vector<std::vector<Entity>> completions(const Action& action, const Binding& bound,
                                               const Formula& where) const;
  std::optional<Entity> resolve(const Term& term, const Binding& binding) const;
  bool holds(const Formula& rigid, const Binding& binding) const;

 private:
  struct FluentLayout {
    Variable base = 0;
    std::vector<std::size_t> sizes;
    std::vector<std::size_t> sorts;
  };
  GroundFormula lasting(const GroundAction& action) const;
  GroundFormula expand(const Formula& formula, Binding& binding, bool positive) const;
  GroundFormula expand_quantifier(const Formula& formula, Binding& binding, bool positive) const;
  void expand_effects(const std::vector<Effect>& effects, Binding& binding,
                      std::vector<GroundEffect>& into) const;
  void expand_effect(const Effect& effect, std::size_t depth, Binding& binding,
                     std::vector<GroundEffect>& into) const;
  std::optional<Variable> locate(const FluentTerm& term, const Binding& binding) const;
  std::optional<Variable> locate(std::size_t fluent, const std::vector<Entity>& arguments) const;
  /// The entities of the sort for which `where` can hold: all of them, or fewer when `where` says
  /// which entity a function of the variable must give.
  const std::vector<Entity>& candidates(const Var& variable, const Formula& where,
                                        const Binding& binding) const;
  const std::vector<Entity>* inverse(const Var& variable, const Formula& where,
                                     const Binding& binding) const;
  void fill_inverses();

  Installation installation_;
  std::vector<std::string> entity_names_;
  std::map<std::string, Entity, std::less<>> entities_;
  std::map<std::string, std::size_t, std::less<>> sort_index_;
  std::vector<std::vector<Entity>> sort_entities_;
  std::vector<std::vector<std::int32_t>> position_;  ///< [sort][entity], -1: not of the sort
  std::map<std::string, std::vector<std::int32_t>, std::less<>> functions_;
  std::map<std::string, std::vector<std::string>, std::less<>> attributes_;
  std::map<std::string, std::string, std::less<>> facts_;
  std::map<std::string, std::size_t, std::less<>> fluent_index_;
  std::vector<FluentLayout> layout_;
  std::vector<std::uint8_t> fluent_of_;
  State initial_;
  /// [sort and functions][entity]: of whom they lead to it; for what the tables of WME quantify
  /// over. Filled at once: grounding only reads, so that threads can share a model.
  std::map<std::string, std::vector<std::vector<Entity>>, std::less<>> inverses_;
};

}  // namespace wme::model
