#include "simulators/core/envelope.hpp"

#include <nlohmann/json.hpp>

namespace wme::simulators {

using nlohmann::json;

HttpResponse json_response(int status, const json& body) {
  // Ids and names are the inventory's: whatever bytes they hold must not end the simulator.
  return {status,
          {{"Content-Type", "application/json"}},
          body.dump(-1, ' ', false, json::error_handler_t::replace),
          false};
}

HttpResponse success(const model::SystemProfile& profile, const json& body, int status) {
  return json_response(
      status, {{profile.field("envelope.success"), {{profile.field("envelope.body"), body}}}});
}

HttpResponse failure(const model::SystemProfile& profile, int status, std::string_view id,
                     std::string_view message) {
  const json one = {{profile.field("error.id"), id}, {profile.field("error.message"), message}};
  return json_response(status, {{profile.field("envelope.errors"),
                                 {{profile.field("envelope.error"), json::array({one})}}}});
}

HttpResponse failure(const model::SystemProfile& profile, const Error& error) {
  switch (error.code) {
    case ErrorCode::kBlocked:
      return failure(profile, 409, "guard.failed", error.message);
    case ErrorCode::kThrottled:
      return failure(profile, 423, "action.in.progress", error.message);
    case ErrorCode::kNotFound:
      return failure(profile, 404, "not.found", error.message);
    case ErrorCode::kUnreachable:
      return failure(profile, 503, "service.down", error.message);
    case ErrorCode::kRefused:
      return failure(profile, 401, "not.authenticated", error.message);
    case ErrorCode::kInvalid:
    case ErrorCode::kFailed:
    case ErrorCode::kUnknownOutcome:
      break;
  }
  return failure(profile, 400, "invalid.request", error.message);
}

}  // namespace wme::simulators
