#include "executor/telling/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "executor/telling/text_line.hpp"
#include "executor/telling/told_json.hpp"
#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing_support::TemporaryFolder;
using testing_support::text_of;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(LogText, IsOneLineOfPairs) {
  EXPECT_EQ(text_line(told_sample()[5]),
            "2026-11-22T02:00:30.000Z warning step-retried run=acme-restore-7 step=s2 "
            "action=mount-store arguments=wm-data attempt=1 elapsed_seconds=30.000 "
            "message=\"mount-store wm-data: no answer; looking before asking again\"");
}

TEST(LogText, LetsNoMessageForgeALineOrMoveACursor) {
  Told told = told_run(ToldKind::kSlowed);
  told.text = "a\n2026 error \x1b[2J\"\\\x7f";
  const std::string line = text_line(told);
  EXPECT_THAT(line, HasSubstr(R"(message="a\n2026 error \x1b[2J\"\\\x7f")"));
  EXPECT_EQ(lines_of(line).size(), 1U);
}

TEST(LogJson, HasStableFields) {
  EXPECT_EQ(json_line(told_sample()[6]),
            R"({"time":"2026-11-22T02:00:40.000Z","level":"info","event":"step-done",)"
            R"("run":"acme-restore-7","installation":"acme","procedure":"restore","step":"s2",)"
            R"("action":"mount-store","arguments":["wm-data"],"door":"host","attempt":2,)"
            R"("elapsed_seconds":20.0})");
}

TEST(LogJson, SurvivesTextThatIsNoUtf8) {
  Told told = told_run(ToldKind::kSlowed);
  told.text = "\xff\n";
  const std::string line = json_line(told);
  EXPECT_EQ(lines_of(line).size(), 1U);
  EXPECT_TRUE(json::accept(line));
}

TEST(LogSeverity, IsAnErrorOnlyWhereAPersonMustAct) {
  EXPECT_EQ(severity_of(told_end("done")), Severity::kInfo);
  EXPECT_EQ(severity_of(told_end("stopped")), Severity::kWarning);
  EXPECT_EQ(severity_of(told_end("failed")), Severity::kError);
  for (const ToldKindFacts& each : kToldKinds) EXPECT_EQ(&facts_of(each.kind), &each) << each.name;
}

TEST(LogFile, HasWhatIsSevereEnoughForTheOperatorAlone) {
  const TemporaryFolder folder;
  LogOptions options{LogOptions::Format::kJson, (folder.path() / "run.log").string(),
                     Severity::kInfo};
  testing::internal::CaptureStdout();
  for (int twice = 0; twice < 2; ++twice) {
    auto log = make_log(options);
    ASSERT_TRUE(log) << log.error().message;
    for (const Told& told : told_sample()) log.value()->take(told);
    EXPECT_EQ(log.value()->complaint(), "");
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  const auto lines = lines_of(text_of(options.file));
  EXPECT_EQ(lines.size(), 18U) << "appended, without the wait";
  for (const std::string& line : lines) EXPECT_NE(json::parse(line)["event"], "step-waiting");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(options.file).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST(LogFile, IsStderrWithoutAName) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  auto log = make_log({LogOptions::Format::kText, "", Severity::kInfo});
  ASSERT_TRUE(log);
  log.value()->take(told_end("done"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), text_line(told_end("done")) + "\n");
}

TEST(LogFile, IsRefusedWhereNoneCanBe) {
  const TemporaryFolder folder;
  for (const std::string& wrong :
       {folder.path().string(), folder.path().string() + "/no/run.log", std::string("/dev/null")}) {
    const auto log = make_log({LogOptions::Format::kText, wrong, Severity::kInfo});
    ASSERT_FALSE(log) << wrong;
    EXPECT_THAT(log.error().message, HasSubstr(wrong));
  }
}

TEST(LogFile, CountsWhatADiskDoesNotTake) {
  const TemporaryFolder folder;
  auto log =
      make_log({LogOptions::Format::kText, (folder.path() / "run.log").string(), Severity::kInfo});
  ASSERT_TRUE(log);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit nothing{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &nothing), 0);
  log.value()->take(told_end("done"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(log.value()->complaint(), HasSubstr("1 lines could not be written to "));
}

}  // namespace
}  // namespace wme::executor
