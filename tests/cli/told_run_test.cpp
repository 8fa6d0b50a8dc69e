#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/json/api_profile.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/rehearsal/shared_clock.hpp"
#include "simulators/core/http_server.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

/// Somebody's web server, to whom events are posted.
class Receiver final : public simulators::HttpFront {
 public:
  explicit Receiver(int status) : status_(status) {
    server_ = std::move(simulators::HttpServer::start(*this)).value();
  }
  simulators::HttpResponse handle(const simulators::HttpRequest& request) override {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    return {status_, {}, "", false};
  }
  std::vector<simulators::HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::string url() const { return server_->base() + "/hook"; }

 private:
  const int status_;
  mutable std::mutex mutex_;
  std::vector<simulators::HttpRequest> requests_;
  std::unique_ptr<simulators::HttpServer> server_;
};

std::vector<json> events_of(const std::string& lines) {
  std::vector<json> events;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) events.push_back(json::parse(line));
  return events;
}

/// The whole program against a simulated installation over sockets, telling everybody. Its secrets
/// are looked for in all that it writes: tests/cli/program.cpp.
TEST(RunThatIsTold, ReachesEverybodyAndGivesNoSecretAway) {
  const TemporaryFolder folder;
  const TemporaryFolder world;  // its files may hold secrets: they are not the program's
  sample_plan(folder);
  const auto clock =
      std::move(scenarios::SharedClock::create(
                    world.path() / "clock", executor::TimePoint(std::chrono::hours(24 * 365 * 50))))
          .value();
  simulators::SimulatedSite site(
      model::installation_of(scenarios::load_inventory(folder.path() / "inventory.yaml").value(),
                             model::Procedure::kDehydrate),
      *clock, simulators::FaultSchedule(), model::built_in_api_profile());
  ASSERT_TRUE(site.listen(world.path()));
  Receiver receiver(200);
  Receiver refuser(403);
  auto environment = site.addresses().environment();
  environment["REHYDRATE_CLOCK_FILE"] = (world.path() / "clock").string();

  const Ended ended = rehydrate(folder,
                                {"run",
                                 "plan.json",
                                 "-i",
                                 "inventory.yaml",
                                 "--journal",
                                 "run.journal",
                                 "--break-glass",
                                 "certificates have tests of their own",
                                 "--confirm",
                                 "acme-aws-xs",
                                 "--log-file",
                                 "run.log",
                                 "--log-format",
                                 "json",
                                 "--log-level",
                                 "debug",
                                 "--metrics-file",
                                 "run.prom",
                                 "--webhook",
                                 receiver.url(),
                                 "--webhook",
                                 refuser.url(),
                                 "--webhook-secret",
                                 "env:REHYDRATE_WEBHOOK_SECRET"},
                                "", environment);
  site.stop();

  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr("not everybody was told everything: webhook-2"),
                    HasSubstr("HTTP status 403"), HasSubstr("run.journal.dead-letters.jsonl")));
  const std::vector<json> log = events_of(text_of(folder.path() / "run.log"));
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(log.front()["event"], "run-started");
  EXPECT_EQ(log.back()["event"], "run-ended");
  EXPECT_EQ(log.back()["outcome"], "done");
  const auto steps = json::parse(text_of(folder.path() / "plan.json"))["steps"].size();
  EXPECT_EQ(std::count_if(log.begin(), log.end(),
                          [](const json& each) { return each["event"] == "step-done"; }),
            static_cast<std::ptrdiff_t>(steps));
  EXPECT_THAT(text_of(folder.path() / "run.prom"),
              AllOf(HasSubstr("state=\"done\"} " + std::to_string(steps) + "\n"),
                    HasSubstr("rehydrate_run_state{installation=\"acme-aws-xs\","
                              "procedure=\"dehydrate\",state=\"done\"} 1\n")));
  ASSERT_FALSE(receiver.requests().empty());
  EXPECT_EQ(json::parse(receiver.requests().back().body)["type"], "example.rehydrate.run.ended.v1");
  for (const simulators::HttpRequest& each : receiver.requests())
    EXPECT_THAT(each.header("webhook-signature"), testing::StartsWith("v1,"));
  EXPECT_EQ(events_of(text_of(folder.path() / "run.journal.dead-letters.jsonl")).size(),
            receiver.requests().size());
}

}  // namespace
}  // namespace wme::cli
