#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/checker/ground_plan.hpp"
#include "model/checker/property.hpp"
#include "model/checker/replay.hpp"

/// Renamings of entities under which a plan stays the plan that it is.
namespace wme::model {

/// What a renaming moves, numbered through: steps, then the environment's actions, then invariants,
/// then variables.
using PlanPart = std::uint32_t;

class PlanParts {
 public:
  explicit PlanParts(const GroundPlan& plan)
      : environment_(static_cast<PlanPart>(plan.size())),
        invariants_(environment_ + static_cast<PlanPart>(plan.environment().size())),
        variables_(invariants_ + static_cast<PlanPart>(plan.invariants().size())),
        count_(variables_ + static_cast<PlanPart>(plan.model().variable_count())) {}

  PlanPart step(std::size_t position) const { return static_cast<PlanPart>(position); }
  PlanPart environment(std::size_t i) const { return environment_ + static_cast<PlanPart>(i); }
  PlanPart invariant(std::size_t i) const { return invariants_ + static_cast<PlanPart>(i); }
  PlanPart variable(Variable each) const { return variables_ + each; }
  std::size_t count() const { return count_; }

  bool is_step(PlanPart part) const { return part < environment_; }
  bool is_environment(PlanPart part) const { return part >= environment_ && part < invariants_; }
  bool is_invariant(PlanPart part) const { return part >= invariants_ && part < variables_; }
  bool is_variable(PlanPart part) const { return part >= variables_; }
  /// Position among those of its kind.
  std::size_t index(PlanPart part) const {
    if (is_step(part)) return part;
    if (is_environment(part)) return part - environment_;
    return part - (is_invariant(part) ? invariants_ : variables_);
  }

 private:
  PlanPart environment_;
  PlanPart invariants_;
  PlanPart variables_;
  PlanPart count_;
};

/// A permutation of a plan's parts: where each of them goes. What is not listed stays.
class Renaming {
 public:
  using Move = std::pair<PlanPart, PlanPart>;

  Renaming() = default;
  /// `moves` are sorted by where they come from.
  explicit Renaming(std::vector<Move> moves) : moves_(std::move(moves)) {}

  const std::vector<Move>& moves() const { return moves_; }
  PlanPart of(PlanPart part) const;
  Happening of(const PlanParts& parts, Happening happening) const;
  Obligation of(const PlanParts& parts, Obligation obligation) const;

 private:
  std::vector<Move> moves_;
};

/// Decides whether exchanging entities pair by pair leaves a plan as it is.
///
/// The exchange is carried over to variables, steps, the environment's actions and invariants by
/// their arguments. Names are only where it looks: it is accepted if every part becomes the part it
/// goes to, formula by formula and effect by effect; if steps wait for each other as before; if
/// variables that are exchanged begin with the same value; and if every goal stays what it is. Then
/// every run of the plan, renamed, is a run of the plan that breaks the renamed properties.
class Automorphisms {
 public:
  /// With the environment and the invariants that the plan has at this moment; it must outlive
  /// this.
  explicit Automorphisms(const GroundPlan& plan);

  using Exchange = std::vector<std::pair<Entity, Entity>>;
  /// None when it does not leave the plan as it is. Each entity occurs once at most.
  std::optional<Renaming> exchange(const Exchange& pairs);

  const PlanParts& parts() const { return parts_; }
  /// The parts that name the entity among their arguments. Variables that nobody speaks of are no
  /// parts.
  std::span<const PlanPart> naming(Entity entity) const { return naming_[entity]; }
  /// What kind of part it is (which action, fluent or rule), and its arguments.
  struct Name {
    std::uint32_t kind = 0;
    std::vector<Entity> arguments;
    auto operator<=>(const Name&) const = default;
  };
  const Name& name(PlanPart part) const { return names_[part]; }

 private:
  void name_parts();
  void add_name(PlanPart part, std::uint32_t kind, std::vector<Entity> arguments);
  void index_readers();
  bool find_images(const Exchange& pairs);
  bool is_kept() const;
  bool becomes_its_image(PlanPart part) const;
  bool becomes(const GroundAction& one, const GroundAction& other) const;
  bool becomes(const GroundFormula& one, const GroundFormula& other) const;
  bool becomes(const std::vector<GroundEffect>& one, const std::vector<GroundEffect>& other) const;
  bool step_keeps_its_place(std::size_t step) const;
  bool moves(const GroundFormula& formula) const;
  Variable image_of(Variable variable) const {
    return static_cast<Variable>(parts_.index(image_[parts_.variable(variable)]));
  }
  /// The same for formulas that differ in the order of their parts only.
  std::vector<std::uint32_t> written(const GroundFormula& formula, bool renamed) const;
  using WrittenEffect = std::pair<Variable, std::vector<std::uint32_t>>;
  std::vector<WrittenEffect> written(const std::vector<GroundEffect>& effects, bool renamed) const;

  const GroundPlan& plan_;
  PlanParts parts_;
  std::vector<Name> names_;                              ///< by part
  std::map<Name, std::vector<PlanPart>> named_;          ///< several steps may have the same name
  std::vector<std::vector<PlanPart>> naming_;            ///< by entity
  std::vector<std::vector<PlanPart>> readers_;           ///< by variable: who speaks of it
  std::vector<std::vector<std::size_t>> goals_reading_;  ///< by variable
  // Of the exchange that is being tried:
  std::vector<PlanPart> image_;  ///< by part
  std::vector<PlanPart> moved_;
};

}  // namespace wme::model
