#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "model/json/api_profile.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// The commands that look at an installation on Google Cloud, over sockets.
class GcpCommands : public testing::Test {
 protected:
  GcpCommands()
      : clock_(1),
        site_(model::installation_of(load(), model::Procedure::kDehydrate), clock_,
              simulators::FaultSchedule(), model::built_in_api_profile()) {
    EXPECT_TRUE(site_.listen(folder_.path()));
    EXPECT_EQ(rehydrate(folder_, {"plan", "rotate", "-i", "gcp.yaml", "-o", "plan.json"}).status,
              0);
  }
  ~GcpCommands() override { site_.stop(); }

  model::Inventory load() {
    const Ended made = rehydrate(
        folder_, {"inventory", "generate", "--fleet", "XS", "--provider", "gcp", "-o", "gcp.yaml"});
    EXPECT_EQ(made.status, 0) << made.err;
    return scenarios::load_inventory(folder_.path() / "gcp.yaml").value();
  }
  Ended look(std::vector<std::string> arguments) {
    return rehydrate(folder_, arguments, "", site_.addresses().environment());
  }
  void change(const std::function<void(simulators::Conditions&)>& change) {
    const auto lock = site_.world().enter();
    change(site_.world().conditions());
  }

  TemporaryFolder folder_;
  simulators::ScaledClock clock_;
  simulators::SimulatedSite site_;
};

TEST_F(GcpCommands, DoctorIsContentAndChangesNothing) {
  const Ended ended = look({"doctor", "-i", "gcp.yaml", "--plan", "plan.json"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("on gcp"), HasSubstr(" 0 failed, "),
                    HasSubstr("permissions, compute.instances.insert"),
                    HasSubstr("it moves with its interface nic0"), HasSubstr("the limit is")));
  const auto lock = site_.world().enter();
  EXPECT_TRUE(site_.world().events().empty());
}

TEST_F(GcpCommands, DoctorNamesWhatIsMissingAndPrintsTheRole) {
  change([](simulators::Conditions& conditions) {
    conditions.denied.insert("compute.instances.stop");
    conditions.clock_ahead["compute"] = std::chrono::minutes(20);
  });
  const Ended ended = look({"doctor", "-i", "gcp.yaml", "--plan", "plan.json", "--json"});
  EXPECT_EQ(ended.status, 1) << ended.err;
  const json told = json::parse(ended.out);
  EXPECT_THAT(
      told["policy"]["includedPermissions"],
      AllOf(Contains("compute.instances.stop"), Contains("compute.disks.createSnapshot"),
            Contains("compute.zoneOperations.list"), Not(Contains("compute.instances.delete"))));
  EXPECT_THAT(ended.out, HasSubstr("not granted for the project: compute.instances.stop"));
}

TEST_F(GcpCommands, DoctorSaysWhichCredentialsAreMissing) {
  auto variables = site_.addresses().environment();
  variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/nowhere/key.json";
  const Ended ended = rehydrate(folder_, {"doctor", "-i", "gcp.yaml"}, "", variables);
  EXPECT_EQ(ended.status, 1) << ended.out;
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("failed       credentials"), HasSubstr("/nowhere/key.json")));
}

TEST_F(GcpCommands, DiscoverFindsWhatTheInventorySays) {
  const Ended ended =
      look({"discover", "--provider", "gcp", "--name", "acme-gcp-xs", "-o", "found.yaml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  const auto found = scenarios::load_inventory(folder_.path() / "found.yaml");
  ASSERT_TRUE(found) << found.error().message;
  const auto known = scenarios::load_inventory(folder_.path() / "gcp.yaml").value();
  EXPECT_EQ(found.value().platform, known.platform);
  EXPECT_EQ(found.value().lan, known.lan);
  ASSERT_EQ(found.value().instances.size(), known.instances.size());
  for (std::size_t i = 0; i < known.instances.size(); ++i)
    EXPECT_EQ(found.value().instances[i].cloud_id, known.instances[i].cloud_id);
  EXPECT_EQ(found.value().launch.subnet, known.launch.subnet);
  EXPECT_EQ(found.value().launch.zone, known.launch.zone);
  EXPECT_EQ(found.value().launch.security_groups, known.launch.security_groups);
}

}  // namespace
}  // namespace wme::cli
