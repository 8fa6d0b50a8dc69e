#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "executor/ports/transport.hpp"
#include "scenarios/durations/durations_file.hpp"
#include "scenarios/progress/progress.hpp"
#include "scenarios/rehearsal/scenario.hpp"
#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// Over what the drivers and the simulators meet.
enum class Wire {
  kInProcess,  ///< the same bytes, handed over in memory
  kSockets,    ///< HTTP and SSH on loopback
};

/// Hears each HTTP exchange of the drivers, with bodies and headers: for tests of what is on the
/// wire.
using Wiretap =
    std::function<void(const executor::HttpCall& call, const Result<executor::HttpAnswer>& answer)>;

struct RehearsalOptions {
  Wire wire = Wire::kSockets;
  std::uint64_t seed = 1;
  ChosenDurations durations;  ///< of the simulated installation
  /// Where journals and the simulated hosts' SSH keys go: an empty directory that can be written.
  std::filesystem::path directory;
  Progress* progress = nullptr;  ///< null: silent
  std::string replay_command;    ///< for the report
  Wiretap wiretap;               ///< empty: nobody listens
};

/// Plans, proves and runs every act of the scenario with the executor and the drivers that
/// production uses, against the simulators, on a virtual clock. The report says whether it would
/// have worked; an error is returned only when the rehearsal itself could not be held (kInvalid:
/// inventory or plan). Deterministic: same scenario, inventory and seed, same journals but for
/// their wall-clock fields.
Result<RehearsalReport> rehearse(const Scenario& scenario, const model::Inventory& inventory,
                                 const RehearsalOptions& options);

}  // namespace wme::scenarios
