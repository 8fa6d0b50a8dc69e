#include "executor/discovery/discovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "executor/drivers/all/surveys.hpp"
#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/support/process.hpp"

namespace wme::executor {

void PrintTo(const Gap& gap, std::ostream* out) {
  *out << (gap.required ? "missing " : "optional ") << gap.path << ": " << gap.why;
}

namespace {

using model::Inventory;
using model::Procedure;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

Inventory example(const std::string& name) {
  const auto inventory = scenarios::load_inventory(std::string(WME_SOURCE_DIR) +
                                                   "/scenarios/inventories/" + name + ".yaml");
  EXPECT_TRUE(inventory);
  return inventory.value();
}

/// A simulated installation of `original`, behind real sockets, and somebody who knows no more than
/// where Launchpad is.
class Stranger {
 public:
  explicit Stranger(Inventory original)
      : clock_(1),
        site_(model::installation_of(original, Procedure::kDehydrate), clock_,
              simulators::FaultSchedule(), model::built_in_api_profile()) {
    EXPECT_TRUE(site_.listen(folder_.path()));
    environment_ = site_.addresses().environment();
    task_.provider = original.provider;
    task_.name = original.name;
    task_.ssh_user = original.platform.ssh_user;
    task_.access.region = original.access.region;
    task_.access.launchpad_user = original.access.launchpad_user;
    task_.access.launchpad_password.where = "env:REHYDRATE_LAUNCHPAD_PASSWORD";
    task_.access.config_wizard_password.where = "env:REHYDRATE_CONFIG_WIZARD_PASSWORD";
    SshSettings settings;
    settings.config_file = site_.addresses().ssh_config.string();
    ssh_ = std::make_unique<SshTransport>(settings);
  }
  ~Stranger() { site_.stop(); }

  Discovery discovered() {
    const auto open = [&] {
      Inventory known;
      known.provider = task_.provider;
      known.access = task_.access;
      known.platform.address = task_.platform_address;
      return std::make_unique<Surveys>(
          known, SurveySetup{http_, *ssh_,
                             [this](std::string_view name) {
                               const auto found = environment_.find(std::string(name));
                               return found == environment_.end() ? std::optional<std::string>()
                                                                  : std::optional(found->second);
                             },
                             [] {
                               return std::chrono::floor<std::chrono::milliseconds>(
                                   std::chrono::system_clock::now());
                             }});
    };
    if (const auto launchpad = open()->launchpad(); launchpad && task_.platform_address.empty()) {
      const auto first = open();
      const auto address = platform_address(*first->launchpad().value());
      if (address) task_.platform_address = address.value();
    }
    const auto surveys = open();
    return discover(task_, {surveys->launchpad(), surveys->config_wizard(), surveys->cloud(),
                            surveys->hosts()});
  }
  std::size_t events() {
    const auto lock = site_.world().enter();
    return site_.world().events().size() + site_.world().violations().size();
  }
  void change(const std::function<void(simulators::Conditions&)>& change) {
    const auto lock = site_.world().enter();
    change(site_.world().conditions());
  }
  std::map<std::string, std::string>& environment() { return environment_; }
  DiscoveryTask& task() { return task_; }

 private:
  testing_support::TemporaryFolder folder_;
  simulators::ScaledClock clock_;
  simulators::SimulatedSite site_;
  std::map<std::string, std::string> environment_;
  DiscoveryTask task_;
  SocketHttpTransport http_;
  std::unique_ptr<SshTransport> ssh_;
};

std::vector<std::string> paths_of(const std::vector<Gap>& gaps, bool required) {
  std::vector<std::string> paths;
  for (const Gap& each : gaps)
    if (each.required == required) paths.push_back(each.path);
  return paths;
}

/// What a person fills in: only where a gap was declared.
Inventory filled_in(const Discovery& discovery, const Inventory& original) {
  Inventory inventory = discovery.inventory;
  const auto declared = [&](const std::string& path) {
    return std::ranges::any_of(discovery.gaps, [&](const Gap& gap) { return gap.path == path; });
  };
  if (declared("launch.image")) inventory.launch.image = original.launch.image;
  if (declared("backup.id")) inventory.backup_id = original.backup_id;
  if (declared("packages.package")) inventory.package = original.package;
  if (declared("packages.rotation")) inventory.rotation = original.rotation;
  if (declared("instances[].new_address"))
    for (model::Instance& each : inventory.instances)
      for (const model::Instance& other : original.instances)
        if (each.name == other.name) each.new_address = other.new_address;
  return inventory;
}

class DiscoveredInstallation : public testing::TestWithParam<const char*> {};

TEST_P(DiscoveredInstallation, GivesTheSamePlansAsItsInventory) {
  const Inventory original = example(GetParam());
  Stranger stranger(original);
  const Discovery discovery = stranger.discovered();
  EXPECT_THAT(paths_of(discovery.gaps, true), IsEmpty());
  EXPECT_THAT(paths_of(discovery.gaps, false),
              testing::IsSupersetOf(
                  {"launch.image", "instances[].new_address", "packages.package", "backup.id"}));
  EXPECT_EQ(stranger.events(), 0U) << "looking changes nothing";

  // As the operator has it: written, completed, read again.
  const auto read = scenarios::parse_inventory(scenarios::to_yaml(filled_in(discovery, original)),
                                               "discovered.yaml");
  ASSERT_TRUE(read) << read.error().message;
  for (const Procedure procedure :
       {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate}) {
    const model::GroundModel theirs(model::installation_of(original, procedure));
    const model::GroundModel ours(model::installation_of(read.value(), procedure));
    const auto expected = model::make_plan(theirs);
    const auto made = model::make_plan(ours);
    ASSERT_TRUE(expected);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made.value().steps, expected.value().steps) << to_string(procedure);
  }
}

/// What was seen is what is there, to the last id.
TEST_P(DiscoveredInstallation, IsItsInventoryToTheLastField) {
  const Inventory original = example(GetParam());
  Stranger stranger(original);
  Inventory found = filled_in(stranger.discovered(), original);
  found.backup_store = original.backup_store;  // of ESXi and Hyper-V
  EXPECT_EQ(found.platform, original.platform);
  EXPECT_EQ(found.instances, original.instances);
  EXPECT_EQ(found.shards, original.shards);
  EXPECT_EQ(found.containers, original.containers);
  EXPECT_EQ(found.launch, original.launch);
  EXPECT_EQ(scenarios::to_yaml(found), scenarios::to_yaml(original));
}
INSTANTIATE_TEST_SUITE_P(Every, DiscoveredInstallation, testing::Values("aws-xs", "aws-s", "aws-m"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Discovery, LeavesOutWhatACutOffHostDoesNotShow) {
  Stranger stranger(example("aws-xs"));
  stranger.change([](simulators::Conditions& c) { c.cut_off.insert("platform"); });
  const Discovery discovery = stranger.discovered();
  EXPECT_THAT(paths_of(discovery.gaps, true),
              IsSupersetOf({"installation.cidr", "platform.ssh_user", "platform.wm_data.size_gb",
                            "platform.wm_data.cloud_id"}));
  EXPECT_EQ(discovery.inventory.cidr, "") << "nothing is assumed";
  EXPECT_EQ(discovery.inventory.platform.ssh_user, "");
  EXPECT_EQ(discovery.inventory.platform.wm_data, model::Volume());
  EXPECT_EQ(discovery.inventory.instances[0].data_gb, 150) << "the others are seen all the same";
  EXPECT_THAT(discovery.gaps, Contains(Field(&Gap::unreachable, true)));
}

TEST(Discovery, TellsWhichDoorDidNotOpen) {
  Stranger stranger(example("aws-xs"));
  stranger.environment()["REHYDRATE_LAUNCHPAD_PASSWORD"] = "Wrong_1";
  stranger.task().platform_address = "10.0.1.10";
  const Discovery discovery = stranger.discovered();
  EXPECT_THAT(paths_of(discovery.gaps, true),
              IsSupersetOf({"license.developers", "shards", "instances", "containers"}));
  EXPECT_EQ(discovery.inventory.version, "11.7.3.ee.10412p1") << "the ConfigWizard's is open";
  for (const Gap& each : discovery.gaps)
    if (each.path == "instances") {
      EXPECT_THAT(each.why, HasSubstr("401"));
    }
}

TEST(Discovery, SeesNothingOfACloudWithoutADriver) {
  Stranger stranger(example("esxi-xs"));
  const Discovery discovery = stranger.discovered();
  EXPECT_THAT(paths_of(discovery.gaps, true),
              IsSupersetOf({"platform.cloud_id", "launch.image", "instances[].cloud_id"}));
  EXPECT_THAT(discovery.gaps, Contains(Field(&Gap::why, HasSubstr("aws, azure, gcp only"))));
  EXPECT_EQ(discovery.inventory.instances.size(), 2U);
  EXPECT_EQ(discovery.inventory.cidr, "10.2.1.1/24") << "the hosts show it";
}

TEST(Discovery, NamesWhatNobodyCallsByName) {
  Stranger stranger(example("aws-xs"));
  stranger.task().name.clear();
  const Discovery discovery = stranger.discovered();
  EXPECT_EQ(discovery.inventory.name, "");
  EXPECT_THAT(paths_of(discovery.gaps, true), Contains("installation.name"));
  for (const Gap& each : discovery.gaps) {
    EXPECT_FALSE(each.why.empty()) << each.path;
    EXPECT_FALSE(each.find.empty()) << each.path;
  }
}

}  // namespace
}  // namespace wme::executor
