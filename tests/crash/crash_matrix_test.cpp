#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "scenarios/inventory/inventory_file.hpp"
#include "tests/support/live_site.hpp"
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

/// A simulated installation, and the processes that work on it one after the other.
class Site {
 public:
  Site(model::Procedure procedure, const std::string& inventory_file, std::string plan)
      : plan_(std::move(plan)),
        inventory_file_(inventory_file),
        site_(folder_.path(), scenarios::load_inventory(inventory_file).value(), procedure),
        environment_(site_.environment()) {
    environment_["LD_PRELOAD"] = REHYDRATE_KILLER;
    environment_["KILL_COUNT"] = (folder_.path() / "moments").string();
  }

  Ended run(long killed_at) {
    return start({REHYDRATE, "run", plan_, "-i", inventory_file_, "--journal", journal(),
                  "--break-glass", "crash matrix: no certificate", "--confirm",
                  site_.model().installation().inventory.name, "-q", "--workers", "1"},
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
  tests::LiveSite& site() { return site_; }

 private:
  std::string journal() const { return (folder_.path() / "run.journal").string(); }

  Ended start(std::vector<std::string> words, long killed_at) {
    environment_["KILL_AT"] = std::to_string(killed_at);
    return testing_support::ended({std::move(words), "", folder_.path(), environment_});
  }

  TemporaryFolder folder_;
  std::string plan_;
  std::string inventory_file_;
  tests::LiveSite site_;
  std::map<std::string, std::string> environment_;
};

struct Undisturbed {
  std::map<std::string, int> side_effects;
  std::vector<std::string> final_state;
};

void expect_same_end(Site& site, const Ended& last, const Undisturbed& whole) {
  ASSERT_EQ(last.status, 0) << last.err;
  EXPECT_EQ(site.site().side_effects(), whole.side_effects);
  EXPECT_EQ(site.site().state(), whole.final_state);
  EXPECT_EQ(site.site().violations(), 0U);
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
    whole = {site.site().side_effects(), site.site().state()};
    moments = site.moments();
    EXPECT_EQ(site.site().violations(), 0U);
  }
  ASSERT_GT(moments, 200);
  const long stride = from_environment("REHYDRATE_CRASH_STRIDE", 797);
  long runs = 0;
  long killed_twice = 0;
  // A sample takes other moments of each procedure. What takes hours can be gone through in parts.
  const long first =
      from_environment("REHYDRATE_CRASH_FROM", 1 + static_cast<long>(GetParam()) % stride);
  ASSERT_GT(stride, 0) << "REHYDRATE_CRASH_STRIDE is no count from 1";
  ASSERT_GT(first, 0) << "REHYDRATE_CRASH_FROM is no count from 1";
  ASSERT_LE(first, moments) << "a part that begins after the end tries nothing";
  for (long at = first; at <= moments; at += stride) {
    SCOPED_TRACE("killed at moment " + std::to_string(at) + " of " + std::to_string(moments));
    Site site(GetParam(), inventory(), plan_file);
    const Ended killed = site.run(at);
    if (killed.status == 0) {  // this one had fewer moments than the first: nothing was killed
      expect_same_end(site, killed, whole);
      continue;
    }
    ASSERT_EQ(killed.status, 128 + 9) << killed.err;
    // Killed again while it is resumed: another moment of the resume each time.
    const long again = 1 + (at * 7) % 97;
    const Ended resumed = site.go_on(again);
    killed_twice += resumed.status == 128 + 9 ? 1 : 0;
    const Ended last = resumed.status == 0 ? resumed : site.go_on(0);
    ++runs;
    expect_same_end(site, last, whole);
    if (HasFatalFailure() || HasNonfatalFailure()) break;
    if (runs % 100 == 0)
      std::cout << to_string(GetParam()) << ": killed at " << at << " of " << moments << std::endl;
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
