#pragma once

#include <map>
#include <string>

#include "cli/inputs.hpp"

namespace CLI {
class App;
}

namespace wme::cli {

/// What `run` is told about the certificate of its plan.
struct GateOptions {
  std::string certificate;
  std::string trusted;
  std::string break_glass;  ///< the reason; empty: the glass stays whole
  int quorum = 0;
};
void add_gate_options(CLI::App& command, GateOptions& options);

/// On whose word a run happens, for the journal: "certificate", "author", "approvers"; or
/// "break-glass" with the reason, in the operator's words.
using Authority = std::map<std::string, std::string>;

/// Whether this plan may run with this inventory, now. Errors: kRefused when there is no
/// certificate, or one that does not fit; kInvalid when a file cannot be read, when a certificate
/// and --break-glass are both given, or when the reason says nothing.
Result<Authority> authority_for(const GateOptions& options, const ReadPlan& plan,
                                const ReadInventory& inventory);

}  // namespace wme::cli
