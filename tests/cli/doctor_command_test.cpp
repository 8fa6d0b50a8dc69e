#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
using testing::HasSubstr;
using testing::Not;

/// `rehydrate doctor` against a simulated installation, over sockets.
class DoctorCommand : public testing::Test {
 protected:
  DoctorCommand()
      : clock_(1),
        site_(model::installation_of(
                  scenarios::load_inventory(folder_.path() / sample_inventory(folder_)).value(),
                  model::Procedure::kDehydrate),
              clock_, simulators::FaultSchedule(), model::built_in_api_profile()) {
    sample_plan(folder_, "rotate");
    const Status listening = site_.listen(folder_.path());
    EXPECT_TRUE(listening);
  }
  ~DoctorCommand() override { site_.stop(); }

  Ended doctor(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"doctor", "-i", "inventory.yaml"});
    return rehydrate(folder_, more, "", site_.addresses().environment());
  }
  void change(const std::function<void(simulators::Conditions&)>& change) {
    const auto lock = site_.world().enter();
    change(site_.world().conditions());
  }
  std::size_t events() {
    const auto lock = site_.world().enter();
    return site_.world().events().size() + site_.world().violations().size();
  }

  TemporaryFolder folder_;
  simulators::ScaledClock clock_;
  simulators::SimulatedSite site_;
};

TEST_F(DoctorCommand, IsContentAndChangesNothing) {
  const Ended ended = doctor({"--plan", "plan.json"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("acme-aws-xs on aws"), HasSubstr(" 0 failed, "),
                               HasSubstr("permissions, ec2:RunInstances")));
  EXPECT_THAT(ended.err, HasSubstr("nothing is changed"));
  EXPECT_EQ(events(), 0U);
}

TEST_F(DoctorCommand, EndsWithWhatFailedAndThePolicyThatIsMissing) {
  change([](simulators::Conditions& conditions) { conditions.denied.insert("RunInstances"); });
  const Ended ended = doctor({"--plan", "plan.json"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("failed       permissions, ec2:RunInstances"),
                               HasSubstr("\"Sid\": \"RunInstances\""), HasSubstr("2 failed, ")));
  EXPECT_LT(ended.out.rfind("  ok  "), ended.out.find("  failed  "));
}

TEST_F(DoctorCommand, ExitsWithThreeWhenSomebodyOnlyDidNotAnswer) {
  change([](simulators::Conditions& conditions) { conditions.cut_off.insert("qa-1"); });
  EXPECT_EQ(doctor().status, 3);
  change([](simulators::Conditions& conditions) { conditions.no_sudo.insert("studio-1"); });
  EXPECT_EQ(doctor().status, 1) << "a check that failed says more";
}

TEST_F(DoctorCommand, TellsMachinesEverything) {
  const Ended ended = doctor({"--plan", "plan.json", "--json"});
  const json told = json::parse(ended.out);
  EXPECT_EQ(told["schema"], "rehydrate/examination/1");
  EXPECT_EQ(told["procedure"], "rotate");
  EXPECT_EQ(told["summary"]["failed"], 0);
  EXPECT_EQ(told["policy"]["Version"], "2012-10-17");
  EXPECT_GT(told["sent"].size(), 10U);
  std::map<std::string, int> counted;
  for (const json& each : told["checks"]) {
    ++counted[each["verdict"].get<std::string>()];
    EXPECT_FALSE(each["measured"].get<std::string>().empty());
    EXPECT_EQ(each["at"].get<std::string>().size(), 20U);
  }
  EXPECT_EQ(counted["ok"], told["summary"]["ok"].get<int>());
  EXPECT_EQ(counted["not-checked"], told["summary"]["not_checked"].get<int>());
}

TEST_F(DoctorCommand, TakesTheWindowsThatRunTakes) {
  // Whatever the time of the day is, one of the two is open.
  EXPECT_EQ(std::min(doctor({"--window", "00:00-23:59"}).status,
                     doctor({"--window", "23:58-23:57"}).status),
            0);
  const Ended closed = doctor({"--window", "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"});
  EXPECT_EQ(closed.status, 1);
  EXPECT_THAT(closed.out, HasSubstr("it closed "));
}

TEST_F(DoctorCommand, NeverPrintsASecret) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--plan", "plan.json"}, {"--plan", "plan.json", "--json"}}) {
    const Ended ended = doctor(more);
    for (const std::string& secret :
         {site_.addresses().logins.launchpad_password,
          site_.addresses().cloud_environment.at("AWS_SECRET_ACCESS_KEY")})
      EXPECT_THAT(ended.out + ended.err, Not(HasSubstr(secret)));
  }
}

TEST_F(DoctorCommand, RefusesWhatItCannotRead) {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--window", "tonight"},
        {"--window", "2026-11-23T20:00:00Z/2026-11-23T19:00:00Z"},
        {"--certificate", "certificate.json"},
        {"--plan", "missing.json"}}) {
    const Ended ended = doctor(more);
    EXPECT_EQ(ended.status, 2) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
}

}  // namespace
}  // namespace wme::cli
