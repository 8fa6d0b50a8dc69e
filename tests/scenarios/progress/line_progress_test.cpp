#include "scenarios/progress/line_progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "scenarios/report/text.hpp"
#include "tests/scenarios/progress/sample_run.hpp"

namespace wme::scenarios {
namespace {

std::string played(const Terminal& terminal) {
  std::ostringstream out;
  const auto progress = make_progress(out, terminal);
  play(*progress);
  return out.str();
}

TEST(LineProgress, TellsEachEventInOneLine) {
  EXPECT_EQ(played({}), R"(0:00:00  phase   Dehydrate, 3 steps
0:00:00  start   A03 s1   Restrict login for all users (about 3 min)
0:00:05  wait    A03 s1   for gate = restricted (5 s of about 3 min)
0:03:05  late    A03 s1   for gate = restricted (3 min 05 s, expected 3 min)
0:03:10  alive   0 of 3 done, 1 running
0:03:10  late    A03 s1   for gate = restricted (3 min 10 s, expected 3 min)
0:03:20  done    A03 s1   Restrict login for all users (3 min 20 s)
0:03:20  start   A06 s2   Park container c17 of a developer.. (about 1 min 30 s)
0:03:21  trouble A06 s2   Park container c17 of a developer with a very long a..
         passivate-container c17: no answer from
         http://launchpad.example.com/studio; looking whether it happened before
         asking again
0:03:22  start   s3       Look
0:03:23  done    s3       Look (1 s)
0:05:00  FAILED  A06 s2   Park container c17 of a developer with a very long a..
         passivate-container c17: /wm-data is full; free space, then resume
0:05:01  STOP    Dehydrate: 2 of 3 steps done in 5 min 01 s
         stopped at s2
)");
}

TEST(LineProgress, StaysWithinTheTerminal) {
  for (const int columns : {40, 80, 132}) {
    std::istringstream lines(played({false, false, true, columns}));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(character_count(line), static_cast<std::size_t>(columns)) << line;
  }
}

TEST(LineProgress, HasNoEscapeSequencesWithoutColor) {
  EXPECT_EQ(played({}).find('\x1b'), std::string::npos);
  EXPECT_NE(played({false, true, true, 80}).find("\x1b[31mFAILED"), std::string::npos);
}

TEST(LineProgress, RepeatsAWaitOnlyWhenThereIsNews) {
  std::ostringstream out;
  LineProgress progress(out, {});
  progress.phase_started(kRunStart, "Restore", 1);
  progress.step_started(kRunStart, {"s1", "B12", "Synchronise", std::chrono::minutes{18}});
  out.str("");
  for (int i = 1; i <= 100; ++i)
    progress.step_waiting(kRunStart + std::chrono::seconds{i * 20}, "s1", "setup = running");
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;  // it waits; it is late
}

}  // namespace
}  // namespace wme::scenarios
