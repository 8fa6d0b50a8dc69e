#include "executor/drivers/host/scripts.hpp"

#include "executor/drivers/host/quoting.hpp"

namespace wme::executor::host {

namespace {

struct AllScripts {
  ActionScripts actions;
  FluentScripts fluents;

  AllScripts() {
    add_machine_scripts(actions, fluents);
    add_store_scripts(actions, fluents);
    add_backup_scripts(actions, fluents);
    add_installer_scripts(actions, fluents);
  }
};

const AllScripts& all_scripts() {
  static const AllScripts all;
  return all;
}

}  // namespace

std::string Site::installer(bool is_new) const {
  return "/usr/local/content/wme/wme-installer/" + (is_new ? version : inventory.version);
}

bool Site::address_changes() const { return new_address() != inventory.platform.address; }

std::string Site::new_address() const {
  const model::Platform& platform = inventory.platform;
  return platform.new_address.empty() ? platform.address : platform.new_address;
}

const ActionScripts& action_scripts() { return all_scripts().actions; }
const FluentScripts& fluent_scripts() { return all_scripts().fluents; }

std::string platform_of(const Arguments& store) { return model::machine_of(store.at(0)); }

std::function<std::string(const Arguments&)> always_on(std::string machine) {
  return [machine = std::move(machine)](const Arguments&) { return machine; };
}

std::string on_first(const Arguments& arguments) { return arguments.at(0); }

std::string otherwise(const std::string& message) {
  return "{ echo " + shell_quoted(message) + " >&2; exit " + std::to_string(kCondition) + "; }";
}

std::string job_name(std::string_view action, const Arguments& arguments) {
  std::string name(action);
  for (const std::string& argument : arguments) name += "." + argument;
  return name;
}

}  // namespace wme::executor::host
