#include "cli/telling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <sstream>

#include "tests/support/canary.hpp"
#include "tests/support/process.hpp"

namespace wme::cli {
namespace {

using executor::RunEvent;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing_support::text_of;

constexpr executor::TimePoint kEventTime{std::chrono::milliseconds{1'795'312'800'000}};

/// The options as an operator writes them, and a run of one step that is told.
class TellingOptionsOfRun : public testing::Test {
 protected:
  TellingOptionsOfRun() {
    variables = testing_support::canary_environment();
    plan.procedure = "restore";
    plan.installation = "acme";
    plan.steps.resize(1);
    plan.steps[0].id = "s1";
    plan.steps[0].action = "take-baseline";
  }
  Result<std::unique_ptr<RunTelling>> start(const TellingOptions& options) {
    return RunTelling::start(
        options, {"run-7", plan, 0, path("run.journal")},
        [this](std::string_view name) -> std::optional<std::string> {
          const auto found = variables.find(std::string(name));
          if (found == variables.end()) return std::nullopt;
          return found->second;
        },
        console);
  }
  std::string why_not(const TellingOptions& options) {
    const auto started = start(options);
    if (started) return "started";
    return started.error().message;
  }
  void tell_a_run(RunTelling& telling) {
    telling.tell({RunEvent::Kind::kRunStarted, kEventTime, RunEvent::kNoStep, ""});
    telling.tell({RunEvent::Kind::kStarted, kEventTime, 0, "Take the baseline"});
    telling.tell({RunEvent::Kind::kDone, kEventTime, 0, "Take the baseline"});
    telling.tell({RunEvent::Kind::kRunEnded, kEventTime, RunEvent::kNoStep, "done"});
    telling.finish(console);
  }
  std::string path(const std::string& name) const { return (folder.path() / name).string(); }

  testing_support::TemporaryFolder folder;
  std::map<std::string, std::string> variables;
  model::Plan plan;
  std::ostringstream out;
  std::ostringstream err;
  Console console{out, err, Surroundings{}};
};

TEST_F(TellingOptionsOfRun, TellNobodyUnlessAsked) {
  auto telling = start({});
  ASSERT_TRUE(telling);
  EXPECT_FALSE(telling.value()->logs_to_stderr());
  tell_a_run(*telling.value());
  EXPECT_THAT(folder.names(), IsEmpty());
  EXPECT_EQ(out.str() + err.str(), "");
}

TEST_F(TellingOptionsOfRun, WriteWhatTheyNameAndNoSecret) {
  TellingOptions options;
  options.log_file = path("run.log");
  options.log_format = "json";
  options.metrics_file = path("run.prom");
  // Nobody listens on the discard port of loopback: every event becomes a dead letter.
  options.webhooks = {"http://127.0.0.1:9/hook"};
  options.webhook_secret = "env:REHYDRATE_WEBHOOK_SECRET";
  options.flush_max = std::chrono::milliseconds(0);
  auto telling = start(options);
  ASSERT_TRUE(telling) << telling.error().message;
  telling.value()->tell({RunEvent::Kind::kStarted, kEventTime, 0, ""});
  telling.value().reset();  // no patience with the webhook
  EXPECT_THAT(folder.names(),
              testing::ElementsAre("run.journal.dead-letters.jsonl", "run.log", "run.prom"));
  EXPECT_THAT(text_of(path("run.log")), HasSubstr(R"("event":"step-started","run":"run-7")"));
  EXPECT_THAT(leaks_below(testing_support::planted_canaries(), folder.path()), IsEmpty());
  EXPECT_EQ(out.str(), "");
}

TEST_F(TellingOptionsOfRun, LetNoRunGoOnForEver) {
  TellingOptions options;
  options.metrics_file = path("run.prom");
  auto telling = start(options);
  ASSERT_TRUE(telling);
  telling.value()->tell({RunEvent::Kind::kRunStarted, kEventTime, RunEvent::kNoStep, ""});
  telling.value().reset();  // on the way out of an error
  EXPECT_THAT(text_of(path("run.prom")), HasSubstr(R"(state="failed"} 1)"));
}

TEST_F(TellingOptionsOfRun, AreRefusedWhenTheyCannotBeFollowed) {
  TellingOptions listen;
  listen.metrics_listen = "here";
  EXPECT_THAT(why_not(listen), HasSubstr("'here' is no address"));
  TellingOptions log;
  log.log_file = folder.path().string();
  EXPECT_THAT(why_not(log), HasSubstr("--log-file"));
  TellingOptions hook;
  hook.webhooks = {"ftp://x/hunter2"};
  EXPECT_THAT(why_not(hook), AllOf(HasSubstr("https://HOST"), Not(HasSubstr("hunter2"))));
}

TEST_F(TellingOptionsOfRun, AreRefusedWithASecretThatSignsNothing) {
  TellingOptions options;
  options.webhook_secret = "env:REHYDRATE_WEBHOOK_SECRET";
  EXPECT_THAT(why_not(options), HasSubstr("without a --webhook"));
  options.webhooks = {"http://127.0.0.1:9/"};
  options.webhook_secret = "env:UNSET";
  EXPECT_THAT(why_not(options), HasSubstr("webhook secret cannot be read"));
  options.webhook_secret = "hunter2";
  EXPECT_THAT(why_not(options), AllOf(HasSubstr("credential:NAME"), Not(HasSubstr("hunter2"))));
  variables["SHORT"] = "hunter2";
  options.webhook_secret = "env:SHORT";
  EXPECT_THAT(why_not(options), AllOf(HasSubstr("16 bytes"), Not(HasSubstr("hunter2"))));
}

TEST_F(TellingOptionsOfRun, SayThatUnsignedEventsProveNothing) {
  TellingOptions options;
  options.webhooks = {"http://127.0.0.1:9/"};
  EXPECT_EQ(why_not(options), "started");
  EXPECT_THAT(err.str(), HasSubstr("--webhook-secret"));
}

TEST_F(TellingOptionsOfRun, WarnOfAnOddNotifySocketAndGoOn) {
  variables["NOTIFY_SOCKET"] = "vsock:2:1234";
  EXPECT_EQ(why_not({}), "started");
  EXPECT_THAT(err.str(), HasSubstr("vsock:2:1234"));
}

}  // namespace
}  // namespace wme::cli
