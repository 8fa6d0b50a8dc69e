#include "simulators/site/control_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulators/site/clouds.hpp"
#include "tests/simulators/core/small_world.hpp"

namespace wme::simulators {
namespace {

using testing::HasSubstr;

struct Control {
  SmallWorld small;
  ControlFront front{small.world};
  FrontClient client{front};
};

TEST(Control, LosesTheMachineThatIsNamed) {
  Control control;
  const auto lost = control.client.send("POST", "/lose?machine=studio-1");
  EXPECT_EQ(lost.status, 200) << lost.body;
  EXPECT_EQ(control.small.value("power", {"studio-1"}), "terminated");
  EXPECT_EQ(control.small.value("power", {"platform"}), "running");
  EXPECT_EQ(control.client.status("POST", "/lose?machine=studio-1"), 409) << "it is gone";
}

TEST(Control, LosesEverythingOfTodayWhenNothingIsNamed) {
  Control control;
  EXPECT_EQ(control.client.status("POST", "/lose"), 200);
  for (const char* machine : {"platform", "studio-1", "qa-1"})
    EXPECT_EQ(control.small.value("power", {machine}), "terminated");
  EXPECT_EQ(control.client.status("POST", "/lose"), 409);
}

struct Misuse {
  const char* method;
  const char* target;
  const char* body;
  int status;
  const char* says;
};
std::ostream& operator<<(std::ostream& out, const Misuse& each) {
  return out << each.method << " " << each.target << " " << each.body;
}
class MisusedControl : public testing::TestWithParam<Misuse> {};

/// Whoever writes `-d machine=studio-1` means that machine, not all of them.
TEST_P(MisusedControl, IsAnsweredByWhatIsAcceptedAndDoesNothing) {
  Control control;
  const Misuse& misuse = GetParam();
  const auto answer = control.client.send(misuse.method, misuse.target, misuse.body,
                                          "application/x-www-form-urlencoded");
  EXPECT_EQ(answer.status, misuse.status) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(misuse.says));
  EXPECT_THAT(answer.body, HasSubstr("Accepted: "));
  EXPECT_TRUE(control.small.world.events().empty());
  EXPECT_EQ(control.small.value("power", {"platform"}), "running");
}

INSTANTIATE_TEST_SUITE_P(
    Requests, MisusedControl,
    testing::Values(Misuse{"POST", "/lose", "machine=studio-1", 400, "POST /lose?machine=NAME"},
                    Misuse{"POST", "/lose", R"({"machine":"studio-1"})", 400, "a body is not read"},
                    Misuse{"POST", "/lose?machines=studio-1", "", 400, "no parameter 'machines'"},
                    Misuse{"POST", "/lose?machine=", "", 400, "'machine' is empty"},
                    Misuse{"POST", "/lose?machine=studio-1&machine=qa-1", "", 400, "twice"},
                    Misuse{"POST", "/lose?machine=%zz", "", 400, "cannot be read"},
                    Misuse{"POST", "/lose?machine=studio-9", "", 400, "studio-1, studio-1-new"},
                    Misuse{"GET", "/lose", "", 405, "POST /lose"},
                    Misuse{"POST", "/violations", "", 405, "GET /violations"},
                    Misuse{"GET", "/violations?rule=INV-05", "", 400, "no parameter 'rule'"},
                    Misuse{"GET", "/events", "x", 400, "GET /events"},
                    Misuse{"GET", "/value", "", 400, "'fluent' is missing"},
                    Misuse{"GET", "/value?fluent=run&container=c1", "", 400, "'container'"},
                    Misuse{"GET", "/lost", "", 404, "GET /value?fluent=F"}));

/// A name that nothing asks for would deny nothing, and a rehearsal of it would prove nothing.
TEST(Control, DeniesOnlyWhatTheCloudAnswers) {
  SmallWorld small;
  const auto refused = [&](const CloudFront* cloud, const char* operation) {
    ControlFront front(small.world, cloud);
    const auto answer =
        FrontClient(front).send("POST", std::string("/deny?operation=") + operation);
    EXPECT_EQ(answer.status, 400) << operation << " " << answer.body;
    EXPECT_TRUE(small.world.conditions().denied.empty());
    return answer.body;
  };
  struct Given {
    model::Provider provider;
    const char* right;
    const char* wrong;
  };
  for (const Given& each :
       {Given{model::Provider::kAws, "RunInstances", "RunInstance"},
        Given{model::Provider::kAzure, "Disks_Delete", "Disks_Remove"},
        Given{model::Provider::kAzure, "Microsoft.Compute/disks/delete", "RunInstances"},
        Given{model::Provider::kGcp, "disks.delete", "disks.remove"},
        Given{model::Provider::kGcp, "compute.disks.use", "compute.disks.useless"}}) {
    model::Inventory inventory = small_inventory();
    inventory.provider = each.provider;
    SmallWorld there({}, model::Procedure::kDehydrate, inventory);
    const auto cloud = cloud_front_of(there.world);
    const std::string why = refused(cloud.get(), each.wrong);
    EXPECT_THAT(why, HasSubstr(std::string("no operation and no right '") + each.wrong + "'"));
    EXPECT_THAT(why, HasSubstr("Accepted: "));
    EXPECT_THAT(why, HasSubstr(each.right));
    ControlFront front(there.world, cloud.get());
    FrontClient client(front);
    EXPECT_EQ(client.status("POST", std::string("/deny?operation=") + each.right), 200);
  }
  EXPECT_THAT(refused(nullptr, "RunInstances"), HasSubstr("no cloud"));
}

TEST(Control, ShowsOneVariableOfTheModel) {
  Control control;
  EXPECT_EQ(control.client.get("/value?fluent=run&of=c2")["value"], "stopped");
  EXPECT_EQ(control.client.get("/value?fluent=gate")["value"], "open");
  EXPECT_EQ(control.client.status("GET", "/value?fluent=run&of=c9"), 404);
  EXPECT_EQ(control.client.status("GET", "/value?fluent=colour"), 404);
}

}  // namespace
}  // namespace wme::simulators
