#include "scenarios/durations/durations_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/wme/actions.hpp"
#include "tests/support/process.hpp"

namespace wme::scenarios {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

const std::string kHead = "schema: rehydrate/durations/1\n";
const std::string kHash(64, 'a');

std::string complaint(const std::string& text) {
  const auto read = parse_durations(text, "d.yaml");
  return read ? "" : read.error().message;
}

milliseconds any_time(milliseconds below) {
  return milliseconds(*rc::gen::inRange<milliseconds::rep>(1, below.count()));
}

std::string any_run_id() {
  return *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f')));
}

DurationsFile any_durations() {
  DurationsFile made;
  const int runs = *rc::gen::inRange(0, 4);
  for (int i = 0; i < runs; ++i)
    made.source.push_back(
        {any_run_id().substr(0, 200),
         *rc::gen::container<std::string>(64, rc::gen::elementOf(std::string("0123456789abcdef"))),
         *rc::gen::arbitrary<bool>()});
  for (const model::Action& each : model::all_actions()) {
    if (each.typical.count() == 0 || !*rc::gen::arbitrary<bool>()) continue;
    ActionTime time{any_time(each.deadline), {}};
    if (*rc::gen::arbitrary<bool>()) {
      std::array<milliseconds, 3> spread;
      for (milliseconds& one : spread) one = any_time(std::chrono::hours(100'000));
      std::ranges::sort(spread);
      time.spread = Spread{*rc::gen::inRange(1, 1'000'000), spread[0], spread[1], spread[2]};
    }
    made.actions.emplace(each.name, time);
  }
  return made;
}

RC_GTEST_PROP(DurationsFile, IsReadBackAsItWasWritten, ()) {
  const DurationsFile durations = any_durations();
  const std::string text = to_yaml(durations);
  RC_LOG() << text;
  const auto read = parse_durations(text, "d.yaml");
  if (!read) RC_LOG() << read.error().message;
  RC_ASSERT(bool(read));
  RC_ASSERT(read.value() == durations);
}

RC_GTEST_PROP(DurationsFile, OfDamagedTextIsReadOrRefusedWithItsName, ()) {
  std::string text = to_yaml(any_durations());
  const int changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i)
    text[*rc::gen::inRange<std::size_t>(0, text.size())] =
        *rc::gen::element('{', '}', '[', ']', ':', '-', '\n', ' ', '"', '&', '*', '!', '0', '\xff',
                          '#', ',', 'x', '\t', '|', '?', '.');
  const std::string said = complaint(text);
  RC_ASSERT(said.empty() || said.starts_with("d.yaml"));
}

TEST(DurationsFile, MayHoldNothingButATime) {
  const auto read =
      parse_durations(kHead + "actions: {stop-instance: {typical_s: 61.5}}\n", "d.yaml");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value().actions.at("stop-instance").typical, milliseconds(61'500));
  EXPECT_EQ(read.value().actions.at("stop-instance").spread, std::nullopt);
}

TEST(DurationsFile, SaysWhereAnActionHasAnotherName) {
  EXPECT_THAT(complaint(kHead + "actions:\n  stop-instances: {typical_s: 60}\n"),
              AllOf(HasSubstr("d.yaml:3:3: unknown key 'stop-instances'"),
                    HasSubstr("did you mean 'stop-instance'?")));
  // What happens by itself takes no time.
  EXPECT_THAT(complaint(kHead + "actions: {machine-lost: {typical_s: 60}}\n"),
              HasSubstr("no such action that takes time"));
}

TEST(DurationsFile, RefusesWhatIsNoTime) {
  for (const char* time : {"0", "-3", "1.2345", "1e3", "90s", "", "[]", ".5", "5.", "9999999999"})
    EXPECT_THAT(complaint(kHead + "actions: {stop-instance: {typical_s: " + time + "}}\n"),
                HasSubstr("'typical_s' is not a time above 0"))
        << time;
  EXPECT_THAT(complaint(kHead + "actions: {stop-instance: {}}\n"),
              HasSubstr("'typical_s' is missing"));
}

TEST(DurationsFile, RefusesATimeThatIsNotBeforeTheDeadline) {
  const auto deadline = std::to_string(model::find_action("stop-instance")->deadline.count());
  EXPECT_THAT(complaint(kHead + "actions: {stop-instance: {typical_s: " + deadline + "}}\n"),
              HasSubstr("not before its deadline of " + deadline + " s"));
}

TEST(DurationsFile, RefusesWhatStandsTwice) {
  EXPECT_THAT(complaint(kHead + "actions:\n  stop-docker: {typical_s: 9}\n"
                                "  stop-docker: {typical_s: 8}\n"),
              HasSubstr("d.yaml:4:3: key 'stop-docker' stands twice"));
}

TEST(DurationsFile, RefusesASpreadThatIsNone) {
  const std::string head = kHead + "actions: {stop-docker: {typical_s: 9, ";
  EXPECT_THAT(complaint(head + "samples: 2, p50_s: 9, p90_s: 8, max_s: 10}}\n"),
              HasSubstr("not in order"));
  EXPECT_THAT(complaint(head + "samples: 2}}\n"), HasSubstr("'p50_s' is missing"));
  EXPECT_THAT(complaint(head + "samples: 0, p50_s: 9, p90_s: 9, max_s: 10}}\n"),
              HasSubstr("'samples' is not a count from 1"));
}

TEST(DurationsFile, RefusesOtherFiles) {
  EXPECT_THAT(complaint("schema: rehydrate/inventory/1\nactions: {}\n"),
              HasSubstr("schema is 'rehydrate/inventory/1'"));
  EXPECT_THAT(complaint("actions: {}\n"), HasSubstr("'schema' is missing"));
  EXPECT_THAT(complaint(kHead), HasSubstr("actions is not a map"));
  EXPECT_THAT(complaint(kHead + "action: {}\n"), HasSubstr("did you mean 'actions'?"));
  EXPECT_THAT(complaint("[]\n"), HasSubstr("d.yaml"));
  EXPECT_THAT(complaint(kHead + "actions: {stop-docker: {typical_s: 9"), HasSubstr("cut off"));
  EXPECT_THAT(complaint(kHead + "actions: {}\nsource: [{run: r, journal: abc, origin: prod}]\n"),
              AllOf(HasSubstr("64 digits"), HasSubstr("'prod' is no origin")));
}

TEST(DurationsFile, FitsItsJsonSchema) {
  const testing_support::TemporaryFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    folder.file(name, text);
    return (folder.path() / name).string();
  };
  const DurationsFile sample{
      {{"acme-1", kHash, false}},
      {{"stop-docker", {milliseconds(9), {}}},
       {"stop-instance",
        {milliseconds(9001), Spread{3, milliseconds(1), milliseconds(2), milliseconds(3)}}}}};
  const auto valid =
      testing_support::schema_check("durations.schema.json", "validate",
                                    {file("a.yaml", to_yaml(sample)), file("b.yaml", to_yaml({}))});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
  const std::string one = "actions: {stop-docker: ";
  const auto refused = testing_support::schema_check(
      "durations.schema.json", "refuse",
      {file("c.yaml", kHead + one + "{typical_s: 0}}\n"),
       file("d.yaml", kHead + one + "{typical_s: 1, samples: 3}}\n"), file("e.yaml", kHead),
       file("f.yaml", kHead + one + "{typical_s: 1, mean_s: 3}}\n")});
  EXPECT_EQ(refused.status, 0) << refused.out << refused.err;
}

}  // namespace
}  // namespace wme::scenarios
