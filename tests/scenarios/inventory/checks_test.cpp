#include "scenarios/inventory/checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenarios/inventory/fleet.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "tests/scenarios/inventory/sample.hpp"

namespace wme::scenarios {
namespace {

using testing::HasSubstr;

class CheckFinds : public testing::TestWithParam<Defect> {};
TEST_P(CheckFinds, TheDefectAndNothingElse) {
  const std::string errors = errors_of(with(GetParam().old, GetParam().replacement));
  EXPECT_THAT(errors, HasSubstr(GetParam().message));
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 0) << errors;
}
INSTANTIATE_TEST_SUITE_P(
    Inventory, CheckFinds,
    testing::Values(
        Defect{"DuplicateContainer", "name: c2", "name: c1",
               "i.yaml:21:12: container 'c1' is there twice: plans, journals and tags of the cloud "
               "know everything by one name; give each a name of its own; the other stands in line "
               "20"},
        Defect{"DuplicateInRange", "name: c6", "name: c4", "container 'c4' is there twice"},
        Defect{"DuplicateContainerId", "name: c6,", "name: c6, id: ccc-0003,",
               "container id 'ccc-0003' is there twice"},
        Defect{"ContainerCalledAsAnInstance", "name: c6", "name: qa-1",
               "container 'qa-1' is there twice"},
        Defect{"ContainerCalledAsASuccessor", "name: c6", "name: qa-1-new",
               "container 'qa-1-new' is there twice"},
        Defect{"ReservedName", "name: c6", "name: wm-data",
               "container has the reserved name 'wm-data'"},
        Defect{"UnknownShard", "  - {name: qa}", "  - {name: qa}\n  - {name: demo}",
               "unknown shard 'demo'"},
        Defect{"ShardMisspelt", "  - {name: qa}", "  - {name: qaa}",
               "unknown shard 'qaa': WME has studio, qa (also called Demo), stage and live; did "
               "you mean 'qa'?"},
        Defect{"ShardNotListed", "  - {name: qa}\n", "",
               "instance 'qa-1' is in shard 'qa', which the section shards does not have"},
        Defect{"InstanceInAMisspeltShard", "name: qa-1, shard: qa", "name: qa-1, shard: qq",
               "instance 'qa-1' is in shard 'qq', which the section shards does not have"},
        Defect{"InstanceTwice", "name: qa-1, shard: qa", "name: studio-1, shard: studio",
               "instance 'studio-1' is there twice"},
        Defect{"InstanceInTwoShards", "name: qa-1, shard: qa", "name: studio-1, shard: qa",
               "instance 'studio-1' is in two shards, 'studio' and 'qa'"},
        Defect{"InstanceMissing", "- {name: studio-1, shard: studio",
               "- {name: studio-9, shard: studio", "is on instance 'studio-1', which is unknown"},
        Defect{"CidrOnLanAndMachines", "cidr: 10.2.1.1/24", "cidr: 10.0.1.1/24",
               "cidr 10.0.1.1/24 overlaps lan 10.0.0.0/16"},
        Defect{"ShardTwice", "  - {name: qa}", "  - {name: qa}\n  - {name: qa, id: shard-2}",
               "shard 'qa' is there twice"},
        Defect{"ShardIdTwice", "{name: qa}", "{name: qa, id: shard-147aab1595f3qk135yK2H}",
               "shard id 'shard-147aab1595f3qk135yK2H' is there twice"},
        Defect{"AddressTwice", "address: 10.0.3.10", "address: 10.0.1.10",
               "i.yaml:18:38: address 10.0.1.10 of 'qa-1' is already that of 'platform'"},
        Defect{"AddressOfASuccessor", "address: 10.0.3.10", "address: 10.0.102.10",
               "also between old and new machines"},
        Defect{"NewAddressIsOld", "new_address: 10.0.102.10", "new_address: 10.0.2.10",
               "new_address of 'studio-1' repeats its address"},
        Defect{"CidrTooSmall", "10.2.1.1/24", "10.2.1.1/25",
               "i.yaml:6:9: cidr 10.2.1.1/25 is too small: WME's docker network needs a prefix of "
               "/24 or wider (INV-34)"},
        Defect{"CidrOnTheLan", "lan: 10.0.0.0/16", "lan: 10.0.0.0/8",
               "cidr 10.2.1.1/24 overlaps lan 10.0.0.0/8"},
        Defect{"AddressInCidr", "address: 10.0.3.10", "address: 10.2.1.77",
               "address 10.2.1.77 of 'qa-1' lies in cidr 10.2.1.1/24"},
        Defect{"UnknownInstance", "instance: qa-1", "instance: qa-l",
               "i.yaml:23:53: container 'c6' is on instance 'qa-l', which is unknown: the section "
               "instances does not have it; did you mean 'qa-1'?"},
        Defect{"InstanceOfAnotherShard", "instance: qa-1", "instance: studio-1",
               "container 'c6' of shard 'qa' is on instance 'studio-1' of shard 'studio'"},
        Defect{"RunningNowhere", "instance: qa-1, state: running", "state: running",
               "container 'c6' is running on no instance"},
        Defect{"StoppedNowhere", "instance: qa-1, state: running", "state: stopped",
               "container 'c6' is stopped on no instance"},
        Defect{"ContainerOfAnUnlistedShard",
               "shard: qa, owner: qa-shop, instance: qa-1, state: running",
               "shard: live, owner: live-shop, state: passivated",
               "container 'c6' is in shard 'live', which the section shards does not have"},
        Defect{"PackageOfAnotherBuild", "studio-11.7.3.ee.10412p1.tar",
               "studio-11.7.3.ee.10412p2.tar",
               "the package is of version 11.7.3.ee.10412p2, not 11.7.3.ee.10412p1: data is "
               "restored by exactly the build that wrote it (INV-31)"},
        Defect{"NoRoomForTheArchive", "used_gb: 48", "used_gb: 76",
               "i.yaml:12:20: /wm-data uses 76 GB of 150 GB, which leaves no room for data.tar: on "
               "esxi the archive is written next to the data (INV-19)"},
        Defect{"MoreUsedThanThere", "used_gb: 48", "used_gb: 151",
               "/wm-data uses 151 GB of 150 GB: there cannot be more"},
        Defect{"LostContainers", "platform:\n",
               "totals: {instances: 2, containers: 7}\nplatform:\n",
               "totals says 7 containers, but there are 6"},
        Defect{"LostInstances", "platform:\n", "totals: {instances: 3, containers: 6}\nplatform:\n",
               "totals says 3 instances, but there are 2"}),
    [](const auto& one) { return one.param.name; });

TEST(Check, TakesHalfADiskForTheArchiveOnlyWhereThereAreNoVolumes) {
  EXPECT_EQ(errors_of(with("used_gb: 48", "used_gb: 75")), "");
  std::string aws = with("used_gb: 48", "used_gb: 140");
  aws.replace(aws.find("esxi"), 4, "aws");
  EXPECT_EQ(errors_of(aws), "");
}

TEST(Check, AllowsParkedContainersWithoutAnInstanceAndFullSlots) {
  EXPECT_EQ(errors_of(with("state: stopped", "state: running")), "") << "two run on two slots";
  EXPECT_EQ(errors_of(with("instance: qa-1, state: running", "state: passivated")), "");
}

TEST(Check, FindsAnInstanceInTwoShards) {
  EXPECT_THAT(errors_of(with("instances:\n",
                             "instances:\n  - {name: qa-1, shard: studio, address: 10.0.2.11}\n")),
              HasSubstr("i.yaml:19:12: instance 'qa-1' is in two shards, 'studio' and 'qa': an "
                        "instance serves exactly one shard (INV-44); keep one of the two entries"));
}

TEST(Check, FindsMoreRunningContainersThanSlots) {
  std::string text = with("state: stopped", "state: running");
  text.replace(text.find("slots: 2"), 8, "slots: 1");
  EXPECT_THAT(errors_of(text),
              HasSubstr("2 containers run on instance 'studio-1', which has 1 slot"));
}

TEST(Check, FindsAShardWhoseContainersNothingCouldActivate) {
  std::string text = with("  - {name: qa}\n", "  - {name: qa}\n  - {name: live}\n");
  const std::string row = "shard: qa, owner: qa-shop, instance: qa-1, state: running";
  text.replace(text.find(row), row.size(), "shard: live, owner: live-shop, state: passivated");
  EXPECT_THAT(errors_of(text),
              HasSubstr("container 'c6' is in shard 'live', which has no instance: "
                        "nothing could activate it after a restore (INV-47)"));
}

TEST(Check, FindsCloudIdsThatAreThereTwice) {
  model::Inventory inventory = generate_fleet(Fleet::kXs, model::Provider::kAws);
  inventory.instances[1].cloud_id = inventory.platform.cloud_id;
  EXPECT_THAT(errors_of(to_yaml(inventory)), HasSubstr("is there twice: two machines or disks"));
}

/// What nothing of that cloud can be called would be found out by the run, in the middle of it.
TEST(Check, FindsIdsOfAnotherCloud) {
  using model::Inventory;
  using model::Provider;
  struct Stray {
    Provider provider;
    void (*spoil)(Inventory&);
    const char* says;
  };
  for (const Stray& each : std::vector<Stray>{
           {Provider::kAzure,
            [](Inventory& all) { all.platform.wm_data.cloud_id = "vol-0123456789abcdef0"; },
            ":32:23: platform.wm_data.cloud_id 'vol-0123456789abcdef0' is an id of aws: the "
            "inventory's provider is azure, which knows nothing by it; look the right one up, or "
            "correct the provider"},
           {Provider::kGcp, [](Inventory& all) { all.instances[1].cloud_id = "i-01234567"; },
            "instances[1].cloud_id 'i-01234567' is an id of aws"},
           {Provider::kGcp,
            [](Inventory& all) {
              all.platform.interface =
                  "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/"
                  "networkInterfaces/n";
            },
            "is an id of azure"},
           {Provider::kAws,
            [](Inventory& all) { all.launch.subnet = "projects/p/regions/r/subnetworks/s"; },
            "launch.subnet 'projects/p/regions/r/subnetworks/s' is an id of gcp"},
           {Provider::kAws,
            [](Inventory& all) {
              all.launch.image =
                  "https://www.googleapis.com/compute/v1/projects/p/global/images/family/f";
            },
            "is an id of gcp"},
           {Provider::kAws,
            [](Inventory& all) { all.launch.image = "Canonical:ubuntu:22_04-lts:latest"; },
            "is an id of azure"},
           {Provider::kAzure,
            [](Inventory& all) { all.launch.security_groups[1] = "sg-0123456789abcdef0"; },
            "launch.security_groups[1] 'sg-0123456789abcdef0' is an id of aws"}}) {
    Inventory inventory = generate_fleet(Fleet::kXs, each.provider);
    EXPECT_EQ(errors_of(to_yaml(inventory)), "");
    each.spoil(inventory);
    EXPECT_THAT(errors_of(to_yaml(inventory)), HasSubstr(each.says));
  }
}

TEST(Check, LeavesNamesThatOnlyBeginLikeAnothersIds) {
  model::Inventory inventory = generate_fleet(Fleet::kXs, model::Provider::kAzure);
  inventory.platform.cloud_id = "i-love-wme";
  inventory.platform.wm_data.cloud_id = "vol-data";
  EXPECT_EQ(errors_of(to_yaml(inventory)), "");
}

TEST(Check, FindsAnUpgradeThatTheVendorDoesNotDocument) {
  model::Inventory inventory = as_upgrade(generate_fleet(Fleet::kXs, model::Provider::kAws));
  inventory.version = "10.6.1.ee.9000";
  EXPECT_THAT(errors_of(to_yaml(inventory)), HasSubstr("11.1 to 11.8 from 10.13 only (INV-50)"));
}

TEST(Check, FindsWhatAnUpgradeLacks) {
  model::Inventory inventory = as_upgrade(generate_fleet(Fleet::kXs, model::Provider::kAws));
  inventory.migrations = {};
  EXPECT_THAT(errors_of(to_yaml(inventory)), HasSubstr("packages has no 'migrations'"));
  inventory = as_upgrade(generate_fleet(Fleet::kXs, model::Provider::kAws));
  inventory.package = generate_fleet(Fleet::kXs, model::Provider::kAws).package;
  EXPECT_THAT(errors_of(to_yaml(inventory)), HasSubstr("an upgrade installs the target version"));
}

}  // namespace
}  // namespace wme::scenarios
