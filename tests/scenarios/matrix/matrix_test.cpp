#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/checker/verdict.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"

namespace wme {
namespace {

using Cell = std::tuple<model::Procedure, model::Provider, scenarios::Fleet>;

std::string name_of(const ::testing::TestParamInfo<Cell>& info) {
  std::string name = std::string(to_string(std::get<0>(info.param))) + "_" +
                     std::string(to_string(std::get<1>(info.param))) + "_" +
                     std::string(to_string(std::get<2>(info.param)));
  std::erase(name, '-');
  return name;
}

class Matrix : public ::testing::TestWithParam<Cell> {};

/// What `rehydrate plan` and `rehydrate verify` do for the fleets that come with the program.
TEST_P(Matrix, PlanIsProved) {
  const auto [procedure, provider, fleet] = GetParam();
  model::Inventory inventory = scenarios::generate_fleet(fleet, provider);
  if (procedure == model::Procedure::kUpgrade) inventory = scenarios::as_upgrade(inventory);
  const model::GroundModel model(model::installation_of(inventory, procedure));
  const Result<model::Plan> plan = model::make_plan(model);
  ASSERT_TRUE(plan) << plan.error().message;
  const Result<model::Verification> verdict = model::verify(model, plan.value(), {});
  ASSERT_TRUE(verdict) << verdict.error().message;
  EXPECT_EQ(verdict.value().verdict, model::Verdict::kProved);
  EXPECT_THAT(verdict.value().disagreements, ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Every, Matrix,
    ::testing::Combine(
        ::testing::Values(model::Procedure::kDehydrate, model::Procedure::kRestore,
                          model::Procedure::kRotate, model::Procedure::kUpgrade),
        ::testing::Values(model::Provider::kAws, model::Provider::kAzure, model::Provider::kGcp,
                          model::Provider::kEsxi, model::Provider::kHyperV),
        ::testing::Values(scenarios::Fleet::kXs, scenarios::Fleet::kS, scenarios::Fleet::kM)),
    name_of);

}  // namespace
}  // namespace wme
