#include "simulators/azure/arm_front.hpp"

#include <algorithm>
#include <utility>

#include "simulators/azure/arm_gateway.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

constexpr std::size_t kLastReadsMax = 1000;
constexpr const char* kRetryAfter = "1";  // seconds; without it clients wait half a minute
constexpr const char* kThrottledAfter = "2";
constexpr std::string_view kVersion = "api-version";

HttpResponse json_answer(int status, const json& body) {
  HttpResponse response{status, {}, ""};
  if (body.is_null()) return response;
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.body = body.dump();
  return response;
}

HttpResponse dropped() {
  HttpResponse response;
  response.drop = true;
  return response;
}

}  // namespace

ArmFront::ArmFront(World& world, ArmAccount account, ArmLogin::WallClock wall_clock)
    : world_(world), backend_(world, account), login_(account, std::move(wall_clock)) {}

Result<std::map<std::string, std::string>> ArmFront::environment(
    const std::string& base, const std::filesystem::path& /*directory*/) {
  base_ = base;
  const ArmAccount& account = backend_.account();
  return std::map<std::string, std::string>{{"ARM_ENDPOINT", base},
                                            {"AZURE_AUTHORITY_HOST", base},
                                            {"AZURE_TENANT_ID", account.tenant},
                                            {"AZURE_CLIENT_ID", account.client},
                                            {"AZURE_CLIENT_SECRET", account.secret},
                                            {"AZURE_SUBSCRIPTION_ID", account.subscription},
                                            {"AZURE_RESOURCE_GROUP", account.group}};
}

/// Sources: `az cloud register --help`; hashicorp/azurerm, metadata_host.
std::vector<ClientHint> ArmFront::client_hints(const std::string& base) const {
  return {
      {"az",
       "az cloud register --name Simulated --endpoint-resource-manager \"$ARM_ENDPOINT\" \\\n"
       "  --endpoint-management \"$ARM_ENDPOINT\" --endpoint-active-directory "
       "\"$ARM_ENDPOINT/adfs\" \\\n"
       "  --endpoint-active-directory-resource-id \"$ARM_ENDPOINT\" \\\n"
       "  --endpoint-active-directory-graph-resource-id \"$ARM_ENDPOINT\"\n"
       "az cloud set --name Simulated    # Debian's: --profile 2020-09-01-hybrid, too\n"
       "az login --service-principal --username \"$AZURE_CLIENT_ID\" \\\n"
       "  --password \"$AZURE_CLIENT_SECRET\" --tenant \"$AZURE_TENANT_ID\"\n"},
      {"@azure/arm-compute",
       "const endpoint = process.env.ARM_ENDPOINT;\n"
       "const credential = new ClientSecretCredential(tenant, client, secret,\n"
       "  { authorityHost: endpoint, disableInstanceDiscovery: true });\n"
       "new ComputeManagementClient(credential, subscription,\n"
       "  { endpoint, credentialScopes: [`${endpoint}/.default`] })\n"},
      {"terraform",
       "provider \"azurerm\" {\n  features {}\n  resource_provider_registrations = \"none\"\n"
       "  metadata_host   = \"" +
           base.substr(base.find("://") + 3) +
           "\"\n"
           "  client_id       = \"" +
           backend_.account().client + "\"\n  tenant_id       = \"" + backend_.account().tenant +
           "\"\n  subscription_id = \"" + backend_.account().subscription +
           "\"\n}    # and ARM_CLIENT_SECRET=\"$AZURE_CLIENT_SECRET\"\n"},
  };
}

FidelityLedger ArmFront::fidelity() const {
  FidelityLedger ledger{
      "Azure Resource Manager",
      "Compute and network, the api-versions that clients send, long-running operations with "
      "Azure-AsyncOperation and Location; with the identity platform and the metadata service "
      "behind the same address. A query or property that is not simulated is kept or ignored, "
      "where Azure refuses one that it does not know.",
      {}};
  for (const LoginRoute& each : login_routes())
    ledger.entries.push_back(fidelity_of(
        each.operation, std::string(each.method) + " " + std::string(each.route), each.origin));
  for (Fidelity& each : gateway_fidelity()) ledger.entries.push_back(std::move(each));
  for (const ArmRoute& each : arm_routes())
    ledger.entries.push_back(fidelity_of(
        each.operation, std::string(each.method) + " " + std::string(each.route), each.origin));
  return ledger;
}

std::set<std::string> ArmFront::deniable() const {
  std::set<std::string> all;
  for (const ArmRoute& each : arm_routes())
    all.insert({std::string(each.operation), std::string(each.action)});
  return all;
}

/// By whatever name the client found us, in the scheme that we are served by.
std::string ArmFront::base_of(const HttpRequest& request) const {
  const std::string host = request.header("Host");
  if (host.empty()) return base_;
  return base_.substr(0, base_.find("://") + 3) + host;
}

HttpResponse ArmFront::refusal(const ArmError& error) const {
  HttpResponse response =
      json_answer(error.status, {{"error", {{"code", error.code}, {"message", error.message}}}});
  if (error.status == 429) response.headers.emplace_back("Retry-After", kThrottledAfter);
  if (error.status == 401)
    response.headers.emplace_back(
        "WWW-Authenticate",
        "Bearer authorization_uri=\"" + base_ + "/" + backend_.account().tenant +
            "\", error=\"invalid_token\", error_description=\"" + error.message + "\"");
  return response;
}

HttpResponse ArmFront::unauthorized(const ArmRoute& route, const ArmRequest& parts) const {
  const ArmAccount& account = backend_.account();
  return refusal({403, "AuthorizationFailed",
                  "The client '" + account.client + "' with object id '" +
                      guid_of("principal of " + account.client) +
                      "' does not have authorization to perform action '" +
                      std::string(route.action) + "' over scope '" + parts.target_path +
                      "' or the scope is invalid."});
}

HttpResponse ArmFront::handle(const HttpRequest& request) {
  const auto lock = world_.enter();
  backend_.settle();
  HttpResponse response = serve(request);
  response.headers.emplace_back("Date", http_date(world_.conditions().time_at("arm")));
  const std::string id = guid_of("request" + std::to_string(++requests_));
  response.headers.emplace_back("x-ms-request-id", id);
  response.headers.emplace_back("x-ms-correlation-request-id", id);
  if (const std::string own = request.header("x-ms-client-request-id"); !own.empty())
    response.headers.emplace_back("x-ms-client-request-id", own);
  return response;
}

HttpResponse ArmFront::serve(const HttpRequest& request) {
  if (const std::string operation = ArmLogin::operation_of(request); !operation.empty()) {
    const Fault fault = world_.next_fault(operation);
    if (fault == Fault::kRequestLost) return dropped();
    if (fault == Fault::kThrottled) return refusal({429, "TooManyRequests", "Too many requests."});
    if (fault == Fault::kDenied)
      return json_answer(401, {{"error", "invalid_client"},
                               {"error_description", "AADSTS7000215: Invalid client secret."}});
    if (fault == Fault::kServerError)
      return json_answer(500, {{"error", "server_error"},
                               {"error_description", "AADSTS90033: A transient error occurred."}});
    HttpResponse response = *login_.answer(request, base_of(request));
    response.drop = fault == Fault::kAnswerLost;
    return response;
  }
  const auto audience = login_.check(request);
  if (!audience) return refusal(audience.error());
  if (const auto ours = check_audience(audience.value(), {base_, base_of(request)}); !ours)
    return refusal(ours.error());
  ArmRequest parts;
  parts.base = base_of(request);
  parts.target_path = request.path();
  parts.query = parse_form(request.query());
  const std::string version = parts.query_value(kVersion);
  if (version.empty())
    return refusal(
        {400, "MissingApiVersionParameter",
         "The api-version query parameter (?api-version=) is required for all requests."});
  bool is_path = false;
  for (const ArmRoute& route : arm_routes()) {
    const auto words = matched(route.route, parts.target_path);
    if (!words) continue;
    is_path = true;
    if (route.method != request.method) continue;
    parts.path = *words;
    return serve_route(route, request, parts);
  }
  if (is_path)
    return refusal({405, "MethodNotAllowed", "The method is not allowed for this resource."});
  return refusal(
      {404, "InvalidResourceType",
       "The resource type could not be found: " + parts.target_path + " is not simulated."});
}

ArmStatus ArmFront::check_place(const ArmRoute& route, const ArmRequest& parts) const {
  const std::string version = parts.query_value(kVersion);
  const std::string& location = backend_.account().location;
  const auto today = std::chrono::floor<std::chrono::days>(login_.now());
  if (auto is_fine = check_version(version, route, location, today); !is_fine) return is_fine;
  if (auto is_fine = check_path_location(parts, route, version, location); !is_fine) return is_fine;
  const auto subscription = parts.path.find("subscription");
  if (subscription != parts.path.end() &&
      !same_id(subscription->second, backend_.account().subscription))
    return ArmError{404, "SubscriptionNotFound",
                    "The subscription '" + subscription->second + "' could not be found."};
  const auto group = parts.path.find("group");
  if (group != parts.path.end() && !backend_.has_group(group->second))
    return ArmError{404, "ResourceGroupNotFound",
                    "Resource group '" + group->second + "' could not be found."};
  return Nothing{};
}

HttpResponse ArmFront::serve_route(const ArmRoute& route, const HttpRequest& request,
                                   ArmRequest& parts) {
  const auto& denied = world_.conditions().denied;
  if (denied.contains(std::string(route.operation)) || denied.contains(std::string(route.action)))
    return unauthorized(route, parts);
  if (const auto there = check_place(route, parts); !there) return refusal(there.error());
  if (!request.body.empty()) {
    parts.body = json::parse(request.body, nullptr, /*allow_exceptions=*/false);
    if (parts.body.is_discarded())
      return refusal({400, "InvalidRequestContent",
                      "The request content was invalid and could not be deserialized."});
    if (const auto there = check_body_location(parts.body, route, backend_.account().location);
        !there)
      return refusal(there.error());
  }
  const bool was_read = last_reads_.contains(request.target);
  const Fault fault = world_.next_fault(route.operation, was_read && route.reads());
  switch (fault) {
    case Fault::kRequestLost:
      return dropped();
    case Fault::kThrottled:
      return refusal({429, "TooManyRequests",
                      "The request is being throttled as the limit has been reached."});
    case Fault::kServerError:
      return refusal({500, "InternalServerError", "Encountered internal server error."});
    case Fault::kDenied:
      return unauthorized(route, parts);
    case Fault::kStaleRead:
      return last_reads_.at(request.target);
    case Fault::kNone:
    case Fault::kAnswerLost:
    case Fault::kOutcomeFails:  // the world's, by the action's name
    case Fault::kSlow:
    case Fault::kHangs:
      break;
  }
  HttpResponse response = answer(route, parts);
  if (route.reads() && response.status == 200) {
    if (last_reads_.size() >= kLastReadsMax) last_reads_.clear();
    last_reads_[request.target] = response;
  }
  response.drop = fault == Fault::kAnswerLost;
  return response;
}

HttpResponse ArmFront::answer(const ArmRoute& route, const ArmRequest& parts) {
  const ArmResult<Change> done = route.handler(backend_, parts);
  if (!done) return refusal(done.error());
  const Change& change = done.value();
  HttpResponse response = json_answer(change.status, change.body);
  if (const std::string etag = text_at(change.body, "etag"); !etag.empty())
    response.headers.emplace_back("ETag", etag);
  if (change.operation.empty()) return response;
  const std::string url = parts.base + "/subscriptions/" + backend_.account().subscription +
                          "/providers/Microsoft.Compute/locations/" + backend_.account().location +
                          "/operations/" + change.operation + "?api-version=2022-08-01";
  if (!route.reads()) response.headers.emplace_back("Azure-AsyncOperation", url);
  // The end of a PUT or PATCH is read from the resource itself.
  if (route.method != "PUT" && route.method != "PATCH")
    response.headers.emplace_back("Location", url + "&monitor=true");
  response.headers.emplace_back("Retry-After", kRetryAfter);
  return response;
}

}  // namespace wme::simulators::azure
