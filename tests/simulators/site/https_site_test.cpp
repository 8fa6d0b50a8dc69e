#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "model/json/api_profile.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/site/simulated_site.hpp"

namespace wme::simulators {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

namespace fs = std::filesystem;

/// A listening site of the smallest installation of a provider.
class HttpsSite : public testing::Test {
 protected:
  ~HttpsSite() override {
    if (site_) site_->stop();
    fs::remove_all(folder_);
  }
  const SiteAddresses& listen(model::Provider provider, HttpsFor https) {
    model::Inventory inventory;
    inventory.provider = provider;
    inventory.platform.address = "10.0.1.10";
    site_ = std::make_unique<SimulatedSite>(
        model::installation_of(inventory, model::Procedure::kDehydrate), clock_, FaultSchedule(),
        model::built_in_api_profile());
    const Status listening = site_->listen(folder_, https);
    EXPECT_TRUE(listening) << listening.error().message;
    return site_->addresses();
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("https-site-test-" + std::to_string(::getpid()));
  const ScaledClock clock_{1};
  std::unique_ptr<SimulatedSite> site_;
};

TEST_F(HttpsSite, ServesACloudWhoseClientsDemandItSo) {
  const SiteAddresses& at = listen(model::Provider::kAzure, HttpsFor::kWhoDemandsIt);

  EXPECT_THAT(at.cloud, StartsWith("https://"));
  EXPECT_THAT(at.launchpad, StartsWith("http://"));
  EXPECT_TRUE(fs::exists(at.ca_file));
  for (const char* variable : {"REHYDRATE_CA_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"})
    EXPECT_THAT(at.environment(), Contains(Pair(variable, at.ca_file.string())));
}

TEST_F(HttpsSite, LeavesTheOthersAsTheyAre) {
  const SiteAddresses& at = listen(model::Provider::kAws, HttpsFor::kWhoDemandsIt);

  EXPECT_THAT(at.cloud, StartsWith("http://"));
  EXPECT_TRUE(at.ca_file.empty());
  EXPECT_THAT(at.environment(), Not(Contains(Key("REHYDRATE_CA_FILE"))));
}

TEST_F(HttpsSite, ServesEverythingSoWhenItIsAsked) {
  const SiteAddresses& at = listen(model::Provider::kAws, HttpsFor::kEverything);

  for (const std::string& base : {at.cloud, at.launchpad, at.config_wizard, at.license, at.control})
    EXPECT_THAT(base, StartsWith("https://"));
}

TEST_F(HttpsSite, WritesNoKeyOfItsAuthorityOrServers) {
  listen(model::Provider::kAzure, HttpsFor::kEverything);

  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file() || entry.path().parent_path().filename() == "ssh") continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_THAT(text, Not(HasSubstr("PRIVATE KEY"))) << entry.path();
  }
}

TEST_F(HttpsSite, MakesAnotherAuthorityEachTime) {
  const auto text_of_ca = [this] {
    std::ifstream in(listen(model::Provider::kAzure, HttpsFor::kWhoDemandsIt).ca_file);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  const std::string first = text_of_ca();
  site_->stop();

  EXPECT_NE(text_of_ca(), first);
}

}  // namespace
}  // namespace wme::simulators
