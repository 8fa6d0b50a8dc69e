#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace wme::executor::gcp {

struct SeenInterface {
  std::string name;                  ///< "nic0"
  std::string fingerprint;           ///< of what a change must be based on
  std::string address;               ///< the machine's own
  std::vector<std::string> aliases;  ///< "10.0.1.10": whole ranges without "/32"
};

struct AttachedDisk {
  std::string disk;    ///< name
  std::string device;  ///< "wm-data"
  bool is_boot = false;
  bool goes_with_machine = false;  ///< autoDelete
};

/// What Compute Engine says about one entity. `state` is the model's word, none for a state that we
/// do not know (then it is "not there yet", never success). `name` empty: it is not listed.
struct CloudRecord {
  std::string name;
  std::optional<std::string> state;
  std::string detail;   ///< what was read, for the journal
  std::string created;  ///< to tell the newest of several
  std::map<std::string, std::string> labels;
  int size_gb = 0;                        ///< disks and snapshots
  std::vector<std::string> used_by;       ///< disks: names of instances
  std::vector<SeenInterface> interfaces;  ///< instances
  std::vector<AttachedDisk> disks;        ///< instances

  std::string label(std::string_view key) const;
  const SeenInterface* interface(std::string_view name) const;
};

CloudRecord machine_record(const nlohmann::json& instance);
CloudRecord disk_record(const nlohmann::json& disk);
CloudRecord snapshot_record(const nlohmann::json& snapshot);

}  // namespace wme::executor::gcp
