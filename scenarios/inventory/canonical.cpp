#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/json/jcs.hpp"
#include "scenarios/inventory/fields.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {

namespace {

using nlohmann::json;

json json_of(const std::string& value) { return value; }
json json_of(int value) { return value; }
json json_of(const std::vector<std::string>& values) { return values; }
json json_of(const model::SecretRef& value) { return value.where; }
json json_of(model::Provider value) { return to_string(value); }
json json_of(model::ContainerState value) { return to_string(value); }
json json_of(const model::Volume& value);
json json_of(const model::Artefact& value);

template <class Owner>
json map_of(const Fields<Owner>& fields, const Owner& owner) {
  json made = json::object();
  for (const Field<Owner>& field : fields)
    made[std::string(field.key)] =
        std::visit([&](auto member) { return json_of(owner.*member); }, field.member);
  return made;
}

/// By the table of the type's own fields.
template <class Owner>
json map_of(const Owner& owner) {
  return map_of(fields_of(&owner), owner);
}

json json_of(const model::Volume& value) { return map_of(value); }
json json_of(const model::Artefact& value) { return map_of(value); }

template <class One>
json list_of(const std::vector<One>& list) {
  json made = json::array();
  for (const One& one : list) made.push_back(map_of(one));
  return made;
}

}  // namespace

Result<std::string> canonical_json(const model::Inventory& inventory) {
  return model::jcs({{"schema", kInventorySchema},
                     {"installation", map_of(installation_fields(), inventory)},
                     {"license", map_of(license_fields(), inventory)},
                     {"backup", map_of(backup_fields(), inventory)},
                     {"platform", map_of(inventory.platform)},
                     {"shards", list_of(inventory.shards)},
                     {"instances", list_of(inventory.instances)},
                     {"containers", list_of(inventory.containers)},
                     {"packages", map_of(package_fields(), inventory)},
                     {"launch", map_of(inventory.launch)},
                     {"access", map_of(inventory.access)}});
}

}  // namespace wme::scenarios
