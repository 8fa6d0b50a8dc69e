#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/certificate/certificate_json.hpp"
#include "model/certificate/model_json.hpp"
#include "model/certificate/signing.hpp"
#include "model/json/digest.hpp"
#include "model/json/jcs.hpp"
#include "model/json/plan_json.hpp"
#include "model/language/ground.hpp"
#include "model/planner/planner.hpp"
#include "tests/model/certificate/sample.hpp"
#include "tests/support/fleets.hpp"

namespace wme::model {
namespace {

using testing::HasSubstr;

/// A real plan and what the checker says about it.
struct Verified {
  explicit Verified(int faults = 0)
      : ground(installation_of(tests::xs_fleet(), Procedure::kRestore)),
        plan(make_plan(ground).value()),
        order(PlanOrder::of(plan).value()) {
    bounds.faults = faults;
    verification = verify(ground, plan, bounds).value();
  }
  Evidence evidence() const {
    return {plan,
            order,
            digests_of(plan, to_plan_json(plan, summary_of(plan, order))),
            {sha256_hex("inventory"), sha256_hex("file")},
            bounds,
            verification,
            "rehydrate 0.1.0"};
  }

  GroundModel ground;
  Plan plan;
  PlanOrder order;
  VerifyOptions bounds;
  Verification verification;
};

TEST(Certify, TakesEverythingFromTheVerification) {
  const Verified verified;
  const Result<Certificate> made =
      certify(verified.evidence(), sample::kIssued, sample::kThirtyDays);
  ASSERT_TRUE(made) << made.error().message;
  const Certificate& certificate = made.value();
  EXPECT_EQ(certificate.verdict, "proved");
  EXPECT_EQ(certificate.faults, "no fault");
  EXPECT_EQ(certificate.procedure, "restore");
  EXPECT_EQ(certificate.steps, static_cast<long>(verified.plan.steps.size()));
  EXPECT_FALSE(certificate.point_of_no_return.empty());
  EXPECT_EQ(certificate.properties.size(), verified.verification.properties.size());
  EXPECT_GT(certificate.properties.size(), 20U);
  EXPECT_EQ(certificate.not_covered.size(), verified.verification.not_covered.size());
  EXPECT_EQ(certificate.model, model_digest());
  EXPECT_EQ(to_string(certificate.not_after), "2026-12-22T02:00:00Z");
}

TEST(Certify, WritesAFileThatItReads) {
  const Verified verified;
  Result<Certificate> made = certify(verified.evidence(), sample::kIssued, sample::kThirtyDays);
  ASSERT_TRUE(made);
  ASSERT_TRUE(sign_as_author(made.value(), {sample::ada(), "", ""}));
  const Result<Certificate> read =
      parse_certificate(sample::text_of(made.value()), "certificate.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), made.value());
}

TEST(Certify, RefusesWhatIsNotShownToHold) {
  const auto refusal = [](const Verified& verified) {
    const Result<Certificate> made =
        certify(verified.evidence(), sample::kIssued, sample::kThirtyDays);
    return made ? "certified" : made.error().message;
  };
  Verified refuted;
  refuted.verification.verdict = Verdict::kRefuted;
  EXPECT_THAT(refusal(refuted), HasSubstr("the plan is refuted"));
  Verified undecided;
  undecided.verification.verdict = Verdict::kUndecided;
  EXPECT_THAT(refusal(undecided), HasSubstr("the plan is undecided"));
  Verified one;
  one.verification.properties[3].verdict = Verdict::kUndecided;
  EXPECT_THAT(refusal(one), HasSubstr(one.verification.properties[3].id + " is undecided"));
  Verified torn;
  torn.verification.disagreements = {"INV-05"};
  EXPECT_THAT(refusal(torn), HasSubstr("the two methods disagree"));
}

TEST(PlanDigest, IsOfCanonicalJson) {
  const Verified verified;
  const std::string text = canonical_json(verified.plan);
  EXPECT_EQ(jcs_of_text(text, "plan").value(), text);
  EXPECT_EQ(digests_of(verified.plan, "x"), (FileDigests{sha256_hex(text), sha256_hex("x")}));
}

}  // namespace
}  // namespace wme::model
