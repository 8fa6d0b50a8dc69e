#include "executor/drivers/aws/sts.hpp"

#include <utility>
#include <vector>

#include "executor/drivers/aws/credential_places.hpp"
#include "executor/drivers/aws/settings.hpp"
#include "executor/drivers/aws/xml.hpp"
#include "model/json/percent.hpp"

namespace wme::executor::aws {

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string form_of(const Pairs& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs)
    if (!value.empty())
      form += (form.empty() ? "" : "&") + name + "=" + model::percent_encode(value);
  return form;
}

std::string_view advice_for(std::string_view code) {
  if (code == "AccessDenied")
    return "; the role's trust policy must name the caller (and external_id, where it wants one), "
           "and the caller needs sts:AssumeRole";
  if (code == "ExpiredToken" || code == "ExpiredTokenException")
    return "; the credentials or the token that the role is asked with have expired: renew them";
  if (code == "InvalidIdentityToken")
    return "; the token file is not of the provider that the role trusts";
  if (code == "InvalidClientTokenId" || code == "SignatureDoesNotMatch")
    return "; check the keys of the source profile";
  if (code == "RegionDisabledException")
    return "; STS is off in this region: an administrator can activate it, or set AWS_REGION";
  if (code == "ValidationError") return "; check role_arn, role_session_name and duration_seconds";
  return "";
}

Error error_of(const std::string& what, const HttpAnswer& answer) {
  const auto root = parse_xml(answer.body);
  const std::string code = root ? root.value().value("Error/Code") : "";
  const std::string message = root ? root.value().value("Error/Message") : "";
  const bool passes = answer.status >= 500 || answer.status == 429 || code == "Throttling" ||
                      code == "RequestLimitExceeded" || code == "IDPCommunicationError";
  const std::string cause = code.empty() ? "status " + std::to_string(answer.status) +
                                               ": this is no answer of STS; check the endpoint"
                                         : code + ": " + message;
  return {passes ? ErrorCode::kThrottled : ErrorCode::kRefused,
          what + ": " + cause + std::string(advice_for(code))};
}

Pairs common(const std::string& operation, const CredentialReach& reach, const RoleWish& wish) {
  const auto seconds = reach.wall_clock().time_since_epoch().count();
  return {{"Action", operation},
          {"Version", "2011-06-15"},
          {"RoleArn", wish.arn},
          {"RoleSessionName",
           wish.session_name.empty() ? "rehydrate-" + std::to_string(seconds) : wish.session_name},
          {"DurationSeconds", wish.duration_seconds}};
}

Result<Credentials> ask(const CredentialReach& reach, const Profile& profile, const RoleWish& wish,
                        const Pairs& pairs, const Credentials* by) {
  const std::string what = "AWS credentials: role " + wish.arn + " of " + wish.source;
  const auto place = sts_place(reach.region, reach.environment, profile);
  if (!place) return place.error();
  const std::string& base = place.value().base;
  UnsignedRequest request{"POST",
                          "/",
                          {{"Host", base.substr(base.find("://") + 3)},
                           {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                          form_of(pairs)};
  if (by != nullptr) {
    const Signature signature =
        sign(request, by->key, {place.value().region, "sts", reach.wall_clock()});
    request.headers.insert(request.headers.end(), signature.added.begin(), signature.added.end());
  }
  const auto answer = reach.http.send({"POST", base, "/", request.headers, request.body});
  // A role may be assumed twice: nothing is unknown about a lost answer.
  if (!answer)
    return Error{answer.error().code == ErrorCode::kUnknownOutcome ? ErrorCode::kThrottled
                                                                   : answer.error().code,
                 what + ": " + answer.error().message};
  if (answer.value().status != 200) return error_of(what, answer.value());
  const auto root = parse_xml(answer.value().body);
  const std::string path = pairs.front().second + "Result/Credentials/";
  const auto value = [&](const char* name) {
    return root ? root.value().value(path + name) : std::string();
  };
  Credentials found{
      {value("AccessKeyId"), Secret(value("SecretAccessKey")), Secret(value("SessionToken"))},
      "role of " + wish.source,
      parse_iso_time(value("Expiration"))};
  if (found.key.access_key_id.empty() || found.key.session_token.empty() || !found.expires)
    return Error{ErrorCode::kFailed, what +
                                         ": the answer has no credentials in it; check the "
                                         "endpoint of STS"};
  return found;
}

}  // namespace

Result<Credentials> assume_role(const CredentialReach& reach, const Profile& profile,
                                const RoleWish& wish, const Credentials& by) {
  Pairs pairs = common("AssumeRole", reach, wish);
  pairs.emplace_back("ExternalId", wish.external_id);
  return ask(reach, profile, wish, pairs, &by);
}

Result<Credentials> assume_role_with_token(const CredentialReach& reach, const Profile& profile,
                                           const RoleWish& wish, const std::string& token_file) {
  auto token = line_of_file(token_file, "the web identity token");
  if (!token) return token.error();
  Pairs pairs = common("AssumeRoleWithWebIdentity", reach, wish);
  pairs.emplace_back("WebIdentityToken", std::move(token).value());
  return ask(reach, profile, wish, pairs, nullptr);
}

}  // namespace wme::executor::aws
