#include <algorithm>
#include <string>
#include <utility>

#include "simulators/aws/ec2_backend.hpp"

/// What of Ec2Backend is about network interfaces and the address that one of them carries.
namespace wme::simulators::aws {

namespace {
constexpr std::chrono::seconds kInterfaceAttachTime{5};
}

Ec2Result<InterfaceView> Ec2Backend::create_interface(const InterfaceRequest& request,
                                                      bool dry_run) {
  const std::string token = "interface/" + request.client_token;
  const auto known = fingerprints_.find(token);
  if (!request.client_token.empty() && known != fingerprints_.end()) {
    if (known->second != request.fingerprint)
      return Ec2Error{400, "IdempotentParameterMismatch",
                      "The client token has already been used with other parameters."};
    for (const auto& [id, row] : interfaces_)
      if (row.client_token == request.client_token) return view(row);
  }
  if (request.subnet != subnet_)
    return Ec2Error{400, "InvalidSubnetID.NotFound",
                    "The subnet ID '" + request.subnet + "' does not exist"};
  if (!request.address.empty() && is_address_taken(request.address))
    return Ec2Error{400, "InvalidIPAddress.InUse", "Address " + request.address + " is in use."};
  if (!has_free_addresses(1)) return no_free_addresses();
  if (dry_run) return dry_run_operation();
  Interface row;
  row.id = make_id("eni-", next_words("interface " + request.client_token));
  row.subnet = subnet_;
  row.zone = zone_;
  row.address = request.address.empty() ? free_address(row.id) : request.address;
  row.description = request.description;
  row.client_token = request.client_token;
  row.groups = request.groups;
  row.made = now();
  row.tags = request.tags;
  if (!request.client_token.empty()) fingerprints_[token] = request.fingerprint;
  return view(keep(std::move(row)));
}

Ec2Status Ec2Backend::delete_interface(const std::string& interface, bool dry_run) {
  const auto found = find_interface(interface);
  if (!found) return found.error();
  if (view(*found.value()).status != "available")
    return Ec2Error{400, "InvalidNetworkInterface.InUse",
                    "Network interface '" + interface + "' is currently in use."};
  if (dry_run) return dry_run_operation();
  if (found.value()->carries_platform_address)
    world_.record_violation("ec2 DeleteNetworkInterface", "delete " + interface, "INV-21",
                            "the interface with the Platform's address is deleted: the address "
                            "is lost");
  erase(interfaces_.find(interface));
  return Nothing{};
}

Ec2Result<InterfaceView> Ec2Backend::attach_interface(const std::string& interface,
                                                      const std::string& instance, int device_index,
                                                      bool dry_run) {
  const auto found = find_interface(interface);
  if (!found) return found.error();
  const auto machine = find_instance(instance);
  if (!machine) return machine.error();
  Interface& row = *found.value();
  if (view(row).status != "available")
    return Ec2Error{400, "InvalidNetworkInterface.InUse",
                    "Network interface '" + interface + "' is currently in use."};
  const std::string state = view(*machine.value()).state;
  if (state != "running" && state != "stopped")
    return Ec2Error{400, "IncorrectState", "Instance '" + instance + "' is not 'running'."};
  for (const InterfaceView& other : interfaces_of(instance))
    if (other.row.device_index == device_index)
      return Ec2Error{400, "InvalidParameterValue",
                      "Instance '" + instance +
                          "' already has an interface attached at device "
                          "index '" +
                          std::to_string(device_index) + "'."};
  if (dry_run) return dry_run_operation();
  const std::string& entity = machine.value()->entity;
  if (models_address(row) && (entity == "platform-new" || entity == "platform")) {
    // Back to the old Platform is the way of an abort (INV-63).
    const Reply reply = world_.request(entity == "platform" ? "return-address" : "attach-address",
                                       {}, "ec2 AttachNetworkInterface");
    if (!reply.accepted())
      return Ec2Error{400, "IncorrectState", "Instance '" + instance + "' is not 'running'."};
  } else {
    if (row.carries_platform_address && entity != "platform" && entity != "platform-new")
      world_.record_violation("ec2 AttachNetworkInterface", "attach-address", "INV-21",
                              "the Platform's address is given to " + instance);
    row.own_attachment = {"attaching", "attached", now() + kInterfaceAttachTime};
  }
  row.instance = instance;
  row.device_index = device_index;
  row.attachment = make_id("eni-attach-", next_words("attachment " + row.id + instance));
  row.attached_at = now();
  row.delete_on_termination = false;
  return view(row);
}

Ec2Status Ec2Backend::detach_interface(const std::string& attachment, bool dry_run) {
  const auto has_it = [&](const auto& each) {
    return each.second.attachment == attachment && !view(each.second).attachment.empty();
  };
  const auto place = std::ranges::find_if(interfaces_, has_it);
  if (place == interfaces_.end())
    return Ec2Error{400, "InvalidAttachmentID.NotFound",
                    "The attachment ID '" + attachment + "' does not exist"};
  Interface& row = place->second;
  if (row.device_index == 0)
    return Ec2Error{400, "OperationNotPermitted",
                    "The network interface at device index 0 cannot be detached."};
  if (view(row).attachment != "attached")
    return Ec2Error{
        400, "IncorrectState",
        "The attachment '" + attachment + "' is in the '" + view(row).attachment + "' state."};
  if (dry_run) return dry_run_operation();
  const bool is_modelled = models_address(row) && world_.is("address", {}, "old-platform");
  if (!is_modelled) {
    if (models_address(row) && !world_.is("address", {}, "free"))
      return Ec2Error{400, "UnsupportedOperation",
                      "The simulator cannot take the address from the new Platform again."};
    row.own_attachment = {"detaching", "detached", now() + kInterfaceAttachTime};
    return Nothing{};
  }
  const Reply reply = world_.request("detach-address", {}, "ec2 DetachNetworkInterface");
  if (!reply.accepted()) return Ec2Error{400, "IncorrectState", reply.refusals.front()};
  return Nothing{};
}

Ec2Status Ec2Backend::keep_interface(const std::string& interface, const std::string& attachment,
                                     bool delete_on_termination, bool dry_run) {
  const auto found = find_interface(interface);
  if (!found) return found.error();
  if (found.value()->attachment != attachment)
    return Ec2Error{400, "InvalidAttachmentID.NotFound",
                    "The attachment ID '" + attachment + "' does not exist"};
  if (dry_run) return dry_run_operation();
  found.value()->delete_on_termination = delete_on_termination;
  return Nothing{};
}

}  // namespace wme::simulators::aws
