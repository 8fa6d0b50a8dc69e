#include <algorithm>
#include <cstdlib>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/commands/copies.hpp"
#include "simulators/host/shell.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kCoreutils = "manual: coreutils 8.32";
constexpr const char* kNoModes = "There are no owners and modes: accepted, and without effect.";

CommandEnd cat(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  if (parsed.operands.empty()) call.print(call.frame.in->rest());
  int status = 0;
  for (const std::string& operand : parsed.operands) {
    const std::string path = call.path(operand);
    const FileNode* file = call.machine.files.find(path);
    if (file == nullptr || file->directory) {
      call.complain("cat: " + operand + ": " +
                    (file == nullptr ? "No such file or directory" : "Is a directory") + "\n");
      status = 1;
      continue;
    }
    call.print(file->content);
    note_read(call, path);
  }
  return {status, std::nullopt};
}

CommandEnd echo(Invocation& call) {
  std::size_t at = 1;
  bool newline = true;
  for (; at < call.args.size() && (call.args[at] == "-n" || call.args[at] == "-e"); ++at)
    if (call.args[at] == "-n") newline = false;
  for (std::size_t i = at; i < call.args.size(); ++i)
    call.print((i > at ? " " : "") + call.args[i]);
  if (newline) call.print("\n");
  return {};
}

/// Formats with %s, %d and the usual escapes; the format is used again while arguments remain.
CommandEnd print_formatted(Invocation& call) {
  if (call.args.size() < 2)
    return call.fail(2, "bash: printf: usage: printf [-v var] format [arguments]\n");
  const std::string& format = call.args[1];
  std::size_t next = 2;
  do {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] == '\\' && i + 1 < format.size()) {
        const char escape = format[++i];
        call.print(escape == 'n' ? "\n" : escape == 't' ? "\t" : std::string(1, escape));
      } else if (format[i] == '%' && i + 1 < format.size()) {
        const char kind = format[++i];
        if (kind == '%')
          call.print("%");
        else
          call.print(next < call.args.size() ? call.args[next++] : std::string());
      } else {
        call.print(std::string(1, format[i]));
      }
    }
  } while (next < call.args.size() && format.find('%') != std::string::npos && next > 2);
  return {};
}

bool test_unary(Invocation& call, const std::string& flag, const std::string& operand) {
  if (flag == "-z") return operand.empty();
  if (flag == "-n") return !operand.empty();
  const std::string path = call.path(operand);
  const FileNode* node = call.machine.files.find(path);
  if (flag == "-b") return call.machine.files.device(path) != nullptr;
  if (node == nullptr) return false;
  if (flag == "-d") return node->directory;
  if (flag == "-f") return !node->directory && !path.starts_with("/dev/");
  if (flag == "-s") return node->directory || node->size > 0;
  return flag == "-e" || flag == "-r" || flag == "-w" || flag == "-x";
}

bool test_binary(const std::string& left, const std::string& op, const std::string& right) {
  if (op == "=" || op == "==") return left == right;
  if (op == "!=") return left != right;
  const long a = std::atol(left.c_str());
  const long b = std::atol(right.c_str());
  if (op == "-eq") return a == b;
  if (op == "-ne") return a != b;
  if (op == "-gt") return a > b;
  if (op == "-ge") return a >= b;
  if (op == "-lt") return a < b;
  return op == "-le" && a <= b;
}

CommandEnd test(Invocation& call) {
  std::vector<std::string> args(call.args.begin() + 1, call.args.end());
  if (call.args[0] == "[") {
    if (args.empty() || args.back() != "]") return call.fail(2, "bash: [: missing `]'\n");
    args.pop_back();
  }
  bool negated = false;
  while (!args.empty() && args.front() == "!" && args.size() > 1) {
    negated = !negated;
    args.erase(args.begin());
  }
  bool holds = false;
  if (args.size() == 1)
    holds = !args[0].empty();
  else if (args.size() == 2)
    holds = test_unary(call, args[0], args[1]);
  else if (args.size() == 3)
    holds = test_binary(args[0], args[1], args[2]);
  else if (args.size() > 3)
    return call.fail(2, "bash: " + call.args[0] + ": too many arguments\n");
  return {holds != negated ? 0 : 1, std::nullopt};
}

std::string long_line(const std::string& name, const FileNode& node) {
  const std::string size = std::to_string(node.size);
  return std::string(node.directory ? "drwxr-xr-x 2" : "-rw-r--r-- 1") + " root root " +
         std::string(size.size() < 12 ? 12 - size.size() : 0, ' ') + size + " Jun  1 10:00 " +
         name + "\n";
}

CommandEnd list(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  std::vector<std::string> operands = parsed.operands;
  if (operands.empty()) operands.push_back(".");
  int status = 0;
  for (const std::string& operand : operands) {
    const std::string path = call.path(operand);
    Filesystem& files = call.machine.files;
    const FileNode* node = files.find(path);
    if (node == nullptr) {
      call.complain("ls: cannot access '" + operand + "': No such file or directory\n");
      status = 2;
      continue;
    }
    std::vector<std::pair<std::string, std::string>> shown;  // name, path
    if (!node->directory || parsed.has("-d"))
      shown.emplace_back(operand, path);
    else
      for (const std::string& child : files.children(path))
        if (!child.starts_with('.') || parsed.has("-a") || parsed.has("-A"))
          shown.emplace_back(child, absolute_path(path, child));
    if (operands.size() > 1 && node->directory) call.print(operand + ":\n");
    for (const auto& [name, at] : shown) {
      const FileNode* child = files.find(at);
      call.print(parsed.has("-l") && child != nullptr ? long_line(name, *child) : name + "\n");
    }
  }
  return {status, std::nullopt};
}

CommandEnd make_directory(Invocation& call) {
  const auto parsed = parse_options(call.args, "m");
  for (const std::string& operand : parsed.operands) {
    const std::string path = call.path(operand);
    Filesystem& files = call.machine.files;
    const std::string refused = "mkdir: cannot create directory '" + operand + "': ";
    if (const auto refusal = write_refusal(path, call.frame))
      return call.fail(1, refused + *refusal + "\n");
    const FileNode* node = files.find(path);
    if (node != nullptr) {
      if (parsed.has("-p") && node->directory) continue;
      return call.fail(1, refused + "File exists\n");
    }
    if (!parsed.has("-p") && !files.is_directory(parent_of(path)))
      return call.fail(1, refused + "No such file or directory\n");
    const Filesystem::Place place = files.locate(path);
    place.tree->make_directories(place.path);
  }
  return {};
}

CommandEnd remove(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const bool deep = parsed.has("-r") || parsed.has("-R");
  for (const std::string& operand : parsed.operands) {
    const std::string path = call.path(operand);
    const FileNode* node = call.machine.files.find(path);
    const std::string refused = "rm: cannot remove '" + operand + "': ";
    if (node == nullptr) {
      if (parsed.has("-f")) continue;
      return call.fail(1, refused + "No such file or directory\n");
    }
    if (node->directory && !deep) return call.fail(1, refused + "Is a directory\n");
    if (const auto refusal = write_refusal(path, call.frame))
      return call.fail(1, refused + *refusal + "\n");
    const Filesystem::Place place = call.machine.files.locate(path);
    place.tree->erase(place.path);
    call.site.file_changed(call.machine, path);
  }
  return {};
}

CommandEnd copy_or_move(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const bool moves = call.args[0] == "mv";
  if (parsed.operands.size() < 2)
    return call.fail(1, call.args[0] + ": missing destination file operand\n");
  if (parsed.operands.size() > 2)
    return call.fail(1, call.args[0] + ": copy one file at a time in this simulated shell\n");
  const std::string from = call.path(parsed.operands[0]);
  std::string to = call.path(parsed.operands[1]);
  Filesystem& files = call.machine.files;
  if (files.is_directory(to)) to = absolute_path(to, name_of(from));
  if (parsed.has("-n") && files.find(to) != nullptr) return {};
  const bool deep = parsed.has("-r") || parsed.has("-a") || parsed.has("-R") || moves;
  return transfer(call, {from, to, parsed.operands[0], deep, moves});
}

CommandEnd tee(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const std::string text = call.frame.in->rest();
  call.print(text);
  for (const std::string& operand : parsed.operands) {
    const std::string path = call.path(operand);
    auto refusal = write_refusal(path, call.frame);
    const FileNode* old = call.machine.files.find(path);
    const std::string before = parsed.has("-a") && old != nullptr ? old->content : "";
    if (!refusal) refusal = call.machine.files.write(path, before + text);
    if (refusal) return call.fail(1, "tee: " + operand + ": " + *refusal + "\n");
    call.site.file_changed(call.machine, path);
  }
  return {};
}

CommandEnd touch(Invocation& call) {
  for (const std::string& operand : parse_options(call.args, "").operands) {
    const std::string path = call.path(operand);
    if (call.machine.files.find(path) != nullptr) continue;
    if (const auto refusal = call.machine.files.write(path, ""))
      return call.fail(1, "touch: cannot touch '" + operand + "': " + *refusal + "\n");
  }
  return {};
}

CommandEnd status_of(Invocation& call) {
  const auto parsed = parse_options(call.args, "c");
  for (const std::string& operand : parsed.operands) {
    const FileNode* node = call.machine.files.find(call.path(operand));
    if (node == nullptr)
      return call.fail(1, "stat: cannot statx '" + operand + "': No such file or directory\n");
    call.print(std::to_string(node->size) + "\n");
  }
  return {};
}

CommandEnd temporary(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const std::string path = "/tmp/tmp." + std::to_string(call.machine.next_pid++);
  const Filesystem::Place place = call.machine.files.locate(path);
  if (parsed.has("-d"))
    place.tree->make_directories(place.path);
  else
    place.tree->write(place.path, "");
  call.print(path + "\n");
  return {};
}

CommandEnd ignored(Invocation&) { return {}; }

CommandEnd remove_directory(Invocation& call) {
  for (const std::string& operand : parse_options(call.args, "").operands) {
    const std::string path = call.path(operand);
    if (!call.machine.files.is_directory(path) || !call.machine.files.children(path).empty())
      return call.fail(1, "rmdir: failed to remove '" + operand + "': Directory not empty\n");
    const Filesystem::Place place = call.machine.files.locate(path);
    place.tree->erase(place.path);
  }
  return {};
}

}  // namespace

CommandTable file_commands() {
  return {
      {"cat", cat, {kCoreutils, "No options."}},
      {"echo", echo, {"manual: bash(1), builtin commands", ""}},
      {"printf",
       print_formatted,
       {"manual: bash(1), builtin commands", "%s and %d, without widths."}},
      {"test",
       test,
       {"manual: bash(1), conditional expressions", "Those that scripts of the procedures use."}},
      {"[",
       test,
       {"manual: bash(1), conditional expressions", "Those that scripts of the procedures use."}},
      {"ls", list, {kCoreutils, "-a, -A, -d, -l; owner, mode and date are always the same."}},
      {"mkdir", make_directory, {kCoreutils, "-p; modes are ignored."}},
      {"rm", remove, {kCoreutils, "-r, -f."}},
      {"cp",
       copy_or_move,
       {kCoreutils,
        "One file or tree at a time. Copying an archive to the backup store is an action of the "
        "model, and takes its time in the background only."}},
      {"mv",
       copy_or_move,
       {kCoreutils,
        "One file or tree at a time. Copying an archive to the backup store is an action of the "
        "model, and takes its time in the background only."}},
      {"tee", tee, {kCoreutils, "-a."}},
      {"touch", touch, {kCoreutils, "There are no dates of files."}},
      {"stat", status_of, {kCoreutils, "Whatever the format: the size."}},
      {"mktemp", temporary, {kCoreutils, "Names are counted, not random."}},
      {"chmod", ignored, {kCoreutils, kNoModes}},
      {"chown", ignored, {kCoreutils, kNoModes}},
      {"rmdir", remove_directory, {kCoreutils, ""}},
  };
}

}  // namespace wme::simulators
