#pragma once

#include <map>
#include <string>
#include <vector>

#include "executor/ports/container_lister.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor {

/// The executor's own steps: the inventory before, and its comparison with the one after (A01, B17,
/// INV-61). The baseline is the inventory file once the installation was seen to agree with it.
class ExecutorPort : public SystemPort {
 public:
  ExecutorPort(const model::Inventory& inventory, ContainerLister& launchpad);
  /// kBlocked with every difference when the two do not agree.
  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;

 private:
  Result<std::string> compare(const std::string& when);

  const model::Inventory& inventory_;
  ContainerLister& launchpad_;
};

}  // namespace wme::executor
