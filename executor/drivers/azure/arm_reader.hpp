#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "executor/drivers/azure/arm_client.hpp"
#include "model/inventory.hpp"

namespace wme::executor::azure {

/// What Resource Manager says about one entity. `state` is the model's word, none for a state that
/// we do not know (then it is "not there yet", never success). `id` empty: it is not there.
struct CloudRecord {
  std::string id;
  std::optional<std::string> state;
  std::string detail;   ///< what was read, for the journal
  std::string created;  ///< to tell the newest of several
  nlohmann::json resource;
};

/// Finds the entities of an installation in Azure: today's by the inventory's names, new ones by
/// the tags that creating them left.
class ArmReader {
 public:
  ArmReader(const model::Inventory& inventory, ArmClient& client);

  using Records = std::map<std::string, CloudRecord>;
  Result<Records> machines(const std::vector<std::string>& entities);
  Result<Records> volumes(const std::vector<std::string>& entities);
  /// Those of this backup set (inventory's backup_id) only.
  Result<Records> snapshots(const std::vector<std::string>& entities);

  /// A resource by its id; none when it is not there.
  Result<std::optional<nlohmann::json>> resource(const ResourceType& type, const std::string& id,
                                                 const std::string& query = "");
  /// The interface with the Platform's address. Errors: kNotFound when it is not there.
  Result<nlohmann::json> address_interface();
  /// The value of address(), and what was read.
  Result<CloudRecord> address();

 private:
  Result<CloudRecord> machine_of_today(const std::string& entity);
  Result<Records> new_ones(const ResourceType& type);
  Result<std::optional<nlohmann::json>> home_of(const std::string& volume);
  Result<CloudRecord> volume(const std::string& entity, const nlohmann::json& disk);
  bool belongs_to_today(const std::string& id) const;
  bool is_ours(const nlohmann::json& resource, const std::string& entity) const;

  const model::Inventory& inventory_;
  ArmClient& client_;
};

/// Whether the machine's own description lists that interface, or that data disk.
bool lists_interface(const nlohmann::json& machine, const std::string& id);
bool lists_disk(const nlohmann::json& machine, const std::string& id);

}  // namespace wme::executor::azure
