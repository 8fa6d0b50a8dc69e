#include "model/certificate/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/certificate/sample.hpp"

namespace wme::model {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

TEST(SigningKey, SignsAsTheRfcHasIt) {  // RFC 8032, 7.1, TEST 2
  const std::string secret =
      from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  SigningKey::Seed seed;
  std::copy(secret.begin(), secret.end(), seed.begin());
  const SigningKey key(seed, "");
  EXPECT_EQ(key.public_key().bytes,
            from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  EXPECT_EQ(key.sign("\x72"),
            from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
  EXPECT_EQ(seed, SigningKey::Seed{}) << "the caller's copy was not wiped";
}

TEST(SigningKey, IsVerifiedOnlyAsAWhole) {
  const SigningKey key = sample::ada();
  const std::string signature = key.sign("message");
  EXPECT_TRUE(verifies(key.public_key(), "message", signature));
  EXPECT_FALSE(verifies(key.public_key(), "massage", signature));
  EXPECT_FALSE(verifies(sample::bob().public_key(), "message", signature));
  EXPECT_FALSE(verifies(key.public_key(), "message", ""));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(verifies(key.public_key(), "message", changed)) << i;
  }
}

TEST(SigningKey, ReadsBackItsPemWithTheName) {
  const std::string pem = sample::ada().to_pem();
  EXPECT_THAT(pem, StartsWith("name: ada\n-----BEGIN PRIVATE KEY-----\n"));
  const Result<SigningKey> read = SigningKey::from_pem(pem, "ada.key");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value().name(), "ada");
  EXPECT_EQ(read.value().public_key(), sample::ada().public_key());
}

std::string refusal(std::string_view text) {
  const Result<SigningKey> read = SigningKey::from_pem(text, "x.key");
  return read ? "read" : read.error().message;
}

TEST(SigningKey, SaysWhyAFileIsNoKey) {
  EXPECT_THAT(refusal(""), AllOf(StartsWith("x.key: no private key"), HasSubstr("keygen")));
  EXPECT_THAT(refusal("ed25519 AAAA ada\n"), HasSubstr("this is a public key"));
  // openssl genpkey -algorithm x25519
  EXPECT_THAT(refusal("-----BEGIN PRIVATE KEY-----\n"
                      "MC4CAQAwBQYDK2VuBCIEIAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAhI\n"
                      "-----END PRIVATE KEY-----\n"),
              HasSubstr("of another kind"));
  EXPECT_THAT(refusal("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                      "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBDNtqYHYgKn6HAYVYqN\n"
                      "tcTtAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQHOlmMmPmvAUpDYLl\n"
                      "CTzYJARAbz3gLSoJjMbxgBvfEi7bhHvAHXZlcw6xtZBq2n8jqsoNVLAmIGLxTO5S\n"
                      "Ft08YSHUuLUQ8wkfpqpRBfM8nw5b2g==\n"
                      "-----END ENCRYPTED PRIVATE KEY-----\n"),
              HasSubstr("under a passphrase"));
  EXPECT_THAT(refusal("name: a b\n" + sample::key(9, "").to_pem()),
              HasSubstr("the name before the key is no name"));
}

TEST(SigningKey, NeverTellsItsText) {
  const std::string pem = sample::ada().to_pem();
  const std::string cut = pem.substr(0, pem.size() - 40);
  EXPECT_THAT(refusal(cut), Not(HasSubstr(cut.substr(cut.size() - 10))));
}

TEST(Base64, HasOneTextForEachValue) {
  EXPECT_EQ(to_base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
  EXPECT_EQ(from_base64("YW55IGNhcm5hbCBwbGVhcw=="), "any carnal pleas");
  EXPECT_EQ(from_base64(""), "");
  for (const char* wrong : {"YW55IGNhcm5hbCBwbGVhcx==", "YW55IGNhcm5hbCBwbGVhcw", "YW5 ", "YW5\n",
                            " YW5", "====", "YQ=a", "Y-_a"})
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
}

TEST(PublicKey, IsThirtyTwoBytes) {
  EXPECT_EQ(public_key_from(sample::ada().public_key().base64()), sample::ada().public_key());
  EXPECT_EQ(public_key_from(to_base64(std::string(31, 'x'))), std::nullopt);
  EXPECT_EQ(public_key_from("?"), std::nullopt);
}

TEST(Person, IsOneWord) {
  for (const char* right : {"ada", "ada.lovelace@acme.example", "A-1_b+c"})
    EXPECT_TRUE(is_person(right)) << right;
  for (const char* wrong : {"", "ada lovelace", "ada\n", "ada/b", "ädä"})
    EXPECT_FALSE(is_person(wrong)) << wrong;
  EXPECT_FALSE(is_person(std::string(65, 'a')));
}

}  // namespace
}  // namespace wme::model
