#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "executor/drivers/gcp/credential_file.hpp"
#include "executor/ports/environment.hpp"
#include "executor/ports/secret.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::gcp {

/// Real time: tokens expire by the other side's clock, whatever clock the executor runs on.
using WallClock = std::function<std::chrono::sys_seconds()>;

struct AccessToken {
  Secret text;
  std::string source;  ///< "environment", "service account x@y in PATH", "metadata server"
  std::optional<std::chrono::sys_seconds> expires;
};

/// Google's own search, application default credentials, behind an access token that is given as it
/// is: GOOGLE_OAUTH_ACCESS_TOKEN, CLOUDSDK_AUTH_ACCESS_TOKEN; GOOGLE_APPLICATION_CREDENTIALS; the
/// file that gcloud leaves; the metadata server of the machine. Kept until shortly before it
/// expires. Source: "How Application Default Credentials works".
class CredentialChain {
 public:
  CredentialChain(Environment environment, HttpTransport& transport, WallClock wall_clock);
  /// Thread-safe. Errors: kInvalid for damaged files and when there are no credentials anywhere (it
  /// says where was looked), kRefused when Google gives no token for them.
  Result<AccessToken> token();
  /// The next `token()` is a new one: the one that was kept has been refused.
  void forget();
  /// The project that the file with the credentials belongs to; none when it tells none. Sends
  /// nothing. Errors: kInvalid for damaged files.
  Result<std::optional<std::string>> project() const;

 private:
  using Found = Result<std::optional<AccessToken>>;
  Found from_environment() const;
  Found from_file();
  Found from_metadata_server();
  Result<AccessToken> exchange(const ServiceAccount& account, const CredentialPlace& place);
  Result<AccessToken> exchange(const AuthorizedUser& user, const CredentialPlace& place);
  Result<AccessToken> ask(const std::string& url, const std::string& form,
                          const std::string& source);
  /// None where no file is named and gcloud left none.
  std::optional<CredentialPlace> file() const;
  std::string metadata_base() const;
  bool metadata_disabled() const;
  std::string token_host() const;
  Error none_found() const;

  Environment environment_;
  HttpTransport& transport_;
  WallClock wall_clock_;
  std::mutex mutex_;
  std::optional<AccessToken> kept_;  ///< under `mutex_`
};

}  // namespace wme::executor::gcp
