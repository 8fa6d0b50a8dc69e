#include "executor/drivers/all/read_only.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wme::executor {
namespace {

class CountingHttp : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall&) override {
    ++sent;
    return HttpAnswer{200, {}, ""};
  }
  int sent = 0;
};

class CountingCommands : public CommandTransport {
 public:
  Result<CommandAnswer> run(const CommandCall&) override {
    ++sent;
    return CommandAnswer{};
  }
  int sent = 0;
};

HttpCall call(const char* method, const char* target, const char* body = "") {
  return {method, "http://there.test", target, {}, body};
}

TEST(ReadOnlyHttp, LetsReadsThrough) {
  CountingHttp inner;
  ReadOnlyHttp guard(inner, {"/login/authenticate"});
  for (const HttpCall& each :
       {call("GET", "/a?b=c"), call("HEAD", "/a"), call("POST", "/login/authenticate", "j=1"),
        call("PUT", "/latest/api/token"), call("POST", "/", "Action=DescribeInstances&Version=1"),
        call("POST", "/tenant/oauth2/v2.0/token", "grant_type=client_credentials&client_id=a"),
        call("POST", "/", "Action=StopInstances&Version=1&DryRun=true"),
        call("POST", "/", "Action=StopInstances&DryRun=true&InstanceId.1=i-1"),
        call("POST", "/token", "grant_type=refresh_token&client_id=c"),
        call("POST", "/v1/projects/p:testIamPermissions", "{}")})
    EXPECT_TRUE(guard.send(each)) << each.target << " " << each.body;
  EXPECT_EQ(inner.sent, 10);
  EXPECT_THAT(guard.sent(), testing::Contains("POST EC2 StopInstances (DryRun)"));
}

TEST(ReadOnlyHttp, SendsNothingThatChangesSomething) {
  CountingHttp inner;
  ReadOnlyHttp guard(inner, {"/login/authenticate"});
  for (const HttpCall& each :
       {call("POST", "/container-services/rest/admin/containers/c1/hibernate"),
        call("PUT", "/edn-services/rest/admin/login-restriction"), call("DELETE", "/a"),
        call("PATCH", "/a"), call("POST", "/", "Action=StopInstances&InstanceId.1=i-1"),
        call("POST", "/", "Action=StopInstances&DryRun=truely"),
        call("POST", "/", "Action=StopInstances&NoDryRun=true"),
        call("POST", "/", "Action=StopInstances&DryRun=false"),
        call("POST", "/login/authenticate", "Action=TerminateInstances"),
        call("POST", "/compute/v1/projects/p/zones/z/instances/i/stop"),
        call("POST", "/compute/v1/projects/p/zones/z/instances/i/stop", "grant_type=x"),
        call("PATCH", "/v1/projects/p:testIamPermissions"), call("POST", "/token", "{}"),
        call("POST", "/latest/api/token"), call("POST", "/tokens", "grant_type=x"),
        call("POST", "/virtualMachines/token", "{}")}) {
    const auto answer = guard.send(each);
    ASSERT_FALSE(answer) << each.method << " " << each.target << " " << each.body;
    EXPECT_EQ(answer.error().code, ErrorCode::kRefused);
  }
  EXPECT_EQ(inner.sent, 0);
  EXPECT_THAT(guard.sent(), testing::IsEmpty());
}

TEST(ReadOnlyCommands, RunsNothingButOurOwnLook) {
  CountingCommands inner;
  ReadOnlyCommands guard(inner);
  EXPECT_TRUE(guard.run({"10.0.1.10", "ubuntu", ": survey\nhostname", ""}));
  for (const char* command : {"hostname", "sudo -n reboot", " : survey", ": stop-docker platform"})
    EXPECT_FALSE(guard.run({"10.0.1.10", "ubuntu", command, ""})) << command;
  EXPECT_EQ(inner.sent, 1);
}

}  // namespace
}  // namespace wme::executor
