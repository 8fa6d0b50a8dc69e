#include "executor/drivers/gcp/compute_client.hpp"

#include "executor/drivers/gcp/compute_error.hpp"
#include "executor/ports/sentence.hpp"
#include "model/json/percent.hpp"

namespace wme::executor::gcp {

namespace {

using nlohmann::json;

constexpr int kPagesMax = 1000;
constexpr const char* kPageSize = "500";  // the most that a list gives

struct Said {
  std::string reason;
  std::string message;
};

/// The first reason of the error envelope; newer errors say it in `details`.
Said said_in(const HttpAnswer& answer) {
  const json document = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  const json& error = part(document, "error");
  Said said{"", without_stop(text(error, "message"))};
  for (const char* list : {"errors", "details"})
    for (const json& each : part(error, list))
      if (said.reason.empty()) said.reason = text(each, "reason");
  if (said.reason.empty() && text(error, "status") == "RESOURCE_EXHAUSTED")
    said.reason = "rateLimitExceeded";
  return said;
}

Error error_of(const std::string& what, const HttpAnswer& answer, bool reads) {
  const Said said = said_in(answer);
  const std::string cause =
      said.message.empty() ? "status " + std::to_string(answer.status) + " without an error of it"
                           : (said.reason.empty() ? "" : said.reason + ": ") + said.message;
  return {classify(answer.status, said.reason, reads),
          what + ": " + cause + std::string(advice(said.reason))};
}

}  // namespace

std::string text(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const json& part(const json& object, const char* key) {
  static const json none = json::object();
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found != object.end() && found->is_structured() ? *found : none;
}

std::string error_in(const json& operation) {
  if (text(operation, "status") != "DONE") return "";
  const json& errors = part(part(operation, "error"), "errors");
  if (errors.empty()) return "";
  return text(errors.front(), "code") + ": " + without_stop(text(errors.front(), "message"));
}

ComputeClient::ComputeClient(HttpTransport& transport, ComputePlace place,
                             CredentialChain& credentials)
    : transport_(transport), place_(std::move(place)), credentials_(credentials) {}

std::string ComputeClient::target_of(const std::string& path, const Query& query) const {
  std::string target = place_.prefix + "/" + path;
  char mark = '?';
  for (const auto& [name, value] : query) {
    target += mark + model::percent_encode(name) + "=" + model::percent_encode(value);
    mark = '&';
  }
  return target;
}

ComputeClient::Request ComputeClient::request(const std::string& method, const std::string& path,
                                              const Query& query) const {
  // Without the project, which is the same every time.
  const std::string project = "projects/" + place_.project + "/";
  const std::string about = path.starts_with(project) ? path.substr(project.size()) : path;
  return {method,
          place_.base,
          target_of(path, query),
          "",
          "Compute Engine " + method + " " + about,
          method == "GET"};
}

Result<HttpAnswer> ComputeClient::exchange(const Request& request) {
  const auto token = credentials_.token();
  if (!token) return token.error();
  Headers headers = {{"Authorization", "Bearer " + token.value().text.reveal()},
                     {"Accept", "application/json"}};
  if (!request.body.empty()) headers.emplace_back("Content-Type", "application/json");
  return transport_.send(
      {request.method, request.base, request.target, std::move(headers), request.body});
}

Result<json> ComputeClient::send(const Request& request) {
  Result<HttpAnswer> answer = exchange(request);
  if (answer && answer.value().status == 401) {
    // Nothing was done for it. A token can be withdrawn before its time: once more with a new one.
    credentials_.forget();
    answer = exchange(request);
  }
  if (!answer) {
    const bool may_ask_again = request.reads && answer.error().code == ErrorCode::kUnknownOutcome;
    return Error{may_ask_again ? ErrorCode::kThrottled : answer.error().code,
                 request.what + ": " + answer.error().message};
  }
  if (answer.value().status != 200) return error_of(request.what, answer.value(), request.reads);
  json document = json::parse(answer.value().body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object())
    return Error{request.reads ? ErrorCode::kFailed : ErrorCode::kUnknownOutcome,
                 request.what + ": the answer is no JSON object"};
  return document;
}

Result<json> ComputeClient::get(const std::string& path, const Query& query) {
  return send(request("GET", path, query));
}

Result<std::vector<json>> ComputeClient::list(const std::string& path, const Query& query) {
  std::vector<json> all;
  std::string page_token;
  for (int page = 0; page < kPagesMax; ++page) {
    Query asked = query;
    asked.emplace_back("maxResults", kPageSize);
    if (!page_token.empty()) asked.emplace_back("pageToken", page_token);
    const auto answer = get(path, asked);
    if (!answer) return answer.error();
    for (const json& each : part(answer.value(), "items")) all.push_back(each);
    page_token = text(answer.value(), "nextPageToken");
    if (page_token.empty()) return all;
  }
  return Error{ErrorCode::kFailed, "Compute Engine GET " + path + ": more than " +
                                       std::to_string(kPagesMax) +
                                       " pages: the filter or the endpoint is wrong"};
}

Result<json> ComputeClient::change(const std::string& method, const std::string& path, Query query,
                                   const std::string& request_id, const json& body) {
  query.emplace_back("requestId", request_id);
  Request asked = request(method, path, query);
  if (!body.is_null()) asked.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  auto operation = send(asked);
  if (!operation) return operation;
  if (const std::string why = error_in(operation.value()); !why.empty()) {
    const std::string code = why.substr(0, why.find(':'));
    return Error{classify_operation(code), asked.what + ": " + why + std::string(advice(code))};
  }
  return operation;
}

Result<json> ComputeClient::granted(const std::vector<std::string>& permissions) {
  Request asked{"POST",
                place_.rights_base,
                "/v1/projects/" + place_.project + ":testIamPermissions",
                json{{"permissions", permissions}}.dump(),
                "Resource Manager testIamPermissions of project " + place_.project,
                true};
  return send(asked);
}

}  // namespace wme::executor::gcp
