#include "executor/telling/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>

#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class ServiceOfSystemd : public testing::Test {
 protected:
  std::unique_ptr<Service> service(Service::Options options = {}) {
    return std::make_unique<Service>([this](const std::string& text) { heard.push_back(text); },
                                     options, [this] { return now; });
  }
  static Service::Options watched() { return {std::chrono::seconds(4), std::chrono::minutes(10)}; }
  std::vector<std::string> heard;
  Service::Steady now{};
};

TEST_F(ServiceOfSystemd, IsReadyOnceTheRunHasBegun) {
  const auto systemd = service();
  systemd->tick();
  EXPECT_THAT(heard, ElementsAre("EXTEND_TIMEOUT_USEC=60000000")) << "it still looks around";
  heard.clear();
  for (const Told& told : told_sample()) systemd->take(told);
  ASSERT_EQ(heard.size(), told_sample().size());
  EXPECT_EQ(heard[0], "READY=1\nSTATUS=restore of acme: 0 of 3 steps done, 0 running; run-started");
  EXPECT_EQ(heard[5],
            "STATUS=restore of acme: 1 of 3 steps done, 1 running; s2 mount-store wm-data: "
            "mount-store wm-data: no answer; looking before asking again");
  EXPECT_THAT(heard[8], HasSubstr("2 of 3 steps done, 0 running, 1 failed; s3"));
  EXPECT_THAT(heard[9], StartsWith("STOPPING=1\nSTATUS="));
}

TEST_F(ServiceOfSystemd, FeedsTheWatchdogAsLongAsTheRunSaysSomething) {
  const auto systemd = service(watched());
  EXPECT_EQ(systemd->period(), std::chrono::seconds(2));
  systemd->take(told_run(ToldKind::kRunStarted));
  heard.clear();
  now += std::chrono::minutes(9);
  systemd->tick();
  EXPECT_THAT(heard, ElementsAre("WATCHDOG=1\n"));
  systemd->take(told_run(ToldKind::kHeartbeat));
  heard.clear();
  now += std::chrono::minutes(9);
  systemd->tick();
  EXPECT_THAT(heard, ElementsAre("WATCHDOG=1\n"));
  now += std::chrono::minutes(2);
  heard.clear();
  systemd->tick();
  EXPECT_THAT(heard, IsEmpty()) << "a run that hangs is killed and resumed";
}

TEST_F(ServiceOfSystemd, AsksForTimeWhileWhatRunsComesToItsEnd) {
  const auto systemd = service();
  systemd->take(told_run(ToldKind::kRunStarted));
  heard.clear();
  systemd->tick();
  EXPECT_THAT(heard, IsEmpty());
  systemd->stopping();
  systemd->stopping();
  systemd->tick();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_THAT(heard[0], StartsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC="));
  EXPECT_EQ(heard[1], "EXTEND_TIMEOUT_USEC=60000000");
}

TEST_F(ServiceOfSystemd, SaysItInOneLine) {
  const auto systemd = service();
  Told told = told_step(ToldKind::kStepFailed, "s1");
  told.text = "two\nlines, WATCHDOG_USEC=0\n" + std::string(1000, 'x');
  systemd->take(told);
  EXPECT_EQ(heard[0].find('\n'), std::string::npos);
  EXPECT_LT(heard[0].size(), 450U);
}

/// A datagram socket as systemd's.
class NotifyServer {
 public:
  explicit NotifyServer(const std::string& name) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, name.data(), name.size());
    if (name[0] == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&at), size), 0) << name;
  }
  ~NotifyServer() { ::close(socket_); }
  NotifyServer(const NotifyServer&) = delete;
  NotifyServer& operator=(const NotifyServer&) = delete;
  std::string heard() const {
    std::string text(100, '\0');
    const ssize_t count = ::recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
  }

 private:
  const int socket_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
};

TEST(NotifySocketOfSystemd, IsAPathOrAnAbstractName) {
  const testing_support::TemporaryFolder folder;
  for (const std::string& name :
       {(folder.path() / "notify").string(), "@rehydrate-test-" + std::to_string(::getpid())}) {
    const NotifyServer server(name);
    const auto socket = open_notify_socket(name);
    ASSERT_TRUE(socket) << socket.error().message;
    socket.value()("READY=1");
    EXPECT_EQ(server.heard(), "READY=1") << name;
  }
}

TEST(NotifySocketOfSystemd, MayBeGoneOrFull) {
  const testing_support::TemporaryFolder folder;
  const std::string name = (folder.path() / "notify").string();
  const auto socket = open_notify_socket(name);
  ASSERT_TRUE(socket);
  socket.value()("READY=1");  // nobody is there
  const NotifyServer server(name);
  for (int i = 0; i < 1000; ++i) socket.value()("STATUS=" + std::to_string(i));  // nobody reads
  EXPECT_EQ(server.heard(), "STATUS=0");
}

TEST(NotifySocketOfSystemd, IsRefusedInAnyOtherForm) {
  for (const std::string& wrong :
       {std::string(), std::string("@"), std::string("vsock:2:9"), "/" + std::string(200, 'x')})
    EXPECT_FALSE(open_notify_socket(wrong)) << wrong;
}

}  // namespace
}  // namespace wme::executor
