#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/inventory/fleet.hpp"
#include "tests/scenarios/rehearsal/rehearsal_fixture.hpp"

/// What is GCP's own in a whole recovery.
namespace wme::scenarios {
namespace {

using simulators::Fault;
using simulators::FaultRule;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class GcpRehearsal : public Rehearsal {
 protected:
  RehearsalReport recover(std::vector<FaultRule> faults = {}, Wire wire = Wire::kInProcess) {
    return hold(disaster(std::move(faults)), wire,
                generate_fleet(Fleet::kXs, model::Provider::kGcp));
  }
};

TEST_F(GcpRehearsal, OfAWholeRecoveryPassesOverSocketsWithTheSameJournals) {
  const RehearsalReport report = recover({}, Wire::kSockets);
  EXPECT_TRUE(report.passed) << why(report);
  EXPECT_THAT(report.violations, IsEmpty());
  EXPECT_EQ(report.phases.size(), 2U);
  const std::string over_sockets = journals();
  EXPECT_THAT(over_sockets, ::testing::Not(HasSubstr("ya29.")));
  recover();
  EXPECT_EQ(journals(), over_sockets);
}

TEST_F(GcpRehearsal, StopsAtARightThatIsMissingAndNamesIt) {
  for (const char* operation : {"instances.stop", "disks.createSnapshot", "instances.insert",
                                "instances.updateNetworkInterface"}) {
    SCOPED_TRACE(operation);
    const RehearsalReport report = recover({{operation, 1, Fault::kDenied}});
    EXPECT_FALSE(report.passed);
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_THAT(report.reasons,
                Contains(AllOf(HasSubstr("forbidden"), HasSubstr("Required 'compute."),
                               HasSubstr("permission"))));
  }
}

TEST_F(GcpRehearsal, SaysWhatTheOperationSaidOfAFailure) {
  for (const auto& [action, code] :
       {std::pair("launch-machine", "ZONE_RESOURCE_POOL_EXHAUSTED"),
        std::pair("create-volume", "error"), std::pair("attach-volume", "INTERNAL_ERROR"),
        std::pair("attach-address", "INTERNAL_ERROR"),
        std::pair("detach-address", "INTERNAL_ERROR"),
        std::pair("stop-machine", "INTERNAL_ERROR")}) {
    SCOPED_TRACE(action);
    const RehearsalReport report = recover({{action, 1, Fault::kOutcomeFails}});
    EXPECT_FALSE(report.passed);
    EXPECT_THAT(report.violations, IsEmpty());
    EXPECT_THAT(report.reasons, Contains(AllOf(HasSubstr(action), HasSubstr(code))));
    // Heard of when it happened, not when the step's time was up.
    for (const Phase& phase : report.phases)
      for (const ReportStep& step : phase.steps) {
        if (step.action != action || !step.start || !step.end) continue;
        EXPECT_LT(*step.end - *step.start, std::chrono::minutes(6)) << step.action;
      }
  }
}

TEST_F(GcpRehearsal, WaitsForWhatIsSlowAndGivesUpOnWhatHangs) {
  for (const char* action : {"stop-machine", "launch-machine", "attach-address"}) {
    SCOPED_TRACE(action);
    const RehearsalReport slow = recover({{action, 1, Fault::kSlow}});
    EXPECT_TRUE(slow.passed) << why(slow);
    const RehearsalReport hanging = recover({{action, 1, Fault::kHangs}});
    EXPECT_FALSE(hanging.passed);
    EXPECT_THAT(hanging.reasons, Contains(AllOf(HasSubstr(action), HasSubstr("expected "))));
  }
}

}  // namespace
}  // namespace wme::scenarios
