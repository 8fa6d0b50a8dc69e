#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "tests/simulators/host/host_bench.hpp"

namespace wme::tests {
namespace {

/// The same text in the simulated shell and in a real bash.
class SameAsBash : public testing::TestWithParam<const char*> {};

TEST_P(SameAsBash, PrintsTheSame) {
  HostBench bench(bench_inventory());
  const std::string script = GetParam();
  std::FILE* pipe = ::popen(("cd /tmp; " + script).c_str(), "r");
  std::array<char, 1024> buffer{};
  std::string real;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    real.append(buffer.data(), got);
  ::pclose(pipe);
  EXPECT_EQ(bench.output("platform", "cd /tmp; " + script), real) << script;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, SameAsBash,
    testing::Values(
        "echo a  'b  c' \"d $HOMELESS e\"", "true && echo yes || echo no",
        "false && echo yes || echo no", "false; echo $?", "! false; echo $?",
        "x='a b'; echo $x \"$x\"; for i in $x; do echo \"<$i>\"; done",
        "if test 3 -gt 2; then echo more; elif true; then echo never; else echo less; fi",
        "if false; then echo a; elif true; then echo b; else echo c; fi",
        "echo one two three | awk '{print $2}'", "printf '%s\\n' b a c | sort | head -n 2",
        "printf 'x\\ny\\n' | wc -l | tr -d ' '", "echo $(echo $(echo deep) er)", "(cd /; pwd); pwd",
        "{ echo a; echo b; } | grep -c .", "echo \"${none:-default}\"",
        "bash -c 'echo $0 $1 $#' me you", "printf 'a=1\\nb=2\\n' | grep -v a | cut -d = -f 2",
        "echo 'it'\\''s'", "bash -c 'exit 7'; echo $?", "(exit 4) || echo $?",
        "echo x > sim-$$.t && cat sim-$$.t && rm sim-$$.t && test ! -e sim-$$.t && echo gone",
        "echo a 2>&1 | grep -q b; echo $?", "echo a#b # comment", "set -e; true; echo on",
        "printf 'k v\\n' | sed 's/v/w/'", "cd /nowhere 2> /dev/null || echo failed",
        "test -z '' && test -n x && echo both", "echo abc | tr a-z A-Z | wc -c | tr -d ' '"));

TEST(Shell, SaysWhatBashSays) {
  HostBench bench(bench_inventory());
  const auto unknown = bench.type("platform", "frobnicate --all");
  EXPECT_EQ(unknown.exit_status, 127);
  EXPECT_EQ(unknown.errors, "bash: frobnicate: command not found\n");
  EXPECT_EQ(bench.type("platform", "echo 'open").exit_status, 2);
  EXPECT_THAT(bench.type("platform", "echo a && ; b").errors,
              testing::HasSubstr("syntax error near unexpected token `;'"));
  EXPECT_EQ(bench.type("platform", "bash nowhere.sh").exit_status, 127);
}

/// `sudo echo x >> /etc/fstab`: the redirection is not root's (wme.md 7-21).
TEST(Shell, RedirectsAsTheUserWhoTyped) {
  HostBench bench(bench_inventory());
  const std::string before = bench.output("platform", "cat /etc/fstab");
  const auto answer = bench.type("platform", "sudo echo x >> /etc/fstab");
  EXPECT_EQ(answer.exit_status, 1);
  EXPECT_EQ(answer.errors, "bash: /etc/fstab: Permission denied\n");
  EXPECT_EQ(bench.output("platform", "cat /etc/fstab"), before);
}

TEST(Shell, KnowsWhichCommandsReadTheirInput) {
  HostBench bench(bench_inventory());
  EXPECT_TRUE(bench.front.reads_input("cat"));
  EXPECT_TRUE(bench.front.reads_input("sudo bash /opt/wme-installer.sh"));
  EXPECT_TRUE(bench.front.reads_input("sudo bash -c 'cat > /tmp/x'"));
  EXPECT_FALSE(bench.front.reads_input("cat /etc/fstab | grep wm"));
  EXPECT_FALSE(bench.front.reads_input("lsblk; cat < /etc/fstab"));
  EXPECT_FALSE(bench.front.reads_input("nohup cat > /tmp/log &"));
}

TEST(Shell, EndsABackgroundJobWhenTheWorldDoes) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  bench.advance_to("download-artefact");
  const auto started = bench.type(
      "platform-new",
      "nohup bash -c 'wget -O /tmp/p https://downloads.test.example/WME.tar; echo $? > /tmp/end' > "
      "/tmp/log 2>&1 & echo started");
  EXPECT_EQ(started.output, "started\n");
  EXPECT_EQ(bench.type("platform-new", "test -e /tmp/end").exit_status, 1);
  EXPECT_EQ(bench.value("artefact", {"package"}), "downloading");
  bench.settle();
  EXPECT_EQ(bench.output("platform-new", "cat /tmp/end"), "0\n");
  EXPECT_THAT(bench.output("platform-new", "cat /tmp/log"), testing::HasSubstr("200 OK"));
}

TEST(Shell, LosesItsJobsWithTheMachine) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  bench.advance_to("download-artefact");
  bench.type("platform-new",
             "nohup bash -c 'wget https://downloads.test.example/WME.tar; echo $? > /tmp/end' &");
  bench.happens("stop-machine", {"platform-new"});
  EXPECT_EQ(bench.type("platform-new", "true").reach, simulators::HostFront::Reach::kUnreachable);
  bench.happens("start-machine", {"platform-new"});
  bench.settle();
  EXPECT_EQ(bench.type("platform-new", "test -e /tmp/end").exit_status, 1);
}

TEST(Shell, IsCutByFaults) {
  using simulators::Fault;
  using Reach = simulators::HostFront::Reach;
  HostBench bench(bench_inventory(), model::Procedure::kDehydrate,
                  simulators::FaultSchedule({{"ssh touch", 1, Fault::kRequestLost},
                                             {"ssh touch", 2, Fault::kAnswerLost},
                                             {"ssh touch", 3, Fault::kServerError},
                                             {"ssh touch", 4, Fault::kStaleRead}}));
  const auto there = [&] { return bench.type("platform", "test -e /tmp/x").exit_status == 0; };
  EXPECT_EQ(bench.type("platform", "touch /tmp/x").reach, Reach::kCutBefore);
  EXPECT_FALSE(there());
  EXPECT_EQ(bench.type("platform", "sudo -n bash -c 'touch /tmp/x'").reach, Reach::kCutAfter);
  EXPECT_TRUE(there());
  EXPECT_EQ(bench.type("platform", "touch /tmp/y").exit_status, 254);
  EXPECT_EQ(bench.type("platform", "touch /tmp/y").exit_status, 0);
  EXPECT_EQ(bench.world.faults_met().size(), 3U) << "no command shows what was before it";
}

}  // namespace
}  // namespace wme::tests
