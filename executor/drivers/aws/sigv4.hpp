#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "executor/ports/secret.hpp"
#include "executor/ports/transport.hpp"

/// AWS Signature Version 4, in the Authorization header or in the query.
/// Source: AWS "Signature Version 4 signing process"; tests/data/sigv4 has the published vectors.
namespace wme::executor::aws {

struct SigningKey {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;  ///< empty for long-lived keys
};

struct SigningScope {
  std::string region;
  std::string service;
  std::chrono::sys_seconds time;
};

struct SigningOptions {
  bool normalize_path = true;       ///< remove "//" and dot segments (every service but S3)
  bool sign_body = false;           ///< send and sign x-amz-content-sha256
  bool omit_session_token = false;  ///< add the token after signing, for services that want it so
};

struct UnsignedRequest {
  std::string method;
  std::string target;  ///< path and query as they go over the wire
  Headers headers;     ///< everything that is to be signed; has a Host
  std::string body;
};

struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;      ///< hexadecimal
  std::string authorization;  ///< value of the Authorization header
  Headers added;              ///< what must be sent beside `headers`, Authorization among them
};

/// Signs a request. Pure: the time comes in with the scope. A date or token header that the request
/// already has is signed as it is and not added again.
Signature sign(const UnsignedRequest& request, const SigningKey& key, const SigningScope& scope,
               const SigningOptions& options = {});

struct Presigned {
  Signature signature;  ///< without `authorization` and `added`
  std::string target;   ///< path and query that whoever has it can send, with the same headers
};
/// The signature in the query, for somebody who has no key. `sign_body` makes no difference.
Presigned presign(const UnsignedRequest& request, const SigningKey& key, const SigningScope& scope,
                  std::chrono::seconds valid, const SigningOptions& options = {});

std::string sha256_hex(std::string_view data);
/// "20150830T123600Z"
std::string amz_date(std::chrono::sys_seconds time);

}  // namespace wme::executor::aws
