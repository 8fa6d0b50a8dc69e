#pragma once

#include <chrono>
#include <string>

#include "executor/ports/secret.hpp"
#include "model/result.hpp"

namespace wme::executor::gcp {

/// What a service account claims of itself when it asks for an access token.
struct JwtClaims {
  std::string issuer;  ///< the account's e-mail address
  std::string audience;
  std::string scope;
  std::chrono::sys_seconds issued;
  std::chrono::seconds lifetime{3600};  ///< one hour at most: Google refuses more
};

/// A signed token: header, claims and RS256 signature, each base64url. `key_id` may be empty.
/// Errors: kInvalid when `private_key` is no PEM of an RSA key; the message has nothing of it.
/// Source: RFC 7515, 7518; "Using OAuth 2.0 for Server to Server Applications" of Google.
Result<Secret> signed_jwt(const JwtClaims& claims, const Secret& private_key,
                          const std::string& key_id);

/// RFC 4648, 5: the alphabet that needs no escapes in URLs, without padding.
std::string base64url(std::string_view bytes);

}  // namespace wme::executor::gcp
