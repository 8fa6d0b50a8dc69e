#pragma once

#include <string>
#include <vector>

#include "model/smt/transition.hpp"

namespace wme::model::smt {

struct Counterexample;

/// "stop-services platform is requested", "stop-docker of some machine fails".
std::string words_of(const Transition& transition);

/// The counterexample in lines for people: how large the installation is, what of it matters, what
/// happens, what then is. `broken` holds in its state, with the transition's arguments.
std::vector<std::string> story_of(const Translator& translator, const Counterexample& found,
                                  const Expr& broken);

}  // namespace wme::model::smt
