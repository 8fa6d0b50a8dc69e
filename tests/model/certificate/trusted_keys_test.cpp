#include "model/certificate/trusted_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/model/certificate/sample.hpp"

namespace wme::model {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kAda = sample::ada().public_key().base64();
const std::string kBob = sample::bob().public_key().base64();

TEST(TrustedKeys, AreReadWithRolesCommentsAndQuorum) {
  const auto read = parse_trusted_keys("# who may sign\n\ned25519 " + kAda + " ada author\r\n" +
                                           "  ed25519\t" + kBob + " bob approver,author\nquorum 1",
                                       "trusted");
  ASSERT_TRUE(read) << read.error().message;
  const TrustedKeys& trusted = read.value();
  ASSERT_EQ(trusted.keys.size(), 2U);
  EXPECT_EQ(trusted.keys[0].name, "ada");
  EXPECT_TRUE(trusted.keys[0].may_author);
  EXPECT_FALSE(trusted.keys[0].may_approve);
  EXPECT_TRUE(trusted.keys[1].may_author && trusted.keys[1].may_approve);
  EXPECT_EQ(trusted.quorum, 1);
  EXPECT_EQ(trusted.find(sample::bob().public_key())->name, "bob");
  EXPECT_EQ(trusted.find(sample::eve().public_key()), nullptr);
}

TEST(TrustedKeys, ReadTheLineThatKeygenWrites) {
  const auto read =
      parse_trusted_keys(trusted_line(sample::ada().public_key(), "ada") + "\n", "ada.pub");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read.value().keys[0].may_author && read.value().keys[0].may_approve);
}

std::string refusal_of_file(const std::string& text) {
  const auto read = parse_trusted_keys(text, "trusted");
  return read ? "read" : read.error().message;
}

TEST(TrustedKeys, SayWhichLineIsWrongAndWhy) {
  const std::string good = "ed25519 " + kAda + " ada\n";
  EXPECT_THAT(refusal_of_file(good + "rsa AAAA bob\n"),
              AllOf(StartsWith("trusted:2: "), HasSubstr("quorum")));
  EXPECT_THAT(refusal_of_file("ed25519 " + kAda), StartsWith("trusted:1: a key has the form"));
  EXPECT_THAT(refusal_of_file("ed25519 " + kAda + " ada author x"),
              HasSubstr("a key has the form"));
  EXPECT_THAT(refusal_of_file("ed25519 AAAA ada"), HasSubstr("not 32 bytes in base64"));
  EXPECT_THAT(refusal_of_file("ed25519 " + kAda + " a/b"), HasSubstr("the name is no name"));
  EXPECT_THAT(refusal_of_file(good + "ed25519 " + kAda + " bob"),
              HasSubstr("is there already, as ada"));
  EXPECT_THAT(refusal_of_file("ed25519 " + kAda + " ada aprover"),
              HasSubstr("did you mean 'approver'?"));
  EXPECT_THAT(refusal_of_file("ed25519 " + kAda + " ada author,"), HasSubstr("a role is"));
  EXPECT_THAT(refusal_of_file(good + "quorum -1"), StartsWith("trusted:2: a quorum is"));
  EXPECT_THAT(refusal_of_file(good + "quorum 1x"), HasSubstr("a quorum is"));
  EXPECT_THAT(refusal_of_file(good + "quorum 101"), HasSubstr("a quorum is"));
  EXPECT_THAT(refusal_of_file(good + "quorum 1\nquorum 2"),
              StartsWith("trusted:3: the quorum stands"));
  EXPECT_THAT(refusal_of_file("# nobody\n"), HasSubstr("there is no key"));
  EXPECT_THAT(refusal_of_file(sample::eve().to_pem()), HasSubstr("this is a key in PEM"));
}

TEST(TrustedKeys, ListEveryWrongLine) {
  EXPECT_THAT(refusal_of_file("x\ny\n"), AllOf(HasSubstr("trusted:1: "), HasSubstr("trusted:2: ")));
}

}  // namespace
}  // namespace wme::model
