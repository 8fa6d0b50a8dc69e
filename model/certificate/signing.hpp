#pragma once

#include <string>

#include "model/certificate/certificate.hpp"

/// Standing up for a certificate.
namespace wme::model {

/// Who signs, and when. `name`: empty takes the one in the key's file.
struct Signer {
  const SigningKey& key;
  std::string name;
  std::string comment;
};

/// Adds the author's signature. Errors (kInvalid): there is no name, or it is none; the comment is
/// too long or has control characters.
Status sign_as_author(Certificate& certificate, const Signer& signer);

/// Adds an approval. Errors: kInvalid as above. kRefused: the author's signature does not fit; the
/// certificate has expired, or is not valid yet; the signer is its author, by key or by name; the
/// key or the person has approved already; there are 100 signatures.
Status approve(Certificate& certificate, const Signer& signer, Instant now);

/// Whether the signature was made over this certificate, by the key that it names.
bool fits(const Certificate& certificate, const Signature& signature);

}  // namespace wme::model
