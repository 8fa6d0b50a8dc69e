#include "simulators/core/fidelity.hpp"

namespace wme::simulators {

Fidelity fidelity_of(std::string_view operation, std::string_view route, const Origin& origin) {
  return {std::string(operation), std::string(route), std::string(origin.source()),
          std::string(origin.differs())};
}

std::string misfit(const FidelityLedger& ledger) {
  if (ledger.system.empty()) return "a ledger without the name of its system";
  if (ledger.entries.empty()) return ledger.system + ": nothing is said about it";
  for (const Fidelity& each : ledger.entries) {
    const std::string name = ledger.system + ", '" + each.operation + "'";
    if (each.operation.empty() || each.route.empty()) return name + ": no name or no route";
    if (!is_source(each.source)) return name + ": '" + each.source + "' is no source of any kind";
  }
  return "";
}

}  // namespace wme::simulators
