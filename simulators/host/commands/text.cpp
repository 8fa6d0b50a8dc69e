#include <algorithm>
#include <cstdlib>
#include <optional>
#include <regex>
#include <sstream>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/shell.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kTextUtils = "manual: coreutils 8.32";

/// What a filter reads: the files it names, or its input. None, and a complaint, if one is missing.
std::optional<std::string> text_of(const Invocation& call, const std::vector<std::string>& paths) {
  if (paths.empty()) return call.frame.in->rest();
  std::string all;
  for (const std::string& given : paths) {
    const FileNode* file = call.machine.files.find(call.path(given));
    if (file == nullptr || file->directory) {
      call.complain(call.args[0] + ": " + given + ": " +
                    (file == nullptr ? "No such file or directory" : "Is a directory") + "\n");
      return std::nullopt;
    }
    all += file->content;
  }
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> rest_of(const ParsedOptions& parsed, std::size_t from) {
  return {
      parsed.operands.begin() + static_cast<std::ptrdiff_t>(std::min(from, parsed.operands.size())),
      parsed.operands.end()};
}

/// Basic regular expressions differ where + ? | ( ) { } are plain; the rest is ECMAScript's.
std::string extended_from_basic(const std::string& basic) {
  std::string extended;
  for (std::size_t i = 0; i < basic.size(); ++i) {
    const bool special = std::string_view("+?|(){}").find(basic[i]) != std::string_view::npos;
    if (basic[i] == '\\' && i + 1 < basic.size()) {
      const char next = basic[++i];
      if (std::string_view("+?|(){}").find(next) != std::string_view::npos)
        extended += next;
      else
        extended += {'\\', next};
    } else if (special) {
      extended += {'\\', basic[i]};
    } else {
      extended += basic[i];
    }
  }
  return extended;
}

CommandEnd grep(Invocation& call) {
  const auto parsed = parse_options(call.args, "emA");
  std::vector<std::string> operands = parsed.operands;
  std::string pattern = parsed.value("-e");
  if (!parsed.has("-e")) {
    if (operands.empty()) return call.fail(2, "Usage: grep [OPTION]... PATTERNS [FILE]...\n");
    pattern = operands.front();
    operands.erase(operands.begin());
  }
  const auto text = text_of(call, operands);
  if (!text) return {2, std::nullopt};
  const bool fixed = parsed.has("-F");
  std::regex expression;
  try {
    auto flags = std::regex::ECMAScript;
    if (parsed.has("-i")) flags |= std::regex::icase;
    if (!fixed)
      expression = std::regex(parsed.has("-E") ? pattern : extended_from_basic(pattern), flags);
  } catch (const std::regex_error&) {
    return call.fail(2, "grep: Invalid regular expression\n");
  }
  int count = 0;
  std::string shown;
  for (const std::string& line : lines_of(*text)) {
    std::smatch match;
    const bool whole = parsed.has("-x");
    const bool found = fixed   ? (whole ? line == pattern : line.find(pattern) != std::string::npos)
                       : whole ? std::regex_match(line, match, expression)
                               : std::regex_search(line, match, expression);
    if (found == parsed.has("-v")) continue;
    ++count;
    shown += (parsed.has("-o") && !fixed ? match.str() : line) + "\n";
  }
  if (parsed.has("-c"))
    call.print(std::to_string(count) + "\n");
  else if (!parsed.has("-q"))
    call.print(shown);
  return {count > 0 ? 0 : 1, std::nullopt};
}

CommandEnd count_words(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const auto text = text_of(call, parsed.operands);
  if (!text) return {1, std::nullopt};
  const auto lines = std::count(text->begin(), text->end(), '\n');
  std::istringstream input(*text);
  std::size_t words = 0;
  for (std::string word; input >> word;) ++words;
  if (parsed.has("-l"))
    call.print(std::to_string(lines) + "\n");
  else if (parsed.has("-c"))
    call.print(std::to_string(text->size()) + "\n");
  else if (parsed.has("-w"))
    call.print(std::to_string(words) + "\n");
  else
    call.print(std::to_string(lines) + " " + std::to_string(words) + " " +
               std::to_string(text->size()) + "\n");
  return {};
}

CommandEnd head_or_tail(Invocation& call) {
  auto parsed = parse_options(call.args, "nc");
  const bool head = call.args[0] == "head";
  std::size_t count = 10;
  if (parsed.has("-n")) count = static_cast<std::size_t>(std::atol(parsed.value("-n").c_str()));
  for (const auto& [name, value] : parsed.options)  // head -3
    if (name.size() == 2 && name[1] >= '0' && name[1] <= '9')
      count = static_cast<std::size_t>(name[1] - '0');
  const auto text = text_of(call, parsed.operands);
  if (!text) return {1, std::nullopt};
  const auto lines = lines_of(*text);
  const std::size_t shown = std::min(count, lines.size());
  const std::size_t from = head ? 0 : lines.size() - shown;
  for (std::size_t i = from; i < from + shown; ++i) call.print(lines[i] + "\n");
  return {};
}

/// awk '{print $1, $3}', awk -F: '{print $2}', awk '/pattern/{print $1}', awk '$2=="x"{print $1}'.
CommandEnd awk(Invocation& call) {
  const auto parsed = parse_options(call.args, "F");
  if (parsed.operands.empty()) return call.fail(2, "usage: awk [-F fs] 'prog' [file ...]\n");
  static const std::regex kProgram(
      R"re(^\s*(?:/([^/]*)/|\$(\d+)\s*==\s*"([^"]*)")?\s*\{\s*print\s*([^}]*)\}\s*$)re");
  std::smatch program;
  if (!std::regex_match(parsed.operands[0], program, kProgram))
    return call.fail(
        2, "awk: this simulated shell knows '[/pattern/|$N==\"text\"]{print $N, ...}' only\n");
  const auto text = text_of(call, rest_of(parsed, 1));
  if (!text) return {2, std::nullopt};
  for (const std::string& line : lines_of(*text)) {
    std::vector<std::string> fields;
    const std::string separator = parsed.value("-F");
    std::istringstream input(line);
    if (separator.empty())
      for (std::string field; input >> field;) fields.push_back(field);
    else
      for (std::string field; std::getline(input, field, separator[0]);) fields.push_back(field);
    const auto field = [&](const std::string& number) {
      const auto index = static_cast<std::size_t>(std::atol(number.c_str()));
      return index == 0 ? line : index <= fields.size() ? fields[index - 1] : std::string();
    };
    if (program[1].matched && !std::regex_search(line, std::regex(program[1].str()))) continue;
    if (program[2].matched && field(program[2].str()) != program[3].str()) continue;
    static const std::regex kItem(R"re(\$(\d+|NF)|"([^"]*)"|(,))re");
    const std::string items = program[4].str();
    std::string shown;
    for (std::sregex_iterator at(items.begin(), items.end(), kItem), end; at != end; ++at) {
      if ((*at)[3].matched)
        shown += " ";
      else if ((*at)[2].matched)
        shown += (*at)[2].str();
      else
        shown +=
            (*at)[1].str() == "NF" ? (fields.empty() ? "" : fields.back()) : field((*at)[1].str());
    }
    call.print((items.find_first_not_of(' ') == std::string::npos ? line : shown) + "\n");
  }
  return {};
}

/// s/regex/text/[g] and /regex/d, on a file with -i or as a filter.
CommandEnd sed(Invocation& call) {
  const auto parsed = parse_options(call.args, "e");
  const std::string program = parsed.has("-e")          ? parsed.value("-e")
                              : parsed.operands.empty() ? ""
                                                        : parsed.operands[0];
  const auto paths = rest_of(parsed, parsed.has("-e") ? 0 : 1);
  if (program.size() < 3) return call.fail(1, "sed: no script specified\n");
  const bool deletes = program.front() != 's';
  const char mark = deletes ? program[0] == '\\' ? program[1] : '/' : program[1];
  std::vector<std::string> parts;
  std::istringstream input(program.substr(deletes ? (program[0] == '\\' ? 2 : 1) : 2));
  for (std::string part; std::getline(input, part, mark);) parts.push_back(part);
  if (parts.size() < (deletes ? 2U : 1U)) return call.fail(1, "sed: unterminated script\n");
  const auto text = text_of(call, paths);
  if (!text) return {2, std::nullopt};
  const std::regex expression(parsed.has("-E") || parsed.has("-r") ? parts[0]
                                                                   : extended_from_basic(parts[0]));
  const bool everywhere = !deletes && parts.size() > 2 && parts[2].find('g') != std::string::npos;
  std::string result;
  for (const std::string& line : lines_of(*text)) {
    if (deletes) {
      if (!std::regex_search(line, expression)) result += line + "\n";
      continue;
    }
    const std::string by = parts.size() > 1 ? parts[1] : "";
    result += std::regex_replace(line, expression, by,
                                 everywhere ? std::regex_constants::format_sed
                                            : std::regex_constants::format_sed |
                                                  std::regex_constants::format_first_only) +
              "\n";
  }
  if (!parsed.has("-i") || paths.empty()) {
    call.print(result);
  } else {
    const std::string path = call.path(paths[0]);
    auto refusal = write_refusal(path, call.frame);
    if (!refusal) refusal = call.machine.files.write(path, result);
    if (refusal) return call.fail(4, "sed: couldn't edit " + paths[0] + ": " + *refusal + "\n");
    call.site.file_changed(call.machine, path);
  }
  return {};
}

CommandEnd translate(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  const auto set = [&](std::size_t index) {
    std::string text = index < parsed.operands.size() ? parsed.operands[index] : "";
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n"))
      text.replace(at, 2, "\n");
    return text;
  };
  const std::string from = set(0);
  const std::string to = set(1);
  std::string result;
  for (const char c : call.frame.in->rest()) {
    const std::size_t at = from.find(c);
    if (at == std::string::npos)
      result += c;
    else if (!parsed.has("-d") && !to.empty())
      result += to[std::min(at, to.size() - 1)];
  }
  call.print(result);
  return {};
}

CommandEnd cut(Invocation& call) {
  const auto parsed = parse_options(call.args, "dfc");
  const auto text = text_of(call, parsed.operands);
  if (!text) return {1, std::nullopt};
  const char mark = parsed.value("-d").empty() ? '\t' : parsed.value("-d")[0];
  const auto wanted = static_cast<std::size_t>(std::atol(parsed.value("-f").c_str()));
  for (const std::string& line : lines_of(*text)) {
    std::vector<std::string> fields;
    std::istringstream input(line);
    for (std::string field; std::getline(input, field, mark);) fields.push_back(field);
    const bool marked = line.find(mark) != std::string::npos;
    call.print((!marked                                  ? line
                : wanted >= 1 && wanted <= fields.size() ? fields[wanted - 1]
                                                         : "") +
               "\n");
  }
  return {};
}

/// Numbers within the lines count as numbers: 20.9 comes before 20.10.
bool comes_first_as_version(const std::string& a, const std::string& b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const unsigned long long left = std::strtoull(a.c_str() + i, nullptr, 10);
      const unsigned long long right = std::strtoull(b.c_str() + j, nullptr, 10);
      if (left != right) return left < right;
      while (i < a.size() && is_digit(a[i])) ++i;
      while (j < b.size() && is_digit(b[j])) ++j;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

CommandEnd sort_lines(Invocation& call) {
  const auto parsed = parse_options(call.args, "k");
  const auto text = text_of(call, parsed.operands);
  if (!text) return {1, std::nullopt};
  auto lines = lines_of(*text);
  if (parsed.has("-V"))
    std::ranges::stable_sort(lines, comes_first_as_version);
  else
    std::ranges::sort(lines);
  if (parsed.has("-u")) lines.erase(std::ranges::unique(lines).begin(), lines.end());
  if (parsed.has("-r")) std::ranges::reverse(lines);
  for (const std::string& line : lines) call.print(line + "\n");
  return {};
}

}  // namespace

CommandTable text_commands() {
  return {
      {"grep",
       grep,
       {"manual: grep(1), GNU grep 3.7",
        "-E, -F, -c, -e, -i, -o, -q, -v, -x; expressions are those of ECMAScript, which POSIX "
        "classes and back-references are not."}},
      {"egrep",
       grep,
       {"manual: grep(1), GNU grep 3.7",
        "-E, -F, -c, -e, -i, -o, -q, -v, -x; expressions are those of ECMAScript, which POSIX "
        "classes and back-references are not."}},
      {"wc", count_words, {kTextUtils, "-l, -c, -w; no names of files."}},
      {"head", head_or_tail, {kTextUtils, "-n and -NUMBER; tail -f ends at once."}},
      {"tail", head_or_tail, {kTextUtils, "-n and -NUMBER; tail -f ends at once."}},
      {"awk",
       awk,
       {"manual: awk(1)",
        "Programs of one form: a condition on the line or on one field, then print."}},
      {"sed", sed, {"manual: sed(1), GNU sed 4.8", "One s or d command, as a filter or with -i."}},
      {"tr", translate, {kTextUtils, "Single characters and \\n; no ranges and classes."}},
      {"cut", cut, {kTextUtils, "-d and one field of -f."}},
      {"sort", sort_lines, {kTextUtils, "-u, -r and -V, of whole lines."}},
  };
}

}  // namespace wme::simulators
