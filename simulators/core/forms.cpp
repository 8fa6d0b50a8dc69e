#include "simulators/core/forms.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "model/json/percent.hpp"

namespace wme::simulators {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

/// What stands before the next `separator`; takes it and the separator off `rest`.
std::string_view next_piece(std::string_view& rest, std::string_view separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + separator.size());
  return piece;
}

/// `form-data; name="file"; filename="key.pem"`: the value of one parameter.
std::string parameter(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::string_view piece = trimmed(next_piece(header, ";"));
    const std::size_t equals = piece.find('=');
    if (equals != std::string_view::npos && lower(piece.substr(0, equals)) == name)
      return std::string(unquoted(piece.substr(equals + 1)));
  }
  return "";
}

Part read_part(std::string_view head, std::string_view body) {
  Part part;
  part.body = body;
  while (!head.empty()) {
    const std::string_view line = next_piece(head, "\r\n");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-type") part.content_type = value;
    if (name != "content-disposition") continue;
    part.name = parameter(value, "name");
    part.file_name = parameter(value, "filename");
  }
  return part;
}

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string decoded;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t six = kAlphabet.find(c);
    if (six == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(six);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    decoded += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
  }
  return decoded;
}

}  // namespace

Form parse_form(std::string_view text) {
  Form form;
  while (!text.empty()) {
    std::string_view pair = next_piece(text, "&");
    const std::string_view name = next_piece(pair, "=");
    const auto key = model::percent_decode(name, /*plus_is_space=*/true);
    const auto value = model::percent_decode(pair, /*plus_is_space=*/true);
    if (key && value && !key->empty()) form.emplace(*key, *value);
  }
  return form;
}

std::string cookie_of(const HttpRequest& request, std::string_view name) {
  const std::string header = request.header("Cookie");
  std::string_view rest = header;
  while (!rest.empty()) {
    std::string_view value = trimmed(next_piece(rest, ";"));
    if (next_piece(value, "=") == name) return std::string(unquoted(value));
  }
  return "";
}

std::optional<std::vector<Part>> parse_multipart(const HttpRequest& request) {
  const std::string type = request.header("Content-Type");
  if (!lower(type).starts_with("multipart/form-data")) return std::nullopt;
  const std::string boundary = parameter(type, "boundary");
  if (boundary.empty()) return std::nullopt;

  // A leading line break lets the first delimiter look like every other one.
  const std::string body = "\r\n" + request.body;
  const std::string delimiter = "\r\n--" + boundary;
  std::string_view rest = body;
  next_piece(rest, delimiter);  // the preamble
  std::vector<Part> parts;
  while (!rest.starts_with("--")) {
    const std::size_t end = rest.find(delimiter);
    const std::size_t head = rest.find("\r\n");
    if (end == std::string_view::npos || head == std::string_view::npos) return std::nullopt;
    std::string_view content = rest.substr(head + 2, end - head - 2);
    const std::string_view headers = next_piece(content, "\r\n\r\n");
    parts.push_back(read_part(headers, content));
    rest = rest.substr(end + delimiter.size());
  }
  return parts;
}

std::optional<std::pair<std::string, std::string>> basic_login(const HttpRequest& request) {
  const std::string header = request.header("Authorization");
  if (!lower(header).starts_with("basic ")) return std::nullopt;
  const auto decoded = decode_base64(trimmed(std::string_view(header).substr(6)));
  if (!decoded) return std::nullopt;
  const std::size_t colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

}  // namespace wme::simulators
