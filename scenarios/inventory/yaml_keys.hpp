#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

#include "scenarios/inventory/diagnostics.hpp"

/// What every reader of a YAML file asks of it.
namespace wme::scenarios {

Place place_of(const YAML::Mark& mark);
Place place_of(const YAML::Node& node);

/// Says of each key of `map` that is not `known`, or stands there twice. `where` is how messages
/// call the map, and `why` what is wrong with an unknown key.
void check_keys(const YAML::Node& map, const std::string& where,
                const std::vector<std::string>& known, Diagnostics& diagnostics,
                const std::string& why = "it would be ignored");

}  // namespace wme::scenarios
