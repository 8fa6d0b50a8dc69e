#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/drivers/gcp/compute_record.hpp"
#include "executor/ports/surveys.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// The reservation of the Platform's address.
struct ReservedAddress {
  std::string name;
  std::string status;                ///< "RESERVED", "IN_USE"
  std::vector<std::string> used_by;  ///< names of resources
};

/// Finds the entities of an installation in Compute Engine: today's by the inventory's names, new
/// ones by the labels that creating them left, all of a kind with one or two requests however many
/// there are.
class ComputeReader {
 public:
  ComputeReader(const model::Inventory& inventory, ComputeClient& client);

  using Records = std::map<std::string, CloudRecord>;
  Result<Records> machines(const std::vector<std::string>& entities);
  Result<Records> volumes(const std::vector<std::string>& entities);
  /// Those of this backup set (inventory's backup_id) only.
  Result<Records> snapshots(const std::vector<std::string>& entities);
  /// Of the Platform's address, in the region; none when it is not reserved.
  Result<std::optional<ReservedAddress>> reservation();
  /// Why the operation of this request has failed; none: it has not, it is not known, or it runs.
  Result<std::optional<std::string>> failure_of(const std::string& request_id);

 private:
  using Entities = std::vector<std::string>;
  using NameOf = std::string (*)(const model::Inventory&, std::string_view);
  using RecordOf = CloudRecord (*)(const nlohmann::json&);
  Result<Records> found(const std::string& path, const Entities& entities, NameOf name_of,
                        RecordOf record_of);
  Result<std::vector<nlohmann::json>> labelled(const std::string& path);
  bool belongs_to_today(const std::string& name) const;
  Status tell_terminating(Records& records);

  const model::Inventory& inventory_;
  ComputeClient& client_;
};

}  // namespace wme::executor::gcp
