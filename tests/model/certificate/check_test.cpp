#include "model/certificate/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/certificate/certificate_json.hpp"
#include "model/certificate/signing.hpp"
#include "tests/model/certificate/sample.hpp"

namespace wme::model {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// One certificate, held against what the test changes about the circumstances.
class CertificateCheck : public testing::Test {
 protected:
  std::vector<Refusal> refusals() {
    found = check(certificate, now);
    std::vector<Refusal> made;
    for (const Objection& each : found) made.push_back(each.refusal);
    return made;
  }
  std::string sentence() const { return found.empty() ? "" : found.front().sentence; }

  Certificate certificate = sample::approved();
  TrustedKeys trusted = sample::trusted();
  Circumstances now = sample::circumstances(trusted);
  std::vector<Objection> found;
};

const std::string kOther(64, 'f');

TEST_F(CertificateCheck, HasNothingAgainstAGoodOne) {
  EXPECT_THAT(refusals(), IsEmpty());
  certificate = sample::certificate();
  EXPECT_THAT(refusals(), IsEmpty());
}

TEST_F(CertificateCheck, NamesTheFileThatDiffersAndHow) {
  now.plan.digests = {kOther, kOther};
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kPlan));
  EXPECT_THAT(sentence(), AllOf(HasSubstr("plan.json is not the plan"),
                                HasSubstr("means something else"), HasSubstr("ffffffff")));
  now.plan = sample::circumstances(trusted).plan;
  now.inventory.digests.file = kOther;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kInventory));
  EXPECT_THAT(sentence(), AllOf(HasSubstr("inventory.yaml is not the inventory"),
                                HasSubstr("comments, layout")));
  // No file has other content and the same bytes; whoever says so is not believed either.
  now.inventory = sample::circumstances(trusted).inventory;
  now.inventory.digests.content = kOther;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kInventory));
}

TEST_F(CertificateCheck, RefusesAnotherModel) {
  now.model = kOther;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kModel));
  EXPECT_THAT(sentence(), HasSubstr("rules are not those"));
}

TEST_F(CertificateCheck, KnowsItsValidityToTheSecond) {
  certificate = sample::certificate();
  const auto at = [&](Instant instant) {
    now.at = instant;
    return refusals();
  };
  EXPECT_THAT(at(certificate.issued_at), IsEmpty());
  EXPECT_THAT(at(certificate.not_after), IsEmpty());
  EXPECT_THAT(at(certificate.not_after + std::chrono::seconds{1}), ElementsAre(Refusal::kExpired));
  EXPECT_THAT(sentence(), HasSubstr("expired at 2026-12-22T02:00:00Z"));
  EXPECT_THAT(at(certificate.issued_at - std::chrono::seconds{1}),
              ElementsAre(Refusal::kNotYetValid));
}

TEST_F(CertificateCheck, RefusesASignatureThatDoesNotFit) {
  certificate.signatures[1].bytes[5] = static_cast<char>(certificate.signatures[1].bytes[5] ^ 1);
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kSignature));
  EXPECT_THAT(sentence(), HasSubstr("approver bob"));
  certificate.faults = "at most 200 faults";
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kSignature, Refusal::kSignature));
  certificate.signatures.clear();
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kSignature));
}

TEST_F(CertificateCheck, RefusesKeysThatNobodyTrusts) {
  trusted.keys.erase(trusted.keys.begin());
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kUntrusted));
  EXPECT_THAT(sentence(), AllOf(HasSubstr("author ada"), HasSubstr("not in trusted-keys")));
}

TEST_F(CertificateCheck, RefusesAKeyInARoleThatItHasNot) {
  trusted.keys[0].may_author = false;
  trusted.keys[1].may_approve = false;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kUntrusted, Refusal::kUntrusted));
  EXPECT_THAT(sentence(), HasSubstr("trusted, but not as author"));
}

TEST_F(CertificateCheck, RefusesAnothersName) {
  trusted.keys[1].name = "carl";
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kUntrusted));
  EXPECT_THAT(sentence(), HasSubstr("is that of carl"));
}

TEST_F(CertificateCheck, CountsApprovalsThatCount) {
  now.quorum = 1;
  EXPECT_THAT(refusals(), IsEmpty());
  now.quorum = 2;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kQuorum));
  EXPECT_THAT(sentence(), HasSubstr("it takes 2 approvals that count, there is 1"));
  now.quorum = 0;
  trusted.quorum = 2;  // the file asks for more than the caller
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kQuorum));
  now.quorum = 1;
  trusted.quorum = 0;
  trusted.keys.pop_back();
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kUntrusted, Refusal::kQuorum));
}

/// Makes the approval without the rules of `approve`.
Signature forced(Certificate certificate, const SigningKey& key, const std::string& name,
                 Instant at) {
  certificate.signatures.clear();
  certificate.issued_at = sample::kIssued;
  Certificate copy = certificate;
  Signature made{Role::kApprover, name, key.public_key(), at, "", ""};
  made.bytes = key.sign(signed_message(certificate_digest(copy), made));
  return made;
}

TEST_F(CertificateCheck, RefusesTheAuthorsOwnApproval) {
  now.quorum = 1;
  certificate = sample::certificate();
  certificate.signatures.push_back(forced(certificate, sample::ada(), "ada", sample::kLater));
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kOwnApproval, Refusal::kQuorum));
  EXPECT_THAT(sentence(), HasSubstr("is the author"));
  // With a second key of hers.
  const SigningKey second = sample::key(9, "ada");
  trusted.keys.push_back({second.public_key(), "ada"});
  certificate.signatures.back() = forced(certificate, second, "ada", sample::kLater);
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kOwnApproval, Refusal::kQuorum));
}

TEST_F(CertificateCheck, RefusesTheSamePersonTwice) {
  now.quorum = 2;
  const SigningKey second = sample::key(9, "bob");
  trusted.keys.push_back({second.public_key(), "bob"});
  certificate.signatures.push_back(forced(certificate, second, "bob", sample::kLater));
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kOwnApproval, Refusal::kQuorum));
}

TEST_F(CertificateCheck, RefusesAnApprovalFromAnotherTime) {
  certificate = sample::certificate();
  certificate.signatures.push_back(
      forced(certificate, sample::bob(), "bob", certificate.not_after + std::chrono::seconds{1}));
  now.quorum = 1;
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kExpired, Refusal::kQuorum));
}

TEST_F(CertificateCheck, SaysEverythingAtOnce) {
  now.plan.digests.content = now.model = kOther;
  now.at = sample::kIssued + std::chrono::days{60};
  trusted.keys.clear();
  EXPECT_THAT(refusals(), ElementsAre(Refusal::kPlan, Refusal::kModel, Refusal::kExpired,
                                      Refusal::kUntrusted, Refusal::kUntrusted));
  const Error error = refused("c.json", found);
  EXPECT_EQ(error.code, ErrorCode::kRefused);
  EXPECT_EQ(std::count(error.message.begin(), error.message.end(), '\n'), 4);
}

}  // namespace
}  // namespace wme::model
