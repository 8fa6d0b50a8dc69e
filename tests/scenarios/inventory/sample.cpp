#include "tests/scenarios/inventory/sample.hpp"

#include <cstdlib>
#include <iostream>

#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {

std::string sample_text() {
  return R"(schema: rehydrate/inventory/1
installation:
  name: acme
  provider: esxi
  version: 11.7.3.ee.10412p1
  cidr: 10.2.1.1/24
  lan: 10.0.0.0/16
  studio_domain: wavemaker.acme.example
platform:
  address: 10.0.1.10
  wm_data: {size_gb: 150}
  wm_data_used_gb: 48
shards:
  - {name: studio}
  - {name: qa}
instances:
  - {name: studio-1, shard: studio, address: 10.0.2.10, new_address: 10.0.102.10, slots: 2}
  - {name: qa-1, shard: qa, address: 10.0.3.10}
containers:
  - {name: c1, shard: studio, owner: ann@acme.example, instance: studio-1, state: running}
  - {name: c2, shard: studio, owner: bob@acme.example, instance: studio-1, state: stopped}
  - {name: "c{3..5}", id: "ccc-{n:4}", shard: studio, owner: "dev{n}@acme.example", state: passivated}
  - {name: c6, shard: qa, owner: qa-shop, instance: qa-1, state: running}
packages:
  package:
    url: https://downloads.wavemaker.example/WME-multi-studio-11.7.3.ee.10412p1.tar
    sha1: 0123456789abcdef0123456789abcdef01234567
access:
  launchpad_user: admin@acme.example
  launchpad_password: env:LAUNCHPAD_PASSWORD
  config_wizard_password: file:/etc/rehydrate/setup-admin
)";
}

std::string with(std::string_view old, std::string_view replacement) {
  std::string text = sample_text();
  const auto at = text.find(old);
  if (at == std::string::npos) {
    std::cerr << "the sample has no '" << old << "' to plant a defect at\n";
    std::abort();
  }
  return text.replace(at, old.size(), replacement);
}

std::ostream& operator<<(std::ostream& out, const Defect& defect) { return out << defect.name; }

std::string errors_of(std::string_view text) {
  const auto inventory = parse_inventory(text, "i.yaml");
  return inventory ? "" : inventory.error().message;
}

}  // namespace wme::scenarios
