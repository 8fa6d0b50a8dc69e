#include "executor/drivers/aws/ec2_survey.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "executor/drivers/aws/ec2_names.hpp"
#include "executor/drivers/aws/ec2_policy.hpp"
#include "executor/ports/clock_reading.hpp"

namespace wme::executor::aws {

namespace {

constexpr std::size_t kValuesMax = 200;  // Source: EC2 "Filtering", values for each filter

int number_in(const std::string& text) { return std::atoi(text.c_str()); }

/// Not the whole key id: enough to tell it from the others.
std::string shortened(const std::string& key_id) {
  constexpr std::size_t kShown = 4;
  if (key_id.size() <= 2 * kShown) return key_id;
  return key_id.substr(0, kShown) + "…" + key_id.substr(key_id.size() - kShown);
}

std::string power_of(const std::string& state) {
  return state == "shutting-down" ? "terminating" : state;
}

SeenMachine machine_in(const Element& row) {
  SeenMachine machine;
  machine.cloud_id = row.value("instanceId");
  machine.state = power_of(row.value("instanceState/name"));
  machine.size = row.value("instanceType");
  machine.vcpus = number_in(row.value("cpuOptions/coreCount")) *
                  number_in(row.value("cpuOptions/threadsPerCore"));
  machine.image = row.value("imageId");
  machine.subnet = row.value("subnetId");
  machine.zone = row.value("placement/availabilityZone");
  machine.key_name = row.value("keyName");
  machine.network = row.value("vpcId");
  for (const Element* group : row.items("groupSet"))
    machine.security_groups.push_back(group->value("groupId"));
  for (const Element* tag : row.items("tagSet"))
    machine.tags[tag->value("key")] = tag->value("value");
  for (const Element* interface : row.items("networkInterfaceSet")) {
    const std::string address = interface->value("privateIpAddress");
    machine.addresses.push_back(address);
    // The first interface is the machine's own: EC2 does not detach it.
    if (interface->value("attachment/deviceIndex") != "0")
      machine.movable_interfaces[address] = interface->value("networkInterfaceId");
  }
  if (machine.addresses.empty() && !row.value("privateIpAddress").empty())
    machine.addresses.push_back(row.value("privateIpAddress"));
  return machine;
}

std::string title_of(const Call& call) {
  std::string title = call.action;
  for (const std::string& argument : call.arguments) title += " " + argument;
  return title;
}

/// Without the blob that only STS can read.
std::string readable(const std::string& message) {
  std::string text = message.substr(0, message.find(" Encoded authorization failure message"));
  while (text.ends_with('.') || text.ends_with(' ')) text.pop_back();
  return text;
}

Permission::Answer answer_of(const std::string& code, bool is_stand_in) {
  if (code == "DryRunOperation") return Permission::Answer::kAllowed;
  if (code == "UnauthorizedOperation") return Permission::Answer::kDenied;
  const bool is_about_input = code.find(".NotFound") != std::string::npos ||
                              code.find(".Malformed") != std::string::npos ||
                              code.starts_with("InvalidParameter");
  return is_about_input && !is_stand_in ? Permission::Answer::kWrong : Permission::Answer::kNotTold;
}

long count_of(const std::vector<Call>& calls, std::string_view action) {
  return std::ranges::count(calls, action, &Call::action);
}

}  // namespace

Ec2Survey::Ec2Survey(const model::Inventory& inventory, HttpTransport& transport,
                     const Ec2Place& place, std::unique_ptr<CredentialChain> credentials,
                     WallClock wall_clock, WallTime wall_time)
    : inventory_(inventory),
      transport_(transport),
      credentials_(std::move(credentials)),
      wall_time_(std::move(wall_time)),
      reading_(transport, place, *credentials_, wall_clock),
      dry_(transport, place, *credentials_, wall_clock, Changes::kDry),
      dry_port_(inventory_, dry_) {}

std::string Ec2Survey::where() const {
  return "EC2 of " + reading_.place().region + " at " + reading_.place().base;
}

Result<std::vector<Element>> Ec2Survey::described(const std::string& operation,
                                                  const std::string& set, Parameters parameters) {
  const auto pages = reading_.pages(operation, std::move(parameters));
  if (!pages) return pages.error();
  std::vector<Element> found;
  for (const Element& page : pages.value())
    for (const Element* item : page.items(set)) {
      if (set != "reservationSet") found.push_back(*item);
      for (const Element* instance : item->items("instancesSet")) found.push_back(*instance);
    }
  return found;
}

Result<std::vector<Element>> Ec2Survey::filtered(const std::string& operation,
                                                 const std::string& set, const std::string& filter,
                                                 const std::vector<std::string>& values) {
  std::vector<Element> found;
  for (std::size_t begin = 0; begin < values.size(); begin += kValuesMax) {
    Parameters parameters = {{"Filter.1.Name", filter}};
    const std::size_t end = std::min(values.size(), begin + kValuesMax);
    for (std::size_t i = begin; i < end; ++i)
      parameters.emplace_back("Filter.1.Value." + std::to_string(i - begin + 1), values[i]);
    const auto part = described(operation, set, std::move(parameters));
    if (!part) return part.error();
    found.insert(found.end(), part.value().begin(), part.value().end());
  }
  return found;
}

Result<CloudIdentity> Ec2Survey::identity() {
  const auto credentials = credentials_->credentials();
  if (!credentials) return credentials.error();
  // Any answer says whose account it is, if it has anything in it.
  const auto some = reading_.call("DescribeInstances", {{"MaxResults", "5"}});
  if (!some) return some.error();
  CloudIdentity identity;
  for (const Element* reservation : some.value().items("reservationSet"))
    if (identity.account.empty()) identity.account = reservation->value("ownerId");
  identity.who = "access key " + shortened(credentials.value().key.access_key_id) + " from " +
                 credentials.value().source +
                 (identity.account.empty() ? "; no instance tells the account"
                                           : "; account " + identity.account);
  identity.caveat =
      "EC2 does not say which user or role that is: see it with `aws sts get-caller-identity`";
  return identity;
}

/// Unsigned and without an operation: the endpoint answers with something, and the time.
Result<std::optional<ClockReading>> Ec2Survey::clock() {
  return read_clock(transport_, {"GET", reading_.place().base, "/", {}, ""}, wall_time_);
}

Result<std::vector<SeenMachine>> Ec2Survey::machines(const std::vector<std::string>& addresses,
                                                     const std::vector<std::string>& ids) {
  std::vector<SeenMachine> found;
  std::set<std::string> seen;
  for (const auto& [filter, values] :
       {std::pair<std::string, const std::vector<std::string>&>(
            "network-interface.addresses.private-ip-address", addresses),
        std::pair<std::string, const std::vector<std::string>&>("instance-id", ids)}) {
    const auto rows = filtered("DescribeInstances", "reservationSet", filter, values);
    if (!rows) return rows.error();
    for (const Element& row : rows.value()) {
      SeenMachine machine = machine_in(row);
      if (machine.state == "terminated" || !seen.insert(machine.cloud_id).second) continue;
      found.push_back(std::move(machine));
    }
  }
  return found;
}

Result<std::vector<SeenDisk>> Ec2Survey::disks_of(const std::vector<std::string>& machine_ids) {
  const auto rows = filtered("DescribeVolumes", "volumeSet", "attachment.instance-id", machine_ids);
  if (!rows) return rows.error();
  std::vector<SeenDisk> found;
  for (const Element& row : rows.value())
    for (const Element* attachment : row.items("attachmentSet"))
      found.push_back({row.value("volumeId"), attachment->value("instanceId"),
                       attachment->value("device"), number_in(row.value("size")),
                       attachment->value("deleteOnTermination") == "true"});
  return found;
}

Result<std::optional<std::string>> Ec2Survey::range_of(const std::string& network) {
  const auto rows = filtered("DescribeVpcs", "vpcSet", "vpc-id", {network});
  if (!rows) return rows.error();
  if (rows.value().empty()) return std::optional<std::string>();
  return std::optional(rows.value().front().value("cidrBlock"));
}

Result<std::optional<AddressHolder>> Ec2Survey::holder_of(const std::string& address) {
  const auto rows = filtered("DescribeNetworkInterfaces", "networkInterfaceSet",
                             "addresses.private-ip-address", {address});
  if (!rows) return rows.error();
  if (rows.value().empty()) return std::optional<AddressHolder>();
  const Element& interface = rows.value().front();
  return std::optional(AddressHolder{interface.value("networkInterfaceId"),
                                     interface.value("attachment/instanceId")});
}

Result<std::optional<std::string>> Ec2Survey::fault_of_image(const std::string& image) {
  const auto rows = filtered("DescribeImages", "imagesSet", "image-id", {image});
  if (!rows) return rows.error();
  if (rows.value().empty())
    return std::optional<std::string>("EC2 shows no image " + image + " in this region");
  const std::string state = rows.value().front().value("imageState");
  if (state != "available") return std::optional("image " + image + " is " + state);
  return std::optional<std::string>();
}

/// What can be asked about when the thing itself is not there yet: the same operation on what
/// stands today. Empty: nothing stands for it.
Parameters Ec2Survey::stand_in(const Call& call) const {
  const model::Platform& platform = inventory_.platform;
  const std::string of = call.arguments.empty() ? "" : call.arguments.front();
  const std::string machine = model::cloud_id_of_machine(inventory_, model::without_new(of));
  const model::Volume* volume = model::volume_of_today(inventory_, of);
  if (call.action == "create-volume" && volume != nullptr)
    return {{"AvailabilityZone", inventory_.launch.zone},
            {"Size", std::to_string(volume->size_gb)},
            {"VolumeType", "gp3"},
            {"TagSpecification.1.ResourceType", "volume"},
            {"TagSpecification.1.Tag.1.Key", std::string(kInstallationTag)},
            {"TagSpecification.1.Tag.1.Value", inventory_.name}};
  const bool moves_volume = call.action == "attach-volume" || call.action == "detach-volume";
  if (moves_volume && volume != nullptr && !volume->cloud_id.empty() && !platform.cloud_id.empty())
    return {{"VolumeId", volume->cloud_id},
            {"InstanceId", platform.cloud_id},
            {"Device", device_of(of)}};
  if (call.action == "delete-volume" && volume != nullptr && !volume->cloud_id.empty())
    return {{"VolumeId", volume->cloud_id}};
  if ((call.action == "attach-address" || call.action == "return-address") &&
      !platform.interface.empty() && !platform.cloud_id.empty())
    return {{"NetworkInterfaceId", platform.interface},
            {"InstanceId", platform.cloud_id},
            {"DeviceIndex", std::string(kAddressDeviceIndex)}};
  if (!machine.empty() && call.action.ends_with("-machine") && call.action != "launch-machine")
    return {{"InstanceId.1", machine}};
  return {};
}

Result<Permission> Ec2Survey::permission(const Call& call) {
  Permission found;
  found.operation = "ec2:" + std::string(operation_of(call.action));
  // What a run would send, by the code that sends it: every change of this client is a question.
  const auto performed = dry_port_.perform(call);
  std::vector<DryAnswer> answers = dry_.take_dry_answers();
  const bool is_stand_in = answers.empty();
  if (is_stand_in) {
    const ErrorCode code = performed ? ErrorCode::kNotFound : performed.error().code;
    if (code != ErrorCode::kNotFound && code != ErrorCode::kInvalid && code != ErrorCode::kFailed)
      return performed.error();
    const Parameters parameters = stand_in(call);
    if (parameters.empty()) {
      found.detail =
          performed ? "there is nothing to do: " + performed.value() : performed.error().message;
      return found;
    }
    const auto sent = dry_.call(std::string(operation_of(call.action)), parameters);
    answers = dry_.take_dry_answers();
    if (answers.empty()) return sent.error();
  }
  const DryAnswer& said = answers.back();
  found.answer = answer_of(said.code, is_stand_in);
  found.detail = said.code + (said.code == "DryRunOperation" ? "" : ": " + readable(said.message));
  if (is_stand_in)
    found.detail +=
        "; asked of what stands today, since " + title_of(call) + " acts on what is not there yet";
  return found;
}

Result<std::vector<Permission>> Ec2Survey::permissions(const std::vector<Call>& calls) {
  // One question for each operation on each kind of thing, however many things there are.
  std::map<std::string, std::size_t> asked;
  std::vector<Permission> found;
  for (const Call& call : calls) {
    if (operation_of(call.action).empty()) continue;
    const std::string of = call.arguments.empty() ? "" : call.arguments.front();
    const bool is_external = model::external_instance(inventory_, of) != nullptr;
    const std::string key =
        call.action + (model::is_new(of) ? " new" : "") + (is_external ? " external" : "");
    const auto known = asked.find(key);
    if (known != asked.end()) {
      found[known->second].calls.push_back(title_of(call));
      continue;
    }
    Result<Permission> one = permission(call);
    if (!one) return one.error();
    one.value().calls.push_back(title_of(call));
    asked[key] = found.size();
    found.push_back(std::move(one).value());
  }
  return found;
}

std::string Ec2Survey::policy(const std::vector<Call>& calls, const std::string& account) const {
  return ec2_policy(inventory_, reading_.place(), calls, account);
}

Result<Quota> Ec2Survey::machine_quota(long launches) {
  const auto rows =
      filtered("DescribeInstances", "reservationSet", "instance-state-name", {"running"});
  if (!rows) return rows.error();
  long vcpus = 0;
  long each = 0;  // of the size that the plan launches
  for (const Element& row : rows.value()) {
    const SeenMachine machine = machine_in(row);
    vcpus += machine.vcpus;
    if (machine.size == inventory_.launch.platform_size) each = machine.vcpus;
  }
  Quota quota;
  quota.what = "vCPUs of running instances";
  quota.used = std::to_string(rows.value().size()) + " instances run in the region, with " +
               std::to_string(vcpus) + " vCPUs as far as EC2 tells; the plan launches " +
               std::to_string(launches) + " more before the old ones are gone" +
               (each > 0 ? ", " + std::to_string(each * launches) + " vCPUs if all are " +
                               inventory_.launch.platform_size
                         : "");
  quota.wanted = vcpus + each * launches;
  quota.look_at = "https://" + reading_.place().region +
                  ".console.aws.amazon.com/servicequotas/home/services/ec2/quotas (Running "
                  "On-Demand instances)";
  return quota;
}

Result<std::vector<Quota>> Ec2Survey::storage_quotas(const std::vector<Call>& calls) {
  std::vector<Quota> found;
  const std::string page = "https://" + reading_.place().region +
                           ".console.aws.amazon.com/servicequotas/home/services/ebs/quotas";
  if (const long taken = count_of(calls, "take-snapshot"); taken > 0) {
    const auto rows = described("DescribeSnapshots", "snapshotSet", {{"Owner.1", "self"}});
    if (!rows) return rows.error();
    const auto there = static_cast<long>(rows.value().size());
    found.push_back({"snapshots of the region", std::nullopt,
                     std::to_string(there) + " are there; the plan takes " + std::to_string(taken),
                     there + taken, page + " (Snapshots per Region)"});
  }
  long added_gb = 0;
  for (const Call& call : calls) {
    const std::string of = call.arguments.empty() ? "" : call.arguments.front();
    const model::Volume* volume = model::volume_of_today(inventory_, of);
    if (call.action == "create-volume" && volume != nullptr) added_gb += volume->size_gb;
    const model::Instance* instance = model::external_instance(inventory_, of);
    if (call.action == "launch-machine" && instance != nullptr) added_gb += instance->data_gb;
  }
  if (added_gb == 0) return found;
  const auto rows = described("DescribeVolumes", "volumeSet", {});
  if (!rows) return rows.error();
  long there_gb = 0;
  for (const Element& row : rows.value()) there_gb += number_in(row.value("size"));
  found.push_back({"storage of volumes in the region", std::nullopt,
                   std::to_string(there_gb) + " GB are there; the plan adds " +
                       std::to_string(added_gb) + " GB of gp3",
                   there_gb + added_gb, page + " (Storage for gp3 volumes)"});
  return found;
}

Result<Quota> Ec2Survey::group_quota() {
  const std::string name = "vpc-max-security-groups-per-interface";
  const auto answer = reading_.call("DescribeAccountAttributes", {{"AttributeName.1", name}});
  if (!answer) return answer.error();
  Quota quota;
  quota.what = "security groups of one interface";
  quota.wanted = static_cast<long>(inventory_.launch.security_groups.size());
  quota.used = "the inventory's launch section names " + std::to_string(quota.wanted);
  quota.look_at = "https://" + reading_.place().region +
                  ".console.aws.amazon.com/servicequotas/home/services/vpc/quotas";
  for (const Element* item : answer.value().items("accountAttributeSet")) {
    const auto values = item->items("attributeValueSet");
    if (item->value("attributeName") == name && !values.empty())
      quota.limit = number_in(values.front()->value("attributeValue"));
  }
  return quota;
}

Result<std::vector<Quota>> Ec2Survey::quotas(const std::vector<Call>& calls) {
  std::vector<Quota> found;
  if (const long launches = count_of(calls, "launch-machine"); launches > 0) {
    Result<Quota> machines = machine_quota(launches);
    if (!machines) return machines.error();
    found.push_back(std::move(machines).value());
    Result<Quota> groups = group_quota();
    if (!groups) return groups.error();
    found.push_back(std::move(groups).value());
  }
  Result<std::vector<Quota>> storage = storage_quotas(calls);
  if (!storage) return storage.error();
  found.insert(found.end(), storage.value().begin(), storage.value().end());
  return found;
}

}  // namespace wme::executor::aws
