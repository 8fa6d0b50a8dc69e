#pragma once

#include <memory>
#include <vector>

#include "executor/drivers/all/drivers.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "scenarios/report/report.hpp"
#include "simulators/site/simulated_site.hpp"

namespace wme::scenarios {

/// Where a rehearsal plays: a simulated site, the wires to it, and one clock for both sides.
class Stage {
 public:
  /// `world` is the procedure whose entities the site has. Errors: kInvalid, kFailed when the
  /// servers cannot be started.
  static Result<std::unique_ptr<Stage>> build(const model::Inventory& inventory,
                                              model::Procedure world,
                                              std::vector<simulators::FaultRule> faults,
                                              const RehearsalOptions& options);
  ~Stage();
  /// The production drivers for one procedure, on this stage's wires.
  Result<std::unique_ptr<executor::Drivers>> drivers(model::Procedure procedure);
  VirtualClock& clock();
  simulators::World& world();
  const std::vector<ApiCall>& api_calls() const;
  /// A text in which this stage's addresses have their names: a port is another one each time.
  std::string with_names(std::string text) const;

 private:
  struct Impl;
  explicit Stage(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::scenarios
