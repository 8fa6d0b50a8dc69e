#include "scenarios/progress/live_progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "scenarios/report/text.hpp"
#include "tests/scenarios/progress/sample_run.hpp"

namespace wme::scenarios {
namespace {

using namespace std::chrono_literals;

/// What a terminal shows after these bytes: understands what the live view writes, nothing else.
class Screen {
 public:
  explicit Screen(int columns) : columns_(static_cast<std::size_t>(columns)) {}

  void show(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes[0] == '\x1b') {
        bytes.remove_prefix(escape(bytes));
      } else if (bytes[0] == '\n') {
        ++row_;
        column_ = 0;
        bytes.remove_prefix(1);
      } else if (bytes[0] == '\r') {
        column_ = 0;
        bytes.remove_prefix(1);
      } else {
        std::size_t length = 1;
        while (length < bytes.size() && (bytes[length] & 0xC0) == 0x80) ++length;
        cell() = std::string(bytes.substr(0, length));
        ++column_;
        EXPECT_LT(column_, columns_) << "the line would wrap";
        bytes.remove_prefix(length);
      }
    }
  }
  std::string text() const {
    std::string all;
    for (const auto& row : rows_) {
      std::string line;
      for (const std::string& one : row) line += one;
      while (!line.empty() && line.back() == ' ') line.pop_back();
      all += line + "\n";
    }
    return all;
  }

 private:
  std::string& cell() {
    if (rows_.size() <= row_) rows_.resize(row_ + 1);
    if (rows_[row_].size() <= column_) rows_[row_].resize(column_ + 1, " ");
    return rows_[row_][column_];
  }
  std::size_t escape(std::string_view bytes) {
    const auto end = bytes.find_first_of("AKJm");
    const std::string number(bytes.substr(2, end - 2));
    switch (bytes[end]) {
      case 'A': {
        const auto up = static_cast<std::size_t>(std::stoi(number));
        EXPECT_LE(up, row_) << "would draw over what stood there before";
        row_ -= std::min(up, row_);
        break;
      }
      case 'K':
        if (row_ < rows_.size()) rows_[row_].resize(std::min(column_, rows_[row_].size()));
        break;
      case 'J':
        if (row_ < rows_.size()) rows_.resize(row_);
        break;
      default:
        break;
    }
    return end + 1;
  }

  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::vector<std::vector<std::string>> rows_;
};

constexpr Terminal kLive{true, true, true, 80};

struct Fixture {
  int columns;
  std::chrono::steady_clock::time_point now{};
  std::ostringstream out;
  LiveProgress progress;
  explicit Fixture(Terminal terminal = kLive)
      : columns(terminal.columns), progress(out, terminal, [this] { return now += 100ms; }) {}
  std::string shown() const {
    Screen screen(columns);
    screen.show(out.str());
    return screen.text();
  }
};

TEST(LiveProgress, ShowsWhatRunsAndWhatItWaitsFor) {
  Fixture fixture;
  fixture.progress.phase_started(kRunStart, "Dehydrate", 29);
  fixture.progress.step_started(kRunStart, {"s1", "A02", "Note the network", 2s});
  fixture.progress.step_started(kRunStart, {"s2", "A03", "Restrict login for all users", 180s});
  fixture.progress.step_done(kRunStart + 2s, "s1");
  fixture.progress.step_started(kRunStart + 2s, {"s3", "A09", "Count unparked containers", {}});
  fixture.progress.step_waiting(kRunStart + 65s, "s2", "gate = restricted");
  EXPECT_EQ(fixture.shown(), R"(Dehydrate  ░░░░░░░░░░░░░░░░░░░░  1/29  0:01:05  2 running
  A03 s2  Restrict login fo… until gate = restricted  1 min 05 s of about 3 min
  A09 s3  Count unparked containers                                  1 min 03 s
)");
}

TEST(LiveProgress, KeepsTroublesFailuresAndEndsOfPhases) {
  Fixture fixture;
  play(fixture.progress);
  EXPECT_EQ(fixture.shown(), R"(! 0:03:21 A06 s2 Park container c17 of a developer with a very long address on…
  passivate-container c17: no answer from http://launchpad.example.com/studio;
  looking whether it happened before asking again
✕ 0:05:00 A06 s2 Park container c17 of a developer with a very long address on…
  passivate-container c17: /wm-data is full; free space, then resume
✕ Dehydrate: 2 of 3 steps in 5 min 01 s
  stopped at s2
)");
}

TEST(LiveProgress, StaysWithinNarrowTerminalsAndAscii) {
  for (const int columns : {20, 40, 60}) {
    Fixture fixture({true, false, false, columns});
    play(fixture.progress);
    EXPECT_NE(fixture.shown().find("x Dehydrate"), std::string::npos);
    for (const char c : fixture.out.str()) EXPECT_EQ(c & 0x80, 0);
    EXPECT_EQ(fixture.out.str().find("\x1b[31m"), std::string::npos) << "no colour";
  }
}

TEST(LiveProgress, TakesAFewLinesHoweverMuchRuns) {
  Fixture fixture;
  fixture.progress.phase_started(kRunStart, "Restore", 500);
  for (int i = 0; i < 50; ++i)
    fixture.progress.step_started(kRunStart, {"s" + std::to_string(i), "B17", "Activate", {}});
  const std::string shown = fixture.shown();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 8);
  EXPECT_NE(shown.find("and 44 more"), std::string::npos);
}

TEST(LiveProgress, DrawsNoMoreOftenThanTheEyeSees) {
  std::ostringstream out;
  std::chrono::steady_clock::time_point now{};
  LiveProgress progress(out, kLive, [&] { return now; });
  progress.phase_started(kRunStart, "Restore", 500);
  const std::size_t before = out.str().size();
  for (int i = 0; i < 500; ++i)
    progress.step_started(kRunStart, {"s" + std::to_string(i), "", "x", {}});
  EXPECT_EQ(out.str().size(), before);
  now += 100ms;
  progress.heartbeat(kRunStart + 1s);
  EXPECT_GT(out.str().size(), before);
}

TEST(LiveProgress, CountsEachPhaseAnew) {
  Fixture fixture;
  play(fixture.progress);
  fixture.progress.phase_started(kRunStart + 400s, "Restore", 7);
  EXPECT_NE(fixture.shown().find("Restore  ░░░░░░░░░░░░░░░░░░░░  0/7  0:06:40  0 running"),
            std::string::npos)
      << fixture.shown();
}

}  // namespace
}  // namespace wme::scenarios
