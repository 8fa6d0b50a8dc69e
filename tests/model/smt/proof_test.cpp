#include "model/smt/proof.hpp"

#include <gmock/gmock.h>

namespace wme::tests {
namespace {

using namespace wme::model;       // NOLINT
using namespace wme::model::smt;  // NOLINT
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// One prover for all that is proved of everything: rules share lemmas.
Prover& prover() {
  static Prover one({});
  return one;
}

struct Expected {
  const char* rule;
  RuleVerdict verdict;
};
std::ostream& operator<<(std::ostream& out, const Expected& expected) {
  return out << expected.rule << " " << to_string(expected.verdict);
}

class DataLossRule : public testing::TestWithParam<Expected> {};

TEST_P(DataLossRule, HasItsVerdictForAnyFleetSize) {
  const RuleProof proof = prover().prove(GetParam().rule);
  EXPECT_EQ(proof.verdict, GetParam().verdict) << to_string(proof.verdict);
  for (const ClaimProof& each : proof.claims) {
    EXPECT_EQ(each.holds, Answer::kYes) << each.claim->sentence;
    EXPECT_FALSE(each.counterexample);
    EXPECT_EQ(each.overtaken_by.empty(), each.overtaking == Overtaking::kAllowed);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Proof, DataLossRule,
    testing::Values(
        Expected{"INV-02", RuleVerdict::kProved}, Expected{"INV-03", RuleVerdict::kProved},
        Expected{"INV-05", RuleVerdict::kProved}, Expected{"INV-09", RuleVerdict::kProvedInTurn},
        Expected{"INV-10", RuleVerdict::kProved}, Expected{"INV-11", RuleVerdict::kProvedInTurn},
        Expected{"INV-12", RuleVerdict::kProvedInTurn}, Expected{"INV-13", RuleVerdict::kProved},
        Expected{"INV-14", RuleVerdict::kProvedInTurn},
        Expected{"INV-15", RuleVerdict::kProvedInTurn},
        Expected{"INV-22", RuleVerdict::kProvedInTurn}, Expected{"INV-23", RuleVerdict::kProved},
        Expected{"INV-24", RuleVerdict::kProvedInTurn}, Expected{"INV-25", RuleVerdict::kProved},
        Expected{"INV-26", RuleVerdict::kProvedInTurn},
        Expected{"INV-27", RuleVerdict::kProvedInTurn}, Expected{"INV-28", RuleVerdict::kProved},
        Expected{"INV-29", RuleVerdict::kProvedInTurn},
        Expected{"INV-36", RuleVerdict::kProvedInTurn}, Expected{"INV-37", RuleVerdict::kProved},
        Expected{"INV-38", RuleVerdict::kProvedInTurn},
        Expected{"INV-39", RuleVerdict::kProvedInTurn},
        Expected{"INV-40", RuleVerdict::kProvedInTurn}, Expected{"INV-43", RuleVerdict::kProved}),
    [](const auto& each) { return std::string("INV_") + (each.param.rule + 4); });

TEST(Proof, SaysOnWhichGuardsAndLemmasItRests) {
  const RuleProof proof = prover().prove("INV-05");
  EXPECT_THAT(proof.guards, Contains("stop-services:5 (INV-05)"));
  EXPECT_THAT(proof.rests_on, Contains("INV-05"));
  EXPECT_THAT(proof.lemmas, Contains("a parked container is on no instance"));
}

/// An exception that nobody needs would weaken the claim for nothing.
TEST(Proof, NeedsEachExceptionThatAClaimMakes) {
  std::size_t exceptions = 0;
  for (const std::string& rule : data_loss_rules())
    for (Claim claim : claims_of(rule)) {
      if (claim.unless.empty()) continue;
      ++exceptions;
      claim.unless.clear();
      EXPECT_EQ(prover().prove(claim).holds, Answer::kNo) << rule << ": " << claim.sentence;
    }
  EXPECT_EQ(exceptions, 3U);
}

TEST(Proof, DoesNotProveWhatIsFalseAtFirst) {
  Claim claim;
  claim.rule = "test";
  claim.sentence = "the gate is restricted from the start";
  claim.always = FluentTerm{"gate", {}} == "restricted";
  const ClaimProof proof = prover().prove(claim);
  EXPECT_EQ(proof.holds, Answer::kNo);
  ASSERT_TRUE(proof.counterexample);
  EXPECT_FALSE(proof.counterexample->transition);
}

TEST(Proof, LeansOnNoLemmaThatIsFalse) {
  // True as long as it may suppose itself of everybody else, too: one container wakes after
  // another.
  Claim claim;
  claim.rule = "test";
  claim.sentence = "no container ever runs";
  const Var c{"c", "container"};
  claim.always = for_all(c, FluentTerm{"run", {c}} != "running");
  EXPECT_EQ(prover().prove(claim).holds, Answer::kNo);
}

}  // namespace
}  // namespace wme::tests
