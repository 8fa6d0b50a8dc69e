#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "executor/engine/system_clock.hpp"
#include "model/json/api_profile.hpp"
#include "model/language/ground.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/rehearsal/shared_clock.hpp"
#include "simulators/site/simulated_site.hpp"
#include "tests/support/process.hpp"

/// The program that operators run, against simulators over sockets, killed with SIGKILL around its
/// journal writes and requests, and then resumed (docs/RELIABILITY.md).
namespace wme {
namespace {

using testing_support::Ended;
using testing_support::TemporaryFolder;

/// "17" in REHYDRATE_CRASH_STRIDE: every 17th moment. The whole matrix takes an hour.
long from_environment(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtol(text, nullptr, 10);
}

/// A simulated installation over sockets, and the processes that work on it one after the other.
class Site {
 public:
  Site(model::Procedure procedure, const std::string& inventory_file, std::string plan)
      : plan_(std::move(plan)),
        inventory_file_(inventory_file),
        model_(
            model::installation_of(scenarios::load_inventory(inventory_file).value(), procedure)),
        clock_(scenarios::SharedClock::create(
                   folder_.path() / "clock",
                   std::chrono::floor<std::chrono::seconds>(executor::SystemClock().now()))
                   .value()),
        profile_(model::built_in_api_profile()),
        site_(model_.installation(), *clock_, {}, profile_) {
    if (Status listening = site_.listen(folder_.path() / "simulated"); !listening)
      throw std::runtime_error(listening.error().message);
    environment_ = site_.addresses().environment();
    environment_["REHYDRATE_CLOCK_FILE"] = (folder_.path() / "clock").string();
    environment_["XDG_STATE_HOME"] = (folder_.path() / "state").string();
    environment_["LD_PRELOAD"] = REHYDRATE_KILLER;
    environment_["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    environment_["KILL_COUNT"] = (folder_.path() / "moments").string();
  }

  Ended run(long killed_at) {
    return start({REHYDRATE, "run", plan_, "-i", inventory_file_, "--journal", journal(),
                  "--break-glass", "crash matrix: no certificate", "--confirm",
                  model_.installation().inventory.name, "-q", "--workers", "1"},
                 killed_at);
  }
  Ended resume(long killed_at) {
    return start({REHYDRATE, "resume", journal(), "-q", "--workers", "1"}, killed_at);
  }
  /// Before anything was written there is no journal, and nothing to resume: it is run again.
  Ended go_on(long killed_at) {
    const Ended resumed = resume(killed_at);
    if (resumed.status != 2) return resumed;
    std::error_code ignored;
    for (const char* part : {"", "-wal", "-shm"})
      std::filesystem::remove(journal() + part, ignored);
    return run(killed_at);
  }
  /// Of the last process that ran to its end.
  long moments() const {
    std::ifstream file(folder_.path() / "moments");
    long count = 0;
    file >> count;
    return count;
  }

  std::map<std::string, int> side_effects() {
    const auto lock = site_.world().enter();
    std::map<std::string, int> counted;
    for (const simulators::Event& each : site_.world().events())
      if (each.phase == "request" && !is_only_noted(each.action)) ++counted[each.action];
    return counted;
  }
  std::vector<std::string> final_state() {
    const auto lock = site_.world().enter();
    std::vector<std::string> values;
    for (model::Variable each = 0; each < model_.variable_count(); ++each) {
      const model::Fluent& fluent = model::fluents()[model_.fluent_index(each)];
      if (fluent.seen_by != model::SeenBy::kJournal)
        values.push_back(model_.text(each) + "=" +
                         site_.world().value(fluent.name, model_.arguments_of(each)));
    }
    return values;
  }
  std::size_t violations() {
    const auto lock = site_.world().enter();
    return site_.world().violations().size();
  }

 private:
  std::string journal() const { return (folder_.path() / "run.journal").string(); }

  Ended start(std::vector<std::string> words, long killed_at) {
    environment_["KILL_AT"] = std::to_string(killed_at);
    return testing_support::ended({std::move(words), "", folder_.path(), environment_});
  }

  /// A check or a visit: what it changes stands in our journal and nowhere else.
  static bool is_only_noted(const std::string& event) {
    const model::Action* action = model::find_action(event.substr(0, event.find(' ')));
    return std::ranges::all_of(action->outcomes.front().effects, [](const model::Effect& each) {
      const auto fluent =
          std::ranges::find(model::fluents(), each.target.fluent, &model::Fluent::name);
      return fluent->seen_by == model::SeenBy::kJournal;
    });
  }

  TemporaryFolder folder_;
  std::string plan_;
  std::string inventory_file_;
  model::GroundModel model_;
  std::unique_ptr<scenarios::SharedClock> clock_;
  model::ApiProfile profile_;
  simulators::SimulatedSite site_;
  std::map<std::string, std::string> environment_;
};

struct Undisturbed {
  std::map<std::string, int> side_effects;
  std::vector<std::string> final_state;
};

void expect_same_end(Site& site, const Ended& last, const Undisturbed& whole) {
  ASSERT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(site.side_effects(), whole.side_effects);
  EXPECT_EQ(site.final_state(), whole.final_state);
  EXPECT_EQ(site.violations(), 0U);
}

class CrashMatrix : public ::testing::TestWithParam<model::Procedure> {
 protected:
  std::string inventory() const {
    const bool is_upgrade = GetParam() == model::Procedure::kUpgrade;
    return std::string(WME_SOURCE_DIR) + "/scenarios/inventories/aws-xs" +
           (is_upgrade ? "-upgrade" : "") + ".yaml";
  }
  std::string plan() {
    const std::string file = (folder_.path() / "plan.json").string();
    const Ended made =
        testing_support::ended({{REHYDRATE, "plan", std::string(to_string(GetParam())), "-i",
                                 inventory(), "-o", file, "-q"}});
    EXPECT_EQ(made.status, 0) << made.err;
    return file;
  }
  TemporaryFolder folder_;
};

TEST_P(CrashMatrix, EveryRunComesToTheSameEnd) {
  const std::string plan_file = plan();
  long moments = 0;
  Undisturbed whole;
  {
    Site site(GetParam(), inventory(), plan_file);
    const Ended ended = site.run(0);
    ASSERT_EQ(ended.status, 0) << ended.err;
    whole = {site.side_effects(), site.final_state()};
    moments = site.moments();
    EXPECT_EQ(site.violations(), 0U);
  }
  ASSERT_GT(moments, 200);
  const long stride = from_environment("REHYDRATE_CRASH_STRIDE", 199);
  long runs = 0;
  long killed_twice = 0;
  for (long at = 1 + static_cast<long>(GetParam()); at <= moments; at += stride) {
    SCOPED_TRACE("killed at moment " + std::to_string(at) + " of " + std::to_string(moments));
    Site site(GetParam(), inventory(), plan_file);
    const Ended killed = site.run(at);
    ASSERT_EQ(killed.status, 128 + 9) << killed.err;
    // Killed again while it is resumed: another moment of the resume each time.
    const long again = 1 + (at * 7) % 97;
    const Ended resumed = site.go_on(again);
    killed_twice += resumed.status == 128 + 9 ? 1 : 0;
    const Ended last = resumed.status == 0 ? resumed : site.go_on(0);
    ++runs;
    expect_same_end(site, last, whole);
    if (HasFatalFailure() || HasNonfatalFailure()) break;
  }
  std::cout << "crash matrix, " << to_string(GetParam()) << ": " << moments << " moments, " << runs
            << " runs killed, " << killed_twice << " of them again while resumed\n";
}

INSTANTIATE_TEST_SUITE_P(Aws, CrashMatrix,
                         ::testing::Values(model::Procedure::kDehydrate, model::Procedure::kRestore,
                                           model::Procedure::kRotate, model::Procedure::kUpgrade),
                         [](const ::testing::TestParamInfo<model::Procedure>& which) {
                           return std::string(to_string(which.param));
                         });

}  // namespace
}  // namespace wme
