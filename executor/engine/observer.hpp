#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "executor/ports/clock.hpp"
#include "executor/ports/system_port.hpp"
#include "model/language/ground.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::executor {

/// The systems by the model's name for their door: "launchpad", "config-wizard", "cloud", "host",
/// "operator", "executor".
using Ports = std::map<std::string, SystemPort*>;

/// Whether one of these systems shows the variable; what only the journal or nobody knows, none
/// does.
bool can_observe(const model::GroundModel& model, const Ports& ports, model::Variable variable);

/// Looks at the real systems for variables of the model. What was read less than `freshness` ago is
/// not read again: steps that become ready at the same moment share one look. Lists of variables
/// are in order of number, each once; those that cannot be observed are passed over.
class Observer {
 public:
  static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

  Observer(const model::GroundModel& model, const Ports& ports, const Clock& clock,
           std::chrono::milliseconds freshness);

  /// Reads those that were not read lately. Errors: those of the ports.
  Status look(const std::vector<model::Variable>& variables);
  /// And takes what was seen over into `state`; a variable that cannot be seen now keeps the value
  /// it has there. Returns those whose value in `state` is another one now. Errors as `look`.
  Result<std::vector<model::Variable>> look(const std::vector<model::Variable>& variables,
                                            model::State& state);
  /// Whether the last look at it has shown a value.
  bool is_visible(model::Variable variable) const { return seen_[variable].value.has_value(); }
  /// What the last look at them has shown, in words, of the first `at_most` that can be observed.
  std::vector<Observation> observations(const std::vector<model::Variable>& variables,
                                        std::size_t at_most = kAll) const;

  /// Forgets what was read of variables that a request is about to change.
  void forget(const std::vector<model::GroundEffect>& effects);
  void forget();
  void set_freshness(std::chrono::milliseconds freshness) { freshness_ = freshness; }
  bool can_observe(model::Variable variable) const { return door_of(variable).has_value(); }

 private:
  struct Seen {
    std::optional<TimePoint> at;  ///< none: never, or forgotten
    std::optional<model::Value> value;
    std::string detail;
  };
  struct Door {
    model::SeenBy seen_by = model::SeenBy::kGhost;
    SystemPort* port = nullptr;
    bool by_number = false;              ///< it shares our model
    std::vector<model::Variable> asked;  ///< in the look under way
  };
  std::optional<std::size_t> door_of(model::Variable variable) const {
    return door_of_fluent_[model_.fluent_index(variable)];
  }
  Variable in_words(model::Variable variable) const;
  Status read(const Door& door);
  Status read_in_words(const Door& door);

  const model::GroundModel& model_;
  const Clock& clock_;
  std::chrono::milliseconds freshness_;
  std::array<Door, 4> doors_;
  std::vector<std::optional<std::size_t>> door_of_fluent_;
  std::vector<Seen> seen_;     ///< by variable
  std::vector<Sight> sights_;  ///< of one door's answer
};

/// Every variable that the formula speaks of, once, in order of number.
void collect_variables(const model::GroundFormula& formula, std::set<model::Variable>& into);

}  // namespace wme::executor
