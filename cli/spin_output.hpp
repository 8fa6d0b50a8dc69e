#pragma once

#include <string>

#include "cli/console.hpp"
#include "cli/spin/second_opinion.hpp"

namespace wme::cli {

/// One line when SPIN agrees; what differs when it does not.
std::string second_opinion_text(const Console& console, const SecondOpinion& opinion);
/// A "rehydrate/verification/1" with the member "spin".
std::string with_second_opinion(const std::string& verification_json, const SecondOpinion& opinion);

}  // namespace wme::cli
