#pragma once

#include <map>
#include <set>
#include <vector>

#include "executor/ports/clock.hpp"
#include "executor/ports/system_port.hpp"
#include "model/language/ground.hpp"

namespace wme::executor {

/// The systems by the model's name for their door: "launchpad", "config-wizard", "cloud", "host",
/// "operator", "executor".
using Ports = std::map<std::string, SystemPort*>;

/// Looks at the real systems for variables of the model. What was read less than `freshness` ago is
/// not read again: steps that become ready at the same moment share one look.
class Observer {
 public:
  Observer(const model::GroundModel& model, const Ports& ports, const Clock& clock,
           std::chrono::milliseconds freshness);

  /// Reads those of the variables that can be observed into `state`; a variable that cannot be seen
  /// now keeps the value it has there. Returns what was read, in the order of the variables.
  /// Errors: those of the ports.
  Result<std::vector<Observation>> look(const std::vector<model::Variable>& variables,
                                        model::State& state);
  /// Forgets what was read of variables that a request is about to change.
  void forget(const std::vector<model::GroundEffect>& effects);
  void forget() { seen_.clear(); }
  void set_freshness(std::chrono::milliseconds freshness) { freshness_ = freshness; }
  bool can_observe(model::Variable variable) const;

 private:
  struct Seen {
    TimePoint at;
    Observation observation;
  };
  Status read(const std::set<model::Variable>& variables);

  const model::GroundModel& model_;
  const Ports& ports_;
  const Clock& clock_;
  std::chrono::milliseconds freshness_;
  std::map<model::Variable, Seen> seen_;
};

/// Every variable that the formula speaks of, once, in order of number.
void collect_variables(const model::GroundFormula& formula, std::set<model::Variable>& into);

}  // namespace wme::executor
