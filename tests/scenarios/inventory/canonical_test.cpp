#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "model/json/jcs.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {
namespace {

std::string canonical(const model::Inventory& inventory) {
  const Result<std::string> text = canonical_json(inventory);
  return text ? text.value() : "refused: " + text.error().message;
}

model::Inventory sample() { return generate_fleet(Fleet::kS, model::Provider::kAws); }

TEST(CanonicalInventory, IsCanonicalJson) {
  const std::string text = canonical(sample());
  EXPECT_EQ(model::jcs_of_text(text, "inventory").value(), text);
}

TEST(CanonicalInventory, IsTheSameHoweverTheFileIsLaidOut) {
  const Result<model::Inventory> read =
      parse_inventory("# a comment\n" + to_yaml(sample()) + "\n# more\n", "i.yaml");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(canonical(read.value()), canonical(sample()));
}

TEST(CanonicalInventory, DiffersInWhateverDiffers) {
  using Change = void (*)(model::Inventory&);
  const std::vector<Change> changes = {
      [](model::Inventory&) {},
      [](model::Inventory& i) { i.name += "x"; },
      [](model::Inventory& i) { i.provider = model::Provider::kGcp; },
      [](model::Inventory& i) { i.license_developers += 1; },
      [](model::Inventory& i) { i.backup_id += "x"; },
      [](model::Inventory& i) { i.platform.wm_data.size_gb += 1; },
      [](model::Inventory& i) { i.platform.new_address = "10.9.9.9"; },
      [](model::Inventory& i) { i.shards[0].id += "x"; },
      [](model::Inventory& i) { i.instances[0].slots += 1; },
      [](model::Inventory& i) { i.containers.back().owner += "x"; },
      [](model::Inventory& i) { std::swap(i.containers[0], i.containers[1]); },
      [](model::Inventory& i) { i.containers[0].state = model::ContainerState::kPassivated; },
      [](model::Inventory& i) { i.package.sha1 += "0"; },
      [](model::Inventory& i) { i.migrations.url += "x"; },
      [](model::Inventory& i) { i.launch.security_groups.emplace_back("sg-1"); },
      [](model::Inventory& i) { i.access.launchpad_password.where = "env:OTHER"; },
      [](model::Inventory& i) { i.access.api_profile = "profile.json"; },
  };
  std::set<std::string> seen;
  for (const Change change : changes) {
    model::Inventory changed = sample();
    change(changed);
    seen.insert(canonical(changed));
  }
  EXPECT_EQ(seen.size(), changes.size());
}

}  // namespace
}  // namespace wme::scenarios
