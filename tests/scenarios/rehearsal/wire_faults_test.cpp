#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/stage.hpp"
#include "tests/support/process.hpp"
#include "tests/support/world_facts.hpp"

/// Every request that the drivers send to the simulated systems, in their own protocols, meets
/// every fault that it can meet on its way: the run ends in success or in a declared safe stop.
namespace wme {
namespace {

using scenarios::Stage;
using simulators::Fault;
using simulators::FaultRule;

/// "37" in REHYDRATE_WIRE_STRIDE: every 37th request and fault. All of them take hours.
long stride() {
  const char* text = std::getenv("REHYDRATE_WIRE_STRIDE");
  return text == nullptr ? 997 : std::strtol(text, nullptr, 10);
}

/// One run of one procedure with the drivers of production, in process.
class WireTrial {
 public:
  WireTrial(const model::Inventory& inventory, const model::GroundModel& model,
            const model::Plan& plan, const model::PlanOrder& order,
            const std::filesystem::path& folder, std::vector<FaultRule> faults)
      : model_(model), journal_([] { return std::chrono::sys_seconds(); }) {
    scenarios::RehearsalOptions options;
    options.wire = scenarios::Wire::kInProcess;
    options.directory = folder;
    const model::Procedure procedure = model.installation().procedure;
    stage_ = Stage::build(inventory, procedure, std::move(faults), options).value();
    const auto drivers = stage_->drivers(procedure).value();
    executor::Executor executor(executor::first_leg(model, plan, order), drivers->ports(),
                                stage_->clock(), journal_);
    executor::RunOptions how;
    how.run_id = "trial";
    result_ = executor.run(how, nullptr, {});
  }

  const executor::RunResult& result() const { return result_; }
  const simulators::World& world() const { return stage_->world(); }
  bool has_met_a_fault() const { return !world().faults_met().empty(); }
  std::string safe_stop() const { return tests::safe_stop(world(), model_); }

 private:
  const model::GroundModel& model_;
  executor::InMemoryJournal journal_;
  std::unique_ptr<Stage> stage_;
  executor::RunResult result_;
};

using Where = std::tuple<model::Procedure, model::Provider>;

class WireFaults : public ::testing::TestWithParam<Where> {
 protected:
  WireFaults()
      : inventory_(fleet_of(GetParam())),
        model_(model::installation_of(inventory_, std::get<0>(GetParam()))),
        plan_(model::make_plan(model_).value()),
        order_(model::PlanOrder::of(plan_).value()) {}

  static model::Inventory fleet_of(const Where& where) {
    model::Inventory inventory =
        scenarios::generate_fleet(scenarios::Fleet::kXs, std::get<1>(where));
    return std::get<0>(where) == model::Procedure::kUpgrade ? scenarios::as_upgrade(inventory)
                                                            : inventory;
  }

  WireTrial tried(std::vector<FaultRule> faults) {
    return {inventory_, model_, plan_, order_, folder_.path(), std::move(faults)};
  }

  void expect_good_end(const FaultRule& rule, const std::map<std::string, int>& undisturbed) {
    SCOPED_TRACE(std::string(to_string(rule.fault)) + " at the " + std::to_string(rule.occurrence) +
                 ". " + rule.operation);
    const WireTrial trial = tried({rule});
    ++trials_;
    // A write is never stale; everything else is met where the undisturbed run has been.
    EXPECT_TRUE(trial.has_met_a_fault() || rule.fault == Fault::kStaleRead);
    if (!trial.has_met_a_fault()) return;
    ++met_;
    EXPECT_TRUE(trial.world().violations().empty());
    for (const auto& [action, count] : tests::side_effects(trial.world()))
      EXPECT_LE(count, undisturbed.contains(action) ? undisturbed.at(action) : 0) << action;
    if (trial.result().done) {
      ++succeeded_;
      EXPECT_EQ(tests::side_effects(trial.world()), undisturbed);
      return;
    }
    const std::string stop = trial.safe_stop();
    ++stops_[stop];
    EXPECT_NE(stop, "") << trial.result().error.message;
    EXPECT_NE(trial.result().error.message, "");
  }

  void TearDown() override {
    std::cout << "faults on the wire: " << trials_ << " trials, " << met_ << " met their fault, "
              << succeeded_ << " succeeded";
    for (const auto& [stop, count] : stops_)
      std::cout << ", " << count << " in " << (stop.empty() ? "NO SAFE STOP" : stop);
    std::cout << "\n";
  }

  testing_support::TemporaryFolder folder_;
  const model::Inventory inventory_;
  const model::GroundModel model_;
  const model::Plan plan_;
  const model::PlanOrder order_;
  int trials_ = 0;
  int met_ = 0;
  int succeeded_ = 0;
  std::map<std::string, int> stops_;
};

TEST_P(WireFaults, EndInSuccessOrInASafeStop) {
  const WireTrial plain = tried({});
  ASSERT_TRUE(plain.result().done) << plain.result().error.message;
  const std::map<std::string, int> undisturbed = tests::side_effects(plain.world());
  ASSERT_GT(stride(), 0) << "REHYDRATE_WIRE_STRIDE is no count from 1";
  int cases = 0;
  for (const auto& [operation, times] : plain.world().operations())
    for (int n = 1; n <= times; ++n)
      for (const Fault fault : {Fault::kRequestLost, Fault::kAnswerLost, Fault::kThrottled,
                                Fault::kServerError, Fault::kDenied, Fault::kStaleRead})
        if (++cases % stride() == 0) expect_good_end({operation, n, fault}, undisturbed);
  EXPECT_GT(met_, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, WireFaults,
    ::testing::Combine(::testing::Values(model::Procedure::kDehydrate, model::Procedure::kRestore,
                                         model::Procedure::kRotate, model::Procedure::kUpgrade),
                       ::testing::Values(model::Provider::kAws, model::Provider::kAzure,
                                         model::Provider::kGcp)),
    [](const ::testing::TestParamInfo<Where>& which) {
      return std::string(to_string(std::get<0>(which.param))) + "_" +
             std::string(to_string(std::get<1>(which.param)));
    });

}  // namespace
}  // namespace wme
