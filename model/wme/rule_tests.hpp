#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wme::model {

/// A test that violates a rule and sees it noticed.
struct RuleTest {
  std::string file;  ///< from the root of the repository
  std::string name;  ///< "StateProperty.IsBrokenWhereRulesAreIgnored/INV_05"
  bool operator==(const RuleTest&) const = default;
};

/// The tests of the rule, first the one of each way in which it is kept; a test of the tree fails
/// when a rule has none, or when one of them does not exist.
std::vector<RuleTest> tests_of(std::string_view rule_id);

}  // namespace wme::model
