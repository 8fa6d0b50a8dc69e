#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulators/host/filesystem.hpp"

namespace wme::simulators {

namespace shell {
struct Node;
}
class ShellProcess;

/// Where a command's output goes; shared, so that `2>&1` keeps the order of the lines.
using Sink = std::shared_ptr<std::string>;

struct InputText {
  std::string text;
  std::size_t at = 0;
  std::optional<std::string> line();  ///< without its newline; none at the end
  std::string rest();
};

/// One shell's variables and what `cd`, `set` and `exit` change.
struct ShellScope {
  std::map<std::string, std::string> variables;
  std::vector<std::string> arguments;  ///< $1 ...
  std::string name = "bash";           ///< $0
  std::string directory = "/root";
  std::string user = "root";
  int status = 0;
  int background = 0;  ///< $!
  bool stop_on_error = false;
  bool pipe_fails = false;
  std::optional<int> exited;
};

/// What surrounds one command.
struct Frame {
  std::shared_ptr<InputText> in;
  Sink out;
  Sink err;
  std::shared_ptr<ShellScope> scope;
  bool root = false;
  /// A job in the background waits for the world; whoever types in the foreground has the
  /// outcome at once, since the clock may be one that only the caller moves.
  bool may_wait = false;
  std::shared_ptr<const shell::Node> program;  ///< keeps alive what is being executed
};

/// A command that ends when the world's outcome of an action is there.
struct Pending {
  std::string action;
  std::vector<std::string> arguments;
  std::function<int()> finish;
};

struct CommandEnd {
  int status = 0;
  std::optional<Pending> pending;
};

struct Job {
  int pid = 0;
  std::shared_ptr<ShellProcess> process;
};

/// One simulated Linux machine: its files, and what runs in the background.
struct Machine {
  std::string name;  ///< in the model: "platform-new"
  bool up = false;
  std::string hostname;
  std::string identity;  ///< instance id or VM name, as its firmware tells it
  std::string address;
  std::string interface = "ens5";
  Filesystem files;
  std::vector<Job> jobs;
  int next_pid = 1200;
  bool docker_installed = true;
  std::string docker_version = "24.0.6";      ///< that is installed, or that its repository offers
  std::map<std::string, std::string> groups;  ///< user -> "docker"
};

}  // namespace wme::simulators
