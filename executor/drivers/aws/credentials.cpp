#include "executor/drivers/aws/credentials.hpp"

#include <array>
#include <utility>

#include "executor/drivers/aws/credential_places.hpp"

namespace wme::executor::aws {

namespace {

constexpr std::chrono::minutes kRenewBefore{5};

/// As for any other missing secret, the input is to be mended, not the rights.
Error none_found(const Environment& environment) {
  const std::string profile = variable(environment, "AWS_PROFILE").value_or("default");
  return {ErrorCode::kInvalid,
          "AWS credentials: none found. Tried, in AWS's order: AWS_ACCESS_KEY_ID and "
          "AWS_SECRET_ACCESS_KEY (not set); AWS_WEB_IDENTITY_TOKEN_FILE (not set); profile '" +
              profile +
              "' of the shared files (no keys, role or credential_process in it); "
              "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI (not set); the role of this "
              "EC2 instance (" +
              (is_metadata_disabled(environment) ? "AWS_EC2_METADATA_DISABLED is true"
                                                 : "none answers") +
              "). Export the two variables, or AWS_PROFILE with the name of a profile that has "
              "keys"};
}

}  // namespace

FoundCredentials CredentialChain::search() const {
  using Place = FoundCredentials (*)(const CredentialReach&);
  constexpr std::array<Place, 5> kInOrder = {from_environment, from_web_identity, from_profile,
                                             from_container, from_instance_metadata};
  for (const Place place : kInOrder) {
    FoundCredentials found = place(reach_);
    if (!found || found.value()) return found;
  }
  return none_found(reach_.environment);
}

Result<Credentials> CredentialChain::credentials() {
  const std::scoped_lock lock(mutex_);
  const auto now = reach_.wall_clock();
  if (kept_ && (!kept_->expires || now + kRenewBefore < *kept_->expires)) return *kept_;
  const FoundCredentials found = search();
  // Whoever gives them is away for a moment: what is there still holds.
  if (!found && kept_ && now < *kept_->expires) return *kept_;
  if (!found) return found.error();
  kept_ = *found.value();
  return *kept_;
}

void CredentialChain::forget() {
  const std::scoped_lock lock(mutex_);
  kept_.reset();
}

FoundCredentials from_environment(const CredentialReach& reach) {
  const auto id = variable(reach.environment, "AWS_ACCESS_KEY_ID");
  const auto secret = variable(reach.environment, "AWS_SECRET_ACCESS_KEY");
  if (id && !secret)
    return Error{ErrorCode::kInvalid,
                 "AWS credentials: AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"};
  if (!id) return std::optional<Credentials>();
  const auto token = variable(reach.environment, "AWS_SESSION_TOKEN").value_or("");
  return std::optional(Credentials{{*id, Secret(*secret), Secret(token)}, "environment", {}});
}

}  // namespace wme::executor::aws
