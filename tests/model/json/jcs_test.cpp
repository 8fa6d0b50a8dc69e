#include "model/json/jcs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

namespace wme::model {
namespace {

using nlohmann::json;
using testing::HasSubstr;

struct Sample {
  std::uint64_t bits;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const Sample& sample) {
  return out << std::hex << sample.bits << " as " << sample.text;
}

/// RFC 8785, appendix B.
class JcsNumber : public testing::TestWithParam<Sample> {};
TEST_P(JcsNumber, IsWrittenAsTheRfcHasIt) {
  EXPECT_EQ(jcs_number(std::bit_cast<double>(GetParam().bits)), GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(Rfc8785, JcsNumber,
                         testing::Values(Sample{0x0000000000000000, "0"},
                                         Sample{0x8000000000000000, "0"},
                                         Sample{0x0000000000000001, "5e-324"},
                                         Sample{0x8000000000000001, "-5e-324"},
                                         Sample{0x7fefffffffffffff, "1.7976931348623157e+308"},
                                         Sample{0xffefffffffffffff, "-1.7976931348623157e+308"},
                                         Sample{0x4340000000000000, "9007199254740992"},
                                         Sample{0xc340000000000000, "-9007199254740992"},
                                         Sample{0x4430000000000000, "295147905179352830000"},
                                         Sample{0x44b52d02c7e14af5, "9.999999999999997e+22"},
                                         Sample{0x44b52d02c7e14af6, "1e+23"},
                                         Sample{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                                         Sample{0x444b1ae4d6e2ef4e, "999999999999999700000"},
                                         Sample{0x444b1ae4d6e2ef4f, "999999999999999900000"},
                                         Sample{0x444b1ae4d6e2ef50, "1e+21"},
                                         Sample{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                                         Sample{0x3eb0c6f7a0b5ed8d, "0.000001"},
                                         Sample{0x41b3de4355555553, "333333333.3333332"},
                                         Sample{0x41b3de4355555554, "333333333.33333325"},
                                         Sample{0x41b3de4355555555, "333333333.3333333"},
                                         Sample{0x41b3de4355555556, "333333333.3333334"},
                                         Sample{0x41b3de4355555557, "333333333.33333343"},
                                         Sample{0xbecbf647612f3696, "-0.0000033333333333333333"},
                                         Sample{0x43143ff3c1cb0959, "1424953923781206.2"}));

TEST(JcsNumberRange, HasNoTextForWhatIsNoNumber) {
  EXPECT_EQ(jcs_number(std::bit_cast<double>(0x7fffffffffffffffULL)), std::nullopt);
  EXPECT_EQ(jcs_number(std::bit_cast<double>(0x7ff0000000000000ULL)), std::nullopt);
  const auto infinite = jcs(json{{"a", {1, std::numeric_limits<double>::infinity()}}});
  ASSERT_FALSE(infinite);
  EXPECT_THAT(infinite.error().message, HasSubstr("/a/1: not a number or infinite"));
}

std::string canonical(std::string_view text) {
  const Result<std::string> made = jcs_of_text(text, "sample.json");
  return made ? made.value() : "refused: " + made.error().message;
}

TEST(Jcs, WritesTheSampleOfTheRfc) {  // 3.2.2 and 3.2.3
  EXPECT_EQ(canonical(R"({
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    })"),
            R"({"literals":[null,true,false],)"
            R"("numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(Jcs, SortsKeysByTheirUtf16Units) {  // 3.2.3
  EXPECT_EQ(canonical(R"({
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis"
    })"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
            "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
            "\"😀\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST(Jcs, EscapesOnlyWhatJsonHasTo) {
  EXPECT_EQ(canonical(R"(["\b\t\n\f\r\u0000\u001f\u007f\/\u2028"])"),
            "[\"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f/\xE2\x80\xA8\"]");
}

TEST(Jcs, SortsTheKeysOfEveryObjectAndNoList) {
  EXPECT_EQ(canonical(R"([{"b": {"z": [2, 1], "": 0}, "a": {}}, [], -0, -0.0, 1.0, 1e2])"),
            R"([{"a":{},"b":{"":0,"z":[2,1]}},[],0,0,1,100])");
}

TEST(Jcs, RefusesADuplicateKey) {
  EXPECT_THAT(canonical(R"({"a": {"k": 1, "\u006b": 1}})"), HasSubstr("\"k\" stands twice"));
}

TEST(Jcs, RefusesALoneSurrogate) {
  EXPECT_THAT(canonical(R"(["\ud800"])"), HasSubstr("refused"));
  EXPECT_THAT(canonical(R"(["\udead"])"), HasSubstr("refused"));
  // As bytes, which a value made by a program may hold.
  for (const char* wrong : {"\xED\xA0\x80", "\xED\xBF\xBF", "\xC0\x80", "\xE0\x80\x80", "\x80",
                            "\xF4\x90\x80\x80", "\xE2\x82", "\xFF"}) {
    EXPECT_FALSE(jcs(json(wrong))) << wrong;
    EXPECT_FALSE(jcs(json{{wrong, 1}})) << wrong;
  }
}

TEST(Jcs, RefusesAWholeNumberThatADoubleWouldRound) {
  EXPECT_EQ(canonical("[9007199254740992, -9007199254740992, 9007199254740994]"),
            "[9007199254740992,-9007199254740992,9007199254740994]");
  EXPECT_THAT(canonical("[9007199254740993]"), HasSubstr("/0: the number 9007199254740993 has no"));
  EXPECT_THAT(canonical("[-9007199254740993]"), HasSubstr("has no exact canonical form"));
  EXPECT_THAT(canonical("[9223372036854775807]"), HasSubstr("has no exact canonical form"));
  EXPECT_THAT(canonical("[18446744073709551615]"), HasSubstr("has no exact canonical form"));
  EXPECT_EQ(canonical("[9223372036854775808]"), "[9223372036854776000]");
}

TEST(Jcs, RefusesBottomlessNesting) {
  const std::string deep = std::string(2000, '[') + std::string(2000, ']');
  EXPECT_THAT(canonical(deep), HasSubstr("nests deeper"));
}

RC_GTEST_PROP(JcsProperty, EveryNumberReadsBackAsItself, ()) {
  const auto number = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  if (!std::isfinite(number)) {
    RC_ASSERT(jcs_number(number) == std::nullopt);
    return;
  }
  const std::string text = jcs_number(number).value();
  RC_ASSERT(std::strtod(text.c_str(), nullptr) == number);
  RC_ASSERT(canonical("[" + text + "]") == "[" + text + "]");
}

rc::Gen<std::string> any_text() {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{
      "a", "Z", "0", " ", "\"", "\\", "\n", "\x01", "\x7f", "é", "€", "\xEF\xAC\xB3", "😀"});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& each : pieces) text += each;
                        return text;
                      });
}

RC_GTEST_PROP(JcsProperty, IsItsOwnCanonicalForm, ()) {
  const auto made = *rc::gen::container<std::map<std::string, std::string>>(any_text(), any_text());
  json object = json::object();
  for (const auto& [key, value] : made) object[key] = value;
  const std::string once = jcs(object).value();
  RC_ASSERT(canonical(once) == once);
  RC_ASSERT(json::parse(once) == object);
}

}  // namespace
}  // namespace wme::model
