#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulators/host/machine.hpp"
#include "simulators/host/shell_syntax.hpp"

namespace wme::simulators {

class HostSite;

/// Runs one parsed program on one machine. A process in the background can stop in the middle of a
/// command that waits for the world, and be resumed: how far each node got is kept beside the tree.
class ShellProcess {
 public:
  ShellProcess(HostSite& site, Machine& machine, std::shared_ptr<const shell::Node> program,
               Frame frame);
  /// The exit status; none while a command still waits for the world.
  std::optional<int> run();

 private:
  /// How far one node of the program got.
  struct Progress {
    std::size_t step = 0;
    int status = 0;
    bool opened = false;
    Frame frame;
    struct OpenFile {
      std::string path;
      Sink sink;
      bool append = false;
    };
    std::vector<OpenFile> files;
    std::vector<std::string> words;
    std::optional<Pending> pending;
    std::shared_ptr<const shell::Node> inner;  ///< of `bash -c`, or a script
    Frame inner_frame;
  };

  std::optional<int> eval(const shell::Node& node, const Frame& frame);
  std::optional<int> eval_in(const shell::Node& node, Progress& progress);
  std::optional<int> eval_list(const shell::Node& node, Progress& progress);
  std::optional<int> eval_if(const shell::Node& node, Progress& progress);
  std::optional<int> eval_for(const shell::Node& node, Progress& progress);
  std::optional<int> eval_simple(const shell::Node& node, Progress& progress);
  int eval_pipeline(const shell::Node& node, const Frame& frame);
  int start_job(const shell::Node& node, const Frame& frame);

  bool open(const shell::Node& node, Progress& progress);
  void close(Progress& progress);
  std::optional<int> dispatch(Progress& progress);
  std::optional<int> run_shell(std::vector<std::string> words, Progress& progress);
  std::optional<int> run_program(const std::string& source, std::vector<std::string> arguments,
                                 const std::string& name, Progress& progress);
  std::optional<int> run_file(const std::string& path, std::vector<std::string> words,
                              Progress& progress);
  std::optional<int> settle(CommandEnd end, Progress& progress);

  std::vector<std::string> expand(const shell::Word& word, const Frame& frame);
  std::string expand_one(const shell::Word& word, const Frame& frame);
  std::string variable(const std::string& name, const Frame& frame) const;
  std::string substitute(const std::string& source, const Frame& frame);

  HostSite& site_;
  Machine& machine_;
  std::shared_ptr<const shell::Node> program_;
  Frame frame_;
  std::map<const shell::Node*, Progress> progress_;
};

/// The frame with a scope of its own: what a subshell changes stays there.
Frame detached(Frame frame);

/// Why `user` may not write to `path`, in the kernel's words; none if it may.
std::optional<std::string> write_refusal(const std::string& path, const Frame& frame);

}  // namespace wme::simulators
