#include "model/certificate/signing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/certificate/certificate_json.hpp"
#include "tests/model/certificate/sample.hpp"

namespace wme::model {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Status approval(Certificate& certificate, const SigningKey& key, const std::string& name = "") {
  return approve(certificate, {key, name, ""}, sample::kLater);
}

TEST(Signing, FitsTheCertificateAndNothingElse) {
  const Certificate made = sample::approved();
  for (const Signature& each : made.signatures) EXPECT_TRUE(fits(made, each));
  Certificate other = made;
  other.plan.content[0] = other.plan.content[0] == '0' ? '1' : '0';
  for (const Signature& each : made.signatures) EXPECT_FALSE(fits(other, each));
}

TEST(Signing, CoversRoleNameTimeAndComment) {
  const Certificate made = sample::approved();
  const auto changed = [&](auto change) {
    Signature signature = made.signatures[1];
    change(signature);
    return fits(made, signature);
  };
  EXPECT_FALSE(changed([](Signature& each) { each.role = Role::kAuthor; }));
  EXPECT_FALSE(changed([](Signature& each) { each.name = "carl"; }));
  EXPECT_FALSE(changed([](Signature& each) { each.at += std::chrono::seconds{1}; }));
  EXPECT_FALSE(changed([](Signature& each) { each.comment = "urgent"; }));
  EXPECT_FALSE(changed([](Signature& each) { each.key = sample::ada().public_key(); }));
}

TEST(Approval, IsRefusedToTheAuthorByKeyAndByName) {
  Certificate made = sample::certificate();
  const Status by_key = approval(made, sample::ada(), "bob");
  ASSERT_FALSE(by_key);
  EXPECT_EQ(by_key.error().code, ErrorCode::kRefused);
  EXPECT_THAT(by_key.error().message, HasSubstr("is the author"));
  EXPECT_FALSE(approval(made, sample::bob(), "ada"));
  EXPECT_EQ(made, sample::certificate());
}

TEST(Approval, CountsOncePerKeyAndPerson) {
  Certificate made = sample::approved();
  const Status again = approval(made, sample::bob());
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, AllOf(HasSubstr("bob"), HasSubstr("already")));
  EXPECT_FALSE(approval(made, sample::bob(), "carl"));
  EXPECT_FALSE(approval(made, sample::key(7, "bob")));
  EXPECT_TRUE(approval(made, sample::key(7, "carl")));
  EXPECT_EQ(made.signatures.size(), 3U);
}

TEST(Approval, IsRefusedOutsideOfTheValidity) {
  Certificate made = sample::certificate();
  EXPECT_FALSE(approve(made, {sample::bob(), "", ""}, made.not_after + std::chrono::seconds{1}));
  EXPECT_FALSE(approve(made, {sample::bob(), "", ""}, made.issued_at - std::chrono::seconds{1}));
  EXPECT_TRUE(approve(made, {sample::bob(), "", ""}, made.not_after));
}

TEST(Approval, IsRefusedForWhatWasChangedSince) {
  Certificate made = sample::certificate();
  made.faults = "at most 9 faults";
  const Status status = approval(made, sample::bob());
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("the author's signature does not fit"));
  Certificate nobody = sample::unsigned_certificate();
  EXPECT_FALSE(approval(nobody, sample::bob()));
}

TEST(Signing, NeedsANameAndAShortComment) {
  Certificate made = sample::unsigned_certificate();
  const auto refusal = [&](const Signer& signer) {
    const Status status = sign_as_author(made, signer);
    return status ? "signed" : status.error().message;
  };
  const SigningKey nameless = sample::key(8, "");
  EXPECT_THAT(refusal({nameless, "", ""}), HasSubstr("--name NAME"));
  EXPECT_THAT(refusal({nameless, "no name", ""}), HasSubstr("is no name"));
  EXPECT_THAT(refusal({sample::ada(), "", "two\nlines"}), HasSubstr("one line"));
  EXPECT_THAT(refusal({sample::ada(), "", std::string(kCommentBytesMax + 1, 'x')}),
              HasSubstr("one line"));
  EXPECT_TRUE(made.signatures.empty());
  EXPECT_EQ(refusal({nameless, "carl", ""}), "signed");
}

}  // namespace
}  // namespace wme::model
