#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "model/mutation/mutants.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"

namespace wme {
namespace {

using namespace model;  // NOLINT

using Cell = std::tuple<Procedure, Provider>;

std::string name_of(const testing::TestParamInfo<Cell>& info) {
  std::string name = std::string(to_string(std::get<0>(info.param))) + "_" +
                     std::string(to_string(std::get<1>(info.param)));
  std::erase(name, '-');
  return name;
}

class EveryMutant : public testing::TestWithParam<Cell> {};

/// One line for each mutant that fits.
std::string listed(const std::vector<Mutant>& mutants, Fate fate) {
  std::string text;
  for (const Mutant& each : mutants)
    if (each.fate == fate)
      text += "  " + std::string(to_string(each.kind)) + " " +
              (each.action.empty() ? each.other + " → " + each.step + " (" + each.because + ")"
                                   : each.action + ": " + each.what) +
              ": " + (fate == Fate::kCaught ? each.property : each.why) + "\n";
  return text;
}

/// Does the proof mean anything? Nothing in a plan, and nothing in what it rests on, is there in
/// vain without our knowing why.
TEST_P(EveryMutant, IsCaughtOrExplained) {
  const auto [procedure, provider] = GetParam();
  Inventory inventory = scenarios::generate_fleet(scenarios::Fleet::kXs, provider);
  if (procedure == Procedure::kUpgrade) inventory = scenarios::as_upgrade(inventory);
  const GroundModel model(installation_of(inventory, procedure));
  const Result<Plan> plan = make_plan(model);
  ASSERT_TRUE(plan) << plan.error().message;
  const Result<std::vector<Mutant>> mutants = mutate(model, plan.value(), {});
  ASSERT_TRUE(mutants) << mutants.error().message;
  std::cout << to_string(procedure) << " " << to_string(provider) << ": "
            << plan.value().steps.size() << " steps";
  for (const MutantKind kind : kEveryMutantKind) {
    std::cout << "; " << to_string(kind);
    for (const Fate fate : {Fate::kCaught, Fate::kEquivalent, Fate::kUnexplained})
      std::cout << " " << std::ranges::count_if(mutants.value(), [&](const Mutant& each) {
        return each.kind == kind && each.fate == fate;
      });
  }
  std::cout << "\n";
  EXPECT_EQ(listed(mutants.value(), Fate::kUnexplained), "");
  for (const Mutant& each : mutants.value())
    if (each.kind == MutantKind::kDeletedEdge) {
      EXPECT_EQ(each.fate, Fate::kCaught) << each.other << " → " << each.step;
      EXPECT_EQ(each.story.has_value(), each.fate == Fate::kCaught);
    }
  if (std::getenv("WME_SHOW_TABLES"))
    std::cout << "equivalent:\n" << listed(mutants.value(), Fate::kEquivalent);
}

INSTANTIATE_TEST_SUITE_P(
    Xs, EveryMutant,
    testing::Combine(testing::Values(Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate,
                                     Procedure::kUpgrade),
                     testing::Values(Provider::kAws, Provider::kAzure, Provider::kGcp,
                                     Provider::kEsxi, Provider::kHyperV)),
    name_of);

}  // namespace
}  // namespace wme
