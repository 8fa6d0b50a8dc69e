#include "scenarios/inventory/yaml_keys.hpp"

#include <algorithm>
#include <set>

#include "model/english/words.hpp"

namespace wme::scenarios {

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}
Place place_of(const YAML::Node& node) { return place_of(node.Mark()); }

void check_keys(const YAML::Node& map, const std::string& where,
                const std::vector<std::string>& known, Diagnostics& diagnostics,
                const std::string& why) {
  std::set<std::string> seen;
  for (const auto& pair : map) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "?";
    if (!seen.insert(key).second)
      diagnostics.add(place_of(pair.first), "key '" + key + "' stands twice in " + where,
                      "only one can hold", "remove one of them");
    else if (std::ranges::find(known, key) == known.end())
      diagnostics.add(place_of(pair.first), "unknown key '" + key + "' in " + where, why,
                      model::suggestion(key, known));
  }
}

}  // namespace wme::scenarios
