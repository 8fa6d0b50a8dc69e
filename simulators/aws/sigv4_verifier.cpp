#include "simulators/aws/sigv4_verifier.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>

#include "model/json/percent.hpp"

namespace wme::simulators::aws {

namespace {

constexpr std::chrono::minutes kValid{15};
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

struct Authorization {
  std::string key_id, day, region, service, terminator;
  std::vector<std::string> signed_headers;
  std::string signature;
};

std::vector<std::string> pieces(const std::string& text, char separator) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string piece; std::getline(stream, piece, separator);) all.push_back(piece);
  return all;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::optional<Authorization> parse(const std::string& header) {
  if (!header.starts_with(std::string(kAlgorithm) + " ")) return std::nullopt;
  std::map<std::string, std::string> parts;
  for (const std::string& piece : pieces(header.substr(kAlgorithm.size()), ',')) {
    const auto begin = piece.find_first_not_of(' ');
    const auto equals = piece.find('=');
    if (begin == std::string::npos || equals == std::string::npos) return std::nullopt;
    parts[piece.substr(begin, equals - begin)] = piece.substr(equals + 1);
  }
  auto credential = pieces(parts["Credential"], '/');
  if (credential.size() < 5 || parts["SignedHeaders"].empty() || parts["Signature"].empty())
    return std::nullopt;
  Authorization all;
  // An access key id may itself have slashes, the other four parts have none.
  const std::size_t first = credential.size() - 4;
  for (std::size_t i = 0; i < first; ++i) all.key_id += (i == 0 ? "" : "/") + credential[i];
  all.day = credential[first];
  all.region = credential[first + 1];
  all.service = credential[first + 2];
  all.terminator = credential[first + 3];
  all.signed_headers = pieces(parts["SignedHeaders"], ';');
  all.signature = parts["Signature"];
  return all;
}

std::string digest(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);
  return {hash.begin(), hash.begin() + size};
}

std::string keyed(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data(), &size);
  return {hash.begin(), hash.begin() + size};
}

std::string hex(const std::string& bytes) {
  std::string out;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += {kDigits[byte / 16], kDigits[byte % 16]};
  }
  return out;
}

/// Every value of the header in order, blanks trimmed and runs of them made one.
std::string header_value(const HttpRequest& request, const std::string& name) {
  std::string joined;
  bool is_first = true;
  for (const auto& [key, value] : request.headers) {
    if (lower(key) != name) continue;
    if (!is_first) joined += ',';
    is_first = false;
    std::istringstream words(value);
    std::string line;
    for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
    joined += line;
  }
  return joined;
}

/// Dot segments and empty ones resolved, each segment encoded once.
std::string resolved_path(const std::string& path) {
  std::vector<std::string> kept;
  bool ends_in_folder = true;
  for (const std::string& segment : pieces(path, '/')) {
    ends_in_folder = segment.empty() || segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_folder) kept.push_back(model::percent_encode(segment));
  }
  std::string out;
  for (const std::string& segment : kept) out += "/" + segment;
  return ends_in_folder || path.ends_with('/') || out.empty() ? out + "/" : out;
}

/// However the client encoded it, once.
std::string reencoded(const std::string& text) {
  return model::percent_encode(model::percent_decode(text).value_or(text));
}

std::string sorted_query(const std::string& query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& piece : pieces(query, '&')) {
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const std::string value = equals == std::string::npos ? "" : piece.substr(equals + 1);
    pairs.emplace_back(reencoded(piece.substr(0, equals)), reencoded(value));
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& [name, value] : pairs) out += (out.empty() ? "" : "&") + name + "=" + value;
  return out;
}

std::string signature_of(const HttpRequest& request, const Authorization& claim,
                         const std::string& secret, const std::string& time) {
  std::string canonical = request.method + "\n" + resolved_path(request.path()) + "\n" +
                          sorted_query(request.query()) + "\n";
  std::string names;
  for (const std::string& name : claim.signed_headers) {
    canonical += name + ":" + header_value(request, name) + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  canonical += "\n" + names + "\n" + hex(digest(request.body));
  const std::string scope = claim.day + "/" + claim.region + "/" + claim.service + "/aws4_request";
  const std::string to_sign =
      std::string(kAlgorithm) + "\n" + time + "\n" + scope + "\n" + hex(digest(canonical));
  std::string key = "AWS4" + secret;
  for (const std::string& part : {claim.day, claim.region, claim.service, claim.terminator})
    key = keyed(key, part);
  return hex(keyed(key, to_sign));
}

/// "20150830T123600Z"
std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  const auto digits = [&](std::size_t at, std::size_t count) {
    return std::atoi(text.substr(at, count).c_str());
  };
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  for (std::size_t i = 0; i < 15; ++i)
    if (i != 8 && std::isdigit(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(digits(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(digits(4, 2))),
                                        std::chrono::day(static_cast<unsigned>(digits(6, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(digits(9, 2)) +
         std::chrono::minutes(digits(11, 2)) + std::chrono::seconds(digits(13, 2));
}

bool same_in_constant_time(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Ec2Error auth_failure() {
  return {401, "AuthFailure", "AWS was not able to validate the provided access credentials"};
}

Ec2Error incomplete(const std::string& why) { return {400, "IncompleteSignature", why}; }

}  // namespace

SigV4Verifier::SigV4Verifier(std::vector<AccessKey> keys, Scope scope, WallClock wall_clock)
    : keys_(std::move(keys)), scope_(std::move(scope)), wall_clock_(std::move(wall_clock)) {}

std::optional<Ec2Error> SigV4Verifier::check(const HttpRequest& request) const {
  const std::string header = request.header("Authorization");
  if (header.empty())
    return Ec2Error{400, "MissingAuthenticationToken", "Request is missing Authentication Token"};
  const auto claim = parse(header);
  if (!claim) return incomplete("the Authorization header is no AWS4-HMAC-SHA256 signature");
  const auto is_signed = [&](const char* name) {
    return std::ranges::count(claim->signed_headers, name) > 0;
  };
  if (!is_signed("host")) return incomplete("'Host' must be a 'SignedHeader'");
  const std::string time = request.header("X-Amz-Date");
  const auto signed_at = parse_time(time);
  if (!is_signed("x-amz-date") || !signed_at)
    return incomplete("'X-Amz-Date' must be a 'SignedHeader', as YYYYMMDDTHHMMSSZ");
  const auto now = wall_clock_();
  if (*signed_at + kValid < now || now + kValid < *signed_at)
    return Ec2Error{400, "RequestExpired", "Request has expired."};

  const auto known = [&](const AccessKey& key) { return key.id == claim->key_id; };
  const auto key = std::ranges::find_if(keys_, known);
  const bool is_in_scope = (scope_.region.empty() || claim->region == scope_.region) &&
                           claim->service == scope_.service &&
                           claim->terminator == "aws4_request" && time.starts_with(claim->day);
  if (key == keys_.end() || !is_in_scope) return auth_failure();
  if (!same_in_constant_time(request.header("X-Amz-Security-Token"), key->session_token))
    return auth_failure();
  const std::string expected = signature_of(request, *claim, key->secret, time);
  if (!same_in_constant_time(expected, claim->signature)) return auth_failure();
  return std::nullopt;
}

}  // namespace wme::simulators::aws
