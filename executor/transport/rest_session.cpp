#include "executor/transport/rest_session.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace wme::executor {

using nlohmann::json;

namespace {

constexpr int kReadAttempts = 3;

bool is_header(std::string_view name, std::string_view wanted) {
  return std::ranges::equal(name, wanted, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

/// "name=value" of every Set-Cookie, joined as a Cookie header has them.
std::string cookies_of(const HttpAnswer& answer) {
  std::string cookies;
  for (const auto& [name, value] : answer.headers) {
    if (!is_header(name, "Set-Cookie")) continue;
    cookies += (cookies.empty() ? "" : "; ") + value.substr(0, value.find(';'));
  }
  return cookies;
}

bool has_cookie(const std::string& cookies, const std::string& name) {
  return ("; " + cookies).find("; " + name + "=") != std::string::npos;
}

struct Reaction {
  ErrorCode code;
  const char* advice;
};

Reaction reaction_to(int status, bool changes) {
  switch (status) {
    case 400:
    case 405:
    case 415:
    case 422:
      return {ErrorCode::kInvalid, "check the inventory and the API profile"};
    case 401:
    case 403:
      return {ErrorCode::kRefused, "check user, password and rights"};
    case 404:
      return {ErrorCode::kNotFound, "check the id and the API profile"};
    case 409:
      return {ErrorCode::kBlocked, "observe, then plan again"};
    case 423:
    case 429:
      return {ErrorCode::kThrottled, "wait, then ask again"};
    case 503:
      return {ErrorCode::kUnreachable, "its services are down: wait until they run"};
    default:
      break;
  }
  if (status < 500) return {ErrorCode::kFailed, "no answer that the API profile knows of"};
  if (changes) return {ErrorCode::kUnknownOutcome, "it may have taken effect: look first"};
  return {ErrorCode::kUnreachable, "ask again later"};
}

/// The system's own words, if its answer has any.
std::string message_in(const model::SystemProfile& profile, const HttpAnswer& answer) {
  const json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return "";
  const json errors = body.value(profile.field("envelope.errors"), json());
  if (!errors.is_object()) return "";
  const json list = errors.value(profile.field("envelope.error"), json());
  if (!list.is_array() || list.empty()) return "";
  return text_field(list.front(), profile.field("error.message"));
}

}  // namespace

std::string text_field(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto at = object.find(field);
  if (at == object.end() || at->is_null()) return "";
  return at->is_string() ? at->get<std::string>() : at->dump();
}

Payload json_payload(const json& body) {
  return {"application/json", body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

RestSession::RestSession(HttpTransport& transport, const model::SystemProfile& profile,
                         std::string system, std::string base, LoginRules rules)
    : transport_(transport),
      profile_(profile),
      system_(std::move(system)),
      base_(std::move(base)),
      rules_(std::move(rules)) {}

std::string RestSession::name_of(std::string_view operation) const {
  return system_ + " " + std::string(operation) + " at " + base_;
}

Error RestSession::error_of(std::string_view operation, const HttpAnswer& answer,
                            bool changes) const {
  const Reaction reaction = reaction_to(answer.status, changes);
  const std::string message = message_in(profile_, answer);
  return {reaction.code, name_of(operation) + ": " + std::to_string(answer.status) +
                             (message.empty() ? "" : " \"" + message + "\"") + "; " +
                             reaction.advice};
}

Result<json> RestSession::content(std::string_view operation, const HttpAnswer& answer) const {
  if (answer.body.empty()) return json();
  json body = json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded())
    return Error{ErrorCode::kFailed,
                 name_of(operation) + ": the answer is not JSON; is this " + system_ + "?"};
  const auto& success = profile_.field("envelope.success");
  if (!body.is_object() || !body.contains(success)) return body;
  json inside = body[success];
  if (!inside.is_object()) return inside;
  return inside.value(profile_.field("envelope.body"), json());
}

Result<HttpAnswer> RestSession::send(std::string_view operation, const model::Arguments& arguments,
                                     const Payload& payload, const std::string& cookies) {
  const model::Operation& known = profile_.operation(operation);
  HttpCall call{known.method, base_, known.target(arguments), {}, payload.body};
  call.headers.emplace_back("Accept", "application/json");
  if (!payload.content_type.empty())
    call.headers.emplace_back("Content-Type", payload.content_type);
  if (!cookies.empty()) call.headers.emplace_back("Cookie", cookies);
  return transport_.send(call);
}

/// Under `mutex_`, so that several threads log in once between them.
Result<std::string> RestSession::log_in_now() {
  const Result<HttpAnswer> answer = send(rules_.operation, {}, rules_.payload(), "");
  if (!answer) {
    // Whether or not the login arrived: of the request that needs it nothing was sent.
    return Error{ErrorCode::kUnreachable, answer.error().message};
  }
  const int status = answer.value().status;
  if (status != 200 && status != 302)
    return error_of(rules_.operation, answer.value(), /*changes=*/false);
  const std::string cookies = cookies_of(answer.value());
  if (cookies.empty() || (!rules_.cookie.empty() && !has_cookie(cookies, rules_.cookie)))
    return Error{
        ErrorCode::kRefused,
        name_of(rules_.operation) + ": it answered without a session; check user and password"};
  cookies_ = cookies;
  return cookies;
}

Status RestSession::log_in() {
  const std::lock_guard lock(mutex_);
  cookies_.clear();
  const Result<std::string> cookies = log_in_now();
  if (!cookies) return cookies.error();
  return Done{};
}

/// Cookies of a session other than the stale one.
Result<std::string> RestSession::cookies_after(const std::string& stale) {
  const std::lock_guard lock(mutex_);
  if (!cookies_.empty() && cookies_ != stale) return cookies_;
  cookies_.clear();
  return log_in_now();
}

Result<HttpAnswer> RestSession::send_logged_in(std::string_view operation,
                                               const model::Arguments& arguments,
                                               const Payload& payload) {
  Result<std::string> cookies = cookies_after("");
  if (!cookies) return cookies.error();
  Result<HttpAnswer> answer = send(operation, arguments, payload, cookies.value());
  if (!answer || answer.value().status != 401) return answer;
  cookies = cookies_after(cookies.value());
  if (!cookies) return cookies.error();
  return send(operation, arguments, payload, cookies.value());
}

Result<json> RestSession::read(std::string_view operation, const model::Arguments& arguments,
                               bool with_login) {
  Error last;
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    const Result<HttpAnswer> answer =
        with_login ? send_logged_in(operation, arguments, {}) : send(operation, arguments, {}, "");
    if (answer && answer.value().status == 200) return content(operation, answer.value());
    if (answer) return error_of(operation, answer.value(), /*changes=*/false);
    last = answer.error();
    if (last.code != ErrorCode::kUnknownOutcome) return last;
  }
  // Nothing changes by reading, so nothing is unknown but the answer.
  return Error{ErrorCode::kUnreachable, last.message};
}

Result<json> RestSession::change(std::string_view operation, const model::Arguments& arguments,
                                 const Payload& payload) {
  const Result<HttpAnswer> answer = send_logged_in(operation, arguments, payload);
  if (!answer) return answer.error();
  const int status = answer.value().status;
  if (status < 200 || status > 299) return error_of(operation, answer.value(), /*changes=*/true);
  return content(operation, answer.value());
}

}  // namespace wme::executor
