#pragma once

#include <string>

#include "model/language/action.hpp"

/// The printer of formulas and effects in English. It knows no rule of WME: only the words of the
/// data that it prints.
namespace wme::model {

/// "successor(home(c))".
std::string english(const Term& term);
/// "run(c)", "gate".
std::string english(const FluentTerm& fluent);
/// "run(c) is passivated", "for every container c whose home is i: ...", "if ... then ...".
std::string english(const Formula& formula);
/// "run(c) becomes passivating", "if place(c) is home, newest(c) becomes gone".
std::string english(const Effect& effect);

}  // namespace wme::model
