#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A plan with a point of no return: once the certificate is good, `run` asks for --confirm and
/// goes no further. So nothing here needs an installation.
class RunGate : public testing::Test {
 protected:
  RunGate() {
    sample_plan(folder, "restore");
    must({"keygen", "--name", "ada", "-o", "ada.key"});
    must({"verify", "plan.json", "-i", "inventory.yaml", "--certificate", "c.json", "--key",
          "ada.key"});
  }
  void must(const std::vector<std::string>& arguments) const {
    const Ended ended = rehydrate(folder, arguments);
    if (ended.status != 0) throw std::runtime_error(ended.err + ended.out);
  }
  Ended run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"run", "plan.json", "-i", "inventory.yaml", "--journal", "j"});
    return rehydrate(folder, more, "",
                     {{"REHYDRATE_TRUSTED_KEYS", (folder.path() / "ada.key.pub").string()}});
  }
  TemporaryFolder folder;
  static constexpr const char* kPassed = "confirm with --confirm acme-aws-xs";
};

TEST_F(RunGate, RefusesWithoutACertificateAndSaysHowToGetOne) {
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("rehydrate verify plan.json --inventory inventory.yaml"),
                               HasSubstr("--break-glass"), Not(HasSubstr(kPassed))));
}

TEST_F(RunGate, OpensForACertificateThatFits) {
  const Ended ended = run({"--certificate", "c.json"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err, HasSubstr(kPassed));
}

TEST_F(RunGate, RefusesOneThatDoesNotFit) {
  folder.file("inventory.yaml", text_of(folder.path() / "inventory.yaml") + "# changed\n");
  const Ended ended = run({"--certificate", "c.json"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("inventory.yaml is not the inventory"), Not(HasSubstr(kPassed))));
}

TEST_F(RunGate, RefusesWithTooFewApprovals) {
  const Ended ended = run({"--certificate", "c.json", "--quorum", "1"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("it takes 1 approval"), Not(HasSubstr(kPassed))));
}

TEST_F(RunGate, RefusesKeysThatNobodyTrusts) {
  must({"keygen", "--name", "eve", "-o", "eve.key"});
  const Ended ended = run({"--certificate", "c.json", "--trusted", "eve.key.pub"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("not in eve.key.pub"), Not(HasSubstr(kPassed))));
}

TEST_F(RunGate, BreaksTheGlassForAReasonOnly) {
  EXPECT_THAT(run({"--break-glass", "studio is down, nobody to sign, INC-7"}).err,
              HasSubstr(kPassed));
  const Ended terse = run({"--break-glass", "because"});
  EXPECT_EQ(terse.status, 2);
  EXPECT_THAT(terse.err, HasSubstr("say why"));
  EXPECT_EQ(run({"--break-glass", "two lines\nof reason"}).status, 2);
  EXPECT_EQ(run({"--break-glass", "a good reason", "--certificate", "c.json"}).status, 2);
  EXPECT_EQ(run({"--break-glass", ""}).status, 4);
}

}  // namespace
}  // namespace wme::cli
