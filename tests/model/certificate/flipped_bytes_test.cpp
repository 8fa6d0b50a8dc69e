#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/certificate/certificate_json.hpp"
#include "model/certificate/check.hpp"
#include "model/json/digest.hpp"
#include "tests/model/certificate/sample.hpp"

/// "A certificate with one byte changed anywhere is refused": tried for each byte that there is.
namespace wme::model {
namespace {

/// Whether the text passes as a certificate for the sample's circumstances.
bool passes(const std::string& text) {
  const TrustedKeys trusted = sample::trusted();
  const Result<Certificate> read = parse_certificate(text, "c.json");
  return read && check(read.value(), sample::circumstances(trusted)).empty();
}

TEST(FlippedBytes, OfTheCertificateNeverPass) {
  const std::string text = sample::text_of(sample::approved());
  ASSERT_TRUE(passes(text));
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const int bit : {0x01, 0x20, 0x80}) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ bit);
      EXPECT_FALSE(passes(changed)) << "byte " << at << ", bit " << bit;
    }
}

TEST(FlippedBytes, LostAndAddedOnesNeverPass) {
  const std::string text = sample::text_of(sample::approved());
  for (std::size_t at = 0; at < text.size(); ++at) {
    EXPECT_FALSE(passes(text.substr(0, at) + text.substr(at + 1))) << "without byte " << at;
    EXPECT_FALSE(passes(text.substr(0, at))) << "cut off at " << at;
    EXPECT_FALSE(passes(text.substr(0, at) + " " + text.substr(at))) << "a blank at " << at;
  }
}

TEST(FlippedBytes, OfTheModelNeverPass) {
  const TrustedKeys trusted = sample::trusted();
  for (std::size_t at = 0; at < 64; ++at) {
    Circumstances now = sample::circumstances(trusted);
    now.model[at] = now.model[at] == '0' ? '1' : '0';
    const auto objections = check(sample::approved(), now);
    ASSERT_EQ(objections.size(), 1U);
    EXPECT_EQ(objections[0].refusal, Refusal::kModel);
  }
}

}  // namespace
}  // namespace wme::model
