#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// `rehydrate run` of a sound plan; nothing of the installation can be reached.
class RunCommand : public testing::Test {
 protected:
  RunCommand() { sample_plan(folder_, "dehydrate"); }
  Ended run(std::vector<std::string> more, std::map<std::string, std::string> environment = {}) {
    more.insert(more.begin(), {"run", "plan.json", "-i", "inventory.yaml", "--break-glass",
                               "certificates have tests of their own"});
    return rehydrate(folder_, more, "", std::move(environment));
  }
  TemporaryFolder folder_;
};

TEST_F(RunCommand, RefusesAJournalThatCannotBeWrittenBeforeAnythingElse) {
  folder_.file("a-file", "");
  for (const char* journal : {"missing/run.journal", "a-file/run.journal", "."}) {
    const Ended ended = run({"--journal", journal, "--confirm", "acme-aws-xs"});
    EXPECT_EQ(ended.status, 2) << ended.err;
    EXPECT_THAT(ended.err,
                AllOf(StartsWith("error: journal " + std::string(journal) + ": "),
                      HasSubstr("name"), Not(HasSubstr(".new-")), Not(HasSubstr("resume"))));
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  }
}

TEST_F(RunCommand, NeverOverwritesWhatIsThereInsteadOfTheJournal) {
  folder_.file("run.journal", "somebody's");
  const Ended ended = run({"--journal", "run.journal", "--confirm", "acme-aws-xs"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("already exists"), Not(HasSubstr("resume"))));
  EXPECT_EQ(text_of(folder_.path() / "run.journal"), "somebody's");
}

TEST_F(RunCommand, SaysWhichSecretIsMissing) {
  const Ended ended = run({"--journal", "run.journal", "--confirm", "acme-aws-xs"},
                          {{"REHYDRATE_LAUNCHPAD_PASSWORD", ""}});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("is not set; export it"));
  EXPECT_THAT(folder_.names(), Not(testing::Contains("run.journal")));
}

}  // namespace
}  // namespace wme::cli
