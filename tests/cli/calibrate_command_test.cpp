#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kJournal = "rehearsal/journals-1/1-restore.journal";

/// A folder with an inventory, and the journal of a rehearsed restore.
class CalibrateCommand : public ::testing::Test {
 protected:
  void rehearse(const std::vector<std::string>& more = {}) {
    sample_inventory(folder_);
    std::vector<std::string> words = {"rehearse",    "--procedure",    "restore",
                                      "--inventory", "inventory.yaml", "--in-process"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = rehydrate(folder_, words);
    ASSERT_EQ(ended.status, 0) << ended.out << ended.err;
    out_ = ended.out;
  }
  json campaign(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"campaign",       "--procedure", "restore", "--inventory",
                                      "inventory.yaml", "--runs",      "8",       "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = rehydrate(folder_, words);
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
    out_ = ended.out;
    return json::parse(text_of(folder_.path() / "campaign/campaign.json"));
  }

  TemporaryFolder folder_;
  std::string out_;
};

TEST_F(CalibrateCommand, MeasuresWhatCampaignsThenSimulate) {
  folder_.file("slow.yaml",
               "schema: rehydrate/durations/1\nactions: {launch-machine: {typical_s: 333.25}}\n");
  rehearse({"--durations", "slow.yaml"});
  EXPECT_THAT(out_, AllOf(HasSubstr("by durations of slow.yaml"), HasSubstr(", predicted ")));
  EXPECT_THAT(text_of(folder_.path() / "rehearsal/report.html"),
              AllOf(HasSubstr("Predicted against actual"), HasSubstr("durations of slow.yaml")));
  const Ended ended = rehydrate(folder_, {"calibrate", kJournal, "-o", "measured.yaml"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("launch-machine"), HasSubstr("steps of 1 run; "),
                               HasSubstr("seen late"), HasSubstr("simulators")));
  EXPECT_THAT(ended.err, HasSubstr("--durations measured.yaml"));
  const std::string file = text_of(folder_.path() / "measured.yaml");
  EXPECT_THAT(file, AllOf(HasSubstr("{run: \"rehearsal-1-1\", journal: "),
                          HasSubstr("origin: rehearsal"), Not(HasSubstr("journals-1"))));
  const json typical = campaign({});
  EXPECT_THAT(out_, HasSubstr("by the model's durations"));
  const json measured = campaign({"--durations", "measured.yaml"});
  EXPECT_THAT(out_, HasSubstr("by durations of measured.yaml"));
  EXPECT_GT(measured["rto"]["p50_s"].get<int>(), typical["rto"]["p50_s"].get<int>() + 200);
  EXPECT_EQ(measured["campaign"]["durations"]["file"], "measured.yaml");
  EXPECT_THAT(measured["campaign"]["command"].get<std::string>(),
              HasSubstr("--durations measured.yaml"));
}

TEST_F(CalibrateCommand, WritesForMachinesAndToStdout) {
  rehearse();
  const json told = json::parse(rehydrate(folder_, {"calibrate", kJournal, "--json"}).out);
  EXPECT_EQ(told["runs"][0]["origin"], "rehearsal");
  const Ended piped = rehydrate(folder_, {"calibrate", kJournal, "-o", "-"});
  folder_.file("piped.yaml", piped.out);
  const auto valid = testing_support::schema_check("durations.schema.json", "validate",
                                                   {(folder_.path() / "piped.yaml").string()});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
  EXPECT_THAT(piped.err, HasSubstr("samples"));
}

TEST_F(CalibrateCommand, RefusesWhatIsNoJournalOfItsOwn) {
  rehearse();
  folder_.file("foreign", "no journal");
  const Ended foreign = rehydrate(folder_, {"calibrate", kJournal, "foreign", "-o", "m.yaml"});
  EXPECT_EQ(foreign.status, 2);
  EXPECT_THAT(foreign.err, AllOf(HasSubstr("foreign"), HasSubstr("m.yaml was not written")));
  EXPECT_EQ(rehydrate(folder_, {"calibrate", "none"}).status, 2);
  const Ended twice = rehydrate(folder_, {"calibrate", kJournal, kJournal});
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("is named twice"));
  std::string damaged = text_of(folder_.path() / kJournal);
  for (std::size_t at = damaged.find("Accepted"); at != std::string::npos;
       at = damaged.find("Accepted", at + 1))
    damaged[at] = 'a';
  folder_.file("damaged.journal", damaged);
  const Ended broken = rehydrate(folder_, {"calibrate", "damaged.journal"});
  EXPECT_EQ(broken.status, 2) << broken.err;
  EXPECT_THAT(broken.err, HasSubstr("damaged.journal"));
  const Ended itself = rehydrate(folder_, {"calibrate", kJournal, "-o", kJournal});
  EXPECT_EQ(itself.status, 2);
}

TEST_F(CalibrateCommand, RefusesDurationsThatAreNone) {
  sample_inventory(folder_);
  folder_.file("bad.yaml",
               "schema: rehydrate/durations/1\nactions: {launch-machin: {typical_s: 1}}\n");
  for (const char* command : {"campaign", "rehearse"}) {
    const Ended ended = rehydrate(folder_, {command, "--procedure", "restore", "--inventory",
                                            "inventory.yaml", "--durations", "bad.yaml"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("bad.yaml:2:11"), HasSubstr("'launch-machine'")));
  }
}

}  // namespace
}  // namespace wme::cli
