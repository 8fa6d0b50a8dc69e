#include "scenarios/trace_replay/trace_replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "model/checker/verdict.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/fleet.hpp"

namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

/// A plan for a fleet that comes with the program, and what can be done to it.
class TraceReplay : public testing::Test {
 protected:
  void plan_for(model::Procedure procedure, model::Provider provider = model::Provider::kAws) {
    inventory_ = generate_fleet(Fleet::kXs, provider);
    if (procedure == model::Procedure::kUpgrade) inventory_ = as_upgrade(inventory_);
    model_ = std::make_unique<model::GroundModel>(model::installation_of(inventory_, procedure));
    Result<model::Plan> plan = model::make_plan(*model_);
    ASSERT_TRUE(plan) << plan.error().message;
    plan_ = std::move(plan).value();
  }

  model::Step& step(const std::string& action) {
    return *std::ranges::find(plan_.steps, action, &model::Step::action);
  }

  std::vector<model::Counterexample> counterexamples(const std::string& faults = "0") {
    model::VerifyOptions options;
    options.faults = model::FaultBudget::parse(faults).value();
    const Result<model::Verification> made = model::verify(*model_, plan_, options);
    EXPECT_TRUE(made) << made.error().message;
    return made ? made.value().counterexamples : std::vector<model::Counterexample>{};
  }

  /// As if it had been written to a file and read again.
  Result<StagedReplay> replayed(const model::Counterexample& told, Wire wire) {
    Result<model::GroundPlan> ground = model::GroundPlan::of(*model_, plan_);
    if (!ground) return ground.error();
    ground.value().add_environment();
    const model::TraceFile file = trace_file_of(ground.value(), told);
    const Result<model::BoundTrace> bound = bind_trace(file, ground.value(), "t.json");
    if (!bound) return bound.error();
    const fs::path folder =
        fs::temp_directory_path() / ("trace-replay-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    RehearsalOptions options;
    options.wire = wire;
    options.directory = folder;
    Result<StagedReplay> made = replay_on_stage(inventory_, ground.value(), bound.value(), options);
    fs::remove_all(folder);
    return made;
  }

  model::Inventory inventory_;
  std::unique_ptr<model::GroundModel> model_;
  model::Plan plan_;
};

const model::Counterexample* story_of(const std::vector<model::Counterexample>& all,
                                      const std::string& property) {
  for (const model::Counterexample& each : all)
    if (each.property == property || std::ranges::count(each.also, property) > 0) return &each;
  return nullptr;
}

TEST_F(TraceReplay, EndsInTheSameViolationOverSockets) {
  plan_for(model::Procedure::kDehydrate);
  // The snapshot comes before the last container is parked: it waits for the first one only.
  step("take-snapshot").after = {{step("passivate-container").id, "one is enough"}};
  const std::vector<model::Counterexample> all = counterexamples();
  const model::Counterexample* told = story_of(all, "INV-05");
  ASSERT_NE(told, nullptr);
  const Result<StagedReplay> staged = replayed(*told, Wire::kSockets);
  ASSERT_TRUE(staged) << staged.error().message;
  EXPECT_TRUE(staged.value().reproduced) << staged.value().end;
  EXPECT_THAT(staged.value().end, HasSubstr("ec2 CreateSnapshot"));
  EXPECT_THAT(staged.value().violations,
              testing::Contains(testing::Field(&simulators::Violation::rule, "INV-05")));
  EXPECT_THAT(staged.value().differences, IsEmpty());
  EXPECT_EQ(staged.value().without_drivers, "");
}

/// Every edge taken out alone, for every procedure: what the model tells, the simulators repeat.
TEST_F(TraceReplay, AgreesWithTheModelOnEveryMissingEdge) {
  for (const model::Procedure procedure : {model::Procedure::kDehydrate, model::Procedure::kRestore,
                                           model::Procedure::kRotate, model::Procedure::kUpgrade}) {
    plan_for(procedure);
    const model::Plan whole = plan_;
    for (std::size_t s = 0; s < whole.steps.size(); ++s)
      for (std::size_t e = 0; e < whole.steps[s].after.size(); ++e) {
        plan_ = whole;
        plan_.steps[s].after.erase(plan_.steps[s].after.begin() + static_cast<std::ptrdiff_t>(e));
        for (const model::Counterexample& each : counterexamples()) {
          const Result<StagedReplay> staged = replayed(each, Wire::kInProcess);
          ASSERT_TRUE(staged) << staged.error().message << "\n" << to_text(each);
          EXPECT_TRUE(staged.value().reproduced || staged.value().beyond_sight)
              << staged.value().end << "\n"
              << to_text(each);
          EXPECT_THAT(staged.value().differences, IsEmpty()) << to_text(each);
        }
      }
  }
}

/// The executor has looked, then somebody boots the old Platform, then the request goes out.
TEST_F(TraceReplay, RepeatsFaultsAndWhatHappensByItself) {
  plan_for(model::Procedure::kDehydrate);
  const std::vector<model::Counterexample> all =
      counterexamples("stale-read=1,old-platform-boots=1");
  const model::Counterexample* told = story_of(all, "INV-12");
  ASSERT_NE(told, nullptr);
  const auto has = [&](model::Happening::Kind kind) {
    return std::ranges::count(told->trace, kind, &model::Happening::kind) > 0;
  };
  ASSERT_TRUE(has(model::Happening::Kind::kStaleRead));
  ASSERT_TRUE(has(model::Happening::Kind::kEnvironment));
  const Result<StagedReplay> staged = replayed(*told, Wire::kSockets);
  ASSERT_TRUE(staged) << staged.error().message;
  EXPECT_TRUE(staged.value().reproduced) << staged.value().end;
  EXPECT_THAT(staged.value().differences, IsEmpty());
}

TEST_F(TraceReplay, AsksTheWorldWhereThereAreNoDrivers) {
  plan_for(model::Procedure::kDehydrate, model::Provider::kHyperV);
  step("write-archive").after.clear();
  const std::vector<model::Counterexample> all = counterexamples();
  const model::Counterexample* told = story_of(all, "INV-05");
  ASSERT_NE(told, nullptr);
  const Result<StagedReplay> staged = replayed(*told, Wire::kInProcess);
  ASSERT_TRUE(staged) << staged.error().message;
  EXPECT_TRUE(staged.value().reproduced) << staged.value().end;
}

}  // namespace
}  // namespace wme::scenarios
