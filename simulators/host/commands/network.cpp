#include <algorithm>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

CommandEnd ip(Invocation& call) {
  const Machine& machine = call.machine;
  const auto parsed = parse_options(call.args, "", {});
  const bool one_line = parsed.has("-o") || parsed.has("-br");
  if (parsed.operands.empty() ||
      (!parsed.operands[0].starts_with("a") && parsed.operands[0] != "route"))
    return call.fail(255, "Object \"" + (parsed.operands.empty() ? "" : parsed.operands[0]) +
                              "\" is unknown, try \"ip help\".\n");
  if (parsed.operands[0] == "route") {
    call.print("default via " + machine.address.substr(0, machine.address.rfind('.')) + ".1 dev " +
               machine.interface + "\n");
    return {};
  }
  if (parsed.has("-br")) {
    call.print("lo UNKNOWN 127.0.0.1/8\n" + machine.interface + " UP " + machine.address + "/24\n");
  } else if (one_line) {
    call.print(
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft "
        "forever\n2: " +
        machine.interface + "    inet " + machine.address + "/24 brd 10.255.255.255 scope global " +
        machine.interface + "\\       valid_lft forever preferred_lft forever\n");
  } else {
    call.print(
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\n"
        "    inet 127.0.0.1/8 scope host lo\n2: " +
        machine.interface + ": <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 state UP\n    inet " +
        machine.address + "/24 scope global " + machine.interface + "\n");
  }
  return {};
}

/// Where a domain of WME points now: the world knows when it was pointed to a new address.
std::string address_of(const HostSite& site, const std::string& domain) {
  const model::Inventory& inventory = site.inventory();
  if (domain != inventory.studio_domain && domain != inventory.apps_domain) return "";
  const model::Platform& platform = inventory.platform;
  const bool moved =
      site.attribute("address-changes", "") == "yes" && site.world().is("domains", {}, "verified");
  return moved ? platform.new_address : platform.address;
}

CommandEnd getent(Invocation& call) {
  if (call.args.size() < 3) return call.fail(1, "Usage: getent [OPTION...] database [key ...]\n");
  if (call.args[1] == "group") return {call.machine.docker_installed ? 0 : 2, std::nullopt};
  int status = 0;
  for (std::size_t i = 2; i < call.args.size(); ++i) {
    const std::string& name = call.args[i];
    const std::string address =
        name == call.machine.hostname ? call.machine.address : address_of(call.site, name);
    if (address.empty())
      status = 2;
    else
      call.print(address + std::string(16 - std::min<std::size_t>(15, address.size()), ' ') + name +
                 "\n");
    // Seeing where both names lead, from the new Platform, is what B13 asks for.
    const model::Inventory& inventory = call.site.inventory();
    const std::string& last =
        inventory.apps_domain.empty() ? inventory.studio_domain : inventory.apps_domain;
    if (name == last && !address.empty() && call.site.is_new(call.machine.name) &&
        call.site.world().is("domains", {}, "unverified"))
      call.site.ask(call, "verify-domains", {});
  }
  return {status, std::nullopt};
}

CommandEnd hostname(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  call.print((parsed.has("-I") ? call.machine.address : call.machine.hostname) + "\n");
  return {};
}

CommandEnd uname(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  if (parsed.has("-a"))
    call.print("Linux " + call.machine.hostname +
               " 5.15.0-1060-aws #66-Ubuntu SMP x86_64 GNU/Linux\n");
  else
    call.print(parsed.has("-r") ? "5.15.0-1060-aws\n" : parsed.has("-m") ? "x86_64\n" : "Linux\n");
  return {};
}

/// Always in UTC; of the formats only the seconds since 1970.
CommandEnd date(Invocation& call) {
  const auto time = call.site.world().conditions().time_at(call.machine.name);
  const auto parsed = parse_options(call.args, "");
  const std::string format = parsed.operands.empty() ? "" : parsed.operands[0];
  if (format == "+%s")
    call.print(std::to_string(time.time_since_epoch().count()) + "\n");
  else if (format.empty())
    call.print(http_date(time) + "\n");
  else
    return call.fail(1, "date: the simulated one knows +%s only, not " + format + "\n");
  return {};
}

}  // namespace

CommandTable network_commands() {
  return {
      {"ip",
       ip,
       {"manual: ip(8), iproute2",
        "address and route, for one interface with the machine's address; nothing can be "
        "changed."}},
      {"getent",
       getent,
       {"manual: getent(1)", "hosts: the domains of WME and the machine itself; group: docker."}},
      {"hostname", hostname, {"manual: hostname(1)", "-I."}},
      {"uname", uname, {"manual: uname(1)", "-a, -m, -r; one kernel for all."}},
      {"date", date, {"manual: date(1), coreutils", "+%s, or in the form of HTTP; always UTC."}},
  };
}

}  // namespace wme::simulators
