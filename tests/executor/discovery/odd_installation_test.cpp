#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "executor/discovery/discovery.hpp"

/// What real installations have and the simulated ones do not.
namespace wme::executor {
namespace {

using testing::HasSubstr;

class OddLaunchpad : public LaunchpadSurvey {
 public:
  std::string where() const override { return "Launchpad"; }
  Status log_in() override { return Done{}; }
  Result<std::optional<ClockReading>> clock() override { return std::optional<ClockReading>(); }
  Result<std::vector<SeenShard>> shards() override { return its_shards; }
  Result<std::vector<SeenInstance>> instances() override { return its_instances; }
  Result<std::vector<SeenContainer>> containers() override { return its_containers; }
  Result<SeenLicense> license() override { return SeenLicense{}; }
  Result<std::optional<std::string>> vcs_address() override { return its_vcs; }

  std::vector<SeenShard> its_shards = {{"shard-1", "studio"}};
  std::vector<SeenInstance> its_instances = {
      {"1", "studio-1", "10.0.2.10", "ubuntu", "shard-1", "started", "", 18},
      {"2", "studio-2", "10.0.2.11", "ubuntu", "shard-1", "started", "", 18}};
  std::vector<SeenContainer> its_containers;
  std::optional<std::string> its_vcs;
};

/// Nothing of its disks but their sizes; each file system a little smaller than its disk.
class OddHosts : public HostSurvey {
 public:
  Result<HostFacts> look(const std::string& address, const std::string&,
                         const std::vector<std::string>&) override {
    HostFacts facts;
    facts.root = true;
    constexpr long long kGb = 1LL << 20U;
    if (address == "10.0.1.10")
      facts.spaces = {{"/wm-data", "/wm-data", 147 * kGb, 20 * kGb, 127 * kGb},
                      {"/wm-runtime", "/wm-runtime", 98 * kGb, 1 * kGb, 97 * kGb}};
    else
      facts.spaces = {{"/data", "/data", 147 * kGb, 1 * kGb, 146 * kGb}};
    return facts;
  }
};

class OddCloud : public CloudSurvey {
 public:
  std::string where() const override { return "the cloud"; }
  Result<CloudIdentity> identity() override { return CloudIdentity{}; }
  Result<std::optional<ClockReading>> clock() override { return std::optional<ClockReading>(); }
  Result<std::vector<SeenMachine>> machines(const std::vector<std::string>&,
                                            const std::vector<std::string>&) override {
    SeenMachine platform;
    platform.cloud_id = "i-platform";
    platform.addresses = {"10.0.1.10"};
    SeenMachine one = platform;
    one.cloud_id = "i-1";
    one.addresses = {"10.0.2.10"};
    one.size = "m5.xlarge";
    SeenMachine two = one;
    two.cloud_id = "i-2";
    two.addresses = {"10.0.2.11"};
    two.size = "m5.2xlarge";
    return std::vector<SeenMachine>{platform, one, two};
  }
  Result<std::vector<SeenDisk>> disks_of(const std::vector<std::string>&) override {
    return its_disks;
  }
  Result<std::optional<std::string>> range_of(const std::string&) override {
    return std::optional<std::string>();
  }
  Result<std::optional<AddressHolder>> holder_of(const std::string&) override {
    return std::optional<AddressHolder>();
  }
  Result<std::optional<std::string>> fault_of_image(const std::string&) override {
    return std::optional<std::string>();
  }
  Result<std::vector<Permission>> permissions(const std::vector<Call>&) override {
    return std::vector<Permission>();
  }
  std::string policy(const std::vector<Call>&, const std::string&) const override { return ""; }
  Result<std::vector<Quota>> quotas(const std::vector<Call>&) override {
    return std::vector<Quota>();
  }

  std::vector<SeenDisk> its_disks = {{"vol-root", "i-platform", "/dev/sda1", 50},
                                     {"vol-data", "i-platform", "/dev/sdf", 150},
                                     {"vol-runtime", "i-platform", "/dev/sdg", 100},
                                     {"vol-1", "i-1", "/dev/sdf", 150},
                                     {"vol-2", "i-2", "/dev/sdf", 160}};
};

class OddInstallation : public testing::Test {
 protected:
  Discovery discovered() {
    DiscoveryTask task;
    task.name = "odd";
    task.platform_address = "10.0.1.10";
    task.ssh_user = "ec2-user";
    return discover(task, {static_cast<LaunchpadSurvey*>(&launchpad_),
                           Error{ErrorCode::kUnreachable, "nobody answers"},
                           static_cast<CloudSurvey*>(&cloud_), hosts_});
  }
  static std::string why(const Discovery& discovery, const std::string& path) {
    for (const Gap& each : discovery.gaps)
      if (each.path == path) return each.why;
    return "no gap " + path;
  }
  OddLaunchpad launchpad_;
  OddHosts hosts_;
  OddCloud cloud_;
};

TEST_F(OddInstallation, KnowsADiskByItsSizeWhereItShowsNoSerial) {
  const Discovery discovery = discovered();
  EXPECT_EQ(discovery.inventory.platform.wm_data, (model::Volume{"vol-data", 150}));
  EXPECT_EQ(discovery.inventory.platform.wm_runtime, (model::Volume{"vol-runtime", 100}));
  EXPECT_EQ(discovery.inventory.instances[0].data_gb, 150) << "the disk's size, not df's";
  EXPECT_EQ(discovery.inventory.instances[1].data_gb, 160);
  EXPECT_EQ(discovery.inventory.platform.ssh_user, "ec2-user");
}

TEST_F(OddInstallation, DoesNotGuessBetweenTwoDisksOfOneSize) {
  cloud_.its_disks.push_back({"vol-other", "i-platform", "/dev/sdh", 150});
  const Discovery discovery = discovered();
  EXPECT_EQ(discovery.inventory.platform.wm_data.cloud_id, "");
  EXPECT_THAT(why(discovery, "platform.wm_data.cloud_id"), HasSubstr("no serial"));
}

TEST_F(OddInstallation, LeavesOutAContainerThatIsOnItsWay) {
  launchpad_.its_containers = {{"ccc-2", "shard-1", "b@x.example", "passivating", "1"},
                               {"ccc-1", "shard-1", "a@x.example", "stopped", "1"},
                               {"ccc-3", "shard-1", "c@x.example", "running", "9"},
                               {"ccc-4", "shard-?", "d@x.example", "passivated", ""}};
  const Discovery discovery = discovered();
  ASSERT_EQ(discovery.inventory.containers.size(), 2U);
  EXPECT_EQ(discovery.inventory.containers[0].name, "c1");
  EXPECT_EQ(discovery.inventory.containers[1].name, "c3") << "numbers follow the ids";
  EXPECT_THAT(why(discovery, "containers[ccc-2]"), HasSubstr("it is passivating"));
  EXPECT_THAT(why(discovery, "containers[ccc-3].instance"), HasSubstr("not listed"));
  EXPECT_THAT(why(discovery, "containers[ccc-4]"), HasSubstr("shard-?"));
}

TEST_F(OddInstallation, TellsWhatDoesNotFitAnInventory) {
  launchpad_.its_shards.push_back({"shard-2", "PREPROD"});
  launchpad_.its_instances.push_back(
      {"3", "pre-1", "pre-1.acme.example", "", "shard-2", "started", "", 0});
  const Discovery discovery = discovered();
  EXPECT_THAT(why(discovery, "shards[shard-2].name"), HasSubstr("PREPROD"));
  EXPECT_THAT(why(discovery, "instances[pre-1].address"), HasSubstr("pre-1.acme.example"));
  EXPECT_THAT(why(discovery, "instances[pre-1].shard"), HasSubstr("not known"));
  EXPECT_THAT(why(discovery, "instances[pre-1].ssh_user"), HasSubstr("does not tell"));
  EXPECT_THAT(why(discovery, "launch.instance_size"), HasSubstr("several sizes"));
  EXPECT_THAT(why(discovery, "license.developers"), HasSubstr("no active license"));
  EXPECT_THAT(why(discovery, "installation.version"), HasSubstr("nobody answers"));
}

TEST_F(OddInstallation, FindsThePlatformByItsBuiltInVcsOnly) {
  EXPECT_FALSE(platform_address(launchpad_));
  launchpad_.its_vcs = "10.0.1.10";
  EXPECT_EQ(platform_address(launchpad_).value(), "10.0.1.10");
}

}  // namespace
}  // namespace wme::executor
