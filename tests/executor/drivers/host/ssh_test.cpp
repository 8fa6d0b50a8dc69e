#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "executor/transport_ssh/ssh_transport.hpp"
#include "simulators/host/ssh_server.hpp"
#include "tests/executor/drivers/host/plan_walk.hpp"
#include "tests/support/fleets.hpp"

namespace wme::tests {
namespace {

/// A directory of its own for keys and configuration, gone with the test.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "rehydrate-ssh-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Ssh : public testing::Test {
 protected:
  Ssh()
      : site(fleet({}), model::Procedure::kDehydrate), server(site.front, {directory.path(), ""}) {
    const Status started = server.start();
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
  }
  executor::SshSettings settings() const {
    executor::SshSettings made;
    made.config_file = server.client_config().string();
    made.connect_timeout = std::chrono::seconds(10);
    made.command_timeout = std::chrono::seconds(20);
    return made;
  }
  /// Debian's own client, with the configuration that the server wrote.
  std::pair<int, std::string> real_client(const std::string& arguments,
                                          const std::string& input = "") const {
    const auto typed = directory.path() / "typed";
    std::ofstream(typed) << input;
    const std::string line = "ssh -F " + server.client_config().string() + " " + arguments + " < " +
                             typed.string() + " 2>&1";
    std::FILE* pipe = ::popen(line.c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
      output.append(buffer.data(), got);
    return {WEXITSTATUS(::pclose(pipe)), output};
  }

  Directory directory;
  HostWorld site;
  simulators::SshServer server;
};

TEST_F(Ssh, RunsACommandForTheRealClient) {
  const auto [status, output] = real_client("platform 'lsblk -dno NAME,FSTYPE; exit 7'");
  EXPECT_EQ(status, 7);
  EXPECT_THAT(output, testing::HasSubstr("nvme1n1 ext4"));
}

TEST_F(Ssh, GivesTheRealClientAShellLineByLine) {
  const auto [status, output] = real_client("-T 10.0.1.10", "hostname\nbogus\nexit\n");
  EXPECT_THAT(output, testing::HasSubstr("ip-10-0-1-10"));
  EXPECT_THAT(output, testing::HasSubstr("bash: bogus: command not found"));
  EXPECT_EQ(status, 127);
}

TEST_F(Ssh, FeedsStandardInputToTheCommand) {
  const auto [status, output] = real_client("platform cat", "one\ntwo\n");
  EXPECT_EQ(status, 0);
  EXPECT_EQ(output, "one\ntwo\n");
}

TEST_F(Ssh, LetsNobodyInWithAnotherKey) {
  const std::string key = (directory.path() / "stranger").string();
  ASSERT_EQ(std::system(("ssh-keygen -q -t ed25519 -N '' -f " + key).c_str()), 0);
  std::string config = text_of(server.client_config());
  const std::string ours = (directory.path() / "id_ed25519").string();
  for (std::size_t at = config.find(ours); at != std::string::npos; at = config.find(ours))
    config.replace(at, ours.size(), key);
  std::ofstream(directory.path() / "strange_config") << config;
  executor::SshSettings strange = settings();
  strange.config_file = (directory.path() / "strange_config").string();
  executor::SshTransport transport(strange);
  const auto answer = transport.run({"platform", "ubuntu", "true", ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
}

/// Every file of a directory with its content and the time of its last change.
std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> contents_of(
    const std::filesystem::path& directory) {
  std::map<std::string, std::pair<std::string, std::filesystem::file_time_type>> all;
  for (const auto& each : std::filesystem::directory_iterator(directory))
    all[each.path().filename().string()] = {text_of(each.path()), each.last_write_time()};
  return all;
}

TEST_F(Ssh, LeavesTheDirectoryOfTheKeyAsItIs) {
  for (const bool named : {false, true}) {
    // A key that came without its public half, as keys from a vault do.
    Directory keys;
    const auto key = keys.path() / "operator_key";
    std::filesystem::copy_file(directory.path() / "id_ed25519", key);
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    std::string config = text_of(server.client_config());
    const std::string ours = (directory.path() / "id_ed25519").string();
    for (std::size_t at = config.find(ours); at != std::string::npos; at = config.find(ours))
      config.replace(at, ours.size(), named ? "/nowhere/key" : key.string());
    std::ofstream(directory.path() / "own_config") << config;
    executor::SshSettings own = settings();
    own.config_file = (directory.path() / "own_config").string();
    if (named) own.identity_file = key.string();
    const auto before = contents_of(keys.path());
    const auto answer = executor::SshTransport(own).run({"platform", "ubuntu", "true", ""});
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(contents_of(keys.path()), before) << (named ? "identity_file" : "configuration");
  }
}

TEST_F(Ssh, AsksNobodyForAPassphraseAndSaysWhichIdentityIsOfNoUse) {
  executor::SshSettings locked = settings();
  locked.identity_file = (directory.path() / "locked").string();
  ASSERT_EQ(std::system(("ssh-keygen -q -t ed25519 -N secret -f " + locked.identity_file).c_str()),
            0);
  for (const std::string& identity : {locked.identity_file, std::string("/nowhere/key")}) {
    locked.identity_file = identity;
    const auto answer = executor::SshTransport(locked).run({"platform", "ubuntu", "true", ""});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(answer.error().message, testing::HasSubstr(identity));
    EXPECT_THAT(answer.error().message, testing::HasSubstr("ssh-add"));
  }
}

TEST_F(Ssh, TransportCarriesStatusAndBothStreams) {
  executor::SshTransport transport(settings());
  const auto answer = transport.run({"10.0.1.10", "ubuntu", "cat; ls /nowhere; exit 3", "typed\n"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer.value().exit_status, 3);
  EXPECT_EQ(answer.value().output, "typed\n");
  EXPECT_EQ(answer.value().errors, "ls: cannot access '/nowhere': No such file or directory\n");
}

TEST_F(Ssh, TransportRunsCommandsSideBySideOnOneHost) {
  executor::SshTransport transport(settings());
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&transport, &good, i] {
      for (int again = 0; again < 3; ++again) {
        const std::string text = "echo " + std::to_string(i);
        const auto answer = transport.run({"platform", "ubuntu", text, ""});
        if (answer && answer.value().output == std::to_string(i) + "\n") ++good;
      }
    });
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(good, 18);
}

TEST_F(Ssh, TransportRefusesAHostKeyThatNobodyKnows) {
  std::ofstream(directory.path() / "known_hosts", std::ios::trunc) << "";
  // The configuration says no: not for it to decide.
  std::string config = text_of(server.client_config());
  for (std::size_t at = config.find("Checking yes"); at != std::string::npos;
       at = config.find("Checking yes"))
    config.replace(at, 12, "Checking no");
  std::ofstream(server.client_config(), std::ios::trunc) << config;
  executor::SshTransport transport(settings());
  const auto answer = transport.run({"platform", "ubuntu", "true", ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
  EXPECT_EQ(text_of(directory.path() / "known_hosts"), "") << "the key was learned silently";
}

/// A name of the outside must not lead there while somebody thinks that all is simulated. The word
/// is one that a client would find without asking anybody: this very machine.
TEST_F(Ssh, TheConfigurationLeadsToNoMachineBeyondTheSimulation) {
  const auto [status, output] = real_client("localhost true");
  EXPECT_EQ(status, 255);
  EXPECT_THAT(output, testing::HasSubstr("localhost is no machine of this simulation"));
  executor::SshTransport transport(settings());
  const auto answer = transport.run({"localhost", "ubuntu", "true", ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable) << answer.error().message;
  EXPECT_TRUE(transport.run({"platform", "ubuntu", "true", ""})) << "those above are reached";
}

TEST_F(Ssh, AMachineThatDoesNotRunIsUnreachable) {
  executor::SshTransport transport(settings());
  const auto answer = transport.run({"platform-new", "ubuntu", "true", ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
}

TEST_F(Ssh, TransportConnectsAgainAfterTheMachineCameBack) {
  executor::SshTransport transport(settings());
  ASSERT_TRUE(transport.run({"studio-1", "ubuntu", "true", ""}));
  ASSERT_TRUE(site.perform("stop-machine", {"studio-1"}).accepted());
  const auto down = transport.run({"studio-1", "ubuntu", "true", ""});
  ASSERT_FALSE(down);
  ASSERT_TRUE(site.perform("start-machine", {"studio-1"}).accepted());
  EXPECT_TRUE(transport.run({"studio-1", "ubuntu", "true", ""}));
}

TEST(SshFaults, ALostAnswerIsAnUnknownOutcome) {
  Directory directory;
  HostWorld site(fleet({}), model::Procedure::kDehydrate,
                 simulators::FaultSchedule({{"ssh touch", 1, simulators::Fault::kAnswerLost}}));
  simulators::SshServer server(site.front, {directory.path(), ""});
  ASSERT_TRUE(server.start());
  executor::SshSettings settings;
  settings.config_file = server.client_config().string();
  executor::SshTransport transport(settings);
  const auto lost = transport.run({"platform", "ubuntu", "touch /tmp/here", ""});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::kUnknownOutcome);
  const auto seen = transport.run({"platform", "ubuntu", "test -f /tmp/here", ""});
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen.value().exit_status, 0) << "it took effect, only its answer was lost";
}

TEST_F(Ssh, TheDriverWorksOverSockets) {
  executor::SshTransport transport(settings());
  executor::HostPort port(site.installation.inventory, transport);
  const auto noted = port.perform({"note-network", {}, "run-1/s1"});
  ASSERT_TRUE(noted) << noted.error().message;
  EXPECT_EQ(noted.value(), "interface=ens5 address=10.0.1.10 cidr=10.2.1.1/24");
  const auto seen = port.observe({{"docker", {"platform"}}, {"docker", {"platform-new"}}});
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen.value()[0].value, "running");
  EXPECT_EQ(seen.value()[1].value, std::nullopt);
}

}  // namespace
}  // namespace wme::tests
