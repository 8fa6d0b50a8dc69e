#include "tests/support/canary.hpp"

#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <utility>

#include "tests/support/process.hpp"

namespace wme::testing_support {

namespace {

struct Needle {
  std::string coat;  ///< "in base64"
  std::string text;
};

std::string base64_of(const std::string& bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char each : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(each);
    count += 8;
    for (; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63U];
  }
  return text;  // digits that the bytes decide alone: neither the rest nor padding
}

/// The digits that stand for `bytes` wherever they begin in a longer text.
std::string base64_within(const std::string& bytes, std::size_t offset) {
  const std::size_t undecided = (offset * 8 + 5) / 6;
  return base64_of(std::string(offset, '\0') + bytes).substr(undecided);
}

std::string each_byte(const std::string& text, const char* format, bool also_plain) {
  std::string coated;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (!also_plain && (std::isalnum(byte) || std::strchr("-._~", each) != nullptr)) {
      coated += each;
      continue;
    }
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), format, static_cast<unsigned>(byte));
    coated += digits.data();
  }
  return coated;
}

std::string url_safe(std::string base64) {
  for (char& each : base64) each = each == '+' ? '-' : each == '/' ? '_' : each;
  return base64;
}

std::vector<Needle> needles_of(const std::string& half) {
  std::vector<Needle> needles = {{"as it is", half},
                                 {"percent-encoded", each_byte(half, "%%%02X", false)},
                                 {"percent-encoded", each_byte(half, "%%%02x", false)},
                                 {"in hexadecimal digits", each_byte(half, "%02x", true)},
                                 {"in hexadecimal digits", each_byte(half, "%02X", true)}};
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string digits = base64_within(half, offset);
    needles.push_back({"in base64", digits});
    needles.push_back({"in base64", url_safe(digits)});
  }
  return needles;
}

std::vector<std::string> pieces_of(const std::string& secret) {
  constexpr std::size_t kTellingAlone = 10;  // shorter pieces may stand somewhere by chance
  const std::size_t middle = secret.size() / 2;
  if (middle < kTellingAlone) return {secret};
  return {secret.substr(0, middle), secret.substr(middle)};
}

bool has(std::string_view text, const std::string& needle) {
  return memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace

const std::vector<Canary>& planted_canaries() {
  static const std::vector<Canary> all = {
      {"Launchpad's password", "Kanari.Lp+4fTz/9QzPwX=7vB2&hN"},
      {"the ConfigWizard's password", "Kanari.Cw+8mRd/2LsGyJ=6kV3&tE"},
      {"the AWS secret key", "KanariAws5nHq/1XcUoF+7pA4sD8gK0jLmZ3bVwE"},
      {"the AWS session token", "KanariTok3yWb/6RtSiM+9eC1xQ5uN=="},
      {"the webhook secret", "Kanari.Wh+1dKp/5ZaOqI=0rY7&fU"},
  };
  return all;
}

const std::map<std::string, std::string>& canary_environment() {
  static const std::map<std::string, std::string> variables = {
      {"REHYDRATE_LAUNCHPAD_PASSWORD", planted_canaries()[0].text},
      {"REHYDRATE_CONFIG_WIZARD_PASSWORD", planted_canaries()[1].text},
      {"AWS_ACCESS_KEY_ID", "AKIACANARY0000000000"},  // told to everybody: no secret
      {"AWS_SECRET_ACCESS_KEY", planted_canaries()[2].text},
      {"AWS_SESSION_TOKEN", planted_canaries()[3].text},
      {"REHYDRATE_WEBHOOK_SECRET", planted_canaries()[4].text},
  };
  return variables;
}

const std::vector<Canary>& simulator_canaries() {
  static const std::vector<Canary> all = {
      {"the simulators' password", "Simulated_1.only"},
      {"the simulators' AWS secret key", "simulated/only+0000000000000000000000000"},
  };
  return all;
}

std::vector<std::string> leaks_in(const std::vector<Canary>& canaries, std::string_view text,
                                  const std::string& where) {
  std::vector<std::string> leaks;
  for (const Canary& canary : canaries) {
    std::string coat;
    for (const std::string& piece : pieces_of(canary.text))
      for (const Needle& needle : needles_of(piece))
        if (coat.empty() && has(text, needle.text)) coat = needle.coat;
    if (!coat.empty()) leaks.push_back(where + " has " + canary.name + " " + coat);
  }
  return leaks;
}

std::vector<std::string> leaks_below(const std::vector<Canary>& canaries,
                                     const std::filesystem::path& folder) {
  std::vector<std::string> leaks;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    for (std::string& leak : leaks_in(canaries, text_of(entry.path()), entry.path().string()))
      leaks.push_back(std::move(leak));
  }
  return leaks;
}

}  // namespace wme::testing_support
