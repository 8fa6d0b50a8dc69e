#include "model/lint/lint.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <regex>
#include <tuple>
#include <utility>

namespace wme::model {

namespace {

struct Line {
  std::size_t number = 0;
  std::string text;
};

/// Nobody types a longer one, and std::regex recurses over its length.
constexpr std::size_t kLineMax = 2000;

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    if (line.ends_with('\r')) line.pop_back();
    line.resize(std::min(line.size(), kLineMax));
    lines.push_back({lines.size() + 1, std::move(line)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

const std::regex& pattern(const char* text) {
  static std::vector<std::pair<const char*, std::regex>> known;
  for (const auto& [of, regex] : known)
    if (of == text) return regex;
  return known.emplace_back(text, std::regex(text, std::regex::optimize)).second;
}

/// One pass over a file: what one rule needs to know of the lines before is kept here.
class Linter {
 public:
  Linter(std::string_view text, const LintContext& context)
      : context_(context), lines_(lines_of(text)) {}

  std::vector<LintFinding> run() {
    for (const Line& line : lines_) {
      fstab(line);
      dashes(line);
      discarded_data(line);
      versions(line);
      garbled(line);
      endless_waits(line);
      weak_sums(line);
      typed_addresses(line);
    }
    std::ranges::stable_sort(found_, std::less<>{}, [](const LintFinding& each) {
      return std::tuple(each.line, each.column, each.rule);
    });
    return std::move(found_);
  }

 private:
  static bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
  }
  bool is_prose() const { return context_.kind == LintKind::kDocument; }
  bool is_commands() const {
    return context_.kind == LintKind::kScript || context_.kind == LintKind::kDocument;
  }
  static bool is_comment(const Line& line) {
    const std::size_t first = line.text.find_first_not_of(" \t");
    return first != std::string::npos && line.text[first] == '#';
  }

  void add(const char* id, const Line& line, std::size_t column, std::string message) {
    const auto rule = std::ranges::find(lint_rules(), std::string_view(id), &LintRule::id);
    found_.push_back({&*rule, line.number, column + 1, std::move(message)});
  }

  /// W1: wherever a line looks like one of WME's mounts.
  void fstab(const Line& line) {
    if (is_comment(line) && !is_prose()) return;
    std::smatch match;
    static const char* const kBlank = R"(\b(ext4|xfs)\s+(defaults)\s+,\s*(nofail))";
    if (std::regex_search(line.text, match, pattern(kBlank)))
      return add("W1", line, static_cast<std::size_t>(match.position(2)),
                 "`defaults ,nofail`: libmount ignores the line, systemd mounts without nofail");
    static const char* const kMount =
        R"((\S+)\s+(/wm-data|/wm-runtime|/data)\s+ext4\s+(\S+)(\s+\d+\s+(\d+))?)";
    if (!std::regex_search(line.text, match, pattern(kMount))) return;
    const auto at = [&](std::size_t group) {
      return static_cast<std::size_t>(match.position(group));
    };
    if (!contains("," + match[3].str() + ",", ",nofail,"))
      add("W1", line, at(3),
          "`" + match[3].str() + "` lacks nofail: the boot hangs without the disk");
    if (match[1].str().starts_with("/dev/"))
      add("W1", line, at(1),
          match[1].str() + " is a name that a new machine may give to another disk");
  }

  /// W2: an option with a dash that no shell takes for one.
  void dashes(const Line& line) {
    if (!is_commands()) return;
    for (const std::string_view dash : {"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92"})
      for (std::size_t at = line.text.find(dash); at != std::string::npos;
           at = line.text.find(dash, at + dash.size())) {
        const std::size_t next = at + dash.size();
        const bool opens = at > 0 && line.text[at - 1] == ' ' && next < line.text.size() &&
                           std::isalpha(static_cast<unsigned char>(line.text[next])) != 0;
        if (!opens) continue;
        const std::size_t end = std::min(line.text.find(' ', next), line.text.size());
        add("W2", line, at,
            "`" + line.text.substr(at, end - at) + "` begins with a long dash, not with --");
      }
  }

  /// Where a shell's comment begins, else the end: a # at the beginning of a word, not in quotes.
  static std::size_t comment_in(const std::string& text) {
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char each = text[at];
      if (quote == 0 && each == '#' && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t'))
        return at;
      if (quote == 0 ? each == '"' || each == '\'' : each == quote) quote = quote == 0 ? each : 0;
    }
    return text.size();
  }

  /// What the line says to do: in a document, all but remarks that no reader sees.
  std::string without_comments(const Line& line) {
    if (is_prose() && line.text.starts_with("```")) in_fence_ = !in_fence_;
    if (is_prose() && !in_fence_) return line.text.substr(0, line.text.find("<!--"));
    return line.text.substr(0, comment_in(line.text));
  }

  /// Where containers are parked, or looked for that are not: a call, or in prose a request. Not
  /// what is only printed, defined or told ("12 passivated").
  static std::size_t parking_in(const std::string& text) {
    std::smatch match;
    static const char* const kPrints = R"(^\s*(echo|printf)\b[^|;&]*$)";
    static const char* const kCall =
        R"(check_nonpassivat|(\b|_)[Pp]assivat(e(?!d)|ing\b)(?!\w*\s*\(\)))";
    if (std::regex_search(text, pattern(kPrints)) ||
        !std::regex_search(text, match, pattern(kCall)))
      return std::string::npos;
    return static_cast<std::size_t>(match.position(0));
  }

  /// W3, W5: work that still stands on an instance is thrown away, and no line before looked.
  void discarded_data(const Line& line) {
    if (!is_commands() || is_parked_) return;
    const std::string text = without_comments(line);
    const std::size_t parking = parking_in(text);
    const auto tell = [&](const char* id, const char* regex, const std::string& why) {
      std::smatch match;
      if (!std::regex_search(text, match, pattern(regex))) return;
      const auto at = static_cast<std::size_t>(match.position(0));
      if (at < parking) add(id, line, at, "`" + match[0].str() + "`" + why);
    };
    tell(
        "W3",
        R"((rm\s+-\w*[rf]\w*\s+(/data\b|/wm-data\b)|terminate-instances|az vm delete|gcloud compute instances delete))",
        ", and nothing before makes sure that every container is parked");
    if (contains(text, "wme-installer.sh") || contains(text, "docker"))
      tell("W5", R"((--stop\b|docker(-ce)?\b.*\b(install|upgrade)|apt(-get)? .*upgrade))",
           " without a look before for containers that are not parked");
    is_parked_ = parking != std::string::npos;
  }

  /// W4, W6: two full build strings in one procedure that says "same version".
  void versions(const Line& line) {
    static const char* const kBuild = R"(\b\d+\.\d+\.\d+(\.\w+)?\.ee\.\d+(p\d+)?\b)";
    for (std::sregex_iterator each(line.text.begin(), line.text.end(), pattern(kBuild)), end;
         each != end; ++each) {
      if (build_.empty()) build_ = each->str();
      if (each->str() == build_ || context_.kind == LintKind::kInventory || told_versions_)
        continue;
      told_versions_ = true;
      add("W4", line, static_cast<std::size_t>(each->position(0)),
          each->str() + " here, " + build_ + " before: a recovery brings back the very build");
    }
    if (context_.kind == LintKind::kInventory) return;
    static const char* const kJump = R"(10\.1[0-2]\b.*(->|→|to)\s*11\.)";
    std::smatch match;
    if (std::regex_search(line.text, match, pattern(kJump)))
      add("W6", line, static_cast<std::size_t>(match.position(0)),
          "`" + match[0].str() + "` is no upgrade that the vendor documents");
  }

  /// W7: the page's own accident.
  void garbled(const Line& line) {
    if (const std::size_t at = line.text.find("aESXietach"); at != std::string::npos)
      add("W7", line, at, "a search and replace went through this step");
  }

  /// W8: somebody waits, and nothing says for how long.
  void endless_waits(const Line& line) {
    std::smatch match;
    if (context_.kind == LintKind::kScript && !is_comment(line)) {
      static const char* const kLoop =
          R"(\b(while|until)\b(?!.*\b(read|timeout|SECONDS|tries|deadline)\b).*)";
      if (std::regex_search(line.text, match, pattern(kLoop))) loop_ = &line;
      if (loop_ &&
          std::regex_search(line.text,
                            pattern(R"(\b(timeout|SECONDS|tries|attempts|deadline|break|exit)\b)")))
        loop_ = nullptr;
      if (loop_ && std::regex_search(line.text, pattern(R"(\bsleep\b)"))) {
        add("W8", *loop_, 0,
            "a loop that sleeps until something happens, with no end if it does not");
        loop_ = nullptr;
      }
      if (std::regex_search(line.text, pattern(R"(\bdone\b)"))) loop_ = nullptr;
      return;
    }
    static const char* const kWatch =
        R"((wait till the state|watch this terminal|takes \d+ ?- ?\d+ ?min))";
    if (is_prose() && std::regex_search(line.text, match, pattern(kWatch)))
      add("W8", line, static_cast<std::size_t>(match.position(0)),
          "`" + match[0].str() + "`: no deadline, and nothing says what a failure looks like");
  }

  /// W9: SHA-1 shows accidents, not intent.
  void weak_sums(const Line& line) {
    if (is_comment(line) && !is_prose()) return;
    std::smatch match;
    static const char* const kSum = R"(\bsha1(sum)?\b)";
    if (!std::regex_search(line.text, match, pattern(kSum)) || contains(line.text, "sha256"))
      return;
    add("W9", line, static_cast<std::size_t>(match.position(0)),
        "an artefact is checked by SHA-1 alone");
  }

  /// W10: one wrong digit breaks the VCS of every project.
  void typed_addresses(const Line& line) {
    if (!is_commands() || (is_comment(line) && !is_prose())) return;
    static const char* const kTakesAddresses =
        R"(update_vcs_ips|executesql\.sh|private-ip-address|ifconfig|ip addr add)";
    if (!std::regex_search(line.text, pattern(kTakesAddresses))) return;
    for (const std::string& address : addresses_in(line.text)) {
      const std::size_t at = line.text.find(address);
      if (context_.addresses.empty())
        add("W10", line, at, address + " is typed by hand: nothing says that it is the right one");
      else if (!context_.addresses.contains(address))
        add("W10", line, at, address + " is no address of this inventory");
    }
  }

  const LintContext& context_;
  std::vector<Line> lines_;
  bool is_parked_ = false;  ///< or looked for, in some line before
  bool in_fence_ = false;   ///< among the commands of a document
  std::string build_;       ///< the first that is named
  bool told_versions_ = false;
  const Line* loop_ = nullptr;  ///< that has begun, without a bound so far
  std::vector<LintFinding> found_;
};

}  // namespace

const std::vector<LintRule>& lint_rules() {
  static const std::vector<LintRule> rules = {
      {"W1", "fstab-line",
       "A mount of WME by a line that the boot misreads: ignored, required, or of another disk",
       "UUID=… /wm-data ext4 defaults,nofail 0 2, one line for each mount; `findmnt --verify`",
       "disaster-recovery/Dehydration-and-Rehydration.md:139"},
      {"W2", "long-dash", "An option with a dash that was made longer by a word processor",
       "type the option again: --migrate", "Dehydration-and-Rehydration.md:207"},
      {"W3", "discarded-data",
       "/data is discarded while it may hold the only copy of somebody's work",
       "look for containers that are not parked first (check_nonpassivate_ctnrs.sh), or let "
       "`rehydrate plan` order the steps",
       "Dehydration-and-Rehydration.md:18,68; upgrade/os-upgrade.md:25"},
      {"W4", "two-versions", "A recovery and an upgrade in one procedure",
       "recover to the very build that was backed up; upgrade with `rehydrate plan upgrade`",
       "Dehydration-and-Rehydration.md:8,197"},
      {"W5", "unchecked-parking", "WME or docker is stopped without a look for what is not parked",
       "run check_nonpassivate_ctnrs.sh before, and stop when it lists anything",
       "passivate-containers.md:12; run-patch.md:27"},
      {"W6", "undocumented-hop", "An upgrade that no row of the vendor's matrix has",
       "go by a build that the matrix has; `rehydrate inventory check` knows it",
       "upgrade-setup.md:20-41; run-patch.md:24"},
      {"W7", "garbled-step", "A step that nobody can carry out as it stands",
       "on GCP: stop the instance, then release the address",
       "Dehydration-and-Rehydration.md:83; os-upgrade.md:99"},
      {"W8", "endless-wait", "A wait without an end",
       "give it a deadline, and say what a failure is",
       "Dehydration-and-Rehydration.md:34,45,46; run-patch.md:49"},
      {"W9", "weak-checksum", "SHA-1 from an e-mail says nothing about who made the file",
       "record the SHA-256 of each artefact in the inventory", "upgrade-setup.md:49,52"},
      {"W10", "typed-address", "An address typed by hand into a script that rewrites every project",
       "take it from the inventory: `rehydrate lint --inventory F` compares them",
       "Dehydration-and-Rehydration.md:73,78,83,99,188,235,241"},
  };
  return rules;
}

LintKind lint_kind_of(std::string_view name, std::string_view text) {
  const auto ends_with_any = [&](std::initializer_list<std::string_view> endings) {
    return std::ranges::any_of(endings,
                               [&](std::string_view each) { return name.ends_with(each); });
  };
  if (ends_with_any({"fstab", ".fstab"})) return LintKind::kFstab;
  if (ends_with_any({".md", ".txt", ".adoc", ".rst", ".html"})) return LintKind::kDocument;
  if (text.find("rehydrate/inventory/") != std::string_view::npos) return LintKind::kInventory;
  return LintKind::kScript;
}

std::set<std::string> addresses_in(std::string_view text) {
  const std::string all(text);
  std::set<std::string> found;
  static const char* const kAddress = R"(\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b)";
  for (std::sregex_iterator each(all.begin(), all.end(), pattern(kAddress)), end; each != end;
       ++each)
    found.insert(each->str());
  return found;
}

std::vector<LintFinding> lint(std::string_view text, const LintContext& context) {
  return Linter(text, context).run();
}

}  // namespace wme::model
