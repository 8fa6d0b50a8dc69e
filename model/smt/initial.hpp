#pragma once

#include "model/smt/transition.hpp"

namespace wme::model::smt {

/// In what states a procedure may find an installation of the fleet, as installation_of() makes
/// them, and with nothing under way.
Expr initial_states(const Translator& translator, Situation situation);

/// What every installation of the fleet satisfies.
Expr facts(const Translator& translator);

}  // namespace wme::model::smt
