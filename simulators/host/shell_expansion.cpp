#include <fnmatch.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "simulators/host/shell.hpp"

/// What words become: variables, command substitution, fields, wildcards.
namespace wme::simulators {

using shell::Node;
using shell::Part;
using shell::Word;

namespace {

const std::string& home_of(const Frame& frame) {
  static const std::string kRoot = "/root";
  const auto at = frame.scope->variables.find("HOME");
  return at == frame.scope->variables.end() ? kRoot : at->second;
}

bool has_wildcard(const Word& word) {
  return std::ranges::any_of(word, [](const Part& part) {
    return part.kind == Part::Kind::kText && !part.quoted &&
           part.text.find_first_of("*?") != std::string::npos;
  });
}

std::vector<std::string> matches(Filesystem& files, const std::string& pattern) {
  std::vector<std::string> paths = {"/"};
  for (std::size_t at = 1; at <= pattern.size();) {
    const std::size_t end = std::min(pattern.find('/', at), pattern.size());
    const std::string part = pattern.substr(at, end - at);
    std::vector<std::string> next;
    for (const std::string& path : paths) {
      for (const std::string& child : files.children(path))
        if (fnmatch(part.c_str(), child.c_str(), FNM_PERIOD) == 0)
          next.push_back(absolute_path(path, child));
    }
    paths = std::move(next);
    at = end + 1;
  }
  return paths;
}

}  // namespace

std::string ShellProcess::variable(const std::string& name, const Frame& frame) const {
  const ShellScope& scope = *frame.scope;
  const std::size_t colon = name.find(":-");
  if (colon != std::string::npos) {
    const std::string value = variable(name.substr(0, colon), frame);
    return value.empty() ? name.substr(colon + 2) : value;
  }
  if (name == "?") return std::to_string(scope.status);
  if (name == "!") return std::to_string(scope.background);
  if (name == "$") return std::to_string(machine_.next_pid);
  if (name == "#") return std::to_string(scope.arguments.size());
  if (name == "0") return scope.name;
  if (name == "@" || name == "*") {
    std::string all;
    for (const std::string& argument : scope.arguments) all += (all.empty() ? "" : " ") + argument;
    return all;
  }
  if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto index = static_cast<std::size_t>(name[0] - '1');
    return index < scope.arguments.size() ? scope.arguments[index] : "";
  }
  const auto at = scope.variables.find(name);
  return at == scope.variables.end() ? "" : at->second;
}

std::string ShellProcess::substitute(const std::string& source, const Frame& frame) {
  auto program = shell::parse(source);
  if (!program) {
    frame.err->append("bash: command substitution: " + program.error().message + "\n");
    frame.scope->status = 2;
    return "";
  }
  Frame own = detached(frame);
  own.out = std::make_shared<std::string>();
  own.may_wait = false;
  ShellProcess process(site_, machine_, std::shared_ptr<const Node>(std::move(program).value()),
                       own);
  frame.scope->status = process.run().value_or(1);
  std::string text = *own.out;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string ShellProcess::expand_one(const Word& word, const Frame& frame) {
  std::string text;
  for (const Part& part : word) {
    if (part.kind == Part::Kind::kVariable)
      text += variable(part.text, frame);
    else if (part.kind == Part::Kind::kCommand)
      text += substitute(part.text, frame);
    else
      text += part.text;
  }
  if (!word.empty() && word[0].kind == Part::Kind::kText && !word[0].quoted &&
      (text == "~" || text.starts_with("~/")))
    text = home_of(frame) + text.substr(1);
  return text;
}

std::vector<std::string> ShellProcess::expand(const Word& word, const Frame& frame) {
  std::vector<std::string> fields;
  std::string current;
  bool open = false;
  const auto flush = [&] {
    if (open) fields.push_back(current);
    current.clear();
    open = false;
  };
  for (const Part& part : word) {
    if (part.kind == Part::Kind::kVariable && part.text == "@" && part.quoted) {
      for (std::size_t i = 0; i < frame.scope->arguments.size(); ++i) {
        if (i > 0) flush();
        current += frame.scope->arguments[i];
        open = true;
      }
      continue;
    }
    std::string text = part.text;
    if (part.kind == Part::Kind::kVariable) text = variable(part.text, frame);
    if (part.kind == Part::Kind::kCommand) text = substitute(part.text, frame);
    if (part.kind == Part::Kind::kText || part.quoted) {
      current += text;
      open = true;
      continue;
    }
    for (const char c : text) {  // an unquoted expansion falls into fields
      if (c == ' ' || c == '\t' || c == '\n') {
        flush();
      } else {
        current += c;
        open = true;
      }
    }
  }
  flush();
  if (fields.size() != 1) return fields;
  if (!word[0].quoted && (fields[0] == "~" || fields[0].starts_with("~/")))
    fields[0] = home_of(frame) + fields[0].substr(1);
  if (!has_wildcard(word)) return fields;
  auto found = matches(machine_.files, absolute_path(frame.scope->directory, fields[0]));
  return found.empty() ? fields : found;
}

}  // namespace wme::simulators
