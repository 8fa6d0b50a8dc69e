#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

/// Reads every #include of the tree and fails on an arrow that points the wrong way by the table of
/// docs/ARCHITECTURE.md. The rules are data; the checker below them knows no folder.
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What files below `folder` may include; the rule with the longest matching folder counts.
/// A file may always include its own part: what lies below the rule's folder or, where that is a
/// family of systems that must not know each other, below the file's own system.
struct Rule {
  std::string folder;
  Words project;    ///< folders ("model/") and files ("model/result.hpp")
  Words libraries;  ///< names of kLibraries
  bool family = false;
};

/// Third-party headers by their beginning. A header that is in none of them and is no standard or
/// POSIX header is unknown: add it here, and its package to ci/setup.
const std::map<std::string, Words> kLibraries = {
    {"nlohmann", {"nlohmann/"}},
    {"httplib", {"httplib.h"}},
    {"libssh", {"libssh/"}},
    {"openssl", {"openssl/"}},
    {"sqlite", {"SQLiteCpp/", "sqlite3.h"}},
    {"pqxx", {"pqxx/"}},
    {"pugixml", {"pugixml.hpp"}},
    {"yaml-cpp", {"yaml-cpp/"}},
    {"spdlog", {"spdlog/"}},
    {"fmt", {"fmt/"}},
    {"cli11", {"CLI/"}},
    {"z3", {"z3.h", "z3++.h"}},
    {"buddy", {"bdd.h"}},
    {"testing", {"gtest/", "gmock/", "rapidcheck.h", "rapidcheck/"}},
    {"benchmark", {"benchmark/"}},
    {"posix",
     {"arpa/", "dirent.h", "dlfcn.h", "fcntl.h", "fnmatch.h", "grp.h", "netdb.h", "netinet/",
      "poll.h", "pty.h", "pwd.h", "pthread.h", "sched.h", "signal.h", "spawn.h", "sys/", "syslog.h",
      "termios.h", "unistd.h"}},
};

const Words kLanguage = {"model/language/", "model/result.hpp", "model/inventory.hpp"};
const Words kLanguageAndWme = {"model/language/", "model/wme/", "model/result.hpp"};
const Words kModel = {"model/language/", "model/wme/", "model/planner/", "model/result.hpp",
                      "model/inventory.hpp"};
const Words kModelAndProof = {"model/"};
const Words kDriver = {"model/", "executor/ports/", "executor/transport/rest_session.hpp"};
const Words kAll = {"model/", "executor/", "simulators/", "scenarios/"};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      // The model is pure: no I/O, no clock, no library. Z3 proves in one file of model/smt.
      {"model/", kModel, {}, true},
      {"model/language/", {"model/result.hpp"}, {}},
      {"model/wme/", kLanguage, {}},
      // Grounding is where the language meets the entities and rules that it is made for.
      {"model/language/ground.", kLanguageAndWme, {}},
      {"model/planner/", kModel, {}},
      {"model/checker/", kModel, {}},
      // Sets of states are decision diagrams.
      {"model/checker/symbolic/", {"model/"}, {"buddy"}},
      {"model/smt/", {"model/"}, {"z3"}},
      {"model/mutation/", {"model/"}, {}},
      {"model/trace/", {"model/"}, {"nlohmann"}},
      // Digests are pure functions; the library has the one that everybody uses.
      {"model/json/", kModelAndProof, {"nlohmann", "openssl"}},
      // So are signatures with a given key.
      {"model/certificate/", kModelAndProof, {"nlohmann", "openssl"}},
      {"executor/ports/", {"model/"}, {}},
      {"executor/", {"model/", "executor/"}, {"spdlog", "fmt", "posix"}},
      {"executor/journal/",
       {"model/", "executor/ports/", "executor/postgres/"},
       {"sqlite", "openssl", "nlohmann", "posix"}},
      // Where several operators share an installation: journal and locks in one database.
      {"executor/postgres/", {"model/result.hpp"}, {"pqxx"}},
      {"executor/lease/",
       {"model/", "executor/ports/", "executor/journal/", "executor/postgres/"},
       {"sqlite", "posix"}},
      {"executor/engine/", {"model/", "executor/ports/", "executor/journal/"}, {"spdlog", "fmt"}},
      {"executor/transport/", {"model/", "executor/ports/"}, {"httplib", "openssl", "posix"}},
      // Whoever tells others of a run knows the engine's events, and nothing else of it.
      {"executor/telling/",
       {"model/", "executor/ports/", "executor/engine/run_event.hpp",
        "executor/journal/timestamp.hpp", "executor/transport/broken_pipe.hpp"},
       {"spdlog", "httplib", "nlohmann", "openssl", "posix"}},
      // What drivers of REST systems share; it speaks HTTP through the port only.
      {"executor/transport/rest_session.", {"model/", "executor/ports/"}, {"nlohmann"}},
      {"executor/transport_ssh/", {"model/", "executor/ports/"}, {"libssh", "posix"}},
      {"executor/drivers/", kDriver, {"nlohmann", "openssl"}, true},
      // All drivers of one installation, constructed together.
      {"executor/drivers/all/", {"model/", "executor/"}, {}},
      {"executor/drivers/aws/", kDriver, {"nlohmann", "openssl", "pugixml"}},
      {"simulators/core/",
       {"model/"},
       {"httplib", "nlohmann", "openssl", "spdlog", "fmt", "posix"}},
      {"simulators/", {"model/", "simulators/core/"}, {"nlohmann", "openssl"}, true},
      // All front ends of one installation, started together.
      {"simulators/site/", {"model/", "simulators/"}, {"nlohmann", "posix"}},
      {"simulators/aws/", {"model/", "simulators/core/"}, {"pugixml", "openssl", "nlohmann"}},
      {"simulators/host/", {"model/", "simulators/core/"}, {"libssh", "openssl", "posix"}},
      {"scenarios/",
       kAll,
       {"yaml-cpp", "nlohmann", "openssl", "pugixml", "spdlog", "fmt", "posix"}},
      {"scenarios/inventory/", {"model/"}, {"yaml-cpp", "nlohmann"}},
      // Whoever measures runs reads journals, and knows when the executor looks.
      {"scenarios/durations/",
       {"model/", "executor/ports/", "executor/journal/", "executor/engine/patience.hpp",
        "scenarios/inventory/diagnostics.hpp", "scenarios/inventory/yaml_"},
       {"yaml-cpp"}},
      {"cli/", kAll, {"cli11", "nlohmann", "openssl", "spdlog", "fmt", "posix"}},
      {"tests/",
       {"model/", "executor/", "simulators/", "scenarios/", "cli/"},
       {"testing", "benchmark", "nlohmann", "httplib", "libssh", "openssl", "sqlite", "pugixml",
        "yaml-cpp", "spdlog", "fmt", "cli11", "z3", "posix"}},
  };
  return all;
}

const std::set<std::string, std::less<>>& standard_headers() {
  static const std::set<std::string, std::less<>> all = [] {
    std::istringstream names(
        "algorithm any array atomic barrier bit bitset cassert cctype cerrno cfloat charconv "
        "chrono cinttypes climits clocale cmath compare complex concepts condition_variable "
        "csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime deque exception filesystem "
        "forward_list fstream functional future initializer_list iomanip ios iosfwd iostream "
        "istream iterator latch limits list locale map memory memory_resource mutex new numbers "
        "numeric optional ostream queue random ranges ratio regex semaphore set shared_mutex "
        "source_location span sstream stack stdexcept stop_token streambuf string string_view "
        "system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set "
        "utility valarray variant vector version ");
    return std::set<std::string, std::less<>>(std::istream_iterator<std::string>(names), {});
  }();
  return all;
}

/// Headers through which clock, chance, threads or the outside would come into the model.
/// <chrono> is not among them (durations are its types), nor <iostream> (a broken assumption of our
/// own says why it stops the program); Architecture.TheModelReadsNoClock looks at the former.
const Words kNotInModel = {"barrier",      "condition_variable",
                           "ctime",        "filesystem",
                           "fstream",      "future",
                           "latch",        "mutex",
                           "random",       "semaphore",
                           "shared_mutex", "stop_token",
                           "thread"};

bool begins_with_any(std::string_view text, const Words& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return text.starts_with(beginning); });
}

bool contains(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const Rule* rule_for(std::string_view file) {
  const Rule* best = nullptr;
  for (const Rule& rule : rules())
    if (file.starts_with(rule.folder) && (!best || rule.folder.size() > best->folder.size()))
      best = &rule;
  return best;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "nothing" : text;
}

std::optional<std::string> library_of(std::string_view header) {
  for (const auto& [name, beginnings] : kLibraries)
    if (begins_with_any(header, beginnings)) return name;
  return std::nullopt;
}

bool in_own_part(std::string_view file, std::string_view header, const Rule& rule) {
  std::size_t slash = file.substr(0, rule.folder.size()).rfind('/');
  if (rule.family) slash = file.find('/', rule.folder.size());
  return slash != std::string_view::npos && header.starts_with(file.substr(0, slash + 1));
}

/// Why `file` may not include `header`; nothing when it may.
std::optional<std::string> objection(std::string_view file, std::string_view header, bool quoted) {
  const Rule* rule = rule_for(file);
  if (!rule) return "no rule covers this folder: add one to the table of this test";
  if (quoted) {
    if (in_own_part(file, header, *rule) || begins_with_any(header, rule->project))
      return std::nullopt;
    return rule->folder + " may include only its own folder and " + joined(rule->project);
  }
  if (standard_headers().contains(header)) {
    if (!file.starts_with("model/") || !contains(kNotInModel, header)) return std::nullopt;
    // The explorer's workers, whose result does not depend on who is faster, start in one place.
    if (file == "model/checker/parallel.cpp" && (header == "thread" || header == "mutex"))
      return std::nullopt;
    return "the model has no clock, no chance, no threads, no I/O";
  }
  const std::optional<std::string> library = library_of(header);
  if (!library) return "an unknown header: add it to kLibraries and its package to ci/setup";
  if (contains(rule->libraries, *library)) return std::nullopt;
  return rule->folder + " may use only " + joined(rule->libraries) + " beside the standard library";
}

/// Every wrong arrow in one file's text, as "file:line: includes X: why".
Words objections(std::string_view file, std::string_view text) {
  Words found;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') continue;
    const auto word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) continue;
    const auto open = line.find_first_of("<\"", word + 7);
    const auto close = open == std::string::npos ? open : line.find_first_of(">\"", open + 1);
    const std::string place = std::string(file) + ":" + std::to_string(number) + ": ";
    if (close == std::string::npos) {
      found.push_back(place + "an #include without a file name in quotes or brackets");
      continue;
    }
    const std::string header = line.substr(open + 1, close - open - 1);
    if (const auto why = objection(file, header, line[open] == '"'))
      found.push_back(place + "includes " + header + ": " + *why);
  }
  return found;
}

struct SourceFile {
  std::string path;  ///< from the root of the tree, with slashes
  std::string text;
};

std::vector<SourceFile> source_files() {
  std::vector<SourceFile> files;
  const fs::path root = WME_SOURCE_DIR;
  for (const char* folder : {"model", "executor", "simulators", "scenarios", "cli", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cpp" && extension != ".hpp" && extension != ".h") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      files.push_back({entry.path().lexically_relative(root).generic_string(), text.str()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

TEST(Architecture, EveryIncludeOfTheTreePointsTheRightWay) {
  const std::vector<SourceFile> files = source_files();
  ASSERT_GT(files.size(), 10U) << "the tree is not where this test looks: " << WME_SOURCE_DIR;
  std::string wrong;
  for (const SourceFile& file : files)
    for (const std::string& one : objections(file.path, file.text)) wrong += one + "\n";
  EXPECT_EQ(wrong, "");
}

TEST(Architecture, FindsTheIncludesOfARealFile) {
  for (const SourceFile& file : source_files()) {
    if (file.path != "model/inventory.cpp") continue;
    // In a folder without a rule each include is objected to, so that they can be counted.
    EXPECT_EQ(objections("nowhere/inventory.cpp", file.text).size(), 3U);
    return;
  }
  FAIL() << "model/inventory.cpp is not in the tree";
}

TEST(Architecture, TheModelReadsNoClock) {
  for (const SourceFile& file : source_files()) {
    if (!file.path.starts_with("model/")) continue;
    EXPECT_EQ(file.text.find("_clock::"), std::string::npos) << file.path;
  }
}

TEST(Architecture, Z3ProvesInOneFileOnly) {
  Words users;
  for (const SourceFile& file : source_files())
    if (!file.path.starts_with("tests/") && file.text.find("#include <z3") != std::string::npos)
      users.push_back(file.path);
  EXPECT_LE(users.size(), 1U) << joined(users);
}

TEST(Architecture, QuotedIncludesNameAFileOfTheTree) {
  const std::vector<SourceFile> files = source_files();
  std::set<std::string, std::less<>> paths;
  for (const SourceFile& file : files) paths.insert(file.path);
  for (const SourceFile& file : files) {
    std::istringstream lines{file.text};
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("#include \"")) continue;
      const std::string header = line.substr(10, line.find('"', 10) - 10);
      EXPECT_TRUE(paths.contains(header)) << file.path << " includes \"" << header
                                          << "\": write the path from the root of the tree";
    }
  }
}

struct Planted {
  const char* file;
  const char* line;
};
std::ostream& operator<<(std::ostream& out, const Planted& planted) {
  return out << planted.file << " " << planted.line;
}

class WrongArrow : public testing::TestWithParam<Planted> {};
TEST_P(WrongArrow, IsObjectedTo) {
  EXPECT_EQ(objections(GetParam().file, GetParam().line).size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(
    Architecture, WrongArrow,
    testing::Values(
        Planted{"model/language/formula.cpp", "#include \"model/wme/vocabulary.hpp\""},
        Planted{"model/wme/rules.cpp", "#include \"executor/ports/clock.hpp\""},
        Planted{"model/wme/rules.cpp", "#include \"model/planner/plan.hpp\""},
        Planted{"model/planner/plan.cpp", "#include \"model/checker/explorer.hpp\""},
        Planted{"model/english/say.cpp", "#include \"model/json/plan.hpp\""},
        Planted{"model/inventory.cpp", "#include \"model/json/plan.hpp\""},
        Planted{"simulators/clock.hpp", "#include \"simulators/host/shell.hpp\""},
        Planted{"model/planner/plan.cpp", "#include <random>"},
        Planted{"model/planner/plan.cpp", "#include <nlohmann/json.hpp>"},
        Planted{"model/checker/order.cpp", "#include \"model/json/plan.hpp\""},
        Planted{"model/checker/order.cpp", "#include <z3++.h>"},
        Planted{"executor/scheduler.cpp", "#include \"simulators/core/world.hpp\""},
        Planted{"executor/scheduler.cpp", "#include <httplib.h>"},
        Planted{"executor/drivers/host/driver.cpp", "#include <libssh/libssh.h>"},
        Planted{"executor/drivers/host/driver.cpp", "  #  include \"executor/transport/http.hpp\""},
        Planted{"executor/drivers/host/driver.cpp", "#include \"executor/drivers/aws/driver.hpp\""},
        Planted{"executor/engine/run.cpp", "#include \"executor/drivers/aws/driver.hpp\""},
        Planted{"executor/transport/http.cpp", "#include <libssh/libssh.h>"},
        Planted{"executor/telling/log.cpp", "#include \"executor/engine/executor.hpp\""},
        Planted{"simulators/core/world.cpp", "#include \"executor/ports/clock.hpp\""},
        Planted{"simulators/aws/routes.cpp", "#include \"simulators/host/shell.hpp\""},
        Planted{"simulators/launchpad/routes.cpp", "#include <httplib.h>"},
        Planted{"scenarios/rehearsal/run.cpp", "#include \"cli/main.hpp\""},
        Planted{"scenarios/rehearsal/run.cpp", "#include <gtest/gtest.h>"},
        Planted{"cli/main.cpp", "#include \"tests/support/fake_clock.hpp\""},
        Planted{"cli/main.cpp", "#include <boost/asio.hpp>"},
        Planted{"cli/main.cpp", "#include SOME_MACRO"},
        Planted{"tools/main.cpp", "#include <vector>"}));

class RightArrow : public testing::TestWithParam<Planted> {};
TEST_P(RightArrow, IsNotObjectedTo) {
  EXPECT_THAT(objections(GetParam().file, GetParam().line), testing::IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(
    Architecture, RightArrow,
    testing::Values(
        Planted{"model/language/formula.cpp", "#include \"model/language/formula.hpp\""},
        Planted{"model/wme/actions/stop.cpp", "#include \"model/wme/vocabulary.hpp\""},
        Planted{"model/json/plan.cpp", "#include <nlohmann/json.hpp>"},
        Planted{"model/smt/solver.cpp", "#include <z3++.h>"},
        Planted{"executor/drivers/aws/xml.cpp", "#include <pugixml.hpp>"},
        Planted{"executor/transport_ssh/ssh_transport.cpp", "#include <libssh/libssh.h>"},
        Planted{"executor/journal/journal.cpp", "#include <SQLiteCpp/SQLiteCpp.h>"},
        Planted{"simulators/core/http_server.cpp", "#include <httplib.h>"},
        Planted{"cli/main.cpp", "#include \"scenarios/rehearsal/run.hpp\""},
        Planted{"cli/main.cpp", "// #include <boost/asio.hpp>"},
        Planted{"tests/model/plan_test.cpp", "#include <gtest/gtest.h>"}));

}  // namespace
