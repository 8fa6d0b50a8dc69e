#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "executor/drivers/aws/credential_places.hpp"
#include "executor/drivers/aws/sts.hpp"

/// What a profile leads to: a role, keys, or a program that prints keys.
/// Source: AWS SDKs and Tools Reference Guide, "Assume role", "Process credential provider".
namespace wme::executor::aws {

namespace {

Error wrong(const Profile& profile, const std::string& what) {
  return {ErrorCode::kInvalid,
          "AWS credentials: profile " + profile.name + " in " + profile.files + " " + what};
}

FoundCredentials keys_of(const Profile& profile) {
  const auto id = profile.setting("aws_access_key_id");
  const auto secret = profile.setting("aws_secret_access_key");
  if (id.has_value() != secret.has_value())
    return wrong(profile, "has only one of aws_access_key_id and aws_secret_access_key");
  if (!id) return std::optional<Credentials>();
  const auto token = profile.setting("aws_session_token").value_or("");
  return std::optional(
      Credentials{{*id, Secret(*secret), Secret(token)}, "profile " + profile.name, {}});
}

FoundCredentials printed(const CredentialReach& reach, const Profile& profile) {
  const auto command = profile.setting("credential_process");
  if (!command) return std::optional<Credentials>();
  const std::string source = "credential_process of profile " + profile.name;
  if (!reach.run_program)
    return wrong(profile, "names a credential_process, and no program can be started here");
  const auto end = reach.run_program({"/bin/sh", "-c", *command});
  if (!end)
    return Error{end.error().code, "AWS credentials: " + source + ": " + end.error().message};
  // What it printed may be a secret: it is in no message.
  if (end.value().status != 0)
    return Error{ErrorCode::kRefused, "AWS credentials: " + source + " ended with status " +
                                          std::to_string(end.value().status) +
                                          "; run it by hand to see why"};
  const auto doc = nlohmann::json::parse(end.value().output, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object() || !doc.contains("Version") || doc["Version"] != 1)
    return wrong(profile,
                 "names a credential_process that does not print JSON with \"Version\": 1");
  const auto parsed = parse_temporary(end.value().output, source, "SessionToken");
  if (!parsed) return parsed.error();
  return std::optional(parsed.value());
}

class ProfileSearch {
 public:
  ProfileSearch(const CredentialReach& reach, const SharedFiles& files)
      : reach_(reach), files_(files) {}

  FoundCredentials of(const Profile& profile) {
    if (profile.setting("role_arn")) return role(profile);
    FoundCredentials found = keys_of(profile);
    if (found && !found.value()) found = printed(reach_, profile);
    if (!found || found.value()) return found;
    for (const char* sso : {"sso_session", "sso_start_url"})
      if (profile.setting(sso))
        return wrong(profile, "uses " + std::string(sso) +
                                  ", which is not supported: log in by 'aws sso login', and use a "
                                  "profile with credential_process = aws configure "
                                  "export-credentials --profile " +
                                  profile.name);
    return found;
  }

 private:
  FoundCredentials role(const Profile& profile) {
    if (profile.setting("mfa_serial"))
      return wrong(profile,
                   "has mfa_serial, and nobody can type a code here: take a role that wants none, "
                   "or export credentials that have it already");
    const auto given = [&](const char* key) { return profile.setting(key).value_or(""); };
    const RoleWish wish{given("role_arn"), given("role_session_name"), given("external_id"),
                        given("duration_seconds"), "profile " + profile.name};
    if (const auto file = profile.setting("web_identity_token_file"))
      return some(assume_role_with_token(reach_, profile, wish, *file));
    const auto by = caller(profile);
    if (!by) return by.error();
    return some(assume_role(reach_, profile, wish, by.value()));
  }

  static FoundCredentials some(Result<Credentials> credentials) {
    if (!credentials) return credentials.error();
    return std::optional(std::move(credentials).value());
  }

  /// The credentials that the role is asked with.
  Result<Credentials> caller(const Profile& profile) {
    const auto source = profile.setting("source_profile");
    const auto place = profile.setting("credential_source");
    if (source.has_value() == place.has_value())
      return wrong(profile,
                   source ? "has both source_profile and credential_source: one of the two"
                          : "has role_arn, and neither source_profile, credential_source nor "
                            "web_identity_token_file, with whose credentials it would be assumed");
    const FoundCredentials found = source ? of_source(profile, *source) : of_place(profile, *place);
    if (!found) return found.error();
    if (!found.value())
      return wrong(profile, source ? "is assumed by source_profile " + *source +
                                         ", which leads to no credentials"
                                   : "is assumed by credential_source " + *place +
                                         ", where there are no credentials");
    return *found.value();
  }

  FoundCredentials of_source(const Profile& profile, const std::string& name) {
    // A profile may name itself: then its own keys are meant.
    if (name == profile.name) return keys_of(profile);
    if (std::ranges::find(visited_, name) != visited_.end())
      return wrong(profile, "and its source_profile " + name + " name each other in a circle");
    visited_.push_back(profile.name);
    const auto source = files_.profile(name);
    if (!source) return source.error();
    if (!source.value())
      return wrong(profile, "names the source_profile " + name + ", which is in neither file");
    return of(*source.value());
  }

  FoundCredentials of_place(const Profile& profile, const std::string& place) {
    if (place == "Environment") return from_environment(reach_);
    if (place == "EcsContainer") return from_container(reach_);
    if (place == "Ec2InstanceMetadata") return from_instance_metadata(reach_);
    return wrong(profile, "has credential_source " + place +
                              ": it is Environment, EcsContainer or Ec2InstanceMetadata");
  }

  const CredentialReach& reach_;
  const SharedFiles& files_;
  std::vector<std::string> visited_;
};

}  // namespace

FoundCredentials from_profile(const CredentialReach& reach) {
  const auto files = SharedFiles::read(reach.environment);
  if (!files) return files.error();
  const auto profile = load_profile(reach.environment);
  if (!profile) return profile.error();
  return ProfileSearch(reach, files.value()).of(profile.value());
}

FoundCredentials from_web_identity(const CredentialReach& reach) {
  const auto file = variable(reach.environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!file) return std::optional<Credentials>();
  const auto arn = variable(reach.environment, "AWS_ROLE_ARN");
  if (!arn)
    return Error{ErrorCode::kInvalid,
                 "AWS credentials: AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN"};
  const auto profile = load_profile(reach.environment);
  if (!profile) return profile.error();
  const RoleWish wish{*arn, variable(reach.environment, "AWS_ROLE_SESSION_NAME").value_or(""), "",
                      "", "AWS_ROLE_ARN"};
  auto found = assume_role_with_token(reach, profile.value(), wish, *file);
  if (!found) return found.error();
  return std::optional(std::move(found).value());
}

}  // namespace wme::executor::aws
