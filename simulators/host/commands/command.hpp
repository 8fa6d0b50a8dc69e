#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/core/fidelity.hpp"
#include "simulators/host/machine.hpp"

namespace wme::simulators {

class HostSite;

/// One call of one command: `args[0]` is its name.
struct Invocation {
  HostSite& site;
  Machine& machine;
  Frame frame;
  std::vector<std::string> args;

  void print(std::string_view text) const { frame.out->append(text); }
  void complain(std::string_view text) const { frame.err->append(text); }
  /// Complains and gives the exit status back.
  CommandEnd fail(int status, std::string_view text) const {
    complain(text);
    return {status, std::nullopt};
  }
  std::string path(std::string_view given) const {
    return absolute_path(frame.scope->directory, given);
  }
  std::string line() const;  ///< "mount /dev/nvme1n1 /wm-data"
  std::string door() const;  ///< "ssh platform-new: mount /dev/nvme1n1 /wm-data"
};

using CommandHandler = CommandEnd (*)(Invocation&);

struct Command {
  std::string name;
  CommandHandler handler;
  Origin origin;
};

/// Every command by name; scripts of the installer ("wme-installer.sh") too.
const std::map<std::string, Command, std::less<>>& commands();
/// Names that exist only as files of the installer, to be run by path or by `bash`.
bool is_installer_script(std::string_view name);
/// Whether this command would read its standard input: whoever serves it must wait for that.
bool reads_input(const std::vector<std::string>& args);

/// Arguments, with the options in `with_value` taking the next one.
struct ParsedOptions {
  std::map<std::string, std::string> options;  ///< "-o" -> "value"; flags -> ""
  std::vector<std::string> operands;
  bool has(std::string_view name) const { return options.contains(std::string(name)); }
  std::string value(std::string_view name) const;
};
/// Splits bundles of one-letter flags (`-dsn`) and `--name=value`; a letter in `with_value` takes
/// the rest of its bundle or the next argument.
ParsedOptions parse_options(const std::vector<std::string>& args, std::string_view with_value,
                            const std::vector<std::string>& long_with_value = {});

// One table for each file of this folder.
using CommandTable = std::vector<Command>;
CommandTable builtin_commands();
CommandTable file_commands();
CommandTable text_commands();
CommandTable disk_commands();
CommandTable mount_commands();
CommandTable archive_commands();
CommandTable service_commands();
CommandTable network_commands();
CommandTable installer_commands();

}  // namespace wme::simulators
