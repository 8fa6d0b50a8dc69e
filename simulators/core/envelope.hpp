#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "model/json/api_profile.hpp"
#include "model/result.hpp"
#include "simulators/core/http_front.hpp"

/// The bodies that Launchpad and ConfigWizard wrap their answers in.
/// Source: [script: IA] for success; errors [assumed] (wme.md 5.2).
namespace wme::simulators {

HttpResponse json_response(int status, const nlohmann::json& body);
/// `{"success":{"body": ...}}`
HttpResponse success(const model::SystemProfile& profile, const nlohmann::json& body,
                     int status = 200);
/// `{"errors":{"error":[{"id":...,"message":...}]}}`
HttpResponse failure(const model::SystemProfile& profile, int status, std::string_view id,
                     std::string_view message);
/// The status that stands for one kind of refusal: kBlocked 409, kThrottled 423, kNotFound 404,
/// kUnreachable 503, kRefused 401; anything else 400.
HttpResponse failure(const model::SystemProfile& profile, const Error& error);

}  // namespace wme::simulators
