#include "simulators/gcp/compute_front.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "/compute/v1/";
constexpr std::string_view kRights = ":testIamPermissions";
constexpr std::size_t kLastReadsMax = 1000;
constexpr std::chrono::milliseconds kWaitMax{1500};
constexpr std::chrono::milliseconds kWaitStep{20};

/// Source: "System parameters" of Google's APIs.
const std::set<std::string, std::less<>>& standard_parameters() {
  static const std::set<std::string, std::less<>> all = {
      "$.xgafv", "$alt",        "access_token", "alt",       "callback",   "fields",
      "key",     "oauth_token", "prettyPrint",  "quotaUser", "uploadType", "upload_protocol",
      "userIp",  "userProject"};
  return all;
}

HttpResponse dropped() {
  HttpResponse response;
  response.drop = true;
  return response;
}

HttpResponse json_answer(int status, const json& body) {
  return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, body.dump()};
}

/// The word of google.rpc.Code that newer errors carry beside the reason; empty where none is.
std::string status_word(int status) {
  switch (status) {
    case 400:
      return "INVALID_ARGUMENT";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "NOT_FOUND";
    case 503:
      return "UNAVAILABLE";
    default:
      return "";
  }
}

/// An empty body comes as nothing, or as the two bytes "" from the Node.js client.
json body_of(const std::string& text) {
  if (text.empty() || text == "\"\"") return json::object();
  return json::parse(text, nullptr, /*allow_exceptions=*/false);
}

/// A UUID that is not all zeros: what requestId must be.
bool is_request_id(const std::string& text) {
  if (text.size() != 36 || text.find_first_not_of("0-") == std::string::npos) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash != (text[i] == '-')) return false;
    if (!is_dash &&
        std::string_view("0123456789abcdefABCDEF").find(text[i]) == std::string_view::npos)
      return false;
  }
  return true;
}

}  // namespace

ComputeFront::ComputeFront(World& world, WallClock wall_clock)
    : world_(world), backend_(world), tokens_(backend_.project(), std::move(wall_clock)) {}

Result<std::map<std::string, std::string>> ComputeFront::environment(
    const std::string& base, const std::filesystem::path& directory) {
  std::map<std::string, std::string> variables = {
      {"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE", base + std::string(kPrefix)},
      {"CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER", base + "/"},
      {"CLOUDSDK_CORE_PROJECT", backend_.project()},
      {"CLOUDSDK_COMPUTE_ZONE", backend_.zone()},
      {"CLOUDSDK_COMPUTE_REGION", backend_.region()},
      {"GOOGLE_CLOUD_PROJECT", backend_.project()}};
  if (directory.empty()) {
    variables["GCE_METADATA_HOST"] = base.substr(base.find("://") + 3);
    return variables;
  }
  is_served_ = true;
  const auto files = tokens_.write_files(base, directory);
  if (!files) return files.error();
  variables["GOOGLE_APPLICATION_CREDENTIALS"] = files.value().service_account.string();
  variables["CLOUDSDK_AUTH_ACCESS_TOKEN_FILE"] = files.value().access_token.string();
  variables["CLOUDSDK_AUTH_TOKEN_HOST"] = base + "/token";
  return variables;
}

namespace {

/// The short words of the routes as kinds of sources.
std::string spelled_out(std::string_view source) {
  if (is_source(source)) return std::string(source);
  for (const auto& [word, kind] : std::initializer_list<std::pair<std::string_view, const char*>>{
           {"model", "service model: compute.proto, 20260629"},
           {"captured", "captured: gcloud 528, @google-cloud/compute 6.15"},
           {"doc", "vendor page: Compute Engine API v1, REST reference"}})
    if (source.starts_with(word)) return kind + std::string(source.substr(word.size()));
  return std::string(source);
}

}  // namespace

/// Sources: gcloud topic "configurations"; google-gax, client options; hashicorp/google, "Custom
/// endpoints".
std::vector<ClientHint> ComputeFront::client_hints(const std::string& base) const {
  const std::string host = base.substr(base.find("://") + 3);
  return {
      {"gcloud", "gcloud compute instances list\n"},
      {"@google-cloud/compute",
       "new InstancesClient({ apiEndpoint: \"" + host.substr(0, host.rfind(':')) + "\", port: " +
           host.substr(host.rfind(':') + 1) + ", protocol: \"" + base.substr(0, base.find(':')) +
           "\", fallback: \"rest\",\n"
           "  auth: new GoogleAuth({ authClient }) })    // an OAuth2Client with the token of\n"
           "                                             // $CLOUDSDK_AUTH_ACCESS_TOKEN_FILE\n"},
      {"terraform", "provider \"google\" {\n  compute_custom_endpoint = \"" + base +
                        std::string(kPrefix) +
                        "\"\n}    # and GOOGLE_OAUTH_ACCESS_TOKEN=$(cat "
                        "\"$CLOUDSDK_AUTH_ACCESS_TOKEN_FILE\")\n"},
  };
}

FidelityLedger ComputeFront::fidelity() const {
  FidelityLedger ledger{
      "GCP Compute Engine",
      "API v1, JSON; operations with wait, request ids, with a token service and the metadata "
      "server behind the same address. Of the parameters that every method takes, fields, alt and "
      "prettyPrint change nothing: answers are whole, and JSON. A member of a body that the API "
      "does not have is ignored, where Google's APIs refuse it (400, Invalid JSON payload "
      "received. "
      "Unknown name); a parameter of the query is refused.",
      {}};
  for (const auto* routes : {&side_routes(), &read_routes(), &change_routes()})
    for (const ComputeRoute& each : *routes)
      ledger.entries.push_back({each.operation, std::string(each.method) + " " + each.path,
                                spelled_out(each.source), each.differs});
  return ledger;
}

std::set<std::string> ComputeFront::deniable() const {
  std::set<std::string> all = known_permissions();
  for (const auto* routes : {&read_routes(), &change_routes()})
    for (const ComputeRoute& route : *routes) all.insert(route.operation);
  return all;
}

HttpResponse ComputeFront::refusal(const ComputeError& error) const {
  json body = {
      {"code", error.status},
      {"message", error.message},
      {"errors",
       json::array({{{"message", error.message},
                     {"domain", error.reason == "rateLimitExceeded" ? "usageLimits" : "global"},
                     {"reason", error.reason}}})}};
  if (const std::string word = status_word(error.status); !word.empty()) body["status"] = word;
  return json_answer(error.status, {{"error", std::move(body)}});
}

HttpResponse ComputeFront::forbidden(const RouteMatch& match) const {
  return refusal({403, "forbidden",
                  "Required '" + std::string(match.route->permission) +
                      "' permission for 'projects/" + backend_.project() + "'"});
}

bool ComputeFront::is_denied(const std::string& operation, const std::string& permission) const {
  const auto& denied = world_.conditions().denied;
  return denied.contains(operation) || denied.contains(permission);
}

HttpResponse ComputeFront::handle(const HttpRequest& request) {
  HttpResponse response;
  {
    const auto lock = world_.enter();
    backend_.settle();
    response = serve(request);
    response.headers.emplace_back("Date", http_date(world_.conditions().time_at("compute")));
    if (!is_served_) return response;
  }
  return waited(request, std::move(response));
}

/// The real one blocks for two minutes at most, and clients ask again. Here a second or two of real
/// time stand for them; nobody is kept out meanwhile.
HttpResponse ComputeFront::waited(const HttpRequest& request, HttpResponse first) {
  const auto until = std::chrono::steady_clock::now() + kWaitMax;
  const auto match = request.method == "POST" && request.path().ends_with("/wait")
                         ? find_route("POST", request.path().substr(kPrefix.size()))
                         : std::nullopt;
  if (!match || first.status != 200 || first.drop) return first;
  while (first.body.find("\"status\":\"DONE\"") == std::string::npos &&
         std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kWaitStep);
    const auto lock = world_.enter();
    backend_.settle();
    first.body = answer(request, *match, Fault::kNone).body;
  }
  return first;
}

HttpResponse ComputeFront::serve(const HttpRequest& request) {
  if (auto own = tokens_.answer(request)) return std::move(*own);
  const std::string path = request.path();
  if (const auto project = asked_project(path)) {
    if (auto refused = tokens_.refusal(request)) return std::move(*refused);
    return granted(request, *project);
  }
  const auto match = path.starts_with(kPrefix)
                         ? find_route(request.method, path.substr(kPrefix.size()))
                         : std::nullopt;
  if (!match)
    return refusal(
        {404, "notFound", "The requested URL " + path + " was not found on this server."});
  if (auto refused = tokens_.refusal(request)) return std::move(*refused);
  const std::string operation = match->route->operation;
  if (is_denied(operation, match->route->permission)) return forbidden(*match);
  const Fault fault = world_.next_fault(operation, last_reads_.contains(request.target));
  switch (fault) {
    case Fault::kRequestLost:
      return dropped();
    case Fault::kThrottled:
      return refusal({403, "rateLimitExceeded",
                      "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'"});
    case Fault::kServerError:
      return refusal({503, "backendError", "Internal error. Please try again."});
    case Fault::kDenied:
      return forbidden(*match);
    case Fault::kNone:
    case Fault::kAnswerLost:
    case Fault::kOutcomeFails:  // the world's, by the action's name
    case Fault::kSlow:
    case Fault::kHangs:
    case Fault::kStaleRead:
      break;
  }
  HttpResponse response = answer(request, *match, fault);
  response.drop = fault == Fault::kAnswerLost;
  return response;
}

ComputeStatus ComputeFront::check(const RouteMatch& match, const ComputeRequest& asked) const {
  for (const auto& [name, value] : asked.query)
    if (!standard_parameters().contains(name) &&
        std::ranges::find(match.route->parameters, name) == match.route->parameters.end())
      return ComputeError{400, "badRequest",
                          "Invalid JSON payload received. Unknown name \"" + name +
                              "\": Cannot bind query parameter."};
  for (const char* each : {"deviceName", "networkInterface", "autoDelete"}) {
    const bool is_needed =
        std::string_view(match.route->operation) != "instances.attachDisk" &&
        std::ranges::find(match.route->parameters, each) != match.route->parameters.end();
    if (is_needed && asked.parameter(each).empty())
      return ComputeError{400, "required", "Required parameter: " + std::string(each)};
  }
  const std::string id = asked.parameter("requestId");
  if (!id.empty() && !is_request_id(id))
    return invalid("requestId", "'" + id + "'. Must be a UUID, and not zero");
  // Images belong to projects of their own.
  const bool is_image = std::string_view(match.route->operation).starts_with("images.");
  if (!is_image && asked.name("project") != backend_.project())
    return not_found("projects/" + asked.name("project"));
  if (!asked.name("zone").empty() && asked.name("zone") != backend_.zone())
    return invalid("zone", "'" + asked.name("zone") + "'. Unknown zone.");
  if (!asked.name("region").empty() && asked.name("region") != backend_.region())
    return invalid("region", "'" + asked.name("region") + "'. Unknown region.");
  if (!asked.body.is_object())
    return ComputeError{400, "parseError", "Parse Error: the body is no JSON object"};
  return Fine{};
}

HttpResponse ComputeFront::answer(const HttpRequest& request, const RouteMatch& match,
                                  Fault fault) {
  const ComputeRoute& route = *match.route;
  const bool reads = request.method == "GET";
  if (fault == Fault::kStaleRead)
    return {
        200, {{"Content-Type", "application/json; charset=UTF-8"}}, last_reads_.at(request.target)};
  ComputeRequest asked;
  asked.names = match.names;
  asked.query = parse_form(request.query());
  asked.body = body_of(request.body);
  asked.context = {asked.parameter("requestId"), request.method + " " + request.path()};
  if (const ComputeStatus fine = check(match, asked); !fine) return refusal(fine.error());
  const auto done = route.handler(backend_, asked);
  if (!done) return refusal(done.error());
  HttpResponse response = json_answer(200, done.value());
  if (reads) {
    if (last_reads_.size() >= kLastReadsMax) last_reads_.clear();
    last_reads_[request.target] = response.body;
  }
  return response;
}

/// The project of "/v1/projects/{project}:testIamPermissions"; none of another path.
std::optional<std::string> ComputeFront::asked_project(const std::string& path) {
  constexpr std::string_view kBefore = "/v1/projects/";
  if (!path.starts_with(kBefore) || !path.ends_with(kRights)) return std::nullopt;
  return path.substr(kBefore.size(), path.size() - kBefore.size() - kRights.size());
}

/// Of the permissions asked about, those that are not denied.
HttpResponse ComputeFront::granted(const HttpRequest& request, const std::string& project) {
  const json body = body_of(request.body);
  if (request.method != "POST" || !body.is_object())
    return refusal({400, "badRequest", "testIamPermissions takes POST and permissions"});
  if (project != backend_.project())
    return refusal({403, "forbidden", "The caller does not have permission"});
  for (const auto& [name, value] : body.items())
    if (name != "permissions")
      return refusal(
          {400, "badRequest",
           "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot find field."});
  json kept = json::array();
  for (const json& each : body.value("permissions", json::array())) {
    const std::string name = each.is_string() ? each.get<std::string>() : each.dump();
    if (!known_permissions().contains(name))
      return refusal(
          {400, "badRequest", "Permission " + name + " is not valid for this resource."});
    bool is_allowed = !world_.conditions().denied.contains(name);
    for (const auto* routes : {&read_routes(), &change_routes()})
      for (const ComputeRoute& route : *routes)
        if (name == route.permission && is_denied(route.operation, route.permission))
          is_allowed = false;
    if (is_allowed) kept.push_back(name);
  }
  json answer = json::object();  // none: the member is left out
  if (!kept.empty()) answer["permissions"] = std::move(kept);
  return json_answer(200, answer);
}

}  // namespace wme::simulators::gcp
