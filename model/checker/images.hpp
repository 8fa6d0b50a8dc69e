#pragma once

#include <map>
#include <string>

#include "model/checker/explorer.hpp"
#include "model/checker/symmetry.hpp"

namespace wme::model {

/// Its key says what the environment does.
inline bool is_broken_by_environment(const Reached& reached) {
  return !reached.trace.empty() && reached.trace.back().kind == Happening::Kind::kEnvironment;
}

/// Adds what the violations become by exchanging entities, as far as they have keys of their own:
/// those that were found stand for all of them. Of several runs for one key, the shortest.
void add_images(const GroundPlan& plan, const Symmetry& symmetry,
                std::map<std::string, Reached>& violations);

}  // namespace wme::model
