#include "executor/transport/http_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "simulators/core/http_server.hpp"

namespace wme::executor {
namespace {

using simulators::HttpRequest;
using simulators::HttpResponse;
using testing::HasSubstr;

class ScriptedFront final : public simulators::HttpFront {
 public:
  using Script = std::function<HttpResponse(const HttpRequest&)>;
  explicit ScriptedFront(Script script) : script_(std::move(script)) {}
  HttpResponse handle(const HttpRequest& request) override { return script_(request); }

 private:
  Script script_;
};

struct Served {
  explicit Served(ScriptedFront::Script script)
      : front(std::move(script)), server(std::move(simulators::HttpServer::start(front)).value()) {}
  ScriptedFront front;
  std::unique_ptr<simulators::HttpServer> server;
};

TEST(SocketHttpTransport, SendsTargetHeadersAndBodyAsTheyAre) {
  Served served([](const HttpRequest& request) {
    return HttpResponse{202,
                        {{"X-Seen", request.header("X-Mine")}},
                        request.method + " " + request.target + " " + request.body,
                        false};
  });
  SocketHttpTransport transport;

  const auto answer = transport.send(
      {"PUT", served.server->base(), "/a%2Fb/%7E?q=a%20b+c&empty=", {{"X-Mine", "1"}}, "the body"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer.value().status, 202);
  EXPECT_EQ(answer.value().body, "PUT /a%2Fb/%7E?q=a%20b+c&empty= the body");
  EXPECT_THAT(answer.value().headers, testing::Contains(testing::Pair("X-Seen", "1")));
}

TEST(SocketHttpTransport, DoesNotFollowRedirects) {
  Served served([](const HttpRequest&) {
    return HttpResponse{302, {{"Location", "/elsewhere"}, {"Set-Cookie", "a=1"}}, "", false};
  });
  SocketHttpTransport transport;

  const auto answer = transport.send({"POST", served.server->base(), "/login", {}, "x"});

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 302);
}

TEST(SocketHttpTransport, SaysThatAnAnswerGotLost) {
  std::atomic<int> arrived = 0;
  Served served([&arrived](const HttpRequest&) {
    ++arrived;
    HttpResponse nothing;
    nothing.drop = true;
    return nothing;
  });
  SocketHttpTransport transport;

  const auto answer =
      transport.send({"POST", served.server->base(), "/setup?password=Secret_1", {}, "x"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(arrived, 1) << "nothing may be sent twice";
  EXPECT_THAT(answer.error().message, testing::Not(HasSubstr("Secret_1")));
}

TEST(SocketHttpTransport, SaysThatNobodyListens) {
  std::string base;
  {
    Served served([](const HttpRequest&) { return HttpResponse{}; });
    base = served.server->base();
  }
  SocketHttpTransport transport;

  const auto answer = transport.send({"POST", base, "/", {}, "x"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
  EXPECT_THAT(answer.error().message, HasSubstr(base));
}

TEST(SocketHttpTransport, ComesBackAfterTheServerWasRestarted) {
  SocketHttpTransport transport;
  ScriptedFront front([](const HttpRequest&) { return HttpResponse{}; });
  auto first = std::move(simulators::HttpServer::start(front)).value();
  const simulators::HttpServerOptions same_port{.port = first->port()};
  const std::string base = first->base();
  ASSERT_TRUE(transport.send({"GET", base, "/", {}, ""}));
  first.reset();

  const auto second = std::move(simulators::HttpServer::start(front, same_port)).value();

  EXPECT_TRUE(transport.send({"GET", base, "/", {}, ""}));
}

TEST(SocketHttpTransport, SendsFromSeveralThreadsAtOnce) {
  Served served([](const HttpRequest& request) {
    return HttpResponse{200, {}, request.target, false};
  });
  SocketHttpTransport transport;
  std::atomic<int> fine = 0;

  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
        const auto answer = transport.send({"GET", served.server->base(), target, {}, ""});
        if (answer && answer.value().body == target) ++fine;
      }
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(fine, 8 * 50);
}

TEST(SocketHttpTransport, RefusesWhatIsNoBaseUrl) {
  SocketHttpTransport transport;
  for (const char* base : {"", "localhost:80", "ftp://x", "http://", "http://x/"}) {
    const auto answer = transport.send({"GET", base, "/", {}, ""});
    ASSERT_FALSE(answer) << base;
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid) << base;
  }
}

}  // namespace
}  // namespace wme::executor
