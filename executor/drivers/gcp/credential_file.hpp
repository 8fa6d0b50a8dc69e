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

/// Where such a file is, and who says so.
struct CredentialPlace {
  std::string path;
  bool is_gclouds = false;  ///< left by gcloud's login; otherwise the variable names it

  /// "GOOGLE_APPLICATION_CREDENTIALS=PATH": what a message begins with, and whoever mends it needs.
  std::string title() const;
};

/// Errors: kInvalid when it cannot be read, is no such file, or is of a kind that is not
/// supported; nothing of its content stands in the message.
/// Source: google-auth, `google.auth._default`; service account keys of IAM.
Result<CredentialFile> read_credential_file(const CredentialPlace& place);

}  // namespace wme::executor::gcp
