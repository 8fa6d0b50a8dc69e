#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "executor/drivers/host/host_port.hpp"
#include "executor/drivers/host/quoting.hpp"
#include "model/wme/safe_stops.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "simulators/host/shell_syntax.hpp"
#include "tests/executor/drivers/host/plan_walk.hpp"
#include "tests/support/fleets.hpp"

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
  RC_ASSERT(read_back(executor::host::shell_quoted(text)) == text);
}

TEST(Quoting, IsReadBackByARealShell) {
  const std::string text = "a'b\"c $HOME `id` \\n; rm -rf / # \t*?";
  std::FILE* pipe = ::popen(("printf %s " + executor::host::shell_quoted(text)).c_str(), "r");
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
    const bool is_planned = !action.runbook.empty() ||
                            std::ranges::count(model::actions_of_ways_back(), action.name) > 0;
    const bool ours = action.door == model::Door::kHost && is_planned;
    EXPECT_EQ(executor::host::action_scripts().contains(action.name), ours) << action.name;
  }
  for (const model::Fluent& fluent : model::fluents()) {
    const bool ours = fluent.seen_by == model::SeenBy::kHost;
    EXPECT_EQ(executor::host::fluent_scripts().contains(fluent.name), ours) << fluent.name;
  }
}

/// A new instance of a restore just before it is prepared, and the driver for it.
struct Unprepared {
  Unprepared()
      : site(fleet({}), model::Procedure::kRestore),
        wire(site.front),
        port(site.installation.inventory, wire) {
    const auto plan = model::make_plan(site.model);
    for (const model::Step& step : plan.value().steps) {
      if (step.action == "prepare-instance") break;
      site.perform(step.action, step.arguments);
    }
  }
  /// What somebody types there, as root.
  void type(const std::string& command) { site.front.execute("studio-1-new", "root", command, ""); }
  Result<std::string> prepare(const std::string& token) {
    return port.perform({"prepare-instance", {"studio-1-new"}, token});
  }
  executor::Observation prepared() {
    site.settle();
    return port.observe({{"prepared", {"studio-1-new"}}}).value()[0];
  }

  HostWorld site;
  scenarios::InProcessCommands wire;
  executor::HostPort port;
};

/// The packages of a distribution are not there in an instant: a recovery waits for them.
TEST(PrepareInstance, TakesItsTimeOnTheWorldsClock) {
  Unprepared bench;
  ASSERT_TRUE(bench.prepare("t1"));
  const auto see = [&] {
    return *bench.port.observe({{"prepared", {"studio-1-new"}}}).value()[0].value;
  };
  const auto typical = model::find_action("prepare-instance")->typical;
  const auto start = bench.site.clock.now();
  EXPECT_EQ(see(), "no");
  bench.site.clock.move_to(start + typical - std::chrono::seconds(1));
  EXPECT_EQ(see(), "no");
  EXPECT_EQ(bench.prepare("t1").value(), "runs already");
  bench.site.clock.move_to(start + typical);
  EXPECT_EQ(see(), "yes");
}

/// INV-52: an older one ends as UPGRADE_FAILED.
TEST(PrepareInstance, RefusesAnOldDocker) {
  Unprepared bench;
  bench.type("apt-get install -y docker.io=20.10.21-0ubuntu1");
  const auto answer = bench.prepare("t1");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kBlocked);
  EXPECT_NE(answer.error().message.find("docker 20.10.21 is older than 24.0.6"), std::string::npos)
      << answer.error().message;
  EXPECT_EQ(bench.prepared().value, "no");
  EXPECT_TRUE(bench.site.world.violations().empty()) << "it was refused before anything was done";
  bench.type("apt-get install -y docker.io=24.0.7-0ubuntu4");
  EXPECT_TRUE(bench.prepare("t1"));
  EXPECT_EQ(bench.prepared().value, "yes");
}

/// The distribution's own package may be the old one: known only once it is there.
TEST(PrepareInstance, FailsWhereOnlyAnOldDockerCanBeInstalled) {
  Unprepared bench;
  bench.type(
      "printf 'Package: docker.io\\nPin: version 20.10.21*\\nPin-Priority: 1001\\n' > "
      "/etc/apt/preferences.d/docker");
  ASSERT_TRUE(bench.prepare("t1"));
  const auto seen = bench.prepared();
  EXPECT_EQ(seen.value, "no");
  EXPECT_NE(seen.detail.find("docker 20.10.21 is older than 24.0.6"), std::string::npos)
      << seen.detail;
  EXPECT_TRUE(bench.site.world.violations().empty());
}

/// The comparison itself, by a real shell over every order of releases.
TEST(PrepareInstance, ComparesVersionsAsNumbers) {
  const auto text =
      executor::host::action_scripts()
          .at("prepare-instance")
          .text({fleet({}), "11.11.0.ee.1"}, {"prepare-instance", {"studio-1-new"}, "t"});
  const std::size_t from = text.find("if test -n \"$docker\"");
  ASSERT_NE(from, std::string::npos) << text;
  const std::string check = text.substr(from, text.find("fi\n", from) + 3 - from);
  for (const auto& [version, refused] : {std::pair{"24.0.6", false},
                                         {"24.0.10", false},
                                         {"25.0.0", false},
                                         {"100.1", false},
                                         {"24.0.5", true},
                                         {"20.10.21", true},
                                         {"9.9.9", true},
                                         {"", false}}) {
    std::FILE* bash = ::popen("bash 2> /dev/null", "w");
    const std::string whole = std::string("docker=") + version + "\n" + check;
    std::fwrite(whole.data(), 1, whole.size(), bash);
    EXPECT_EQ(WEXITSTATUS(::pclose(bash)), refused ? executor::host::kCondition : 0) << version;
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
    std::FILE* pipe =
        ::popen(("timeout 20 bash " + (directory / "script").string() + " 2>&1").c_str(), "r");
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
