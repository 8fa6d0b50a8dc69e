#include "executor/drivers/config_wizard/config_wizard_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "executor/transport/http_transport.hpp"
#include "simulators/config_wizard/config_wizard_front.hpp"
#include "simulators/core/http_server.hpp"
#include "tests/simulators/core/restored_world.hpp"

namespace wme::executor {
namespace {

using namespace std::chrono_literals;
using simulators::Fault;
using simulators::FaultRule;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Sees machines and address as a cloud does, straight from the world.
class MachinesOf final : public SystemPort {
 public:
  explicit MachinesOf(simulators::World& world) : world_(world) {}
  Result<std::string> perform(const Call& call) override {
    return Error{ErrorCode::kInvalid, call.action};
  }
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override {
    if (down) return Error{ErrorCode::kThrottled, "the cloud is slow"};
    const auto lock = world_.enter();
    std::vector<Observation> seen;
    for (const Variable& each : variables)
      seen.push_back({each, world_.value(each.fluent, each.arguments), ""});
    return seen;
  }
  bool down = false;

 private:
  simulators::World& world_;
};

template <class World>
struct Wired : World {
  explicit Wired(std::vector<FaultRule> faults = {})
      : World(std::move(faults)),
        front(World::world, model::built_in_api_profile(), simulators::small_logins()),
        server(std::move(simulators::HttpServer::start(front)).value()),
        machines(World::world),
        port(transport, model::built_in_api_profile(), access("Setup_123"),
             locate_by_machines(machines)) {}

  ConfigWizardAccess access(const char* password) const {
    return {server->base(), server->base(), Secret(password)};
  }
  Result<std::string> perform(const std::string& action, std::vector<std::string> arguments) {
    return port.perform({action, std::move(arguments), "token-1"});
  }
  Observation see(const std::string& platform) {
    auto seen = port.observe({{"setup", {platform}}});
    if (!seen) throw std::runtime_error(seen.error().message);
    return seen.value().at(0);
  }
  std::string seen(const std::string& platform) { return see(platform).value.value_or("(none)"); }

  simulators::ConfigWizardFront front;
  std::unique_ptr<simulators::HttpServer> server;
  SocketHttpTransport transport;
  MachinesOf machines;
  ConfigWizardPort port;
};

struct ConfigWizardDriver : testing::Test, Wired<simulators::SmallWorld> {};
struct RestoredDriver : testing::Test, Wired<simulators::RestoredWorld> {};

TEST_F(ConfigWizardDriver, StopsAndStartsTheServices) {
  EXPECT_EQ(seen("platform"), "running");
  EXPECT_THAT(see("platform").detail, HasSubstr("RUNNING 100"));
  ASSERT_TRUE(perform("stop-services", {"platform"}));
  EXPECT_EQ(seen("platform"), "stopping");
  pass(180s);
  EXPECT_EQ(seen("platform"), "stopped");
  ASSERT_TRUE(perform("start-services", {"platform"}));
  EXPECT_EQ(seen("platform"), "starting");
  pass(240s);
  EXPECT_EQ(seen("platform"), "running");
}

TEST_F(ConfigWizardDriver, SeesAFailedStop) {
  Wired<simulators::SmallWorld> wired({{"stop-services", 1, Fault::kOutcomeFails}});
  ASSERT_TRUE(wired.perform("stop-services", {"platform"}));
  wired.pass(180s);

  EXPECT_EQ(wired.seen("platform"), "failed");
}

TEST_F(ConfigWizardDriver, SaysWhyItWasRefused) {
  const auto answer = perform("start-services", {"platform"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(answer.error().message, HasSubstr("WME is not stopped on platform"));
}

TEST_F(ConfigWizardDriver, SeesAndTouchesOnlyThePlatformThatHasTheAddress) {
  EXPECT_EQ(seen("platform-new"), "(none)");

  const auto answer = perform("stop-services", {"platform-new"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
  EXPECT_EQ(value("setup", {"platform"}), "running") << "the other one must not be stopped";
}

TEST_F(ConfigWizardDriver, SeesNothingOfAStoppedMachine) {
  done("stop-services", {"platform"});
  done("stop-docker", {"platform"});
  EXPECT_EQ(seen("platform"), "(none)");
  EXPECT_THAT(see("platform").detail, HasSubstr("503"));

  done("machine-lost", {"platform"});

  EXPECT_THAT(see("platform").detail, HasSubstr("no running Platform"));
}

TEST_F(ConfigWizardDriver, PassesOnThatTheCloudCannotBeAsked) {
  machines.down = true;

  const auto seen = port.observe({{"setup", {"platform"}}});

  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, ErrorCode::kThrottled);
}

TEST_F(ConfigWizardDriver, NeedsNoLocatorWhenTheAddressesDiffer) {
  ConfigWizardPort two_addresses(
      transport, model::built_in_api_profile(),
      {server->base(), "http://127.0.0.1:1", Secret("Setup_123")}, [] {
        return Result<std::optional<std::string>>(Error{ErrorCode::kFailed, "not asked"});
      });

  const auto seen = two_addresses.observe({{"setup", {"platform"}}, {"setup", {"platform-new"}}});

  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen.value()[0].value, "running");
  EXPECT_EQ(seen.value()[1].value, std::nullopt);
}

TEST_F(ConfigWizardDriver, StopsAtAWrongPasswordWithoutTellingIt) {
  ConfigWizardPort stranger(transport, model::built_in_api_profile(), access("Wrong_1.23"),
                            locate_by_machines(machines));

  const auto answer = stranger.perform({"stop-services", {"platform"}, "t"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
  EXPECT_THAT(answer.error().message, Not(HasSubstr("Wrong_1.23")));
  EXPECT_EQ(value("setup", {"platform"}), "running");
}

TEST_F(ConfigWizardDriver, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(perform("initialize-setup", {"platform"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("clean-setup", {"platform"}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("stop-services", {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(perform("stop-services", {"studio-1"}).error().code, ErrorCode::kInvalid);
  const auto other = port.observe({{"power", {"platform"}}});
  EXPECT_EQ(other.value()[0].value, std::nullopt);
}

TEST_F(RestoredDriver, LooksWithoutEntering) {
  EXPECT_EQ(seen("platform-new"), "initialized");
  EXPECT_EQ(seen("platform"), "(none)");

  EXPECT_EQ(value("portal", {"platform-new"}), "unknown");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(RestoredDriver, EntersThenSyncs) {
  const auto entered = perform("enter-portal", {"platform-new"});
  ASSERT_TRUE(entered) << entered.error().message;
  EXPECT_EQ(value("portal", {"platform-new"}), "entered");
  EXPECT_EQ(seen("platform-new"), "initialized");

  ASSERT_TRUE(perform("sync-setup", {"platform-new"}));
  EXPECT_EQ(seen("platform-new"), "syncing");
  pass(2400s);

  EXPECT_EQ(seen("platform-new"), "running");
  EXPECT_THAT(broken_rules(), IsEmpty());
}

TEST_F(RestoredDriver, ALostAnswerIsAnUnknownOutcome) {
  Wired<simulators::RestoredWorld> wired({{"POST runAction", 1, Fault::kAnswerLost}});
  ASSERT_TRUE(wired.perform("enter-portal", {"platform-new"}));

  EXPECT_EQ(wired.perform("sync-setup", {"platform-new"}).error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(wired.seen("platform-new"), "syncing");
}

/// The volumes were forgotten: the installer found empty directories.
struct FreshWorld : simulators::SmallWorld {
  explicit FreshWorld(std::vector<FaultRule> faults)
      : SmallWorld(std::move(faults), model::Procedure::kRestore) {
    done("launch-machine", {"platform-new"});
    done("attach-address");
    for (const char* action : {"download-artefact", "verify-artefact", "extract-artefact"})
      done(action, {"package"});
    done("initialize", {"platform-new"});
  }
};

TEST(FreshPortal, BlocksEntering) {
  Wired<FreshWorld> wired;
  EXPECT_EQ(wired.seen("platform-new"), "initialized");

  const auto answer = wired.perform("enter-portal", {"platform-new"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_THAT(answer.error().message, HasSubstr("INV-39"));
  EXPECT_EQ(wired.value("setup", {"platform-new"}), "initialized") << "no password was set";
}

/// A portal that knows only what is published: no state on its first page.
class PublicOnly final : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall& call) override {
    calls.push_back(call.method + " " + call.target);
    if (call.target == "/config-services/rest/setup")
      return HttpAnswer{200, {}, R"({"success":{"body":{"configured":true}}})"};
    if (call.target == "/config-services/rest/login")
      return HttpAnswer{200, {{"set-cookie", "a=1; Path=/"}, {"Set-Cookie", "b=2"}}, ""};
    for (const auto& [name, value] : call.headers)
      if (name == "Cookie") cookies = value;
    return HttpAnswer{200, {}, installations};
  }
  std::string installations = "[]";
  std::string cookies;
  std::vector<std::string> calls;
};

TEST(PublishedPortal, IsReadThroughTheInstallationsOnly) {
  PublicOnly portal;
  ConfigWizardPort port(portal, model::built_in_api_profile(),
                        {"http://old:8080", "http://new:8080", Secret("Setup_123")},
                        [] { return std::optional<std::string>("platform"); });
  const auto seen = [&](const char* installations) {
    portal.installations = installations;
    return port.observe({{"setup", {"platform"}}}).value().at(0).value.value_or("(none)");
  };

  EXPECT_EQ(seen("[]"), "initialized");
  EXPECT_EQ(seen(R"([{"state":"RUNNING","installationAction":{"progress":"100"}}])"), "running");
  EXPECT_EQ(seen(R"([{"state":"RUNNING","installationAction":{"progress":100}}])"), "running");
  EXPECT_EQ(seen(R"([{"state":"RUNNING","installationAction":{"progress":99}}])"), "starting");
  EXPECT_EQ(seen(R"([{"state":"Installing"}])"), "starting");
  EXPECT_EQ(seen(R"([{"state":"FAILED"}])"), "failed");
  EXPECT_EQ(seen(R"([{"state":"DANCING"}])"), "(none)");
  EXPECT_EQ(portal.cookies, "a=1; b=2") << "sent back whole";
}

}  // namespace
}  // namespace wme::executor
