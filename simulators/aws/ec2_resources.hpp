#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulators/core/world.hpp"

/// The tables of a small EC2. `entity` names what the model knows a resource as; its state is then
/// the world's and is never kept here. A resource without entity (a user's own) has a life of its
/// own, in `Passing` values.
namespace wme::simulators::aws {

using Tags = std::map<std::string, std::string>;
std::string tag_of(const Tags& tags, const std::string& key);  ///< empty when there is none

/// A state that turns into another one when its time has come.
struct Passing {
  std::string state;
  std::string next;
  TimePoint due{};
  const std::string& at(TimePoint now) const { return next.empty() || now < due ? state : next; }
};

struct Instance {
  std::string id;
  std::string entity;
  std::string reservation;
  std::string image;
  std::string type;
  std::string subnet;
  std::string zone;
  std::string key_name;
  std::string client_token;
  std::vector<std::string> groups;
  TimePoint launched{};
  std::optional<TimePoint> ran;  ///< since when it is seen to run
  Tags tags;
  Passing own;
  std::optional<TimePoint> ended;  ///< when it was first seen terminated
  bool was_told_to_end = false;    ///< by TerminateInstances
  bool failed_to_start = false;    ///< EC2 ended it by itself instead of starting it
};

struct Volume {
  std::string id;
  std::string entity;
  int size_gb = 0;
  std::string snapshot;
  std::string zone;
  std::string type = "gp3";
  std::string client_token;
  bool encrypted = false;
  TimePoint created{};
  Tags tags;
  Passing own;           ///< "creating", "available"; for volumes without entity
  std::string instance;  ///< attached to, or the last one it was attached to
  std::string device;
  TimePoint attached_at{};
  bool delete_on_termination = false;
  bool is_root = false;
  /// State of the attachment where the model does not keep it: volumes without entity, and those
  /// that somebody attached to a machine that is not theirs. Empty or "detached": none.
  Passing own_attachment;
};

struct Snapshot {
  std::string id;
  std::string entity;
  std::string volume;
  int size_gb = 0;
  std::string description;
  bool encrypted = false;
  TimePoint started{};
  Tags tags;
  Passing own;
};

struct Interface {
  std::string id;
  bool carries_platform_address = false;  ///< its attachment is the model's address()
  std::string subnet;
  std::string zone;
  std::string address;
  std::string description;
  std::string client_token;
  std::vector<std::string> groups;
  TimePoint made{};
  Tags tags;
  std::string attachment;  ///< "eni-attach-…", of the present or last attachment
  std::string instance;
  int device_index = 0;
  TimePoint attached_at{};
  bool delete_on_termination = false;
  Passing own_attachment;  ///< as in Volume
};

struct Image {
  std::string id;
  std::string name;
  TimePoint created{};
};

// What an answer shows: a row with its state of this instant.
struct InstanceView {
  Instance row;
  std::string state;  ///< "running"
};
struct VolumeView {
  Volume row;
  std::string status;      ///< "in-use"
  std::string attachment;  ///< "attached"; empty: attached to nothing
};
struct SnapshotView {
  Snapshot row;
  std::string status;
  int percent = 0;
};
struct InterfaceView {
  Interface row;
  std::string status;
  std::string attachment;
};
/// What is attached to instances, by their ids; as Ec2Backend::volumes_of and interfaces_of.
struct Holdings {
  std::map<std::string, std::vector<VolumeView>> volumes;
  std::map<std::string, std::vector<InterfaceView>> interfaces;
};
struct StateChange {
  std::string id;
  std::string before;
  std::string after;
};

/// "i-0" and 16 hexadecimal digits that follow from the words alone, so that no order of requests
/// can change an id.
std::string make_id(const std::string& prefix, const std::string& words);
std::string mac_address(const std::string& interface_id);
/// Does an unknown id at least look like one of this kind? ("i-" and 8 or 17 hexadecimal digits)
bool is_well_formed(const std::string& prefix, const std::string& id);
/// 0 pending … 80 stopped.
int state_code(const std::string& instance_state);

}  // namespace wme::simulators::aws
