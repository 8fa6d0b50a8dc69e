#include "executor/telling/metrics.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "executor/telling/metrics_file.hpp"
#include "executor/telling/metrics_server.hpp"
#include "executor/transport/http_transport.hpp"
#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::TemporaryFolder;
using testing_support::text_of;

std::string sample_metrics() {
  Metrics metrics("acme", "restore", "0.1.0");
  for (const Told& told : told_sample()) metrics.take(told);
  return metrics.text(kToldStart + std::chrono::seconds(100),
                      {{{"log", 0}, {"webhook-1", 2}}, {{"delivered", 7}, {"dead", 1}}});
}

TEST(Metrics, CountWhatHappened) {
  const std::string text = sample_metrics();
  const std::string common = R"({installation="acme",procedure="restore")";
  for (const char* line :
       {R"(rehydrate_run_info$,version="0.1.0"} 1)", R"(rehydrate_run_state$,state="failed"} 1)",
        R"(rehydrate_run_state$,state="running"} 0)",
        R"(rehydrate_run_start_timestamp_seconds$} 1795312800.000)",
        R"(rehydrate_run_end_timestamp_seconds$} 1795312860.000)",
        R"(rehydrate_run_duration_seconds$} 60.000)", R"(rehydrate_run_waiting_seconds$} 0.000)",
        R"(rehydrate_heartbeat_timestamp_seconds$} 1795312860.000)",
        R"(rehydrate_steps$,state="todo"} 0)", R"(rehydrate_steps$,state="running"} 0)",
        R"(rehydrate_steps$,state="done"} 2)", R"(rehydrate_steps$,state="failed"} 1)",
        R"(rehydrate_step_attempts_total$,action="mount-store",outcome="done"} 2)",
        R"(rehydrate_step_attempts_total$,action="mount-store",outcome="retried"} 1)",
        R"(rehydrate_step_attempts_total$,action="mount-store",outcome="failed"} 1)",
        R"(rehydrate_step_duration_seconds_sum$,action="mount-store"} 30.000)",
        R"(rehydrate_step_duration_seconds_count$,action="mount-store"} 2)",
        R"(rehydrate_telling_dropped_total$,teller="webhook-1"} 2)",
        R"(rehydrate_webhook_deliveries_total$,outcome="dead"} 1)"}) {
    std::string expected = line;
    expected.replace(expected.find('$'), 1, common);
    EXPECT_THAT(text, HasSubstr("\n" + expected + "\n"));
  }
  EXPECT_THAT(text, Not(HasSubstr("acme-restore-7"))) << "no run is a label";
}

TEST(Metrics, SayHowLongAPersonIsWaitedFor) {
  Tally tally;
  tally.take(told_run(ToldKind::kRunStarted));
  EXPECT_EQ(tally.waiting_since(), std::nullopt);
  tally.take(told_step(ToldKind::kGate, "s1", 10));
  tally.take(told_step(ToldKind::kStepStarted, "s2", 20));  // others go on meanwhile
  EXPECT_EQ(tally.state(), Tally::State::kWaiting);
  EXPECT_EQ(tally.waiting_since(), kToldStart + std::chrono::seconds(10));
  tally.take(told_step(ToldKind::kStepWaiting, "s1", 30));  // approved: the request was accepted
  EXPECT_EQ(tally.state(), Tally::State::kRunning);
  Told by_hand = told_step(ToldKind::kStepStarted, "s3", 40);
  by_hand.door = "operator";
  tally.take(by_hand);
  tally.take(told_run(ToldKind::kRunPaused, 50));
  EXPECT_EQ(tally.state(), Tally::State::kPaused);
  EXPECT_EQ(tally.waiting_since(), kToldStart + std::chrono::seconds(40));
  tally.take(told_run(ToldKind::kRunContinued, 60));
  by_hand.kind = ToldKind::kStepDone;
  tally.take(by_hand);
  EXPECT_EQ(tally.waiting_since(), std::nullopt);
}

TEST(Metrics, CountTheStepsOfThePlanThatIsCarriedOutNow) {
  Tally tally;
  Told resumed = told_run(ToldKind::kRunResumed);
  resumed.steps_before = 2;
  tally.take(resumed);
  EXPECT_EQ(tally.done(), 2U);
  EXPECT_EQ(tally.todo(), 1U);
  tally.take(told_step(ToldKind::kSurprise, "s3"));
  tally.take(told_step(ToldKind::kStepFailed, "s3"));
  EXPECT_EQ(tally.failed(), 1U);
  EXPECT_EQ(tally.attempts().size(), 1U) << "a surprise and the failure that follows are one";
  Told back = told_step(ToldKind::kStepDone, "s1");
  back.leg = 1;
  back.steps = 5;
  tally.take(back);
  EXPECT_EQ(tally.done(), 1U);
  EXPECT_EQ(tally.todo(), 4U);
  EXPECT_EQ(tally.failed(), 0U);
}

TEST(Metrics, HaveNoHeartbeatBeforeTheFirst) {
  // A heartbeat in 1970 would page somebody.
  const std::string text = Metrics("acme", "restore", "0.1.0").text(kToldStart, {});
  EXPECT_THAT(text, AllOf(HasSubstr(R"(state="starting"} 1)"), Not(HasSubstr("heartbeat"))));
}

TEST(Metrics, EscapeWhatAnInventoryMayBeCalled) {
  EXPECT_THAT(Metrics("a\"b\\c\nd", "restore", "0.1.0").text(kToldStart, {}),
              HasSubstr(R"(installation="a\"b\\c\nd")"));
}

TEST(MetricsFile, IsReplacedAsAWholeAndReadableByTheCollector) {
  const TemporaryFolder folder;
  const std::string file = folder.file("rehydrate.prom", "old");
  const mode_t before = ::umask(077);  // as of whoever handles secrets
  const Status written = write_metrics_file(file, "new\n");
  ::umask(before);
  ASSERT_TRUE(written);
  EXPECT_EQ(text_of(file), "new\n");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"rehydrate.prom"});
  EXPECT_NE(std::filesystem::status(file).permissions() & std::filesystem::perms::others_read,
            std::filesystem::perms::none);
}

TEST(MetricsFile, SaysWhyItCannotBeWritten) {
  const Status written = write_metrics_file("/nowhere/at/all.prom", "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message,
              AllOf(HasSubstr("/nowhere/at/all.prom"), HasSubstr("--metrics-file")));
}

TEST(MetricsServer, AnswersWithMetricsAndNothingElse) {
  const auto server = MetricsServer::start({}, [] { return std::string("up 1\n"); });
  ASSERT_TRUE(server) << server.error().message;
  const std::string base = "http://127.0.0.1:" + std::to_string(server.value()->port());
  SocketHttpTransport client;
  const auto ask = [&](const char* method, const char* path) {
    const auto answer = client.send({method, base, path, {}, ""});
    EXPECT_TRUE(answer) << answer.error().message;
    return answer ? answer.value() : HttpAnswer{};
  };
  EXPECT_EQ(ask("GET", "/metrics").body, "up 1\n");
  EXPECT_EQ(ask("GET", "/metrics?x=1").status, 200);
  EXPECT_EQ(ask("GET", "/").status, 404);
  EXPECT_EQ(ask("POST", "/metrics").status, 405);
}

TEST(MetricsServer, EndsThoughAClientIsInTheMiddleOfItsRequest) {
  auto server = MetricsServer::start({}, [] { return std::string("up 1\n"); });
  ASSERT_TRUE(server);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(server.value()->port());
  inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(::connect(client, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  ASSERT_EQ(::send(client, "GET /met", 8, MSG_NOSIGNAL), 8);
  std::move(server).value().reset();  // returns
  char rest = 0;
  EXPECT_LE(::recv(client, &rest, 1, 0), 0) << "nobody is there any more";
  ::close(client);
}

TEST(MetricsServer, ListensOnLoopbackUnlessToldOtherwise) {
  EXPECT_EQ(parse_listen_address("9464").value().host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("0.0.0.0:80").value().host, "0.0.0.0");
  for (const char* wrong : {"", "x", "127.0.0.1:", ":9464", "localhost:9464", "1:65536", "9464 "})
    EXPECT_FALSE(parse_listen_address(wrong)) << wrong;
}

}  // namespace
}  // namespace wme::executor
