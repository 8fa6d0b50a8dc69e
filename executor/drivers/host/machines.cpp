#include "executor/drivers/host/machines.hpp"

#include "executor/drivers/host/quoting.hpp"
#include "model/wme/entity_names.hpp"

namespace wme::executor::host {

namespace {

void add(std::map<std::string, MachineAccess, std::less<>>& all, const std::string& name,
         const std::string& address, const std::string& next, const std::string& user,
         const std::string& identity) {
  const bool shared = next.empty() || next == address;
  const std::string known = !shared ? "" : identity.empty() ? name : identity;
  all[name] = {name, address, user, known, false};
  const std::string successor = model::successor_of(name);
  all[successor] = {successor, shared ? address : next, user, known, true};
}

}  // namespace

std::map<std::string, MachineAccess, std::less<>> machines_of(const model::Inventory& inventory) {
  std::map<std::string, MachineAccess, std::less<>> all;
  const model::Platform& platform = inventory.platform;
  add(all, "platform", platform.address, platform.new_address, platform.ssh_user,
      platform.cloud_id);
  for (const model::Instance& each : inventory.instances)
    add(all, each.name, each.address, each.new_address, each.ssh_user, each.cloud_id);
  return all;
}

std::string identity_check(const MachineAccess& machine) {
  if (machine.old_identity.empty()) return "";
  const std::string dmi = "/sys/class/dmi/id/";
  const std::string looks = "{ hostname; cat " + dmi + "board_asset_tag " + dmi +
                            "product_serial " + dmi + "product_uuid 2> /dev/null; } | grep -qxF " +
                            shell_quoted(machine.old_identity);
  const std::string exit = "; exit " + std::to_string(kWrongMachine) + "; ";
  if (machine.is_new)
    return "if " + looks + "; then echo 'this is still " + machine.old_identity +
           ", the machine of today' >&2" + exit + "fi\n";
  return "if ! " + looks + "; then echo 'this is not " + machine.old_identity +
         ": another machine has its address, or the inventory lacks its cloud_id' >&2" + exit +
         "fi\n";
}

}  // namespace wme::executor::host
