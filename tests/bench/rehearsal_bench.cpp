#include <benchmark/benchmark.h>

#include <filesystem>

#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"

namespace wme {
namespace {

scenarios::Scenario disaster_recovery() {
  scenarios::Scenario scenario;
  scenario.name = "dr";
  scenario.title = "Disaster recovery";
  scenarios::Act dehydrate;
  scenarios::Act lose;
  lose.kind = scenarios::Act::Kind::kLose;
  scenarios::Act restore;
  restore.procedure = model::Procedure::kRestore;
  scenario.acts = {dehydrate, lose, restore};
  return scenario;
}

/// A folder of its own for each rehearsal, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rehydrate-bench-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void rehearse(benchmark::State& state, scenarios::Fleet fleet, scenarios::Wire wire) {
  const model::Inventory inventory = scenarios::generate_fleet(fleet, model::Provider::kAws);
  const scenarios::Scenario scenario = disaster_recovery();
  std::size_t calls = 0;
  for (auto _ : state) {
    const Folder folder;
    scenarios::RehearsalOptions options;
    options.wire = wire;
    options.directory = folder.path();
    const auto report = scenarios::rehearse(scenario, inventory, options);
    if (!report || !report.value().passed) state.SkipWithError("the rehearsal failed");
    if (report) calls = report.value().api_calls.size();
  }
  state.counters["calls"] = static_cast<double>(calls);
}

BENCHMARK_CAPTURE(rehearse, XS_in_process, scenarios::Fleet::kXs, scenarios::Wire::kInProcess)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(rehearse, M_in_process, scenarios::Fleet::kM, scenarios::Wire::kInProcess)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(rehearse, M_sockets, scenarios::Fleet::kM, scenarios::Wire::kSockets)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wme
