#include "executor/drivers/aws/settings.hpp"

#include <gtest/gtest.h>

#include <map>

namespace wme::executor::aws {
namespace {

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

TEST_F(Ec2PlaceTest, RefusesWhatIsNoPlace) {
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
  inventory_.access.region = "eu-west-1";
  inventory_.access.cloud_endpoint = "127.0.0.1:80";
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
  inventory_.access.cloud_endpoint = "http://h/path";
  EXPECT_EQ(place().error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace wme::executor::aws
