#include "executor/drivers/aws/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace wme::executor::aws {
namespace {

using ::testing::HasSubstr;

class Ec2PlaceTest : public ::testing::Test {
 protected:
  Result<Ec2Place> place() {
    return ec2_place(inventory_, [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    });
  }
  model::Inventory inventory_;
  std::map<std::string, std::string, std::less<>> environment_ = {{"HOME", "/nonexistent"}};
};

TEST_F(Ec2PlaceTest, KnowsAmazonsOwnEndpoints) {
  inventory_.access.region = "eu-central-1";
  EXPECT_EQ(place().value().base, "https://ec2.eu-central-1.amazonaws.com");
  inventory_.access.region = "cn-north-1";
  EXPECT_EQ(place().value().base, "https://ec2.cn-north-1.amazonaws.com.cn");
}

TEST_F(Ec2PlaceTest, TakesTheRegionInOrder) {
  inventory_.launch.zone = "us-west-2b";
  EXPECT_EQ(place().value().region, "us-west-2");
  environment_["AWS_DEFAULT_REGION"] = "us-east-1";
  EXPECT_EQ(place().value().region, "us-east-1");
  environment_["AWS_REGION"] = "us-east-2";
  EXPECT_EQ(place().value().region, "us-east-2");
  inventory_.access.region = "eu-west-1";
  EXPECT_EQ(place().value().region, "eu-west-1");
}

TEST_F(Ec2PlaceTest, TakesTheEndpointInOrder) {
  inventory_.access.region = "eu-west-1";
  inventory_.access.cloud_endpoint = "http://inventory:1/";
  EXPECT_EQ(place().value().base, "http://inventory:1");
  environment_["AWS_ENDPOINT_URL"] = "http://all:2";
  EXPECT_EQ(place().value().base, "http://all:2");
  environment_["AWS_ENDPOINT_URL_EC2"] = "http://ec2:3/";
  EXPECT_EQ(place().value().base, "http://ec2:3");
}

TEST_F(Ec2PlaceTest, KnowsTheZonesOfEveryKind) {
  for (const auto& [zone, region] :
       std::map<std::string, std::string>{{"eu-central-1a", "eu-central-1"},
                                          {"us-gov-west-1b", "us-gov-west-1"},
                                          {"us-east-1-bos-1a", "us-east-1"},
                                          {"us-west-2-lax-1b", "us-west-2"}}) {
    inventory_.launch.zone = zone;
    EXPECT_EQ(place().value().region, region);
  }
  inventory_.launch.zone = "zone-a";
  EXPECT_FALSE(place());
}

TEST_F(Ec2PlaceTest, ChoosesAmongAmazonsOwnByPartitionAndSwitches) {
  const auto base = [&](const std::string& region, bool fips, bool dual) {
    inventory_.access.region = region;
    environment_["AWS_USE_FIPS_ENDPOINT"] = fips ? "true" : "";
    environment_["AWS_USE_DUALSTACK_ENDPOINT"] = dual ? "True" : "false";
    const auto found = place();
    return found ? found.value().base : found.error().message;
  };
  EXPECT_EQ(base("us-east-1", true, false), "https://ec2-fips.us-east-1.amazonaws.com");
  EXPECT_EQ(base("us-east-1", false, true), "https://ec2.us-east-1.api.aws");
  EXPECT_EQ(base("us-east-1", true, true), "https://ec2-fips.us-east-1.api.aws");
  EXPECT_EQ(base("us-gov-west-1", false, false), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(base("us-gov-west-1", true, false), "https://ec2.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(base("us-gov-west-1", true, true), "https://ec2-fips.us-gov-west-1.api.aws");
  EXPECT_EQ(base("cn-north-1", false, true), "https://ec2.cn-north-1.api.amazonwebservices.com.cn");
  EXPECT_EQ(base("us-iso-east-1", false, false), "https://ec2.us-iso-east-1.c2s.ic.gov");
  EXPECT_THAT(base("us-iso-east-1", false, true), HasSubstr("no such endpoints in us-iso-east-1"));
}

TEST_F(Ec2PlaceTest, RefusesASwitchBesideAnEndpoint) {
  inventory_.access.region = "us-east-1";
  environment_["AWS_USE_FIPS_ENDPOINT"] = "true";
  environment_["AWS_ENDPOINT_URL"] = "https://proxy:8443";
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
  EXPECT_THAT(place().error().message, HasSubstr("AWS_USE_FIPS_ENDPOINT"));
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(place().value().base, "https://ec2-fips.us-east-1.amazonaws.com");
}

class ProfileEndpointTest : public Ec2PlaceTest {
 protected:
  ProfileEndpointTest() {
    inventory_.access.region = "eu-west-1";
    environment_["AWS_CONFIG_FILE"] = file_.string();
  }
  ~ProfileEndpointTest() override { std::filesystem::remove(file_); }
  void write(const std::string& text) const { std::ofstream(file_) << text; }

  const std::filesystem::path file_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("aws-config-") +
       ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(ProfileEndpointTest, TakesTheServiceOfTheProfileBeforeTheProfiles) {
  write("[default]\nendpoint_url = http://all:1\n");
  EXPECT_EQ(place().value().base, "http://all:1");
  write(
      "[default]\nendpoint_url = http://all:1\nservices = here\n\n[services here]\nec2 =\n"
      "  endpoint_url = http://ec2:2\nsts =\n  endpoint_url = http://sts:3\n");
  EXPECT_EQ(place().value().base, "http://ec2:2");
  environment_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(place().value().base, "https://ec2.eu-west-1.amazonaws.com");
  environment_.erase("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  inventory_.access.cloud_endpoint = "http://inventory:4";
  EXPECT_EQ(place().value().base, "http://inventory:4");
}

TEST_F(ProfileEndpointTest, RefusesServicesThatAreNotThere) {
  write("[default]\nservices = there\n");
  EXPECT_THAT(place().error().message, HasSubstr("no section [services there]"));
}

TEST_F(ProfileEndpointTest, KnowsWhereStsIs) {
  const auto sts = [&](const std::string& region) {
    const Environment environment = [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    return sts_place(region, environment, load_profile(environment).value()).value();
  };
  EXPECT_EQ(sts("eu-west-1").base, "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(sts("cn-north-1").base, "https://sts.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(sts("").base, "https://sts.amazonaws.com");
  EXPECT_EQ(sts("").region, "us-east-1");
  environment_["AWS_ENDPOINT_URL_EC2"] = "http://ec2:1";
  EXPECT_EQ(sts("eu-west-1").base, "https://sts.eu-west-1.amazonaws.com");
  environment_["AWS_ENDPOINT_URL_STS"] = "http://sts:2";
  EXPECT_EQ(sts("eu-west-1").base, "http://sts:2");
}

TEST_F(Ec2PlaceTest, RefusesWhatIsNoPlace) {
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
  for (const char* region : {"eu west", "EU-WEST-1", "eu-west-1.evil.example/", "fips-us-east-1"}) {
    inventory_.access.region = region;
    EXPECT_EQ(place().error().code, ErrorCode::kInvalid) << region;
  }
  inventory_.access.region = "eu-west-1";
  inventory_.access.cloud_endpoint = "127.0.0.1:80";
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
  inventory_.access.cloud_endpoint = "http://h/path";
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace wme::executor::aws
