#include "simulators/gcp/compute_filter.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace wme::simulators::gcp {
namespace {

const nlohmann::json kDisk = {{"name", "wme-data"},
                              {"sizeGb", "150"},
                              {"labels", {{"env", "prod"}, {"team", "wme"}}},
                              {"users", {"projects/p/zones/z/instances/a", "b"}},
                              {"disks", {{{"boot", true}}, {{"boot", false}}}}};

class ComputeFilter : public ::testing::TestWithParam<std::pair<const char*, bool>> {};

TEST_P(ComputeFilter, LetsTheRightOnesPass) {
  const auto& [filter, expected] = GetParam();
  const auto passed = passes(filter, kDisk);
  ASSERT_TRUE(passed) << passed.error().message;
  EXPECT_EQ(passed.value(), expected) << filter;
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, ComputeFilter,
    ::testing::Values(std::pair("", true), std::pair("name = wme-data", true),
                      std::pair("name=\"wme-data\"", true), std::pair("name = wme", false),
                      std::pair("name:wme", true), std::pair("name != wme-data", false),
                      std::pair("name eq \"wme-.*\"", true), std::pair("name eq wme", false),
                      std::pair("name ne wme-.*", false),
                      std::pair("name eq \".*(^wme-data$).*\"", true),
                      std::pair("labels.env = prod", true), std::pair("labels.env:*", true),
                      std::pair("labels.none:*", false), std::pair("labels.none != x", true),
                      std::pair("sizeGb > 99", true), std::pair("sizeGb <= 149", false),
                      std::pair("(name = a) OR (name = wme-data)", true),
                      std::pair("(name = wme-data) (labels.team = x)", false),
                      std::pair("name = wme-data AND labels.team = wme", true),
                      std::pair("NOT name = wme-data", false),
                      std::pair("-(name = wme-data)", false), std::pair("users = b", true),
                      std::pair("users:instances/a", true), std::pair("disks.boot = true", true),
                      std::pair("(name = a OR (labels.env = prod AND sizeGb = 150))", true)));

TEST(ComputeFilterErrors, RefusesWhatItCannotRead) {
  for (const char* filter : {"name", "name =", "(name = a", "name = a)", "name = \"a", "= a",
                             "name eq \"(\"", "name ~ a"})
    EXPECT_FALSE(passes(filter, kDisk)) << filter;
}

}  // namespace
}  // namespace wme::simulators::gcp
