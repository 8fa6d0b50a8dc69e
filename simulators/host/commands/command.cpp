#include "simulators/host/commands/command.hpp"

#include <algorithm>
#include <array>

namespace wme::simulators {

std::string Invocation::line() const {
  std::string text;
  for (const std::string& arg : args) text += (text.empty() ? "" : " ") + arg;
  return text;
}

std::string Invocation::door() const { return "ssh " + machine.name + ": " + line(); }

const std::map<std::string, Command, std::less<>>& commands() {
  static const auto table = [] {
    std::map<std::string, Command, std::less<>> all;
    for (const CommandTable& part :
         {builtin_commands(), file_commands(), text_commands(), disk_commands(), mount_commands(),
          archive_commands(), service_commands(), network_commands(), installer_commands()})
      for (const Command& each : part) all.emplace(each.name, each);
    return all;
  }();
  return table;
}

bool is_installer_script(std::string_view name) { return name.ends_with(".sh"); }

std::string ParsedOptions::value(std::string_view name) const {
  const auto at = options.find(std::string(name));
  return at == options.end() ? "" : at->second;
}

ParsedOptions parse_options(const std::vector<std::string>& args, std::string_view with_value,
                            const std::vector<std::string>& long_with_value) {
  ParsedOptions parsed;
  bool only_operands = false;
  for (std::size_t i = 1; i < args.size(); ++i) {
    const std::string& arg = args[i];
    const auto take_next = [&] { return i + 1 < args.size() ? args[++i] : std::string(); };
    if (only_operands || !arg.starts_with("-") || arg == "-") {
      parsed.operands.push_back(arg);
    } else if (arg == "--") {
      only_operands = true;
    } else if (arg.starts_with("--")) {
      const std::size_t equals = arg.find('=');
      const std::string name = arg.substr(0, equals);
      if (equals != std::string::npos)
        parsed.options[name] = arg.substr(equals + 1);
      else if (std::ranges::find(long_with_value, name) != long_with_value.end())
        parsed.options[name] = take_next();
      else
        parsed.options[name] = "";
    } else {
      for (std::size_t c = 1; c < arg.size(); ++c) {
        const std::string name = std::string("-") + arg[c];
        if (with_value.find(arg[c]) == std::string_view::npos) {
          parsed.options[name] = "";
          continue;
        }
        parsed.options[name] = c + 1 < arg.size() ? arg.substr(c + 1) : take_next();
        break;
      }
    }
  }
  return parsed;
}

bool reads_input(const std::vector<std::string>& args) {
  static constexpr std::array<std::string_view, 10> kFilters = {
      "cat", "grep", "wc", "head", "tail", "awk", "tr", "cut", "sort", "sed"};
  if (args.empty()) return false;
  const std::string name = name_of(args[0]);
  if (name == "tee" || name == "read" || name.starts_with("mkfs")) return true;
  if (name == "wme-installer.sh") {
    // Stopping, starting and archiving ask nothing.
    return std::ranges::none_of(args, [](const std::string& arg) {
      return arg == "--stop" || arg == "--start" || arg == "--data-archive";
    });
  }
  if (std::ranges::find(kFilters, name) == kFilters.end()) return false;
  // A filter reads its input when it is given no file: patterns and programs are no files.
  const auto operands = static_cast<std::size_t>(std::count_if(
      args.begin() + 1, args.end(), [](const std::string& arg) { return !arg.starts_with("-"); }));
  const bool has_program = name == "grep" || name == "awk" || name == "sed" || name == "tr";
  return operands <= (has_program ? 1U : 0U);
}

}  // namespace wme::simulators
