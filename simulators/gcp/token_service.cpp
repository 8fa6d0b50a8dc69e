#include "simulators/gcp/token_service.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "simulators/core/forms.hpp"
#include "simulators/gcp/compute_resources.hpp"

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kLifetime{3599};
constexpr std::chrono::hours kAssertionMax{1};
constexpr std::chrono::minutes kSkewMax{5};
constexpr const char* kGoogleTokenUri = "https://oauth2.googleapis.com/token";
constexpr const char* kKeyId = "0123456789abcdef0123456789abcdef01234567";
constexpr const char* kMetadata = "/computeMetadata/v1/";

HttpResponse json_answer(int status, const json& body) {
  return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, body.dump()};
}

HttpResponse oauth_error(const std::string& error, const std::string& why) {
  return json_answer(400, {{"error", error}, {"error_description", why}});
}

std::optional<std::string> from_base64url(std::string text) {
  for (char& each : text) {
    if (each == '-') each = '+';
    if (each == '_') each = '/';
  }
  std::size_t padding = 0;
  for (; text.size() % 4 != 0; ++padding) text += '=';
  std::vector<unsigned char> bytes(3 * text.size() / 4 + 1);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0 || padding > 2) return std::nullopt;
  return std::string(bytes.begin(), bytes.begin() + size - static_cast<std::ptrdiff_t>(padding));
}

json parsed(const std::string& text) {
  return json::parse(from_base64url(text).value_or(""), nullptr, /*allow_exceptions=*/false);
}

bool verifies(const std::string& text, const std::string& signature, EVP_PKEY* key) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

std::string pem_of(EVP_PKEY* key) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Status write_private(const std::filesystem::path& path, const std::string& content) {
  std::error_code error;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  std::filesystem::permissions(
      path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  file << content;
  file.close();
  if (!file || error) return Error{ErrorCode::kInvalid, path.string() + ": cannot be written"};
  return Done{};
}

long number(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<long>() : 0;
}

std::string words(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

TokenService::TokenService(std::string project, WallClock wall_clock)
    : project_(std::move(project)),
      wall_clock_(std::move(wall_clock)),
      key_(nullptr, &EVP_PKEY_free) {}

TokenService::~TokenService() = default;

std::string TokenService::email() const {
  return "rehydrate@" + project_ + ".iam.gserviceaccount.com";
}

/// Good for this process only; they follow from their number, so that rehearsals stay equal.
std::string TokenService::new_token() {
  const std::string token = "ya29.simulated-only-" + make_id(project_ + std::to_string(++made_));
  tokens_[token] = wall_clock_() + kLifetime;
  return token;
}

Result<TokenService::Files> TokenService::write_files(const std::string& base,
                                                      const std::filesystem::path& directory) {
  base_ = base;
  const std::filesystem::path folder = directory / "gcp";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return Error{ErrorCode::kInvalid, folder.string() + ": " + error.message()};
  if (!key_) key_.reset(EVP_RSA_gen(2048));
  if (!key_) return Error{ErrorCode::kInvalid, "no RSA key can be made"};
  const Files files{folder / "service-account.json", folder / "access-token"};
  const json account = {{"type", "service_account"},
                        {"project_id", project_},
                        {"private_key_id", kKeyId},
                        {"private_key", pem_of(key_.get())},
                        {"client_email", email()},
                        {"client_id", make_id(project_)},
                        {"auth_uri", base + "/o/oauth2/auth"},
                        {"token_uri", base + "/token"},
                        {"universe_domain", "googleapis.com"}};
  if (Status written = write_private(files.service_account, account.dump(2)); !written)
    return written.error();
  const std::string token = new_token();
  tokens_[token] = std::chrono::sys_seconds::max();  // a client that has it as a file keeps it
  if (Status written = write_private(files.access_token, token + "\n"); !written)
    return written.error();
  return files;
}

std::optional<HttpResponse> TokenService::answer(const HttpRequest& request) {
  if (request.path() == "/token" && request.method == "POST") return exchange(request);
  if (request.path().starts_with(kMetadata) && request.method == "GET") return metadata(request);
  // "Is this a machine of Google's?" is asked of the root.
  if (request.path() == "/" && request.method == "GET")
    return HttpResponse{200, {{"Metadata-Flavor", "Google"}}, "computeMetadata/\n"};
  return std::nullopt;
}

std::string TokenService::fault_of(const std::string& assertion) const {
  const auto first = assertion.find('.');
  const auto second = assertion.rfind('.');
  if (!key_ || first == std::string::npos || first == second) return "Invalid JWT.";
  const json header = parsed(assertion.substr(0, first));
  const json claims = parsed(assertion.substr(first + 1, second - first - 1));
  if (!header.is_object() || !claims.is_object()) return "Invalid JWT.";
  if (words(header, "alg") != "RS256") return "Invalid JWT Signature: the algorithm is not RS256.";
  const auto signature = from_base64url(assertion.substr(second + 1));
  if (!signature || !verifies(assertion.substr(0, second), *signature, key_.get()))
    return "Invalid JWT Signature.";
  if (words(claims, "iss") != email()) return "Invalid grant: account not found";
  const std::string audience = words(claims, "aud");
  // gcloud names Google's own address whatever it talks to.
  if (audience != base_ + "/token" && audience != kGoogleTokenUri)
    return "Invalid JWT: Failed audience check.";
  const auto now = wall_clock_().time_since_epoch().count();
  const long issued = number(claims, "iat");
  const long expires = number(claims, "exp");
  if (issued > now + std::chrono::seconds(kSkewMax).count() || expires <= now ||
      expires - issued > std::chrono::seconds(kAssertionMax).count())
    return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
           "timeframe. Check your iat and exp values in the JWT claim.";
  return "";
}

HttpResponse TokenService::exchange(const HttpRequest& request) {
  const Form form = parse_form(request.body);
  const auto given = [&](const char* name) {
    const auto place = form.find(name);
    return place == form.end() ? std::string() : place->second;
  };
  if (given("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return oauth_error("unsupported_grant_type", "Invalid grant_type: " + given("grant_type"));
  if (const std::string fault = fault_of(given("assertion")); !fault.empty())
    return oauth_error("invalid_grant", fault);
  return json_answer(
      200,
      {{"access_token", new_token()}, {"expires_in", kLifetime.count()}, {"token_type", "Bearer"}});
}

HttpResponse TokenService::metadata(const HttpRequest& request) {
  if (request.header("Metadata-Flavor") != "Google")
    return {403, {{"Metadata-Flavor", "Google"}}, "Missing Metadata-Flavor:Google header.\n"};
  const std::string path = request.path().substr(std::string_view(kMetadata).size());
  const std::string account = "instance/service-accounts/default/";
  HttpResponse response{200, {{"Content-Type", "application/text"}}, ""};
  if (path == account + "token")
    response = json_answer(200, {{"access_token", new_token()},
                                 {"expires_in", kLifetime.count()},
                                 {"token_type", "Bearer"}});
  else if (path == account + "email")
    response.body = email();
  else if (path == account + "scopes")
    response.body = "https://www.googleapis.com/auth/cloud-platform\n";
  else if (path == account || path == "instance/service-accounts/")
    response = json_answer(
        200, {{"email", email()},
              {"aliases", json::array({"default"})},
              {"scopes", json::array({"https://www.googleapis.com/auth/cloud-platform"})}});
  else if (path == "project/project-id")
    response.body = project_;
  else if (path == "project/numeric-project-id")
    response.body = "123456789012";
  else if (path == "universe/universe_domain" || path == "universe/universe-domain")
    response.body = "googleapis.com";
  else
    response = {404, {{"Content-Type", "text/html"}}, "Not Found\n"};
  response.headers.emplace_back("Metadata-Flavor", "Google");
  response.headers.emplace_back("Server", "Metadata Server for VM");
  return response;
}

std::optional<HttpResponse> TokenService::refusal(const HttpRequest& request) const {
  const std::string header = request.header("Authorization");
  constexpr std::string_view kBearer = "Bearer ";
  std::string why;
  if (header.empty())
    why =
        "Request is missing required authentication credential. Expected OAuth 2 access token, "
        "login cookie or other valid authentication credential.";
  else if (const auto token =
               tokens_.find(header.starts_with(kBearer) ? header.substr(kBearer.size()) : "");
           token == tokens_.end() || token->second <= wall_clock_())
    why =
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login "
        "cookie or other valid authentication credential.";
  if (why.empty()) return std::nullopt;
  HttpResponse response = json_answer(
      401, {{"error",
             {{"code", 401},
              {"message", why},
              {"errors", json::array({{{"message", "Invalid Credentials"},
                                       {"domain", "global"},
                                       {"reason", header.empty() ? "required" : "authError"},
                                       {"location", "Authorization"},
                                       {"locationType", "header"}}})},
              {"status", "UNAUTHENTICATED"}}}});
  response.headers.emplace_back("WWW-Authenticate",
                                "Bearer realm=\"https://accounts.google.com/\"");
  return response;
}

}  // namespace wme::simulators::gcp
