#include "model/certificate/certificate_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/json/digest.hpp"
#include "model/json/jcs.hpp"
#include "tests/model/certificate/sample.hpp"

namespace wme::model {
namespace {

using nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(CertificateJson, ReadsBackWhatItWrote) {
  for (const Certificate& each : {sample::certificate(), sample::approved()}) {
    const Result<Certificate> read = parse_certificate(sample::text_of(each), "c.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read.value(), each);
  }
}

TEST(CertificateJson, LeavesOutWhatIsNotThere) {
  Certificate bare = sample::certificate();
  bare.target_version = bare.point_of_no_return = "";
  bare.exploration.reset();
  bare.properties.clear();
  const std::string text = sample::text_of(bare);
  EXPECT_EQ(text.find("target_version"), std::string::npos);
  const Result<Certificate> read = parse_certificate(text, "c.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), bare);
}

TEST(CertificateJson, DigestIsThatOfTheCanonicalJsonWithoutSignatures) {
  ordered_json document = ordered_json::parse(sample::text_of(sample::approved()));
  document.erase("signatures");
  EXPECT_EQ(certificate_digest(sample::approved()),
            sha256_hex(jcs(nlohmann::json(document)).value()));
  EXPECT_EQ(certificate_digest(sample::approved()),
            certificate_digest(sample::unsigned_certificate()));
}

TEST(CertificateJson, SignedMessageIsCanonicalAndNamesWhatItIsFor) {
  const Certificate made = sample::certificate();
  const std::string message = signed_message(std::string(64, 'a'), made.signatures[0]);
  EXPECT_EQ(message, R"({"at":"2026-11-22T02:00:00Z","certificate_sha256":")" +
                         std::string(64, 'a') + R"(","comment":"ready for the drill","key":")" +
                         sample::ada().public_key().base64() +
                         R"(","name":"ada","role":"author","schema":"rehydrate/signature/1"})");
}

/// The message for the sample after a change of its JSON.
std::string refusal(const std::function<void(ordered_json&)>& change) {
  ordered_json document = ordered_json::parse(sample::text_of(sample::approved()));
  change(document);
  const Result<Certificate> read = parse_certificate(document.dump(2) + "\n", "c.json");
  return read ? "read" : read.error().message;
}

TEST(CertificateJson, SaysWhereItIsMalformed) {
  EXPECT_EQ(refusal([](ordered_json&) {}), "read");
  const auto body = [](const char* key, const ordered_json& value) {
    return refusal([&](ordered_json& whole) { whole["body"][key] = value; });
  };
  EXPECT_THAT(refusal([](ordered_json& whole) { whole["schema"] = "rehydrate/certificate/2"; }),
              StartsWith("c.json: /schema: the schema is 'rehydrate/certificate/2'"));
  EXPECT_THAT(body("extra", 1), HasSubstr("/body/extra: unknown key"));
  EXPECT_THAT(body("issued_at", "today"), HasSubstr("/body/issued_at: this is no time"));
  EXPECT_THAT(body("verdict", "refuted"), HasSubstr("/body/verdict: the verdict is neither"));
  EXPECT_THAT(body("steps", -1), HasSubstr("/body/steps"));
  EXPECT_THAT(body("tool", "x\x1b[2J"), HasSubstr("control character"));
  const auto first = [](const char* list, const char* key, const ordered_json& value) {
    return refusal([&](ordered_json& whole) {
      (std::string(list) == "signatures" ? whole : whole["body"])[list][0][key] = value;
    });
  };
  EXPECT_THAT(first("properties", "verdict", "undecided"), HasSubstr("/body/properties/0/verdict"));
  EXPECT_THAT(first("not_covered", "why", 3), HasSubstr("/body/not_covered/0/why"));
  EXPECT_THAT(first("signatures", "key", "AAAA"), HasSubstr("/signatures/0/key"));
  EXPECT_THAT(first("signatures", "name", "a b"), HasSubstr("/signatures/0/name"));
  EXPECT_THAT(first("signatures", "role", "boss"), HasSubstr("/signatures/0/role"));
  EXPECT_THAT(first("signatures", "signature", "AAAA"), HasSubstr("/signatures/0/signature"));
  EXPECT_THAT(first("signatures", "role", "approver"), HasSubstr("/signatures: there has to be"));
  EXPECT_THAT(refusal([](ordered_json& whole) { whole["signatures"].clear(); }),
              HasSubstr("/signatures: there has to be one author"));
  EXPECT_THAT(refusal([](ordered_json& whole) { whole["body"].erase("model"); }),
              HasSubstr("there is no 'model'"));
  EXPECT_THAT(refusal([](ordered_json& whole) { whole["body"]["plan"]["file_sha256"] = "AB"; }),
              HasSubstr("/body/plan/file_sha256: this is no SHA-256"));
}

TEST(CertificateJson, IsReadInTheOneFormInWhichItIsWritten) {
  const std::string text = sample::text_of(sample::certificate());
  const auto refused = [&](const std::string& changed) {
    const Result<Certificate> read = parse_certificate(changed, "c.json");
    return read ? "read" : read.error().message;
  };
  EXPECT_THAT(refused(text + "\n"), AllOf(StartsWith("c.json:"), HasSubstr("is not as")));
  EXPECT_THAT(refused(text.substr(0, text.size() - 1)), HasSubstr("is not as `rehydrate` writes"));
  EXPECT_THAT(refused(" " + text), StartsWith("c.json:1:1: the file is not as"));
  EXPECT_THAT(refused(ordered_json::parse(text).dump() + "\n"), StartsWith("c.json:1:2: "));
  EXPECT_THAT(refused(ordered_json::parse(text).dump(2, ' ', true) + "\n"), HasSubstr("is not as"));
  EXPECT_THAT(refused("{}"), HasSubstr("does not name its schema"));
  EXPECT_THAT(refused(""), HasSubstr("the file is empty"));
  EXPECT_THAT(refused("schema: rehydrate/inventory/1\n"), HasSubstr("looks like an inventory"));
}

TEST(CertificateJson, RefusesToWriteWhatIsNoUtf8) {
  Certificate wrong = sample::certificate();
  wrong.properties[0].statement = "\xFF";
  const Result<std::string> text = to_certificate_json(wrong);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("/body/properties/0/statement"));
}

}  // namespace
}  // namespace wme::model
