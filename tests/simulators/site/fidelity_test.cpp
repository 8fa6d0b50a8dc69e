#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "simulators/core/profile_fidelity.hpp"
#include "simulators/site/fidelity_page.hpp"
#include "tests/support/golden.hpp"

namespace wme::simulators {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

TEST(Fidelity, PageIsThatOfTheTables) {
  EXPECT_EQ(tests::golden("docs/FIDELITY.md", fidelity_markdown()), "");
}

TEST(Fidelity, EveryEntryOfEverySystemHasASource) {
  std::set<std::string> systems;
  for (const FidelityLedger& ledger : fidelity_ledgers()) {
    EXPECT_EQ(misfit(ledger), "");
    EXPECT_TRUE(systems.insert(ledger.system).second) << ledger.system << " is told twice";
    std::set<std::string> told;
    for (const Fidelity& each : ledger.entries)
      EXPECT_TRUE(told.insert(each.operation + each.route + each.source).second) << each.operation;
  }
  EXPECT_THAT(systems, testing::IsSupersetOf({"Launchpad", "License service", "ConfigWizard",
                                              "Linux hosts over SSH", "AWS EC2"}));
}

TEST(Fidelity, NoticesWhatIsNoLedger) {
  const Fidelity fine{"Stop", "POST /stop", "captured: somewhere", ""};
  EXPECT_EQ(misfit({"S", "", {fine}}), "");
  EXPECT_THAT(misfit({"S", "", {}}), HasSubstr("nothing"));
  EXPECT_THAT(misfit({"", "", {fine}}), HasSubstr("name"));
  for (const char* source : {"", "captured", "captured: ", "rumour: somebody"})
    EXPECT_THAT(misfit({"S", "", {{"Stop", "POST /stop", source, ""}}}), HasSubstr("no source"));
  EXPECT_THAT(misfit({"S", "", {{"Stop", "", "captured: x", ""}}}), HasSubstr("route"));
}

TEST(Fidelity, CarriesTheMarksOfTheApiProfileOver) {
  EXPECT_EQ(source_of_mark("[script: IA]"), "vendor script: IA");
  EXPECT_EQ(source_of_mark("[shot: a.png, b.png]"), "vendor screenshot: a.png, b.png");
  EXPECT_EQ(source_of_mark("[hist: page.md]"), "vendor page: page.md (since removed)");
  EXPECT_EQ(source_of_mark("[script: PI] for INIT; the other actions [assumed]"),
            "vendor script: PI for INIT; the other actions [assumed]");
  EXPECT_TRUE(source_of_mark("[assumed] wme.md 7-11").starts_with("Assumption: "));
  EXPECT_EQ(source_of_mark("[rumour: x]"), "");
  EXPECT_EQ(source_of_mark(""), "");
}

}  // namespace
}  // namespace wme::simulators
