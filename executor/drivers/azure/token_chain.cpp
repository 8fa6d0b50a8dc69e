#include "executor/drivers/azure/token_chain.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "executor/drivers/azure/json_fields.hpp"
#include "executor/ports/clear_text.hpp"
#include "executor/ports/sentence.hpp"
#include "model/english/words.hpp"
#include "model/json/percent.hpp"

namespace wme::executor::azure {

namespace {

constexpr std::chrono::minutes kRenewBefore{5};
constexpr std::string_view kMetadataAddress = "http://169.254.169.254";
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// "https://host/adfs" for a transport that takes base and target apart.
std::pair<std::string, std::string> split(const std::string& url) {
  const auto slash = url.find('/', url.find("://") + 3);
  if (slash == std::string::npos) return {url, ""};
  return {url.substr(0, slash), url.substr(slash)};
}

std::string form(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs)
    text += (text.empty() ? "" : "&") + name + "=" + model::percent_encode(value);
  return text;
}

/// The path of the token endpoint: AD FS, on Azure Stack Hub, has its own.
std::string token_path(const std::string& authority_path, const std::string& tenant) {
  if (tenant == "adfs" || authority_path.ends_with("/adfs"))
    return (authority_path.ends_with("/adfs") ? authority_path : authority_path + "/adfs") +
           "/oauth2/token";
  return authority_path + "/" + model::percent_encode(tenant) + "/oauth2/v2.0/token";
}

/// Which variables of a service principal are set, and which are missing to make it whole; empty
/// when all or none of them are set.
std::string half_of_principal(const Environment& environment) {
  std::vector<std::string> there;
  std::vector<std::string> missing;
  for (const char* name : {"AZURE_TENANT_ID", "AZURE_CLIENT_ID"})
    (variable(environment, name) ? there : missing).emplace_back(name);
  bool has_secret = false;
  for (const char* name : {"AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"})
    if (variable(environment, name)) {
      has_secret = true;
      there.emplace_back(name);
    }
  if (!has_secret) missing.emplace_back("AZURE_CLIENT_SECRET (or AZURE_FEDERATED_TOKEN_FILE)");
  if (there.empty() || missing.empty()) return "";
  return model::listed(there, "and") + (there.size() == 1 ? " is" : " are") + " set, but not " +
         model::listed(missing, "and");
}

}  // namespace

TokenChain::TokenChain(ArmPlace place, Environment environment, HttpTransport& transport,
                       WallClock wall_clock)
    : place_(std::move(place)),
      environment_(std::move(environment)),
      transport_(transport),
      wall_clock_(std::move(wall_clock)) {}

Result<AccessToken> TokenChain::token() {
  const std::scoped_lock lock(mutex_);
  if (kept_ && (!kept_->expires || wall_clock_() + kRenewBefore < *kept_->expires)) return *kept_;
  using Source = Found (TokenChain::*)();
  const std::array<Source, 3> services = {
      &TokenChain::from_principal, &TokenChain::from_identity_endpoint, &TokenChain::from_metadata};
  Found found = from_environment();
  for (const auto source : services)
    if (found && !found.value()) found = (this->*source)();
  if (!found) return found.error();
  if (!found.value()) return none_found();
  kept_ = *found.value();
  return *kept_;
}

void TokenChain::renew() {
  const std::scoped_lock lock(mutex_);
  kept_.reset();
}

/// As for any other missing secret, the input is to be mended, not the rights.
Error TokenChain::none_found() const {
  const std::string half = half_of_principal(environment_);
  const bool has_endpoint = variable(environment_, "IDENTITY_ENDPOINT").has_value();
  return {ErrorCode::kInvalid,
          "Azure credentials: none found. Tried, in this order: REHYDRATE_AZURE_TOKEN (not set); "
          "AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE "
          "(" +
              (half.empty() ? "not set" : half) + "); IDENTITY_ENDPOINT (" +
              (has_endpoint ? "set, but without IDENTITY_HEADER" : "not set") +
              "); the managed identity of this machine (none answers). Export the three variables "
              "of a service principal, or REHYDRATE_AZURE_TOKEN=$(az account get-access-token "
              "--query accessToken -o tsv)"};
}

TokenChain::Found TokenChain::from_environment() const {
  const auto given = variable(environment_, "REHYDRATE_AZURE_TOKEN");
  if (!given) return std::optional<AccessToken>();
  return std::optional(AccessToken{Secret(*given), "REHYDRATE_AZURE_TOKEN", {}});
}

/// OAuth 2.0 answers and errors. Source: RFC 6749, 5.1 and 5.2; managed identities answer the same
/// with numbers as text.
Result<AccessToken> TokenChain::asked(const HttpCall& call, const std::string& source,
                                      const std::string& advice) {
  const auto answer = transport_.send(call);
  if (!answer) {
    // Whether or not it arrived: of the request that needs the token nothing was sent.
    return Error{ErrorCode::kUnreachable, "Azure credentials: " + answer.error().message};
  }
  const auto doc = nlohmann::json::parse(answer.value().body, nullptr, /*allow_exceptions=*/false);
  const int status = answer.value().status;
  if (status != 200) {
    std::string said = text_at(doc, "error");
    const std::string why = text_at(doc, "error_description");
    if (!why.empty()) said += ": " + without_stop(why.substr(0, why.find_first_of("\r\n")));
    const ErrorCode code =
        status == 429 || status >= 500 ? ErrorCode::kThrottled : ErrorCode::kRefused;
    return Error{code, "Azure credentials: " + source + ": status " + std::to_string(status) +
                           (said.empty() ? "" : ", " + said) + "; " + advice};
  }
  AccessToken made{Secret(text_at(doc, "access_token")), source, {}};
  if (made.token.empty())
    return Error{ErrorCode::kRefused, "Azure credentials: " + source + " answered without a token"};
  const long seconds = std::strtol(text_at(doc, "expires_in").c_str(), nullptr, 10);
  made.expires = wall_clock_() + std::chrono::seconds(seconds);
  return made;
}

TokenChain::Found TokenChain::from_principal() {
  const auto tenant = variable(environment_, "AZURE_TENANT_ID");
  const auto client = variable(environment_, "AZURE_CLIENT_ID");
  const auto secret = variable(environment_, "AZURE_CLIENT_SECRET");
  const auto federated = variable(environment_, "AZURE_FEDERATED_TOKEN_FILE");
  if (!secret && !federated && variable(environment_, "AZURE_CLIENT_CERTIFICATE_PATH"))
    return Error{ErrorCode::kInvalid,
                 "Azure credentials: AZURE_CLIENT_CERTIFICATE_PATH is not supported: set "
                 "AZURE_CLIENT_SECRET, or REHYDRATE_AZURE_TOKEN with a token that `az account "
                 "get-access-token` printed"};
  if (!secret && !federated) return std::optional<AccessToken>();
  if (!tenant || !client)
    return Error{ErrorCode::kInvalid, "Azure credentials: " + half_of_principal(environment_) +
                                          ": a service principal needs them all; export what is "
                                          "missing"};
  std::vector<std::pair<std::string, std::string>> pairs = {
      {"grant_type", "client_credentials"},
      {"client_id", *client},
      {"scope", place_.audience + "/.default"}};
  if (secret) {
    pairs.emplace_back("client_secret", *secret);
  } else {
    std::ifstream file(*federated, std::ios::binary);
    if (!file)
      return Error{ErrorCode::kInvalid,
                   "Azure credentials: AZURE_FEDERATED_TOKEN_FILE=" + *federated + ": " +
                       std::strerror(errno) + ": correct the variable, or mount the token there"};
    std::string assertion{std::istreambuf_iterator<char>(file), {}};
    while (!assertion.empty() && (assertion.back() == '\n' || assertion.back() == '\r'))
      assertion.pop_back();
    pairs.emplace_back("client_assertion_type", std::string(kJwtBearer));
    pairs.emplace_back("client_assertion", assertion);
  }
  const auto [base, path] = split(place_.authority);
  auto token = asked(
      {"POST",
       base,
       token_path(path, *tenant),
       {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
       form(pairs)},
      "client " + *client + " of tenant " + *tenant,
      std::string("check AZURE_TENANT_ID, AZURE_CLIENT_ID and ") +
          (secret ? "AZURE_CLIENT_SECRET" : "AZURE_FEDERATED_TOKEN_FILE"));
  if (!token) return token.error();
  return std::optional(std::move(token).value());
}

/// Whoever has set half a principal may not know that the machine's identity is asked instead.
std::string TokenChain::advice_for_identity() const {
  const std::string half = half_of_principal(environment_);
  const bool names_one = variable(environment_, "AZURE_CLIENT_ID").has_value();
  return std::string("give this machine ") +
         (names_one ? "the managed identity that AZURE_CLIENT_ID names" : "a managed identity") +
         ", or export the three variables of a service principal" +
         (half.empty() ? "" : " (" + half + ")");
}

/// App Service, Functions, Azure Arc's kin. Source: "How to use managed identities for App
/// Service", api-version 2019-08-01.
TokenChain::Found TokenChain::from_identity_endpoint() {
  const auto endpoint = variable(environment_, "IDENTITY_ENDPOINT");
  const auto header = variable(environment_, "IDENTITY_HEADER");
  if (!endpoint || !header) return std::optional<AccessToken>();
  // App Service answers on a link-local address of the machine, and others on its loopback.
  if (is_clear_text(*endpoint) && !is_link_local(host_of(*endpoint)))
    return Error{ErrorCode::kInvalid, "Azure credentials: IDENTITY_ENDPOINT '" + *endpoint + "' " +
                                          clear_text_refusal("IDENTITY_HEADER")};
  const auto [base, path] = split(*endpoint);
  std::string target = (path.empty() ? "/" : path) +
                       "?api-version=2019-08-01&resource=" + model::percent_encode(place_.audience);
  if (const auto client = variable(environment_, "AZURE_CLIENT_ID"))
    target += "&client_id=" + model::percent_encode(*client);
  auto token = asked({"GET", base, target, {{"X-IDENTITY-HEADER", *header}}, ""},
                     "managed identity of IDENTITY_ENDPOINT", advice_for_identity());
  if (!token) return token.error();
  return std::optional(std::move(token).value());
}

TokenChain::Found TokenChain::from_metadata() {
  const std::string base = variable(environment_, "AZURE_POD_IDENTITY_AUTHORITY_HOST")
                               .value_or(std::string(kMetadataAddress));
  std::string target = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=" +
                       model::percent_encode(place_.audience);
  if (const auto client = variable(environment_, "AZURE_CLIENT_ID"))
    target += "&client_id=" + model::percent_encode(*client);
  auto token = asked({"GET", base, target, {{"Metadata", "true"}}, ""}, "managed identity",
                     advice_for_identity());
  if (token) return std::optional(std::move(token).value());
  // Nobody listens there outside Azure: that is no failure, there is just nothing to be had.
  if (token.error().code == ErrorCode::kUnreachable) return std::optional<AccessToken>();
  return token.error();
}

}  // namespace wme::executor::azure
