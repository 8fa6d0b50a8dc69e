#include "model/json/percent.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace wme::model {
namespace {

TEST(Percent, KeepsOnlyUnreservedBytes) {
  EXPECT_EQ(percent_encode("aZ9-._~"), "aZ9-._~");
  EXPECT_EQ(percent_encode("a b/c%\xC3\xA9"), "a%20b%2Fc%25%C3%A9");
}

TEST(Percent, DecodesAPlusOnlyInForms) {
  EXPECT_EQ(percent_decode("a+b%2b"), "a+b+");
  EXPECT_EQ(percent_decode("a+b%2b", true), "a b+");
}

TEST(Percent, RefusesHalfAnEscape) {
  for (const char* text : {"%", "%4", "%4g", "%-1", "abc%"}) EXPECT_FALSE(percent_decode(text));
}

RC_GTEST_PROP(Percent, DecodesWhatItEncodes, (const std::string& text)) {
  RC_ASSERT(percent_decode(percent_encode(text)) == std::optional(text));
}

}  // namespace
}  // namespace wme::model
