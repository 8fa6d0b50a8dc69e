#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/language/ground.hpp"
#include "model/wme/durations.hpp"

namespace wme::simulators {

/// An action with its arguments, and what is asked of it again and again.
struct KnownAction {
  model::GroundAction ground;
  std::string name;                      ///< "passivate-container c17"
  std::vector<std::size_t> judged_by{};  ///< rules of its guard's conditions, by number
  std::chrono::milliseconds takes{0};    ///< from the request to its outcome
};

/// What all worlds of one installation have in common and none of them changes, made once for as
/// many of them as anybody needs. For any number of threads.
class WorldModel {
 public:
  explicit WorldModel(model::Installation installation, model::Durations durations = {});
  /// On a model that others have, too: its variables are theirs, by number. It must outlive this.
  explicit WorldModel(const model::GroundModel& model, model::Durations durations = {});
  WorldModel(const WorldModel&) = delete;
  WorldModel& operator=(const WorldModel&) = delete;

  const model::GroundModel& model() const { return model_; }
  const model::Durations& durations() const { return durations_; }
  /// Null when the model has no such action with these arguments for this installation; an action
  /// that no installation has is a programming error and ends the process with a message.
  std::shared_ptr<const KnownAction> action(std::string_view name,
                                            const std::vector<std::string>& arguments) const;

  const std::vector<model::GroundInvariant>& invariants() const { return invariants_; }
  /// Those that speak of the variable, in their order.
  const std::vector<std::size_t>& invariants_of(model::Variable variable) const {
    return invariants_of_[variable];
  }
  /// Ids of the rules that are judged, and which of them the invariant is.
  const std::vector<std::string>& rules() const { return rules_; }
  std::size_t rule_of(std::size_t invariant) const { return rule_of_invariant_[invariant]; }
  /// Whether the formula fails whatever the executor may have noted down: nobody is accused of what
  /// the world cannot see. (In negation normal form, a leaf taken as true only helps.)
  bool fails_in_sight(const model::GroundFormula& formula, const model::State& state) const;

 private:
  WorldModel(std::shared_ptr<const model::GroundModel> model, model::Durations durations);
  void index(const model::GroundFormula& formula, std::size_t invariant);
  std::size_t number_of(const std::string& rule);

  std::shared_ptr<const model::GroundModel> held_;
  const model::GroundModel& model_;
  model::Durations durations_;
  std::vector<model::GroundInvariant> invariants_;
  std::vector<std::vector<std::size_t>> invariants_of_;  ///< by variable
  std::vector<std::size_t> rule_of_invariant_;
  std::vector<std::string> rules_;
  std::map<std::string, std::size_t, std::less<>> rule_numbers_;
  std::vector<bool> beyond_sight_;  ///< by variable: what only the executor itself knows

  using Asked = std::pair<const model::Action*, std::vector<model::Entity>>;
  mutable std::mutex mutex_;
  mutable std::map<Asked, std::shared_ptr<const KnownAction>> known_;
};

}  // namespace wme::simulators
