#include "simulators/host/shell.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

using shell::Node;
using shell::Redirect;
using shell::Word;

std::optional<std::string> InputText::line() {
  if (at >= text.size()) return std::nullopt;
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string result = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  return result;
}

std::string InputText::rest() {
  std::string result = text.substr(std::min(at, text.size()));
  at = text.size();
  return result;
}

std::optional<std::string> write_refusal(const std::string& path, const Frame& frame) {
  if (frame.root || path.starts_with("/tmp/") || path.starts_with("/var/tmp/") ||
      path == "/dev/null" || path.starts_with("/home/" + frame.scope->user))
    return std::nullopt;
  return "Permission denied";
}

Frame detached(Frame frame) {
  frame.scope = std::make_shared<ShellScope>(*frame.scope);
  return frame;
}

ShellProcess::ShellProcess(HostSite& site, Machine& machine, std::shared_ptr<const Node> program,
                           Frame frame)
    : site_(site), machine_(machine), program_(std::move(program)), frame_(std::move(frame)) {
  frame_.program = program_;
}

std::optional<int> ShellProcess::run() {
  const auto status = eval(*program_, frame_);
  if (status && frame_.scope->exited) return frame_.scope->exited;
  return status;
}

std::optional<int> ShellProcess::eval(const Node& node, const Frame& frame) {
  Progress& progress = progress_[&node];
  if (!progress.opened) {
    progress.opened = true;
    progress.frame = frame;
    if (node.kind == Node::Kind::kSubshell) progress.frame = detached(progress.frame);
    if (!open(node, progress)) {
      close(progress);
      progress_.erase(&node);
      frame.scope->status = 1;
      return 1;
    }
  }
  const auto status = eval_in(node, progress);
  if (!status) return std::nullopt;
  close(progress);
  progress_.erase(&node);
  frame.scope->status = *status;
  return status;
}

std::optional<int> ShellProcess::eval_in(const Node& node, Progress& progress) {
  switch (node.kind) {
    case Node::Kind::kSimple:
      return eval_simple(node, progress);
    case Node::Kind::kPipeline:
      return eval_pipeline(node, progress.frame);
    case Node::Kind::kAnd:
    case Node::Kind::kOr: {
      if (progress.step == 0) {
        const auto left = eval(*node.parts[0], progress.frame);
        if (!left) return std::nullopt;
        progress.step = 1;
        const bool go_on = node.kind == Node::Kind::kAnd ? *left == 0 : *left != 0;
        if (!go_on || progress.frame.scope->exited) return left;
      }
      return eval(*node.parts[1], progress.frame);
    }
    case Node::Kind::kNot: {
      const auto status = eval(*node.parts[0], progress.frame);
      if (!status) return std::nullopt;
      return *status == 0 ? 1 : 0;
    }
    case Node::Kind::kList:
      return eval_list(node, progress);
    case Node::Kind::kBackground:
      return start_job(*node.parts[0], progress.frame);
    case Node::Kind::kIf:
      return eval_if(node, progress);
    case Node::Kind::kFor:
      return eval_for(node, progress);
    case Node::Kind::kGroup:
      return eval(*node.parts[0], progress.frame);
    case Node::Kind::kSubshell: {
      const auto status = eval(*node.parts[0], progress.frame);
      if (status && progress.frame.scope->exited) return progress.frame.scope->exited;
      return status;
    }
  }
  return 2;
}

std::optional<int> ShellProcess::eval_list(const Node& node, Progress& progress) {
  ShellScope& scope = *progress.frame.scope;
  for (; progress.step < node.parts.size(); ++progress.step) {
    const Node& part = *node.parts[progress.step];
    const auto status = eval(part, progress.frame);
    if (!status) return std::nullopt;
    progress.status = *status;
    if (scope.exited) return scope.exited;
    const bool tested = part.kind == Node::Kind::kAnd || part.kind == Node::Kind::kOr ||
                        part.kind == Node::Kind::kNot;
    if (*status != 0 && scope.stop_on_error && !tested) {
      scope.exited = status;
      return status;
    }
  }
  return progress.status;
}

std::optional<int> ShellProcess::eval_if(const Node& node, Progress& progress) {
  // step: the part under way; an even one before the last is a condition.
  while (progress.step < node.parts.size()) {
    const std::size_t at = progress.step;
    const bool condition = at % 2 == 0 && at + 1 < node.parts.size();
    ShellScope& scope = *progress.frame.scope;
    const bool stop_on_error = scope.stop_on_error;
    if (condition) scope.stop_on_error = false;
    const auto status = eval(*node.parts[at], progress.frame);
    scope.stop_on_error = stop_on_error;
    if (!status) return std::nullopt;
    if (!condition || scope.exited) return status;
    progress.step = *status == 0 ? at + 1 : at + 2;
  }
  return 0;
}

std::optional<int> ShellProcess::eval_for(const Node& node, Progress& progress) {
  if (progress.step == 0 && progress.words.empty())
    for (const Word& word : node.words)
      for (std::string& text : expand(word, progress.frame)) progress.words.push_back(text);
  for (; progress.step < progress.words.size(); ++progress.step) {
    progress.frame.scope->variables[node.name] = progress.words[progress.step];
    const auto status = eval(*node.parts[0], progress.frame);
    if (!status) return std::nullopt;
    progress.status = *status;
    if (progress.frame.scope->exited) break;
  }
  return progress.status;
}

int ShellProcess::eval_pipeline(const Node& node, const Frame& frame) {
  Frame part = frame;
  part.may_wait = false;
  std::vector<int> statuses;
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    const bool last = i + 1 == node.parts.size();
    part.out = last ? frame.out : std::make_shared<std::string>();
    Frame own = detached(part);
    statuses.push_back(eval(*node.parts[i], own).value_or(1));
    part.in = std::make_shared<InputText>(InputText{*part.out, 0});
  }
  if (!frame.scope->pipe_fails) return statuses.back();
  const auto failed =
      std::find_if(statuses.rbegin(), statuses.rend(), [](int status) { return status != 0; });
  return failed == statuses.rend() ? 0 : *failed;
}

int ShellProcess::start_job(const Node& node, const Frame& frame) {
  // The job keeps the whole program alive and runs one node of it.
  std::shared_ptr<const Node> part(frame.program, &node);
  Frame own = detached(frame);
  own.may_wait = true;
  own.in = std::make_shared<InputText>();
  own.out = std::make_shared<std::string>();
  own.err = own.out;
  const int pid = machine_.next_pid++;
  frame.scope->background = pid;
  auto process = std::make_shared<ShellProcess>(site_, machine_, part, own);
  process->frame_.program = frame.program;
  if (!process->run()) machine_.jobs.push_back({pid, std::move(process)});
  return 0;
}

std::optional<int> ShellProcess::eval_simple(const Node& node, Progress& progress) {
  if (progress.inner) {
    const auto status = eval(*progress.inner, progress.inner_frame);
    if (!status) return std::nullopt;
    return progress.inner_frame.scope->exited.value_or(*status);
  }
  if (progress.pending) {
    if (site_.runs(*progress.pending)) return std::nullopt;
    return progress.pending->finish();
  }
  for (const Word& word : node.words)
    for (std::string& text : expand(word, progress.frame)) progress.words.push_back(text);
  int substituted = 0;
  for (const auto& [name, value] : node.assignments) {
    progress.frame.scope->status = 0;
    progress.frame.scope->variables[name] = expand_one(value, progress.frame);
    substituted = progress.frame.scope->status;
  }
  if (progress.words.empty()) return substituted;
  return dispatch(progress);
}

bool ShellProcess::open(const Node& node, Progress& progress) {
  for (const Redirect& redirect : node.redirects) {
    Frame& frame = progress.frame;
    if (redirect.kind == Redirect::Kind::kDuplicate) {
      (redirect.descriptor == 2 ? frame.err : frame.out) =
          redirect.duplicate_of == 1 ? frame.out : frame.err;
      continue;
    }
    const std::string shown = expand_one(redirect.target, frame);
    const std::string path = absolute_path(frame.scope->directory, shown);
    const FileNode* file = machine_.files.find(path);
    std::optional<std::string> refusal;
    if (redirect.kind == Redirect::Kind::kInput) {
      if (path == "/dev/null") {
        frame.in = std::make_shared<InputText>();
        continue;
      }
      if (file == nullptr)
        refusal = "No such file or directory";
      else if (file->directory)
        refusal = "Is a directory";
      else
        frame.in = std::make_shared<InputText>(InputText{file->content, 0});
    } else {
      const Sink sink = std::make_shared<std::string>();
      (redirect.descriptor == 2 ? frame.err : frame.out) = sink;
      if (path == "/dev/null") continue;
      if (path.starts_with("/dev/tcp/")) {
        site_.port_tried(machine_, path);
        frame.err->append("bash: connect: Connection refused\n");
        return false;
      }
      refusal = write_refusal(path, frame);
      const bool append = redirect.kind == Redirect::Kind::kAppend;
      if (!refusal && (!append || file == nullptr)) refusal = machine_.files.write(path, "");
      if (!refusal) progress.files.push_back({path, sink, append});
    }
    if (refusal) {
      progress.files.clear();
      // The message goes where this shell complains, not into the file it could not open.
      (redirect.descriptor == 2 ? frame_.err : frame.err)
          ->append(frame.scope->name + ": " + shown + ": " + *refusal + "\n");
      return false;
    }
  }
  return true;
}

void ShellProcess::close(Progress& progress) {
  for (const Progress::OpenFile& open : progress.files) {
    std::string content = *open.sink;
    if (open.append)
      if (const FileNode* file = machine_.files.find(open.path)) content = file->content + content;
    machine_.files.write(open.path, std::move(content));
    site_.file_changed(machine_, open.path);
  }
}

std::optional<int> ShellProcess::settle(CommandEnd end, Progress& progress) {
  if (!end.pending) return end.status;
  progress.pending = std::move(end.pending);
  return std::nullopt;
}

std::optional<int> ShellProcess::dispatch(Progress& progress) {
  std::vector<std::string> words = std::move(progress.words);
  Frame& frame = progress.frame;
  const auto drop = [&words](std::size_t count) {
    words.erase(words.begin(),
                words.begin() + static_cast<std::ptrdiff_t>(std::min(count, words.size())));
  };
  while (!words.empty()) {
    const std::string name = words[0];
    if (name == "sudo") {
      if (!frame.root && site_.world().conditions().no_sudo.contains(machine_.name)) {
        frame.err->append("sudo: a password is required\n");
        return 1;
      }
      drop(1);
      while (!words.empty() && words[0].starts_with("-"))
        drop(words[0] == "-u" || words[0] == "-g" ? 2 : 1);
      frame = detached(frame);
      frame.root = true;
      frame.scope->user = "root";
    } else if (name == "nohup" || name == "time" || name == "exec" || name == "setsid" ||
               (name == "command" && words.size() > 1 && !words[1].starts_with("-"))) {
      drop(1);
    } else if (name == "timeout" || name == "nice") {
      drop(1);
      while (!words.empty() && words[0].starts_with("-")) drop(words[0] == "-n" ? 2 : 1);
      if (name == "timeout") drop(1);
    } else if (name == "env") {
      drop(1);
      while (!words.empty() && words[0].find('=') != std::string::npos) drop(1);
    } else if (name == "flock") {
      drop(1);
      while (!words.empty() && words[0].starts_with("-")) drop(words[0] == "-w" ? 2 : 1);
      drop(1);
      if (!words.empty() && words[0] == "-c")
        words[0] = "bash", words.insert(words.begin() + 1, "-c");
    } else {
      break;
    }
  }
  if (words.empty()) return 0;
  if (words[0] == "bash" || words[0] == "sh" || words[0] == "/bin/bash")
    return run_shell(std::move(words), progress);
  if (words[0] == "source" || words[0] == "." || words[0].find('/') != std::string::npos) {
    if (words[0] == "source" || words[0] == ".") drop(1);
    if (words.empty()) return 0;
    const std::string path = words[0];
    return run_file(path, std::move(words), progress);
  }
  const auto handler = commands().find(words[0]);
  if (handler == commands().end() || is_installer_script(words[0])) {
    frame.err->append(frame.scope->name + ": " + words[0] + ": command not found\n");
    return 127;
  }
  Invocation call{site_, machine_, frame, std::move(words)};
  return settle(handler->second.handler(call), progress);
}

std::optional<int> ShellProcess::run_shell(std::vector<std::string> words, Progress& progress) {
  std::size_t at = 1;
  bool from_argument = false;
  bool from_input = words.size() == 1;
  for (; at < words.size() && words[at].starts_with("-") && words[at].size() > 1; ++at) {
    if (words[at].find('c') != std::string::npos) from_argument = true;
    if (words[at].find('s') != std::string::npos) from_input = true;
  }
  const auto tail = [&words](std::size_t from) {
    return from >= words.size()
               ? std::vector<std::string>()
               : std::vector<std::string>(words.begin() + static_cast<std::ptrdiff_t>(from),
                                          words.end());
  };
  if (from_argument) {
    if (at >= words.size()) {
      progress.frame.err->append("bash: -c: option requires an argument\n");
      return 2;
    }
    const std::string name = at + 1 < words.size() ? words[at + 1] : "bash";
    return run_program(words[at], tail(at + 2), name, progress);
  }
  if (from_input) return run_program(progress.frame.in->rest(), tail(at), "bash", progress);
  return run_file(words[at], tail(at), progress);
}

std::optional<int> ShellProcess::run_program(const std::string& source,
                                             std::vector<std::string> arguments,
                                             const std::string& name, Progress& progress) {
  auto program = shell::parse(source);
  if (!program) {
    progress.frame.err->append(name + ": -c: line 1: " + program.error().message + "\n");
    return 2;
  }
  progress.inner = std::shared_ptr<const Node>(std::move(program).value());
  progress.inner_frame = detached(progress.frame);
  progress.inner_frame.program = progress.inner;
  ShellScope& scope = *progress.inner_frame.scope;
  scope.arguments = std::move(arguments);
  scope.name = name;
  scope.stop_on_error = scope.pipe_fails = false;
  scope.exited.reset();
  const auto status = eval(*progress.inner, progress.inner_frame);
  if (!status) return std::nullopt;
  return scope.exited.value_or(*status);
}

std::optional<int> ShellProcess::run_file(const std::string& path, std::vector<std::string> words,
                                          Progress& progress) {
  const std::string whole = absolute_path(progress.frame.scope->directory, path);
  const FileNode* file = machine_.files.find(whole);
  const std::string name = name_of(whole);
  const bool is_program =
      file == nullptr &&
      (whole.starts_with("/usr/") || whole.starts_with("/bin/") || whole.starts_with("/sbin/")) &&
      !is_installer_script(name) && commands().contains(name);
  if (file == nullptr && !is_program) {
    progress.frame.err->append("bash: " + path + ": No such file or directory\n");
    return 127;
  }
  if (file != nullptr && file->directory) {
    progress.frame.err->append("bash: " + path + ": Is a directory\n");
    return 126;
  }
  const auto handler = commands().find(name);
  if (handler != commands().end()) {
    words[0] = whole;
    Invocation call{site_, machine_, progress.frame, std::move(words)};
    return settle(handler->second.handler(call), progress);
  }
  const std::string source = file->content;
  words.erase(words.begin());
  return run_program(source, std::move(words), path, progress);
}

}  // namespace wme::simulators
