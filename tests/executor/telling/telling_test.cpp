#include "executor/telling/telling.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::TemporaryFolder;
using testing_support::text_of;

constexpr std::chrono::seconds kPlenty{30};

/// Connections are accepted by the kernel, and then nobody ever reads or answers.
class SilentServer {
 public:
  SilentServer() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size), 0);
    base = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  }
  ~SilentServer() { ::close(socket_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::string base;

 private:
  const int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
};

/// Answers everything with one status.
class AnsweringServer {
 public:
  explicit AnsweringServer(int status) {
    server_.Post(".*", [this, status](const httplib::Request& request, httplib::Response& answer) {
      answer.status = status;
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request.body);
    });
    base = "http://127.0.0.1:" + std::to_string(server_.bind_to_any_port("127.0.0.1"));
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // stop() before that would be lost
  }
  ~AnsweringServer() {
    server_.stop();
    thread_.join();
  }
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;
  std::vector<std::string> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  std::string base;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;
  httplib::Server server_;
  std::thread thread_;
};

class TellingOfRuns : public testing::Test {
 protected:
  TellingSetup setup() const {
    TellingSetup made;
    made.log = LogOptions{LogOptions::Format::kJson, path("run.log"), Severity::kInfo};
    made.metrics_file = path("run.prom");
    made.dead_letters = path("dead.jsonl");
    made.delivery = {2, std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
    made.installation = "acme";
    made.procedure = "restore";
    made.version = "0.1.0";
    made.wall_clock = [] { return kToldStart + std::chrono::minutes(2); };
    return made;
  }
  static std::unique_ptr<Telling> started(TellingSetup with) {
    auto telling = Telling::start(std::move(with));
    EXPECT_TRUE(telling) << telling.error().message;
    return std::move(telling).value();
  }
  std::string path(const char* name) const { return (folder.path() / name).string(); }
  std::size_t lines(const char* name) const {
    const std::string text = text_of(path(name));
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  TemporaryFolder folder;
};

TEST_F(TellingOfRuns, TellsEverybodyEverything) {
  AnsweringServer one(200);
  AnsweringServer two(204);
  TellingSetup with = setup();
  with.webhooks = {{one.base, "/a"}, {two.base, "/b"}};
  with.metrics_listen = ListenAddress{};
  const auto telling = started(std::move(with));
  for (const Told& told : told_sample()) telling->tell(told);
  const std::string url = telling->metrics_url();
  httplib::Client prometheus(url.substr(0, url.rfind('/')));
  const auto scraped = prometheus.Get("/metrics");
  ASSERT_TRUE(scraped);
  EXPECT_THAT(scraped->body, HasSubstr("rehydrate_steps{"));
  EXPECT_THAT(telling->finish(kPlenty), IsEmpty());
  EXPECT_EQ(one.bodies().size(), 9U);
  EXPECT_EQ(two.bodies(), one.bodies()) << "the same event has the same id everywhere";
  EXPECT_EQ(lines("run.log"), 9U);
  EXPECT_THAT(text_of(path("run.prom")), HasSubstr(R"(outcome="delivered"} 18)"));
  EXPECT_THAT(folder.names(), ElementsAre("run.log", "run.prom"));
}

TEST_F(TellingOfRuns, IsNotHeldUpByAWebhookThatNeverAnswers) {
  const SilentServer silent;
  TellingSetup with = setup();
  with.webhooks = {{silent.base, "/"}};
  with.queue_max = 4;
  const auto telling = started(std::move(with));
  // More than fit into the queue of the webhook, which holds on to the first: each call returns.
  for (int i = 0; i < 10; ++i)
    telling->tell(told_step(ToldKind::kStepDone, "s" + std::to_string(i)));
  telling->tell(told_end("done"));
  // No patience at all: the end comes, though the webhook has ten seconds to answer.
  const auto before = std::chrono::steady_clock::now();
  const auto complaints = telling->finish(std::chrono::milliseconds(0));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(8));
  ASSERT_FALSE(complaints.empty());
  EXPECT_THAT(complaints.back(), testing::AllOf(HasSubstr("webhook-1"), HasSubstr("dead.jsonl"),
                                                HasSubstr("events were dropped")));
  EXPECT_THAT(text_of(path("dead.jsonl")), HasSubstr("run.ended.v1")) << "the last word is kept";
  EXPECT_THAT(text_of(path("run.prom")), HasSubstr(R"(state="done"} 1)"));
}

TEST_F(TellingOfRuns, KeepsWhatAWebhookAnswersWith500) {
  AnsweringServer broken(500);
  AnsweringServer fine(200);
  TellingSetup with = setup();
  with.webhooks = {{broken.base, "/"}, {fine.base, "/"}};
  const auto telling = started(std::move(with));
  for (const Told& told : told_sample()) telling->tell(told);
  const auto complaints = telling->finish(kPlenty);
  EXPECT_THAT(complaints, ElementsAre(HasSubstr("did not take 9 events")));
  EXPECT_EQ(broken.bodies().size(), 18U) << "two attempts for each";
  EXPECT_EQ(fine.bodies().size(), 9U) << "the other webhook has a queue of its own";
  EXPECT_EQ(lines("dead.jsonl"), 9U);
}

TEST_F(TellingOfRuns, SaysOnceInTheLogThatEventsAreDropped) {
  const SilentServer silent;
  TellingSetup with = setup();
  with.webhooks = {{silent.base, "/"}, {silent.base, "/"}};
  with.queue_max = 20;
  const auto telling = started(std::move(with));
  // The log is waited for now and then, so that it keeps up.
  for (int i = 0; i < 100; ++i) {
    telling->tell(told_step(ToldKind::kStepDone, "s" + std::to_string(i)));
    const auto expected = static_cast<std::size_t>(i) + 1;
    while (lines("run.log") < expected) std::this_thread::yield();
  }
  telling->finish(std::chrono::milliseconds(0));
  std::size_t drops = 0;
  std::istringstream log(text_of(path("run.log")));
  for (std::string line; std::getline(log, line);)
    if (nlohmann::json::parse(line)["event"] == "telling-dropped") ++drops;
  EXPECT_EQ(drops, 2U) << "once for each of the two";
  EXPECT_THAT(text_of(path("run.prom")), HasSubstr(R"(teller="log"} 0)"));
}

TEST_F(TellingOfRuns, RefusesToStartWhereSomebodyCannotBeTold) {
  TellingSetup no_log = setup();
  no_log.log->file = path("missing/run.log");
  EXPECT_FALSE(Telling::start(std::move(no_log)));
  TellingSetup no_metrics = setup();
  no_metrics.metrics_file = path("missing/run.prom");
  EXPECT_FALSE(Telling::start(std::move(no_metrics)));
  TellingSetup taken = setup();
  taken.metrics_listen = ListenAddress{"192.0.2.1", 9};  // no address of this machine
  EXPECT_FALSE(Telling::start(std::move(taken)));
}

TEST_F(TellingOfRuns, CostsNothingWhenNobodyListens) {
  TellingSetup nobody;
  nobody.wall_clock = [] { return kToldStart; };
  const auto telling = started(std::move(nobody));
  for (const Told& told : told_sample()) telling->tell(told);
  telling->stopping();
  EXPECT_EQ(telling->metrics_url(), "");
  EXPECT_THAT(telling->finish(kPlenty), IsEmpty());
  EXPECT_THAT(telling->finish(kPlenty), IsEmpty());
}

}  // namespace
}  // namespace wme::executor
