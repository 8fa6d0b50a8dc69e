#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulators/core/world.hpp"

/// The rows behind the answers. `entity` names what the model calls it; empty: the model has no
/// word for it, and the row keeps its states itself.
namespace wme::simulators::gcp {

using Labels = std::map<std::string, std::string>;

/// A state that turns into another one when its time has come.
struct Passing {
  std::string state;
  std::string next;
  TimePoint due{};
  const std::string& at(TimePoint now) const { return next.empty() || now < due ? state : next; }
};

struct Instance {
  std::string name;
  std::string entity;
  std::string machine_type;
  std::string subnet;
  std::string description;
  std::string address;               ///< of nic0
  std::vector<std::string> aliases;  ///< ranges of nic0 beside the Platform's address
  std::vector<std::string> network_tags;
  std::map<std::string, std::string> metadata;
  Labels labels;
  TimePoint created{};
  TimePoint changed{};  ///< when its power was last asked to change
  Passing own;
};

struct Disk {
  std::string name;
  std::string entity;
  int size_gb = 0;
  std::string type = "pd-balanced";
  std::string snapshot;  ///< made from; a name
  std::string image;
  std::string description;
  Labels labels;
  TimePoint created{};
  Passing own;           ///< "creating", "available"; for disks without entity
  std::string instance;  ///< attached to, or the last one it was attached to; a name
  std::string device;
  bool goes_with_machine = false;
  bool is_boot = false;
  /// State of the attachment where the model does not keep it: disks without entity, and those that
  /// somebody attached to a machine that is not theirs. Empty or "detached": none.
  Passing own_attachment;
};

struct Snapshot {
  std::string name;
  std::string entity;
  std::string disk;  ///< a name
  int size_gb = 0;
  std::string description;
  std::vector<std::string> locations;
  Labels labels;
  TimePoint created{};
  Passing own;
};

struct Address {
  std::string name;
  std::string address;
  std::string description;
  std::string purpose;
  std::string subnet;
  bool is_internal = true;
  Labels labels;
  TimePoint created{};
};

/// What a change was accepted as.
struct Operation {
  std::string name;
  std::string type;                     ///< "stop"
  std::string target;                   ///< path below the project: "zones/z/instances/i"
  std::string scope;                    ///< "zones/z", "regions/r", "global"
  std::string client_id;                ///< requestId
  std::string request;                  ///< method and path that the requestId was used for
  std::chrono::sys_seconds inserted{};  ///< by the service's clock
  TimePoint began{};                    ///< by the world's
  TimePoint due{};                      ///< for what the model does not know
  std::string action;                   ///< of the model: "stop-machine platform"; it tells the end
  std::size_t events_read = 0;
  std::optional<TimePoint> ended;
  std::string error_code;  ///< how it will end; empty: well
  std::string error_message;
};

/// 64 bits that follow from the words alone, so that no order of requests can change an id.
std::string make_id(const std::string& words);
/// Valid base64, another one for other words: what a client sends back to say what it has seen.
std::string fingerprint_of(const std::string& words);
/// The last segment of a name, path or URL of a resource.
std::string last_segment(const std::string& path);
/// A name that Compute Engine would take: RFC 1035, 63 characters.
bool is_name(const std::string& text);
/// Lower case, digits, '-' and '_', 63 characters at most. `is_key`: it begins with a letter.
bool is_label(const std::string& text, bool is_key);
/// docs/gcp.md, "Names and labels": how a text that no label can have is written into one.
std::string label_value(const std::string& text);

}  // namespace wme::simulators::gcp
