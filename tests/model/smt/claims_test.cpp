#include "model/smt/claims.hpp"

#include <gmock/gmock.h>

#include <set>

#include "model/smt/proof.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/self_check.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;       // NOLINT
using namespace wme::model::smt;  // NOLINT

TEST(Claims, AreMadeForEveryRuleOfTheList) {
  for (const std::string& rule : data_loss_rules()) {
    EXPECT_NE(find_rule(rule), nullptr) << rule;
    EXPECT_FALSE(claims_of(rule).empty()) << rule;
  }
  EXPECT_EQ(data_loss_rules().size(), 24U);
}

TEST(Claims, SayNothingWeakerThanTheTableOfRules) {
  for (const std::string& id : data_loss_rules()) {
    const Rule& rule = *find_rule(id);
    if (rule.state.kind == Formula::Kind::kTrue) continue;
    const std::vector<Claim> claims = claims_of(id);
    EXPECT_TRUE(std::ranges::any_of(claims, [&](const Claim& claim) {
      return claim.sentence == "never: " + rule.state_sentence && !claim.is_about_changes();
    })) << id;
  }
}

TEST(Claims, UseTheWordsOfTheVocabulary) {
  ModelData data{all_actions(), all_rules(), {}};
  for (const std::string& rule : data_loss_rules())
    for (const Claim& claim : claims_of(rule)) {
      if (!claim.is_about_changes()) data.goals.push_back(claim.always);
      Formula becomes = claim.becomes;
      Formula only_if = claim.only_if;
      for (const Var& each : claim.each) {
        becomes = for_all(each, std::move(becomes));
        only_if = for_all(each, std::move(only_if));
      }
      data.goals.push_back(becomes);
      data.goals.push_back(only_if);
    }
  EXPECT_THAT(mistakes_of(data), testing::IsEmpty());
}

/// A claim about changes that never come would be true of anything.
TEST(Claims, AreAboutChangesThatDoHappen) {
  Prover prover({Provider::kAws, std::nullopt, {}});
  Prover on_one_disk({Provider::kEsxi, std::nullopt, {}});
  // These say of something that it never happens at all.
  const std::set<std::string> nevers = {"no tree that holds anything is ever formatted",
                                        "no tree that holds data becomes a fresh installation",
                                        "no work is lost that is on an instance's disk only"};
  for (const std::string& rule : data_loss_rules())
    for (Claim claim : claims_of(rule)) {
      if (!claim.is_about_changes() || nevers.contains(claim.sentence)) continue;
      const bool is_of_archives = claim.each.size() == 1 && claim.each.front().sort == "archive";
      claim.only_if = any_of({});
      claim.sentence += " (never)";
      EXPECT_EQ((is_of_archives ? on_one_disk : prover).prove(claim).holds, Answer::kNo)
          << rule << ": " << claim.sentence;
    }
}

/// Nothing is trusted: a lemma that does not hold would only be dropped, with what leans on it.
TEST(Lemmas, AllHoldInTurn) {
  Prover prover({});
  std::set<std::string> names;
  for (const Lemma& lemma : lemmas()) {
    EXPECT_TRUE(names.insert(lemma.name).second) << lemma.name << " stands there twice";
    Claim claim;
    claim.rule = "lemma";
    claim.sentence = lemma.name;
    claim.always = lemma.formula;
    claim.unless = {{"old-platform-boots", false, "against which there is no guard"}};
    const ClaimProof proof = prover.prove(claim);
    EXPECT_EQ(proof.holds, Answer::kYes) << lemma.name;
    if (proof.counterexample)
      for (const std::string& line : proof.counterexample->story) ADD_FAILURE() << line;
  }
}

}  // namespace
}  // namespace wme::tests
