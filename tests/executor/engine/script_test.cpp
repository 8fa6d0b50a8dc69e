#include "executor/engine/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/world_port.hpp"

namespace wme {
namespace {

using simulators::Fault;
using simulators::FaultRule;

const executor::TimePoint kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

/// A disaster recovery, carried out as often as anybody likes.
class Recovery {
 public:
  explicit Recovery(model::Procedure procedure = model::Procedure::kRestore)
      : model_(model::installation_of(tests::xs_fleet(), procedure)),
        plan_(model::make_plan(model_).value()),
        order_(model::PlanOrder::of(plan_).value()),
        world_model_(std::make_shared<const simulators::WorldModel>(model_)) {}

  static executor::Ports all_doors(executor::SystemPort* port) {
    executor::Ports ports;
    for (const char* door : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
      ports[door] = port;
    return ports;
  }
  Result<std::shared_ptr<const executor::Script>> script(const executor::Ports& doors) const {
    return executor::Script::of(model_, plan_, order_, doors);
  }

  /// The journal of a run with a script of its own, on a world that has to be asked in words.
  std::string in_words(const std::vector<FaultRule>& faults) const {
    scenarios::VirtualClock clock(kStart);
    simulators::World world(model_.installation(), clock, simulators::FaultSchedule(faults));
    return journal_of(world, clock, nullptr);
  }
  /// The same on a world that shares the model.
  std::string by_number(const std::vector<FaultRule>& faults,
                        std::shared_ptr<const executor::Script> script) const {
    scenarios::VirtualClock clock(kStart);
    simulators::World world(world_model_, clock, simulators::FaultSchedule(faults));
    return journal_of(world, clock, std::move(script));
  }
  executor::RunResult run(simulators::World& world, scenarios::VirtualClock& clock,
                          std::shared_ptr<const executor::Script> script,
                          executor::JournalPort& journal) const {
    tests::WorldPort port(world);
    const executor::Ports ports = all_doors(&port);
    executor::Leg leg = executor::first_leg(model_, plan_, order_);
    leg.script = std::move(script);
    executor::Executor executor(std::move(leg), ports, clock, journal);
    executor::RunOptions options;
    options.run_id = "trial";
    return executor.run(options, nullptr, {});
  }
  const std::shared_ptr<const simulators::WorldModel>& world_model() const { return world_model_; }

 private:
  std::string journal_of(simulators::World& world, scenarios::VirtualClock& clock,
                         std::shared_ptr<const executor::Script> script) const {
    executor::InMemoryJournal journal([] { return kStart; });
    run(world, clock, std::move(script), journal);
    return executor::canonical_text(journal).value();
  }

  model::GroundModel model_;
  model::Plan plan_;
  model::PlanOrder order_;
  std::shared_ptr<const simulators::WorldModel> world_model_;
};

TEST(Script, TellsTheSameJournalEachTimeByNumberAsInWords) {
  const Recovery recovery;
  const auto script = recovery.script(Recovery::all_doors(nullptr)).value();
  const std::vector<std::vector<FaultRule>> schedules = {
      {},
      {{"send launch-machine", 1, Fault::kAnswerLost}},
      {{"look", 20, Fault::kStaleRead}, {"look", 40, Fault::kRequestLost}},
      {{"send create-volume", 2, Fault::kThrottled}, {"look", 9, Fault::kThrottled}},
      {{"initialize", 1, Fault::kOutcomeFails}},
      {{"sync-setup", 1, Fault::kHangs}}};
  for (const std::vector<FaultRule>& faults : schedules) {
    SCOPED_TRACE(faults.empty() ? "no fault" : faults.front().operation);
    const std::string told = recovery.in_words(faults);
    EXPECT_EQ(recovery.by_number(faults, script), told);
    EXPECT_EQ(recovery.by_number(faults, script), told);
  }
}

TEST(Script, IsNotMadeForAStepWithoutADoor) {
  const Recovery recovery;
  executor::Ports doors = Recovery::all_doors(nullptr);
  doors.erase("host");
  const auto script = recovery.script(doors);
  ASSERT_FALSE(script);
  EXPECT_EQ(script.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(script.error().message, ::testing::HasSubstr("needs the door host"));
}

TEST(Script, OfAnotherPlanIsRefused) {
  const Recovery recovery;
  const auto script =
      Recovery(model::Procedure::kDehydrate).script(Recovery::all_doors(nullptr)).value();
  scenarios::VirtualClock clock(kStart);
  simulators::World world(recovery.world_model(), clock, simulators::FaultSchedule());
  executor::InMemoryJournal journal([] { return kStart; });
  const executor::RunResult result = recovery.run(world, clock, script, journal);
  EXPECT_FALSE(result.done);
  EXPECT_EQ(result.error.code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace wme
