#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "executor/journal/entries.hpp"
#include "executor/journal/location.hpp"
#include "executor/lease/lease_keeper.hpp"
#include "executor/lease/process.hpp"
#include "executor/lease/sqlite_lease_store.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/support/live_site.hpp"

/// run, resume, status, abort, undo and what people ask of a run: the program itself, against a
/// simulated installation over sockets.
namespace wme::cli {
namespace {

using simulators::Fault;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class LiveRunCommand : public ::testing::Test {
 protected:
  void begin(const std::string& procedure = "dehydrate",
             std::vector<simulators::FaultRule> faults = {}) {
    sample_plan(folder_, procedure);
    const auto inventory = scenarios::load_inventory(folder_.path() / "inventory.yaml");
    ASSERT_TRUE(inventory) << inventory.error().message;
    site_ = std::make_unique<tests::LiveSite>(site_folder_.path(), inventory.value(),
                                              *model::procedure_from(procedure), std::move(faults));
  }
  Ended start(std::vector<std::string> words) {
    return rehydrate(folder_, words, {}, site_->environment());
  }
  Ended run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"run",
                                   "plan.json",
                                   "-i",
                                   "inventory.yaml",
                                   "--journal",
                                   "run.journal",
                                   "--break-glass",
                                   "a test has no certificate",
                                   "--confirm",
                                   "acme-aws-xs"};
    words.insert(words.end(), more.begin(), more.end());
    return start(words);
  }
  nlohmann::json status() {
    const Ended ended = start({"status", "run.journal", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return nlohmann::json::parse(ended.out);
  }
  std::string step_of(const std::string& action) {
    const auto plan = nlohmann::json::parse(text_of(folder_.path() / "plan.json"));
    for (const auto& step : plan["steps"])
      if (step["action"] == action) return step["id"];
    return "";
  }
  /// The step that met the fault: of two requests under way at once, either may be the first.
  nlohmann::json step_that_ended_badly() {
    const nlohmann::json now = status();
    for (const auto& step : now["steps"])
      if (step["state"] != "done" && step.contains("reason")) return step;
    ADD_FAILURE() << "no step ended badly";
    return {};
  }

  TemporaryFolder folder_;
  TemporaryFolder site_folder_;  ///< apart: what simulators write there are secrets
  std::unique_ptr<tests::LiveSite> site_;
};

TEST_F(LiveRunCommand, GoesOnAfterAFailedStepWhenItsCauseIsMended) {
  begin("dehydrate", {{"take-snapshot", 1, Fault::kOutcomeFails}});
  const Ended stopped = run();
  EXPECT_EQ(stopped.status, 1);
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("take-snapshot"), HasSubstr("it ended as \"failed\""),
                                 HasSubstr("go on: safe by the model"),
                                 HasSubstr("rehydrate resume "), HasSubstr("skip: not now")));
  EXPECT_EQ(status()["verdict"], "failed");
  EXPECT_EQ(status()["safe_to_stop"], true);
  const auto failed = step_that_ended_badly();
  const std::string again_done =
      failed["action"].get<std::string>() + " " + failed["arguments"].front().get<std::string>();
  const Ended resumed = start({"resume", "run.journal"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("25 of 26 steps done"));
  EXPECT_EQ(status()["verdict"], "done");
  EXPECT_EQ(site_->violations(), 0U);
  for (const auto& [action, count] : site_->side_effects())
    EXPECT_EQ(count, action.starts_with(again_done) ? 2 : 1) << action;
  const Ended again = start({"resume", "run.journal"});
  EXPECT_EQ(again.status, 0);
  EXPECT_THAT(again.out, HasSubstr("nothing is left to do"));
  EXPECT_THAT(start({"status", "run.journal"}).out, HasSubstr(" in all, predicted "));
  const Ended measured = start({"calibrate", "run.journal", "-o", "-"});
  EXPECT_THAT(measured.out, AllOf(HasSubstr("origin: production"), HasSubstr("take-snapshot: ")));
  EXPECT_THAT(measured.err, HasSubstr("1 failed"));
}

TEST_F(LiveRunCommand, LaunchesAMachineAnewAfterALaunchThatFailed) {
  begin("restore", {{"launch-machine", 1, Fault::kOutcomeFails}});
  const Ended stopped = run();
  EXPECT_EQ(stopped.status, 1);
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("launch-machine"), HasSubstr("it ended as \"failed\""),
                                 HasSubstr("Server.InternalError: Internal error on launch")));
  const auto failed = step_that_ended_badly();
  EXPECT_EQ(failed["action"], "launch-machine");
  // EC2 still lists what has ended, with the tags of the machine that is wanted.
  const Ended resumed = start({"resume", "run.journal"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(status()["verdict"], "done");
  EXPECT_EQ(site_->violations(), 0U);
  const std::string machine = failed["arguments"].front();
  for (const auto& [action, count] : site_->side_effects()) {
    if (!action.starts_with("launch-machine")) continue;
    EXPECT_EQ(count, action == "launch-machine " + machine ? 2 : 1) << action;
  }
}

TEST_F(LiveRunCommand, TakesItsKeysFromTheProgramOfAProfile) {
  begin();
  auto environment = site_->environment();
  const std::filesystem::path secrets = site_folder_.path() / "keys";
  std::ofstream(secrets) << nlohmann::json{
      {"Version", 1},
      {"AccessKeyId", environment["AWS_ACCESS_KEY_ID"]},
      {"SecretAccessKey", environment["AWS_SECRET_ACCESS_KEY"]}};
  const std::filesystem::path config = site_folder_.path() / "config";
  std::ofstream(config) << "[profile night]\ncredential_process = cat '" << secrets.string()
                        << "'\n";
  environment["AWS_ACCESS_KEY_ID"].clear();
  environment["AWS_SECRET_ACCESS_KEY"].clear();
  environment["AWS_CONFIG_FILE"] = config.string();
  environment["AWS_PROFILE"] = "night";
  const Ended ended =
      rehydrate(folder_,
                {"run", "plan.json", "-i", "inventory.yaml", "--journal", "run.journal",
                 "--break-glass", "a test has no certificate", "--confirm", "acme-aws-xs"},
                {}, environment);
  EXPECT_EQ(ended.status, 0) << ended.err;
  std::ofstream(config) << "[profile night]\ncredential_process = echo hidden >&2; exit 3\n";
  const Ended refused = rehydrate(folder_, {"doctor", "-i", "inventory.yaml"}, {}, environment);
  EXPECT_THAT(refused.out + refused.err, AllOf(HasSubstr("credential_process of profile night"),
                                               HasSubstr("ended with status 3")));
}

TEST_F(LiveRunCommand, BringsTheInstallationBackToWhereItWas) {
  begin("dehydrate", {{"take-snapshot", 1, Fault::kOutcomeFails}});
  ASSERT_EQ(run().status, 1);
  const Ended undone = start({"undo", "run.journal", "--reason", "the disk is full"});
  EXPECT_EQ(undone.status, 0) << undone.err;
  EXPECT_THAT(undone.out, HasSubstr("undone: 7 steps, seen to be so: WME serves on the Platform"));
  EXPECT_THAT(undone.err, AllOf(HasSubstr("not everything is where it was"), HasSubstr("parked")));
  EXPECT_TRUE(site_->is("gate", {}, "open"));
  EXPECT_TRUE(site_->is("setup", {"platform"}, "running"));
  EXPECT_TRUE(site_->is("address", {}, "old-platform"));
  EXPECT_EQ(site_->violations(), 0U);
  EXPECT_EQ(status()["turned_to"], "undo");
  EXPECT_EQ(status()["verdict"], "done");
}

TEST_F(LiveRunCommand, DoesNotUndoAfterThePointOfNoReturn) {
  begin("restore");
  ASSERT_EQ(run().status, 0);
  const Ended refused = start({"undo", "run.journal"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr("there is no way back"));
  EXPECT_EQ(status()["verdict"], "done") << "the run has done what it was for, all the same";
}

TEST_F(LiveRunCommand, AbortsToTheNearestSafeStopAndSeesThatItIsThere) {
  begin("rotate", {{"launch-machine", 1, Fault::kHangs}});
  ASSERT_EQ(run().status, 1);
  const Ended aborted = start({"abort", "run.journal", "--reason", "the window closes"});
  EXPECT_EQ(aborted.status, 0) << aborted.err;
  EXPECT_THAT(aborted.out, HasSubstr("aborted: in the safe stop "));
  EXPECT_EQ(site_->violations(), 0U);
}

TEST_F(LiveRunCommand, StillTellsWhatItHadDoneBeforeItWasTurned) {
  begin();
  ASSERT_EQ(run().status, 0);
  EXPECT_THAT(start({"status", "run.journal"}).out,
              AllOf(HasSubstr(" in all"), HasSubstr("At rest, and safe: yes")));
  ASSERT_EQ(start({"abort", "run.journal"}).status, 0);
  const std::size_t steps =
      nlohmann::json::parse(text_of(folder_.path() / "plan.json"))["steps"].size();
  const std::string all = std::to_string(steps);
  EXPECT_THAT(start({"status", "run.journal"}).out,
              AllOf(HasSubstr("before: " + all + " of " + all + " steps of the plan done"),
                    HasSubstr("nothing had to be done")));
}

TEST_F(LiveRunCommand, TakesNoAnswerThatNobodyWaitsFor) {
  begin();
  ASSERT_EQ(run({"--gate", step_of("stop-services") + ":10m"}).status, 5);
  const auto approve = [&](const std::string& action) {
    return start({"gate", "run.journal", "approve", step_of(action)});
  };
  const Ended over = approve("restrict-login");
  EXPECT_EQ(over.status, 4);
  EXPECT_THAT(over.err, HasSubstr("is over"));
  EXPECT_THAT(approve("stop-services").out, Not(HasSubstr("without a gate")));
  const Ended open = approve("stop-machine");
  EXPECT_EQ(open.status, 0) << open.err;
  EXPECT_THAT(open.out, HasSubstr("without a gate"));
}

TEST_F(LiveRunCommand, WaitsAtAGateAndDoesWhatWasDeclaredWhenNobodyComes) {
  begin();
  const std::string step = step_of("stop-services");
  const Ended stopped = run({"--gate", step + ":10m:stop"});
  EXPECT_EQ(stopped.status, 5);
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("rehydrate gate "),
                                 HasSubstr("nobody approved step " + step + " in time")));
  EXPECT_FALSE(site_->side_effects().contains("stop-services platform"));
  ASSERT_EQ(start({"gate", "run.journal", "approve", step, "--by", "ann"}).status, 0);
  const Ended resumed = start({"resume", "run.journal", "--gate", step});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(site_->side_effects()["stop-services platform"], 1);
}

TEST_F(LiveRunCommand, AbortsWhenThatIsWhatAGateDeclares) {
  begin();
  const Ended aborted = run({"--gate", step_of("stop-services") + ":10m:abort"});
  EXPECT_EQ(aborted.status, 0) << aborted.err;
  EXPECT_THAT(aborted.out, HasSubstr("aborted: in the safe stop old-platform-serves"));
}

TEST_F(LiveRunCommand, IsRejectedByAPerson) {
  begin();
  const std::string step = step_of("stop-services");
  ASSERT_EQ(run({"--gate", step + ":10m"}).status, 5);
  ASSERT_EQ(start({"gate", "run.journal", "reject", step, "--reason", "not tonight"}).status, 0);
  const Ended rejected = start({"resume", "run.journal", "--gate", step});
  EXPECT_EQ(rejected.status, 5);
  EXPECT_FALSE(site_->side_effects().contains("stop-services platform"));
}

TEST_F(LiveRunCommand, SkipsOnlyWhatTheModelFindsSafeOrOnAPersonsOwnWord) {
  begin("dehydrate", {{"take-snapshot", 1, Fault::kOutcomeFails}});
  ASSERT_EQ(run().status, 1);
  const std::string step = step_that_ended_badly()["id"];
  const Ended refused = start({"resume", "run.journal", "--skip", step});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("in the backup, verified"), HasSubstr("nothing was done")));
  const Ended short_reason =
      start({"resume", "run.journal", "--skip", step, "--break-glass", "because"});
  EXPECT_EQ(short_reason.status, 2);
}

/// Who breaks the glass goes on, now and later, and is never told that it is done.
TEST_F(LiveRunCommand, GoesOnWithoutAStepThatWasSkippedAgainstTheModel) {
  begin("dehydrate", {{"CreateSnapshot", 1, Fault::kDenied}});
  ASSERT_EQ(run().status, 4);
  const std::string step = step_that_ended_badly()["id"];
  const auto entries = status()["entries"];
  EXPECT_EQ(start({"resume", "run.journal", "--break-glass", "one of the two is none", "--skip",
                   step, "--skip", "no-such-step"})
                .status,
            2);
  EXPECT_EQ(status()["entries"], entries) << "a refused resume leaves the journal as it was";
  const Ended skipped = start({"resume", "run.journal", "--skip", step, "--break-glass",
                               "the storage has a snapshot of its own"});
  EXPECT_EQ(skipped.status, 1) << skipped.err;
  EXPECT_THAT(skipped.err, AllOf(HasSubstr("THE GLASS IS BROKEN (the storage has"),
                                 HasSubstr("every step has ended, and yet this is not so")));
  EXPECT_TRUE(site_->is("address", {}, "free"));
  const nlohmann::json after = status();
  EXPECT_EQ(after["verdict"], "failed");
  EXPECT_TRUE(std::ranges::any_of(after["steps"], [&](const auto& each) {
    return each["id"] == step && each["state"] == "skipped";
  }));
  const Ended shown = start({"status", "run.journal"});
  EXPECT_THAT(shown.out, AllOf(HasSubstr("25 of 26 steps done, 1 skipped;"),
                               HasSubstr("Safe to leave as it is: ")));
  EXPECT_EQ(start({"resume", "run.journal"}).status, 1);
  EXPECT_EQ(site_->violations(), 0U);
}

/// A gate at no step would hold nobody up, and who set it believe that it does.
TEST_F(LiveRunCommand, RefusesAGateAtAStepThatThePlanDoesNotHave) {
  begin();
  const Ended refused = run({"--gate", "s777:10m"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("--gate s777: the plan has no step s777"));
  EXPECT_TRUE(site_->side_effects().empty());
  EXPECT_THAT(folder_.names(), Not(Contains("run.journal")));
}

/// Somebody may take the file elsewhere: what a command wrote stands in it, and not beside it.
TEST_F(LiveRunCommand, LeavesNothingBesideItsJournal) {
  begin("dehydrate", {{"take-snapshot", 1, Fault::kOutcomeFails}});
  ASSERT_EQ(run().status, 1);
  EXPECT_THAT(folder_.names(), Not(Contains("run.journal-wal")));
  EXPECT_EQ(start({"abort", "run.journal"}).status, 0);
  EXPECT_THAT(folder_.names(), Not(Contains("run.journal-wal")));
  EXPECT_EQ(start({"undo", "run.journal"}).status, 0);
  EXPECT_THAT(folder_.names(), Not(Contains("run.journal-wal")));
}

/// Gates belong to the run, not to the process that was started with them.
TEST_F(LiveRunCommand, KeepsItsGatesWhenItIsResumed) {
  begin();
  const std::string step = step_of("stop-services");
  ASSERT_EQ(run({"--gate", step + ":10m"}).status, 5);
  const Ended lock = start({"lock", "show", "--installation", "acme-aws-xs", "--json"});
  EXPECT_THAT(lock.out, HasSubstr((folder_.path() / "run.journal").string()))
      << "whoever looks finds the same run, however its journal was named";
  EXPECT_EQ(start({"gate", "run.journal", "approve", "s999"}).status, 2);
  const Ended waited = start({"resume", "run.journal"});
  EXPECT_EQ(waited.status, 5);
  EXPECT_FALSE(site_->side_effects().contains("stop-services platform"));
  ASSERT_EQ(start({"gate", "run.journal", "approve", step}).status, 0);
  ASSERT_EQ(start({"gate", "run.journal", "reject", step}).status, 0);
  EXPECT_EQ(start({"resume", "run.journal"}).status, 5) << "the last word counts";
  ASSERT_EQ(start({"gate", "run.journal", "approve", step}).status, 0);
  const Ended resumed = start({"resume", "run.journal"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
}

/// What was asked of a process that was gone by then is no order to the next.
TEST_F(LiveRunCommand, IsNotStoppedByWhatWasAskedBeforeItWasResumed) {
  begin("dehydrate", {{"take-snapshot", 1, Fault::kOutcomeFails}});
  ASSERT_EQ(run().status, 1);
  for (const char* what : {"stop", "pause"}) {
    const Ended refused = start({what, "run.journal"});
    EXPECT_EQ(refused.status, 4);
    EXPECT_THAT(refused.err, HasSubstr("nobody carries this run out now"));
  }
  {  // asked while it was there, and read by nobody
    auto journal = executor::open_journal((folder_.path() / "run.journal").string());
    ASSERT_TRUE(journal) << journal.error().message;
    for (const char* what : {"stop", "pause"})
      ASSERT_TRUE(journal.value()->post(
          {0, what, "", "ann@ops-1", "too late", executor::system_wall_clock()}));
  }
  const Ended resumed = start({"resume", "run.journal"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("asked to stop while nobody carried the run out"));
}

/// A process that was asked to abort and killed before it could: the next one does it.
TEST_F(LiveRunCommand, DoesTheAbortThatTheLastProcessDidNotComeTo) {
  begin();
  ASSERT_EQ(run({"--gate", step_of("stop-services") + ":10m"}).status, 5);
  {
    auto journal = executor::open_journal((folder_.path() / "run.journal").string());
    ASSERT_TRUE(journal) << journal.error().message;
    ASSERT_TRUE(journal.value()->append(executor::decision(
        executor::system_wall_clock(), {"abort", "", "ann@ops-1", "the window closes", {}, 1})));
  }
  const Ended resumed = start({"resume", "run.journal"});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.out, HasSubstr("aborted: in the safe stop "));
  EXPECT_EQ(status()["turned_to"], "abort");
}

/// Another process is at it: a lock that lives.
TEST_F(LiveRunCommand, RefusesAnInstallationThatSomebodyElseHasLocked) {
  begin();
  auto store = executor::SqliteLeaseStore::open(site_folder_.path() / "state" / "rehydrate");
  ASSERT_TRUE(store) << store.error().message;
  auto lease = executor::LeaseKeeper::take(std::move(store).value(), "acme-aws-xs",
                                           executor::this_process("/var/other.journal"));
  ASSERT_TRUE(lease) << lease.error().message;
  const Ended refused = run();
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("/var/other.journal"), HasSubstr("rehydrate status")));
  EXPECT_TRUE(site_->side_effects().empty());
  EXPECT_THAT(folder_.names(), Not(::testing::Contains("run.journal")));
}

TEST_F(LiveRunCommand, DoesNothingOutsideOfTheChangeWindow) {
  begin();
  const Ended refused = run({"--window", "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr("is closed; nothing was done"));
  EXPECT_EQ(run({"--window", "tonight"}).status, 2);
  EXPECT_EQ(run({"--gate", "s1:soon"}).status, 2);
}

/// Someone changed the installation between the two: the rest of the plan does not fit any more.
TEST_F(LiveRunCommand, DoesNotGoOnWhereTheRestOfThePlanLeadsNowhere) {
  begin("dehydrate", {{"stop-services", 1, Fault::kOutcomeFails}});
  ASSERT_EQ(run().status, 1);
  {
    const auto lock = site_->world().enter();
    ASSERT_TRUE(site_->world().perform("machine-lost", {"platform"}, "nature").accepted());
  }
  const Ended refused = start({"resume", "run.journal"});
  EXPECT_EQ(refused.status, 4);
  EXPECT_THAT(refused.err, HasSubstr("does not lead to its goals from what is seen now"));
}

TEST_F(LiveRunCommand, SaysWhatIsWrongWithAJournal) {
  begin();
  EXPECT_EQ(start({"status", "no.journal"}).status, 2);
  folder_.file("text.journal", "not a journal");
  const Ended refused = start({"resume", "text.journal"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("is not a journal"));
}

}  // namespace
}  // namespace wme::cli
