#include "executor/drivers/host/host_survey.hpp"

#include <charconv>
#include <sstream>
#include <utility>

#include "executor/drivers/host/quoting.hpp"
#include "executor/ports/clock_reading.hpp"

namespace wme::executor {

namespace {

constexpr std::string_view kMark = "@@ ";

std::string stripped(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return "";
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!stripped(line).empty()) lines.push_back(stripped(line));
  return lines;
}

std::optional<long long> count_in(const std::string& text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The last line of `df -P -k`: source, total, used, free, percentage, mount point.
std::optional<Space> space_of(const std::string& path, const std::string& printed) {
  const auto lines = lines_of(printed);
  if (lines.size() < 2) return std::nullopt;
  const auto words = words_of(lines.back());
  if (words.size() < 6) return std::nullopt;
  const auto total = count_in(words[1]);
  const auto used = count_in(words[2]);
  const auto free = count_in(words[3]);
  if (!total || !used || !free) return std::nullopt;
  return Space{path, words[5], *total, *used, *free};
}

/// Between the last pair of quotes: `"cidr": "10.2.1.1/24"`.
std::string last_quoted(const std::string& text) {
  const std::size_t end = text.rfind('"');
  if (end == std::string::npos || end == 0) return "";
  const std::size_t begin = text.rfind('"', end - 1);
  return begin == std::string::npos ? "" : text.substr(begin + 1, end - begin - 1);
}

/// Sections of the output by their headings, in order.
std::vector<std::pair<std::string, std::string>> sections_of(const std::string& output) {
  std::vector<std::pair<std::string, std::string>> sections;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kMark))
      sections.emplace_back(stripped(line.substr(kMark.size())), "");
    else if (!sections.empty())
      sections.back().second += line + "\n";
  }
  return sections;
}

}  // namespace

namespace host {

std::string survey_command(const std::vector<std::string>& paths) {
  const auto heading = [](const std::string& name) { return "echo '@@ " + name + "'\n"; };
  std::string program = heading("hostname") + "hostname\n" + heading("identity") +
                        "cd /sys/class/dmi/id && cat board_asset_tag product_serial product_uuid "
                        "2> /dev/null\n";
  for (const std::string& path : paths)
    program += heading("space " + path) + "df -P -k " + shell_quoted(path) + " 2> /dev/null\n";
  program += heading("fstab") + "cat /etc/fstab\n";
  for (const char* target : {"/wm-data", "/wm-runtime", "/data"})
    program += heading(std::string("serial ") + target) + "device=$(findmnt -n -o SOURCE " +
               target + ")\nif test -n \"$device\"; then lsblk -dno SERIAL \"$device\"; fi\n";
  program += heading("addresses") + "ip -o -4 addr show\n" + heading("installers") +
             "ls /usr/local/content/wme/wme-installer 2> /dev/null\n" + heading("cidr") +
             "grep -o '\"cidr\"[^,}]*' /wm-runtime/conf/config-wizard/config/setup-env.json 2> "
             "/dev/null\n" +
             heading("docker") + "docker --version 2> /dev/null\n" + heading("end");
  return ": survey\necho \"@@ clock $(date -u +%s)\"\nsudo -n bash -c " + shell_quoted(program);
}

HostFacts read_survey(const std::string& output) {
  HostFacts facts;
  for (const auto& [heading, text] : sections_of(output)) {
    const auto words = words_of(heading);
    if (words.empty()) continue;
    const std::string& what = words[0];
    const std::string of = words.size() > 1 ? words[1] : "";
    if (what == "end") facts.root = true;
    if (what == "hostname") facts.hostname = stripped(text);
    if (what == "identity") facts.identities = lines_of(text);
    if (what == "space")
      if (const auto space = space_of(of, text)) facts.spaces.push_back(*space);
    if (what == "fstab") facts.fstab = text;
    if (what == "serial" && !stripped(text).empty()) facts.serials[of] = stripped(text);
    if (what == "installers") facts.installers = lines_of(text);
    if (what == "cidr") facts.cidr = last_quoted(text);
    if (what == "docker" && words_of(text).size() > 2) {
      facts.docker = words_of(text)[2];
      if (facts.docker.ends_with(',')) facts.docker.pop_back();
    }
    if (what != "addresses") continue;
    for (const std::string& line : lines_of(text)) {
      const auto shown = words_of(line);
      if (shown.size() > 3 && shown[2] == "inet" && !shown[3].starts_with("127."))
        facts.addresses.push_back(shown[3].substr(0, shown[3].find('/')));
    }
  }
  if (!facts.hostname.empty()) facts.identities.insert(facts.identities.begin(), facts.hostname);
  return facts;
}

}  // namespace host

HostLooker::HostLooker(CommandTransport& transport, WallTime wall_time)
    : transport_(transport), wall_time_(std::move(wall_time)) {}

Result<HostFacts> HostLooker::look(const std::string& address, const std::string& user,
                                   const std::vector<std::string>& paths) {
  // The first command may have to connect: the clock is read by one that need not.
  const auto connected = transport_.run({address, user, ": survey", ""});
  if (!connected && connected.error().code == ErrorCode::kUnknownOutcome)
    return Error{ErrorCode::kUnreachable, connected.error().message};
  if (!connected) return connected.error();
  const auto before = wall_time_();
  const auto answer = transport_.run({address, user, host::survey_command(paths), ""});
  const auto after = wall_time_();
  // Nothing changes by looking, so nothing is unknown but the answer.
  if (!answer && answer.error().code == ErrorCode::kUnknownOutcome)
    return Error{ErrorCode::kUnreachable, answer.error().message};
  if (!answer) return answer.error();
  HostFacts facts = host::read_survey(answer.value().output);
  if (!facts.root) facts.why_not_root = stripped(answer.value().errors);
  for (const std::string& line : lines_of(answer.value().output)) {
    const auto words = words_of(line);
    if (words.size() != 3 || words[0] != "@@" || words[1] != "clock") continue;
    if (const auto seconds = count_in(words[2]))
      facts.clock =
          reading_of(std::chrono::sys_seconds(std::chrono::seconds(*seconds)), before, after);
  }
  return facts;
}

}  // namespace wme::executor
