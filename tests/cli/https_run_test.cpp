#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "scenarios/inventory/inventory_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/live_site.hpp"

namespace wme::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The program itself against a simulated installation that serves everything over HTTPS, with an
/// authority of its own.
class HttpsRun : public testing::Test {
 protected:
  HttpsRun()
      : site_(site_folder_.path(),
              scenarios::load_inventory(folder_.path() / sample_inventory(folder_)).value(),
              model::Procedure::kDehydrate, {}, simulators::HttpsFor::kEverything),
        environment_(site_.environment()) {
    sample_plan(folder_);
    // So that none of this machine's is trusted by chance.
    environment_["SSL_CERT_FILE"] = "";
  }

  Ended run() {
    return rehydrate(folder_,
                     {"run", "plan.json", "-i", "inventory.yaml", "--journal", "run.journal",
                      "--break-glass", "a test has no certificate", "--confirm", "acme-aws-xs"},
                     {}, environment_);
  }

  TemporaryFolder folder_;
  TemporaryFolder site_folder_;  ///< apart: what simulators write there are secrets
  tests::LiveSite site_;
  std::map<std::string, std::string> environment_;
};

TEST_F(HttpsRun, CarriesAPlanOutOverHttpsWithAnOwnAuthority) {
  for (const char* door :
       {"REHYDRATE_LAUNCHPAD_URL", "REHYDRATE_CONFIG_WIZARD_URL", "AWS_ENDPOINT_URL_EC2"})
    ASSERT_THAT(environment_.at(door), testing::StartsWith("https://"));

  const Ended ended = run();

  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(site_.violations(), 0U);
  EXPECT_TRUE(site_.is("power", {"platform"}, "stopped"));
}

TEST_F(HttpsRun, AsksNothingOfAnybodyWhoIsNotTrusted) {
  environment_["REHYDRATE_CA_FILE"] = "";

  const Ended ended = run();

  EXPECT_EQ(ended.status, 3) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("certificate"), HasSubstr("REHYDRATE_CA_FILE")));
  EXPECT_TRUE(site_.side_effects().empty());
}

TEST_F(HttpsRun, SaysThatItsFileOfAuthoritiesIsOfNoUse) {
  environment_["REHYDRATE_CA_FILE"] = (folder_.path() / "plan.json").string();

  const Ended ended = run();

  EXPECT_NE(ended.status, 0);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("plan.json"), HasSubstr("REHYDRATE_CA_FILE")));
  EXPECT_TRUE(site_.side_effects().empty());
}

TEST_F(HttpsRun, DoctorTellsThatNobodyIsTrusted) {
  const auto doctor = [this] {
    return rehydrate(folder_, {"doctor", "-i", "inventory.yaml"}, {}, environment_);
  };
  const Ended trusting = doctor();
  environment_["REHYDRATE_CA_FILE"] = "";
  const Ended doubting = doctor();

  EXPECT_THAT(trusting.out, Not(HasSubstr("REHYDRATE_CA_FILE")));
  EXPECT_EQ(trusting.status, 0) << trusting.out;
  EXPECT_EQ(doubting.status, 3) << doubting.out;
  EXPECT_THAT(doubting.out, HasSubstr("REHYDRATE_CA_FILE"));
}

}  // namespace
}  // namespace wme::cli
