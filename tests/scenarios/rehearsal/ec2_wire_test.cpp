#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "scenarios/inventory/fleet.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "tests/support/aws/ec2_model.hpp"

/// What driver and simulator say to each other over a whole rehearsal, judged by EC2's own model.
namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using simulators::Fault;
using simulators::FaultRule;
using ::testing::IsEmpty;

Scenario acts_of(const std::vector<model::Procedure>& procedures) {
  Scenario scenario = scenario_of(procedures.front(), "");
  scenario.acts.clear();
  for (const model::Procedure procedure : procedures) {
    Act act;
    act.procedure = procedure;
    if (procedure == model::Procedure::kRestore) {
      Act lose;
      lose.kind = Act::Kind::kLose;
      scenario.acts.push_back(lose);
    }
    scenario.acts.push_back(act);
  }
  return scenario;
}

class Ec2Wire : public ::testing::Test {
 protected:
  Ec2Wire() {
    std::string name = (fs::temp_directory_path() / "ec2-wire-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Ec2Wire() override { fs::remove_all(folder_); }

  /// How often each EC2 operation was called; every exchange is judged.
  std::map<std::string, int> operations_of(const Scenario& scenario,
                                           const model::Inventory& inventory) {
    std::map<std::string, int> calls;
    RehearsalOptions options;
    options.wire = Wire::kInProcess;
    options.directory = folder_;
    options.wiretap = [&](const executor::HttpCall& call,
                          const Result<executor::HttpAnswer>& answer) {
      constexpr std::string_view kAction = "Action=";
      if (!call.body.starts_with(kAction)) return;
      const std::string operation =
          call.body.substr(kAction.size(), call.body.find('&') - kAction.size());
      ++calls[operation];
      EXPECT_THAT(ec2_.faults_of_request(call.body), IsEmpty()) << call.body;
      if (!answer) return;
      EXPECT_THAT(ec2_.faults_of_answer(operation, answer.value().status, answer.value().body),
                  IsEmpty())
          << answer.value().body;
    };
    const Result<RehearsalReport> report = rehearse(scenario, inventory, options);
    EXPECT_TRUE(report && report.value().passed);
    return calls;
  }

  testing_support::Ec2Model ec2_;
  fs::path folder_;
};

model::Inventory smallest() { return generate_fleet(Fleet::kXs, model::Provider::kAws); }

TEST_F(Ec2Wire, OfADehydrationAndARestoreIsAsTheServiceModelHasIt) {
  Scenario scenario = acts_of({model::Procedure::kDehydrate, model::Procedure::kRestore});
  scenario.faults = {{"CreateSnapshot", 1, Fault::kAnswerLost},
                     {"RunInstances", 1, Fault::kThrottled},
                     {"DescribeVolumes", 2, Fault::kServerError}};
  const auto calls = operations_of(scenario, smallest());
  for (const char* operation :
       {"DescribeInstances", "DescribeVolumes", "DescribeSnapshots", "DescribeNetworkInterfaces",
        "StopInstances", "CreateSnapshot", "RunInstances", "CreateVolume", "AttachVolume",
        "AttachNetworkInterface"})
    EXPECT_TRUE(calls.contains(operation)) << operation;
}

TEST_F(Ec2Wire, OfARotationIsAsTheServiceModelHasIt) {
  EXPECT_FALSE(operations_of(acts_of({model::Procedure::kRotate}), smallest()).empty());
}

TEST_F(Ec2Wire, OfAnUpgradeIsAsTheServiceModelHasIt) {
  EXPECT_FALSE(
      operations_of(acts_of({model::Procedure::kUpgrade}), as_upgrade(smallest())).empty());
}

TEST_F(Ec2Wire, OfALargerFleetIsAsTheServiceModelHasIt) {
  const auto calls =
      operations_of(acts_of({model::Procedure::kDehydrate, model::Procedure::kRestore}),
                    generate_fleet(Fleet::kS, model::Provider::kAws));
  EXPECT_GT(calls.at("RunInstances"), 2);
}

}  // namespace
}  // namespace wme::scenarios
