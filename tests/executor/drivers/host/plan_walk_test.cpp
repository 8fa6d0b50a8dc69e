#include "tests/executor/drivers/host/plan_walk.hpp"

#include <gtest/gtest.h>

#include "scenarios/rehearsal/in_process.hpp"
#include "tests/support/fleets.hpp"

namespace wme::tests {
namespace {

struct Walk {
  model::Provider provider;
  model::Procedure procedure;
  Addresses addresses;
};

class PlanWalk : public testing::TestWithParam<Walk> {};

model::Inventory inventory_for(const Walk& walk) {
  FleetShape shape;
  shape.provider = walk.provider;
  shape.addresses = walk.addresses;
  if (walk.procedure == model::Procedure::kUpgrade) shape.version = "10.13.2.ee.9995p1";
  model::Inventory made = fleet(shape);
  made.package = {"https://downloads.test.example/WME.tar", std::string(40, 'a'), ""};
  made.migrations = {"https://downloads.test.example/wme_migrations.tar", "", std::string(64, 'b')};
  made.rotation = {"https://downloads.test.example/wme_rotations.tar", "", std::string(64, 'c')};
  made.platform.cloud_id = "i-0platform";
  return made;
}

void expect_seen_as_it_is(HostWorld& site, executor::HostPort& port, const std::string& after) {
  const auto seen = port.observe(site.variables);
  ASSERT_TRUE(seen) << seen.error().message;
  for (const executor::Observation& each : seen.value()) {
    if (!each.value) continue;
    EXPECT_EQ(*each.value, site.value(each.variable))
        << each.variable.fluent << " " << testing::PrintToString(each.variable.arguments)
        << " after " << after << ": " << each.detail;
  }
}

/// The driver carries out every host step of a plan, all others happen by themselves; what it sees
/// is at each moment what the model says, and no rule is broken.
TEST_P(PlanWalk, DoesEveryHostStepAndSeesWhatIs) {
  const model::Inventory inventory = inventory_for(GetParam());
  HostWorld site(inventory, GetParam().procedure);
  scenarios::InProcessCommands wire(site.front);
  executor::HostPort port(inventory, wire, {GetParam().procedure == model::Procedure::kUpgrade});
  const auto plan = model::make_plan(site.model);
  ASSERT_TRUE(plan) << plan.error().message;
  expect_seen_as_it_is(site, port, "the start");
  int host_steps = 0;
  for (const model::Step& step : plan.value().steps) {
    const std::string name = step.action + " " + testing::PrintToString(step.arguments);
    if (step.door == "host") {
      ++host_steps;
      const executor::Call call{step.action, step.arguments, "run-1/" + step.id};
      const auto receipt = port.perform(call);
      ASSERT_TRUE(receipt) << name << ": " << receipt.error().message;
      ASSERT_TRUE(port.perform(call)) << name << " is not idempotent";
    } else {
      const auto reply = site.perform(step.action, step.arguments);
      ASSERT_TRUE(reply.accepted()) << name << ": " << reply.refusals.front();
    }
    if (step.door == "host") expect_seen_as_it_is(site, port, "the request of " + name);
    site.settle();
    if (step.door == "host") expect_seen_as_it_is(site, port, name);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(host_steps, 3);
  for (const simulators::Violation& each : site.world.violations())
    ADD_FAILURE() << each.rule << " " << each.action << ": " << each.sentence;
  // Each host step happened exactly once, however often it was asked for.
  std::map<std::string, int> done;
  for (const simulators::Event& each : site.world.events())
    if (each.phase == "done") ++done[each.action];
  for (const model::Step& step : plan.value().steps) {
    std::string name = step.action;
    for (const std::string& argument : step.arguments) name += " " + argument;
    EXPECT_EQ(done[name], 1) << name;
  }
}

/// One provider with volumes and one without are walked through everything, the others through one.
std::vector<Walk> every_walk() {
  using model::Procedure;
  std::vector<Walk> walks;
  for (const model::Provider provider : kEveryProvider) {
    const bool whole = provider == model::Provider::kAws || provider == model::Provider::kEsxi;
    for (const auto procedure :
         {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate, Procedure::kUpgrade}) {
      if (!whole && procedure != Procedure::kRotate) continue;
      walks.push_back({provider, procedure, Addresses::kSame});
      const bool addresses_matter =
          procedure == Procedure::kRestore || procedure == Procedure::kUpgrade;
      if (!whole || !addresses_matter) continue;
      walks.push_back({provider, procedure, Addresses::kNewExternal});
      walks.push_back({provider, procedure, Addresses::kNewPlatform});
    }
  }
  return walks;
}

INSTANTIATE_TEST_SUITE_P(Every, PlanWalk, testing::ValuesIn(every_walk()), [](const auto& each) {
  const Walk& walk = each.param;
  std::string name = std::string(model::to_string(walk.provider)) + "_" +
                     std::string(model::to_string(walk.procedure)) + "_" +
                     (walk.addresses == Addresses::kSame          ? "same"
                      : walk.addresses == Addresses::kNewExternal ? "external"
                                                                  : "platform");
  std::erase(name, '-');
  return name;
});

}  // namespace
}  // namespace wme::tests
