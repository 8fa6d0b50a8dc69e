#include "executor/engine/executor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "executor/engine/survey.hpp"
#include "executor/journal/journal.hpp"
#include "model/language/interpreter.hpp"
#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/world_port.hpp"

namespace wme {
namespace {

using simulators::Fault;
using simulators::FaultRule;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const executor::TimePoint kMidnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// A plan, the world that it runs against, and the executor between them.
class Bench {
 public:
  explicit Bench(model::Procedure procedure = model::Procedure::kDehydrate,
                 std::vector<FaultRule> faults = {},
                 model::Provider provider = model::Provider::kAws)
      : clock_(kMidnight),
        model_(model::installation_of(tests::fleet({.provider = provider}), procedure)),
        plan_(model::make_plan(model_).value()),
        order_(model::PlanOrder::of(plan_).value()),
        world_(model::installation_of(tests::fleet({.provider = provider}), procedure), clock_,
               simulators::FaultSchedule(std::move(faults))),
        port_(world_),
        journal_([] { return kMidnight; }) {
    for (const char* door : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
      ports_[door] = &port_;
  }

  executor::RunResult run(const executor::Controls& controls, std::size_t workers) {
    executor::Executor executor(executor::first_leg(model_, plan_, order_), ports_, clock_,
                                journal_);
    executor::RunOptions options;
    options.run_id = "run-7";
    options.workers = workers;
    return executor.run(options, nullptr, controls);
  }
  executor::RunResult run(const executor::StopRequested& stop = nullptr) {
    executor::Executor executor(executor::first_leg(model_, plan_, order_), ports_, clock_,
                                journal_);
    executor::RunOptions options;
    options.run_id = "run-7";
    executor::Controls controls;
    controls.stop_requested = stop;
    return executor.run(options, nullptr, controls);
  }

  Result<executor::Survey> look() {
    executor::Surveyor surveyor(model_, ports_, clock_, {});
    Result<executor::Survey> survey = surveyor.look(model_.initial());
    if (!survey) return survey;
    if (Status all = surveyor.every_door_answers(survey.value()); !all) return all.error();
    return survey;
  }
  std::vector<std::string> drift() {
    executor::Surveyor surveyor(model_, ports_, clock_, {});
    std::vector<std::string> texts;
    for (const auto& each : surveyor.differences(look().value(), model_.initial()))
      texts.push_back(each.text);
    return texts;
  }
  const model::PlanOrder& order() const { return order_; }
  executor::Ports& ports() { return ports_; }
  tests::WorldPort& port() { return port_; }

  /// Requests of one action that reached the world.
  int requests(const std::string& action) const {
    int count = 0;
    for (const simulators::Event& each : world_.events())
      if (each.phase == "request" && each.action == action) ++count;
    return count;
  }

  scenarios::VirtualClock& clock() { return clock_; }
  simulators::World& world() { return world_; }
  const model::GroundModel& model() const { return model_; }
  const model::Plan& plan() const { return plan_; }
  executor::InMemoryJournal& journal() { return journal_; }

 private:
  scenarios::VirtualClock clock_;
  model::GroundModel model_;
  model::Plan plan_;
  model::PlanOrder order_;
  simulators::World world_;
  tests::WorldPort port_;
  executor::Ports ports_;
  executor::InMemoryJournal journal_;
};

TEST(Executor, RunsEveryProcedureToItsEndWithoutAViolation) {
  for (const model::Procedure procedure : {model::Procedure::kDehydrate, model::Procedure::kRestore,
                                           model::Procedure::kRotate, model::Procedure::kUpgrade})
    for (const model::Provider provider : tests::kEveryProvider) {
      SCOPED_TRACE(std::string(to_string(procedure)) + " on " + std::string(to_string(provider)));
      Bench bench(procedure, {}, provider);
      const executor::RunResult result = bench.run();
      EXPECT_TRUE(result.done) << result.error.message;
      EXPECT_THAT(bench.world().violations(), IsEmpty());
      for (const executor::StepRecord& step : result.steps) {
        EXPECT_EQ(step.state, executor::StepState::kDone);
        EXPECT_EQ(step.tries, 1);
      }
    }
}

TEST(Executor, TakesAboutAsLongAsTheCriticalPath) {
  Bench bench;
  ASSERT_TRUE(bench.run().done);
  const auto took =
      std::chrono::duration_cast<std::chrono::seconds>(bench.clock().now() - kMidnight);
  const model::PlanOrder order = model::PlanOrder::of(bench.plan()).value();
  const long critical = summary_of(bench.plan(), order).critical_path_s;
  EXPECT_GE(took.count(), critical * 9 / 10);  // what cannot be seen under way is done at once
  EXPECT_LE(took.count(), critical * 21 / 20);
}

TEST(Executor, WritesTheIntentBeforeAndTheOutcomeAfterEachStep) {
  Bench bench;
  ASSERT_TRUE(bench.run().done);
  std::map<std::string, std::vector<std::string>> kinds;
  const std::vector<executor::Record> records = executor::records(bench.journal()).value();
  for (const executor::Record& each : records)
    if (!each.entry.step.empty())
      kinds[each.entry.step].push_back(std::string(to_string(each.entry.kind)));
  EXPECT_EQ(kinds.size(), bench.plan().steps.size());
  for (const auto& [step, sequence] : kinds) {
    EXPECT_EQ(sequence.front(), "intent") << step;
    EXPECT_EQ(sequence[1], "accepted") << step;
    EXPECT_EQ(sequence.back(), "outcome") << step;
  }
  EXPECT_EQ(records.back().entry.kind, executor::EntryKind::kRunEnded);
}

TEST(Executor, WritesTheSameJournalForTheSameRun) {
  Bench first;
  Bench second;
  ASSERT_TRUE(first.run().done);
  ASSERT_TRUE(second.run().done);
  EXPECT_EQ(canonical_text(first.journal()).value(), canonical_text(second.journal()).value());
}

/// Each journal replays through the model: an intent is a step that the model allows then.
TEST(Executor, LeavesATraceThatTheModelAllows) {
  Bench bench(model::Procedure::kRotate);
  ASSERT_TRUE(bench.run().done);
  model::State state = bench.model().initial();
  for (const executor::Record& each : executor::records(bench.journal()).value()) {
    const executor::Entry& entry = each.entry;
    if (entry.kind != executor::EntryKind::kIntent && entry.kind != executor::EntryKind::kOutcome)
      continue;
    const auto action = bench.model().ground(*model::find_action(entry.action), entry.arguments);
    ASSERT_TRUE(action);
    if (entry.kind == executor::EntryKind::kOutcome) {
      model::apply(action->outcomes.front(), state);
      continue;
    }
    const Result<model::State> next = model::requested(bench.model(), *action, state);
    ASSERT_TRUE(next) << next.error().message;
    state = next.value();
  }
}

TEST(Executor, AsksAgainAfterALostRequestAndOnlyLooksAfterALostAnswer) {
  Bench bench(model::Procedure::kDehydrate, {{"send take-snapshot", 1, Fault::kAnswerLost},
                                             {"send take-snapshot", 2, Fault::kRequestLost},
                                             {"send hibernate-container", 1, Fault::kThrottled}});
  const executor::RunResult result = bench.run();
  EXPECT_TRUE(result.done) << result.error.message;
  EXPECT_EQ(bench.requests("take-snapshot snap-wm-data"), 1);
  EXPECT_EQ(bench.requests("take-snapshot snap-wm-runtime"), 1);
  EXPECT_THAT(bench.world().violations(), IsEmpty());
}

TEST(Executor, NeverRepeatsARequestWhoseAnswerWasLostWhateverTheAction) {
  const Bench plain;
  for (const model::Step& step : plain.plan().steps) {
    Bench bench(model::Procedure::kDehydrate, {{"send " + step.action, 1, Fault::kAnswerLost}});
    const executor::RunResult result = bench.run();
    EXPECT_TRUE(result.done) << step.action << ": " << result.error.message;
    std::map<std::string, int> requests;
    for (const simulators::Event& each : bench.world().events())
      if (each.phase == "request") ++requests[each.action];
    for (const auto& [action, count] : requests) {
      // A check changes nothing: reading twice is no second side effect.
      if (action.starts_with("check-") || action.starts_with("take-baseline") ||
          action.starts_with("note-") || action.starts_with("count-"))
        continue;
      EXPECT_EQ(count, 1) << action << " after the lost answer of " << step.action;
    }
  }
}

TEST(Executor, StopsNewWorkAtAFailureAndLetsRunningCallsEnd) {
  Bench bench(model::Procedure::kDehydrate, {{"passivate-container", 1, Fault::kOutcomeFails}});
  const executor::RunResult result = bench.run();
  EXPECT_FALSE(result.done);
  EXPECT_THAT(result.error.message, AllOf(HasSubstr("passivate-container"), HasSubstr("failed")));
  for (const executor::StepRecord& step : result.steps)
    EXPECT_NE(step.state, executor::StepState::kRunning);
  EXPECT_TRUE(bench.world().is("setup", {"platform"}, "running"));  // nothing was shut down
  EXPECT_THAT(bench.world().violations(), IsEmpty());
}

/// A failed installer leaves nothing that a variable shows: only the work itself can tell.
TEST(Executor, HearsFromThePortThatTheWorkOfAStepEndedBadly) {
  Bench bench(model::Procedure::kRestore, {{"initialize", 1, Fault::kOutcomeFails}});
  bench.port().failed_action = "initialize";
  bench.port().hidden = "setup";
  const executor::RunResult result = bench.run();
  EXPECT_FALSE(result.done);
  EXPECT_EQ(result.error.code, ErrorCode::kFailed);
  EXPECT_THAT(result.error.message, AllOf(HasSubstr("initialize platform-new"),
                                          HasSubstr("exit status 1: no space left on device")));
  const auto record = std::ranges::find(bench.plan().steps, "initialize", &model::Step::action) -
                      bench.plan().steps.begin();
  const executor::StepRecord& step = result.steps[static_cast<std::size_t>(record)];
  EXPECT_LT(step.ended - step.started, std::chrono::minutes(11));  // not at the deadline
}

TEST(Executor, CallsNothingDoneThatSomebodyHasUndone) {
  Bench bench;
  executor::Executor executor(executor::first_leg(bench.model(), bench.plan(), bench.order()),
                              bench.ports(), bench.clock(), bench.journal());
  std::size_t left = bench.plan().steps.size();
  const auto listener = [&](const executor::RunEvent& event) {
    if (event.kind != executor::RunEvent::Kind::kDone || --left > 0) return;
    // The last step has ended: now somebody boots the old Platform again
    const auto lock = bench.world().enter();
    ASSERT_TRUE(bench.world().perform("old-platform-boots", {"platform"}, "somebody").accepted());
  };
  const executor::RunResult result = executor.run({}, listener, {});
  EXPECT_FALSE(result.done);
  EXPECT_THAT(result.error.message, AllOf(HasSubstr("every step has ended, and yet"),
                                          HasSubstr("the old Platform is stopped")));
}

TEST(Executor, RefusesAStepWhoseGuardIsClosedOnAFreshLook) {
  Bench bench;
  // Somebody hibernates a running container behind our back, after the plan was made.
  const auto& steps = bench.plan().steps;
  const auto step = static_cast<std::size_t>(
      std::ranges::find(steps, "hibernate-container", &model::Step::action) - steps.begin());
  ASSERT_LT(step, steps.size());
  {
    const auto lock = bench.world().enter();
    const simulators::Reply reply =
        bench.world().perform("cron-hibernates", {steps[step].arguments.front()}, "cron");
    ASSERT_TRUE(reply.accepted()) << reply.refusals.front();
  }
  const executor::RunResult result = bench.run();
  // What hibernating would have done is there already: the step has nothing left to do.
  EXPECT_TRUE(result.done) << result.error.message;
  EXPECT_TRUE(result.steps[step].found_done);
}

TEST(Executor, HaltsWhenTheWorldIsNotAsTheGuardNeedsIt) {
  Bench bench(model::Procedure::kRestore);
  {
    const auto lock = bench.world().enter();
    ASSERT_TRUE(bench.world().perform("delete-snapshot", {"snap-wm-data"}, "somebody").accepted());
  }
  const executor::RunResult result = bench.run();
  EXPECT_FALSE(result.done);
  EXPECT_EQ(result.error.code, ErrorCode::kBlocked);
  EXPECT_THAT(result.error.message, HasSubstr("snap-wm-data"));
  EXPECT_EQ(bench.requests("launch-machine platform-new"), 0);
}

/// Ten tries at a system that is away take minutes: whoever watches must not take that for a hang.
TEST(Surveyor, TellsOfEachTimeThatItHasToAskAgain) {
  Bench bench(model::Procedure::kDehydrate,
              {{"look", 1, Fault::kRequestLost}, {"look", 2, Fault::kRequestLost}});
  executor::Surveyor surveyor(bench.model(), bench.ports(), bench.clock(), {});
  std::vector<std::string> told;
  ASSERT_TRUE(surveyor.look(bench.model().initial(),
                            [&](const std::string& text) { told.push_back(text); }));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_THAT(told[0], HasSubstr("cannot be read, asking again in "));
  EXPECT_THAT(told[0], HasSubstr("(try 2 of 10): look: connection lost"));
  EXPECT_THAT(told[1], HasSubstr("(try 3 of 10)"));
}

TEST(Executor, TellsOfEachTimeThatItHasToAskWhetherTheGoalsHold) {
  int looks = 0;
  {
    Bench bench;
    ASSERT_TRUE(bench.run().done);
    looks = bench.port().looks;
  }
  Bench bench(model::Procedure::kDehydrate, {{"look", looks, Fault::kRequestLost}});
  std::vector<std::string> told;
  executor::Executor executor(executor::first_leg(bench.model(), bench.plan(), bench.order()),
                              bench.ports(), bench.clock(), bench.journal());
  executor::RunOptions options;
  options.run_id = "run-7";
  ASSERT_TRUE(executor
                  .run(options,
                       [&](const executor::RunEvent& event) {
                         if (event.kind == executor::RunEvent::Kind::kHeartbeat)
                           told.push_back(event.text);
                       },
                       {})
                  .done);
  EXPECT_THAT(told, testing::ElementsAre(HasSubstr("asking again in ")));
}

std::vector<FaultRule> always(const std::string& action) {
  std::vector<FaultRule> rules;
  for (int i = 1; i <= executor::Patience{}.tries_max; ++i)
    rules.push_back({"send " + action, i, Fault::kRequestLost});
  return rules;
}

TEST(Executor, GivesUpAfterSoManyLostRequestsAndNamesTheStep) {
  Bench bench(model::Procedure::kDehydrate, always("stop-machine"));
  const executor::RunResult result = bench.run();
  EXPECT_FALSE(result.done);
  EXPECT_THAT(result.error.message, HasSubstr("stop-machine platform"));
  EXPECT_EQ(bench.requests("stop-machine platform"), 0);
}

TEST(Executor, StopsAtASafePointWhenAsked) {
  Bench bench;
  int rounds = 0;
  const executor::RunResult result = bench.run([&] { return ++rounds > 5 ? "a signal" : ""; });
  EXPECT_FALSE(result.done);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.error.message, "stopped on request: a signal");
  for (const executor::StepRecord& step : result.steps)
    EXPECT_NE(step.state, executor::StepState::kRunning);
}

/// Before what is under way has come to its end: whoever looks meanwhile reads that it is stopping.
TEST(Executor, WritesDownThatASignalStopsIt) {
  Bench bench;
  int rounds = 0;
  static_cast<void>(bench.run([&] { return ++rounds > 5 ? "a signal" : ""; }));
  const auto records = executor::records(bench.journal()).value();
  std::size_t decisions = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].entry.kind != executor::EntryKind::kDecision) continue;
    ++decisions;
    EXPECT_THAT(records[i].entry.text, HasSubstr("a signal"));
    EXPECT_LT(i + 2, records.size()) << "the end comes behind what it had under way";
    EXPECT_EQ(records[i].entry.details.at("decision"), "stop");
  }
  EXPECT_EQ(decisions, 1U);
}

/// Who asks while the last steps come to their end has asked for nothing.
TEST(Executor, IsDoneWhenNothingWasLeftToStop) {
  Bench bench;
  const auto all_are_requested = [&] {
    const auto records = executor::records(bench.journal()).value();
    const auto accepted = std::ranges::count_if(records, [](const auto& each) {
      return each.entry.kind == executor::EntryKind::kAccepted;
    });
    return static_cast<std::size_t>(accepted) == bench.plan().steps.size() ? "a signal" : "";
  };
  const executor::RunResult result = bench.run(all_are_requested);
  EXPECT_TRUE(result.done) << result.error.message;
  EXPECT_FALSE(result.interrupted);
  EXPECT_EQ(executor::records(bench.journal()).value().back().entry.text, "Run ended: done");
}

TEST(Executor, ComesToTheSameEndWithSixteenCallsAtTheSameTime) {
  for (const model::Procedure procedure :
       {model::Procedure::kDehydrate, model::Procedure::kRotate}) {
    Bench bench(procedure);
    const executor::RunResult result = bench.run({}, 16);
    EXPECT_TRUE(result.done) << result.error.message;
    EXPECT_THAT(bench.world().violations(), IsEmpty());
    const auto records = executor::records(bench.journal()).value();
    const auto followed = executor::follow(bench.model(), bench.plan(), bench.model().initial(),
                                           records, 0, records.size());
    EXPECT_TRUE(followed) << followed.error().message;
  }
}

/// A lock that is lost at the n-th time it is asked for, for ever.
class LosingFence : public executor::FencePort {
 public:
  explicit LosingFence(int holds) : holds_(holds) {}
  Status confirm() override {
    if (holds_-- > 0) return Done{};
    return Error{ErrorCode::kRefused, "somebody else has taken over"};
  }
  long long number() const override { return 7; }

 private:
  std::atomic<int> holds_;
};

TEST(Executor, DoesNothingMoreOnceSomebodyElseHasTakenOver) {
  for (const std::size_t workers : {0U, 16U})
    for (int holds = 0; holds < 12; ++holds) {
      SCOPED_TRACE(std::to_string(holds) + " requests, " + std::to_string(workers) + " workers");
      Bench bench;
      LosingFence fence(holds);
      executor::Controls controls;
      controls.fence = &fence;
      const executor::RunResult result = bench.run(controls, workers);
      EXPECT_FALSE(result.done);
      EXPECT_TRUE(result.lost_lock);
      int requests = 0;
      for (const simulators::Event& each : bench.world().events())
        requests += each.phase == "request" ? 1 : 0;
      EXPECT_LE(requests, holds);
      // Nor does it write: the journal is the new holder's.
      const auto records = executor::records(bench.journal()).value();
      EXPECT_NE(records.back().entry.kind, executor::EntryKind::kRunEnded);
    }
}

/// What people ask, all at once.
class Asked : public executor::RequestPort {
 public:
  explicit Asked(std::vector<executor::PersonRequest> requests) : requests_(std::move(requests)) {}
  Result<std::vector<executor::PersonRequest>> requests_after(long long id) override {
    std::vector<executor::PersonRequest> found;
    for (const executor::PersonRequest& each : requests_)
      if (each.id > id) found.push_back(each);
    return found;
  }

 private:
  std::vector<executor::PersonRequest> requests_;
};

TEST(Executor, WritesDownWhatPeopleDecidedAndObeys) {
  Bench bench;
  Asked asked({{1, "pause", "", "ann", "lunch", {}},
               {2, "continue", "", "bob", "back", {}},
               {3, "abort", "", "ann", "the window closes", {}}});
  executor::Controls controls;
  controls.requests = &asked;
  const executor::RunResult result = bench.run(controls, 0);
  EXPECT_FALSE(result.done);
  EXPECT_TRUE(result.interrupted);
  EXPECT_TRUE(result.wants_abort);
  EXPECT_EQ(result.error.message, "aborted by ann: the window closes");
  std::vector<std::string> decided;
  for (const executor::Record& each : executor::records(bench.journal()).value())
    if (each.entry.kind == executor::EntryKind::kDecision)
      decided.push_back(each.entry.details.at("decision"));
  EXPECT_EQ(decided, (std::vector<std::string>{"pause", "continue", "abort"}));
}

TEST(Executor, TakesANoThatComesBeforeItsTimeForANo) {
  Bench bench;
  const std::string step = bench.plan().steps.back().id;
  Asked asked({{1, "reject", step, "ann", "not tonight", {}}});
  executor::Controls controls;
  controls.requests = &asked;
  const executor::RunResult result = bench.run(controls, 0);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.error.message, "step " + step + " was rejected by ann: not tonight");
}

/// A disk that is full from the n-th entry on.
class FullJournal : public executor::JournalPort {
 public:
  explicit FullJournal(int room) : room_(room) {}
  Status append(const executor::Entry&) override {
    if (room_-- > 0) return Done{};
    return Error{ErrorCode::kFailed, "no space left on device"};
  }

 private:
  int room_;
};

TEST(Executor, AsksForNothingThatItCouldNotWriteDown) {
  for (int room = 0; room < 90; room += 7) {
    Bench bench;
    FullJournal journal(room);
    executor::Executor executor(executor::first_leg(bench.model(), bench.plan(), bench.order()),
                                bench.ports(), bench.clock(), journal);
    const executor::RunResult result = executor.run({}, nullptr, {});
    EXPECT_FALSE(result.done);
    EXPECT_THAT(result.error.message, HasSubstr("no space left on device")) << room;
    int requests = 0;
    for (const simulators::Event& each : bench.world().events())
      requests += each.phase == "request" ? 1 : 0;
    EXPECT_LE(requests, room) << "each has its intent";
  }
}

TEST(Executor, SlowsAllOfTheRunWhenASystemAsksForIt) {
  Bench calm;
  ASSERT_TRUE(calm.run().done);
  Bench bench(model::Procedure::kDehydrate, {{"send hibernate-container", 1, Fault::kThrottled},
                                             {"send hibernate-container", 2, Fault::kThrottled},
                                             {"send hibernate-container", 3, Fault::kThrottled}});
  ASSERT_TRUE(bench.run().done);
  EXPECT_EQ(bench.requests("hibernate-container c1"), 1);
  EXPECT_GT(bench.clock().now(), calm.clock().now() + std::chrono::seconds(5));
}

/// The time that a step waits because the run is slow is not taken from its patience.
/// However many steps wait: one look that is refused is enough for all of them.
TEST(Executor, DoesNotAskABusySystemAgainForEachStepThatWaits) {
  std::vector<FaultRule> busy;
  for (int look = 30; look < 36; ++look) busy.push_back({"look", look, Fault::kThrottled});
  Bench bench(model::Procedure::kDehydrate, busy);
  const executor::RunResult result = bench.run();
  EXPECT_TRUE(result.done) << result.error.message;
  const auto& met = bench.world().faults_met();
  ASSERT_EQ(met.size(), busy.size());
  for (std::size_t i = 1; i < met.size(); ++i)
    EXPECT_GE(met[i].at - met[i - 1].at, std::chrono::milliseconds(500)) << i;
}

TEST(Executor, OutlivesOneMoreSlowDownWhicheverLookItMeets) {
  for (int look = 1; look <= 60; ++look) {
    std::vector<FaultRule> rules{{"look", look, Fault::kThrottled}};
    for (int i = 1; i <= 8; ++i)
      rules.push_back({"send hibernate-container", i, Fault::kThrottled});
    Bench bench(model::Procedure::kDehydrate, rules);
    const executor::RunResult result = bench.run();
    EXPECT_TRUE(result.done) << "look " << look << ": " << result.error.message;
  }
}

TEST(Executor, SeesDriftBeforeItStarts) {
  Bench bench;
  EXPECT_THAT(bench.drift(), IsEmpty());
  {
    const auto lock = bench.world().enter();
    ASSERT_TRUE(bench.world().perform("machine-lost", {"studio-1"}, "nature").accepted());
  }
  EXPECT_THAT(bench.drift(), ::testing::Contains(HasSubstr("power(studio-1) is terminated")));
}

/// A system that answers nothing: a closed port, a firewall.
class BlindPort : public executor::SystemPort {
 public:
  Result<std::string> perform(const executor::Call& call) override {
    return Error{ErrorCode::kUnreachable, call.action + ": nobody answers"};
  }
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    std::vector<executor::Observation> nothing;
    for (const executor::Variable& each : variables)
      nothing.push_back({each, std::nullopt, "nobody answers"});
    return nothing;
  }
};

TEST(Executor, DoesNotTakeASystemThatShowsNothingForUnchanged) {
  for (const char* door : {"launchpad", "config-wizard", "cloud", "host"}) {
    Bench bench;
    BlindPort blind;
    bench.ports()[door] = &blind;
    const Result<executor::Survey> drift = bench.look();
    ASSERT_FALSE(drift) << door;
    EXPECT_EQ(drift.error().code, ErrorCode::kUnreachable);
    EXPECT_THAT(drift.error().message, HasSubstr(std::string("the door ") + door));
  }
}

}  // namespace
}  // namespace wme
