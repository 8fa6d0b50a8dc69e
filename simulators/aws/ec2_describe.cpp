#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "simulators/aws/ec2_filters.hpp"
#include "simulators/aws/ec2_operations.hpp"
#include "simulators/aws/ec2_xml.hpp"

namespace wme::simulators::aws {

namespace {

constexpr const char* kModel = "service model: ec2, 2016-11-15";
constexpr const char* kFiltersDiffer =
    "Filters: those that the procedures and their clients use; another one is refused.";
constexpr int kPageMin = 5;
constexpr int kPageMax = 1000;

const std::string& id_of(const Image& row) { return row.id; }
template <class View>
const std::string& id_of(const View& view) {
  return view.row.id;
}

template <class View>
std::function<Values(const std::string&)> values_in(const View& view) {
  return [&view](const std::string& name) { return values_of(view, name); };
}

/// What is asked for by id must be there; anything else is left out.
template <class View>
Ec2Status keep_asked(std::vector<View>& rows, const std::vector<std::string>& ids,
                     const std::string& family, const std::string& prefix,
                     const std::string& what) {
  for (const std::string& id : ids) {
    const auto has_it = [&](const View& each) { return id_of(each) == id; };
    if (std::ranges::any_of(rows, has_it)) continue;
    if (!is_well_formed(prefix, id))
      return Ec2Error{400, family + ".Malformed", "Invalid id: \"" + id + "\""};
    return Ec2Error{400, family + ".NotFound", "The " + what + " '" + id + "' does not exist"};
  }
  if (!ids.empty())
    std::erase_if(
        rows, [&](const View& each) { return std::ranges::find(ids, id_of(each)) == ids.end(); });
  return Nothing{};
}

template <class View, class ValuesIn>
Ec2Status keep_filtered(std::vector<View>& rows, const std::vector<Filter>& filters,
                        ValuesIn values_of_view) {
  std::vector<View> kept;
  for (View& each : rows) {
    const auto answer = passes(filters, values_of_view(each));
    if (!answer) return answer.error();
    if (answer.value()) kept.push_back(std::move(each));
  }
  rows = std::move(kept);
  return Nothing{};
}

/// Cuts one page out of the rows and says where the next one begins. The token names the last row
/// of the page, so that a row that comes or goes meanwhile moves nothing.
template <class View>
Ec2Status keep_page(std::vector<View>& rows, const Ec2Request& request, pugi::xml_node root) {
  std::ranges::sort(rows, {}, [](const View& each) { return id_of(each); });
  if (const std::string after = request.text("NextToken"); !after.empty())
    std::erase_if(rows, [&](const View& each) { return id_of(each) <= after; });
  if (!request.has("MaxResults")) return Nothing{};
  const int size = request.number("MaxResults", 0);
  if (size < kPageMin)
    return Ec2Error{400, "InvalidParameterValue",
                    "Value ( " + request.text("MaxResults") +
                        " ) for parameter maxResults is invalid. Expecting a value of at least " +
                        std::to_string(kPageMin) + "."};
  const auto kept = static_cast<std::size_t>(std::min(size, kPageMax));
  if (rows.size() <= kept) return Nothing{};
  rows.resize(kept);
  put(root, "nextToken", id_of(rows.back()));
  return Nothing{};
}

Ec2Status ids_or_pages(const Ec2Request& request, const std::string& ids) {
  if (request.has("MaxResults") && !request.list(ids).empty())
    return Ec2Error{400, "InvalidParameterCombination",
                    "The parameter " + ids + " cannot be used with the parameter MaxResults"};
  return Nothing{};
}

Ec2Result<std::vector<InstanceView>> chosen_instances(Ec2Backend& backend,
                                                      const Ec2Request& request,
                                                      pugi::xml_node root) {
  auto rows = backend.instances();
  if (const auto kept = ids_or_pages(request, "InstanceId"); !kept) return kept.error();
  if (const auto kept =
          keep_asked(rows, request.list("InstanceId"), "InvalidInstanceID", "i-", "instance ID");
      !kept)
    return kept.error();
  const auto values_in_instance = [&](const InstanceView& each) {
    return [&](const std::string& name) {
      return values_of(each, backend.interfaces_of(each.row.id), name);
    };
  };
  if (const auto kept = keep_filtered(rows, request.filters(), values_in_instance); !kept)
    return kept.error();
  if (const auto kept = keep_page(rows, request, root); !kept) return kept.error();
  return rows;
}

Ec2Status describe_instances(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  const auto rows = chosen_instances(backend, request, root);
  if (!rows) return rows.error();
  pugi::xml_node set = root.append_child("reservationSet");
  std::map<std::string, pugi::xml_node> reservations;
  for (const InstanceView& each : rows.value()) {
    pugi::xml_node& reservation = reservations[each.row.reservation];
    if (!reservation) {
      reservation = set.append_child("item");
      put(reservation, "reservationId", each.row.reservation);
      put(reservation, "ownerId", kOwner);
      write_groups(reservation, each.row.groups);
      reservation.append_child("instancesSet");
    }
    write_instance(reservation.child("instancesSet").append_child("item"), each, backend.vpc(),
                   backend.volumes_of(each.row.id), backend.interfaces_of(each.row.id));
  }
  return Nothing{};
}

Ec2Status describe_instance_status(Ec2Backend& backend, const Ec2Request& request,
                                   pugi::xml_node root) {
  const auto rows = chosen_instances(backend, request, root);
  if (!rows) return rows.error();
  pugi::xml_node set = root.append_child("instanceStatusSet");
  for (const InstanceView& each : rows.value()) {
    const bool runs = each.state == "running";
    if (!runs && !request.flag("IncludeAllInstances")) continue;
    pugi::xml_node item = set.append_child("item");
    put(item, "instanceId", each.row.id);
    put(item, "availabilityZone", each.row.zone);
    write_state(item, "instanceState", each.state);
    put(item.append_child("instanceStatus"), "status", runs ? "ok" : "not-applicable");
    put(item.append_child("systemStatus"), "status", runs ? "ok" : "not-applicable");
  }
  return Nothing{};
}

Ec2Status describe_volumes(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  auto rows = backend.volumes();
  if (const auto kept =
          keep_asked(rows, request.list("VolumeId"), "InvalidVolume", "vol-", "volume");
      !kept)
    return kept;
  if (const auto kept = keep_filtered(rows, request.filters(), values_in<VolumeView>); !kept)
    return kept;
  if (const auto kept = keep_page(rows, request, root); !kept) return kept;
  pugi::xml_node set = root.append_child("volumeSet");
  for (const VolumeView& each : rows) write_volume(set.append_child("item"), each);
  return Nothing{};
}

bool is_own(const std::vector<std::string>& owners) {
  return owners.empty() || std::ranges::any_of(owners, [](const std::string& owner) {
           return owner == "self" || owner == kOwner;
         });
}

Ec2Status describe_snapshots(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  auto rows = backend.snapshots();
  if (!is_own(request.list("Owner"))) rows.clear();
  if (const auto kept =
          keep_asked(rows, request.list("SnapshotId"), "InvalidSnapshot", "snap-", "snapshot");
      !kept)
    return kept;
  if (const auto kept = keep_filtered(rows, request.filters(), values_in<SnapshotView>); !kept)
    return kept;
  if (const auto kept = keep_page(rows, request, root); !kept) return kept;
  pugi::xml_node set = root.append_child("snapshotSet");
  for (const SnapshotView& each : rows) write_snapshot(set.append_child("item"), each, "status");
  return Nothing{};
}

Ec2Status describe_interfaces(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  auto rows = backend.interfaces();
  if (const auto kept = keep_asked(rows, request.list("NetworkInterfaceId"),
                                   "InvalidNetworkInterfaceID", "eni-", "networkInterface ID");
      !kept)
    return kept;
  if (const auto kept = keep_filtered(rows, request.filters(), values_in<InterfaceView>); !kept)
    return kept;
  if (const auto kept = keep_page(rows, request, root); !kept) return kept;
  pugi::xml_node set = root.append_child("networkInterfaceSet");
  for (const InterfaceView& each : rows)
    write_interface(set.append_child("item"), each, backend.vpc());
  return Nothing{};
}

Ec2Status describe_images(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  auto rows = backend.images();
  if (!is_own(request.list("Owner"))) rows.clear();
  if (const auto kept =
          keep_asked(rows, request.list("ImageId"), "InvalidAMIID", "ami-", "image id");
      !kept)
    return kept;
  if (const auto kept = keep_filtered(rows, request.filters(), values_in<Image>); !kept)
    return kept;
  if (const auto kept = keep_page(rows, request, root); !kept) return kept;
  pugi::xml_node set = root.append_child("imagesSet");
  for (const Image& each : rows) write_image(set.append_child("item"), each);
  return Nothing{};
}

/// An account as AWS gives it. Source: DescribeAccountAttributes, example; max-instances "does not
/// reflect your actual vCPU limit".
Ec2Status describe_account(Ec2Backend&, const Ec2Request& request, pugi::xml_node root) {
  const std::vector<std::string> wanted = request.list("AttributeName");
  pugi::xml_node set = root.append_child("accountAttributeSet");
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"default-vpc", "none"},
           {"max-elastic-ips", "5"},
           {"max-instances", "20"},
           {"vpc-max-elastic-ips", "5"},
           {"vpc-max-security-groups-per-interface", "5"}}) {
    if (!wanted.empty() && std::ranges::find(wanted, name) == wanted.end()) continue;
    pugi::xml_node item = set.append_child("item");
    put(item, "attributeName", name);
    put(item.append_child("attributeValueSet").append_child("item"), "attributeValue", value);
  }
  return Nothing{};
}

/// The one network, with the range of addresses that the inventory says.
Ec2Status describe_vpcs(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root) {
  const std::vector<std::string> ids = request.list("VpcId");
  pugi::xml_node set = root.append_child("vpcSet");
  for (const std::string& id : ids)
    if (id != backend.vpc())
      return Ec2Error{400, "InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist"};
  for (const Filter& filter : request.filters()) {
    if (filter.name != "vpc-id")
      return Ec2Error{400, "InvalidParameterValue", "The filter '" + filter.name + "' is invalid"};
    if (std::ranges::find(filter.values, backend.vpc()) == filter.values.end()) return Nothing{};
  }
  pugi::xml_node item = set.append_child("item");
  put(item, "vpcId", backend.vpc());
  put(item, "ownerId", kOwner);
  put(item, "state", "available");
  put(item, "cidrBlock", backend.network());
  put(item, "isDefault", "false");
  return Nothing{};
}

}  // namespace

const Ec2Operations& describe_operations() {
  static const Ec2Operations all = {
      {"DescribeInstances", {describe_instances, {kModel, kFiltersDiffer}}},
      {"DescribeInstanceStatus",
       {describe_instance_status,
        {kModel, "A running instance is ok at once, never initializing or impaired."}}},
      {"DescribeVolumes", {describe_volumes, {kModel, kFiltersDiffer}}},
      {"DescribeSnapshots", {describe_snapshots, {kModel, kFiltersDiffer}}},
      {"DescribeNetworkInterfaces", {describe_interfaces, {kModel, kFiltersDiffer}}},
      {"DescribeImages",
       {describe_images, {kModel, "One image, of one account; public ones are not listed."}}},
      {"DescribeAccountAttributes",
       {describe_account,
        {"vendor page: DescribeAccountAttributes, example",
         "The numbers are those of a new account and never change."}}},
      {"DescribeVpcs",
       {describe_vpcs, {kModel, "One VPC, with the addresses of the inventory's network."}}}};
  return all;
}

}  // namespace wme::simulators::aws
