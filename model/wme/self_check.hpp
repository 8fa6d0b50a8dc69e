#pragma once

#include <string>
#include <vector>

#include "model/language/action.hpp"
#include "model/wme/rules.hpp"

namespace wme::model {

/// Everything in the data that names a word of the vocabulary.
struct ModelData {
  std::vector<Action> actions;
  std::vector<Rule> rules;
  std::vector<Formula> goals;
};

/// Each word that the data uses and the vocabulary does not have, and each number that cannot be:
/// unknown sorts, fluents, values, functions, attributes, entities, rules, actions; arguments of
/// the wrong sort; deadlines before the typical end. Empty for a sound model. Grounding stops the
/// program on such a word; this says all of them, and where they stand.
std::vector<std::string> mistakes_of(const ModelData& data);

}  // namespace wme::model
