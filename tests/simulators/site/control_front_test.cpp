#include "simulators/site/control_front.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Control, ShowsOneVariableOfTheModel) {
  Control control;
  EXPECT_EQ(control.client.get("/value?fluent=run&of=c2")["value"], "stopped");
  EXPECT_EQ(control.client.get("/value?fluent=gate")["value"], "open");
  EXPECT_EQ(control.client.status("GET", "/value?fluent=run&of=c9"), 404);
  EXPECT_EQ(control.client.status("GET", "/value?fluent=colour"), 404);
}

}  // namespace
}  // namespace wme::simulators
