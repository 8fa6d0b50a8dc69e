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
constexpr int kQueryValidMax = 7 * 24 * 3600;  // seconds
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

/// What the caller says about himself, in a header or in the query.
struct Authorization {
  std::string key_id, day, region, service, terminator;
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string time;
  std::string token;
  std::optional<std::chrono::seconds> valid;  ///< a query's
  std::string query;                          ///< what of it is signed
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

std::optional<Authorization> authorization(const std::string& credential_text,
                                           const std::string& signed_headers,
                                           const std::string& signature) {
  const auto credential = pieces(credential_text, '/');
  if (credential.size() < 5 || signed_headers.empty() || signature.empty()) return std::nullopt;
  Authorization all;
  // An access key id may itself have slashes, the other four parts have none.
  const std::size_t first = credential.size() - 4;
  for (std::size_t i = 0; i < first; ++i) all.key_id += (i == 0 ? "" : "/") + credential[i];
  all.day = credential[first];
  all.region = credential[first + 1];
  all.service = credential[first + 2];
  all.terminator = credential[first + 3];
  all.signed_headers = pieces(signed_headers, ';');
  all.signature = signature;
  return all;
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
  return authorization(parts["Credential"], parts["SignedHeaders"], parts["Signature"]);
}

/// The signed pairs stay as they were sent; the others tell who signed.
std::optional<Authorization> parse_query(const std::string& query, bool signs_token) {
  std::map<std::string, std::string> own;
  std::string kept;
  for (const std::string& piece : pieces(query, '&')) {
    const auto equals = std::min(piece.find('='), piece.size());
    const std::string name = piece.substr(0, equals);
    const std::string value = equals < piece.size() ? piece.substr(equals + 1) : "";
    if (name.starts_with("X-Amz-")) own[name] = model::percent_decode(value).value_or(value);
    const bool is_signed =
        name != "X-Amz-Signature" && (signs_token || name != "X-Amz-Security-Token");
    if (is_signed) kept += (kept.empty() ? "" : "&") + piece;
  }
  const int valid = std::atoi(own["X-Amz-Expires"].c_str());
  if (own["X-Amz-Algorithm"] != kAlgorithm || valid < 1 || valid > kQueryValidMax)
    return std::nullopt;
  auto all =
      authorization(own["X-Amz-Credential"], own["X-Amz-SignedHeaders"], own["X-Amz-Signature"]);
  if (!all) return std::nullopt;
  all->time = own["X-Amz-Date"];
  all->token = own["X-Amz-Security-Token"];
  all->valid = std::chrono::seconds(valid);
  all->query = kept;
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

/// As it came, each segment encoded once.
std::string encoded_path(const std::string& path) {
  std::string out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = path.find('/', begin);
    out += model::percent_encode(path.substr(begin, end - begin));
    if (end == std::string::npos) return out;
    out += '/';
    begin = end + 1;
  }
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
                         const std::string& secret, bool normalizes_path) {
  const std::string path =
      normalizes_path ? resolved_path(request.path()) : encoded_path(request.path());
  std::string canonical = request.method + "\n" + path + "\n" + sorted_query(claim.query) + "\n";
  std::string names;
  for (const std::string& name : claim.signed_headers) {
    canonical += name + ":" + header_value(request, name) + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  canonical += "\n" + names + "\n" + hex(digest(request.body));
  const std::string scope = claim.day + "/" + claim.region + "/" + claim.service + "/aws4_request";
  const std::string to_sign =
      std::string(kAlgorithm) + "\n" + claim.time + "\n" + scope + "\n" + hex(digest(canonical));
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
  const bool is_in_query =
      header.empty() && request.query().find("X-Amz-Signature=") != std::string::npos;
  if (header.empty() && !is_in_query)
    return Ec2Error{400, "MissingAuthenticationToken", "Request is missing Authentication Token"};
  auto claim = is_in_query ? parse_query(request.query(), scope_.signs_token) : parse(header);
  if (!claim)
    return incomplete(is_in_query ? "the query has no complete AWS4-HMAC-SHA256 signature"
                                  : "the Authorization header is no AWS4-HMAC-SHA256 signature");
  if (!is_in_query) {
    claim->time = request.header("X-Amz-Date");
    claim->token = request.header("X-Amz-Security-Token");
    claim->query = request.query();
  }
  const auto is_signed = [&](const char* name) {
    return std::ranges::count(claim->signed_headers, name) > 0;
  };
  if (!is_signed("host")) return incomplete("'Host' must be a 'SignedHeader'");
  const auto signed_at = parse_time(claim->time);
  if ((!is_in_query && !is_signed("x-amz-date")) || !signed_at)
    return incomplete("'X-Amz-Date' must be a 'SignedHeader', as YYYYMMDDTHHMMSSZ");
  const auto now = wall_clock_();
  if (*signed_at + claim->valid.value_or(kValid) < now || now + kValid < *signed_at)
    return Ec2Error{400, "RequestExpired", "Request has expired."};

  const auto known = [&](const AccessKey& key) { return key.id == claim->key_id; };
  const auto key = std::ranges::find_if(keys_, known);
  const bool is_in_scope = (scope_.region.empty() || claim->region == scope_.region) &&
                           claim->service == scope_.service &&
                           claim->terminator == "aws4_request" &&
                           claim->time.starts_with(claim->day);
  if (key == keys_.end() || !is_in_scope) return auth_failure();
  if (!same_in_constant_time(claim->token, key->session_token)) return auth_failure();
  const std::string expected = signature_of(request, *claim, key->secret, scope_.normalizes_path);
  if (!same_in_constant_time(expected, claim->signature)) return auth_failure();
  return std::nullopt;
}

}  // namespace wme::simulators::aws
