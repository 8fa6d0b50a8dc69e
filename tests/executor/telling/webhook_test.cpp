#include "executor/telling/webhook.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing_support::TemporaryFolder;
using testing_support::text_of;

struct SentPost {
  std::map<std::string, std::string> headers;
  std::string type;
  std::string body;
};

/// Answers with each status in turn, with the last for ever; 0 is no answer.
struct ScriptedPosts {
  std::vector<int> statuses = {200};
  std::vector<SentPost> sent;
};

class ScriptedPoster final : public Poster {
 public:
  explicit ScriptedPoster(ScriptedPosts& posts) : posts_(posts) {}
  Result<PostAnswer> post(const Headers& headers, const std::string& type,
                          const std::string& body) override {
    const std::size_t n = std::min(posts_.sent.size(), posts_.statuses.size() - 1);
    posts_.sent.push_back({{headers.begin(), headers.end()}, type, body});
    const int status = posts_.statuses[n];
    if (status == 0) return Error{ErrorCode::kUnreachable, "no answer (Read)"};
    return PostAnswer{status, std::nullopt};
  }
  void give_up() override {}

 private:
  ScriptedPosts& posts_;
};

class Webhook : public testing::Test {
 protected:
  WebhookSetup setup() {
    WebhookSetup made;
    made.url = {"https://hooks.example.com", "/services/T0PSECRET"};
    made.key = Secret("0123456789abcdef");
    made.dead_letters = std::make_shared<DeadLetters>(folder.path() / "dead.jsonl");
    made.counts = counts;
    made.wall_clock = [] { return kToldStart + std::chrono::hours(1); };
    made.policy = {4, std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
    return made;
  }
  std::unique_ptr<WebhookSink> sink() {
    return std::make_unique<WebhookSink>(setup(), std::make_unique<ScriptedPoster>(posts));
  }
  std::vector<json> dead() const {
    std::vector<json> letters;
    std::istringstream lines(text_of(folder.path() / "dead.jsonl"));
    for (std::string line; std::getline(lines, line);) letters.push_back(json::parse(line));
    return letters;
  }
  TemporaryFolder folder;
  ScriptedPosts posts;
  std::shared_ptr<DeliveryCounts> counts = std::make_shared<DeliveryCounts>();
};

TEST_F(Webhook, SendsCloudEventsThatTheirSchemaAllows) {
  const auto hook = sink();
  for (const Told& told : told_sample()) hook->take(told);
  ASSERT_EQ(posts.sent.size(), 9U) << "all but the wait";
  std::vector<std::string> files;
  std::set<std::string> ids;
  for (const SentPost& post : posts.sent) {
    EXPECT_EQ(post.type, "application/cloudevents+json; charset=utf-8");
    const json event = json::parse(post.body);
    ids.insert(event["id"].get<std::string>());
    EXPECT_EQ(post.headers.at("webhook-id"), event["id"]);
    files.push_back(folder.file("event-" + std::to_string(files.size()) + ".json", post.body));
  }
  EXPECT_EQ(ids.size(), posts.sent.size());
  const auto checked = testing_support::schema_check("event.schema.json", "validate", files);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
  EXPECT_EQ(json::parse(posts.sent[7].body), json::parse(R"({
    "specversion": "1.0", "id": "acme-restore-7-1795312800000-8", "source": "/rehydrate/acme/restore",
    "type": "example.rehydrate.step.failed.v1", "time": "2026-11-22T02:00:50.000Z",
    "subject": "acme-restore-7/s3", "datacontenttype": "application/json",
    "dataschema": "https://rehydrate.example/schemas/event/1",
    "data": {"severity": "error", "run": "acme-restore-7", "installation": "acme",
      "procedure": "restore", "step": "s3", "action": "mount-store", "arguments": ["wm-data"],
      "door": "host", "attempt": 1, "elapsed_seconds": 50.0,
      "message": "mount-store wm-data: the device is gone", "steps": 3}})"));
}

TEST_F(Webhook, KeepsIdAndBytesOverAllAttemptsAndSignsEach) {
  posts.statuses = {500, 0, 429, 204};
  sink()->take(told_run(ToldKind::kRunStarted));
  ASSERT_EQ(posts.sent.size(), 4U);
  const SentPost& first = posts.sent.front();
  for (const SentPost& post : posts.sent) {
    EXPECT_EQ(post.body, first.body);
    EXPECT_EQ(post.headers.at("webhook-id"), first.headers.at("webhook-id"));
    EXPECT_EQ(post.headers.at("webhook-signature"),
              webhook_signature(Secret("0123456789abcdef"), post.headers.at("webhook-id"),
                                std::stoll(post.headers.at("webhook-timestamp")), post.body));
  }
  EXPECT_EQ(counts->delivered, 1U);
  EXPECT_EQ(counts->retried, 3U);
  EXPECT_EQ(folder.names(), std::vector<std::string>{});
}

TEST_F(Webhook, ThatAnswers500LeavesADeadLetterForEachEventAndGoesOn) {
  posts.statuses = {500};
  const auto hook = sink();
  hook->take(told_run(ToldKind::kRunStarted));
  hook->take(told_end("done"));
  EXPECT_EQ(posts.sent.size(), 8U) << "four attempts for each";
  ASSERT_EQ(dead().size(), 2U);
  EXPECT_EQ(dead()[1]["reason"], "HTTP status 500");
  EXPECT_EQ(dead()[1]["attempts"], 4);
  EXPECT_EQ(dead()[1]["event"], posts.sent.back().body);
  EXPECT_EQ(counts->dead, 2U);
  EXPECT_EQ(text_of(folder.path() / "dead.jsonl").find("T0PSECRET"), std::string::npos);
  EXPECT_THAT(hook->complaint(), AllOf(HasSubstr("did not take 2 events"), HasSubstr("dead.jsonl"),
                                       Not(HasSubstr("T0PSECRET"))));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder.path() / "dead.jsonl").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST_F(Webhook, IsNotAskedAgainWhenItRefusesForGood) {
  for (const int status : {301, 400, 401, 404, 410}) {
    posts = {{status}, {}};
    sink()->take(told_run(ToldKind::kRunStarted));
    EXPECT_EQ(posts.sent.size(), 1U) << status;
  }
  EXPECT_EQ(dead().size(), 5U);
}

TEST_F(Webhook, GivesUpInTheMiddleOfALongPause) {
  posts.statuses = {503};
  WebhookSetup patient = setup();
  patient.policy.delay_first = patient.policy.delay_max = std::chrono::hours(24);
  WebhookSink hook(std::move(patient), std::make_unique<ScriptedPoster>(posts));
  hook.give_up();  // as at the end of the run
  hook.take(told_run(ToldKind::kRunStarted));
  hook.leave(told_end("done"));
  ASSERT_EQ(dead().size(), 2U);
  EXPECT_EQ(dead()[0]["reason"], "HTTP status 503; then the run was over");
  EXPECT_EQ(dead()[1]["attempts"], 0);
}

TEST_F(Webhook, SaysWhenNotEvenDeadLettersCanBeKept) {
  posts.statuses = {404};
  WebhookSetup nowhere = setup();
  nowhere.dead_letters = std::make_shared<DeadLetters>(folder.path() / "missing" / "dead.jsonl");
  WebhookSink hook(std::move(nowhere), std::make_unique<ScriptedPoster>(posts));
  hook.take(told_run(ToldKind::kRunStarted));
  EXPECT_THAT(hook.complaint(), HasSubstr("1 of them lost"));
}

TEST(WebhookPoster, SendsNothingAfterItGaveUp) {
  const auto poster = make_poster({"http://127.0.0.1:9", "/hunter2"});
  const auto nobody = poster->post({}, "text/plain", "x");
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, AllOf(HasSubstr("no answer"), Not(HasSubstr("hunter2"))));
  poster->give_up();
  EXPECT_EQ(poster->post({}, "text/plain", "x").error().message, "given up");
}

TEST(WebhookDelay, DoublesUpToItsBoundAndIsDifferentForEachEvent) {
  const DeliveryPolicy policy{20, std::chrono::milliseconds(1000),
                              std::chrono::milliseconds(60000)};
  std::set<std::chrono::milliseconds> delays;
  for (int attempt = 1; attempt <= 20; ++attempt) {
    const auto whole = std::min<std::chrono::milliseconds>(
        policy.delay_max, std::chrono::milliseconds(1000L << (attempt - 1)));
    for (const char* id : {"a", "b", "c"}) {
      const auto delay = delay_after(attempt, id, policy);
      EXPECT_LE(delay, whole);
      EXPECT_GE(delay, whole / 2);
      EXPECT_EQ(delay, delay_after(attempt, id, policy));
      delays.insert(delay);
    }
  }
  EXPECT_GT(delays.size(), 40U);
}

/// The example of the specification's own libraries.
TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  const auto key = signing_key(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  ASSERT_TRUE(key);
  EXPECT_EQ(webhook_signature(key.value(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, TakesNoKeyThatCouldBeGuessed) {
  for (const char* weak : {"hunter2", "whsec_", "whsec_%%%%", "whsec_aHVudGVyMg=="}) {
    const auto key = signing_key(Secret(weak));
    ASSERT_FALSE(key) << weak;
    EXPECT_THAT(key.error().message, AllOf(HasSubstr("openssl rand"), Not(HasSubstr("hunter2"))));
  }
  EXPECT_EQ(signing_key(Secret("0123456789abcdef")).value().reveal(), "0123456789abcdef");
}

TEST(WebhookUrl, IsTakenApartAndNeverRepeated) {
  const auto url = parse_webhook_url("https://hooks.example.com:8443/a/b?c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url.value().origin, "https://hooks.example.com:8443");
  EXPECT_EQ(url.value().target, "/a/b?c");
  EXPECT_EQ(parse_webhook_url("http://127.0.0.1?x").value().target, "/?x");
  for (const char* wrong :
       {"", "hooks.example.com/hunter2", "https:///hunter2", "https://me:hunter2@example.com/",
        "https://example.com/hunter2 x", "https://example.com/#hunter2"}) {
    const auto refused = parse_webhook_url(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
  }
}

}  // namespace
}  // namespace wme::executor
