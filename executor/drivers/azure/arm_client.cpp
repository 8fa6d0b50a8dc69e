#include "executor/drivers/azure/arm_client.hpp"

#include <algorithm>
#include <utility>

#include "executor/drivers/azure/arm_error.hpp"
#include "executor/drivers/azure/json_fields.hpp"
#include "executor/ports/sentence.hpp"

namespace wme::executor::azure {

using nlohmann::json;

namespace {

constexpr int kPagesMax = 1000;

std::string header(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (same_id(key, name)) return value;
  return "";
}

std::string target_of(const std::string& path, std::string_view version, const std::string& query) {
  return path + "?api-version=" + std::string(version) + (query.empty() ? "" : "&" + query);
}

/// "Azure PUT disks/acme-wm-data": what was tried, on what.
std::string subject(const std::string& method, const std::string& target) {
  std::string path = target.substr(0, target.find('?'));
  const auto provider = path.find("/providers/");
  if (provider != std::string::npos) {
    path.erase(0, provider + 11);
    path.erase(0, path.find('/') + 1);
  }
  return "Azure " + method + " " + path;
}

/// Some of Compute's errors come without the outer "error".
std::pair<std::string, std::string> said_in(const HttpAnswer& answer) {
  const json doc = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object()) return {};
  const json& error = doc.contains("error") ? doc["error"] : doc;
  return {text_at(error, "code"), without_stop(text_at(error, "message"))};
}

/// A quota is no matter of waiting; the code is the same as for a machine in a wrong state.
bool speaks_of_quota(const std::string& code, const std::string& message) {
  return code == "OperationNotAllowed" && lower(message).find("quota") != std::string::npos;
}

Error error_of(const std::string& what, const HttpAnswer& answer, bool reads) {
  auto [code, message] = said_in(answer);
  const std::string status = "status " + std::to_string(answer.status);
  std::string cause =
      code.empty() ? status + " without an error of Resource Manager" : code + ": " + message;
  const std::string wait = header(answer, "Retry-After");
  if (!wait.empty()) cause += " (it asks to wait " + wait + " s)";
  if (speaks_of_quota(code, message)) code = "QuotaExceeded";
  return {classify(answer.status, code, reads), what + ": " + cause + std::string(advice(code))};
}

}  // namespace

ArmClient::ArmClient(HttpTransport& transport, ArmPlace place, TokenChain& tokens)
    : transport_(transport), place_(std::move(place)), tokens_(tokens) {}

Result<HttpAnswer> ArmClient::send_with_token(const std::string& method, const std::string& target,
                                              const std::string& body) {
  const auto token = tokens_.token();
  if (!token) return token.error();
  Headers headers = {{"Authorization", "Bearer " + token.value().token.reveal()},
                     {"Accept", "application/json"}};
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  return transport_.send({method, place_.base, target, std::move(headers), body});
}

Result<HttpAnswer> ArmClient::send(const std::string& method, const std::string& target,
                                   const std::string& body) {
  const std::string what = subject(method, target);
  Result<HttpAnswer> answer = send_with_token(method, target, body);
  // A token may be taken back before its time: a new one is worth one more try.
  if (answer && answer.value().status == 401) {
    tokens_.renew();
    answer = send_with_token(method, target, body);
  }
  if (!answer) return Error{answer.error().code, what + ": " + answer.error().message};
  return answer;
}

Result<json> ArmClient::get_any(const std::string& id, std::string_view version,
                                const std::string& query) {
  const std::string target = target_of(id, version, query);
  const auto answer = send("GET", target, "");
  if (!answer) return answer.error();
  if (answer.value().status != 200)
    return error_of(subject("GET", target), answer.value(), /*reads=*/true);
  json document = json::parse(answer.value().body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_structured())
    return Error{ErrorCode::kFailed, subject("GET", target) + ": the answer is no JSON"};
  return document;
}

Result<json> ArmClient::get(const std::string& id, std::string_view version,
                            const std::string& query) {
  auto document = get_any(id, version, query);
  if (document && !document.value().is_object())
    return Error{ErrorCode::kFailed, "Azure GET " + name_in(id) + ": the answer is no resource"};
  return document;
}

Result<std::vector<json>> ArmClient::list(const std::string& path, std::string_view version,
                                          const std::string& query) {
  std::vector<json> all;
  std::string target = target_of(path, version, query);
  for (int page = 0; page < kPagesMax; ++page) {
    const auto answer = send("GET", target, "");
    if (!answer) return answer.error();
    if (answer.value().status != 200)
      return error_of(subject("GET", target), answer.value(), /*reads=*/true);
    const json document = json::parse(answer.value().body, nullptr, /*allow_exceptions=*/false);
    if (!document.is_object() || !document.contains("value"))
      return Error{ErrorCode::kFailed, subject("GET", target) + ": the answer is no list"};
    for (json& each : items_at(document, "value")) all.push_back(std::move(each));
    const std::string next = text_at(document, "nextLink");
    if (next.empty()) return all;
    const auto slash = next.find('/', next.find("://") + 3);
    // A token of ours goes nowhere else, whatever a page says.
    if (slash == std::string::npos || !same_id(next.substr(0, slash), place_.base))
      return Error{ErrorCode::kFailed, subject("GET", target) + ": the next page is elsewhere: " +
                                           next.substr(0, next.find('?'))};
    target = next.substr(slash);
  }
  return Error{ErrorCode::kFailed, subject("GET", target) + ": more than " +
                                       std::to_string(kPagesMax) +
                                       " pages: the resource group or the endpoint is wrong"};
}

Result<Accepted> ArmClient::change(const std::string& method, const std::string& id,
                                   std::string_view version, const json& body,
                                   const std::string& query) {
  const std::string target = target_of(id, version, query);
  const auto sent = send(method, target, body.is_null() ? "" : body.dump());
  if (!sent) return sent.error();
  const HttpAnswer& answer = sent.value();
  if (answer.status < 200 || answer.status > 204)
    return error_of(subject(method, target), answer, /*reads=*/false);
  Accepted accepted;
  accepted.body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (accepted.body.is_discarded()) accepted.body = json();
  accepted.operation = header(answer, "Azure-AsyncOperation");
  if (accepted.operation.empty()) accepted.operation = header(answer, "Location");
  accepted.told = std::to_string(answer.status);
  if (!accepted.operation.empty())
    accepted.told +=
        ", under way as " + name_in(accepted.operation.substr(0, accepted.operation.find('?')));
  return accepted;
}

}  // namespace wme::executor::azure
