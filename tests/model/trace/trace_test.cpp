#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "model/checker/verdict.hpp"
#include "model/language/interpreter.hpp"
#include "model/planner/planner.hpp"
#include "model/trace/trace_file.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/process.hpp"

namespace wme::tests {
namespace {

using namespace model;  // NOLINT
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

/// A plan in which the snapshot waits for nothing, and what the checker tells of it.
class TraceFiles : public testing::Test {
 protected:
  TraceFiles() : model_(installation_of(xs_fleet(), Procedure::kDehydrate)) {
    Result<Plan> plan = make_plan(model_);
    EXPECT_TRUE(plan) << plan.error().message;
    plan_ = std::move(plan).value();
  }

  Step& step(const std::string& action) {
    return *std::ranges::find(plan_.steps, action, &Step::action);
  }

  Verification verified() {
    Result<Verification> made = verify(model_, plan_, {});
    EXPECT_TRUE(made) << made.error().message;
    return std::move(made).value();
  }

  GroundPlan ground() {
    Result<GroundPlan> made = GroundPlan::of(model_, plan_);
    EXPECT_TRUE(made) << made.error().message;
    return std::move(made).value();
  }

  /// The trace of the first counterexample, after a run of several events.
  TraceFile sample() {
    step("stop-services").after.clear();
    step("stop-services").after.push_back({step("check-shard").id, "by hand"});
    const Verification verification = verified();
    for (const Counterexample& each : verification.counterexamples)
      if (each.trace.size() > 4) return trace_file_of(ground(), each);
    ADD_FAILURE() << "no story of several events";
    return {};
  }

  std::string why_refused(const TraceFile& file) {
    GroundPlan plan = ground();
    const Result<BoundTrace> bound = bind_trace(file, plan, "t.json");
    EXPECT_FALSE(bound);
    if (bound) return "";
    EXPECT_EQ(bound.error().code, ErrorCode::kInvalid);
    return bound.error().message;
  }

  GroundModel model_;
  Plan plan_;
};

TEST_F(TraceFiles, ComeBackAsTheyWere) {
  const TraceFile file = sample();
  const Result<TraceFile> read = parse_trace(to_trace_json(file), "t.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), file);
}

TEST_F(TraceFiles, EveryCounterexampleEndsInWhatItsFileSays) {
  step("take-snapshot").after.clear();
  step("stop-services").after.clear();
  const Verification verification = verified();
  ASSERT_GE(verification.counterexamples.size(), 3U);
  for (const Counterexample& each : verification.counterexamples) {
    GroundPlan plan = ground();
    const TraceFile file = trace_file_of(plan, each);
    const Result<BoundTrace> bound = bind_trace(file, plan, "t.json");
    ASSERT_TRUE(bound) << bound.error().message;
    EXPECT_EQ(bound.value().trace, each.trace);
    EXPECT_THAT(bound.value().broken, testing::Contains(each.broken)) << each.headline;
  }
}

TEST_F(TraceFiles, NameWhatHappensByItself) {
  GroundPlan plan = ground();
  plan.add_environment();
  // Before anything is parked, a machine that is lost takes its containers' work with it.
  const std::vector<GroundAction>& events = plan.environment();
  const auto lost = std::ranges::find_if(events, [&](const GroundAction& each) {
    return name_of(model_, each) == "machine-lost studio-1";
  });
  ASSERT_NE(lost, events.end());
  Trace trace = {requests(0), ends(0)};
  trace.push_back({Happening::Kind::kEnvironment, static_cast<std::size_t>(lost - events.begin())});
  const std::optional<ReplayEnd> end = replayed(plan, trace);
  ASSERT_TRUE(end);
  ASSERT_FALSE(end->broken.empty());
  const PossibleValues values(plan, plan.order());
  const TraceFile file = trace_file_of(plan, tell(plan, values, end->broken, trace));
  EXPECT_EQ(file.events.back().action, "machine-lost");
  EXPECT_EQ(file.events.back().step, "");
  EXPECT_EQ(file.breaks.property, "WORK-1");
  const Result<TraceFile> read = parse_trace(to_trace_json(file), "t.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value(), file);
  GroundPlan without = ground();  // the environment is added where it is needed
  const Result<BoundTrace> bound = bind_trace(read.value(), without, "t.json");
  ASSERT_TRUE(bound) << bound.error().message;
  EXPECT_EQ(bound.value().trace, trace);
  EXPECT_FALSE(bound.value().broken.empty());
}

TEST_F(TraceFiles, AreRefusedForAnotherPlan) {
  const TraceFile file = sample();
  step("note-network").after.push_back({step("check-health").id, "another plan"});
  EXPECT_THAT(why_refused(file),
              StartsWith("t.json: /plan/content_sha256: the trace is of another"));
}

TEST_F(TraceFiles, AreRefusedWithTheEventThatCannotBe) {
  const TraceFile file = sample();
  TraceFile out_of_order = file;
  std::swap(out_of_order.events[0], out_of_order.events[1]);
  EXPECT_THAT(why_refused(out_of_order),
              testing::AllOf(StartsWith("t.json: /events/0: outcome of "),
                             HasSubstr("cannot happen here: it was not requested")));
  TraceFile other_action = file;
  other_action.events[0].action = "stop-docker";
  EXPECT_THAT(why_refused(other_action), testing::AllOf(StartsWith("t.json: /events/0: step "),
                                                        HasSubstr(" of the plan is '")));
  TraceFile no_step = file;
  no_step.events[1].step = "s999";
  EXPECT_THAT(why_refused(no_step),
              HasSubstr("t.json: /events/1/step: the plan has no step 's999'"));
  TraceFile no_outcome = file;
  no_outcome.events[1].outcome = "perhaps";
  EXPECT_THAT(why_refused(no_outcome), HasSubstr("/events/1/outcome"));
  TraceFile twice = file;
  twice.events.insert(twice.events.begin() + 2, file.events[0]);
  EXPECT_THAT(why_refused(twice), HasSubstr("/events/2: request of "));
  EXPECT_THAT(why_refused(twice), HasSubstr("it was requested before"));
  TraceFile too_early = file;
  too_early.events.erase(too_early.events.begin(), too_early.events.begin() + 2);
  EXPECT_THAT(why_refused(too_early), HasSubstr("which has not ended"));
  TraceFile goes_on = file;
  goes_on.events.push_back(goes_on.events.back());
  EXPECT_THAT(why_refused(goes_on), HasSubstr("is refused here, and yet the trace goes on"));
}

TEST_F(TraceFiles, SayWhenTheyEndInNothing) {
  TraceFile cut = sample();
  cut.events.pop_back();
  GroundPlan plan = ground();
  const Result<BoundTrace> bound = bind_trace(cut, plan, "t.json");
  ASSERT_TRUE(bound) << bound.error().message;
  EXPECT_THAT(bound.value().broken, testing::IsEmpty());
}

TEST_F(TraceFiles, AreReadStrictly) {
  const std::string text = to_trace_json(sample());
  const auto why = [&](const std::function<void(json&)>& change) {
    json document = json::parse(text);
    change(document);
    const Result<TraceFile> read = parse_trace(document.dump(), "t.json");
    return read ? std::string("read") : read.error().message;
  };
  EXPECT_EQ(why([](json&) {}), "read");
  EXPECT_THAT(why([](json& d) { d["schema"] = "rehydrate/trace/2"; }), HasSubstr("/schema"));
  EXPECT_THAT(why([](json& d) { d["events"][0]["kind"] = "reqest"; }),
              testing::AllOf(HasSubstr("/events/0/kind"), HasSubstr("'request'")));
  EXPECT_THAT(why([](json& d) { d["events"][0]["more"] = 1; }), HasSubstr("unknown key 'more'"));
  EXPECT_THAT(why([](json& d) { d["events"][0]["outcome"] = "done"; }),
              HasSubstr("/events/0/outcome: an event of this kind has no 'outcome'"));
  EXPECT_THAT(why([](json& d) { d["events"][1].erase("outcome"); }),
              HasSubstr("an event of this kind has a 'outcome'"));
  EXPECT_THAT(why([](json& d) { d["plan"]["content_sha256"] = "abc"; }), HasSubstr("no SHA-256"));
  EXPECT_THAT(why([](json& d) { d.erase("breaks"); }), HasSubstr("there is no 'breaks'"));
  EXPECT_FALSE(parse_trace(text.substr(0, text.size() / 2), "t.json"));
}

// The schema is for people's editors and other programs, so another program checks it.
int schema_check(const std::string& command, const std::vector<std::string>& files) {
  const testing_support::Ended ended =
      testing_support::schema_check("trace.schema.json", command, files);
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  return ended.status;
}

TEST_F(TraceFiles, FitTheirSchema) {
  const testing_support::TemporaryFolder folder;
  const std::string text = to_trace_json(sample());
  schema_check("validate", {folder.file("sound.json", text)});
  const std::function<void(json&)> defects[] = {
      [](json& t) { t["schema"] = "rehydrate/trace/2"; },
      [](json& t) { t.erase("headline"); },
      [](json& t) { t["plan"]["content_sha256"] = "abc"; },
      [](json& t) { t["events"][0]["kind"] = "reqest"; },
      [](json& t) { t["events"][0].erase("arguments"); },
      [](json& t) { t["events"][0]["more"] = 1; },
      [](json& t) { t["breaks"]["kind"] = "luck"; },
      [](json& t) { t["breaks"]["sentence"] = ""; }};
  std::vector<std::string> files;
  for (const auto& defect : defects) {
    json document = json::parse(text);
    defect(document);
    EXPECT_FALSE(parse_trace(document.dump(), "t.json"));
    files.push_back(folder.file(std::to_string(files.size()) + ".json", document.dump()));
  }
  schema_check("refuse", files);
}

TEST_F(TraceFiles, AreShownWithTheChangesThatBear) {
  const TraceFile file = sample();
  GroundPlan plan = ground();
  const Result<BoundTrace> bound = bind_trace(file, plan, "t.json");
  ASSERT_TRUE(bound) << bound.error().message;
  const std::vector<TimelineRow> rows = timeline_of(plan, bound.value());
  ASSERT_EQ(rows.size(), file.events.size());
  EXPECT_EQ(rows[0].happens, "is requested");
  EXPECT_EQ(rows[1].happens, "ends");
  ASSERT_FALSE(rows[1].changes.empty());
  EXPECT_EQ(rows[1].changes[0].variable, "health(studio-1)");
  EXPECT_EQ(rows[1].changes[0].to, "green");
  EXPECT_TRUE(rows.back().changes.empty()) << "a refused request changes nothing";
}

}  // namespace
}  // namespace wme::tests
