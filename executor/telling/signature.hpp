#pragma once

#include <cstdint>
#include <string>

#include "executor/ports/secret.hpp"
#include "model/result.hpp"

/// How the receiver of a webhook knows that an event is ours and not an old one sent again.
/// Source: Standard Webhooks 1.0.0, "Signature scheme", so that its libraries verify it.
namespace wme::executor {

/// The key of a shared secret: what follows "whsec_" is base64, anything else is taken as it is.
/// Errors: kInvalid for less than 16 bytes or broken base64; the message does not repeat it.
Result<Secret> signing_key(const Secret& secret);

/// "v1,<base64>": HMAC-SHA256 with `key` over "<id>.<timestamp>.<body>", for the header
/// `webhook-signature`. `timestamp` in seconds since 1970, as in the header `webhook-timestamp`.
std::string webhook_signature(const Secret& key, const std::string& id, std::int64_t timestamp,
                              const std::string& body);

}  // namespace wme::executor
