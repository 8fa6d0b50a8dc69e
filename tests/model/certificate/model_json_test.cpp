#include "model/certificate/model_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/json/digest.hpp"
#include "model/json/jcs.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {
namespace {

using nlohmann::json;

TEST(ModelJson, IsCanonicalAndItsDigestIsOfIt) {
  EXPECT_EQ(jcs_of_text(model_json(), "model").value(), model_json());
  EXPECT_EQ(sha256_hex(model_json()), model_digest());
}

TEST(ModelJson, HasEveryWordActionAndRule) {
  const json model = json::parse(model_json());
  EXPECT_EQ(model["fluents"].size(), fluents().size());
  EXPECT_EQ(model["sorts"].size(), sorts().size());
  ASSERT_EQ(model["actions"].size(), all_actions().size());
  for (std::size_t i = 0; i < all_actions().size(); ++i) {
    const Action& action = all_actions()[i];
    const json& written = model["actions"][i];
    EXPECT_EQ(written["name"], action.name);
    EXPECT_EQ(written["guard"].size(), guard_of(action).size());
    EXPECT_EQ(written["request"].size(), action.request.size());
    EXPECT_EQ(written["outcomes"].size(), action.outcomes.size());
  }
  ASSERT_EQ(model["rules"].size(), all_rules().size());
  for (std::size_t i = 0; i < all_rules().size(); ++i)
    EXPECT_EQ(model["rules"][i]["before"].size(), all_rules()[i].before.size());
}

TEST(ModelJson, HasFormulasDownToTheirLeaves) {
  const json model = json::parse(model_json());
  for (const json& action : model["actions"]) {
    if (action["name"] != "passivate-container") continue;
    const std::string text = action.dump();
    for (const char* word :
         {"\"run\"", "\"stopped\"", "\"passivating\"", "\"INV-02\"", "\"fluent-in\"", "\"newest\""})
      EXPECT_NE(text.find(word), std::string::npos) << word;
    return;
  }
  FAIL() << "there is no passivate-container";
}

}  // namespace
}  // namespace wme::model
