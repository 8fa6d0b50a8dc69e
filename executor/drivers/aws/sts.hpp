#pragma once

#include <string>

#include "executor/drivers/aws/credentials.hpp"

namespace wme::executor::aws {

/// A role that is to be assumed.
struct RoleWish {
  std::string arn;
  std::string session_name;  ///< empty: "rehydrate-" and the time
  std::string external_id;
  std::string duration_seconds;  ///< empty: an hour
  std::string source;            ///< "profile ops": for messages
};

/// STS AssumeRole, signed with `by`. Errors: kRefused when STS says no (with what to do),
/// kThrottled, kUnreachable, kInvalid for a wrong endpoint.
/// Source: STS API Reference, version 2011-06-15.
Result<Credentials> assume_role(const CredentialReach& reach, const Profile& profile,
                                const RoleWish& wish, const Credentials& by);
/// STS AssumeRoleWithWebIdentity: the token in this file is the proof, nothing is signed.
Result<Credentials> assume_role_with_token(const CredentialReach& reach, const Profile& profile,
                                           const RoleWish& wish, const std::string& token_file);

}  // namespace wme::executor::aws
