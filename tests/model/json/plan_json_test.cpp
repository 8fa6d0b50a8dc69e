#include "model/json/plan_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
// After gtest and rapidcheck.
#include <rapidcheck/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <ostream>

#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "tests/support/process.hpp"

namespace wme::model {

void PrintTo(const Plan& plan, std::ostream* out) { *out << canonical_json(plan); }
std::ostream& operator<<(std::ostream& out, const Plan& plan) {
  return out << canonical_json(plan);
}

namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing_support::TemporaryFolder;

Plan plan_for(Procedure procedure, Provider provider) {
  Inventory inventory = scenarios::generate_fleet(scenarios::Fleet::kXs, provider);
  if (procedure == Procedure::kUpgrade) inventory = scenarios::as_upgrade(std::move(inventory));
  const GroundModel model(installation_of(inventory, procedure));
  Result<Plan> plan = make_plan(model);
  return plan ? std::move(plan).value() : Plan{};
}

std::string text_of(const Plan& plan) {
  const Result<PlanOrder> order = PlanOrder::of(plan);
  return order ? to_plan_json(plan, summary_of(plan, order.value())) : order.error().message;
}

/// A step as the model has its action; nothing else in these tests depends on what the model says.
Step step_of(const std::string& id, const std::string& action, std::vector<std::string> arguments,
             std::vector<Edge> after) {
  const Action& known = *find_action(action);
  return {id,
          action,
          std::move(arguments),
          known.runbook,
          std::string(to_string(known.door)),
          "What " + action + " does",
          "state = reached",
          5,
          300,
          known.irreversible,
          std::move(after)};
}

/// Four steps in a row; the last two have no cheap way back.
Plan sample_plan() {
  Plan plan;
  plan.procedure = "restore";
  plan.installation = "acme";
  plan.provider = "aws";
  plan.version = "11.7.3.ee.10412p1";
  plan.assumes = {"a backup exists"};
  plan.achieves = {"WME runs", "users may log in"};
  plan.steps = {step_of("s1", "create-volume", {"wm-data-new"}, {}),
                step_of("s2", "attach-volume", {"wm-data-new"}, {{"s1", "it is there"}}),
                step_of("s3", "initialize", {"platform-new"}, {{"s2", "it is attached"}}),
                step_of("s4", "lift-restriction", {}, {{"s3", "it runs"}})};
  return plan;
}

const std::string& sample_text() {
  static const std::string text = text_of(sample_plan());
  return text;
}

/// The message for the sample plan after `change`; empty when it is still taken.
std::string error_after(const std::function<void(json&)>& change) {
  json document = json::parse(sample_text());
  change(document);
  const Result<Plan> plan = parse_plan(document.dump(), "p.json");
  if (plan) return "";
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalid);
  return plan.error().message;
}

constexpr Procedure kProcedures[] = {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate,
                                     Procedure::kUpgrade};
constexpr Provider kProviders[] = {Provider::kAws, Provider::kAzure, Provider::kGcp,
                                   Provider::kEsxi, Provider::kHyperV};

TEST(PlanJson, ReadsWhatItWrote) {
  for (const Procedure procedure : kProcedures)
    for (const Provider provider : kProviders) {
      const Plan plan = plan_for(procedure, provider);
      ASSERT_FALSE(plan.steps.empty()) << to_string(procedure) << " " << to_string(provider);
      const Result<Plan> read = parse_plan(text_of(plan), "p.json");
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(read.value(), plan);
    }
}

TEST(PlanJson, WritesOneBlockPerStep) {
  Plan plan = sample_plan();
  plan.steps.resize(2);
  EXPECT_EQ(text_of(plan), R"({
  "schema": "rehydrate/plan/1",
  "procedure": "restore",
  "installation": "acme",
  "provider": "aws",
  "version": "11.7.3.ee.10412p1",
  "assumes": [
    "a backup exists"
  ],
  "achieves": [
    "WME runs",
    "users may log in"
  ],
  "summary": {"steps": 2, "edges": 1, "operator_steps": 0, "width": 1, "critical_path_s": 10, "critical_path": ["s1", "s2"]},
  "steps": [
    {"id": "s1", "action": "create-volume", "arguments": ["wm-data-new"],
     "runbook": "B02", "door": "cloud",
     "sentence": "What create-volume does",
     "wait": "state = reached", "typical_s": 5, "deadline_s": 300,
     "after": []},
    {"id": "s2", "action": "attach-volume", "arguments": ["wm-data-new"],
     "runbook": "B02", "door": "cloud",
     "sentence": "What attach-volume does",
     "wait": "state = reached", "typical_s": 5, "deadline_s": 300,
     "after": [
       {"step": "s1", "because": "it is there"}
     ]}
  ]
}
)");
}

TEST(PlanJson, HasOneDigestTextHoweverTheFileIsLaidOut) {
  const Result<Plan> one = parse_plan(sample_text(), "p.json");
  const Result<Plan> other = parse_plan(json::parse(sample_text()).dump(7), "p.json");
  ASSERT_TRUE(one && other);
  EXPECT_EQ(canonical_json(one.value()), canonical_json(other.value()));
  EXPECT_EQ(canonical_json(one.value()).find('\n'), std::string::npos);
}

TEST(PlanJson, HasAnotherDigestTextForEveryOtherPlan) {
  const Result<Plan> plan = parse_plan(sample_text(), "p.json");
  ASSERT_TRUE(plan);
  const std::string before = canonical_json(plan.value());
  const std::function<void(Plan&)> changes[] = {
      [](Plan& p) { p.procedure = "rotate"; },
      [](Plan& p) { p.installation += "x"; },
      [](Plan& p) { p.provider = "gcp"; },
      [](Plan& p) { p.version += "x"; },
      [](Plan& p) { p.target_version = "x"; },
      [](Plan& p) { p.assumes.pop_back(); },
      [](Plan& p) { p.achieves.pop_back(); },
      [](Plan& p) { p.steps.pop_back(); },
      [](Plan& p) { p.steps[0].id += "x"; },
      [](Plan& p) { p.steps[0].action += "x"; },
      [](Plan& p) { p.steps[0].arguments.emplace_back("x"); },
      [](Plan& p) { p.steps[0].runbook += "x"; },
      [](Plan& p) { p.steps[0].door += "x"; },
      [](Plan& p) { p.steps[0].sentence += "x"; },
      [](Plan& p) { p.steps[0].wait += "x"; },
      [](Plan& p) { ++p.steps[0].typical_s; },
      [](Plan& p) { ++p.steps[0].deadline_s; },
      [](Plan& p) { p.steps[0].irreversible += "x"; },
      [](Plan& p) { p.steps.back().after.pop_back(); },
      [](Plan& p) { p.steps.back().after.back().because += "x"; },
      [](Plan& p) { std::swap(p.steps[0], p.steps[1]); }};
  for (std::size_t i = 0; i < std::size(changes); ++i) {
    Plan changed = plan.value();
    changes[i](changed);
    EXPECT_NE(canonical_json(changed), before) << "change " << i;
  }
}

/// Texts that JSON has to escape, and some beyond ASCII.
rc::Gen<std::string> any_text() {
  return rc::gen::map(
      rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "a", "Z", "7", " ", "\"", "\\", "/", "{", "}", ",", "'", "<", "&", "é", "…", "容", "🚀"))),
      [](const std::vector<std::string>& parts) {
        std::string text;
        for (const std::string& part : parts) text += part;
        return text;
      });
}

rc::Gen<std::string> any_name() {
  return rc::gen::map(rc::gen::inRange(0, 1000), [](int n) { return "x-" + std::to_string(n); });
}

Step any_step(std::size_t position) {
  static const std::vector<const Action*> actions = [] {
    std::vector<const Action*> made;
    for (const Action& action : all_actions())
      if (action.door != Door::kEnvironment) made.push_back(&action);
    return made;
  }();
  const Action& action = **rc::gen::elementOf(actions);
  Step step;
  step.id = "s" + std::to_string(position);
  step.action = action.name;
  for (std::size_t i = 0; i < action.parameters.size(); ++i) step.arguments.push_back(*any_name());
  step.runbook = action.runbook;
  step.door = std::string(to_string(action.door));
  step.sentence = *any_text();
  step.wait = *rc::gen::oneOf(any_text(), rc::gen::just(std::string()));
  step.typical_s = *rc::gen::inRange(0L, 1000L);
  step.deadline_s = *rc::gen::inRange(0L, 31'622'401L);
  if (!action.irreversible.empty()) step.irreversible = *any_text();
  for (std::size_t before = 0; before < position; ++before)
    if (*rc::gen::inRange(0, 4) == 0)
      step.after.push_back({"s" + std::to_string(before), *any_text()});
  return step;
}

Plan any_plan() {
  Plan plan;
  const Procedure procedure =
      *rc::gen::elementOf(std::vector<Procedure>(std::begin(kProcedures), std::end(kProcedures)));
  plan.procedure = std::string(to_string(procedure));
  plan.installation = *any_text();
  plan.provider = std::string(to_string(
      *rc::gen::elementOf(std::vector<Provider>(std::begin(kProviders), std::end(kProviders)))));
  plan.version = *any_text();
  if (procedure == Procedure::kUpgrade) plan.target_version = *any_text();
  plan.assumes = *rc::gen::container<std::vector<std::string>>(any_text());
  plan.achieves = *rc::gen::container<std::vector<std::string>>(any_text());
  const auto count = *rc::gen::inRange<std::size_t>(0, 9);
  for (std::size_t i = 0; i < count; ++i) plan.steps.push_back(any_step(i));
  return plan;
}

RC_GTEST_PROP(PlanJson, GivesEveryPlanBack, ()) {
  const Plan plan = any_plan();
  const std::string text = text_of(plan);
  const Result<Plan> read = parse_plan(text, "p.json");
  if (!read) RC_FAIL(read.error().message);
  RC_ASSERT(read.value() == plan);
  RC_ASSERT(text_of(read.value()) == text);
}

RC_GTEST_PROP(PlanJson, NeverThrowsOnABrokenFile, ()) {
  std::string text = sample_text();
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = static_cast<char>(*rc::gen::inRange(0, 256));
  const Result<Plan> read = parse_plan(text, "p.json");
  if (!read) RC_ASSERT(read.error().message.starts_with("p.json:"));
}

TEST(ParsePlan, RefusesEveryFileThatWasCutOff) {
  const std::string& whole = sample_text();
  ASSERT_TRUE(parse_plan(whole, "p.json"));
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    const Result<Plan> read = parse_plan(whole.substr(0, length), "p.json");
    ASSERT_FALSE(read) << "cut after byte " << length;
    ASSERT_THAT(read.error().message, AllOf(StartsWith("p.json:"), HasSubstr("rehydrate plan")))
        << length;
  }
}

TEST(ParsePlan, SaysLineAndColumnOfWhatIsNoJson) {
  const Result<Plan> read = parse_plan("{\n  \"schema\": rehydrate\n}\n", "p.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, StartsWith("p.json:2:13: not JSON: "));
}

TEST(ParsePlan, KnowsAnInventoryWhenItSeesOne) {
  const Result<Plan> read = parse_plan("# x\nschema: rehydrate/inventory/1\n", "i.yaml");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("this looks like an inventory"));
}

TEST(ParsePlan, RefusesAnotherSchemaAndSaysNothingElse) {
  EXPECT_EQ(error_after([](json& plan) {
              plan["schema"] = "rehydrate/plan/2";
              plan["new"] = 1;
            }),
            "p.json: /schema: the schema is 'rehydrate/plan/2': only 'rehydrate/plan/1' is read "
            "here; make the plan again with `rehydrate plan`, or use the version of rehydrate that "
            "wrote it");
}

TEST(ParsePlan, NamesTheCircle) {
  const std::string error = error_after([](json& plan) {
    plan["steps"][1]["after"] = {{{"step", "s4"}, {"because", "it waits"}}};
  });
  EXPECT_THAT(error,
              AllOf(StartsWith("p.json: /steps: the steps wait for each other in a circle: "),
                    HasSubstr("s2 after s4 after s3 after s2"), HasSubstr("plan again")));
}

TEST(ParsePlan, TellsEverythingInOneGoWithinABound) {
  const std::string error = error_after([](json& plan) {
    const json step = plan["steps"][0];
    plan["steps"] = json::array();
    for (int i = 0; i < 36; ++i) {
      plan["steps"].push_back(step);
      plan["steps"].back()["id"] = "x" + std::to_string(i);
      plan["steps"].back()["action"] = "no-such-thing";
    }
  });
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 20);
  EXPECT_THAT(error, HasSubstr("\np.json: and 16 more"));
}

TEST(ParsePlan, LetsNoControlCharacterThrough) {
  const std::string error =
      error_after([](json& plan) { plan["steps"][0]["sentence"] = "\x1b[2J all is well"; });
  EXPECT_THAT(error, AllOf(HasSubstr("/steps/0/sentence: '?[2J all is well' holds a control"),
                           Not(HasSubstr("\x1b"))));
}

struct Defect {
  const char* name;
  std::function<void(json&)> change;
  const char* message;
};
void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.name; }

class ParsePlanRefuses : public testing::TestWithParam<Defect> {};
TEST_P(ParsePlanRefuses, AndSaysWhereAndWhy) {
  const std::string error = error_after(GetParam().change);
  EXPECT_THAT(error, AllOf(StartsWith("p.json: "), HasSubstr(GetParam().message), HasSubstr("; ")));
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, ParsePlanRefuses,
    testing::Values(
        Defect{"NoObject", [](json& p) { p = json::array(); },
               "/: this is a list: it has to be an"},
        Defect{"NoSchema", [](json& p) { p.erase("schema"); },
               "/schema: the file does not name its schema"},
        Defect{"UnknownKey", [](json& p) { p["procedur"] = 1; },
               "/procedur: unknown key 'procedur': a key that nobody reads would be a silent "
               "mistake; did you mean 'procedure'?"},
        Defect{"UnknownKeyOfAStep", [](json& p) { p["steps"][2]["acton"] = 1; },
               "/steps/2/acton: unknown key 'acton'"},
        Defect{"UnknownKeyOfAnEdge", [](json& p) { p["steps"][2]["after"][0]["why"] = ""; },
               "/steps/2/after/0/why: unknown key 'why'"},
        Defect{"UnknownKeyOfTheSummary", [](json& p) { p["summary"]["~a/b"] = 1; },
               "/summary/~0a~1b: unknown key '~a/b'"},
        Defect{"MissingKey", [](json& p) { p.erase("assumes"); },
               "/: there is no 'assumes': it is required"},
        Defect{"MissingKeyOfAStep", [](json& p) { p["steps"][1].erase("deadline_s"); },
               "/steps/1: there is no 'deadline_s'"},
        Defect{"WrongType", [](json& p) { p["version"] = 11; },
               "/version: this is a number: it has to be a text"},
        Defect{"TextForAList", [](json& p) { p["steps"] = "none"; },
               "/steps: this is a text: it has to be a list"},
        Defect{"NothingForAText", [](json& p) { p["steps"][1]["sentence"] = nullptr; },
               "/steps/1/sentence: this is nothing: it has to be a text"},
        Defect{"EmptyText", [](json& p) { p["installation"] = ""; }, "/installation: the text is"},
        Defect{
            "FractionOfASecond", [](json& p) { p["steps"][0]["typical_s"] = 1.5; },
            "/steps/0/typical_s: the number 1.5 does not fit: it has to be a whole number from 0"},
        Defect{"NegativeTime", [](json& p) { p["steps"][0]["deadline_s"] = -1; },
               "/steps/0/deadline_s: the number -1 does not fit"},
        Defect{"EndlessTime",
               [](json& p) { p["steps"][0]["deadline_s"] = 18446744073709551615ULL; },
               "/steps/0/deadline_s: the number 18446744073709551615 does not fit"},
        Defect{"TextForATime", [](json& p) { p["steps"][0]["deadline_s"] = "10"; },
               "/steps/0/deadline_s: this is a text: it has to be a whole number"},
        Defect{"UnknownProcedure", [](json& p) { p["procedure"] = "restor"; },
               "/procedure: 'restor' is unknown: it is no word of the schema; did you mean "
               "'restore'?"},
        Defect{"UnknownProvider", [](json& p) { p["provider"] = "aw"; }, "/provider: 'aw'"},
        Defect{"TargetOfARestore", [](json& p) { p["target_version"] = "11.8.1.ee.1"; },
               "/target_version: there is a target version: only an upgrade has one"},
        Defect{"UpgradeWithoutTarget", [](json& p) { p["procedure"] = "upgrade"; },
               "/target_version: there is no 'target_version'"},
        Defect{"UnknownAction", [](json& p) { p["steps"][0]["action"] = "create-volum"; },
               "/steps/0/action: step s1 is 'create-volum': the model knows no such action; did "
               "you mean 'create-volume'?"},
        Defect{"WorkOfTheEnvironment",
               [](json& p) { p["steps"][0]["action"] = "user-wakes-parked"; },
               "/steps/0/action: step s1 is 'user-wakes-parked': that happens by itself"},
        Defect{"TooFewArguments", [](json& p) { p["steps"][0]["arguments"] = json::array(); },
               "/steps/0/arguments: step s1 has 0 arguments: create-volume takes 1; name one "
               "volume"},
        Defect{"TooManyArguments",
               [](json& p) {
                 p["steps"][3]["arguments"] = {"a", "b"};
               },
               "/steps/3/arguments: step s4 has 2 arguments: lift-restriction takes 0; leave"},
        Defect{"ArgumentThatIsNoName", [](json& p) { p["steps"][0]["arguments"] = {"wm data"}; },
               "/steps/0/arguments/0: 'wm data' is no name"},
        Defect{"OtherDoor", [](json& p) { p["steps"][0]["door"] = "operator"; },
               "/steps/0/door: step s1 goes through 'operator': the model has create-volume go "
               "through 'cloud'"},
        Defect{"OtherRunbook", [](json& p) { p["steps"][0]["runbook"] = "A01"; },
               "/steps/0/runbook: step s1 is 'A01' of the runbook: the model has create-volume as "
               "'B02'"},
        Defect{"HiddenPointOfNoReturn", [](json& p) { p["steps"][2].erase("irreversible"); },
               "/steps/2/irreversible: step s3 does not say that there is no way back"},
        Defect{"InventedPointOfNoReturn", [](json& p) { p["steps"][0]["irreversible"] = "no"; },
               "/steps/0/irreversible: step s1 says that there is no way back"},
        Defect{
            "SameIdTwice", [](json& p) { p["steps"][3]["id"] = "s1"; },
            "/steps/3/id: the id 's1' is there already: /steps/0 has it; give each step its own"},
        Defect{"BadId", [](json& p) { p["steps"][3]["id"] = "s 4"; },
               "/steps/3/id: 's 4' is no name"},
        Defect{"EdgeFromNowhere", [](json& p) { p["steps"][2]["after"][0]["step"] = "s22"; },
               "/steps/2/after/0/step: step s3 waits for 's22': no step of the plan has that id; "
               "did you mean 's2'?"},
        Defect{"WaitsForItself", [](json& p) { p["steps"][2]["after"][0]["step"] = "s3"; },
               "in a circle: s3 after s3"},
        Defect{"SummaryOfNothing", [](json& p) { p["summary"] = 3; },
               "/summary: this is a number: it has to be an object"}),
    [](const auto& one) { return one.param.name; });

TEST(ParsePlan, BoundsTheNumberOfSteps) {
  const std::string error =
      error_after([](json& plan) { plan["steps"] = json(std::vector<int>(kPlanStepsMax + 1, 0)); });
  EXPECT_THAT(error, HasSubstr("/steps: there are 50001 steps: more than 50000"));
}

TEST(ParsePlan, DoesNotTrustTheSummary) {
  EXPECT_EQ(error_after([](json& plan) { plan["summary"]["edges"] = 0; }), "");
  EXPECT_EQ(error_after([](json& plan) { plan.erase("summary"); }), "");
}

TEST(ParsePlan, RefusesAKeyThatStandsTwice) {
  std::string text = sample_text();
  text.replace(text.find("\"provider\""), 10, "\"procedure\": \"rotate\", \"provider\"");
  const Result<Plan> read = parse_plan(text, "p.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message,
              AllOf(StartsWith("p.json:"), HasSubstr("\"procedure\""), HasSubstr("twice")));
}

// The schema is for people's editors and other programs, so another program checks it.
constexpr const char* kPlanSchema = "plan.schema.json";

TEST(PlanSchema, AcceptsEveryGeneratedPlan) {
  const TemporaryFolder folder;
  std::vector<std::string> files;
  for (const Procedure procedure : kProcedures)
    for (const Provider provider : {Provider::kAws, Provider::kHyperV})
      files.push_back(folder.file(std::to_string(files.size()) + ".json",
                                  text_of(plan_for(procedure, provider))));
  const auto checked = testing_support::schema_check(kPlanSchema, "validate", files);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
}

TEST(PlanSchema, RefusesWhatTheParserRefusesForItsForm) {
  const std::function<void(json&)> defects[] = {
      [](json& p) { p["schema"] = "rehydrate/plan/2"; },
      [](json& p) { p["procedur"] = 1; },
      [](json& p) { p.erase("assumes"); },
      [](json& p) { p["version"] = 11; },
      [](json& p) { p["procedure"] = "restor"; },
      [](json& p) { p["steps"][2]["acton"] = 1; },
      [](json& p) { p["steps"][0]["typical_s"] = 1.5; },
      [](json& p) { p["steps"][0]["deadline_s"] = -1; },
      [](json& p) { p["steps"][0]["door"] = "window"; },
      [](json& p) { p["steps"][0]["id"] = "s 1"; },
      [](json& p) { p["steps"][0]["sentence"] = "\x1b[2J"; },
      [](json& p) { p["steps"][2]["after"][0].erase("because"); },
      [](json& p) { p["summary"]["edges"] = "many"; }};
  const TemporaryFolder folder;
  std::vector<std::string> files;
  for (const auto& defect : defects) {
    EXPECT_NE(error_after(defect), "");
    json document = json::parse(sample_text());
    defect(document);
    files.push_back(folder.file(std::to_string(files.size()) + ".json", document.dump()));
  }
  const auto checked = testing_support::schema_check(kPlanSchema, "refuse", files);
  EXPECT_EQ(checked.status, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace wme::model
