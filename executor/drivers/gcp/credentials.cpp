#include "executor/drivers/gcp/credentials.hpp"

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "executor/drivers/gcp/jwt.hpp"
#include "executor/ports/clear_text.hpp"
#include "executor/ports/sentence.hpp"
#include "model/json/percent.hpp"

namespace wme::executor::gcp {

namespace {

constexpr std::chrono::minutes kRenewBefore{4};
constexpr const char* kTokenHost = "CLOUDSDK_AUTH_TOKEN_HOST";
constexpr std::string_view kTokenUri = "https://oauth2.googleapis.com/token";
// The whole platform, as all of Google's tools ask for: rights are IAM's business.
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kMetadataHost = "metadata.google.internal";
constexpr std::string_view kMetadataToken =
    "/computeMetadata/v1/instance/service-accounts/default/token";

std::optional<std::string> set(const Environment& environment, std::string_view name) {
  auto value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

std::string text_of(const nlohmann::json& document, const char* key) {
  const bool there = document.is_object() && document.contains(key) && document[key].is_string();
  return there ? document[key].get<std::string>() : std::string();
}

bool is_from_metadata_server(const HttpAnswer& answer) {
  for (const auto& [name, value] : answer.headers)
    if ((name == "Metadata-Flavor" || name == "metadata-flavor") && value == "Google") return true;
  return false;
}

Result<AccessToken> token_in(const std::string& body, const std::string& source,
                             std::chrono::sys_seconds now) {
  const auto document = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  AccessToken token{Secret(text_of(document, "access_token")), source, {}};
  if (token.text.empty())
    return Error{ErrorCode::kRefused, "Google credentials: " + source + " gave no access token"};
  if (document.contains("expires_in") && document["expires_in"].is_number())
    token.expires = now + std::chrono::seconds(document["expires_in"].get<long long>());
  return token;
}

Error refused(const std::string& source, const HttpAnswer& answer) {
  const auto document = nlohmann::json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  const std::string why = text_of(document, "error_description");
  const std::string kind = text_of(document, "error");
  return {answer.status >= 500 ? ErrorCode::kUnreachable : ErrorCode::kRefused,
          "Google credentials: " + source + " was answered with status " +
              std::to_string(answer.status) + (kind.empty() ? "" : ", " + kind) +
              (why.empty() ? "" : ": " + without_stop(why)) +
              (kind == "invalid_grant"
                   ? "; check that the key or login still exists, and this machine's clock"
                   : "")};
}

/// `name`: where the URL is written.
Error in_clear(const std::string& name, const std::string& url, const std::string& what) {
  return {ErrorCode::kInvalid,
          "Google credentials: " + name + " '" + url + "' " + clear_text_refusal(what)};
}

/// Base and target of a URL, which the transport takes apart.
std::pair<std::string, std::string> split(const std::string& url) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  if (slash == std::string::npos) return {url, "/"};
  return {url.substr(0, slash), url.substr(slash)};
}

}  // namespace

CredentialChain::CredentialChain(Environment environment, HttpTransport& transport,
                                 WallClock wall_clock)
    : environment_(std::move(environment)),
      transport_(transport),
      wall_clock_(std::move(wall_clock)) {}

Result<AccessToken> CredentialChain::token() {
  const std::scoped_lock lock(mutex_);
  if (kept_ && (!kept_->expires || wall_clock_() + kRenewBefore < *kept_->expires)) return *kept_;
  Found found = from_environment();
  if (found && !found.value()) found = from_file();
  if (found && !found.value()) found = from_metadata_server();
  if (!found) return found.error();
  if (!found.value()) return none_found();
  kept_ = *found.value();
  return *kept_;
}

void CredentialChain::forget() {
  const std::scoped_lock lock(mutex_);
  kept_.reset();
}

Error CredentialChain::none_found() const {
  return {ErrorCode::kInvalid,
          "Google credentials: none found. Tried, in this order: GOOGLE_OAUTH_ACCESS_TOKEN and "
          "CLOUDSDK_AUTH_ACCESS_TOKEN (not set); GOOGLE_APPLICATION_CREDENTIALS (not set); the "
          "file that 'gcloud auth application-default login' writes (not there); the metadata "
          "server of this machine (" +
              std::string(metadata_disabled() ? "NO_GCE_CHECK is true" : "none answers") +
              "). Set GOOGLE_APPLICATION_CREDENTIALS to the JSON key file of a service account"};
}

CredentialChain::Found CredentialChain::from_environment() const {
  for (const char* name : {"GOOGLE_OAUTH_ACCESS_TOKEN", "CLOUDSDK_AUTH_ACCESS_TOKEN"})
    if (const auto token = set(environment_, name))
      return std::optional(AccessToken{Secret(*token), name, {}});
  return std::optional<AccessToken>();
}

std::optional<CredentialPlace> CredentialChain::file() const {
  if (const auto path = set(environment_, "GOOGLE_APPLICATION_CREDENTIALS"))
    return CredentialPlace{*path};
  std::filesystem::path folder;
  if (const auto given = set(environment_, "CLOUDSDK_CONFIG"))
    folder = *given;
  else if (const auto home = set(environment_, "HOME"))
    folder = std::filesystem::path(*home) / ".config" / "gcloud";
  else
    return std::nullopt;
  const std::filesystem::path path = folder / "application_default_credentials.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  return CredentialPlace{path.string(), /*is_gclouds=*/true};
}

CredentialChain::Found CredentialChain::from_file() {
  const auto place = file();
  if (!place) return std::optional<AccessToken>();
  const auto content = read_credential_file(*place);
  if (!content) return content.error();
  const Result<AccessToken> token =
      std::visit([&](const auto& each) { return exchange(each, *place); }, content.value());
  if (!token) return token.error();
  return std::optional(token.value());
}

std::string CredentialChain::token_host() const {
  return set(environment_, kTokenHost).value_or(std::string(kTokenUri));
}

Result<AccessToken> CredentialChain::exchange(const ServiceAccount& account,
                                              const CredentialPlace& place) {
  const std::string url = account.token_uri.empty() ? token_host() : account.token_uri;
  if (is_clear_text(url))
    return in_clear(account.token_uri.empty() ? kTokenHost : "token_uri in " + place.title(), url,
                    "the signed assertion");
  const auto assertion =
      signed_jwt({account.email, url, std::string(kScope), wall_clock_(), std::chrono::hours(1)},
                 account.private_key, account.key_id);
  if (!assertion)
    return Error{assertion.error().code,
                 "Google credentials: " + place.title() + ": " + assertion.error().message};
  return ask(url,
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                 assertion.value().reveal(),
             "service account " + account.email);
}

Result<AccessToken> CredentialChain::exchange(const AuthorizedUser& user,
                                              const CredentialPlace& place) {
  if (is_clear_text(token_host()))
    return in_clear(kTokenHost, token_host(), "the client's secret and the refresh token");
  return ask(token_host(),
             "grant_type=refresh_token&client_id=" + model::percent_encode(user.client_id) +
                 "&client_secret=" + model::percent_encode(user.client_secret.reveal()) +
                 "&refresh_token=" + model::percent_encode(user.refresh_token.reveal()),
             "the login in " + place.path);
}

Result<AccessToken> CredentialChain::ask(const std::string& url, const std::string& form,
                                         const std::string& source) {
  const auto [base, target] = split(url);
  const auto answer = transport_.send(
      {"POST", base, target, {{"Content-Type", "application/x-www-form-urlencoded"}}, form});
  // Whatever became of it, another token does no harm: nothing is in doubt.
  if (!answer)
    return Error{ErrorCode::kUnreachable, "Google credentials: " + answer.error().message};
  if (answer.value().status != 200) return refused(source, answer.value());
  return token_in(answer.value().body, source, wall_clock_());
}

bool CredentialChain::metadata_disabled() const {
  return set(environment_, "NO_GCE_CHECK").value_or("") == "true";
}

std::string CredentialChain::metadata_base() const {
  return "http://" + set(environment_, "GCE_METADATA_HOST").value_or(std::string(kMetadataHost));
}

CredentialChain::Found CredentialChain::from_metadata_server() {
  const std::optional<AccessToken> none;
  if (metadata_disabled()) return none;
  const auto answer = transport_.send(
      {"GET", metadata_base(), std::string(kMetadataToken), {{"Metadata-Flavor", "Google"}}, ""});
  // Nobody listens there outside Google: that is no failure, there is just nothing to be had.
  if (!answer || !is_from_metadata_server(answer.value())) return none;
  if (answer.value().status == 404) return none;  // a machine without a service account
  const std::string source = "the service account of this machine";
  if (answer.value().status != 200) return refused(source, answer.value());
  const auto token = token_in(answer.value().body, source, wall_clock_());
  if (!token) return token.error();
  return std::optional(token.value());
}

Result<std::optional<std::string>> CredentialChain::project() const {
  const std::optional<std::string> none;
  if (const auto place = file()) {
    const auto content = read_credential_file(*place);
    if (!content) return content.error();
    const std::string project =
        std::visit([](const auto& each) { return each.project; }, content.value());
    return project.empty() ? none : std::optional(project);
  }
  return none;
}

}  // namespace wme::executor::gcp
