#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/certificate/certificate.hpp"
#include "model/certificate/trusted_keys.hpp"

/// Whether a certificate is good for a run, here and now. Nothing is asked of anybody.
namespace wme::model {

/// A file that the certificate was made for, as it is now. `name`: how messages call it.
struct CertifiedFile {
  std::string name;
  FileDigests digests;
};

/// What a certificate is held against.
struct Circumstances {
  CertifiedFile plan;
  CertifiedFile inventory;
  std::string model;  ///< see model_digest
  const TrustedKeys& trusted;
  std::string trusted_file;
  int quorum = 0;  ///< how many have to approve, at least; the trusted keys may ask for more
  Instant at{};
};

enum class Refusal {
  kPlan,
  kInventory,
  kModel,
  kSignature,    ///< not made over this certificate, or not by that key
  kUntrusted,    ///< the key is not among the trusted ones, or not for this
  kOwnApproval,  ///< the author, or the same person twice
  kExpired,
  kNotYetValid,
  kQuorum,
};
std::string_view to_string(Refusal refusal);  ///< "plan", ..., "own-approval"

struct Objection {
  Refusal refusal = Refusal::kPlan;
  std::string sentence;  ///< what does not fit, why that matters, what to do
};

/// Everything that speaks against it; empty: it is good.
std::vector<Objection> check(const Certificate& certificate, const Circumstances& circumstances);

/// The objections as one error, one a line. There has to be one.
Error refused(std::string_view certificate_file, const std::vector<Objection>& objections);

}  // namespace wme::model
