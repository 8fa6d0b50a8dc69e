#pragma once

#include <string>

#include "model/certificate/certificate.hpp"
#include "model/certificate/check.hpp"

/// A certificate with everything in it, keys that are always the same, and their owners.
namespace wme::model::sample {

/// 2026-11-22T02:00:00Z
inline constexpr Instant kIssued{std::chrono::seconds{1795312800}};
inline constexpr std::chrono::seconds kThirtyDays{30 * 24 * 3600};
inline constexpr Instant kLater = kIssued + std::chrono::hours{24};

/// The key whose seed is this byte 32 times.
SigningKey key(unsigned char seed, const std::string& name);
SigningKey ada();  ///< the author
SigningKey bob();
SigningKey eve();  ///< nobody trusts her

/// Small, with each part and each optional key; not signed.
Certificate unsigned_certificate();
/// Signed by ada.
Certificate certificate();
/// Approved by bob, too.
Certificate approved();

/// Ada and bob.
TrustedKeys trusted();
/// What `certificate()` was made for, a day later.
Circumstances circumstances(const TrustedKeys& trusted);

std::string text_of(const Certificate& certificate);

}  // namespace wme::model::sample
