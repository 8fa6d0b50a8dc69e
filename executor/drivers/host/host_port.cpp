#include "executor/drivers/host/host_port.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "executor/drivers/host/quoting.hpp"

namespace wme::executor {

namespace {

using host::MachineAccess;

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::string title_of(const std::string& name, const std::vector<std::string>& arguments) {
  std::string title = name;
  for (const std::string& argument : arguments) title += " " + argument;
  return title;
}

/// What a failed command says, as an error with the reaction it calls for.
Error failure(const std::string& title, const MachineAccess& machine, const CommandAnswer& answer) {
  const std::string said = trimmed(answer.errors.empty() ? answer.output : answer.errors);
  const std::string what = title + " on " + machine.name + " (" + machine.address + "): ";
  if (answer.exit_status == host::kCondition) return {ErrorCode::kBlocked, what + said};
  if (answer.exit_status == host::kWrongMachine)
    return {ErrorCode::kRefused, what + said + ". Nothing was done"};
  if (said.find("sudo:") != std::string::npos)
    return {ErrorCode::kRefused, what + said + ". Let " + machine.user +
                                     " run sudo without a password, as WME itself needs it"};
  if (said.find("target is busy") != std::string::npos) return {ErrorCode::kBlocked, what + said};
  return {ErrorCode::kFailed,
          what + "exit status " + std::to_string(answer.exit_status) + ": " + said};
}

}  // namespace

HostPort::HostPort(const model::Inventory& inventory, CommandTransport& transport,
                   HostSettings settings)
    : site_{inventory, settings.upgrade ? inventory.target_version : inventory.version},
      transport_(transport),
      machines_(host::machines_of(inventory)) {}

Result<CommandAnswer> HostPort::run(const MachineAccess& machine, const std::string& title,
                                    const std::string& text, bool locked) {
  const std::string program = ": " + title + "\n" + host::identity_check(machine) + text;
  if (host::has_non_ascii(program))
    return Error{ErrorCode::kInvalid, title +
                                          ": its command has a character beyond ASCII (W2): a "
                                          "dash, perhaps. Mend the inventory"};
  // -o: what runs on in the background must not keep the lock.
  const std::string lock = locked ? "flock -o -w 60 /run/rehydrate.lock " : "";
  return transport_.run({machine.address, machine.user,
                         "sudo -n " + lock + "bash -c " + host::shell_quoted(program), ""});
}

Result<std::string> HostPort::perform(const Call& call) {
  const std::string title = title_of(call.action, call.arguments);
  const auto script = host::action_scripts().find(call.action);
  if (script == host::action_scripts().end())
    return Error{ErrorCode::kInvalid, title + ": hosts have no such action"};
  const auto machine = machines_.find(script->second.machine(call.arguments));
  if (machine == machines_.end())
    return Error{ErrorCode::kInvalid, title + ": the inventory has no such machine"};
  const auto answer = run(machine->second, title, script->second.text(site_, call), true);
  if (!answer) return Error{answer.error().code, title + ": " + answer.error().message};
  if (answer.value().exit_status != 0) return failure(title, machine->second, answer.value());
  if (script->second.on_platform) {
    const MachineAccess& platform = machines_.at("platform-new");
    const auto back = run(platform, title, script->second.on_platform(site_, call), true);
    if (!back) return Error{back.error().code, title + ": " + back.error().message};
    if (back.value().exit_status != 0) return failure(title, platform, back.value());
  }
  if (script->second.judge) return script->second.judge(site_, answer.value().output);
  return trimmed(answer.value().output);
}

Result<bool> HostPort::ask(const MachineAccess& machine, const std::vector<Question>& questions,
                           std::vector<Observation>& into) {
  std::string text;
  for (const Question& question : questions)
    text += "echo \"@" + std::to_string(question.index) + " $(\n" + question.text + "\n)\"\n";
  const auto answer = run(machine, "observe", text, false);
  const auto unseen = [&](const std::string& why) {
    for (const Question& question : questions) into[question.index].detail = why;
    return false;
  };
  if (!answer) {
    // A machine that is down is an observation, not an error; nothing was changed either way.
    return unseen(answer.error().message);
  }
  if (answer.value().exit_status != 0)
    return unseen(failure("observe", machine, answer.value()).message);
  std::istringstream lines(answer.value().output);
  for (std::string line; std::getline(lines, line);) {
    std::size_t index = 0;
    if (!line.starts_with('@')) continue;
    const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), index);
    if (error != std::errc() || index >= into.size()) continue;
    const std::string rest = trimmed(line.substr(static_cast<std::size_t>(end - line.data())));
    const std::size_t blank = rest.find(' ');
    if (rest.empty()) continue;
    into[index].value = rest.substr(0, blank);
    into[index].detail =
        machine.name + ": " + (blank == std::string::npos ? rest : rest.substr(blank + 1));
  }
  return true;
}

Result<std::vector<Observation>> HostPort::observe(const std::vector<Variable>& variables) {
  std::vector<Observation> answers(variables.size());
  // Round by round: each variable is asked for at the best place that has not failed it yet.
  std::vector<std::vector<std::string>> places(variables.size());
  std::size_t rounds = 0;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    answers[i].variable = variables[i];
    const auto script = host::fluent_scripts().find(variables[i].fluent);
    if (script == host::fluent_scripts().end())
      return Error{ErrorCode::kInvalid, "observe " +
                                            title_of(variables[i].fluent, variables[i].arguments) +
                                            ": hosts do not show it"};
    places[i] = script->second.machines(variables[i].arguments);
    rounds = std::max(rounds, places[i].size());
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    std::map<std::string, std::vector<Question>> by_machine;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (answers[i].value || round >= places[i].size()) continue;
      const auto& script = host::fluent_scripts().find(variables[i].fluent)->second;
      by_machine[places[i][round]].push_back({i, script.text(site_, variables[i].arguments)});
    }
    for (const auto& [name, questions] : by_machine) {
      const auto machine = machines_.find(name);
      if (machine == machines_.end())
        return Error{ErrorCode::kInvalid, "observe: the inventory has no machine " + name};
      const auto asked = ask(machine->second, questions, answers);
      if (!asked) return asked.error();
    }
  }
  return answers;
}

Result<std::optional<std::string>> HostPort::failure_of(const Call& call) {
  std::optional<std::string> why;
  const auto script = host::action_scripts().find(call.action);
  if (script == host::action_scripts().end()) return why;
  const auto machine = machines_.find(script->second.machine(call.arguments));
  if (machine == machines_.end()) return why;
  const std::string name = host::job_name(call.action, call.arguments);
  const auto answer = run(machine->second, "observe", host::job_failure(name, call.token), false);
  if (!answer) return answer.error();
  if (const std::string said = trimmed(answer.value().output); !said.empty())
    why = title_of(call.action, call.arguments) + " on " + machine->second.name + ": " + said +
          " (its log: " + std::string(host::kStateDirectory) + "/" + name + ".log)";
  return why;
}

}  // namespace wme::executor
