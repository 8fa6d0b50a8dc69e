#include "scenarios/inventory/rows.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace wme::scenarios {

namespace {

using model::Container;

constexpr std::size_t kRunMin = 4;
constexpr unsigned kNumberMax = 9'999'999;

/// `before` {first..last} `after`.
struct Range {
  std::string before;
  unsigned first = 0;
  unsigned last = 0;
  std::string after;
};

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > kNumberMax)
    return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;  // {n:2} fills with zeros
  return value;
}

std::optional<Range> parse_range(std::string_view name) {
  const auto open = name.find('{');
  const auto close = name.find('}');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  const std::string_view inside = name.substr(open + 1, close - open - 1);
  const auto dots = inside.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(inside.substr(0, dots));
  const auto last = parse_number(inside.substr(dots + 2));
  if (!first || !last || *first > *last) return std::nullopt;
  return Range{std::string(name.substr(0, open)), *first, *last,
               std::string(name.substr(close + 1))};
}

std::string filled(unsigned number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

/// `text` with {n} and {n:WIDTH} replaced; none when its braces say something else.
std::optional<std::string> fill_in(std::string_view text, std::optional<unsigned> number) {
  constexpr unsigned kWidthMax = 20;
  std::string result;
  while (!text.empty()) {
    const auto brace = text.find_first_of("{}");
    result += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace);
    const auto close = text.find('}');
    if (!number || close == std::string_view::npos || !text.starts_with("{n")) return std::nullopt;
    const std::string_view width = text.substr(2, close - 2);
    if (width.empty()) {
      result += std::to_string(*number);
    } else {
      const auto digits = width.front() == ':' ? parse_number(width.substr(1)) : std::nullopt;
      if (!digits || *digits > kWidthMax) return std::nullopt;
      result += filled(*number, *digits);
    }
    text.remove_prefix(close + 1);
  }
  return result;
}

Error bad_braces(const char* key, const std::string& text) {
  return Error{ErrorCode::kInvalid,
               std::string(key) + " '" + text + "' has braces that say nothing: only {n} and " +
                   "{n:8}, the running number of a row whose name has a range, are known; write " +
                   "one of them, or no braces"};
}

Result<Container> member(const Container& row, std::string name, std::optional<unsigned> number) {
  Container one = row;
  auto id = fill_in(row.id, number);
  if (!id) return bad_braces("id", row.id);
  auto owner = fill_in(row.owner, number);
  if (!owner) return bad_braces("owner", row.owner);
  one.id = id->empty() ? name : *std::move(id);
  one.owner = *std::move(owner);
  one.name = std::move(name);
  return one;
}

/// `text` with the last digits that mean `number` replaced by what stands for it in a row.
std::optional<std::string> templated(std::string_view text, unsigned number) {
  std::size_t end = text.size();
  while (end > 0) {
    const auto is_digit = [&](std::size_t at) {
      return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    while (end > 0 && !is_digit(end - 1)) --end;
    std::size_t begin = end;
    while (begin > 0 && is_digit(begin - 1)) --begin;
    const std::string_view digits = text.substr(begin, end - begin);
    if (!digits.empty() && digits.size() <= 20 && digits == filled(number, digits.size())) {
      const bool plain = digits.size() == std::to_string(number).size();
      return std::string(text.substr(0, begin)) +
             (plain ? "{n}" : "{n:" + std::to_string(digits.size()) + "}") +
             std::string(text.substr(end));
    }
    end = begin;
  }
  return std::nullopt;
}

/// The number at the end of a name, as the range of one; none when there is no plain one.
std::optional<Range> counted(const std::string& name) {
  std::size_t begin = name.size();
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(name[begin - 1]))) --begin;
  const auto number = parse_number(std::string_view(name).substr(begin));
  if (!number || begin == name.size()) return std::nullopt;
  return Range{name.substr(0, begin), *number, *number, ""};
}

bool same(const Container& row, const Container& one) {
  return row.shard == one.shard && row.instance == one.instance && row.state == one.state;
}

/// How far the row for `containers[begin]` reaches when its id and owner are written like that.
std::size_t reach(const std::vector<Container>& containers, std::size_t begin, const Range& range,
                  const Container& row) {
  std::size_t end = begin;
  for (; end < containers.size(); ++end) {
    const unsigned number = range.first + static_cast<unsigned>(end - begin);
    const Container& one = containers[end];
    if (number > kNumberMax || one.name != range.before + std::to_string(number)) break;
    const std::string id = row.id.empty() ? one.name : fill_in(row.id, number).value_or("");
    if (!same(row, one) || one.id != id || one.owner != fill_in(row.owner, number)) break;
  }
  return end;
}

}  // namespace

bool is_entity_name(std::string_view text) {
  constexpr std::size_t kLengthMax = 63;  // of a tag, a label and a host name, everywhere
  if (text.empty() || text.size() > kLengthMax) return false;
  if (!std::isalnum(static_cast<unsigned char>(text.front()))) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '.' || c == '_' || c == '-';
  });
}

bool is_row_name(std::string_view text) {
  if (const auto range = parse_range(text))
    return is_entity_name(range->before + std::to_string(range->last) + range->after);
  return is_entity_name(text);
}

Result<std::vector<Container>> unfold(const Container& row, std::size_t containers_max) {
  std::vector<Container> containers;
  const auto range = parse_range(row.name);
  const std::size_t count = range ? range->last - range->first + 1 : 1;
  if (count > containers_max)
    return Error{ErrorCode::kInvalid, "containers '" + row.name + "' are too many: a file holds " +
                                          "at most " + std::to_string(containers_max) +
                                          " more; check the end of the range"};
  for (std::size_t i = 0; i < count; ++i) {
    std::optional<unsigned> number;
    if (range) number = range->first + static_cast<unsigned>(i);
    Result<Container> one = member(
        row, number ? range->before + std::to_string(*number) + range->after : row.name, number);
    if (!one) return one.error();
    containers.push_back(std::move(one).value());
  }
  return containers;
}

std::vector<Container> fold(const std::vector<Container>& containers) {
  std::vector<Container> rows;
  for (std::size_t begin = 0; begin < containers.size();) {
    Container row = containers[begin];
    if (row.id == row.name) row.id.clear();
    std::size_t end = begin;
    if (const auto range = counted(row.name)) {
      Container wide = row;
      wide.owner = templated(row.owner, range->first).value_or(row.owner);
      if (!row.id.empty()) wide.id = templated(row.id, range->first).value_or(row.id);
      end = reach(containers, begin, *range, wide);
      if (end - begin >= kRunMin) {
        wide.name = range->before + "{" + std::to_string(range->first) + ".." +
                    std::to_string(range->first + (end - begin) - 1) + "}";
        row = std::move(wide);
      }
    }
    begin = end - begin >= kRunMin ? end : begin + 1;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace wme::scenarios
