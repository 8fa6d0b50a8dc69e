#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "model/json/api_profile.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// `rehydrate discover` of a simulated installation, over sockets.
class DiscoverCommand : public testing::Test {
 protected:
  DiscoverCommand()
      : clock_(1),
        site_(model::installation_of(
                  scenarios::load_inventory(folder_.path() / sample_inventory(folder_)).value(),
                  model::Procedure::kDehydrate),
              clock_, simulators::FaultSchedule(), model::built_in_api_profile()) {
    const Status listening = site_.listen(folder_.path());
    EXPECT_TRUE(listening);
  }
  ~DiscoverCommand() override { site_.stop(); }

  Ended discover(std::vector<std::string> more,
                 std::map<std::string, std::string> environment = {}) {
    more.insert(more.begin(), {"discover", "--provider", "aws"});
    for (const auto& [name, value] : site_.addresses().environment())
      environment.try_emplace(name, value);
    return rehydrate(folder_, more, "", std::move(environment));
  }

  TemporaryFolder folder_;
  simulators::ScaledClock clock_;
  simulators::SimulatedSite site_;
};

TEST_F(DiscoverCommand, WritesAnInventoryThatCanBePlannedFrom) {
  const Ended ended = discover({"--name", "acme-aws-xs", "-o", "found.yaml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("optional  launch.image: "),
                               HasSubstr("Found 2 instances and 6 containers"),
                               HasSubstr("Next: rehydrate inventory check found.yaml")));
  EXPECT_EQ(ended.out, "");
  const Ended checked = rehydrate(folder_, {"inventory", "check", "found.yaml"});
  EXPECT_EQ(checked.status, 0) << checked.err;
  const auto steps_of = [&](const std::string& inventory) {
    const Ended planned =
        rehydrate(folder_, {"plan", "dehydrate", "-i", inventory, "-o", "made.json", "-q"});
    EXPECT_EQ(planned.status, 0) << planned.err;
    return nlohmann::json::parse(text_of(folder_.path() / "made.json"))["steps"];
  };
  EXPECT_EQ(steps_of("found.yaml"), steps_of("inventory.yaml"));
}

/// Each gap stands in the section that it belongs to.
TEST_F(DiscoverCommand, WritesWhatItDidNotSeeAsComments) {
  const Ended ended = discover({});
  EXPECT_EQ(ended.status, 1) << "nobody gave it a name";
  const std::string& yaml = ended.out;
  EXPECT_THAT(yaml,
              AllOf(HasSubstr("installation:\n  # installation.name: no system knows"),
                    HasSubstr("\n  # launch.image: new machines get the newest image"),
                    HasSubstr("\n# packages.package: the installation does not keep its URL -> ")));
  for (std::size_t at = 0; at < yaml.size(); at = yaml.find('\n', at) + 1)
    EXPECT_LE(yaml.find('\n', at) - at, 160U) << yaml.substr(at, 160);
  folder_.file("nameless.yaml", yaml);
  const Ended checked = rehydrate(folder_, {"inventory", "check", "nameless.yaml"});
  EXPECT_EQ(checked.status, 2);
  EXPECT_THAT(checked.err, HasSubstr("installation has no 'name'"));
}

TEST_F(DiscoverCommand, TellsMachinesWhatIsMissingAndWhatWasSent) {
  const Ended ended = discover({"--json", "--name", "acme"});
  const auto told = nlohmann::json::parse(ended.out);
  EXPECT_EQ(told["schema"], "rehydrate/discovery/1");
  EXPECT_EQ(told["found"]["containers"], 6);
  EXPECT_GT(told["sent"].size(), 10U);
  for (const auto& each : told["gaps"]) EXPECT_FALSE(each["find"].get<std::string>().empty());
  EXPECT_THAT(
      ended.out + ended.err,
      AllOf(Not(HasSubstr(site_.addresses().logins.launchpad_password)),
            Not(HasSubstr(site_.addresses().cloud_environment.at("AWS_SECRET_ACCESS_KEY")))));
}

TEST_F(DiscoverCommand, SaysWhenSomebodyDidNotAnswerAndWritesTheRest) {
  const Ended ended =
      discover({"--name", "acme"}, {{"AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9"}});
  EXPECT_EQ(ended.status, 3);
  EXPECT_THAT(ended.err, HasSubstr("missing   platform.cloud_id: EC2 DescribeInstances: POST "));
  EXPECT_THAT(ended.out, HasSubstr("name: studio-1"));
}

TEST_F(DiscoverCommand, AsksForWhatItCannotGuess) {
  for (const auto& [variable, option] :
       {std::pair("REHYDRATE_LAUNCHPAD_URL", "--launchpad-url"),
        std::pair("REHYDRATE_LAUNCHPAD_USER", "--launchpad-user")}) {
    const Ended ended = discover({}, {{variable, ""}});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr(option));
  }
  const Ended ended = rehydrate(folder_, {"discover", "--provider", "awss"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("did you mean 'aws'"));
}

}  // namespace
}  // namespace wme::cli
