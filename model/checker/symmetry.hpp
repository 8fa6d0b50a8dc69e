#pragma once

#include <vector>

#include "model/checker/automorphism.hpp"

namespace wme::model {

/// What belongs to one of several entities that can take each other's place: a container with its
/// steps, or an instance with its successor and its containers.
struct SymmetricUnit {
  std::vector<Entity> entities;  ///< the one itself comes first
  /// Steps, variables, environment's actions, invariants; in the order of the others of its class,
  /// part by part. Not those of the units inside.
  std::vector<PlanPart> own;
  std::vector<std::vector<SymmetricUnit>> inside;  ///< classes, of containers in an instance
};

/// Two or more, any two of which may be exchanged.
using SymmetricClass = std::vector<SymmetricUnit>;

/// The symmetries of a plan that come from exchanging containers of one instance, and instances of
/// one shard together with all that is theirs. A multiset of multisets: the containers of each
/// instance can be exchanged independently of each other's (a wreath product, not one permutation
/// for all containers).
///
/// Exchanges are found by what belongs to what, and accepted by Automorphisms alone: a plan that
/// was edited by hand has fewer of them.
class Symmetry {
 public:
  /// Of the plan with the environment that it has at this moment.
  explicit Symmetry(const GroundPlan& plan);

  bool is_trivial() const { return classes_.empty(); }
  const PlanParts& parts() const { return parts_; }
  /// No part is in two of them.
  const std::vector<SymmetricClass>& classes() const { return classes_; }
  /// Exchanges that all others are made of.
  const std::vector<Renaming>& generators() const { return generators_; }
  /// By part, the least one that it can become.
  std::vector<PlanPart> representatives() const;

 private:
  PlanParts parts_;
  std::vector<SymmetricClass> classes_;
  std::vector<Renaming> generators_;
};

/// Every part of a unit, those of the units inside included; in the order of the others of its
/// class.
void collect_parts(const SymmetricUnit& unit, std::vector<PlanPart>& into);

}  // namespace wme::model
