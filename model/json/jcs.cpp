#include "model/json/jcs.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "model/json/strict_json.hpp"

namespace wme::model {

namespace {

using nlohmann::json;

// ---------------------------------------------------------------------------------- numbers

/// A positive finite number as digits and the position of its decimal point: 0.DIGITS * 10^point.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest(double number) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific);
  const std::string_view written(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  const std::size_t e = written.find('e');
  Decimal made;
  std::ranges::copy_if(written.substr(0, e), std::back_inserter(made.digits),
                       [](char c) { return c != '.'; });
  const std::string_view exponent = written.substr(e + (written[e + 1] == '+' ? 2 : 1));
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), made.point);
  ++made.point;
  return made;
}

/// Number::toString of ECMA-262; `digits` has no trailing zeros but for a single "0".
std::string laid_out(const Decimal& decimal) {
  const auto& [digits, point] = decimal;
  const auto count = static_cast<int>(digits.size());
  const auto zeros = [](int n) { return std::string(static_cast<std::size_t>(n), '0'); };
  const auto split = static_cast<std::size_t>(std::max(point, 0));
  constexpr int kWholeMax = 21;
  constexpr int kZerosMax = 6;
  if (count <= point && point <= kWholeMax) return digits + zeros(point - count);
  if (0 < point && point <= kWholeMax) return digits.substr(0, split) + "." + digits.substr(split);
  if (-kZerosMax < point && point <= 0) return "0." + zeros(-point) + digits;
  const int exponent = point - 1;
  const std::string tail = (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  return digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + tail;
}

// ---------------------------------------------------------------------------------- texts

/// The code point that begins at `at`, which moves behind it; none for what is no UTF-8.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || at + length > text.size()) return std::nullopt;
  constexpr std::array<unsigned char, 5> kPayload = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t point = first & kPayload.at(length);
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return std::nullopt;
    point = point << 6U | (byte(i) & 0x3FU);
  }
  const bool too_long = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  if (too_long || surrogate || point > 0x10FFFF) return std::nullopt;
  at += length;
  return point;
}

/// The order of keys is that of their UTF-16 code units, not of their bytes.
std::optional<std::u16string> utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = next_code_point(text, at);
    if (!point) return std::nullopt;
    if (*point < 0x10000) {
      units += static_cast<char16_t>(*point);
    } else {
      units += static_cast<char16_t>(0xD800 + ((*point - 0x10000) >> 10U));
      units += static_cast<char16_t>(0xDC00 + ((*point - 0x10000) & 0x3FFU));
    }
  }
  return units;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kShort = "\b\t\n\f\r\"\\";
  constexpr std::string_view kNames = "btnfr\"\\";
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (const std::size_t found = kShort.find(c); found != std::string_view::npos) {
    out += '\\';
    out += kNames[found];
  } else if (byte < 0x20) {
    out += "\\u00";
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  } else {
    out += c;
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) append_escaped(out, c);
  return out;
}

std::string in_quotes(std::string_view text) { return '"' + escaped(text) + '"'; }

// ---------------------------------------------------------------------------------- values

/// Writes a value, or says what cannot be written and stops.
class Writer {
 public:
  bool write(const json& value, const std::string& place);
  std::string out;
  std::string failure;

 private:
  bool fail(const std::string& place, const std::string& why) {
    failure = (place.empty() ? "/" : place) + ": " + why;
    return false;
  }
  bool write_number(const json& value, const std::string& place);
  bool write_text(const std::string& text, const std::string& place);
  bool write_list(const json& list, const std::string& place);
  bool write_object(const json& object, const std::string& place);
  bool write_nested(const json& value, const std::string& place);

  static constexpr int kDepthMax = 500;  // no file of ours nests deeper than ten
  int depth_ = 0;
};

/// Every number of JCS is a double; what it would silently round is refused.
bool Writer::write_number(const json& value, const std::string& place) {
  constexpr double kPastLong = 9223372036854775808.0;           // 2^63
  constexpr double kPastUnsignedLong = 18446744073709551616.0;  // 2^64
  const auto number = value.get<double>();
  const bool exact =
      value.is_number_float() ||
      (value.is_number_unsigned()
           ? number < kPastUnsignedLong && static_cast<json::number_unsigned_t>(number) ==
                                               value.get<json::number_unsigned_t>()
           : number < kPastLong && static_cast<json::number_integer_t>(number) ==
                                       value.get<json::number_integer_t>());
  if (!exact)
    return fail(place, "the number " + value.dump() +
                           " has no exact canonical form: a double cannot "
                           "hold it; write it as a text");
  const auto text = jcs_number(number);
  if (!text) return fail(place, "not a number or infinite: JSON has no such number");
  out += *text;
  return true;
}

bool Writer::write_text(const std::string& text, const std::string& place) {
  if (!utf16(text)) return fail(place, "the text is not valid UTF-8, or has a lone surrogate");
  out += in_quotes(text);
  return true;
}

bool Writer::write_list(const json& list, const std::string& place) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    if (!write(list[i], place + "/" + std::to_string(i))) return false;
  }
  out += ']';
  return true;
}

bool Writer::write_object(const json& object, const std::string& place) {
  std::vector<std::pair<std::u16string, const std::string*>> keys;
  for (const auto& [key, part] : object.items()) {
    auto units = utf16(key);
    if (!units) return fail(place, "a key is not valid UTF-8, or has a lone surrogate");
    keys.emplace_back(std::move(*units), &object.find(key).key());
  }
  std::ranges::sort(keys, {}, &decltype(keys)::value_type::first);
  out += '{';
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string& key = *keys[i].second;
    out += (i > 0 ? "," : "") + in_quotes(key) + ":";
    if (!write(object.at(key), place + "/" + escaped(key))) return false;
  }
  out += '}';
  return true;
}

bool Writer::write_nested(const json& value, const std::string& place) {
  if (depth_ == kDepthMax) return fail("", "it nests deeper than 500 levels");
  ++depth_;
  const bool done = value.is_array() ? write_list(value, place) : write_object(value, place);
  --depth_;
  return done;
}

bool Writer::write(const json& value, const std::string& place) {
  switch (value.type()) {
    case json::value_t::null:
      out += "null";
      return true;
    case json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return true;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      return write_number(value, place);
    case json::value_t::string:
      return write_text(value.get_ref<const std::string&>(), place);
    case json::value_t::array:
    case json::value_t::object:
      return write_nested(value, place);
    case json::value_t::binary:
    case json::value_t::discarded:
      break;
  }
  return fail(place, "this is no JSON value");
}

}  // namespace

std::optional<std::string> jcs_number(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  if (number == 0) return "0";  // minus zero too
  return (number < 0 ? "-" : "") + laid_out(shortest(std::abs(number)));
}

Result<std::string> jcs(const json& value) {
  Writer writer;
  if (writer.write(value, "")) return std::move(writer.out);
  return Error{ErrorCode::kInvalid, "no canonical JSON: " + writer.failure};
}

Result<std::string> jcs_of_text(std::string_view text, std::string_view name) {
  const Result<json> document = parse_strict_json(text, name);
  if (!document) return document.error();
  Result<std::string> canonical = jcs(document.value());
  if (canonical) return canonical;
  return Error{canonical.error().code, std::string(name) + ": " + canonical.error().message};
}

}  // namespace wme::model
