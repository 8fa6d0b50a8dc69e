#pragma once

#include <string>
#include <variant>

#include "executor/ports/secret.hpp"
#include "model/result.hpp"

/// The JSON files in which Google's tools keep credentials.
namespace wme::executor::gcp {

struct ServiceAccount {
  std::string email;
  std::string key_id;
  Secret private_key;
  std::string token_uri;  ///< empty: Google's own
  std::string project;
};

/// What `gcloud auth application-default login` leaves behind.
struct AuthorizedUser {
  std::string client_id;
  Secret client_secret;
  Secret refresh_token;
  std::string project;  ///< that quotas count for; empty: none
};

using CredentialFile = std::variant<ServiceAccount, AuthorizedUser>;

/// Errors: kInvalid when it cannot be read, is no such file, or is of a kind that is not
/// supported; nothing of its content stands in the message.
/// Source: google-auth, `google.auth._default`; service account keys of IAM.
Result<CredentialFile> read_credential_file(const std::string& path);

}  // namespace wme::executor::gcp
