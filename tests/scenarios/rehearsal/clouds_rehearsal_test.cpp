#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "scenarios/inventory/fleet.hpp"
#include "tests/scenarios/rehearsal/rehearsal_fixture.hpp"

/// Every procedure on every cloud, over sockets, with and without faults.
namespace wme::scenarios {
namespace {

using model::Procedure;
using model::Provider;
using simulators::Fault;
using simulators::FaultRule;

enum class Weather { kCalm, kRough };
using Voyage = std::tuple<Provider, Fleet, Procedure, Weather>;

/// What every procedure does there: stop the old machines, launch the new, look at them.
struct CloudOperations {
  std::string stop;
  std::string launch;
  std::string look;
};

CloudOperations operations_of(Provider provider) {
  switch (provider) {
    case Provider::kAzure:
      return {"VirtualMachines_Deallocate", "VirtualMachines_CreateOrUpdate",
              "VirtualMachines_List"};
    case Provider::kGcp:
      return {"instances.stop", "instances.insert", "instances.list"};
    default:
      return {"StopInstances", "RunInstances", "DescribeInstances"};
  }
}

std::vector<FaultRule> rough(const CloudOperations& cloud) {
  return {{cloud.stop, 1, Fault::kThrottled},         {cloud.launch, 1, Fault::kAnswerLost},
          {cloud.look, 2, Fault::kServerError},       {cloud.look, 5, Fault::kRequestLost},
          {"ssh mount-store", 1, Fault::kAnswerLost}, {"stop-machine", 1, Fault::kSlow}};
}

class RehearsalOnEveryCloud : public Rehearsal, public ::testing::WithParamInterface<Voyage> {};

TEST_P(RehearsalOnEveryCloud, PassesOverSockets) {
  const auto [provider, size, procedure, weather] = GetParam();
  Scenario scenario = procedure == Procedure::kDehydrate ? disaster() : scenario_of(procedure, "");
  if (weather == Weather::kRough) scenario.faults = rough(operations_of(provider));
  model::Inventory inventory = generate_fleet(size, provider);
  if (procedure == Procedure::kUpgrade) inventory = as_upgrade(inventory);

  const RehearsalReport report = hold(scenario, Wire::kSockets, inventory);

  EXPECT_TRUE(report.passed) << why(report);
  EXPECT_THAT(report.violations, ::testing::IsEmpty());
  EXPECT_EQ(report.faults.size(), scenario.faults.size());
  for (const InjectedFault& each : report.faults) EXPECT_TRUE(each.at) << each.operation;
  for (const ContainerComparison& each : report.inventory)
    EXPECT_TRUE(each.as_expected) << each.container;
}

std::string name_of(const ::testing::TestParamInfo<Voyage>& which) {
  const auto [provider, size, procedure, weather] = which.param;
  const std::string what =
      procedure == Procedure::kDehydrate ? "recovery" : std::string(model::to_string(procedure));
  return std::string(to_string(provider)) + (size == Fleet::kXs ? "_xs_" : "_s_") + what +
         (weather == Weather::kCalm ? "_calm" : "_rough");
}

// A dehydration stands for itself and for the restoration after the loss.
INSTANTIATE_TEST_SUITE_P(
    All, RehearsalOnEveryCloud,
    ::testing::Combine(::testing::Values(Provider::kAws, Provider::kAzure, Provider::kGcp),
                       ::testing::Values(Fleet::kXs, Fleet::kS),
                       ::testing::Values(Procedure::kDehydrate, Procedure::kRotate,
                                         Procedure::kUpgrade),
                       ::testing::Values(Weather::kCalm, Weather::kRough)),
    name_of);

}  // namespace
}  // namespace wme::scenarios
