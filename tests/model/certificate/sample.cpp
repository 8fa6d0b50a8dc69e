#include "tests/model/certificate/sample.hpp"

#include <stdexcept>

#include "model/certificate/certificate_json.hpp"
#include "model/certificate/signing.hpp"
#include "model/json/digest.hpp"

namespace wme::model::sample {

SigningKey key(unsigned char seed, const std::string& name) {
  SigningKey::Seed bytes;
  bytes.fill(seed);
  return {bytes, name};
}
SigningKey ada() { return key(1, "ada"); }
SigningKey bob() { return key(2, "bob"); }
SigningKey eve() { return key(3, "eve"); }

Certificate unsigned_certificate() {
  Certificate made;
  made.tool = "rehydrate 0.1.0";
  made.issued_at = kIssued;
  made.not_after = kIssued + kThirtyDays;
  made.procedure = "upgrade";
  made.installation = "acme-aws-xs";
  made.provider = "aws";
  made.version = "10.13.2.ee.9995p1";
  made.target_version = "11.8.1.ee.10555p1";
  made.steps = 43;
  made.point_of_no_return = "s31";
  made.plan = {sha256_hex("plan"), sha256_hex("plan file")};
  made.inventory = {sha256_hex("inventory"), sha256_hex("inventory file")};
  made.model = sha256_hex("model");
  made.verdict = "explored";
  made.faults = "at most 1 fault";
  made.states_max = 2'000'000;
  made.exploration = CertifiedExploration{1234, 5678, 90, true};
  made.properties = {{"INV-05", "No snapshot before passivation — ever", "proved", "by order", 7},
                     {"ends", "Every step ends", "explored", "", 0}};
  made.not_covered = {{"INV-33", "kept by the executor"}};
  made.assumed = {"machine-lost platform breaks WORK-01"};
  return made;
}

Certificate certificate() {
  Certificate made = unsigned_certificate();
  if (!sign_as_author(made, {ada(), "", "ready for the drill"})) throw std::runtime_error("ada");
  return made;
}

Certificate approved() {
  Certificate made = certificate();
  if (!approve(made, {bob(), "", ""}, kLater)) throw std::runtime_error("bob");
  return made;
}

TrustedKeys trusted() { return {{{ada().public_key(), "ada"}, {bob().public_key(), "bob"}}, 0}; }

Circumstances circumstances(const TrustedKeys& trusted) {
  const Certificate of = unsigned_certificate();
  return {{"plan.json", of.plan},
          {"inventory.yaml", of.inventory},
          of.model,
          trusted,
          "trusted-keys",
          0,
          kLater};
}

std::string text_of(const Certificate& certificate) {
  const Result<std::string> text = to_certificate_json(certificate);
  if (!text) throw std::runtime_error(text.error().message);
  return text.value();
}

}  // namespace wme::model::sample
