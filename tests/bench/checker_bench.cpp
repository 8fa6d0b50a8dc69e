#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <limits>
#include <string>

#include "model/checker/explorer.hpp"
#include "model/checker/promela.hpp"
#include "model/planner/planner.hpp"
#include "tests/support/fleets.hpp"

/// One exploration without reductions, by one thread, timed; and the same model for SPIN. Run by
/// ci/bench-checker.
namespace {

using namespace wme::model;  // NOLINT

int usage() {
  std::cerr
      << "checker_bench PROCEDURE PROVIDER INSTANCES CONTAINERS FAULTS PROMELA-FILE: explores "
         "a plan for so many instances (studio, then qa) with so many containers each; "
         "prints states, transitions, seconds of the processor, bytes per state, and the "
         "longest run\n";
  return 2;
}

GroundModel model_of(char** words) {
  wme::tests::FleetShape shape;
  shape.provider = provider_from(words[2]).value();
  shape.instances = {{"studio", 1}, {"qa", std::stoi(words[3]) - 1}};
  shape.containers_per_instance = std::stoi(words[4]);
  return GroundModel(installation_of(wme::tests::fleet(shape), procedure_from(words[1]).value()));
}

int run(char** words) {
  const GroundModel model = model_of(words);
  const Plan plan = make_plan(model).value();
  GroundPlan ground = GroundPlan::of(model, plan).value();
  ExploreOptions options;
  options.faults = FaultBudget::parse(words[5]).value();
  options.reductions = Reductions::none();
  options.states_max = std::numeric_limits<std::size_t>::max();
  if (!options.faults.is_empty()) ground.add_environment();
  const Promela promela = to_promela(ground, options.faults);
  std::ofstream file(words[6], std::ios::binary);
  file << promela.text;
  file.close();
  if (!file) {
    std::cerr << "checker_bench: " << words[6] << " cannot be written\n";
    return 3;
  }
  const std::clock_t begun = std::clock();
  const Exploration seen = explore(ground, options);
  const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
  if (!seen.complete) {
    std::cerr << "checker_bench: " << seen.stopped_by << "\n";
    return 6;
  }
  std::cout << seen.states << " " << seen.transitions << " " << seconds << " "
            << seen.bytes_per_state << " " << promela.depth_max << "\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  constexpr int kWords = 7;
  if (count != kWords) return usage();
  try {
    return run(words);
  } catch (const std::exception& wrong) {  // a word that is no number, provider or procedure
    std::cerr << "checker_bench: " << wrong.what() << "\n";
    return usage();
  }
}
