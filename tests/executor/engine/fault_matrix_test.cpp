#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "model/wme/vocabulary.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "tests/executor/engine/share.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/world_facts.hpp"
#include "tests/support/world_port.hpp"

/// Every step of every procedure meets every kind of fault that it can meet: it ends in success or
/// in a declared safe stop, with a message that names the step.
namespace wme {
namespace {

using simulators::Fault;
using simulators::FaultRule;

const executor::TimePoint kNoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// What every trial of one procedure has in common.
struct Rehearsed {
  Rehearsed(model::Procedure procedure, model::Provider provider)
      : model(model::installation_of(tests::fleet({.provider = provider}), procedure)),
        plan(model::make_plan(model).value()),
        order(model::PlanOrder::of(plan).value()) {}
  model::GroundModel model;
  model::Plan plan;
  model::PlanOrder order;
};

/// One rehearsal under a list of faults.
class Trial {
 public:
  Trial(const Rehearsed& rehearsed, std::vector<FaultRule> faults)
      : clock_(kNoon),
        model_(rehearsed.model),
        plan_(rehearsed.plan),
        order_(rehearsed.order),
        world_(rehearsed.model.installation(), clock_,
               simulators::FaultSchedule(std::move(faults))),
        port_(world_),
        journal_([] { return kNoon; }) {
    for (const char* door : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
      ports_[door] = &port_;
    executor::Executor executor(executor::first_leg(model_, plan_, order_), ports_, clock_,
                                journal_);
    executor::RunOptions options;
    options.run_id = "trial";
    result_ = executor.run(options, nullptr, {});
  }

  const executor::RunResult& result() const { return result_; }
  bool has_met_a_fault() const { return !world_.faults_met().empty(); }
  std::size_t violations() const { return world_.violations().size(); }
  const model::Plan& plan() const { return plan_; }
  int looks() const { return port_.looks; }

  /// The declared safe stop in which the installation is; empty: in none.
  std::string safe_stop() const { return tests::safe_stop(world_, model_); }

 private:
  scenarios::VirtualClock clock_;
  const model::GroundModel& model_;
  const model::Plan& plan_;
  const model::PlanOrder& order_;
  simulators::World world_;
  tests::WorldPort port_;
  executor::Ports ports_;
  executor::InMemoryJournal journal_;
  executor::RunResult result_;
};

using Where = std::tuple<model::Procedure, model::Provider>;

class FaultMatrix : public ::testing::TestWithParam<Where> {
 protected:
  struct Tally {
    int trials = 0;
    int met = 0;
    int succeeded = 0;
    std::map<std::string, int> stops;
  };

  void expect_good_end(const std::string& about, std::vector<FaultRule> faults) {
    SCOPED_TRACE(about);
    if (++cases_ % every(11) != 0) return;  // prime: each kind gets its turn
    const Trial trial(rehearsed_, std::move(faults));
    ++tally_.trials;
    if (!trial.has_met_a_fault()) return;
    ++tally_.met;
    EXPECT_EQ(trial.violations(), 0U);
    if (trial.result().done) {
      ++tally_.succeeded;
      return;
    }
    const std::string stop = trial.safe_stop();
    ++tally_.stops[stop];
    EXPECT_NE(stop, "") << trial.result().error.message;
    EXPECT_NE(trial.result().error.message, "");
    for (const executor::StepRecord& each : trial.result().steps)
      EXPECT_NE(each.state, executor::StepState::kRunning);
  }

  void TearDown() override {
    std::cout << "fault matrix: " << tally_.trials << " trials, " << tally_.met
              << " met their fault, " << tally_.succeeded << " succeeded";
    for (const auto& [stop, count] : tally_.stops)
      std::cout << ", " << count << " in " << (stop.empty() ? "NO SAFE STOP" : stop);
    std::cout << "\n";
  }

  const Rehearsed rehearsed_{std::get<0>(GetParam()), std::get<1>(GetParam())};
  Tally tally_;
  int cases_ = 0;
};

/// Each request, by the step that sends it: the n-th of its action.
TEST_P(FaultMatrix, OfRequestsAndOutcomes) {
  const Trial plain(rehearsed_, {});
  ASSERT_TRUE(plain.result().done);
  std::map<std::string, int> occurrence;
  for (const model::Step& step : plain.plan().steps) {
    const int n = ++occurrence[step.action];
    for (const Fault fault : {Fault::kRequestLost, Fault::kAnswerLost, Fault::kThrottled,
                              Fault::kServerError, Fault::kDenied})
      expect_good_end(step.action + " " + std::to_string(n) + ": " + std::string(to_string(fault)),
                      {{"send " + step.action, n, fault}});
    for (const Fault fault : {Fault::kOutcomeFails, Fault::kSlow, Fault::kHangs})
      expect_good_end(step.action + " " + std::to_string(n) + ": " + std::string(to_string(fault)),
                      {{step.action, n, fault}});
  }
}

TEST_P(FaultMatrix, OfLooks) {
  const int looks = Trial(rehearsed_, {}).looks();
  for (int n = 1; n <= looks; ++n)
    for (const Fault fault : {Fault::kStaleRead, Fault::kThrottled, Fault::kRequestLost})
      expect_good_end("look " + std::to_string(n) + ": " + std::string(to_string(fault)),
                      {{"look", n, fault}});
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, FaultMatrix,
    ::testing::Combine(::testing::Values(model::Procedure::kDehydrate, model::Procedure::kRestore,
                                         model::Procedure::kRotate, model::Procedure::kUpgrade),
                       ::testing::Values(model::Provider::kAws, model::Provider::kAzure,
                                         model::Provider::kEsxi)),
    [](const ::testing::TestParamInfo<Where>& which) {
      return std::string(to_string(std::get<0>(which.param))) + "_" +
             std::string(to_string(std::get<1>(which.param)));
    });

}  // namespace
}  // namespace wme
