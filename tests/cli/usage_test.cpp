#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Usage : public testing::Test {
 protected:
  Ended run(std::vector<std::string> arguments, std::map<std::string, std::string> env = {}) {
    return rehydrate(folder_, std::move(arguments), "", std::move(env));
  }
  TemporaryFolder folder_;
};

TEST_F(Usage, WithoutArgumentsSaysWhatThereIs) {
  const Ended ended = run({});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("Examples:\n  rehydrate "), HasSubstr("plan  "),
                               HasSubstr("Exit status:\n  0  done")));
}

TEST_F(Usage, HelpOfTheProgramStatesEveryExitStatus) {
  const Ended ended = run({"--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.err, "");
  for (const char* line :
       {"\n  0  ", "\n  1  ", "\n  2  ", "\n  3  ", "\n  4  ", "\n  5  ", "\n  6  "})
    EXPECT_THAT(ended.out, HasSubstr(line));
}

TEST_F(Usage, EveryCommandHasHelpWithItsExamplesFirst) {
  const std::vector<std::vector<std::string>> commands = {{"plan"},
                                                          {"verify"},
                                                          {"show"},
                                                          {"explain"},
                                                          {"inventory"},
                                                          {"inventory", "check"},
                                                          {"inventory", "generate"},
                                                          {"inventory", "invariants"}};
  for (std::vector<std::string> command : commands) {
    std::string name = "rehydrate";
    for (const std::string& word : command) name += " " + word;
    for (const char* flag : {"--help", "-h"}) {
      command.push_back(flag);
      const Ended ended = run(command);
      command.pop_back();
      EXPECT_EQ(ended.status, 0) << name;
      EXPECT_THAT(ended.out, HasSubstr("Examples:\n  " + name)) << name;
      EXPECT_LT(ended.out.find("Examples:"), ended.out.find("Usage: " + name)) << ended.out;
      EXPECT_EQ(ended.err, "");
    }
  }
}

TEST_F(Usage, PrintsItsVersion) {
  const Ended ended = run({"--version"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, testing::MatchesRegex("rehydrate [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

struct WrongUse {
  const char* name;
  std::vector<std::string> arguments;
  const char* message;
};
void PrintTo(const WrongUse& mistake, std::ostream* out) { *out << mistake.name; }

class UsageError : public testing::TestWithParam<WrongUse> {};
TEST_P(UsageError, IsExplainedWithTheNearestWord) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, GetParam().arguments);
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, StartsWith("error: "));
  EXPECT_THAT(ended.err, HasSubstr(GetParam().message));
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  EXPECT_THAT(folder.names(), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, UsageError,
    testing::Values(
        WrongUse{"Command", {"plna"}, "rehydrate: unknown command 'plna'; did you mean 'plan'?"},
        WrongUse{"SubCommand",
                 {"inventory", "chekc", "x"},
                 "rehydrate inventory: unknown command 'chekc'; did you mean 'check'?"},
        WrongUse{
            "CommandOfNothing", {"frobnicate"}, "one of: discover, inventory, doctor, lint, plan"},
        WrongUse{"Flag",
                 {"plan", "restore", "--inventry", "x"},
                 "rehydrate plan: unknown option '--inventry'; did you mean '--inventory'?"},
        WrongUse{
            "FlagWithValue", {"plan", "restore", "--inventry=x"}, "did you mean '--inventory'?"},
        WrongUse{"FlagOfTheProgram", {"--versoin"}, "did you mean '--version'?"},
        WrongUse{"NoProcedure",
                 {"plan", "-i", "x"},
                 "rehydrate plan: PROCEDURE is required (see `rehydrate plan --help`)"},
        WrongUse{"NoInventory", {"plan", "restore"}, "--inventory is required"},
        WrongUse{"NoValue", {"plan", "restore", "--inventory"}, "--inventory"},
        WrongUse{"FlagTwice", {"plan", "restore", "-i", "a", "-i", "b"}, "--inventory"},
        WrongUse{"TooMany", {"show", "a.json", "b.json"}, "unexpected argument 'b.json'"},
        WrongUse{"Procedure",
                 {"plan", "restor", "-i", "x"},
                 "unknown procedure 'restor'; did you mean 'restore'?"},
        WrongUse{
            "Format", {"show", "x", "--format", "svg"}, "unknown format 'svg'; one of: text, json"},
        WrongUse{"Fleet",
                 {"inventory", "generate", "--fleet", "XXL", "--provider", "aws"},
                 "unknown fleet 'XXL'; use XS, S, M, L or XL"},
        WrongUse{"Provider",
                 {"inventory", "generate", "--fleet", "S", "--provider", "asw"},
                 "unknown provider 'asw'; did you mean 'aws'?"},
        WrongUse{"Explanation", {"explain", "passivate-containr"}, "passivate-container"}),
    [](const auto& one) { return one.param.name; });

TEST_F(Usage, HasNoCommandThatCannotDoItsWorkYet) {
  const Ended ended = run({"benchmark"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("unknown command 'benchmark'"));
}

TEST_F(Usage, AnErrorWithJsonIsAnObjectOnStdout) {
  const Ended ended = run({"show", "none.json", "--json"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("\"schema\": \"rehydrate/error/1\""),
                               HasSubstr("\"error\": \"invalid\""), HasSubstr("none.json"),
                               HasSubstr("\"exit_status\": 2")));
  EXPECT_THAT(ended.err, StartsWith("error: none.json: "));
}

TEST_F(Usage, ColoursErrorsOnlyWhenAskedTo) {
  EXPECT_THAT(run({"plna"}).err, Not(HasSubstr("\033")));
  EXPECT_THAT(run({"plna"}, {{"FORCE_COLOR", "1"}}).err, HasSubstr("\033[31merror: \033[0m"));
  EXPECT_THAT(run({"plna"}, {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}).err, Not(HasSubstr("\033")));
  EXPECT_THAT(run({"show", "none", "--no-color"}, {{"FORCE_COLOR", "1"}}).err,
              Not(HasSubstr("\033")));
}

TEST_F(Usage, AFullDiskBehindStdoutIsAnError) {
  const Ended ended = testing_support::ended(
      {{"/bin/sh", "-c", std::string(REHYDRATE) + " explain > /dev/full"}, "", folder_.path(), {}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, HasSubstr("stdout could not be written"));
}

}  // namespace
}  // namespace wme::cli
