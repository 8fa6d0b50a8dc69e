#include <cstdlib>

#include "simulators/host/commands/command.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kBash = "manual: bash(1), builtin commands";
constexpr const char* kDoesNothing = "It does nothing: no procedure needs what it is for.";

int to_status(const std::string& text) { return std::atoi(text.c_str()) & 255; }

CommandEnd nothing(Invocation&) { return {}; }
CommandEnd fails(Invocation&) { return {1, std::nullopt}; }

CommandEnd change_directory(Invocation& call) {
  const std::string to =
      call.path(call.args.size() > 1 ? call.args[1] : call.frame.scope->variables["HOME"]);
  if (call.machine.files.find(to) == nullptr)
    return call.fail(1, "bash: cd: " + call.args[1] + ": No such file or directory\n");
  if (!call.machine.files.is_directory(to))
    return call.fail(1, "bash: cd: " + call.args[1] + ": Not a directory\n");
  call.frame.scope->directory = to;
  return {};
}

CommandEnd leave(Invocation& call) {
  const int status = call.args.size() > 1 ? to_status(call.args[1]) : call.frame.scope->status;
  call.frame.scope->exited = status;
  return {status, std::nullopt};
}

CommandEnd set_options(Invocation& call) {
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& arg = call.args[i];
    const bool on = arg.starts_with("-");
    if (arg.size() > 1 && arg.find('e') != std::string::npos && (on || arg[0] == '+'))
      call.frame.scope->stop_on_error = on;
    if (arg == "pipefail") call.frame.scope->pipe_fails = call.args[i - 1].starts_with("-");
  }
  return {};
}

CommandEnd export_variables(Invocation& call) {
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::size_t equals = call.args[i].find('=');
    if (equals != std::string::npos)
      call.frame.scope->variables[call.args[i].substr(0, equals)] = call.args[i].substr(equals + 1);
  }
  return {};
}

CommandEnd read_line(Invocation& call) {
  const auto parsed = parse_options(call.args, "pt");
  const auto line = call.frame.in->line();
  if (!line) return {1, std::nullopt};
  const std::string name = parsed.operands.empty() ? "REPLY" : parsed.operands[0];
  call.frame.scope->variables[name] = *line;
  return {};
}

CommandEnd where_is(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  int status = 0;
  for (const std::string& name : parsed.operands) {
    const bool docker_missing = name == "docker" && !call.machine.docker_installed;
    if (!commands().contains(name) || is_installer_script(name) || docker_missing) {
      status = 1;
      continue;
    }
    call.print("/usr/bin/" + name + "\n");
  }
  return {status, std::nullopt};
}

CommandEnd working_directory(Invocation& call) {
  call.print(call.frame.scope->directory + "\n");
  return {};
}

/// kill -0 PID asks whether it lives; the rest is not needed by any procedure.
CommandEnd kill_job(Invocation& call) {
  const std::string pid = call.args.back();
  for (std::size_t i = 0; i < call.machine.jobs.size(); ++i) {
    if (std::to_string(call.machine.jobs[i].pid) != pid) continue;
    if (call.args.size() < 3 || call.args[1] != "-0")
      call.machine.jobs.erase(call.machine.jobs.begin() + static_cast<std::ptrdiff_t>(i));
    return {};
  }
  return call.fail(1, "bash: kill: (" + pid + ") - No such process\n");
}

}  // namespace

CommandTable builtin_commands() {
  return {
      {":", nothing, {kBash, ""}},
      {"true", nothing, {kBash, ""}},
      {"false", fails, {kBash, ""}},
      {"cd", change_directory, {kBash, "No CDPATH, no cd -."}},
      {"exit", leave, {kBash, ""}},
      {"logout", leave, {kBash, ""}},
      {"set", set_options, {kBash, "Of the options -e and pipefail."}},
      {"export", export_variables, {kBash, "Every variable is exported."}},
      {"read", read_line, {kBash, "One variable takes the whole line."}},
      {"command", where_is, {kBash, "Whatever exists is in /usr/bin."}},
      {"which", where_is, {kBash, "Whatever exists is in /usr/bin."}},
      {"pwd", working_directory, {kBash, ""}},
      {"kill",
       kill_job,
       {kBash, "One process, of the background jobs; -0 asks for it, any other signal ends it."}},
      {"sync", nothing, {"manual: sync(1), coreutils", "Everything is on the disk at once."}},
      {"sleep",
       nothing,
       {"manual: sleep(1), coreutils",
        "It takes no time: whoever waits may be the one who moves the clock."}},
      {"umask", nothing, {kBash, kDoesNothing}},
      {"trap", nothing, {kBash, kDoesNothing}},
      {"wait", nothing, {kBash, kDoesNothing}},
  };
}

}  // namespace wme::simulators
