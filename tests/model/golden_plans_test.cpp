#include <gtest/gtest.h>

#include "tests/model/walks.hpp"
#include "tests/support/golden.hpp"

/// One whole plan for each procedure, to be read by people: a diff here is a change of what
/// operators will do.
namespace wme::tests {
namespace {

std::string rendered(const model::Plan& plan) {
  std::string text = plan.procedure + " " + plan.installation + " on " + plan.provider + ", " +
                     plan.version +
                     (plan.target_version.empty() ? "" : " to " + plan.target_version) + "\n";
  for (const std::string& each : plan.assumes) text += "assumes: " + each + "\n";
  for (const std::string& each : plan.achieves) text += "achieves: " + each + "\n";
  for (const model::Step& step : plan.steps) {
    text += "\n" + step.id + " " + step.action;
    for (const std::string& argument : step.arguments) text += " " + argument;
    text += "  [" + step.runbook + ", " + step.door + ", " + std::to_string(step.typical_s) +
            " s of at most " + std::to_string(step.deadline_s) + " s]\n";
    text += "  " + step.sentence + "\n  until " + step.wait + "\n";
    if (!step.irreversible.empty()) text += "  no way back: " + step.irreversible + "\n";
    for (const model::Edge& edge : step.after)
      text += "  after " + edge.step + " because " + edge.because + "\n";
  }
  return text;
}

class GoldenPlan : public testing::TestWithParam<model::Procedure> {};

TEST_P(GoldenPlan, IsAsItWas) {
  const std::string procedure(to_string(GetParam()));
  Setting setting{GetParam(), {}};
  if (GetParam() == model::Procedure::kUpgrade) setting.shape.version = kEveryVersion.front();
  EXPECT_EQ(
      golden("tests/golden/plan-" + procedure + "-aws-xs.txt", rendered(planned(setting).plan)),
      "");
}

INSTANTIATE_TEST_SUITE_P(Model, GoldenPlan, testing::ValuesIn(kEveryProcedure),
                         [](const auto& each) { return std::string(to_string(each.param)); });

}  // namespace
}  // namespace wme::tests
