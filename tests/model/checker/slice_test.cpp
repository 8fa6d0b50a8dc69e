#include "model/checker/slice.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

#include "tests/model/checker/spoil.hpp"
#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT

std::set<std::string> refuted_state_properties(const Verification& verification) {
  std::set<std::string> ids;
  for (const PropertyVerdict& each : verification.properties)
    if (each.verdict == Verdict::kRefuted &&
        (each.id.starts_with("INV-") || each.id.starts_with("WORK-")))
      ids.insert(each.id);
  return ids;
}

Verification verified(const Planned& made, bool reduce, const std::string& budget) {
  VerifyOptions options;
  options.reduce = reduce;
  options.faults = FaultBudget::parse(budget).value();
  Result<Verification> verification = verify(*made.model, made.plan, options);
  EXPECT_TRUE(verification) << verification.error().message;
  return std::move(verification).value();
}

/// The whole plan's states and the slices' share no state: they must say the same.
TEST(Slices, FindWhatTheWholePlanBreaksAndNothingElse) {
  std::mt19937 random(20261123);
  int compared = 0;
  for (const Procedure procedure : {Procedure::kDehydrate, Procedure::kRestore})
    for (int round = 0; round < 25; ++round) {
      Planned made = planned(procedure, tiny_shape());
      if (round > 0) made.plan = spoilt(random, made.plan);
      const Verification whole = verified(made, false, "1");
      if (!whole.exploration->complete) continue;
      ++compared;
      const Verification sliced = verified(made, true, "1");
      EXPECT_EQ(refuted_state_properties(sliced), refuted_state_properties(whole))
          << to_string(procedure) << ", round " << round;
      EXPECT_TRUE(sliced.exploration->complete) << sliced.exploration->stopped_by;
      EXPECT_EQ(sliced.disagreements, std::vector<std::string>());
    }
  EXPECT_GT(compared, 30);
}

TEST(Slices, AreSmallerThanThePlan) {
  const Verification sliced = verified(planned(Procedure::kRotate), true, "1");
  EXPECT_TRUE(sliced.exploration->complete) << sliced.exploration->stopped_by;
  EXPECT_GT(sliced.exploration->slices, 10U);
}

}  // namespace
}  // namespace wme::tests
