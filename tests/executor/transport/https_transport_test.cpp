#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "executor/transport/http_transport.hpp"
#include "simulators/core/certificates.hpp"
#include "simulators/core/http_server.hpp"
#include "simulators/core/tls_stream.hpp"

namespace wme::executor {
namespace {

using simulators::CertificateAuthority;
using simulators::Validity;
using std::chrono::hours;
using testing::HasSubstr;
using testing::Not;

Validity from_until(hours from, hours until) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now + from, now + until};
}

const Validity kToday = from_until(hours(-1), hours(1));

/// An authority whose certificate stands in a file of its own.
struct Authority {
  explicit Authority(const std::string& name, Validity validity = kToday)
      : made(CertificateAuthority::create(name, validity).value()),
        file(std::filesystem::temp_directory_path() /
             (name + "-" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(file) << made.certificate();
  }
  ~Authority() { std::filesystem::remove(file); }
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  CertificateAuthority made;
  const std::string file;
};

/// A server that counts whatever reaches it, with a certificate for `name`.
struct Secured : simulators::HttpFront {
  Secured(const Authority& authority, const std::string& name, Validity validity = kToday) {
    simulators::HttpServerOptions options;
    options.tls =
        simulators::TlsContext::create(authority.made.issue({name}, validity).value()).value();
    server = std::move(simulators::HttpServer::start(*this, options)).value();
  }
  simulators::HttpResponse handle(const simulators::HttpRequest& request) override {
    ++requests;
    return {200, {}, "trusted " + request.body, request.target == "/dropped"};
  }
  std::string base() const { return server->base(); }

  std::atomic<int> requests = 0;
  std::unique_ptr<simulators::HttpServer> server;
};

SocketHttpOptions trusting(const std::string& file) {
  SocketHttpOptions options;
  options.ca_file = file;
  return options;
}

Result<HttpAnswer> ask(SocketHttpTransport& transport, const std::string& base) {
  return transport.send(
      {"POST", base, "/setup?password=Secret_1", {{"Authorization", "secret"}}, "body"});
}

/// Nothing was sent, and the words say what to do.
void expect_refused(const Result<HttpAnswer>& answer, const Secured& server,
                    const std::string& words) {
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
  EXPECT_THAT(answer.error().message, HasSubstr(words));
  EXPECT_THAT(answer.error().message, HasSubstr(server.base()));
  EXPECT_THAT(answer.error().message, Not(HasSubstr("Secret_1")));
  EXPECT_EQ(server.requests, 0);
}

TEST(HttpsTransport, TrustsAServerThatItsOwnAuthorityVouchesFor) {
  const Authority authority("own");
  Secured server(authority, "127.0.0.1");
  SocketHttpTransport transport(trusting(authority.file));

  for (int i = 0; i < 3; ++i) {
    const auto answer = ask(transport, server.base());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer.value().body, "trusted body");
  }
}

TEST(HttpsTransport, RefusesAnAuthorityThatNobodyKnows) {
  const Authority authority("unknown");
  const Authority other("other");
  Secured server(authority, "127.0.0.1");
  SocketHttpTransport with_none;
  SocketHttpTransport with_another(trusting(other.file));

  expect_refused(ask(with_none, server.base()), server, "REHYDRATE_CA_FILE");
  expect_refused(ask(with_another, server.base()), server, "REHYDRATE_CA_FILE");
}

/// The name of an authority is not enough: its key is asked for.
TEST(HttpsTransport, RefusesAnAuthorityThatOnlyHasTheNameOfOurs) {
  const Authority ours("namesake");
  const std::string kept = ours.file + ".ours";
  std::filesystem::copy_file(ours.file, kept);
  const Authority theirs("namesake");
  Secured server(theirs, "127.0.0.1");
  SocketHttpTransport transport(trusting(kept));

  expect_refused(ask(transport, server.base()), server, "certificate");
  std::filesystem::remove(kept);
}

TEST(HttpsTransport, RefusesAnExpiredCertificate) {
  const Authority authority("expired", from_until(hours(-48), hours(48)));
  Secured server(authority, "127.0.0.1", from_until(hours(-24), hours(-1)));
  SocketHttpTransport transport(trusting(authority.file));

  expect_refused(ask(transport, server.base()), server, "expired; renew it");
}

TEST(HttpsTransport, RefusesACertificateOfTomorrow) {
  const Authority authority("tomorrow");
  Secured server(authority, "127.0.0.1", from_until(hours(24), hours(48)));
  SocketHttpTransport transport(trusting(authority.file));

  expect_refused(ask(transport, server.base()), server, "not valid yet");
}

TEST(HttpsTransport, RefusesACertificateForAnotherHost) {
  const Authority authority("elsewhere");
  Secured server(authority, "elsewhere.example");
  SocketHttpTransport transport(trusting(authority.file));

  expect_refused(ask(transport, server.base()), server, "not made for 127.0.0.1;");
}

TEST(HttpsTransport, TrustsTheSystemsAuthoritiesBesidesItsOwn) {
  const Authority own("own-one");
  const Authority systems("systems-one");
  Secured ours(own, "127.0.0.1");
  Secured theirs(systems, "127.0.0.1");
  ::setenv("SSL_CERT_FILE", systems.file.c_str(), 1);
  SocketHttpTransport transport(trusting(own.file));

  const auto from_ours = ask(transport, ours.base());
  const auto from_theirs = ask(transport, theirs.base());
  ::unsetenv("SSL_CERT_FILE");

  EXPECT_TRUE(from_ours) << from_ours.error().message;
  EXPECT_TRUE(from_theirs) << from_theirs.error().message;
}

TEST(HttpsTransport, SaysWhatIsWrongWithTheFileOfAuthoritiesBeforeAnythingIsSent) {
  const Authority authority("present");
  Secured server(authority, "127.0.0.1");
  const std::string empty = authority.file + ".empty";
  std::ofstream(empty) << "no certificate\n";

  for (const std::string& file : {authority.file + ".missing", empty}) {
    SocketHttpTransport transport(trusting(file));
    const auto answer = ask(transport, server.base());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(answer.error().message, HasSubstr(file));
    EXPECT_THAT(answer.error().message, HasSubstr("REHYDRATE_CA_FILE"));
    if (file != empty) {
      EXPECT_THAT(answer.error().message, HasSubstr("No such file or directory"));
    }
  }
  EXPECT_EQ(server.requests, 0);
  std::filesystem::remove(empty);
}

TEST(HttpsTransport, SaysThatAnAnswerGotLostOverTlsToo) {
  const Authority authority("lost");
  Secured server(authority, "127.0.0.1");
  SocketHttpTransport transport(trusting(authority.file));

  const auto answer = transport.send({"POST", server.base(), "/dropped", {}, "x"});

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnknownOutcome);
  EXPECT_EQ(server.requests, 1);
}

/// A listener that accepts and keeps silent, or says something that is not TLS.
struct NotTls {
  static int listen(int& port) {
    const int listening = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listening, generic, size), 0);
    EXPECT_EQ(::listen(listening, 5), 0);
    ::getsockname(listening, generic, &size);
    port = ntohs(address.sin_port);
    return listening;
  }
  explicit NotTls(std::string says) {
    int port = 0;
    socket = listen(port);
    base = "https://127.0.0.1:" + std::to_string(port);
    thread = std::thread([this, words = std::move(says)] {
      const int accepted = ::accept(socket, nullptr, nullptr);
      if (accepted < 0) return;
      if (!words.empty()) ::send(accepted, words.data(), words.size(), MSG_NOSIGNAL);
      char byte = 0;
      while (::recv(accepted, &byte, 1, 0) > 0) heard += byte;
      ::close(accepted);
    });
  }
  ~NotTls() { join(); }
  void join() {
    ::shutdown(socket, SHUT_RDWR);
    if (thread.joinable()) thread.join();
    if (socket >= 0) ::close(socket);
    socket = -1;
  }
  NotTls(const NotTls&) = delete;
  NotTls& operator=(const NotTls&) = delete;

  int socket = -1;
  std::string base;
  std::string heard;  ///< after `join`
  std::thread thread;
};

TEST(HttpsTransport, TellsAPortThatDoesNotSpeakTls) {
  NotTls plain("HTTP/1.1 400 Bad Request\r\n\r\n");
  {
    SocketHttpTransport transport;

    const auto answer = ask(transport, plain.base);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
    EXPECT_THAT(answer.error().message, HasSubstr("does this port speak HTTPS"));
  }
  plain.join();
  EXPECT_THAT(plain.heard, Not(HasSubstr("Secret_1")));
}

TEST(HttpsTransport, WaitsForAHandshakeNoLongerThanForAConnection) {
  NotTls silent("");
  {
    SocketHttpOptions options;
    options.timeouts.connect = std::chrono::seconds(1);
    SocketHttpTransport transport(options);

    const auto begun = std::chrono::steady_clock::now();
    const auto answer = ask(transport, silent.base);

    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::kUnreachable);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  }
  silent.join();
  EXPECT_THAT(silent.heard, Not(HasSubstr("Secret_1")));
}

/// A server that takes a connection and hangs up in the middle of the first request.
class HangingUp {
 public:
  HangingUp(std::shared_ptr<const simulators::TlsContext> tls, int connections)
      : listening_(NotTls::listen(port_)), thread_([this, tls, connections] {
          for (int i = 0; i < connections; ++i) {
            const int accepted = ::accept(listening_, nullptr, nullptr);
            if (accepted < 0) return;
            std::unique_ptr<simulators::SocketStream> stream;
            if (tls)
              stream = std::make_unique<simulators::TlsStream>(accepted, kPatience, tls);
            else
              stream = std::make_unique<simulators::SocketStream>(accepted, kPatience);
            char byte = 0;
            if (stream->open(kPatience)) stream->read(&byte, 1);
          }
        }) {}
  ~HangingUp() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  HangingUp(const HangingUp&) = delete;
  HangingUp& operator=(const HangingUp&) = delete;
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  static constexpr std::chrono::seconds kPatience{10};
  int port_ = 0;
  int listening_;
  std::thread thread_;
};

/// Without care each of these would end the process: the test program would die of SIGPIPE. (Not
/// with HttpServer: inside of it httplib has the process ignore the signal.)
TEST(HttpsTransport, OutlivesAServerThatHangsUpWhileItIsWrittenTo) {
  const Authority authority("hangs-up");
  const auto tls =
      simulators::TlsContext::create(authority.made.issue({"127.0.0.1"}, kToday).value()).value();
  constexpr int kTimes = 2;
  struct sigaction before {};
  struct sigaction deadly {};
  deadly.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &deadly, &before);
  for (const bool secured : {true, false}) {
    HangingUp server(secured ? tls : nullptr, kTimes);
    SocketHttpTransport transport(trusting(authority.file));
    for (int i = 0; i < kTimes; ++i) {
      const auto answer = transport.send({"POST",
                                          (secured ? "https://" : "http://") + server.host(),
                                          "/",
                                          {},
                                          std::string(16U << 20U, 'x')});
      ASSERT_FALSE(answer);
      EXPECT_THAT(answer.error().code,
                  testing::AnyOf(ErrorCode::kUnreachable, ErrorCode::kUnknownOutcome));
    }
  }
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST(HttpsTransport, ServesSeveralThreadsWithOneStoreOfAuthorities) {
  const Authority authority("threads");
  Secured server(authority, "127.0.0.1");
  SocketHttpTransport transport(trusting(authority.file));
  std::atomic<int> fine = 0;

  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        if (ask(transport, server.base())) ++fine;
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(fine, 6 * 20);
}

}  // namespace
}  // namespace wme::executor
