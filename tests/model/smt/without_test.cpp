#include <gmock/gmock.h>

#include "model/smt/proof.hpp"

/// Each proof fails when the guard that it rests on is gone, and says what then happens to whom.
namespace wme::tests {
namespace {

using namespace wme::model;       // NOLINT
using namespace wme::model::smt;  // NOLINT
using testing::Contains;
using testing::HasSubstr;

struct Removal {
  const char* rule;
  std::vector<const char*> without;
  std::vector<const char*> story;  ///< each is part of some line of one counterexample
};
std::ostream& operator<<(std::ostream& out, const Removal& removal) {
  out << removal.rule << " without";
  for (const char* each : removal.without) out << " " << each;
  return out;
}

RuleProof proof_of(const Removal& removal) {
  ProveOptions options;
  for (const char* each : removal.without) {
    Result<Without> without = parse_without(each);
    EXPECT_TRUE(without) << without.error().message;
    if (without) options.without.push_back(without.value());
  }
  return Prover(options).prove(removal.rule);
}

bool tells(const Counterexample& found, const std::vector<const char*>& story) {
  return std::ranges::all_of(story, [&](const char* part) {
    return std::ranges::any_of(
        found.story, [&](const std::string& line) { return line.find(part) != std::string::npos; });
  });
}

class WithoutTheGuard : public testing::TestWithParam<Removal> {};

TEST_P(WithoutTheGuard, TheProofFailsAndNamesWhoIsHurt) {
  const RuleProof proof = proof_of(GetParam());
  EXPECT_EQ(proof.verdict, RuleVerdict::kNotProved);
  bool told = false;
  std::string all;
  for (const ClaimProof& each : proof.claims) {
    if (!each.counterexample) continue;
    told = told || tells(*each.counterexample, GetParam().story);
    for (const std::string& line : each.counterexample->story) all += line + "\n";
  }
  EXPECT_TRUE(told) << all;
}

INSTANTIATE_TEST_SUITE_P(
    Proof, WithoutTheGuard,
    testing::Values(
        Removal{"INV-02", {"INV-02"}, {"then: passivate-container c1 is requested"}},
        Removal{"INV-03",
                {"INV-03"},
                {"1 container", "place(c1) is ", "record(i1",
                 "then: passivate-container c1 is requested"}},
        Removal{"INV-05",
                {"INV-05"},
                {"1 container", "place(c1) is home", "then: stop-services platform is requested"}},
        Removal{"INV-05",
                {"stop-services:5"},
                {"then: stop-services platform is requested", "Stop the WME services on platform",
                 "nobody objects any more that a container is not parked"}},
        Removal{"INV-09", {"INV-09"}, {"then: stop-machine platform is requested"}},
        Removal{"INV-09", {"stop-docker:3"}, {"then: stop-docker platform is done"}},
        Removal{"INV-10", {"INV-10"}, {"then: write-archive tar-wm-data is requested"}},
        Removal{"INV-11",
                {"INV-11"},
                {"snapshot(snap-wm-data) is absent", "then: launch-machine platform-new"}},
        Removal{"INV-12",
                {"INV-12"},
                {"docker(platform) is running", "then: take-snapshot snap-wm-data is requested",
                 "consistent(snap-wm-data) becomes torn"}},
        Removal{"INV-13",
                {"INV-13"},
                {"mounted(wm-data) is yes", "then: detach-volume wm-data is requested"}},
        Removal{
            "INV-14", {"INV-14"}, {"snapshot(snap-wm-data) is absent", "then: terminate-machine"}},
        Removal{"INV-15", {"INV-15"}, {"volume(wm-", "then: terminate-machine platform"}},
        Removal{"INV-22", {"INV-22"}, {"then: launch-machine platform-new is requested"}},
        Removal{"INV-23", {"INV-23"}, {"then: attach-volume wm-data is requested"}},
        Removal{"INV-24",
                {"INV-24"},
                {"content(wm-data) is live", "then: format-store wm-data is done"}},
        Removal{"INV-24",
                {"format-disk:2"},
                {"then: format-disk i1-new is done", "data_disk(i1-new) becomes formatted"}},
        Removal{
            "INV-25", {"INV-25"}, {"then: mount-by-letter wm-", "is requested", "becomes swapped"}},
        Removal{"INV-26",
                {"INV-26"},
                {"fstab(wm-data-new) is absent", "then: initialize platform-new is requested"}},
        Removal{"INV-27",
                {"INV-27"},
                {"mounted(wm-data) is no", "then: start-services platform is requested"}},
        Removal{"INV-28",
                {"INV-28"},
                {"mounted(wm-data-new) is no", "then: initialize platform-new is requested"}},
        Removal{"INV-29",
                {"INV-29"},
                {"content(wm-data-new) is", "then: unpack-archive tar-wm-data is requested"}},
        Removal{"INV-36", {"INV-36"}, {"then: migrate platform-new is requested"}},
        Removal{"INV-37",
                {"INV-37"},
                {"snapshot(snap-wm-data) is absent", "then: migrate platform-new is requested"}},
        // The guard of enter-portal (INV-36) asks for the same before sync-setup's does.
        Removal{"INV-38",
                {"INV-38", "INV-36"},
                {"migrated(platform-new) is no", "then: enter-portal platform-new is done"}},
        Removal{"INV-39",
                {"INV-39"},
                {"is live", "then: set-setup-password platform", "becomes fresh"}},
        Removal{
            "INV-40", {"INV-40"}, {"is live", "then: initialize-setup platform", "becomes fresh"}},
        Removal{"INV-43",
                {"INV-43"},
                {"1 container and 1 instance", "place(c1) is home",
                 "then: delete-record i1 is requested"}},
        Removal{"INV-43",
                {"terminate-machine:4"},
                {"newest(c1) is instance-disk", "then: terminate-machine i1 is requested",
                 "newest(c1) becomes gone"}}));

TEST(Without, NamesAConditionOrARule) {
  const Result<Without> one = parse_without("stop-services:5");
  ASSERT_TRUE(one);
  EXPECT_EQ(one.value().action, "stop-services");
  EXPECT_EQ(one.value().number, 5U);
  const Result<Without> rule = parse_without("INV-05");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule.value().rule, "INV-05");
}

TEST(Without, SaysWhatIsWrongWithAName) {
  const auto message = [](const char* text) {
    const Result<Without> without = parse_without(text);
    return without ? std::string("fine") : without.error().message;
  };
  EXPECT_THAT(message("stop-service:5"), HasSubstr("stop-services"));
  EXPECT_THAT(message("stop-services:0"), HasSubstr("conditions 1 to"));
  EXPECT_THAT(message("stop-services:99"), HasSubstr("conditions 1 to"));
  EXPECT_THAT(message("stop-services:5x"), HasSubstr("conditions 1 to"));
  EXPECT_THAT(message("INV-99"), HasSubstr("neither ACTION:N nor a rule"));
  EXPECT_THAT(message("INV-04"), HasSubstr("no action has a condition"));
}

}  // namespace
}  // namespace wme::tests
