#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Expressions of Promela as text, without what is known already: "true" and "false" are no part of
/// any other. All but a name stand in brackets.
namespace wme::model::promela {

inline const std::string kTrue = "true";
inline const std::string kFalse = "false";

std::string all_of(const std::vector<std::string>& parts);
std::string any_of(const std::vector<std::string>& parts);
std::string negated(const std::string& expression);
inline std::string equals(const std::string& variable, const std::string& value) {
  return "(" + variable + " == " + value + ")";
}

/// Fit for a comment, whatever it was.
std::string comment(std::string_view text);

}  // namespace wme::model::promela
