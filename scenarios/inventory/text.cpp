#include "scenarios/inventory/text.hpp"

#include <array>
#include <cstddef>

namespace wme::scenarios {

namespace {

/// Length of the UTF-8 sequence at the front; 0 when there is none (also overlong, surrogates).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const unsigned second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

std::string hexadecimal(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
}

bool is_control(unsigned char byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

std::optional<TextDefect> defect_at(std::string_view rest, Place place) {
  const auto byte = static_cast<unsigned char>(rest.front());
  if (is_control(byte))
    return TextDefect{place, "a control character (" + hexadecimal(byte) + ")",
                      "an inventory is text; is this another kind of file, or a damaged one?",
                      "remove the character"};
  if (sequence_length(rest) == 0)
    return TextDefect{place, "byte " + hexadecimal(byte) + " is not UTF-8",
                      "an inventory is a UTF-8 text", "save the file as UTF-8"};
  return std::nullopt;
}

}  // namespace

std::optional<TextDefect> defect_of(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return TextDefect{{1, 1},
                      "the file is empty",
                      "nothing is known about the installation",
                      "start from one of scenarios/inventories"};
  Place place{1, 1};
  for (std::size_t i = 0; i < text.size();) {
    if (auto defect = defect_at(text.substr(i), place)) return defect;
    if (text[i] == '\n')
      place = {place.line + 1, 1};
    else
      ++place.column;
    i += sequence_length(text.substr(i));
  }
  const char last = text.back();
  // A JSON document says itself where it ends.
  if (last != '\n' && last != '}' && last != ']')
    return TextDefect{place, "the last line has no end", "the file may have been cut off",
                      "compare it with its source, then end the last line with a newline"};
  return std::nullopt;
}

}  // namespace wme::scenarios
