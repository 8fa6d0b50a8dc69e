#include "scenarios/progress/terminal.hpp"

#include <gtest/gtest.h>

#include <map>

namespace wme::scenarios {
namespace {

Terminal with(const std::map<std::string, std::string>& variables, bool is_terminal = true,
              std::optional<int> window = std::nullopt) {
  return terminal_for(is_terminal, window, [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(Terminal, IsLiveOnlyWhereLinesCanBeDrawnOver) {
  EXPECT_TRUE(with({{"TERM", "xterm"}}).live);
  EXPECT_FALSE(with({{"TERM", "xterm"}}, false).live);
  EXPECT_FALSE(with({{"TERM", "dumb"}}).live);
  EXPECT_FALSE(with({}).live);
}

TEST(Terminal, HasNoColorWhereNobodyWantsIt) {
  EXPECT_TRUE(with({{"TERM", "xterm"}, {"NO_COLOR", ""}}).color);
  EXPECT_FALSE(with({{"TERM", "xterm"}, {"NO_COLOR", "1"}}).color);
  EXPECT_FALSE(with({{"TERM", "xterm"}}, false).color);
  EXPECT_TRUE(with({{"FORCE_COLOR", "1"}}, false).color);
  EXPECT_FALSE(with({{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}, false).color);
}

TEST(Terminal, IsAsWideAsColumnsSaysThenAsTheWindow) {
  EXPECT_EQ(with({}).columns, 80);
  EXPECT_EQ(with({}, true, 132).columns, 132);
  EXPECT_EQ(with({{"COLUMNS", "100"}}, true, 132).columns, 100);
  EXPECT_EQ(with({{"COLUMNS", "0"}}, true, 0).columns, 80);
  EXPECT_EQ(with({{"COLUMNS", "80x"}}, true, 132).columns, 132);
}

TEST(Terminal, ShowsUnicodeByTheLocale) {
  EXPECT_TRUE(with({{"LANG", "de_DE.UTF-8"}}).unicode);
  EXPECT_TRUE(with({{"LC_CTYPE", "C.utf8"}, {"LANG", "C"}}).unicode);
  EXPECT_FALSE(with({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}).unicode);
  EXPECT_FALSE(with({}).unicode);
}

TEST(Fitted, KeepsOneLineOneLine) {
  EXPECT_EQ(fitted("a\nb\tc", 80, true), "a b c");
  EXPECT_EQ(fitted("evil \x1b[2J", 80, true), "evil \uFFFD[2J");
  EXPECT_EQ(fitted("Zürich", 4, true), "Zür…");
  EXPECT_EQ(fitted("container", 6, false), "cont..");
  EXPECT_EQ(fitted("Zürich", 80, false), "Z??rich");
  EXPECT_EQ(fitted("container", 0, false), "");
}

}  // namespace
}  // namespace wme::scenarios
