#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

Ended prove(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  arguments.insert(arguments.begin(), "prove");
  return rehydrate(folder, arguments);
}

TEST(ProveCommand, ProvesARuleAndSaysWhatTheProofLeansOn) {
  const Ended ended = prove({"inv-05", "--provider", "aws"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("INV-05"), HasSubstr("proved"),
                               HasSubstr("a parked container is on no instance"),
                               HasSubstr("stop-services:5 (INV-05)"), HasSubstr("1 proved in")));
}

TEST(ProveCommand, ShowsWhatFailsWithoutAGuard) {
  const Ended ended = prove({"INV-05", "--provider", "aws", "--without", "stop-services:5"});
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("not proved"), HasSubstr("place(c1) is home"),
                               HasSubstr("then: stop-services platform is requested"),
                               HasSubstr("is not known")));
}

TEST(ProveCommand, SpeaksJson) {
  const Ended ended = prove(
      {"INV-03", "--provider", "esxi", "--procedure", "rotate", "--without", "INV-03", "--json"});
  EXPECT_EQ(ended.status, 1) << ended.err;
  const json proof = json::parse(ended.out);
  EXPECT_EQ(proof["schema"], "rehydrate/proof/1");
  EXPECT_EQ(proof["provider"], "esxi");
  EXPECT_EQ(proof["without"], json({"INV-03"}));
  const json& claim = proof["rules"][0]["claims"][0];
  EXPECT_EQ(claim["verdict"], "not proved");
  EXPECT_EQ(claim["counterexample"]["reachable"], "not known");
  EXPECT_FALSE(claim["counterexample"]["story"].empty());
}

TEST(ProveCommand, PrintsWhatItsSchemaSays) {
  const TemporaryFolder folder;
  const std::string all =
      prove({"INV-05", "INV-25", "--provider", "aws", "--without", "stop-services:5", "--json"})
          .out;
  std::vector<std::string> sound = {folder.file("sound.json", all),
                                    folder.file("proved.json", prove({"INV-03", "--json"}).out)};
  const Ended valid = testing_support::schema_check("proof.schema.json", "validate", sound);
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
  const std::function<void(json&)> defects[] = {
      [](json& p) { p["schema"] = "rehydrate/proof/2"; },
      [](json& p) { p["provider"] = "asw"; },
      [](json& p) { p.erase("without"); },
      [](json& p) { p["rules"][0]["verdict"] = "true"; },
      [](json& p) { p["rules"][0]["more"] = 1; },
      [](json& p) { p["rules"][0]["seconds"] = -1; },
      [](json& p) { p["rules"][0]["claims"] = json::array(); },
      [](json& p) { p["rules"][0]["claims"][0].erase("lemmas"); },
      [](json& p) { p["rules"][0]["claims"][0]["questions"] = 1.5; },
      [](json& p) { p["rules"][0]["claims"][0]["counterexample"]["reachable"] = "yes"; }};
  std::vector<std::string> broken;
  for (const auto& defect : defects) {
    json proof = json::parse(all);
    defect(proof);
    broken.push_back(folder.file(std::to_string(broken.size()) + ".json", proof.dump()));
  }
  const Ended refused = testing_support::schema_check("proof.schema.json", "refuse", broken);
  EXPECT_EQ(refused.status, 0) << refused.out << refused.err;
}

struct Mistake {
  std::vector<std::string> arguments;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  for (const std::string& each : mistake.arguments) out << each << " ";
  return out;
}

class ProveMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ProveMistake, IsNamedWithWhatToWriteInstead) {
  const Ended ended = prove(GetParam().arguments);
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Cli, ProveMistake,
    testing::Values(Mistake{{"INV-01"}, "INV-01"}, Mistake{{"INV-5"}, "INV-05"},
                    Mistake{{"--provider", "asw"}, "aws"},
                    Mistake{{"--procedure", "restor"}, "restore"},
                    Mistake{{"--without", "stop-service:1"}, "stop-services"},
                    Mistake{{"--without", "stop-services:99"}, "conditions 1 to"}));

}  // namespace
}  // namespace wme::cli
