#include "executor/drivers/launchpad/launchpad_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "executor/transport/http_transport.hpp"
#include "simulators/core/http_server.hpp"
#include "simulators/launchpad/launchpad_front.hpp"
#include "tests/simulators/core/restored_world.hpp"

namespace wme::executor {
namespace {

using namespace std::chrono_literals;
using simulators::Fault;
using simulators::FaultRule;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Counts requests on their way, so that a test can see how a thing was done.
class CountingFront final : public simulators::HttpFront {
 public:
  explicit CountingFront(simulators::HttpFront& inner) : inner_(inner) {}
  simulators::HttpResponse handle(const simulators::HttpRequest& request) override {
    seen.push_back(request.method + " " + request.path());
    targets.push_back(request.target);
    return inner_.handle(request);
  }
  int count(const std::string& request) const {
    return static_cast<int>(std::ranges::count(seen, request));
  }

  std::vector<std::string> seen;
  std::vector<std::string> targets;

 private:
  simulators::HttpFront& inner_;
};

/// The driver and the simulator with a socket between them.
template <class World>
struct Wired : World {
  explicit Wired(std::vector<FaultRule> faults = {},
                 model::Inventory of = simulators::small_inventory(),
                 const model::ApiProfile& profile = model::built_in_api_profile())
      : World(std::move(faults), of),
        inventory(std::move(of)),
        front(World::world, profile, simulators::small_logins()),
        counted(front),
        server(std::move(simulators::HttpServer::start(counted)).value()),
        port(transport, profile, inventory, access("Admin_123")) {}

  LaunchpadAccess access(const char* password) const {
    return {server->base(), "admin@acme.com", Secret(password)};
  }
  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments = {}) {
    return port.perform({action, std::move(arguments), "token-1"});
  }
  Observation see(const std::string& fluent, std::vector<std::string> arguments = {}) {
    auto seen = port.observe({{fluent, std::move(arguments)}});
    if (!seen) throw std::runtime_error(seen.error().message);
    return seen.value().at(0);
  }
  std::string seen(const std::string& fluent, std::vector<std::string> arguments = {}) {
    return see(fluent, std::move(arguments)).value.value_or("(none)");
  }

  model::Inventory inventory;
  simulators::LaunchpadFront front;
  CountingFront counted;
  std::unique_ptr<simulators::HttpServer> server;
  SocketHttpTransport transport;
  LaunchpadPort port;
};

struct Today : simulators::SmallWorld {
  Today(std::vector<FaultRule> faults, model::Inventory inventory)
      : SmallWorld(std::move(faults), model::Procedure::kDehydrate, std::move(inventory)) {}
};

struct LaunchpadDriver : testing::Test, Wired<Today> {};

TEST_F(LaunchpadDriver, TakesAContainerToThePlatform) {
  ASSERT_TRUE(perform("hibernate-container", {"c1"}));
  EXPECT_EQ(seen("run", {"c1"}), "hibernating");
  pass(15s);
  EXPECT_EQ(seen("run", {"c1"}), "stopped");
  EXPECT_EQ(seen("place", {"c1"}), "home");

  ASSERT_TRUE(perform("passivate-container", {"c1"}));
  EXPECT_EQ(seen("run", {"c1"}), "passivating");
  pass(120s);

  EXPECT_EQ(seen("run", {"c1"}), "passivated");
  EXPECT_EQ(seen("place", {"c1"}), "parked");
}

TEST_F(LaunchpadDriver, SaysWhyLaunchpadRefused) {
  const auto answer = perform("passivate-container", {"c1"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(answer.error().message, HasSubstr("container c1 is not hibernated"));
}

TEST_F(LaunchpadDriver, AsksToWaitWhileAnotherActionRuns) {
  ASSERT_TRUE(perform("hibernate-container", {"c1"}));

  const auto answer = perform("hibernate-container", {"c1"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kThrottled);
}

TEST_F(LaunchpadDriver, StopsAndStartsInstances) {
  EXPECT_EQ(seen("record", {"studio-1"}), "started");
  ASSERT_TRUE(perform("stop-instance", {"studio-1"}));
  EXPECT_EQ(seen("record", {"studio-1"}), "stopping");
  pass(30s);
  EXPECT_EQ(seen("record", {"studio-1"}), "stopped");
  ASSERT_TRUE(perform("start-instance", {"studio-1"}));
  pass(30s);
  EXPECT_EQ(seen("record", {"studio-1"}), "started");
  EXPECT_EQ(seen("record", {"studio-1-new"}), "absent");
}

TEST_F(LaunchpadDriver, RestrictsLoginAndSeesItTakeThreeMinutes) {
  EXPECT_EQ(seen("gate"), "open");
  ASSERT_TRUE(perform("restrict-login"));
  EXPECT_EQ(seen("gate"), "restricting");
  pass(180s);
  EXPECT_EQ(seen("gate"), "restricted");
}

TEST_F(LaunchpadDriver, ChecksHealth) {
  const auto green = perform("check-health", {"studio-1"});

  ASSERT_TRUE(green) << green.error().message;
  EXPECT_THAT(green.value(), HasSubstr("10 health checks"));
  EXPECT_EQ(value("health", {"studio-1"}), "green");
}

TEST(LaunchpadDriverHealth, IsBlockedByARedPanel) {
  Wired<Today> wired({{"check-health", 1, Fault::kOutcomeFails}});

  const auto red = wired.perform("check-health", {"studio-1"});

  ASSERT_FALSE(red);
  EXPECT_EQ(red.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(red.error().message, HasSubstr("Passivation Check"));
  EXPECT_TRUE(wired.perform("check-health", {"studio-1"}));
}

TEST_F(LaunchpadDriver, FindsTheContainerOfAShardThatIsNotParked) {
  const auto answer = perform("check-shard", {"studio"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("ccc-1 (RUNNING"),
                                            HasSubstr("ccc-2 (STOPPED"), Not(HasSubstr("ccc-3"))));
  EXPECT_EQ(value("checked", {"studio"}), "no");
}

TEST_F(LaunchpadDriver, ChecksAShardThatIsParked) {
  for (const char* instance : {"studio-1", "qa-1"}) done("check-health", {instance});
  done("take-baseline");
  done("restrict-login");
  done("hibernate-container", {"c4"});
  done("stop-instance", {"qa-1"});
  done("passivate-container", {"c4"});

  const auto answer = perform("check-shard", {"qa"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(value("checked", {"qa"}), "yes");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(LaunchpadDriver, ChecksTheLicenseAgainstTheInventory) {
  EXPECT_TRUE(perform("check-license"));
  EXPECT_EQ(seen("license"), "active");

  inventory.license_developers = 33;

  const auto answer = perform("check-license");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("32 developers"), HasSubstr("33")));
}

TEST_F(LaunchpadDriver, ReadsEachListOncePerObservation) {
  const auto seen = port.observe({{"run", {"c1"}},
                                  {"run", {"c4"}},
                                  {"place", {"c1"}},
                                  {"record", {"studio-1"}},
                                  {"record", {"qa-1"}},
                                  {"health", {"qa-1"}},
                                  {"gate", {}}});

  ASSERT_TRUE(seen);
  ASSERT_EQ(seen.value().size(), 7U);
  EXPECT_EQ(seen.value()[1].value, "running");
  EXPECT_EQ(seen.value()[4].variable, (Variable{"record", {"qa-1"}}));
  EXPECT_EQ(seen.value()[5].value, std::nullopt);
  EXPECT_EQ(counted.count("GET /container-services/rest/admin/containers"), 1);
  EXPECT_EQ(counted.count("GET /container-services/rest/admin/instances"), 1);
  EXPECT_EQ(counted.count("POST /login/authenticate"), 1);
}

TEST(LaunchpadDriverPages, AreReadToTheEnd) {
  model::Inventory inventory = simulators::small_inventory();
  for (int i = 5; i < 28; ++i)
    inventory.containers.push_back({"c" + std::to_string(i), "ccc-" + std::to_string(i), "qa",
                                    "qa-app" + std::to_string(i), "qa-1",
                                    model::ContainerState::kRunning});
  model::ApiProfile small_pages = model::built_in_api_profile();
  small_pages.launchpad.numbers.find("page.max")->second.value = 5;
  Wired<Today> wired({}, inventory, small_pages);

  EXPECT_EQ(wired.seen("run", {"c27"}), "running");
  EXPECT_EQ(wired.seen("run", {"c4"}), "running");
  EXPECT_EQ(wired.counted.count("GET /container-services/rest/admin/containers"), 10)
      << "24 containers of one shard, five a page, twice";
}

TEST_F(LaunchpadDriver, LogsInAgainOnceWhenTheSessionRanOut) {
  EXPECT_EQ(seen("run", {"c1"}), "running");
  clock.advance(1h);

  EXPECT_TRUE(perform("hibernate-container", {"c1"}));

  EXPECT_EQ(counted.count("POST /login/authenticate"), 2);
  EXPECT_EQ(value("run", {"c1"}), "hibernating");
}

TEST_F(LaunchpadDriver, StopsAtAWrongPasswordWithoutTellingIt) {
  LaunchpadPort stranger(transport, model::built_in_api_profile(), inventory, access("Wrong_1.23"));

  const auto answer = stranger.perform({"hibernate-container", {"c1"}, "t"});
  const auto seen = stranger.observe({{"run", {"c1"}}});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("Wrong_1.23")));
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::kRefused);
}

TEST_F(LaunchpadDriver, KeepsThePasswordOutOfTargets) {
  EXPECT_TRUE(perform("hibernate-container", {"c1"}));

  for (const std::string& target : counted.targets) EXPECT_THAT(target, Not(HasSubstr("Admin_1")));
}

TEST_F(LaunchpadDriver, SeesNothingWhileTheServicesAreDown) {
  done("stop-services", {"platform"});

  const Observation run = see("run", {"c1"});

  EXPECT_EQ(run.value, std::nullopt);
  EXPECT_THAT(run.detail, HasSubstr("503"));
  EXPECT_EQ(perform("hibernate-container", {"c1"}).error().code, ErrorCode::kUnreachable);
}

TEST_F(LaunchpadDriver, SeesNothingWhenNobodyListens) {
  server->stop();

  EXPECT_EQ(seen("record", {"studio-1"}), "(none)");
  EXPECT_EQ(perform("stop-instance", {"studio-1"}).error().code, ErrorCode::kUnreachable);
}

TEST(LaunchpadDriverFaults, ALostAnswerIsAnUnknownOutcome) {
  Wired<Today> wired({{"POST hibernateContainer", 1, Fault::kAnswerLost}});

  const auto answer = wired.perform("hibernate-container", {"c1"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(wired.seen("run", {"c1"}), "hibernating");
  EXPECT_EQ(wired.counted.count("POST /container-services/rest/admin/containers/ccc-1/hibernate"),
            1);
}

TEST(LaunchpadDriverFaults, AServerErrorIsAnUnknownOutcomeAndAThrottleIsNot) {
  Wired<Today> wired({{"POST hibernateContainer", 1, Fault::kServerError},
                      {"POST hibernateContainer", 2, Fault::kThrottled}});

  EXPECT_EQ(wired.perform("hibernate-container", {"c1"}).error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(wired.perform("hibernate-container", {"c1"}).error().code, ErrorCode::kThrottled);
  EXPECT_TRUE(wired.perform("hibernate-container", {"c1"}));
}

TEST(LaunchpadDriverFaults, ALostReadIsAskedAgain) {
  Wired<Today> wired({{"GET listContainers", 1, Fault::kRequestLost},
                      {"GET listContainers", 2, Fault::kAnswerLost},
                      {"GET listContainers", 4, Fault::kThrottled}});

  EXPECT_EQ(wired.seen("run", {"c1"}), "running");
  const auto throttled = wired.port.observe({{"run", {"c1"}}});
  ASSERT_FALSE(throttled);
  EXPECT_EQ(throttled.error().code, ErrorCode::kThrottled);
}

TEST(LaunchpadDriverFaults, ALostLoginMeansThatNothingWasSent) {
  Wired<Today> wired({{"POST login", 1, Fault::kAnswerLost}});

  EXPECT_EQ(wired.perform("hibernate-container", {"c1"}).error().code, ErrorCode::kUnreachable);
  EXPECT_EQ(wired.value("run", {"c1"}), "running");
}

TEST_F(LaunchpadDriver, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(perform("take-snapshot", {"snap-wm-data"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("hibernate-container", {"c99"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("hibernate-container").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("check-shard", {"live"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("delete-record", {"studio-1-new"}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(seen("run", {"c99"}), "(none)");
  EXPECT_EQ(seen("run"), "(none)");
}

TEST(LaunchpadDriverProfile, SpeaksTheOperatorsWords) {
  model::ApiProfile own = model::built_in_api_profile();
  own.launchpad.operations.find("hibernateContainer")->second.path = "/v2/{containerId}/sleep";
  own.launchpad.fields.find("container.state")->second.name = "phase";
  own.launchpad.words.find("container.hibernating")->second.text = "FALLING_ASLEEP";
  Wired<Today> wired({}, simulators::small_inventory(), own);

  ASSERT_TRUE(wired.perform("hibernate-container", {"c1"}));

  EXPECT_EQ(wired.counted.count("POST /v2/ccc-1/sleep"), 1);
  const Observation run = wired.see("run", {"c1"});
  EXPECT_EQ(run.value, "hibernating");
  EXPECT_THAT(run.detail, HasSubstr("FALLING_ASLEEP"));
}

struct Restored : simulators::RestoredWorld {
  Restored(std::vector<FaultRule> faults, model::Inventory inventory)
      : RestoredWorld(std::move(faults), std::move(inventory)) {
    serve();
  }
};

/// A key file as access.ssh_identity names it.
struct KeyFile {
  KeyFile()
      : path(std::filesystem::temp_directory_path() /
             ("launchpad-port-test-" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(path) << "-----BEGIN OPENSSH PRIVATE KEY-----\r\n--rehydrate\r\n";
  }
  ~KeyFile() { std::filesystem::remove(path); }
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  std::string path;
};

struct RestoredDriver : testing::Test, Wired<Restored> {
  RestoredDriver() { inventory.access.ssh_identity = key.path; }
  KeyFile key;
};

TEST_F(RestoredDriver, SwapsAnInstanceThatKeepsItsAddress) {
  prepare("studio-1-new");
  EXPECT_EQ(seen("record", {"studio-1"}), "stopped");
  EXPECT_EQ(perform("add-record", {"studio-1-new"}).error().code, ErrorCode::kBlocked)
      << "the old record has the address (INV-44)";

  ASSERT_TRUE(perform("delete-record", {"studio-1"}));
  EXPECT_EQ(seen("record", {"studio-1"}), "deleting");
  pass(10s);
  EXPECT_EQ(seen("record", {"studio-1"}), "absent");
  const auto added = perform("add-record", {"studio-1-new"});
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(seen("record", {"studio-1-new"}), "configuring");
  pass(90s);

  EXPECT_EQ(seen("record", {"studio-1-new"}), "started");
  EXPECT_EQ(seen("record", {"studio-1"}), "absent");
  EXPECT_THAT(see("record", {"studio-1-new"}).detail, HasSubstr("10.0.0.21"));
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(RestoredDriver, ActivatesACanaryOnTheSuccessor) {
  prepare("studio-1-new");
  done("delete-record", {"studio-1"});
  done("add-record", {"studio-1-new"});
  ASSERT_TRUE(perform("check-health", {"studio-1-new"}));
  EXPECT_EQ(seen("place", {"c1"}), "parked");

  const auto answer = perform("activate-container", {"c1"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(seen("run", {"c1"}), "activating");
  pass(60s);
  EXPECT_EQ(seen("run", {"c1"}), "running");
  EXPECT_EQ(seen("place", {"c1"}), "successor");
}

TEST_F(RestoredDriver, NeedsAKeyToAddAnInstance) {
  inventory.access.ssh_identity = "/no/such/key.pem";

  const auto answer = perform("add-record", {"studio-1-new"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("ssh_identity"), HasSubstr("/no/such/key")));
}

TEST(RestoredDriverFaults, ALostTestIsNoUnknownOutcome) {
  Wired<Restored> wired({{"POST testInstance", 1, Fault::kAnswerLost},
                         {"POST createInstance", 1, Fault::kAnswerLost}});
  const KeyFile key;
  wired.inventory.access.ssh_identity = key.path;
  wired.prepare("studio-1-new");
  wired.done("delete-record", {"studio-1"});

  EXPECT_EQ(wired.perform("add-record", {"studio-1-new"}).error().code, ErrorCode::kUnreachable);
  EXPECT_EQ(wired.seen("record", {"studio-1-new"}), "absent");
  EXPECT_EQ(wired.perform("add-record", {"studio-1-new"}).error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(wired.seen("record", {"studio-1-new"}), "configuring");
}

TEST_F(RestoredDriver, LiftsTheRestriction) {
  EXPECT_EQ(seen("gate"), "restricted");
  ASSERT_TRUE(perform("check-license"));
  EXPECT_EQ(value("license"), "active");

  ASSERT_TRUE(perform("lift-restriction"));
  pass(2s);

  EXPECT_EQ(seen("gate"), "open");
  EXPECT_THAT(broken_rules(), Contains("INV-60")) << "no instance was added";
}

}  // namespace
}  // namespace wme::executor
