#include "executor/journal/stored_journal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wme::executor {
namespace {

constexpr std::array<std::string_view, 8> kRequestKinds{"pause",   "continue", "abort", "stop",
                                                        "approve", "reject",   "retry", "skip"};
constexpr std::size_t kRequestBytesMax = 4096;

/// How many bytes a character takes that begins with this one; 0: none does.
std::size_t utf8_length(unsigned char first) {
  if (first < 0x80U) return 1;
  if (first >= 0xC2U && first < 0xE0U) return 2;
  if (first >= 0xE0U && first < 0xF0U) return 3;
  if (first >= 0xF0U && first < 0xF5U) return 4;
  return 0;
}

/// Characters that every store keeps and every terminal may show.
bool is_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(first);
    if (length == 0 || length > text.size() - at || first == 0x7FU ||
        (first < 0x20U && first != '\n' && first != '\t'))
      return false;
    std::uint32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && code < 0x800U) || (length == 4 && code < 0x10000U);
    const bool surrogate = code >= 0xD800U && code < 0xE000U;
    if (overlong || surrogate || code > 0x10FFFFU || (code >= 0x80U && code < 0xA0U)) return false;
    at += length;
  }
  return true;
}

Error no_request(const std::string& why) {
  return {ErrorCode::kInvalid, "the request to the run was not posted: " + why};
}

}  // namespace

Status check_request(const PersonRequest& request) {
  if (std::find(kRequestKinds.begin(), kRequestKinds.end(), request.what) == kRequestKinds.end()) {
    std::string known;
    for (const std::string_view kind : kRequestKinds)
      known += (known.empty() ? "" : ", ") + std::string(kind);
    return no_request("no run knows '" + request.what + "'; there are " + known);
  }
  if (request.by.empty()) return no_request("it does not say who asks");
  for (const std::string* text : {&request.step, &request.by, &request.reason}) {
    if (text->size() > kRequestBytesMax)
      return no_request("a text of it is longer than " + std::to_string(kRequestBytesMax) +
                        " bytes");
    if (!is_text(*text))
      return no_request("it holds control characters, or bytes that are no UTF-8");
  }
  return Done{};
}

}  // namespace wme::executor
