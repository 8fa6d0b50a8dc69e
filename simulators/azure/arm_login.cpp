#include "simulators/azure/arm_login.hpp"

#include <array>
#include <utility>

#include "model/json/digest.hpp"
#include "simulators/azure/arm_json.hpp"
#include "simulators/azure/arm_routes.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr const char* kLoginPage =
    "vendor page: Microsoft identity platform; Azure instance metadata";
constexpr const char* kLoginCaptured = "captured: azure-cli 2.45, azure-identity";

constexpr std::chrono::seconds kTokenLife{3599};
constexpr std::size_t kTokensMax = 10000;

HttpResponse answered(int status, const json& body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, body.dump()};
}

HttpResponse refused(int status, const char* error, const std::string& description) {
  return answered(status, {{"error", error}, {"error_description", description}});
}

std::string field(const Form& form, std::string_view name) {
  const auto place = form.find(name);
  return place == form.end() ? "" : place->second;
}

std::string base64url(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string made;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = (bits << 8U) | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
    const std::size_t used = std::min<std::size_t>(3, text.size() - i) + 1;
    for (std::size_t j = 0; j < used; ++j) made += kDigits[(bits >> (18U - 6U * j)) & 63U];
  }
  return made;
}

}  // namespace

ArmLogin::ArmLogin(ArmAccount account, WallClock wall_clock)
    : account_(std::move(account)), wall_clock_(std::move(wall_clock)) {}

/// A JWT in form: clients read its claims, nobody here trusts anything but that it was issued.
std::string ArmLogin::issue(const std::string& audience) {
  const auto now = wall_clock_();
  const auto seconds = now.time_since_epoch().count();
  const json claims = {{"aud", audience},
                       {"iss", "https://sts.windows.net/" + account_.tenant + "/"},
                       {"iat", seconds},
                       {"nbf", seconds},
                       {"exp", seconds + kTokenLife.count()},
                       {"appid", account_.client},
                       {"oid", guid_of("principal of " + account_.client)},
                       {"tid", account_.tenant},
                       {"jti", std::to_string(++count_)},
                       {"ver", "1.0"}};
  const std::string signed_part = base64url(R"({"typ":"JWT","alg":"RS256","kid":"simulated"})") +
                                  "." + base64url(claims.dump());
  if (issued_.size() >= kTokensMax)
    std::erase_if(issued_, [&](const auto& each) { return each.second.end <= now; });
  const std::string token =
      signed_part + "." + base64url(model::sha256_hex(signed_part + account_.secret));
  issued_[token] = {audience, now + kTokenLife};
  return token;
}

ArmResult<std::string> ArmLogin::check(const HttpRequest& request) const {
  const std::string given = request.header("Authorization");
  if (given.empty())
    return ArmError{401, "AuthenticationFailed",
                    "Authentication failed. The 'Authorization' header is missing."};
  constexpr std::string_view kBearer = "bearer ";
  const bool is_bearer = lower(given).starts_with(kBearer);
  const auto known = is_bearer ? issued_.find(given.substr(kBearer.size())) : issued_.end();
  if (known == issued_.end())
    return ArmError{401, "InvalidAuthenticationToken", "The access token is invalid."};
  if (known->second.end <= wall_clock_())
    return ArmError{401, "ExpiredAuthenticationToken",
                    "The access token expiry UTC time is earlier than the current UTC time."};
  return known->second.audience;
}

/// What each open path answers.
struct LoginHandlers {
  using Words = std::map<std::string, std::string>;
  using Handler = HttpResponse (*)(ArmLogin&, const HttpRequest&, const std::string& base,
                                   const Words&);

  static HttpResponse token(ArmLogin& login, const HttpRequest& request, const std::string&,
                            const Words& words) {
    const ArmAccount& account = login.account_;
    const Form form = parse_form(request.body);
    const auto tenant = words.find("tenant");
    if (tenant != words.end() && tenant->second != account.tenant)
      return refused(400, "invalid_request",
                     "AADSTS90002: Tenant '" + tenant->second + "' not found.");
    if (field(form, "grant_type") != "client_credentials")
      return refused(400, "unsupported_grant_type",
                     "AADSTS70003: The app requested an unsupported grant type '" +
                         field(form, "grant_type") + "'.");
    if (field(form, "client_id") != account.client)
      return refused(400, "unauthorized_client",
                     "AADSTS700016: Application with identifier '" + field(form, "client_id") +
                         "' was not found in the directory.");
    const bool is_assertion = !field(form, "client_assertion").empty() &&
                              field(form, "client_assertion") == account.secret;
    if (field(form, "client_secret") != account.secret && !is_assertion)
      return refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
    std::string audience = field(form, "scope");
    if (audience.empty()) audience = field(form, "resource");
    const auto scope = audience.rfind("/.default");
    if (audience.empty() || (form.contains("scope") && scope == std::string::npos))
      return refused(400, "invalid_scope",
                     "AADSTS70011: The provided value for the input parameter 'scope' is not "
                     "valid.");
    return answered(200, {{"token_type", "Bearer"},
                          {"expires_in", kTokenLife.count()},
                          {"ext_expires_in", kTokenLife.count()},
                          {"access_token", login.issue(audience.substr(0, scope))}});
  }

  static HttpResponse identity_token(ArmLogin& login, const HttpRequest& request,
                                     const std::string&, const Words&) {
    if (lower(request.header("Metadata")) != "true" &&
        request.header("X-IDENTITY-HEADER") != login.account_.secret)
      return refused(400, "invalid_request", "Required metadata header not specified");
    const Form query = parse_form(request.query());
    const std::string resource = field(query, "resource");
    if (resource.empty())
      return refused(400, "invalid_request", "Required query variable 'resource' is missing");
    const auto end = (login.wall_clock_() + kTokenLife).time_since_epoch().count();
    return answered(200, {{"access_token", login.issue(resource)},
                          {"client_id", login.account_.client},
                          {"expires_in", std::to_string(kTokenLife.count())},
                          {"expires_on", std::to_string(end)},
                          {"resource", resource},
                          {"token_type", "Bearer"}});
  }

  static HttpResponse discovery(ArmLogin&, const HttpRequest&, const std::string& base,
                                const Words& words) {
    const auto tenant = words.find("tenant");
    const std::string at = base + "/" + (tenant == words.end() ? "adfs" : tenant->second);
    const std::string oauth = at + (tenant == words.end() ? "/oauth2" : "/oauth2/v2.0");
    return answered(200, {{"issuer", at + (tenant == words.end() ? "" : "/v2.0")},
                          {"authorization_endpoint", oauth + "/authorize"},
                          {"token_endpoint", oauth + "/token"},
                          {"device_authorization_endpoint", oauth + "/devicecode"},
                          {"jwks_uri", at + "/discovery/v2.0/keys"},
                          {"response_types_supported", json::array({"code", "id_token"})},
                          {"token_endpoint_auth_methods_supported",
                           json::array({"client_secret_post", "private_key_jwt"})}});
  }

  static HttpResponse instance_discovery(ArmLogin& login, const HttpRequest&,
                                         const std::string& base, const Words&) {
    const std::string host = base.substr(base.find("://") + 3);
    return answered(
        200, {{"tenant_discovery_endpoint",
               base + "/" + login.account_.tenant + "/v2.0/.well-known/openid-configuration"},
              {"api-version", "1.1"},
              {"metadata", json::array({{{"preferred_network", host},
                                         {"preferred_cache", host},
                                         {"aliases", json::array({host})}}})}});
  }

  static HttpResponse keys(ArmLogin&, const HttpRequest&, const std::string&, const Words&) {
    return answered(200, {{"keys", json::array()}});
  }

  /// What `az cloud register --endpoint-resource-manager` asks first.
  static HttpResponse endpoints(ArmLogin& login, const HttpRequest& request,
                                const std::string& base, const Words&) {
    const json authentication = {{"loginEndpoint", base + "/"},
                                 {"audiences", json::array({base, base + "/"})},
                                 {"tenant", login.account_.tenant},
                                 {"identityProvider", "AAD"}};
    const json cloud = {
        {"name", "simulated"},       {"resourceManager", base}, {"graphEndpoint", base},
        {"galleryEndpoint", base},   {"portal", base},          {"authentication", authentication},
        {"suffixes", json::object()}};
    const bool lists_clouds =
        parse_form(request.query()).contains("api-version") &&
        field(parse_form(request.query()), "api-version") >= std::string("2019-05-01");
    return answered(200, lists_clouds ? json::array({cloud}) : cloud);
  }

  static HttpResponse instance(ArmLogin& login, const HttpRequest& request, const std::string&,
                               const Words&) {
    if (lower(request.header("Metadata")) != "true")
      return refused(400, "invalid_request", "Required metadata header not specified");
    return answered(200, {{"compute",
                           {{"location", login.account_.location},
                            {"resourceGroupName", login.account_.group},
                            {"subscriptionId", login.account_.subscription}}}});
  }

  static Handler of(std::string_view operation) {
    static const std::map<std::string_view, Handler> all = {
        {"Token", token},
        {"IdentityToken", identity_token},
        {"Discovery", discovery},
        {"InstanceDiscovery", instance_discovery},
        {"Keys", keys},
        {"CloudEndpoints", endpoints},
        {"InstanceMetadata", instance}};
    return all.at(operation);
  }
};

const std::vector<LoginRoute>& login_routes() {
  static const std::vector<LoginRoute> all = {
      {"Token", "POST", "/adfs/oauth2/token", {kLoginCaptured, "client secrets only"}},
      {"Token",
       "POST",
       "/{tenant}/oauth2/v2.0/token",
       {kLoginCaptured, "one client of one tenant; assertions are compared, not verified"}},
      {"Token", "POST", "/{tenant}/oauth2/token", {kLoginPage, "as above"}},
      {"Discovery", "GET", "/adfs/.well-known/openid-configuration", {kLoginCaptured, ""}},
      {"Discovery", "GET", "/{tenant}/v2.0/.well-known/openid-configuration", {kLoginCaptured, ""}},
      {"Discovery", "GET", "/{tenant}/.well-known/openid-configuration", {kLoginPage, ""}},
      {"Keys", "GET", "/{tenant}/discovery/v2.0/keys", {kLoginPage, "no keys: nothing is signed"}},
      {"InstanceDiscovery", "GET", "/common/discovery/instance", {kLoginCaptured, ""}},
      {"CloudEndpoints", "GET", "/metadata/endpoints", {kLoginPage, ""}},
      {"IdentityToken", "GET", "/metadata/identity/oauth2/token", {kLoginPage, ""}},
      {"IdentityToken", "GET", "/msi/token", {kLoginPage, ""}},
      {"InstanceMetadata", "GET", "/metadata/instance", {kLoginPage, "three fields of many"}},
  };
  return all;
}

std::string ArmLogin::operation_of(const HttpRequest& request) {
  for (const LoginRoute& each : login_routes())
    if (each.method == request.method && matched(each.route, request.path()))
      return std::string(each.operation);
  return "";
}

std::optional<HttpResponse> ArmLogin::answer(const HttpRequest& request, const std::string& base) {
  for (const LoginRoute& each : login_routes()) {
    if (each.method != request.method) continue;
    if (const auto words = matched(each.route, request.path()))
      return LoginHandlers::of(each.operation)(*this, request, base, *words);
  }
  return std::nullopt;
}

}  // namespace wme::simulators::azure
