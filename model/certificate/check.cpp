#include "model/certificate/check.hpp"

#include <algorithm>
#include <set>

#include "model/certificate/signing.hpp"

namespace wme::model {

namespace {

/// Collects the objections to one certificate.
class Check {
 public:
  Check(const Certificate& certificate, const Circumstances& circumstances)
      : certificate_(certificate), now_(circumstances) {}

  std::vector<Objection> run() {
    check_file(Refusal::kPlan, "plan", certificate_.plan, now_.plan);
    check_file(Refusal::kInventory, "inventory", certificate_.inventory, now_.inventory);
    check_model();
    check_time();
    for (const Signature& each : certificate_.signatures) check_signature(each);
    check_people();
    check_quorum();
    return std::move(objections_);
  }

 private:
  void object(Refusal refusal, std::string sentence) {
    objections_.push_back({refusal, std::move(sentence)});
  }

  void check_file(Refusal refusal, const std::string& what, const FileDigests& certified,
                  const CertifiedFile& file) {
    if (certified == file.digests) return;
    const bool same_content = certified.content == file.digests.content;
    const std::string& was = same_content ? certified.file : certified.content;
    const std::string& is = same_content ? file.digests.file : file.digests.content;
    object(refusal,
           file.name + " is not the " + what + " that was certified: " +
               (same_content ? "it means the same, but comments, layout or summary were changed: "
                               "SHA-256 of the file "
                             : "it means something else: SHA-256 of the content ") +
               is.substr(0, 16) + "…, certified was " + was.substr(0, 16) +
               "…; give that file, or verify this one");
  }

  void check_model() {
    if (certificate_.model == now_.model) return;
    object(Refusal::kModel,
           "the rules are not those that it was certified by: this program's model is " +
               now_.model.substr(0, 16) + "…, that of " + certificate_.tool + " was " +
               certificate_.model.substr(0, 16) + "…; verify the plan with this program");
  }

  void check_time() {
    if (now_.at > certificate_.not_after)
      object(Refusal::kExpired, "it has expired at " + to_string(certificate_.not_after) +
                                    ", now it is " + to_string(now_.at) +
                                    "; verify the plan again");
    if (now_.at < certificate_.issued_at)
      object(Refusal::kNotYetValid, "it was issued at " + to_string(certificate_.issued_at) +
                                        ", and now it is " + to_string(now_.at) +
                                        ": check this machine's clock");
  }

  static std::string person(const Signature& signature) {
    return std::string(to_string(signature.role)) + " " + signature.name + " (key " +
           signature.key.fingerprint() + ")";
  }

  /// Whether the signature counts; what speaks against it is said.
  void check_signature(const Signature& signature) {
    if (!fits(certificate_, signature))
      return object(Refusal::kSignature,
                    "the signature of " + person(signature) +
                        " does not fit: the certificate, or the signature, was changed; get the "
                        "file again from whoever signed it");
    const TrustedKey* trusted = now_.trusted.find(signature.key);
    if (trusted == nullptr)
      return object(Refusal::kUntrusted, "the key of " + person(signature) + " is not in " +
                                             now_.trusted_file +
                                             ": add its line there if you trust it");
    const bool may = signature.role == Role::kAuthor ? trusted->may_author : trusted->may_approve;
    if (!may)
      return object(Refusal::kUntrusted,
                    "the key of " + person(signature) + " is trusted, but not as " +
                        std::string(to_string(signature.role)) + ": see " + now_.trusted_file);
    if (trusted->name != signature.name)
      return object(Refusal::kUntrusted, "the key of " + person(signature) + " is that of " +
                                             trusted->name + " in " + now_.trusted_file +
                                             ": nobody signs in another's name");
    if (signature.at < certificate_.issued_at || signature.at > certificate_.not_after)
      return object(Refusal::kExpired, person(signature) + " signed at " + to_string(signature.at) +
                                           ", when the certificate was not valid");
    if (signature.role == Role::kApprover) approvers_.insert(signature.name);
  }

  /// The author approves nothing, and nobody approves twice: by key, and by name.
  void check_people() {
    const auto& all = certificate_.signatures;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t k = 0; k < i; ++k) {
        if (all[i].key != all[k].key && all[i].name != all[k].name) continue;
        approvers_.erase(all[i].name);
        object(Refusal::kOwnApproval,
               all[k].role == Role::kAuthor
                   ? person(all[i]) + " is the author: somebody else has to approve"
                   : person(all[i]) + " has approved already: a person counts once");
        break;
      }
  }

  void check_quorum() {
    if (certificate_.signatures.empty())
      object(Refusal::kSignature, "nobody has signed it as its author");
    const int needed = std::max(now_.quorum, now_.trusted.quorum);
    const auto have = static_cast<int>(approvers_.size());
    if (have < needed)
      object(Refusal::kQuorum, "it takes " + std::to_string(needed) + " approval" +
                                   (needed == 1 ? "" : "s") + " that count" +
                                   (needed == 1 ? "s" : "") + ", there " +
                                   (have == 1 ? "is " : "are ") + std::to_string(have) +
                                   ": rehydrate approve CERTIFICATE --key KEY");
  }

  const Certificate& certificate_;
  const Circumstances& now_;
  std::vector<Objection> objections_;
  std::set<std::string> approvers_;
};

}  // namespace

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::kPlan:
      return "plan";
    case Refusal::kInventory:
      return "inventory";
    case Refusal::kModel:
      return "model";
    case Refusal::kSignature:
      return "signature";
    case Refusal::kUntrusted:
      return "untrusted";
    case Refusal::kOwnApproval:
      return "own-approval";
    case Refusal::kExpired:
      return "expired";
    case Refusal::kNotYetValid:
      return "not-yet-valid";
    case Refusal::kQuorum:
      return "quorum";
  }
  return "?";
}

std::vector<Objection> check(const Certificate& certificate, const Circumstances& circumstances) {
  return Check(certificate, circumstances).run();
}

Error refused(std::string_view certificate_file, const std::vector<Objection>& objections) {
  std::string text;
  for (const Objection& each : objections)
    text += (text.empty() ? "" : "\n") + std::string(certificate_file) + ": " + each.sentence;
  return {ErrorCode::kRefused, text};
}

}  // namespace wme::model
