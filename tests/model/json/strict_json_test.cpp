#include "model/json/strict_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wme::model {
namespace {

using testing::HasSubstr;

TEST(StrictJson, NamesTheLineAndColumnOfAMistake) {
  const auto document = parse_strict_json("{\n  \"a\": 1,\n  \"b\" 2\n}", "plan.json");

  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(document.error().message, HasSubstr("plan.json:3:7"));
}

TEST(StrictJson, RefusesATruncatedFile) {
  const auto document = parse_strict_json("{\"a\": [1, 2", "x.json");

  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("x.json:1:"));
}

TEST(StrictJson, RefusesAKeyThatStandsTwice) {
  const auto document = parse_strict_json(R"({"a": {"k": 1, "b": {"k": 2}, "k": 3}})", "x.json");

  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, HasSubstr("\"k\" stands twice"));
}

TEST(StrictJson, TakesTheSameKeyInDifferentObjects) {
  EXPECT_TRUE(parse_strict_json(R"({"a": {"k": 1}, "b": [{"k": 2}, {"k": 3}]})", "x.json"));
}

TEST(StrictJson, SurvivesBytesThatAreNoText) {
  EXPECT_FALSE(parse_strict_json("\xff\xfe\"", "x.json"));
  EXPECT_FALSE(parse_strict_json("", "x.json"));
}

}  // namespace
}  // namespace wme::model
