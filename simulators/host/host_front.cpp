#include "simulators/host/host_front.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/shell.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

using shell::Node;
using shell::Part;

std::string literal(const shell::Word& word) {
  std::string text;
  for (const Part& part : word)
    if (part.kind == Part::Kind::kText) text += part.text;
  return text;
}

/// The first simple command of a program.
const Node* first_command(const Node& node) {
  if (node.kind == Node::Kind::kSimple) return &node;
  for (const auto& part : node.parts)
    if (const Node* found = first_command(*part)) return found;
  return nullptr;
}

std::vector<std::string> without_wrappers(const Node& simple) {
  std::vector<std::string> words;
  for (const shell::Word& word : simple.words) words.push_back(literal(word));
  std::size_t at = 0;
  while (at < words.size()) {
    const bool lock = words[at] == "flock";
    const bool wrapper = lock || words[at] == "sudo" || words[at] == "nohup" || words[at] == "env";
    if (!wrapper) break;
    ++at;
    while (at < words.size() && words[at].starts_with("-")) {
      const bool takes_value = lock && (words[at] == "-w" || words[at] == "-E");
      at += takes_value ? 2 : 1;
    }
    if (lock) ++at;  // the file that is locked
  }
  at = std::min(at, words.size());
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  return words;
}

/// The program inside `bash -c '...'`; empty for anything else.
std::string inner_program(const std::vector<std::string>& words) {
  const bool shell = words.size() > 2 && (words[0] == "bash" || words[0] == "sh") &&
                     words[1].starts_with("-") && words[1].find('c') != std::string::npos;
  return shell ? words[2] : "";
}

std::string first_word(const std::string& command) {
  const auto program = shell::parse(command);
  if (!program) return "";
  const Node* simple = first_command(*program.value());
  if (simple == nullptr) return "";
  const auto words = without_wrappers(*simple);
  if (words.empty()) return "";
  const std::string inner = inner_program(words);
  if (!inner.empty()) return first_word(inner);
  if (words[0] == ":" && words.size() > 1) return words[1];
  if ((words[0] == "bash" || words[0] == "sh") && words.size() > 1) return name_of(words[1]);
  return name_of(words[0]);
}

bool any_reads_input(const Node& node, bool fed) {
  if (node.kind == Node::Kind::kBackground) return false;
  bool is_fed = fed;
  for (const shell::Redirect& redirect : node.redirects)
    if (redirect.kind == shell::Redirect::Kind::kInput) is_fed = true;
  if (node.kind == Node::Kind::kSimple) {
    std::vector<std::string> words = without_wrappers(node);
    if (is_fed || words.empty()) return false;
    const std::string inner = inner_program(words);
    if (!inner.empty()) {
      const auto program = shell::parse(inner);
      return program && any_reads_input(*program.value(), false);
    }
    if (words[0] == "bash" || words[0] == "sh") {
      if (words.size() == 1 || words[1] == "-s") return true;
      words.erase(words.begin());
    }
    return reads_input(words);
  }
  for (std::size_t i = 0; i < node.parts.size(); ++i)
    if (any_reads_input(*node.parts[i], is_fed || (node.kind == Node::Kind::kPipeline && i > 0)))
      return true;
  return false;
}

Frame frame_for(const std::string& user, const std::string& input) {
  Frame frame;
  frame.in = std::make_shared<InputText>(InputText{input, 0});
  frame.out = std::make_shared<std::string>();
  frame.err = std::make_shared<std::string>();
  frame.scope = std::make_shared<ShellScope>();
  frame.scope->user = user;
  const std::string home = user == "root" ? "/root" : "/home/" + user;
  frame.scope->directory = home;
  frame.scope->variables = {{"HOME", home}, {"USER", user}};
  frame.root = user == "root";
  return frame;
}

}  // namespace

FidelityLedger HostFront::fidelity() {
  FidelityLedger ledger{
      "Linux hosts over SSH",
      "A real SSH server (libssh), behind which a shell of our own runs commands of our own on a "
      "file system in memory. A command that is not listed is not found (127); an option that is "
      "not listed makes no difference. A command that somebody waits for takes no time of the "
      "simulated clock; what is started in the background takes the model's.",
      {fidelity_of("a login", "SSH, public key",
                   {"manual: sshd(8)",
                    "Every user may log in with the one key; no passwords, no "
                    "agents, no forwarding, no SFTP."}),
       fidelity_of("the shell", "ssh HOST 'a && b | c'",
                   {"manual: bash(1)",
                    "Lists, pipes, redirections, conditions, loops, substitutions and here "
                    "documents; no arrays, functions and job control."}),
       fidelity_of(
           "sudo", "sudo, nohup, env, flock",
           {"manual: sudo(8)", "It asks for no password unless the machine was made to."})}};
  for (const auto& [name, command] : commands())
    ledger.entries.push_back(fidelity_of(name, "ssh HOST " + name, command.origin));
  return ledger;
}

HostFront::HostFront(World& world) : world_(world) {
  const auto lock = world_.enter();
  site_ = std::make_unique<HostSite>(world_);
}

HostFront::~HostFront() = default;

bool HostFront::reachable(const std::string& machine) {
  const auto lock = world_.enter();
  return site_->resolve(machine).has_value();
}

bool HostFront::reads_input(const std::string& command) const {
  const auto program = shell::parse(command);
  return program && any_reads_input(*program.value(), false);
}

HostFront::Answer HostFront::execute(const std::string& machine, const std::string& user,
                                     const std::string& command, const std::string& input) {
  const auto lock = world_.enter();
  site_->reconcile();
  site_->run_jobs();
  const auto name = site_->resolve(machine);
  if (!name) return {Reach::kUnreachable, 255, "", ""};
  const Fault fault = world_.next_fault("ssh " + first_word(command));
  if (fault == Fault::kRequestLost || fault == Fault::kThrottled)
    return {Reach::kCutBefore, 255, "", ""};
  if (fault == Fault::kServerError)
    return {Reach::kAnswered, 254, "", "bash: fork: retry: Resource temporarily unavailable\n"};
  if (fault == Fault::kDenied) return {Reach::kAnswered, 1, "", "sudo: a password is required\n"};

  auto program = shell::parse(command);
  if (!program)
    return {Reach::kAnswered, 2, "", "bash: -c: line 1: " + program.error().message + "\n"};
  const Frame frame = frame_for(user, input);
  ShellProcess process(*site_, *site_->machine(*name),
                       std::shared_ptr<const Node>(std::move(program).value()), frame);
  const int status = process.run().value_or(1);
  site_->reconcile();
  site_->run_jobs();
  if (fault == Fault::kAnswerLost) return {Reach::kCutAfter, 255, "", ""};
  return {Reach::kAnswered, status, *frame.out, *frame.err};
}

std::vector<HostFront::Endpoint> HostFront::endpoints() const {
  const model::Inventory& inventory = world_.installation().inventory;
  std::vector<Endpoint> all;
  std::set<std::string> seen;
  const auto add = [&](const std::string& name, const std::string& user) {
    if (!name.empty() && seen.insert(name).second) all.push_back({name, user});
  };
  const auto add_machine = [&](const std::string& name, const std::string& user,
                               const std::string& address, const std::string& next) {
    add(name, user);
    add(name + "-new", user);
    add(address, user);
    add(next, user);
  };
  const model::Platform& platform = inventory.platform;
  add_machine("platform", platform.ssh_user, platform.address, platform.new_address);
  for (const model::Instance& each : inventory.instances)
    add_machine(each.name, each.ssh_user, each.address, each.new_address);
  return all;
}

}  // namespace wme::simulators
