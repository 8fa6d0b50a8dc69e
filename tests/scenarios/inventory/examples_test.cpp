#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "scenarios/inventory/fleet.hpp"
#include "scenarios/inventory/inventory_file.hpp"

/// The checked-in examples are what the generator gives. After a change of it, write them anew:
///   REHYDRATE_WRITE_EXAMPLES=1 ctest -R InventoryExamples
namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string file;
  std::string about;
  model::Inventory inventory;
};

const std::vector<Example>& examples() {
  using P = model::Provider;
  const auto fleet = [](Fleet size, P provider) { return generate_fleet(size, provider); };
  static const std::vector<Example> all = {
      {"aws-xs.yaml", "The smallest fleet on AWS.", fleet(Fleet::kXs, P::kAws)},
      {"aws-s.yaml", "A small fleet on AWS; parked containers share a row.",
       fleet(Fleet::kS, P::kAws)},
      {"aws-m.yaml", "A middle-sized fleet on AWS, with every phase.", fleet(Fleet::kM, P::kAws)},
      {"aws-xs-upgrade.yaml", "The smallest fleet on AWS, to be upgraded from 10.13.2 to 11.8.1.",
       as_upgrade(fleet(Fleet::kXs, P::kAws))},
      {"azure-xs.yaml", "The smallest fleet on Azure.", fleet(Fleet::kXs, P::kAzure)},
      {"gcp-xs.yaml", "The smallest fleet on Google Cloud.", fleet(Fleet::kXs, P::kGcp)},
      {"esxi-xs.yaml",
       "The smallest fleet on VMware ESXi: one disk each, saved and restored by archive.",
       fleet(Fleet::kXs, P::kEsxi)},
      {"hyper-v-xs.yaml",
       "The smallest fleet on Hyper-V: one disk each, saved and restored by archive.",
       fleet(Fleet::kXs, P::kHyperV)},
  };
  return all;
}

fs::path folder() { return fs::path(WME_SOURCE_DIR) / "scenarios" / "inventories"; }

std::string text_of(const Example& example) {
  return "# " + example.about +
         "\n# Invented, with the shapes of the real thing. The keys: docs/inventories.md\n" +
         to_yaml(example.inventory);
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(InventoryExamples, AreWhatTheGeneratorGives) {
  for (const Example& example : examples()) {
    if (std::getenv("REHYDRATE_WRITE_EXAMPLES") != nullptr)
      std::ofstream(folder() / example.file, std::ios::binary) << text_of(example);
    EXPECT_EQ(read(folder() / example.file), text_of(example)) << example.file;
  }
}

TEST(InventoryExamples, AreAllReadable) {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder())) {
    files.insert(entry.path().filename().string());
    const auto inventory = load_inventory(entry.path());
    EXPECT_TRUE(inventory) << inventory.error().message;
  }
  for (const Example& example : examples()) EXPECT_TRUE(files.contains(example.file));
}

}  // namespace
}  // namespace wme::scenarios
