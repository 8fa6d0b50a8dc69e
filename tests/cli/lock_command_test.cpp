#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "executor/lease/sqlite_lease_store.hpp"
#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LockCommand : public testing::Test {
 protected:
  Ended lock(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "lock");
    return rehydrate(folder_, arguments, "", {{"XDG_STATE_HOME", (folder_.path() / "s").string()}});
  }
  std::unique_ptr<executor::SqliteLeaseStore> store() {
    auto opened = executor::SqliteLeaseStore::open(folder_.path() / "s" / "rehydrate");
    EXPECT_TRUE(opened);
    return std::move(opened).value();
  }
  void lock_acme() {
    executor::Holder elsewhere{"ada", "ops-1", "boot", "pids", 4711, 1, "/home/ada/run.journal"};
    EXPECT_TRUE(store()->acquire("acme", elsewhere, std::chrono::hours{1}));
  }
  TemporaryFolder folder_;
};

TEST_F(LockCommand, ShowsWhoHasWhat) {
  EXPECT_THAT(lock({"show"}).out, HasSubstr("no installation was ever locked here"));
  lock_acme();
  const Ended shown = lock({"show"});
  EXPECT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("acme: held, by ada@ops-1 (process 4711) since 20"),
                               HasSubstr("fence 1, journal /home/ada/run.journal")));
  const json all = json::parse(lock({"show", "--installation", "acme", "--json"}).out);
  EXPECT_EQ(all["schema"], "rehydrate/locks/1");
  EXPECT_EQ(all["locks"][0]["state"], "held");
  EXPECT_EQ(all["locks"][0]["history"][0]["what"], "acquired");
  EXPECT_THAT(lock({"show", "--installation", "globex"}).out, HasSubstr("globex: never locked"));
}

TEST_F(LockCommand, BreaksOnlyWhatIsConfirmedForAReasonThatStays) {
  lock_acme();
  const Ended unconfirmed = lock({"break", "--installation", "acme", "--reason", "it burnt"});
  EXPECT_EQ(unconfirmed.status, 4);
  EXPECT_THAT(unconfirmed.err, AllOf(HasSubstr("--confirm acme"), HasSubstr("held, by ada@ops-1")));
  EXPECT_EQ(lock({"break", "--installation", "acme", "--confirm", "acme"}).status, 2);
  const std::vector<std::string> sure{"break",    "--installation", "acme", "--reason",
                                      "it burnt", "--confirm",      "acme"};
  const Ended broken = lock(sure);
  EXPECT_EQ(broken.status, 0) << broken.err;
  EXPECT_THAT(broken.out, HasSubstr("the lock of ada@ops-1 (process 4711) (fence 1) is broken"));
  EXPECT_THAT(broken.err, HasSubstr("rehydrate resume /home/ada/run.journal"));
  EXPECT_THAT(
      lock({"show", "--installation", "acme"}).out,
      AllOf(HasSubstr("acme: broken"), HasSubstr("fence 1 broken by "), HasSubstr(": it burnt")));
  EXPECT_FALSE(store()->renew("acme", 1, std::chrono::hours{1}));
  const Ended again = lock(sure);
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("acme is not locked any more"));
}

TEST_F(LockCommand, RepeatsNoPasswordOfAUrl) {
  const Ended refused = lock({"show", "--journal", "postgresql://ada:sesame@db/ops"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("PGPASSFILE"), Not(HasSubstr("sesame"))));
}

}  // namespace
}  // namespace wme::cli
