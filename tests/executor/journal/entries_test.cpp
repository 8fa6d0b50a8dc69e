#include "executor/journal/entries.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/executor/journal/sample_entries.hpp"

namespace wme::executor {
namespace {

TEST(EntryKind, HasOneNameForEachAndFindsItAgain) {
  std::set<std::string_view> names;
  for (const auto& [kind, name] : kEntryKinds) {
    EXPECT_EQ(to_string(kind), name);
    EXPECT_EQ(entry_kind_from(name), kind);
    names.insert(name);
  }
  EXPECT_EQ(names.size(), kEntryKinds.size());
  EXPECT_EQ(entry_kind_from("intend"), std::nullopt);
}

TEST(Entries, CoverEachKindAndKeepStepAndTokenOfTheCall) {
  std::set<EntryKind> kinds;
  for (const Entry& entry : sample_entries()) {
    kinds.insert(entry.kind);
    // A decision is about a step, and no call of it.
    EXPECT_EQ(entry.token, entry.action.empty() ? "" : "run-7/s12");
    EXPECT_FALSE(entry.text.empty());
  }
  EXPECT_EQ(kinds.size(), kEntryKinds.size());
}

TEST(Entries, ARunSaysOnWhoseWordItRuns) {
  RunFacts facts{"p", "acme", "i", "m", "0.1.0", ""};
  facts.authority = {{"certificate", "ab12"}, {"author", "ada"}};
  const Entry certified = run_started(kStart, facts);
  EXPECT_EQ(certified.details.at("certificate"), "ab12");
  EXPECT_EQ(certified.details.at("plan"), "p");
  EXPECT_EQ(certified.text, "Run started on installation acme");
  facts.authority = {{"break-glass", "nobody to sign"}};
  const Entry broken = run_started(kStart, facts);
  EXPECT_EQ(broken.details.at("break-glass"), "nobody to sign");
  EXPECT_EQ(broken.text, "Run started on installation acme WITHOUT A CERTIFICATE: nobody to sign");
}

TEST(Entries, AnUnknownOutcomeIsNoRefusal) {
  const StepCall of{"s1", {"take-snapshot", {"snap-wm-data"}, "t"}};
  EXPECT_EQ(not_accepted(kStart, of, {ErrorCode::kUnknownOutcome, "lost"}).kind,
            EntryKind::kUnknownOutcome);
  const Entry refused = not_accepted(kStart, of, {ErrorCode::kBlocked, "still mounted"});
  EXPECT_EQ(refused.kind, EntryKind::kRefused);
  EXPECT_EQ(refused.details.at("code"), "blocked");
}

TEST(Entries, SayWhatWasExpectedAndWhatWasSeen) {
  const StepCall of{"s12", {"passivate-container", {"c17"}, "t"}};
  const Entry entry =
      surprise(kStart, of, "run(c17) = passivating",
               {{{"run", {"c17"}}, "running", ""}, {{"gate", {}}, std::nullopt, ""}});
  EXPECT_EQ(entry.text, "Expected run(c17) = passivating, saw run(c17) = running, gate = ?");
}

}  // namespace
}  // namespace wme::executor
