#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulators/aws/ec2_error.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::simulators::aws {

struct AccessKey {
  std::string id;
  std::string secret;
  std::string session_token;  ///< empty: a long-lived key
};

/// Real time: clients sign with their wall clock, whatever clock the world runs on.
using WallClock = std::function<std::chrono::sys_seconds()>;

/// Checks a signature of Version 4, in the Authorization header or in the query, against the
/// request as it was received. Written apart from the executor's signer on purpose: their agreement
/// is evidence. Source: AWS "Signature Version 4 signing process"; EC2 "Error codes".
class SigV4Verifier {
 public:
  struct Scope {
    std::string region;  ///< empty: any
    std::string service = "ec2";
    bool normalizes_path = true;  ///< S3 alone does not
    bool signs_token = true;      ///< some services add the session token to a signed query
  };
  SigV4Verifier(std::vector<AccessKey> keys, Scope scope, WallClock wall_clock);

  /// None when the caller is who he says. Otherwise MissingAuthenticationToken, AuthFailure,
  /// RequestExpired (15 minutes either way; in a query as long as it says) or IncompleteSignature.
  std::optional<Ec2Error> check(const HttpRequest& request) const;

 private:
  std::vector<AccessKey> keys_;
  Scope scope_;
  WallClock wall_clock_;
};

}  // namespace wme::simulators::aws
