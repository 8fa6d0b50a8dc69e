#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "executor/engine/executor.hpp"
#include "executor/journal/journal.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"
#include "simulators/core/truth.hpp"
#include "tests/executor/engine/share.hpp"
#include "tests/support/fleets.hpp"
#include "tests/support/world_facts.hpp"
#include "tests/support/world_port.hpp"

namespace wme {
namespace {

const executor::TimePoint kEvening{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// Counts what a process does and kills it at one of these moments: from then on nothing that it
/// does reaches anybody.
class Death {
 public:
  explicit Death(int at) : at_(at) {}
  /// A moment at which the process may die. True: it lives.
  bool survives() {
    if (!is_dead_ && ++moments_ == at_) is_dead_ = true;
    return !is_dead_;
  }
  bool is_dead() const { return is_dead_; }
  int moments() const { return moments_; }

 private:
  int at_;
  int moments_ = 0;
  bool is_dead_ = false;
};

class MortalJournal : public executor::JournalPort {
 public:
  MortalJournal(executor::JournalPort& inner, Death& death) : inner_(inner), death_(death) {}
  Status append(const executor::Entry& entry) override {
    const Error dead{ErrorCode::kFailed, "killed"};
    if (!death_.survives()) return dead;
    if (Status written = inner_.append(entry); !written) return written;
    if (!death_.survives()) return dead;
    return Done{};
  }

 private:
  executor::JournalPort& inner_;
  Death& death_;
};

class MortalPort : public executor::SystemPort {
 public:
  MortalPort(executor::SystemPort& inner, Death& death) : inner_(inner), death_(death) {}
  Result<std::string> perform(const executor::Call& call) override {
    const Error dead{ErrorCode::kUnknownOutcome, "killed"};
    if (!death_.survives()) return dead;
    Result<std::string> receipt = inner_.perform(call);
    if (!death_.survives()) return dead;
    return receipt;
  }
  Result<std::vector<executor::Observation>> observe(
      const std::vector<executor::Variable>& variables) override {
    if (death_.is_dead()) return Error{ErrorCode::kFailed, "killed"};
    return inner_.observe(variables);
  }

 private:
  executor::SystemPort& inner_;
  Death& death_;
};

/// One installation, its journal, and as many processes as it takes.
class Installation {
 public:
  Installation(model::Procedure procedure, model::Provider provider)
      : clock_(kEvening),
        model_(model::installation_of(tests::fleet({.provider = provider}), procedure)),
        plan_(model::make_plan(model_).value()),
        order_(model::PlanOrder::of(plan_).value()),
        world_(model::installation_of(tests::fleet({.provider = provider}), procedure), clock_, {}),
        port_(world_),
        journal_([] { return kEvening; }) {
    EXPECT_TRUE(journal_.append(executor::run_started(kEvening, {})));
    EXPECT_TRUE(journal_.append(executor::attachment(
        kEvening, "plan.json", to_plan_json(plan_, summary_of(plan_, order_)))));
  }

  /// A process that starts or goes on; dies at that moment (0: never). How many moments it had.
  int process(int dies_at) {
    Death death(dies_at);
    MortalPort port(port_, death);
    MortalJournal journal(journal_, death);
    executor::Ports ports;
    for (const char* door : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
      ports[door] = &port;
    const auto records = executor::records(journal_).value();
    auto known = executor::follow(model_, plan_, model_.initial(), records, 0, records.size());
    EXPECT_TRUE(known) << known.error().message;
    if (!known) return 0;
    executor::Leg leg = executor::first_leg(model_, plan_, order_);
    leg.state = known.value().state;
    leg.steps = known.value().steps;
    executor::Executor executor(leg, ports, clock_, journal);
    executor::RunOptions options;
    options.run_id = "run-7";
    last_ = executor.run(options, nullptr, {});
    return death.moments();
  }

  void pass(std::chrono::milliseconds time) { clock_.sleep_for(time); }
  const executor::RunResult& last() const { return last_; }

  std::map<std::string, int> side_effects() const { return tests::side_effects(world_); }
  /// Every variable: what the journal tells, too.
  model::State final_state() const { return simulators::truth(world_, model_); }

  std::size_t violations() const { return world_.violations().size(); }
  std::size_t entries() const { return executor::records(journal_).value().size(); }

 private:
  scenarios::VirtualClock clock_;
  model::GroundModel model_;
  model::Plan plan_;
  model::PlanOrder order_;
  simulators::World world_;
  tests::WorldPort port_;
  executor::InMemoryJournal journal_;
  executor::RunResult last_;
};

struct Undisturbed {
  int moments = 0;
  std::map<std::string, int> side_effects;
  model::State final_state;
};

Undisturbed undisturbed(model::Procedure procedure, model::Provider provider) {
  Installation installation(procedure, provider);
  const int moments = installation.process(0);
  EXPECT_TRUE(installation.last().done) << installation.last().error.message;
  return {moments, installation.side_effects(), installation.final_state()};
}

void expect_same_end(const Installation& installation, const Undisturbed& whole) {
  ASSERT_TRUE(installation.last().done) << installation.last().error.message;
  EXPECT_EQ(installation.side_effects(), whole.side_effects);
  EXPECT_EQ(installation.final_state(), whole.final_state);
  EXPECT_EQ(installation.violations(), 0U);
}

using Where = std::tuple<model::Procedure, model::Provider>;
class ResumeTest : public ::testing::TestWithParam<Where> {};

/// Before and after every journal write and every request.
TEST_P(ResumeTest, ComesToTheSameEndWhereverItWasKilled) {
  const auto [procedure, provider] = GetParam();
  const Undisturbed whole = undisturbed(procedure, provider);
  ASSERT_GT(whole.moments, 100);
  for (int at = 1; at <= whole.moments; at += every(29)) {
    SCOPED_TRACE("killed at moment " + std::to_string(at) + " of " + std::to_string(whole.moments));
    Installation installation(procedure, provider);
    installation.process(at);
    ASSERT_FALSE(installation.last().done);
    installation.process(0);
    expect_same_end(installation, whole);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
}

/// And killed again while it is resumed, at moments that are spread over both.
TEST_P(ResumeTest, ComesToTheSameEndKilledAgainWhileItIsResumed) {
  const auto [procedure, provider] = GetParam();
  const Undisturbed whole = undisturbed(procedure, provider);
  for (int at = 3; at <= whole.moments; at += every(97))
    for (const int again : {1, 2, 3, 4, 5, 6, 7, 8, 40}) {
      SCOPED_TRACE("killed at moments " + std::to_string(at) + " and " + std::to_string(again));
      Installation installation(procedure, provider);
      installation.process(at);
      installation.process(again);
      installation.process(0);
      expect_same_end(installation, whole);
      if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
}

/// Time passes while nobody is there: what was asked for has come to its end, and the ghosts that
/// depend on how it was before must know.
TEST_P(ResumeTest, ComesToTheSameEndAfterAnHourInWhichNobodyWasThere) {
  const auto [procedure, provider] = GetParam();
  const Undisturbed whole = undisturbed(procedure, provider);
  for (int at = 2; at <= whole.moments; at += every(41))
    for (const int again : {0, 4, 9}) {
      SCOPED_TRACE("killed at moments " + std::to_string(at) + " and " + std::to_string(again));
      Installation installation(procedure, provider);
      installation.process(at);
      installation.pass(std::chrono::hours(1));
      if (again != 0) installation.process(again);
      installation.pass(std::chrono::hours(1));
      installation.process(0);
      expect_same_end(installation, whole);
      if (HasFatalFailure() || HasNonfatalFailure()) return;
    }
}

TEST_P(ResumeTest, OfWhatIsDoneWritesOnlyThatItEnded) {
  const auto [procedure, provider] = GetParam();
  Installation installation(procedure, provider);
  installation.process(0);
  const std::size_t entries = installation.entries();
  installation.process(0);
  EXPECT_TRUE(installation.last().done);
  EXPECT_EQ(installation.entries(), entries + 1);
}

INSTANTIATE_TEST_SUITE_P(
    Everywhere, ResumeTest,
    ::testing::Combine(::testing::Values(model::Procedure::kDehydrate, model::Procedure::kRestore,
                                         model::Procedure::kRotate, model::Procedure::kUpgrade),
                       ::testing::Values(model::Provider::kAws, model::Provider::kEsxi)),
    [](const ::testing::TestParamInfo<Where>& which) {
      return std::string(to_string(std::get<0>(which.param))) + "_" +
             std::string(to_string(std::get<1>(which.param)));
    });

}  // namespace
}  // namespace wme
