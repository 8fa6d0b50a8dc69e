#include "executor/drivers/aws/sigv4.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "model/json/percent.hpp"

namespace wme::executor::aws {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kDateHeader = "x-amz-date";
constexpr std::string_view kTokenHeader = "x-amz-security-token";
constexpr std::string_view kBodyHashHeader = "x-amz-content-sha256";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(std::string_view data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(data.size() * 2);
  for (const char c : data) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::string hmac(std::string_view key, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(data), data.size(),
       out.data(), &length);
  return {reinterpret_cast<const char*>(out.data()), length};
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Ends trimmed, runs of white space (folded lines too) become one space.
std::string squeeze(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// Decoding first keeps what is already encoded from being encoded twice.
std::string encoded_once(std::string_view text) {
  return model::percent_encode(model::percent_decode(text).value_or(std::string(text)));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto segments = split(path, '/');
  for (const auto segment : segments) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..")
      kept.push_back(segment);
    else if (!kept.empty())
      kept.pop_back();
  }
  std::string out;
  for (const auto segment : kept) out.append("/").append(segment);
  const auto last = segments.back();
  const bool folder = last.empty() || last == "." || last == "..";
  return out.empty() || folder ? out + "/" : out;
}

std::string canonical_path(std::string_view path, bool normalize) {
  const std::string plain = normalize ? without_dot_segments(path) : std::string(path);
  std::string out;
  for (const auto segment : split(plain, '/')) {
    if (!out.empty() || segment.data() != plain.data()) out += '/';
    out += model::percent_encode(segment);
  }
  return out.empty() ? "/" : out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto pair : split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    pairs.emplace_back(encoded_once(pair.substr(0, equals)), encoded_once(value));
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::map<std::string, std::string> canonical_headers(const Headers& headers) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, value] : headers) {
    const auto [place, is_new] = joined.emplace(lower(name), squeeze(value));
    if (!is_new) place->second.append(",").append(squeeze(value));
  }
  return joined;
}

bool has_header(const Headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& h) { return lower(h.first) == name; });
}

/// The headers that signing itself brings along, in the order in which they are added.
Headers own_headers(const UnsignedRequest& request, const SigningKey& key,
                    const SigningScope& scope, const SigningOptions& options,
                    const std::string& body_hash) {
  Headers own;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!has_header(request.headers, name)) own.emplace_back(name, value);
  };
  add(kDateHeader, amz_date(scope.time));
  if (!key.session_token.empty() && !options.omit_session_token)
    add(kTokenHeader, key.session_token.reveal());
  if (options.sign_body) add(kBodyHashHeader, body_hash);
  return own;
}

std::string signing_key(const SigningKey& key, const std::string& day, const SigningScope& scope) {
  const std::string dated = hmac("AWS4" + key.secret_access_key.reveal(), day);
  return hmac(hmac(hmac(dated, scope.region), scope.service), "aws4_request");
}

}  // namespace

std::string sha256_hex(std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  EVP_Digest(data.data(), data.size(), out.data(), &length, EVP_sha256(), nullptr);
  return hex({reinterpret_cast<const char*>(out.data()), length});
}

std::string amz_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 32> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

namespace {

struct CanonicalHeaders {
  std::string lines;
  std::string names;  ///< "content-type;host"
};

CanonicalHeaders lines_of(const Headers& headers) {
  CanonicalHeaders out;
  for (const auto& [name, value] : canonical_headers(headers)) {
    out.lines.append(name).append(":").append(value).append("\n");
    if (!out.names.empty()) out.names += ';';
    out.names += name;
  }
  return out;
}

std::string credential_scope(const SigningScope& scope) {
  return amz_date(scope.time).substr(0, 8) + "/" + scope.region + "/" + scope.service +
         "/aws4_request";
}

std::string path_of(const UnsignedRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string query_of(const UnsignedRequest& request) {
  const auto question = request.target.find('?');
  return question == std::string::npos ? "" : request.target.substr(question + 1);
}

/// Canonical request, string to sign and signature; the rest is the caller's.
Signature signed_over(const UnsignedRequest& request, const std::string& query,
                      const CanonicalHeaders& headers, const SigningKey& key,
                      const SigningScope& scope, const SigningOptions& options) {
  Signature out;
  out.canonical_request = request.method + "\n" +
                          canonical_path(path_of(request), options.normalize_path) + "\n" +
                          canonical_query(query) + "\n" + headers.lines + "\n" + headers.names +
                          "\n" + sha256_hex(request.body);
  const std::string time = amz_date(scope.time);
  out.string_to_sign = std::string(kAlgorithm) + "\n" + time + "\n" + credential_scope(scope) +
                       "\n" + sha256_hex(out.canonical_request);
  out.signature = hex(hmac(signing_key(key, time.substr(0, 8), scope), out.string_to_sign));
  return out;
}

}  // namespace

Signature sign(const UnsignedRequest& request, const SigningKey& key, const SigningScope& scope,
               const SigningOptions& options) {
  Headers added = own_headers(request, key, scope, options, sha256_hex(request.body));
  Headers all = request.headers;
  all.insert(all.end(), added.begin(), added.end());
  const CanonicalHeaders headers = lines_of(all);
  Signature out = signed_over(request, query_of(request), headers, key, scope, options);
  out.authorization = std::string(kAlgorithm) + " Credential=" + key.access_key_id + "/" +
                      credential_scope(scope) + ", SignedHeaders=" + headers.names +
                      ", Signature=" + out.signature;
  out.added = std::move(added);
  if (!key.session_token.empty() && options.omit_session_token)
    out.added.emplace_back(kTokenHeader, key.session_token.reveal());
  out.added.emplace_back("authorization", out.authorization);
  return out;
}

Presigned presign(const UnsignedRequest& request, const SigningKey& key, const SigningScope& scope,
                  std::chrono::seconds valid, const SigningOptions& options) {
  const CanonicalHeaders headers = lines_of(request.headers);
  std::string query = query_of(request);
  const auto add = [&query](std::string_view name, const std::string& value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(model::percent_encode(value));
  };
  add("X-Amz-Algorithm", std::string(kAlgorithm));
  add("X-Amz-Credential", key.access_key_id + "/" + credential_scope(scope));
  add("X-Amz-Date", amz_date(scope.time));
  add("X-Amz-SignedHeaders", headers.names);
  add("X-Amz-Expires", std::to_string(valid.count()));
  const bool has_token = !key.session_token.empty();
  const auto add_token = [&] { add("X-Amz-Security-Token", key.session_token.reveal()); };
  if (has_token && !options.omit_session_token) add_token();
  Presigned out{signed_over(request, query, headers, key, scope, options), ""};
  if (has_token && options.omit_session_token) add_token();
  add("X-Amz-Signature", out.signature.signature);
  out.target = path_of(request) + "?" + query;
  return out;
}

}  // namespace wme::executor::aws
