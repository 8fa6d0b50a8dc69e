#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/checker/packed_plan.hpp"
#include "model/checker/symmetry.hpp"

namespace wme::model {

/// A plan's symmetries on its packed states: of all states that can be exchanged for each other,
/// one is chosen, in which the units of each class are in order of what the state says of them. The
/// innermost are put in order first; so it takes no more than sorting, however many exchanges there
/// are.
class PackedSymmetry {
 public:
  /// A field that follows from the state and that the caller keeps beside it: it moves with the
  /// step.
  using FieldOfStep = std::function<BitField(std::size_t step)>;
  PackedSymmetry(const PackedPlan& packed, const Symmetry& symmetry,
                 const FieldOfStep& field_of_step = nullptr);

  /// Nothing in a state tells one from another: each is its whole orbit.
  bool is_trivial() const;

  /// The state becomes the chosen one of its orbit.
  void canonicalize(std::uint64_t* state) const;
  /// The same for what an event makes of a chosen state: looks only at what the event touches.
  void canonicalize_after(std::uint32_t event, std::uint64_t* state) const {
    for (const Touched& each : touched_[event])
      put_in_order(classes_[each.symmetric], each.unit, state, nullptr);
  }
  /// By unit, innermost classes first: whether it looks like the one before it in a chosen state.
  using Repeated = std::vector<std::uint8_t>;
  void mark_repeated(const std::uint64_t* state, Repeated& repeated) const;
  /// Whatever can happen to the part (a step, or the environment's action), can happen to one that
  /// stands before it and comes to the same.
  bool is_repeated(PlanPart part, const Repeated& repeated) const {
    for (const std::uint32_t unit : units_of_[part])
      if (repeated[unit] != 0) return true;
    return false;
  }
  const PlanParts& parts() const { return parts_; }

  /// The run whose states the chosen ones stand for: its events, as taken from chosen states, with
  /// the names that they have in one run from the initial state. Ends in the chosen state itself;
  /// so what happens next keeps its name.
  Trace unfolded(const std::vector<std::uint32_t>& events) const;

  /// How many states can be exchanged for this one, itself included; kMany if that is more than a
  /// number can say. It must be the chosen one.
  std::uint64_t orbit_size(const std::uint64_t* state) const;
  static constexpr std::uint64_t kMany = ~std::uint64_t{0};

 private:
  struct Unit {
    std::vector<BitField> fields;    ///< what it is compared by; those of the units inside included
    std::vector<BitField> carried;   ///< what moves with it besides
    std::vector<PlanPart> parts;     ///< those of the units inside included
    std::vector<std::size_t> steps;  ///< the same
  };
  using Units = std::vector<Unit>;
  static constexpr std::uint32_t kAllUnits = static_cast<std::uint32_t>(-1);
  /// The one unit of a class that is out of its place; or more than one may be.
  struct Touched {
    std::uint32_t symmetric = 0;
    std::uint32_t unit = kAllUnits;
  };

  /// By part of the plan, which part's values stand there now.
  using Origins = std::vector<PlanPart>;
  void add_class(const SymmetricClass& symmetric, const FieldOfStep& field_of_step);
  Unit compiled(const SymmetricUnit& unit, const FieldOfStep& field_of_step) const;
  void find_touched();
  void put_in_order(const Units& units, std::uint32_t touched, std::uint64_t* state,
                    Origins* origins) const;
  /// Until it is no less than the one before.
  void move_down(const Units& units, std::size_t from, std::uint64_t* state,
                 Origins* origins) const;
  /// -1, 0, 1.
  int compare(const Unit& one, const Unit& other, const std::uint64_t* state) const;
  std::size_t committed_place(const Unit& unit, const std::uint64_t* state) const;
  void exchange(const Unit& one, const Unit& other, std::uint64_t* state, Origins* origins) const;

  const PackedPlan& packed_;
  const PlanParts parts_;
  std::size_t words_;                                 ///< of a state and what is carried beside it
  std::vector<Units> classes_;                        ///< the innermost first
  std::vector<std::vector<Touched>> touched_;         ///< by event, in the order of the classes
  std::vector<std::vector<std::uint32_t>> units_of_;  ///< by part
};

}  // namespace wme::model
