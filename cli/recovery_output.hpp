#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "model/checker/verdict.hpp"
#include "model/planner/plan.hpp"

namespace wme::cli {

/// "Point of no return: after s45 (...) …; until then: …".
std::string no_return_text(const model::Plan& plan, const model::NoReturn& found,
                           std::size_t width);
/// That, and where runs come to rest.
std::string recovery_text(const model::Plan& plan, const model::Recovery& recovery,
                          std::size_t width);
/// "recovery" of rehydrate/verification/1.
nlohmann::ordered_json recovery_json(const model::Plan& plan, const model::Recovery& recovery);

}  // namespace wme::cli
