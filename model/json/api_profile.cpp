#include "model/json/api_profile.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>

#include "model/json/percent.hpp"

namespace wme::model {

namespace {

[[noreturn]] void broken(const std::string& what) {
  std::cerr << "api profile: " << what << " (a mistake in this program)\n";
  std::abort();
}

template <class Entries>
const auto& entry(const Entries& entries, std::string_view key) {
  const auto at = entries.find(key);
  if (at == entries.end()) broken("no entry \"" + std::string(key) + "\"");
  return at->second;
}

bool is_placeholder(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string_view inside(std::string_view placeholder) {
  return placeholder.substr(1, placeholder.size() - 2);
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::size_t slash = path.find('/', 1);
    segments.push_back(path.substr(1, slash == std::string_view::npos ? slash : slash - 1));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  }
  return segments;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

}  // namespace

std::string Operation::target(const Arguments& arguments) const {
  std::string wire;
  std::size_t used = 0;
  for (const std::string_view segment : segments_of(path)) {
    wire += '/';
    if (!is_placeholder(segment)) {
      wire += segment;
      continue;
    }
    wire += percent_encode(entry(arguments, inside(segment)));
    ++used;
  }
  char separator = '?';
  for (const auto& [word, name] : query) {
    const auto at = arguments.find(word);
    if (at == arguments.end()) continue;
    wire += separator + percent_encode(name) + "=" + percent_encode(at->second);
    separator = '&';
    ++used;
  }
  if (used != arguments.size()) broken("arguments that " + method + " " + path + " does not take");
  return wire;
}

std::optional<Arguments> Operation::match(std::string_view asked_method,
                                          std::string_view asked_path) const {
  if (asked_method != method) return std::nullopt;
  const auto pattern = segments_of(path);
  const auto asked = segments_of(asked_path);
  if (pattern.size() != asked.size()) return std::nullopt;
  Arguments arguments;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::optional<std::string> text = percent_decode(asked[i]);
    if (!text || text->empty()) return std::nullopt;
    if (is_placeholder(pattern[i]))
      arguments.emplace(inside(pattern[i]), *text);
    else if (*text != pattern[i])
      return std::nullopt;
  }
  return arguments;
}

const Operation& SystemProfile::operation(std::string_view key) const {
  return entry(operations, key);
}
const std::string& SystemProfile::field(std::string_view key) const {
  return entry(fields, key).name;
}
const std::string& SystemProfile::word(std::string_view key) const {
  return entry(words, key).text;
}
int SystemProfile::number(std::string_view key) const { return entry(numbers, key).value; }
const std::string& SystemProfile::choice(std::string_view key) const {
  return entry(choices, key).value;
}

std::optional<std::string> SystemProfile::meaning(std::string_view kind,
                                                  std::string_view text) const {
  const std::string prefix = std::string(kind) + ".";
  for (auto at = words.lower_bound(prefix); at != words.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    const auto means_it = [text](const std::string& word) {
      return same_ignoring_case(word, text);
    };
    if (means_it(at->second.text) || std::ranges::any_of(at->second.also, means_it))
      return at->first.substr(prefix.size());
  }
  return std::nullopt;
}

std::vector<std::string> SystemProfile::words_of(std::string_view kind) const {
  const std::string prefix = std::string(kind) + ".";
  std::vector<std::string> found;
  for (auto at = words.lower_bound(prefix); at != words.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    found.push_back(at->second.text);
  }
  return found;
}

std::optional<SystemProfile::Match> SystemProfile::match(std::string_view method,
                                                         std::string_view path) const {
  std::optional<Match> best;
  for (const auto& [key, candidate] : operations) {
    std::optional<Arguments> arguments = candidate.match(method, path);
    // Fewer placeholders: more of the path is fixed.
    if (arguments && (!best || arguments->size() < best->arguments.size()))
      best = Match{key, std::move(*arguments)};
  }
  return best;
}

}  // namespace wme::model
