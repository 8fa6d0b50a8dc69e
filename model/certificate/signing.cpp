#include "model/certificate/signing.hpp"

#include <algorithm>

#include "model/certificate/certificate_json.hpp"

namespace wme::model {

namespace {

Result<Signature> signature_of(const Certificate& certificate, Role role, const Signer& signer,
                               Instant at) {
  const auto wrong = [](const std::string& why) { return Error{ErrorCode::kInvalid, why}; };
  Signature made;
  made.role = role;
  made.name = signer.name.empty() ? signer.key.name() : signer.name;
  if (made.name.empty())
    return wrong("the key's file does not say whose it is: say it with --name NAME");
  if (!is_person(made.name))
    return wrong("'" + made.name + "' is no name for a signature: " + std::string(kPersonForm));
  made.key = signer.key.public_key();
  made.at = at;
  made.comment = signer.comment;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (made.comment.size() > kCommentBytesMax || std::ranges::any_of(made.comment, is_control))
    return wrong("the comment has to be one line of at most " + std::to_string(kCommentBytesMax) +
                 " bytes");
  made.bytes = signer.key.sign(signed_message(certificate_digest(certificate), made));
  return made;
}

Error refused(const std::string& why) { return {ErrorCode::kRefused, "not approved: " + why}; }

Status may_approve(const Certificate& certificate, const Signature& approval) {
  for (const Signature& there : certificate.signatures) {
    const bool same = there.key == approval.key || there.name == approval.name;
    if (!same) continue;
    return refused(there.role == Role::kAuthor
                       ? approval.name + " is the author (" + there.name + ", key " +
                             there.key.fingerprint() + "): somebody else has to approve it"
                       : there.name + " (key " + there.key.fingerprint() + ") has approved it at " +
                             to_string(there.at) + " already: a person counts once");
  }
  return Done{};
}

}  // namespace

Status sign_as_author(Certificate& certificate, const Signer& signer) {
  Result<Signature> made = signature_of(certificate, Role::kAuthor, signer, certificate.issued_at);
  if (!made) return made.error();
  certificate.signatures.insert(certificate.signatures.begin(), std::move(made).value());
  return Done{};
}

Status approve(Certificate& certificate, const Signer& signer, Instant now) {
  if (certificate.signatures.empty()) return refused("nobody has signed it as its author");
  if (!fits(certificate, certificate.signatures.front()))
    return refused(
        "the author's signature does not fit: the certificate was changed since; get it again from "
        "whoever made it");
  if (now > certificate.not_after)
    return refused("it has expired at " + to_string(certificate.not_after) +
                   "; verify the plan again");
  if (now < certificate.issued_at)
    return refused("it was issued at " + to_string(certificate.issued_at) + ", and here it is " +
                   to_string(now) + ": check the clocks");
  if (certificate.signatures.size() >= kSignaturesMax) return refused("there are 100 signatures");
  Result<Signature> made = signature_of(certificate, Role::kApprover, signer, now);
  if (!made) return made.error();
  if (Status may = may_approve(certificate, made.value()); !may) return may;
  certificate.signatures.push_back(std::move(made).value());
  return Done{};
}

bool fits(const Certificate& certificate, const Signature& signature) {
  return verifies(signature.key, signed_message(certificate_digest(certificate), signature),
                  signature.bytes);
}

}  // namespace wme::model
