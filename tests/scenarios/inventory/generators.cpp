#include "tests/scenarios/inventory/generators.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "scenarios/inventory/fields.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::model {
std::ostream& operator<<(std::ostream& out, const Inventory& inventory) {
  return out << scenarios::to_yaml(inventory);
}
}  // namespace wme::model

namespace wme::scenarios {

namespace {

/// Text that YAML is known to trip over, and ordinary text.
std::string any_text() {
  return *rc::gen::weightedOneOf<std::string>(
      {{3, rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '~')))},
       {1, rc::gen::element<std::string>("yes", "~", "null", "1e5", "0x10", "1.5", "-", "? x",
                                         "a: b", "a #b", "[x]", "{x", "'", "\"", "\\", "!tag", "&a",
                                         "*a", "%", "@x", "`", "2026-01-01", "1:30", "ünï",
                                         "b:", "- a", "|", ">")}});
}

std::string any_owner() {
  std::string text = any_text();
  for (char& c : text)
    if (c == '{' || c == '}') c = '_';  // braces are the running number
  return text;
}

bool maybe() { return *rc::gen::arbitrary<bool>(); }
std::string maybe_text() { return maybe() ? any_text() : std::string(); }

std::string any_id() {
  std::string id = any_owner();
  return "i" + id;
}

void add_instances(model::Inventory& inventory) {
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    model::Instance one;
    one.name = "instance-" + std::to_string(i);
    one.shard = inventory.shards[*rc::gen::inRange<std::size_t>(0, inventory.shards.size())].name;
    one.address = "10.0.2." + std::to_string(i);
    if (maybe()) one.new_address = "10.0.102." + std::to_string(i);
    if (maybe()) one.cloud_id = "id-" + std::to_string(i) + any_text();
    one.slots = *rc::gen::inRange(50, 100);
    one.data_gb = *rc::gen::inRange(1, 500);
    inventory.instances.push_back(std::move(one));
  }
}

/// Names that count, stand still or jump, so that rows begin and end everywhere.
void add_containers(model::Inventory& inventory) {
  const auto serves = [&](const model::Instance& one) {
    return one.shard == inventory.shards.front().name;
  };
  if (std::none_of(inventory.instances.begin(), inventory.instances.end(), serves)) return;
  const int count = *rc::gen::inRange(0, 30);
  int number = *rc::gen::inRange(0, 20);
  const std::string owner = any_owner();
  for (int i = 0; i < count; ++i) {
    number += *rc::gen::weightedElement<int>({{8, 1}, {1, 2}, {1, 90}});
    const std::string digits = std::to_string(number);
    model::Container one;
    one.name = *rc::gen::weightedElement<std::string>({{9, "c"}, {1, "d-"}}) + digits;
    one.id = *rc::gen::weightedElement<std::string>(
        {{3, one.name}, {6, "ccc-000" + digits}, {1, "x" + digits + "-" + std::to_string(i)}});
    one.owner = *rc::gen::weightedElement<std::string>(
        {{4, owner}, {4, "dev" + digits + "@acme.example"}, {1, digits + "dev" + digits + "x"}});
    one.shard = inventory.shards.front().name;
    for (const model::Instance& host : inventory.instances)
      if (host.shard == one.shard && maybe()) one.instance = host.name;
    if (!one.instance.empty())
      one.state =
          *rc::gen::element(model::ContainerState::kRunning, model::ContainerState::kStopped,
                            model::ContainerState::kPassivated);
    inventory.containers.push_back(std::move(one));
  }
}

}  // namespace

model::Inventory any_inventory() {
  model::Inventory inventory;
  inventory.name = "acme";
  inventory.provider =
      *rc::gen::element(model::Provider::kAws, model::Provider::kAzure, model::Provider::kGcp,
                        model::Provider::kEsxi, model::Provider::kHyperV);
  inventory.version = "11.7.3.ee.10412p1";
  inventory.studio_domain = "wavemaker.acme.example";
  if (maybe()) inventory.apps_domain = "1.2";  // a number, were it not quoted
  inventory.license_developers = *rc::gen::inRange(0, 100);
  inventory.platform.address = "10.0.1.10";
  if (maybe()) inventory.platform.new_address = "10.0.1.11";
  inventory.platform.cloud_id = maybe_text();
  inventory.platform.interface = maybe_text();
  inventory.platform.wm_data = {any_id(), *rc::gen::inRange(100, 200)};
  inventory.platform.wm_runtime = {"r" + any_id(), *rc::gen::inRange(1, 200)};
  inventory.platform.wm_data_used_gb = *rc::gen::inRange(0, 50);
  for (const model::Shard& shard : known_shards())
    if (inventory.shards.empty() || maybe()) inventory.shards.push_back(shard);
  add_instances(inventory);
  add_containers(inventory);
  if (maybe())
    inventory.rotation = {"https://x.example/rotation.tar", std::string(40, '1'),
                          std::string(64, 'e')};
  inventory.launch.image = maybe_text();
  if (maybe()) inventory.launch.security_groups = {any_text(), any_text()};
  inventory.access.launchpad_user = any_text();
  inventory.access.launchpad_password = {"file:/" + any_text()};
  inventory.access.config_wizard_password = {"env:X"};
  inventory.access.ssh_config = maybe_text();
  return inventory;
}

}  // namespace wme::scenarios
