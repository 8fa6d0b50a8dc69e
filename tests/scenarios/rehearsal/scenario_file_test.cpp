#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "model/wme/safe_stops.hpp"
#include "scenarios/rehearsal/library.hpp"
#include "scenarios/rehearsal/scenario.hpp"
#include "tests/support/process.hpp"

namespace wme::scenarios {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ScenarioFile : public ::testing::Test {
 protected:
  ScenarioFile() {
    std::string name = (fs::temp_directory_path() / "scenario-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ScenarioFile() override { fs::remove_all(folder_); }

  Result<Scenario> load(const std::string& text) {
    std::ofstream(folder_ / "s.yaml") << text;
    return load_scenario(folder_ / "s.yaml");
  }
  /// A file with the usual beginning; a new one each time.
  std::string written(const std::string& rest) {
    const fs::path file = folder_ / ("s" + std::to_string(++files_) + ".yaml");
    std::ofstream(file) << "schema: rehydrate/scenario/1\nname: x\ntitle: X\ninventory: i.yaml\n"
                        << rest;
    return file.string();
  }
  std::string complaint(const std::string& text) {
    const Result<Scenario> loaded = load(text);
    EXPECT_FALSE(loaded);
    return loaded ? "" : loaded.error().message;
  }

 private:
  fs::path folder_;
  int files_ = 0;
};

const std::string kHead = "schema: rehydrate/scenario/1\nname: x\ntitle: X\ninventory: i.yaml\n";

TEST_F(ScenarioFile, IsWrittenAsItIsRead) {
  Scenario made;
  made.name = "run-7";
  made.title = "A \"title\": with # everything";
  made.description = "text";
  made.inventory = "i.yaml";
  made.level = Level::kWorld;
  made.acts = {{Act::Kind::kRun, model::Procedure::kDehydrate, {}, {}},
               {Act::Kind::kWait, {}, std::chrono::hours(52), {}},
               {Act::Kind::kLose, {}, {}, {"platform", "studio-1"}},
               {Act::Kind::kLose, {}, {}, {}},
               {Act::Kind::kRun, model::Procedure::kRestore, {}, {}}};
  made.faults = {{"send take-snapshot", 2, simulators::Fault::kAnswerLost}};
  made.kills = {{"take-snapshot", 1, Kill::Moment::kWaiting, std::chrono::hours(1)},
                {"launch-machine", 3, Kill::Moment::kUnsent, {}}};
  made.expected_stop = kAnySafeStop;
  made.rto_target = std::chrono::minutes(90);
  made.bia_reference = "BF-01";
  const Result<Scenario> read = load(to_yaml(made));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value().title, made.title);
  EXPECT_EQ(read.value().level, Level::kWorld);
  EXPECT_EQ(read.value().acts.size(), 5U);
  Scenario again = read.value();
  again.inventory = "i.yaml";  // as it stood there
  EXPECT_EQ(to_yaml(again), to_yaml(made));
  const auto valid = testing_support::schema_check("scenario.schema.json", "validate",
                                                   {written("level: world\nacts: [{run: restore}]\n"
                                                            "kills:\n  - {action: initialize, "
                                                            "moment: waiting, away: 1h}\n")});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
}

TEST_F(ScenarioFile, SaysWhatIsWrongWithKills) {
  const std::string head = kHead + "acts: [{run: restore}]\n";
  EXPECT_THAT(complaint(head + "kills: [{action: initialize, moment: waiting}]\n"),
              HasSubstr("write level: world"));
  EXPECT_THAT(complaint(head + "level: wires\n"), HasSubstr("'wires' is no level"));
  EXPECT_THAT(complaint(head + "level: world\nkills: [{action: initialise, moment: waitin}]\n"),
              AllOf(HasSubstr("'initialise' is no action"), HasSubstr("'waitin' is no moment"),
                    HasSubstr("waiting")));
}

TEST_F(ScenarioFile, OfTheLibraryAreAllValid) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "scenarios/library")) {
    const Result<Scenario> loaded = load_scenario(entry.path());
    EXPECT_TRUE(loaded) << loaded.error().message;
    if (loaded) {
      EXPECT_EQ(loaded.value().name, entry.path().stem().string());
      EXPECT_TRUE(fs::exists(loaded.value().inventory)) << loaded.value().inventory;
    }
    ++count;
  }
  EXPECT_GE(count, 1);
}

TEST_F(ScenarioFile, GivesActsFaultsAndObjectives) {
  const Result<Scenario> loaded = load(kHead +
                                       "acts: [{run: dehydrate}, {wait: 90m}, {lose: everything}]\n"
                                       "faults: [{operation: CreateSnapshot, occurrence: 2, fault: "
                                       "answer-lost}]\nobjectives: {rto: 2h, rpo: 1d}\n");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded.value().acts.size(), 3U);
  EXPECT_EQ(loaded.value().acts[1].wait, std::chrono::minutes(90));
  EXPECT_EQ(loaded.value().faults.at(0).occurrence, 2);
  EXPECT_EQ(loaded.value().rto_target, std::chrono::hours(2));
  EXPECT_EQ(loaded.value().rpo_target, std::chrono::hours(24));
}

TEST_F(ScenarioFile, SaysWhereAndWhatIsWrong) {
  EXPECT_THAT(complaint(kHead + "acts: [{run: dehydrat}]\n"),
              AllOf(HasSubstr("s.yaml:5:"), HasSubstr("did you mean 'dehydrate'")));
  EXPECT_THAT(complaint(kHead + "acts: [{run: restore}]\ncolour: red\n"),
              AllOf(HasSubstr("s.yaml:6:1"), HasSubstr("unknown key 'colour'")));
  EXPECT_THAT(complaint(kHead + "acts: [{wait: 4}]\n"), HasSubstr("not a duration"));
  EXPECT_THAT(complaint(kHead + "acts: [{run: restore}]\nexpect: old-platform-intakt\n"),
              AllOf(HasSubstr("s.yaml:6:"), HasSubstr("did you mean 'old-platform-intact'")));
  EXPECT_THAT(complaint(kHead), HasSubstr("acts is not a list"));
  EXPECT_THAT(complaint("schema: rehydrate/scenario/9\nname: x\n"),
              HasSubstr("reads scenarios of"));
  EXPECT_THAT(complaint("a: [1\n"), HasSubstr("not valid YAML"));
  EXPECT_THAT(complaint(kHead + "acts: [{run: restore}]\nfaults: [{operation: X, fault: bang}]\n"),
              HasSubstr("'bang' is no fault"));
}

TEST_F(ScenarioFile, AndItsPublishedSchemaAcceptTheSame) {
  std::vector<std::string> good;
  for (const auto& entry : fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "scenarios/library"))
    good.push_back(entry.path().string());
  for (const model::SafeStop& each : model::safe_stops())
    good.push_back(written("acts: [{run: restore}]\nexpect: " + each.name + "\n"));
  std::string operations;
  for (const auto fault : {"request-lost", "answer-lost", "throttled", "server-error", "denied",
                           "outcome-fails", "stale-read", "slow", "hangs"})
    operations += std::string("  - {operation: X, fault: ") + fault + "}\n";
  good.push_back(written("acts: [{wait: 5m}, {lose: [a, b]}, {lose: a}]\nfaults:\n" + operations));
  const auto accepted = testing_support::schema_check("scenario.schema.json", "validate", good);
  EXPECT_EQ(accepted.status, 0) << accepted.out << accepted.err;
  for (const std::string& each : good) EXPECT_TRUE(load_scenario(each)) << each;

  const std::vector<std::string> bad = {
      written("acts: [{run: dehydrat}]\n"),
      written("acts: [{run: restore}]\ncolour: red\n"),
      written("acts: [{wait: 4}]\n"),
      written("acts: []\n"),
      written(""),
      written("acts: [{run: restore, wait: 4h}]\n"),
      written("acts: [{run: restore}]\nexpect: luck\n"),
      written("acts: [{run: restore}]\nfaults: [{operation: X, fault: bang}]\n"),
      written("acts: [{run: restore}]\nfaults: [{operation: X, fault: slow, occurrence: 0}]\n"),
      written("acts: [{run: restore}]\nobjectives: {rto: soon}\n"),
  };
  const auto refused = testing_support::schema_check("scenario.schema.json", "refuse", bad);
  EXPECT_EQ(refused.status, 0) << refused.out << refused.err;
  for (const std::string& each : bad) EXPECT_FALSE(load_scenario(each)) << each;
}

TEST_F(ScenarioFile, OfAnUnknownNameIsAnsweredWithTheNearest) {
  const auto found = find_scenario("dr-awz");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found.error().message, HasSubstr("no such scenario"));
}

}  // namespace
}  // namespace wme::scenarios
