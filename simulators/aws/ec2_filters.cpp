#include "simulators/aws/ec2_filters.hpp"

#include <algorithm>

#include "simulators/aws/ec2_xml.hpp"

namespace wme::simulators::aws {

namespace {

/// tag:KEY, tag-key.
Values tag_values(const Tags& tags, const std::string& filter) {
  std::vector<std::string> found;
  if (filter == "tag-key") {
    for (const auto& [key, value] : tags) found.push_back(key);
    return found;
  }
  if (!filter.starts_with("tag:")) return std::nullopt;
  const auto place = tags.find(filter.substr(4));
  if (place != tags.end()) found.push_back(place->second);
  return found;
}

Values one(std::string value) { return std::vector{std::move(value)}; }

/// A value that an unattached thing does not have.
Values attached_only(bool is_attached, std::string value) {
  return is_attached ? one(std::move(value)) : Values(std::vector<std::string>());
}

}  // namespace

bool is_of_interfaces(std::string_view filter) {
  return filter == "private-ip-address" ||
         filter == "network-interface.addresses.private-ip-address" ||
         filter == "network-interface.network-interface-id";
}

Values values_of(const InstanceView& instance, const std::vector<InterfaceView>& interfaces,
                 const std::string& filter) {
  const Instance& row = instance.row;
  if (filter == "instance-id") return one(row.id);
  if (filter == "instance-state-name") return one(instance.state);
  if (filter == "instance-state-code") return one(std::to_string(state_code(instance.state)));
  if (filter == "instance-type") return one(row.type);
  if (filter == "image-id") return one(row.image);
  if (filter == "client-token") return one(row.client_token);
  if (filter == "subnet-id") return one(row.subnet);
  if (filter == "availability-zone") return one(row.zone);
  if (filter == "key-name") return one(row.key_name);
  if (filter == "reservation-id") return one(row.reservation);
  if (filter == "architecture") return one("x86_64");
  if (filter == "root-device-name") return one("/dev/sda1");
  if (filter == "instance.group-id" || filter == "group-id") return row.groups;
  if (filter == "owner-id") return one(kOwner);
  if (filter == "launch-time") return one(iso_time(row.launched));
  if (!is_of_interfaces(filter)) return tag_values(row.tags, filter);
  std::vector<std::string> found;
  for (const InterfaceView& each : interfaces) {
    if (filter == "network-interface.network-interface-id")
      found.push_back(each.row.id);
    else if (filter != "private-ip-address" || each.row.device_index == 0)
      found.push_back(each.row.address);
  }
  return found;
}

Values values_of(const VolumeView& volume, const std::string& filter) {
  const Volume& row = volume.row;
  const bool is_attached = !volume.attachment.empty();
  if (filter == "volume-id") return one(row.id);
  if (filter == "status") return one(volume.status);
  if (filter == "snapshot-id") return one(row.snapshot);
  if (filter == "availability-zone") return one(row.zone);
  if (filter == "size") return one(std::to_string(row.size_gb));
  if (filter == "volume-type") return one(row.type);
  if (filter == "attachment.instance-id") return attached_only(is_attached, row.instance);
  if (filter == "attachment.device") return attached_only(is_attached, row.device);
  if (filter == "attachment.status") return attached_only(is_attached, volume.attachment);
  if (filter == "attachment.delete-on-termination")
    return attached_only(is_attached, row.delete_on_termination ? "true" : "false");
  if (filter == "create-time") return one(iso_time(row.created));
  if (filter == "encrypted") return one(row.encrypted ? "true" : "false");
  return tag_values(row.tags, filter);
}

Values values_of(const SnapshotView& snapshot, const std::string& filter) {
  const Snapshot& row = snapshot.row;
  if (filter == "snapshot-id") return one(row.id);
  if (filter == "status") return one(snapshot.status);
  if (filter == "volume-id") return one(row.volume);
  if (filter == "volume-size") return one(std::to_string(row.size_gb));
  if (filter == "description") return one(row.description);
  if (filter == "owner-id") return one(kOwner);
  if (filter == "progress") return one(std::to_string(snapshot.percent) + "%");
  if (filter == "start-time") return one(iso_time(row.started));
  if (filter == "encrypted") return one(row.encrypted ? "true" : "false");
  if (filter == "storage-tier") return one("standard");
  return tag_values(row.tags, filter);
}

Values values_of(const InterfaceView& interface, const std::string& filter) {
  const Interface& row = interface.row;
  const bool is_attached = !interface.attachment.empty();
  if (filter == "network-interface-id") return one(row.id);
  if (filter == "status") return one(interface.status);
  if (filter == "private-ip-address") return one(row.address);
  if (filter == "addresses.private-ip-address") return one(row.address);
  if (filter == "subnet-id") return one(row.subnet);
  if (filter == "availability-zone") return one(row.zone);
  if (filter == "attachment.instance-id") return attached_only(is_attached, row.instance);
  if (filter == "attachment.attachment-id") return attached_only(is_attached, row.attachment);
  if (filter == "attachment.status") return attached_only(is_attached, interface.attachment);
  if (filter == "attachment.device-index")
    return attached_only(is_attached, std::to_string(row.device_index));
  if (filter == "attachment.delete-on-termination")
    return attached_only(is_attached, row.delete_on_termination ? "true" : "false");
  if (filter == "addresses.primary") return one("true");
  if (filter == "description") return one(row.description);
  if (filter == "group-id") return row.groups;
  if (filter == "mac-address") return one(mac_address(row.id));
  if (filter == "owner-id") return one(kOwner);
  return tag_values(row.tags, filter);
}

Values values_of(const Image& image, const std::string& filter) {
  if (filter == "image-id") return one(image.id);
  if (filter == "name") return one(image.name);
  if (filter == "state") return one("available");
  if (filter == "architecture") return one("x86_64");
  if (filter == "owner-id") return one(kOwner);
  if (filter == "image-type") return one("machine");
  if (filter == "root-device-type") return one("ebs");
  if (filter == "virtualization-type") return one("hvm");
  return tag_values({}, filter);
}

bool matches(std::string_view pattern, std::string_view text) {
  // Of several stars only the last one has to be tried again: a hostile pattern costs n·m, not 2^n.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Ec2Result<bool> passes(const std::vector<Filter>& filters,
                       const std::function<Values(const std::string&)>& values) {
  bool all = true;
  for (const Filter& filter : filters) {
    const Values has = values(filter.name);
    if (!has)
      return Ec2Error{400, "InvalidParameterValue", "The filter '" + filter.name + "' is invalid"};
    const bool any = std::ranges::any_of(*has, [&](const std::string& value) {
      return std::ranges::any_of(
          filter.values, [&](const std::string& pattern) { return matches(pattern, value); });
    });
    all = all && any;
  }
  return all;
}

}  // namespace wme::simulators::aws
