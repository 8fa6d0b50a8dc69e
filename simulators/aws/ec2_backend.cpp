#include "simulators/aws/ec2_backend.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace wme::simulators::aws {

namespace {

constexpr std::chrono::hours kTerminatedStaysListed{1};
constexpr unsigned kFreeAddresses = 55 * 250;

/// A bad id is told apart from one that is not there.
Ec2Error unknown(const std::string& prefix, const std::string& family, const std::string& what,
                 const std::string& id) {
  if (is_well_formed(prefix, id))
    return {400, family + ".NotFound", "The " + what + " '" + id + "' does not exist"};
  return {400, family + ".Malformed", "Invalid id: \"" + id + "\""};
}

std::string power_state(const std::string& power) {
  if (power == "terminating") return "shutting-down";
  if (power == "absent") return "terminated";  // its launch failed
  return power;
}

template <class View, class Table, class ViewOf>
std::vector<View> views_of(const Table& table, ViewOf view_of) {
  std::vector<View> all;
  for (const auto& [id, row] : table) all.push_back(view_of(row));
  return all;
}

/// Views are made of the rows of this instance only.
template <class View, class Table, class ViewOf>
std::vector<View> attached_to(const Table& table, const std::string& instance, ViewOf view_of) {
  std::vector<View> found;
  for (const auto& [id, row] : table) {
    if (row.instance != instance) continue;
    View seen = view_of(row);
    if (!seen.attachment.empty()) found.push_back(std::move(seen));
  }
  return found;
}

void in_order(std::vector<VolumeView>& volumes) {
  std::ranges::sort(volumes, {}, [](const VolumeView& each) { return each.row.device; });
}
void in_order(std::vector<InterfaceView>& interfaces) {
  std::ranges::sort(interfaces, {},
                    [](const InterfaceView& each) { return each.row.device_index; });
}

template <class View, class Table, class ViewOf>
std::map<std::string, std::vector<View>> by_instance(const Table& table,
                                                     const std::set<std::string>* instances,
                                                     ViewOf view_of) {
  std::map<std::string, std::vector<View>> all;
  for (const auto& [id, row] : table) {
    if (row.instance.empty() || (instances != nullptr && !instances->contains(row.instance)))
      continue;
    View seen = view_of(row);
    if (!seen.attachment.empty()) all[row.instance].push_back(std::move(seen));
  }
  for (auto& [instance, views] : all) in_order(views);
  return all;
}

bool holds(const std::string& attachment) {
  return !attachment.empty() && attachment != "detached";
}

}  // namespace

std::string Ec2Backend::state_of(const Instance& row) const {
  if (row.entity.empty()) return row.own.at(now());
  return power_state(world_.value("power", {row.entity}));
}

InstanceView Ec2Backend::view(const Instance& row) const { return {row, state_of(row)}; }

VolumeView Ec2Backend::view(const Volume& row) const {
  VolumeView seen{row, "", ""};
  const std::string& own = row.own_attachment.at(now());
  const std::string modelled = row.entity.empty() ? "" : world_.value("volume", {row.entity});
  if (holds(own))
    seen.attachment = own;
  else if (modelled == "attaching" || modelled == "attached" || modelled == "detaching")
    seen.attachment = modelled;
  if (!seen.attachment.empty())
    seen.status = "in-use";
  else
    seen.status = row.entity.empty() ? row.own.at(now()) : modelled;
  return seen;
}

bool Ec2Backend::is_gone(const VolumeView& volume) {
  return volume.status == "deleted" || volume.status == "absent";
}

bool Ec2Backend::is_too_new(TimePoint made) const {
  return now() - made < world_.conditions().reads_lag;
}

SnapshotView Ec2Backend::view(const Snapshot& row) const {
  SnapshotView seen{row, row.own.at(now()), 0};
  TimePoint due = row.own.next.empty() ? row.started : row.own.due;
  if (!row.entity.empty()) {
    seen.status = world_.value("snapshot", {row.entity});
    due = world_.due("take-snapshot", {row.entity}).value_or(row.started);
  }
  if (seen.status == "completed") seen.percent = 100;
  if (seen.status == "pending" && due > row.started)
    seen.percent = static_cast<int>(99 * (now() - row.started) / (due - row.started));
  return seen;
}

/// The model has no word for an address that changes hands with an upgrade to another address.
bool Ec2Backend::models_address(const Interface& row) const {
  return row.carries_platform_address && world_.exists("detach-address", {});
}

InterfaceView Ec2Backend::view(const Interface& row) const {
  InterfaceView seen{row, "available", ""};
  const std::string& own = row.own_attachment.at(now());
  if (models_address(row) && !world_.is("address", {}, "free")) {
    const std::string& address = world_.value("address", {});
    seen.attachment = address == "attaching" || address == "detaching" ? address : "attached";
  } else if (holds(own)) {
    seen.attachment = own;
  }
  if (!seen.attachment.empty()) seen.status = "in-use";
  return seen;
}

std::vector<InstanceView> Ec2Backend::instances() const {
  auto all = views_of<InstanceView>(instances_, [this](const Instance& row) { return view(row); });
  std::erase_if(all, [this](const InstanceView& each) { return is_too_new(each.row.launched); });
  return all;
}

std::vector<VolumeView> Ec2Backend::volumes() const {
  auto all = views_of<VolumeView>(volumes_, [this](const Volume& row) { return view(row); });
  std::erase_if(all, [this](const VolumeView& each) {
    return is_gone(each) || is_too_new(each.row.created);
  });
  return all;
}

std::vector<SnapshotView> Ec2Backend::snapshots() const {
  auto all = views_of<SnapshotView>(snapshots_, [this](const Snapshot& row) { return view(row); });
  std::erase_if(all, [this](const SnapshotView& each) {
    return each.status == "absent" || is_too_new(each.row.started);
  });
  return all;
}

std::vector<InterfaceView> Ec2Backend::interfaces() const {
  auto all =
      views_of<InterfaceView>(interfaces_, [this](const Interface& row) { return view(row); });
  std::erase_if(all, [this](const InterfaceView& each) { return is_too_new(each.row.made); });
  return all;
}

std::vector<Image> Ec2Backend::images() const {
  return views_of<Image>(images_, [](const Image& row) { return row; });
}

std::vector<VolumeView> Ec2Backend::volumes_of(const std::string& instance) const {
  auto all =
      attached_to<VolumeView>(volumes_, instance, [this](const Volume& r) { return view(r); });
  in_order(all);
  return all;
}

std::vector<InterfaceView> Ec2Backend::interfaces_of(const std::string& instance) const {
  auto all = attached_to<InterfaceView>(interfaces_, instance,
                                        [this](const Interface& r) { return view(r); });
  in_order(all);
  return all;
}

Holdings Ec2Backend::holdings(const std::set<std::string>* instances) const {
  return {
      by_instance<VolumeView>(volumes_, instances, [this](const Volume& row) { return view(row); }),
      by_instance<InterfaceView>(interfaces_, instances,
                                 [this](const Interface& row) { return view(row); })};
}

const Instance* Ec2Backend::instance_of(const std::string& entity) const {
  for (const auto& [id, row] : instances_)
    if (row.entity == entity) return &row;
  return nullptr;
}

void Ec2Backend::unbind(Instance& row, const std::string& state) {
  row.own = {state, "", {}};
  row.entity.clear();
}

void Ec2Backend::release_holdings(Instance& instance) {
  for (auto place = interfaces_.begin(); place != interfaces_.end();) {
    Interface& row = place->second;
    const bool is_held = row.instance == instance.id && holds(row.own_attachment.at(now()));
    if (is_held) row.own_attachment = {};
    place = is_held && row.delete_on_termination ? erase(place) : std::next(place);
  }
  for (auto place = volumes_.begin(); place != volumes_.end();) {
    Volume& row = place->second;
    const bool was_last_here = row.instance == instance.id;
    const bool is_held = was_last_here && holds(row.own_attachment.at(now()));
    if (is_held) row.own_attachment = {};
    // What was detached in time has lost the flag with its attachment.
    const bool goes = was_last_here && row.delete_on_termination;
    if (goes && !row.entity.empty()) delete_with_machine(row);
    place = goes && is_held && row.entity.empty() ? volumes_.erase(place) : std::next(place);
  }
}

/// INV-15: by then nobody asks any more; whatever only this volume had is gone.
void Ec2Backend::delete_with_machine(const Volume& row) {
  if (world_.is("volume", {row.entity}, "available"))
    world_.perform("delete-volume", {row.entity}, "ec2 TerminateInstances");
}

void Ec2Backend::settle() {
  for (auto place = instances_.begin(); place != instances_.end();) {
    Instance& row = place->second;
    const std::string state = state_of(row);
    if (!row.ended && state == "terminated") {
      row.ended = now();
      release_holdings(row);
      // It failed to start, or a new one was terminated: the model may launch that machine anew.
      if (!row.entity.empty() && world_.is("power", {row.entity}, "absent")) {
        row.failed_to_start = !row.was_told_to_end;
        unbind(row, "terminated");
      }
    }
    if (state != "running") row.ran.reset();
    if (state == "running" && !row.ran) row.ran = now();
    const bool is_forgotten = row.ended && now() - *row.ended >= kTerminatedStaysListed;
    place = is_forgotten ? instances_.erase(place) : std::next(place);
  }
}

Ec2Result<Instance*> Ec2Backend::find_instance(const std::string& id) {
  const auto place = instances_.find(id);
  if (place == instances_.end() || is_too_new(place->second.launched))
    return unknown("i-", "InvalidInstanceID", "instance ID", id);
  return &place->second;
}

Ec2Result<Volume*> Ec2Backend::find_volume(const std::string& id) {
  const auto place = volumes_.find(id);
  if (place == volumes_.end() || is_gone(view(place->second)) || is_too_new(place->second.created))
    return unknown("vol-", "InvalidVolume", "volume", id);
  return &place->second;
}

Ec2Result<Snapshot*> Ec2Backend::find_snapshot(const std::string& id) {
  const auto place = snapshots_.find(id);
  if (place == snapshots_.end() || view(place->second).status == "absent" ||
      is_too_new(place->second.started))
    return unknown("snap-", "InvalidSnapshot", "snapshot", id);
  return &place->second;
}

Ec2Result<Interface*> Ec2Backend::find_interface(const std::string& id) {
  const auto place = interfaces_.find(id);
  if (place == interfaces_.end() || is_too_new(place->second.made))
    return unknown("eni-", "InvalidNetworkInterfaceID", "networkInterface ID", id);
  return &place->second;
}

Tags* Ec2Backend::tags_of(const std::string& id) {
  if (const auto row = find_instance(id)) return &row.value()->tags;
  if (const auto row = find_volume(id)) return &row.value()->tags;
  if (const auto row = find_snapshot(id)) return &row.value()->tags;
  if (const auto row = find_interface(id)) return &row.value()->tags;
  return nullptr;
}

Interface& Ec2Backend::keep(Interface row) {
  addresses_.insert(row.address);
  return interfaces_[row.id] = std::move(row);
}

Ec2Backend::Table<Interface>::iterator Ec2Backend::erase(Table<Interface>::iterator place) {
  addresses_.erase(addresses_.find(place->second.address));
  return interfaces_.erase(place);
}

bool Ec2Backend::is_address_taken(const std::string& address) const {
  return addresses_.contains(address);
}

bool Ec2Backend::has_free_addresses(int wanted) const {
  return addresses_.size() + static_cast<std::size_t>(wanted) <= kFreeAddresses;
}

/// An address of the machines' network that follows from the words, far from those that people
/// choose; the next free one where two agree.
std::string Ec2Backend::free_address(const std::string& words) const {
  const std::string& lan = world_.installation().inventory.lan;
  const auto second_dot = lan.find('.', lan.find('.') + 1);
  const std::string network = second_dot == std::string::npos ? "10.0" : lan.substr(0, second_dot);
  const auto start =
      static_cast<unsigned>(std::strtoul(make_id("", words).substr(11).c_str(), nullptr, 16));
  for (unsigned i = 0;; ++i) {
    const unsigned host = (start + i) % kFreeAddresses;
    const std::string address =
        network + "." + std::to_string(200 + host / 250) + "." + std::to_string(4 + host % 250);
    if (!is_address_taken(address)) return address;
  }
}

std::string Ec2Backend::next_words(const std::string& what) {
  return world_.installation().inventory.name + "/" + what + "/" + std::to_string(made_[what]++);
}

Ec2Status Ec2Backend::create_tags(const std::vector<std::string>& resources, const Tags& tags,
                                  bool dry_run) {
  for (const std::string& id : resources)
    if (tags_of(id) == nullptr)
      return Ec2Error{400, "InvalidID", "The ID '" + id + "' is not valid"};
  if (dry_run) return dry_run_operation();
  for (const std::string& id : resources)
    for (const auto& [key, value] : tags) (*tags_of(id))[key] = value;
  return Nothing{};
}

Ec2Status Ec2Backend::delete_tags(const std::vector<std::string>& resources, const Tags& tags,
                                  bool dry_run) {
  for (const std::string& id : resources)
    if (tags_of(id) == nullptr)
      return Ec2Error{400, "InvalidID", "The ID '" + id + "' is not valid"};
  if (dry_run) return dry_run_operation();
  for (const std::string& id : resources)
    std::erase_if(*tags_of(id), [&](const auto& tag) {
      const auto asked = tags.find(tag.first);
      return tags.empty() ||
             (asked != tags.end() && (asked->second.empty() || asked->second == tag.second));
    });
  return Nothing{};
}

}  // namespace wme::simulators::aws
