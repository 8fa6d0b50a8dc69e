#include "executor/telling/text_line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {

namespace {

bool is_plain(char each) {
  const auto byte = static_cast<unsigned char>(each);
  return byte > ' ' && byte != '"' && byte != '\\' && byte != '=' && byte != 0x7f;
}

std::string value_text(const std::string& value) {
  if (std::all_of(value.begin(), value.end(), is_plain)) return value;
  std::string text = "\"";
  for (const char each : value) {
    const auto byte = static_cast<unsigned char>(each);
    if (each == '"' || each == '\\') {
      text += '\\';
      text += each;
    } else if (each == '\n') {
      text += "\\n";
    } else if (byte < ' ' || byte == 0x7f) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned>(byte));
      text += escaped.data();
    } else {
      text += each;
    }
  }
  return text + "\"";
}

std::string seconds_text(std::chrono::milliseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(time.count()) / 1000.0);
  return text.data();
}

}  // namespace

std::string text_line(const Told& told) {
  std::string line = rfc3339(told.at) + " " + std::string(to_string(severity_of(told))) + " " +
                     std::string(facts_of(told.kind).name);
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) line += std::string(" ") + key + "=" + value_text(value);
  };
  add("run", told.run);
  if (told.leg > 0) add("leg", std::to_string(told.leg));
  add("step", told.step);
  add("action", told.action);
  std::string arguments;
  for (const std::string& each : told.arguments) arguments += (arguments.empty() ? "" : ",") + each;
  add("arguments", arguments);
  if (told.attempt > 0) add("attempt", std::to_string(told.attempt));
  if (told.elapsed.count() > 0) add("elapsed_seconds", seconds_text(told.elapsed));
  add("outcome", told.outcome);
  add("message", told.text);
  return line;
}

}  // namespace wme::executor
