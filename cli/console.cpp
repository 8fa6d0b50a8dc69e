#include "cli/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ostream>
#include <string>

namespace wme::cli {

namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kYellow = "\033[33m";
constexpr const char* kPlain = "\033[0m";

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// Source: no-color.org and force-color.org: set and not empty.
bool colors_for(int file) {
  if (!variable("NO_COLOR").empty()) return false;
  if (!variable("FORCE_COLOR").empty()) return true;
  return isatty(file) != 0 && variable("TERM") != "dumb";
}

std::size_t columns() {
  constexpr std::size_t kDefault = 100;
  constexpr std::size_t kMin = 60;
  constexpr std::size_t kMax = 200;  // longer lines are harder to read, not easier
  std::size_t found = 0;
  const std::string_view wanted = variable("COLUMNS");
  const auto parsed = std::from_chars(wanted.data(), wanted.data() + wanted.size(), found);
  if (wanted.empty() || parsed.ec != std::errc{}) {
    winsize size{};
    found = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
  }
  return found == 0 ? kDefault : std::clamp(found, kMin, kMax);
}

}  // namespace

Surroundings surroundings_of_process() {
  return {colors_for(STDOUT_FILENO), colors_for(STDERR_FILENO), columns()};
}

void Console::result(std::string_view text) { out_ << text; }

void Console::flush() { out_.flush(); }

void Console::note(std::string_view text) {
  if (!quiet_) err_ << text << std::flush;
}

void Console::labelled(const char* label, const char* color, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    // An indented line goes on with the one before.
    if (!text.starts_with(' '))
      err_ << (surroundings_.colors_err ? color : "") << label
           << (surroundings_.colors_err ? kPlain : "");
    err_ << text.substr(0, end) << "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  err_ << std::flush;
}

void Console::error(const Error& error) { labelled("error: ", kRed, error.message); }

void Console::warning(std::string_view text) { labelled("warning: ", kYellow, text); }

std::string Console::toned(Tone tone, const std::string& text) const {
  if (!surroundings_.colors_out) return text;
  const char* color = tone == Tone::kGood ? kGreen : tone == Tone::kBad ? kRed : kYellow;
  return color + text + kPlain;
}

bool Console::all_written() {
  out_.flush();
  return out_.good();
}

}  // namespace wme::cli
