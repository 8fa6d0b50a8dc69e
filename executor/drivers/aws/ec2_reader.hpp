#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor/drivers/aws/ec2_client.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// What EC2 says about one entity. `state` is the model's word, none for a state that we do not
/// know (then it is "not there yet", never success). `id` empty: EC2 does not list it.
struct CloudRecord {
  std::string id;
  std::optional<std::string> state;
  std::string detail;   ///< what was read, for the journal
  std::string created;  ///< to tell the newest of several
  std::string zone;
  std::string attached_to;  ///< volumes: instance id
  std::string device;       ///< volumes: "/dev/sdf"
  int size_gb = 0;          ///< volumes and snapshots
};

struct InterfaceRecord {
  std::string id;
  std::string status;             ///< "available", "in-use"
  std::string attachment_id;      ///< empty: attached to nothing
  std::string attachment_status;  ///< "attaching", "attached", "detaching", "detached"
  std::string attached_to;
  std::string device_index;
};

/// Finds the entities of an installation in EC2: today's by the inventory's ids, new ones by the
/// tags that creating them left, all of a kind with one or two requests however many there are.
/// Works with filters only, which answer with less instead of failing for an id that is gone.
class Ec2Reader {
 public:
  Ec2Reader(const model::Inventory& inventory, Ec2Client& client);

  using Records = std::map<std::string, CloudRecord>;
  /// A new machine that EC2 lists as terminated is "absent", without an id.
  Result<Records> machines(const std::vector<std::string>& entities);
  Result<Records> volumes(const std::vector<std::string>& entities);
  /// Those of this backup set (inventory's backup_id) only.
  Result<Records> snapshots(const std::vector<std::string>& entities);
  /// The interface with the Platform's address. Errors: kNotFound when EC2 does not list it.
  Result<InterfaceRecord> address_interface();
  /// Why the machine that was launched with this token has ended; none while it has not.
  Result<std::optional<std::string>> end_of_launch(const std::string& client_token);
  /// The snapshot that this very step made before, by its token; none if it made none.
  Result<std::optional<std::string>> snapshot_with_token(const std::string& token);

 private:
  Result<std::vector<Element>> described(const std::string& operation, const std::string& set,
                                         const std::string& filter,
                                         const std::vector<std::string>& values);
  bool belongs_to_today(const std::string& id) const;

  const model::Inventory& inventory_;
  Ec2Client& client_;
};

}  // namespace wme::executor::aws
