#include "scenarios/progress/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "scenarios/report/text.hpp"

namespace wme::scenarios {
namespace {

constexpr int kColumnsMin = 20;
constexpr int kColumnsMax = 1000;

std::string_view value(const Environment& get, const char* name) {
  const char* text = get(name);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::optional<int> columns_from(std::string_view text) {
  int columns = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), columns);
  if (text.empty() || parsed.ptr != text.data() + text.size() || columns < kColumnsMin ||
      columns > kColumnsMax)
    return std::nullopt;
  return columns;
}

bool is_utf8(const Environment& get) {
  // The first of them that is set decides. Source: locale(7).
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string text(value(get, name));
    if (text.empty()) continue;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text.find("UTF-8") != std::string::npos || text.find("UTF8") != std::string::npos;
  }
  return false;
}

}  // namespace

Terminal terminal_for(bool is_terminal, std::optional<int> window_columns, const Environment& get) {
  Terminal terminal;
  const std::string_view type = value(get, "TERM");
  terminal.live = is_terminal && !type.empty() && type != "dumb";
  terminal.color =
      value(get, "NO_COLOR").empty() && (terminal.live || !value(get, "FORCE_COLOR").empty());
  terminal.unicode = is_utf8(get);
  if (window_columns && *window_columns >= kColumnsMin)
    terminal.columns = std::min(*window_columns, kColumnsMax);
  if (const auto columns = columns_from(value(get, "COLUMNS"))) terminal.columns = *columns;
  return terminal;
}

Terminal terminal_of_stderr() {
  winsize size{};
  std::optional<int> columns;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  return terminal_for(::isatty(STDERR_FILENO) == 1, columns,
                      [](const char* name) -> const char* { return std::getenv(name); });
}

std::string fitted(std::string_view text, int columns, bool unicode) {
  std::string line = printable(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  const auto width = static_cast<std::size_t>(std::max(columns, 0));
  if (unicode) return shortened(line, width);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  if (line.size() > width) line = line.substr(0, width < 2 ? 0 : width - 2) + "..";
  return line.substr(0, width);
}

}  // namespace wme::scenarios
