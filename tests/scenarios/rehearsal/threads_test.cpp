#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/drivers/all/drivers.hpp"
#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"
#include "model/json/api_profile.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/support/process.hpp"

/// Many calls at the same time, as in production: executor, drivers, transports, servers and world
/// with all their threads. (Rehearsals make one call at a time, so that they repeat exactly.)
namespace wme::scenarios {
namespace {

using model::Procedure;
using model::Provider;

const executor::TimePoint kMidnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
constexpr std::size_t kWorkers = 8;

std::chrono::sys_seconds real_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

class ManyCallsAtOnce : public ::testing::TestWithParam<std::tuple<Provider, Procedure>> {};

TEST_P(ManyCallsAtOnce, ComeToTheEndWithoutAViolation) {
  const auto [provider, procedure] = GetParam();
  const testing_support::TemporaryFolder folder;
  const model::Inventory inventory = generate_fleet(Fleet::kXs, provider);
  const model::GroundModel model(model::installation_of(inventory, procedure));
  const model::Plan plan = model::make_plan(model).value();
  const model::PlanOrder order = model::PlanOrder::of(plan).value();

  VirtualClock clock(kMidnight);
  const model::ApiProfile profile = model::built_in_api_profile();
  simulators::SimulatedSite site(model.installation(), clock,
                                 simulators::FaultSchedule(std::vector<simulators::FaultRule>()),
                                 profile);
  const Status listening = site.listen(folder.path() / "site");
  ASSERT_TRUE(listening) << listening.error().message;
  const std::map<std::string, std::string> variables = site.addresses().environment();
  const auto environment = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
  const auto operator_does_it =
      [&](const executor::Instruction& instruction) -> Result<std::string> {
    const auto lock = site.world().enter();
    const auto reply =
        site.world().request(instruction.call.action, instruction.call.arguments, "operator");
    if (!reply.accepted()) return Error{ErrorCode::kBlocked, reply.refusals.front()};
    return std::string("understood");
  };
  executor::SocketHttpTransport http({{}, site.addresses().ca_file.string()});
  executor::SshSettings settings;
  settings.config_file = site.addresses().ssh_config.string();
  executor::SshTransport ssh(settings);
  const auto drivers = executor::Drivers::connect(
      inventory, procedure, {http, ssh, environment, real_time, operator_does_it});
  ASSERT_TRUE(drivers) << drivers.error().message;

  executor::InMemoryJournal journal([] { return kMidnight; });
  executor::Executor executor(executor::first_leg(model, plan, order), drivers.value()->ports(),
                              clock, journal);
  executor::RunOptions options;
  options.run_id = "many";
  options.workers = kWorkers;
  const executor::RunResult result = executor.run(options, nullptr, {});

  EXPECT_TRUE(result.done) << result.error.message;
  const auto lock = site.world().enter();
  EXPECT_THAT(site.world().violations(), ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, ManyCallsAtOnce,
    ::testing::Combine(::testing::Values(Provider::kAws, Provider::kAzure, Provider::kGcp),
                       ::testing::Values(Procedure::kDehydrate, Procedure::kRotate)));

}  // namespace
}  // namespace wme::scenarios
