#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "executor/drivers/host/host_port.hpp"
#include "executor/drivers/host/quoting.hpp"
#include "simulators/host/shell_syntax.hpp"
#include "tests/executor/drivers/host/plan_walk.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/in_process_command.hpp"

namespace wme::tests {
namespace {

/// What the simulated shell makes of one word.
std::string read_back(const std::string& word) {
  const auto program = simulators::shell::parse("x " + word);
  std::string text;
  for (const auto& part : program.value()->parts[0]->words.at(1)) text += part.text;
  return text;
}

RC_GTEST_PROP(Quoting, GivesOneWordThatReadsBackAsItself, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::distinctFrom('\0'));
  RC_ASSERT(read_back(executor::host::quoted(text)) == text);
}

TEST(Quoting, IsReadBackByARealShell) {
  const std::string text = "a'b\"c $HOME `id` \\n; rm -rf / # \t*?";
  std::FILE* pipe = ::popen(("printf %s " + executor::host::quoted(text)).c_str(), "r");
  std::array<char, 256> buffer{};
  const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe);
  ::pclose(pipe);
  EXPECT_EQ(std::string(buffer.data(), got), text);
}

/// Takes commands down and runs none.
class RecordedCommands : public executor::CommandTransport {
 public:
  Result<executor::CommandAnswer> run(const executor::CommandCall& call) override {
    commands.push_back(call.command);
    return executor::CommandAnswer{};
  }
  std::vector<std::string> commands;
};

/// Every command of every action and fluent, for volumes and for one disk, same and new address.
std::vector<std::string> every_command() {
  RecordedCommands wire;
  for (const auto provider : {model::Provider::kAws, model::Provider::kEsxi})
    for (const Addresses addresses : kEveryAddresses) {
      FleetShape shape;
      shape.provider = provider;
      shape.addresses = addresses;
      model::Inventory inventory = fleet(shape);
      inventory.package = {"https://x.example/p?a=1&b='2'", "", std::string(64, 'a')};
      inventory.migrations = inventory.rotation = inventory.package;
      inventory.platform.ssh_key_owner = "wme";
      HostWorld site(inventory, model::Procedure::kUpgrade);
      executor::HostPort port(inventory, wire, {true});
      for (const model::Action& action : model::all_actions()) {
        if (!executor::host::action_scripts().contains(action.name)) continue;
        for (const auto& choice : site.model.choices(action)) {
          std::vector<std::string> arguments;
          for (const model::Entity each : choice) arguments.push_back(site.model.name(each));
          // RecordedCommands says nothing, so that only judged actions fail: not the point here.
          const auto receipt = port.perform({action.name, arguments, "run-1/it's"});
          (void)receipt;
        }
      }
      EXPECT_TRUE(port.observe(site.variables));
    }
  return wire.commands;
}

TEST(Scripts, AreAcceptedByARealBash) {
  const auto commands = every_command();
  ASSERT_GT(commands.size(), 100U);
  std::FILE* bash = ::popen("bash -n", "w");
  for (const std::string& command : commands) {
    // The inner program too: it is one quoted word, whose syntax the outer shell does not check.
    const std::string inner = command.substr(command.find(" bash -c ") + 9);
    const std::string both = command + "\nf() {\n" + read_back(inner) + "\n}\n";
    std::fwrite(both.data(), 1, both.size(), bash);
  }
  EXPECT_EQ(WEXITSTATUS(::pclose(bash)), 0);
}

TEST(Scripts, HaveNothingBeyondAscii) {
  for (const std::string& command : every_command())
    EXPECT_FALSE(executor::host::has_non_ascii(command)) << command;
}

TEST(Scripts, AreRefusedWithAnEnDash) {
  model::Inventory inventory = fleet({});
  inventory.package.url =
      "https://x.example/WME\xe2\x80\x93"
      "11.tar";
  RecordedCommands wire;
  executor::HostPort port(inventory, wire);
  const auto answer = port.perform({"download-artefact", {"package"}, "t"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(wire.commands.empty());
}

/// The driver has an entry for each action of its door and each fluent that it shows.
TEST(Scripts, AreThereForTheWholeDoor) {
  for (const model::Action& action : model::all_actions()) {
    const bool ours = action.door == model::Door::kHost && !action.runbook.empty();
    EXPECT_EQ(executor::host::action_scripts().contains(action.name), ours) << action.name;
  }
  for (const model::Fluent& fluent : model::fluents()) {
    const bool ours = fluent.seen_by == model::SeenBy::kHost;
    EXPECT_EQ(executor::host::fluent_scripts().contains(fluent.name), ours) << fluent.name;
  }
}

/// Long commands on this very machine: started, observed, never repeated.
TEST(Jobs, AreStartedObservedAndNotRepeatedByARealBash) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "rehydrate-jobs-XXXXXX").string();
  const fs::path directory = mkdtemp(name.data());
  const auto bash = [&](std::string text) {
    // The state directory and /run are the host's: here they are the test's own.
    for (const std::string from : {"/var/tmp/rehydrate", "/run/rehydrate-"})
      for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
        text.replace(at, from.size(), directory.string() + (from[1] == 'r' ? "/pid-" : "/state"));
    std::ofstream(directory / "script") << text;
    std::FILE* pipe = ::popen(("timeout 20 bash " + (directory / "script").string() + " 2>&1").c_str(), "r");
    std::array<char, 1024> buffer{};
    std::string output;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
      output.append(buffer.data(), got);
    ::pclose(pipe);
    return output;
  };
  using executor::host::Repeat;
  const std::string see = executor::host::job_state("j", "s") + "echo $s";
  const std::string fifo = (directory / "fifo").string();
  ASSERT_EQ(std::system(("mkfifo " + fifo).c_str()), 0);
  const std::string command = "read line < " + fifo + "; echo \"$line\" >> " +
                              (directory / "done").string() + "; test \"$line\" = good";
  const std::string start = executor::host::start_job("j", "t1", command, Repeat::kNever);
  EXPECT_EQ(bash(see), "none\n");
  EXPECT_EQ(bash(start), "started\n");
  EXPECT_EQ(bash(see), "running\n");
  EXPECT_EQ(bash(start), "runs already\n");
  // Ends the job, and waits for its end by the file that it leaves.
  const std::string ended = (directory / "state/j.exit").string();
  const std::string wait = "; while ! test -f " + ended + "; do :; done";
  bash("echo good > " + fifo + wait);
  EXPECT_EQ(bash(see), "done\n");
  EXPECT_EQ(bash(start), "done before\n");
  const std::string again = executor::host::start_job("j", "t2", "exit 5", Repeat::kNever);
  EXPECT_EQ(bash(again + wait.substr(2)), "started\n") << "another token is another run";
  EXPECT_EQ(bash(see), "failed\n");
  EXPECT_EQ(bash(again).find("it failed before"), 0U);
  fs::remove_all(directory);
}

}  // namespace
}  // namespace wme::tests
