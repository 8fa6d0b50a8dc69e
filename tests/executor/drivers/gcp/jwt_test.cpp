#include "executor/drivers/gcp/jwt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "tests/executor/drivers/gcp/scripted_google.hpp"

namespace wme::executor::gcp {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Base64Url, IsThatOfRfc4648) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

std::string part_of(const std::string& jwt, int number) {
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i) begin = jwt.find('.', begin) + 1;
  return jwt.substr(begin, jwt.find('.', begin) - begin);
}

std::string from_url(std::string text) {
  for (char& each : text) each = each == '-' ? '+' : each == '_' ? '/' : each;
  std::size_t padding = 0;
  for (; text.size() % 4 != 0; ++padding) text += '=';
  std::string bytes(3 * text.size() / 4 + 1, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  return bytes.substr(0, static_cast<std::size_t>(size) - padding);
}

TEST(SignedJwt, CarriesTheClaimsUnderAnRs256Signature) {
  const auto jwt = signed_jwt({"a@b", "https://t/token", "s", kTestTime, std::chrono::hours(1)},
                              Secret(test_private_key()), "key-1");
  ASSERT_TRUE(jwt) << jwt.error().message;
  const std::string& text = jwt.value().reveal();
  EXPECT_EQ(nlohmann::json::parse(from_url(part_of(text, 0))),
            nlohmann::json::parse(R"({"alg":"RS256","typ":"JWT","kid":"key-1"})"));
  EXPECT_EQ(nlohmann::json::parse(from_url(part_of(text, 1))),
            nlohmann::json::parse(R"({"iss":"a@b","aud":"https://t/token","scope":"s",
                                      "iat":1700000000,"exp":1700003600})"));
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(test_private_key().data(), -1),
                                                     &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const std::string content = text.substr(0, text.rfind('.'));
  const std::string signature = from_url(part_of(text, 2));
  ASSERT_EQ(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()), 1);
  EXPECT_EQ(
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(content.data()),
                       content.size()),
      1);
}

TEST(SignedJwt, SaysNothingOfAKeyThatIsNone) {
  const std::string damaged = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  for (const std::string& key : {std::string(), std::string("x"), damaged}) {
    const auto jwt = signed_jwt({"a", "b", "c", kTestTime}, Secret(key), "");
    ASSERT_FALSE(jwt);
    EXPECT_EQ(jwt.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(jwt.error().message, Not(HasSubstr("c2VjcmV0")));
  }
}

}  // namespace
}  // namespace wme::executor::gcp
