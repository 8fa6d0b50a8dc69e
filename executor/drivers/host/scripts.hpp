#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "executor/drivers/host/jobs.hpp"
#include "executor/ports/system_port.hpp"
#include "model/wme/entity_names.hpp"

/// The shell text for each action and each fluent of the host door. Everything here is pure text:
/// what it does is tried against real shells and against the simulated machines.
namespace wme::executor::host {

/// What the texts are made from.
struct Site {
  model::Inventory inventory;
  std::string version;  ///< that the new Platform gets

  std::string installer(bool is_new) const;  ///< directory of wme-installer.sh
  bool one_disk() const { return !model::has_volumes(inventory.provider); }
  bool address_changes() const;
  std::string new_address() const;
};

using Arguments = std::vector<std::string>;

/// Exit statuses of our texts beside the commands' own.
inline constexpr int kCondition = 90;  ///< something must be different before: nothing was done

struct ActionScript {
  /// The machine it runs on, from the arguments.
  std::function<std::string(const Arguments&)> machine;
  std::function<std::string(const Site&, const Call&)> text;
  /// Judges what was printed; none: exit status 0 is enough. Gives the receipt.
  std::function<Result<std::string>(const Site&, const std::string& output)> judge = {};
  /// What the new Platform has to do for it afterwards; none for almost all.
  std::function<std::string(const Site&, const Call&)> on_platform = {};
};

struct FluentScript {
  /// Where it can be seen, best first.
  std::function<std::vector<std::string>(const Arguments&)> machines;
  /// Prints the value and, after a blank, what was seen.
  std::function<std::string(const Site&, const Arguments&)> text;
};

using ActionScripts = std::map<std::string, ActionScript, std::less<>>;
using FluentScripts = std::map<std::string, FluentScript, std::less<>>;

const ActionScripts& action_scripts();
const FluentScripts& fluent_scripts();

// One pair for each subject.
void add_store_scripts(ActionScripts& actions, FluentScripts& fluents);
void add_backup_scripts(ActionScripts& actions, FluentScripts& fluents);
void add_installer_scripts(ActionScripts& actions, FluentScripts& fluents);
void add_machine_scripts(ActionScripts& actions, FluentScripts& fluents);

// Words that several subjects share.

std::string platform_of(const Arguments& store);  ///< of a store: its Platform
std::function<std::string(const Arguments&)> always_on(std::string machine);
std::string on_first(const Arguments& arguments);  ///< the machine that is the argument
/// "{ echo 'message' >&2; exit 90; }"
std::string otherwise(const std::string& message);
/// A job named after the call: "migrate.platform-new".
std::string job_name(std::string_view action, const Arguments& arguments);

}  // namespace wme::executor::host
