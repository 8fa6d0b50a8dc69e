#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenarios/inventory/fields.hpp"
#include "tests/scenarios/inventory/sample.hpp"

/// The schema is for people's editors and other programs, so another program checks it: Python's
/// jsonschema, through schema_check.py.
namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int status = 0;
  std::string output;
};

Outcome schema_check(const std::string& arguments) {
  const std::string root = WME_SOURCE_DIR;
  // Debian's modules belong to Debian's Python, whatever else is first in the PATH.
  const std::string command = "/usr/bin/python3 '" + root +
                              "/tests/scenarios/inventory/schema_check.py' '" + root +
                              "/docs/schemas/inventory.schema.json' " + arguments + " 2>&1";
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = fread(part.data(), 1, part.size(), pipe)) > 0;)
    outcome.output.append(part.data(), got);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

TEST(InventorySchema, AcceptsEveryExample) {
  std::string files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "scenarios" / "inventories"))
    files += " '" + entry.path().string() + "'";
  const Outcome outcome = schema_check("validate" + files);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(outcome.output, "");
}

TEST(InventorySchema, HasTheKeysOfTheLoader) {
  std::vector<std::string> lines;
  for (const KeyPath& key : all_keys())
    lines.push_back(key.path + (key.need == Need::kRequired ? " required" : " optional"));
  std::sort(lines.begin(), lines.end());
  std::string expected;
  for (const std::string& line : lines) expected += line + "\n";
  EXPECT_EQ(schema_check("keys").output, expected);
}

/// Defects of one value, which a schema can see; those between values are the loader's alone.
TEST(InventorySchema, RefusesWhatTheLoaderRefuses) {
  const std::vector<Defect> defects = {
      {"key", "  address: 10.0.1.10", "  adress: 10.0.1.10", ""},
      {"provider", "esxi", "esx", ""},
      {"version", "version: 11.7.3.ee.10412p1", "version: 11.7.3", ""},
      {"address", "address: 10.0.3.10", "address: 10.0.3.310", ""},
      {"cidr", "10.2.1.1/24", "10.2.1.1/33", ""},
      {"state", "state: stopped", "state: stoped", ""},
      {"shard", "  - {name: qa}", "  - {name: demo}", ""},
      {"secret", "env:LAUNCHPAD_PASSWORD", "hunter2", ""},
      {"credential", "env:LAUNCHPAD_PASSWORD", "credential:../shadow", ""},
      {"url", "https://downloads", "https://me:hunter2@downloads", ""},
      {"checksum", "sha1: 0123456789abcdef", "sha1: 0123456789ABCDEF", ""},
      {"number", "slots: 2", "slots: 100", ""},
      {"text", "name: acme", "name: 17", ""},
      {"range", "c{3..5}", "c{3.5}", ""},
      {"schema", "inventory/1", "plan/1", ""},
      {"section", "access:", "acess:", ""},
  };
  const fs::path folder = fs::path(testing::TempDir()) / "rehydrate-inventory-schema";
  fs::create_directories(folder);
  std::string files;
  for (const Defect& defect : defects) {
    const std::string text = with(defect.old, defect.replacement);
    EXPECT_NE(errors_of(text), "") << defect;
    const fs::path file = folder / (std::string(defect.name) + ".yaml");
    std::ofstream(file) << text;
    files += " '" + file.string() + "'";
  }
  const Outcome outcome = schema_check("refuse" + files);
  fs::remove_all(folder);
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

}  // namespace
}  // namespace wme::scenarios
