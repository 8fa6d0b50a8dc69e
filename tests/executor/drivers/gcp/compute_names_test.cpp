#include "executor/drivers/gcp/compute_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "tests/executor/drivers/gcp/scripted_google.hpp"

namespace wme::executor::gcp {
namespace {

TEST(LabelValues, KeepWhatIsAllowedAndMarkWhatIsNot) {
  EXPECT_EQ(label_value("backup-1"), "backup-1");
  EXPECT_EQ(label_value(""), "");
  const std::string encoded = label_value("Run:7/s22");
  EXPECT_TRUE(encoded.starts_with("run-7-s22-")) << encoded;
  EXPECT_EQ(encoded.size(), std::string("run-7-s22-").size() + 8);
  EXPECT_NE(label_value("run/7"), label_value("run:7")) << "they would look the same";
}

RC_GTEST_PROP(LabelValuesOfAnything, AreLabels, (const std::string& text)) {
  const std::string value = label_value(text);
  RC_ASSERT(std::regex_match(value, std::regex("[a-z0-9_-]{0,63}")));
  RC_ASSERT(label_value(value) == value);
}

RC_GTEST_PROP(NewNames, AreNames,
              (std::string installation, std::string entity, std::string token)) {
  model::Inventory inventory;
  inventory.name = installation;
  const std::string name = new_name(inventory, {"launch-machine", {entity}, token});
  // With room for the "-data" of a machine's disk.
  RC_ASSERT(std::regex_match(name, std::regex("[a-z][-a-z0-9]{0,56}[a-z0-9]")));
  // Another run makes another thing.
  RC_ASSERT(name != new_name(inventory, {"launch-machine", {entity}, token + "'"}));
}

TEST(RequestIds, AreTheSameUuidForTheSameStep) {
  const std::string id = request_id("run-7/s1", "stop-machine");
  EXPECT_TRUE(std::regex_match(
      id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}")))
      << id;
  EXPECT_EQ(id, request_id("run-7/s1", "stop-machine"));
  EXPECT_NE(id, request_id("run-7/s2", "stop-machine"));
  EXPECT_NE(id, request_id("run-7/s1", "keep data"));
}

TEST(Paths, AreTakenApart) {
  const std::string url = "https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i";
  EXPECT_EQ(last_segment(url), "i");
  EXPECT_EQ(last_segment("i"), "i");
  EXPECT_EQ(segment_after(url, "zones"), "z");
  EXPECT_EQ(segment_after("projects/p/zones/z", "projects"), "p");
  EXPECT_EQ(segment_after("i", "zones"), "");
  EXPECT_EQ(segment_after("myzones/z", "zones"), "");
}

}  // namespace
}  // namespace wme::executor::gcp
