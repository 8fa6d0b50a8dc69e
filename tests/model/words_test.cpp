#include "model/english/words.hpp"

#include <gtest/gtest.h>

namespace wme::model {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("address", "address"), 0U);
  EXPECT_EQ(edit_distance("adress", "address"), 1U);
  EXPECT_EQ(edit_distance("addresss", "address"), 1U);
  EXPECT_EQ(edit_distance("addrezs", "address"), 1U);
  EXPECT_EQ(edit_distance("adrdess", "address"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(NearestWord, IsTheOneThatWasMeant) {
  EXPECT_EQ(nearest_word("adress", {"name", "address", "new_address"}), "address");
  EXPECT_EQ(nearest_word("hyperv", {"aws", "azure", "hyper-v"}), "hyper-v");
}

TEST(NearestWord, IsNoneWhenAllAreFarOff) {
  EXPECT_EQ(nearest_word("colour", {"name", "address"}), std::nullopt);
  EXPECT_EQ(nearest_word("x", {}), std::nullopt);
  EXPECT_EQ(nearest_word(std::string(10'000, 'a'), {"address"}), std::nullopt);
}

TEST(Suggestion, ListsTheWordsWhenNoneIsNear) {
  EXPECT_EQ(suggestion("adress", {"address"}), "did you mean 'address'?");
  EXPECT_EQ(suggestion("colour", {"name", "address"}), "one of: name, address");
  EXPECT_EQ(suggestion("colour", {}), "there is none yet");
}

}  // namespace
}  // namespace wme::model
