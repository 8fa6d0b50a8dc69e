#include "simulators/core/http_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace wme::simulators {
namespace {

/// Answers by a function of the test.
class ScriptedFront final : public HttpFront {
 public:
  using Script = std::function<HttpResponse(const HttpRequest&)>;
  explicit ScriptedFront(Script script) : script_(std::move(script)) {}
  HttpResponse handle(const HttpRequest& request) override { return script_(request); }

 private:
  Script script_;
};

HttpResponse echo(const HttpRequest& request) {
  return {200,
          {{"X-Target", request.target}},
          request.method + "|" + request.header("content-type") + "|" + request.body,
          false};
}

/// A client that writes bytes and reads until the answer (or the connection) is over.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval patience{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  void write(const std::string& text) const {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  /// Head and body of one answer; empty when the connection ended without one.
  std::string answer() {
    std::string head = until("\r\n\r\n");
    const std::size_t at = head.find("Content-Length: ");
    if (at == std::string::npos) return head;
    const std::size_t size = std::stoul(head.substr(at + 16));
    while (buffer_.size() < size && more()) {
    }
    head += buffer_.substr(0, size);
    buffer_.erase(0, size);
    return head;
  }
  bool at_end() { return buffer_.empty() && !more(); }

 private:
  std::string until(const std::string& mark) {
    std::size_t at = 0;
    while ((at = buffer_.find(mark)) == std::string::npos)
      if (!more()) return std::exchange(buffer_, "");
    const std::string text = buffer_.substr(0, at + mark.size());
    buffer_.erase(0, at + mark.size());
    return text;
  }
  bool more() {
    char data[4096];
    const ssize_t count = ::recv(socket_, data, sizeof data, 0);
    if (count > 0) buffer_.append(data, static_cast<std::size_t>(count));
    return count > 0;
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

std::unique_ptr<HttpServer> serve(HttpFront& front, const HttpServerOptions& options = {}) {
  auto server = HttpServer::start(front, options);
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(server).value();
}

TEST(HttpServer, GivesTheFrontRawTargetsAndBodiesOfEveryMethod) {
  ScriptedFront front(echo);
  const auto server = serve(front);
  RawClient client(server->port());

  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
    client.write(method +
                 " /a%2Fb/..?q=%20+&x HTTP/1.1\r\nHost: x\r\nContent-Type: "
                 "application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\na=%20");
    const std::string answer = client.answer();
    EXPECT_NE(answer.find("X-Target: /a%2Fb/..?q=%20+&x\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(answer.ends_with(method + "|application/x-www-form-urlencoded|a=%20")) << answer;
  }
  client.write("GET /a%0A HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.answer().ends_with("GET||"));
}

TEST(HttpServer, LeavesMultipartBodiesInOnePiece) {
  ScriptedFront front(echo);
  const auto server = serve(front);
  RawClient client(server->port());
  const std::string body =
      "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--\r\n";

  client.write(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=B\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);

  EXPECT_TRUE(client.answer().ends_with("POST|multipart/form-data; boundary=B|" + body));
}

TEST(HttpServer, TakesLongFormsAndChunkedBodies) {
  ScriptedFront front(echo);
  const auto server = serve(front);
  RawClient client(server->port());
  const std::string form(100'000, 'a');  // httplib's own form parser stops at 8192

  client.write(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
      "Content-Length: 100000\r\n\r\n" +
      form);
  EXPECT_TRUE(client.answer().ends_with("|" + form));
  client.write(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_TRUE(client.answer().ends_with("|abcde"));
}

TEST(HttpServer, DoesNotWaitForABodyThatNobodyAnnounced) {
  ScriptedFront front(echo);
  const auto server = serve(front);
  RawClient client(server->port());

  client.write("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\nPOST /y HTTP/1.1\r\nHost: x\r\n\r\n");

  EXPECT_TRUE(client.answer().ends_with("DELETE||"));
  EXPECT_TRUE(client.answer().ends_with("POST||"));
}

TEST(HttpServer, KeepsOneConnectionForManyRequests) {
  std::atomic<int> calls = 0;
  ScriptedFront front([&calls](const HttpRequest&) {
    return HttpResponse{200, {}, std::to_string(++calls), false};
  });
  const auto server = serve(front);
  RawClient client(server->port());

  for (int i = 1; i <= 300; ++i) {
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(client.answer().ends_with("\r\n\r\n" + std::to_string(i)));
  }
}

TEST(HttpServer, ClosesWithoutAByteWhenTheFrontDropsTheRequest) {
  ScriptedFront front([](const HttpRequest& request) {
    HttpResponse response = echo(request);
    response.drop = request.target == "/lost";
    return response;
  });
  const auto server = serve(front);

  RawClient lost(server->port());
  lost.write("POST /lost HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na");
  EXPECT_EQ(lost.answer(), "");
  RawClient lost_read(server->port());
  lost_read.write("GET /lost HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(lost_read.answer(), "");
  RawClient other(server->port());
  other.write("GET /found HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(other.answer().ends_with("GET||"));
}

TEST(HttpServer, SendsSeveralHeadersOfOneName) {
  ScriptedFront front([](const HttpRequest&) {
    return HttpResponse{302, {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}}, "", false};
  });
  const auto server = serve(front);
  RawClient client(server->port());

  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  const std::string answer = client.answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 302 ")) << answer;
  EXPECT_NE(answer.find("Set-Cookie: a=1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Set-Cookie: b=2\r\n"), std::string::npos) << answer;
}

TEST(HttpServer, ServesManyConnectionsAtOnceThoughEachStaysOpen) {
  ScriptedFront front(echo);
  const auto server = serve(front);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(std::make_unique<RawClient>(server->port()));

  std::vector<std::thread> threads;
  std::atomic<int> fine = 0;
  for (const auto& client : clients)
    threads.emplace_back([&client, &fine] {
      client->write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      if (client->answer().ends_with("GET||")) ++fine;
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(fine, 40);
}

TEST(HttpServer, StopsAtOnceThoughConnectionsAreIdle) {
  ScriptedFront front(echo);
  auto server = serve(front);
  const int port = server->port();
  RawClient idle(port);
  idle.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(idle.answer(), "");

  server->stop();  // would wait for the idle timeout of 120 s if the connection were not ended
  server->stop();

  EXPECT_TRUE(idle.at_end());
  EXPECT_FALSE(RawClient(port).connected());
}

TEST(HttpServer, LetsFurtherClientsWaitWhenTheHouseIsFull) {
  ScriptedFront front(echo);
  HttpServerOptions options;
  options.connections_max = 1;
  const auto server = serve(front, options);
  auto first = std::make_unique<RawClient>(server->port());
  first->write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(first->answer(), "");
  RawClient second(server->port());
  second.write("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");

  first.reset();

  EXPECT_NE(second.answer().find("X-Target: /2"), std::string::npos);
}

TEST(HttpServer, SaysWhyItCannotServe) {
  ScriptedFront front(echo);
  const auto server = serve(front);

  const auto second = HttpServer::start(front, {.port = server->port()});
  const auto nowhere = HttpServer::start(front, {.host = "nowhere.example"});

  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find(std::to_string(server->port())), std::string::npos);
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("IPv4"), std::string::npos);
}

}  // namespace
}  // namespace wme::simulators
