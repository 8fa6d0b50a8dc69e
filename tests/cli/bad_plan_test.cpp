#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

/// Each kind of bad plan that the program may meet: exit status 2, one message with the place, the
/// reason and what mends it, nothing on stdout, nothing written.
namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct BadPlan {
  const char* name;
  std::function<std::string(const std::string&)> spoil;
  const char* place;
  const char* reason;
  const char* mend;
};
void PrintTo(const BadPlan& bad, std::ostream* out) { *out << bad.name; }

/// A change of the parsed plan as a change of its text.
std::function<std::string(const std::string&)> with(std::function<void(json&)> change) {
  return [change = std::move(change)](const std::string& text) {
    json plan = json::parse(text);
    change(plan);
    return plan.dump();
  };
}

class BadPlans : public testing::TestWithParam<BadPlan> {};
TEST_P(BadPlans, AreRefusedWithPlaceReasonAndMend) {
  const TemporaryFolder folder;
  const std::string text = text_of(folder.path() / sample_plan(folder));
  folder.file("bad.json", GetParam().spoil(text));
  const std::vector<std::string> before = folder.names();
  const Ended ended = rehydrate(folder, {"show", "bad.json"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, StartsWith(std::string("error: bad.json") + GetParam().place));
  EXPECT_THAT(ended.err, HasSubstr(GetParam().reason));
  EXPECT_THAT(ended.err, HasSubstr(GetParam().mend));
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
  EXPECT_EQ(folder.names(), before);
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, BadPlans,
    testing::Values(
        BadPlan{"AnotherSchema", with([](json& p) { p["schema"] = "rehydrate/plan/9"; }),
                ": /schema: ", "the schema is 'rehydrate/plan/9'", "make the plan again"},
        BadPlan{"AJournal", with([](json& p) { p["schema"] = "rehydrate/journal/1"; }),
                ": /schema: ", "only 'rehydrate/plan/1'", "make the plan again"},
        BadPlan{"ACircle", with([](json& p) {
                  p["steps"][0]["after"] = {{{"step", "s2"}, {"because", "it waits"}}};
                  p["steps"][1]["after"] = {{{"step", "s1"}, {"because", "it waits"}}};
                }),
                ": /steps: ", "in a circle: s1 after s2 after s1", "plan again"},
        BadPlan{"CutOff", [](const std::string& text) { return text.substr(0, text.size() / 2); },
                ":", "not JSON", "cut off or changed by hand: make the plan again"},
        BadPlan{"Empty", [](const std::string&) { return std::string(); }, ": ", "is empty",
                "make the plan again"},
        BadPlan{"NoText", [](const std::string&) { return std::string("\xff\xfe\0x", 4); },
                ":1:1: ", "not JSON", "make the plan again"},
        BadPlan{"AnInventory", [](const std::string&) { return "schema: rehydrate/inventory/1\n"; },
                ":1:1: ", "this looks like an inventory", "give the plan"},
        BadPlan{"AStepThatTheModelDoesNotKnow",
                with([](json& p) { p["steps"][0]["action"] = "hibernate-containers"; }),
                ": /steps/0/action: ", "the model knows no such action",
                "did you mean 'hibernate-container'?"},
        BadPlan{"WrongNumberOfArguments", with([](json& p) {
                  step_with(p, "hibernate-container")["arguments"] = json::array();
                }),
                ": /steps/", "hibernate-container takes 1", "name one container"},
        BadPlan{"AnUnknownKey", with([](json& p) { p["steps"][0]["sentense"] = "x"; }),
                ": /steps/0/sentense: ", "unknown key", "did you mean 'sentence'?"},
        BadPlan{"AWrongType", with([](json& p) { p["steps"][0]["deadline_s"] = "soon"; }),
                ": /steps/0/deadline_s: ", "this is a text", "make the plan again"},
        BadPlan{"AnIdTwice", with([](json& p) { p["steps"].back()["id"] = "s1"; }), ": /steps/",
                "/steps/0 has it", "give each step its own id"},
        BadPlan{"AnEdgeFromNowhere",
                with([](json& p) { p["steps"].back()["after"][0]["step"] = "s222"; }), ": /steps/",
                "no step of the plan has that id", "did you mean 's22'?"}),
    [](const auto& one) { return one.param.name; });

TEST(PlanFile, ThatIsNotThereIsNamed) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"show", "plan.json"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_EQ(ended.err,
            "error: plan.json: the plan cannot be read: No such file or directory; check the path "
            "and its permissions\n");
}

TEST(PlanFile, ThatIsADirectoryIsRefused) {
  const TemporaryFolder folder;
  const Ended ended = rehydrate(folder, {"show", "."});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err,
              HasSubstr(".: the plan cannot be read: Is a directory; give a file in it"));
}

}  // namespace
}  // namespace wme::cli
