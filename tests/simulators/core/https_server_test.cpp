#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "simulators/core/certificates.hpp"
#include "simulators/core/http_server.hpp"
#include "simulators/core/tls_stream.hpp"

namespace wme::simulators {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

Validity around_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {now - hours(1), now + hours(24)};
}

class TlsFront final : public HttpFront {
 public:
  HttpResponse handle(const HttpRequest& request) override {
    ++requests;
    HttpResponse response{200, {}, request.method + "|" + request.body, false};
    if (request.path() == "/large") response.body.assign(8U << 20U, 'x');
    response.drop = request.path() == "/dropped";
    return response;
  }
  std::atomic<int> requests = 0;
};

class HttpsServer : public testing::Test {
 protected:
  HttpsServer()
      : authority_(CertificateAuthority::create("an authority for a test", around_now()).value()),
        ca_file_(std::filesystem::temp_directory_path() /
                 ("https-server-test-" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(ca_file_) << authority_.certificate();
    const TlsIdentity identity = authority_.issue({"127.0.0.1", "localhost"}, around_now()).value();
    options_.tls = TlsContext::create(identity).value();
  }
  ~HttpsServer() override { std::filesystem::remove(ca_file_); }

  void serve() { server_ = std::move(HttpServer::start(front_, options_)).value(); }

  std::unique_ptr<httplib::Client> client() const {
    auto made = std::make_unique<httplib::Client>(server_->base());
    made->set_ca_cert_path(ca_file_);
    made->set_keep_alive(true);
    made->set_read_timeout(20);
    return made;
  }

  /// A connection that knows nothing of TLS.
  int raw_connection() const {
    const int connected = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(connected, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(connected, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return connected;
  }

  CertificateAuthority authority_;
  std::string ca_file_;
  TlsFront front_;
  HttpServerOptions options_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpsServer, AnswersOverTlsUnderEachOfItsNames) {
  serve();
  EXPECT_TRUE(server_->base().starts_with("https://127.0.0.1:")) << server_->base();

  for (const std::string host : {"127.0.0.1", "localhost"}) {
    httplib::Client client("https://" + host + ":" + std::to_string(server_->port()));
    client.set_ca_cert_path(ca_file_);
    const auto answer = client.Post("/", "the body", "text/plain");
    ASSERT_TRUE(answer) << host << ": " << httplib::to_string(answer.error());
    EXPECT_EQ(answer->body, "POST|the body");
  }
}

TEST_F(HttpsServer, KeepsAConnectionForBodiesOfManyRecords) {
  serve();
  const auto one = client();
  const std::string large(3U << 20U, 'y');

  for (int i = 0; i < 3; ++i) {
    const auto sent = one->Put("/", large, "text/plain");
    ASSERT_TRUE(sent) << httplib::to_string(sent.error());
    EXPECT_EQ(sent->body.size(), large.size() + 4);
    const auto got = one->Get("/large");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->body.size(), 8U << 20U);
  }
}

TEST_F(HttpsServer, LeavesARequestWithoutAnAnswer) {
  serve();

  const auto answer = client()->Post("/dropped", "x", "text/plain");

  EXPECT_FALSE(answer);
  EXPECT_EQ(front_.requests, 1);
}

TEST_F(HttpsServer, EndsAConnectionThatSaysNothing) {
  options_.handshake_timeout = milliseconds(100);
  serve();
  const int silent = raw_connection();

  char byte = 0;
  EXPECT_EQ(::recv(silent, &byte, 1, 0), 0) << "the server hangs up";
  ::close(silent);
}

TEST_F(HttpsServer, EndsAHandshakeThatNeverComesToItsEnd) {
  options_.handshake_timeout = milliseconds(200);
  serve();
  const int slow = raw_connection();
  // The head of a record of 512 bytes, then byte by byte: each one in time, all of them not.
  const std::string head{0x16, 0x03, 0x01, 0x02, 0x00};
  ASSERT_EQ(::send(slow, head.data(), head.size(), MSG_NOSIGNAL), 5);

  const auto begun = std::chrono::steady_clock::now();
  pollfd answered{slow, POLLIN, 0};
  int bytes = 0;
  while (::poll(&answered, 1, 20) == 0 && bytes < 500)
    bytes += static_cast<int>(::send(slow, "\x01", 1, MSG_NOSIGNAL));

  EXPECT_LT(bytes, 500);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  ::close(slow);
}

TEST_F(HttpsServer, TellsNothingToWhoeverSpeaksPlainHttp) {
  serve();
  const int plain = raw_connection();
  const std::string request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_GT(::send(plain, request.data(), request.size(), MSG_NOSIGNAL), 0);

  std::string heard;
  char byte = 0;
  while (::recv(plain, &byte, 1, 0) == 1) heard += byte;

  EXPECT_EQ(heard.find("HTTP/1.1 200"), std::string::npos);
  EXPECT_EQ(front_.requests, 0);
  ::close(plain);
}

TEST_F(HttpsServer, SurvivesClientsThatGoWhileTheyAreAnswered) {
  serve();
  for (int i = 0; i < 10; ++i) {
    const auto gone = client();
    const auto answer = gone->Get("/large", [](const char*, std::size_t) { return false; });
    EXPECT_FALSE(answer);
  }

  EXPECT_TRUE(client()->Get("/"));
}

TEST_F(HttpsServer, StopsWhileConnectionsAreOpenAndHandshakesUnderWay) {
  serve();
  const int silent = raw_connection();
  const auto idle = client();
  ASSERT_TRUE(idle->Get("/"));

  const auto begun = std::chrono::steady_clock::now();
  server_->stop();

  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  ::close(silent);
}

TEST_F(HttpsServer, ServesSeveralAtOnce) {
  serve();
  std::atomic<int> fine = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      const auto mine = client();
      for (int n = 0; n < 10; ++n)
        if (const auto answer = mine->Post("/", "a", "text/plain"); answer && answer->status == 200)
          ++fine;
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(fine, 60);
}

TEST(CertificateAuthority, IssuesWhatAStrictVerifierAccepts) {
  const auto authority = CertificateAuthority::create("strict", around_now()).value();
  const auto identity = authority.issue({"example.test", "::1"}, around_now()).value();
  const auto read = [](const std::string& pem) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    return certificate;
  };
  X509* root = read(authority.certificate());
  X509* leaf = read(identity.certificate);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, root);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf, nullptr);
  X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_purpose(how, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set1_host(how, "example.test", 0);

  EXPECT_EQ(X509_verify_cert(context), 1)
      << X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));

  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(leaf);
  X509_free(root);
}

TEST(CertificateAuthority, RefusesWhatIsNoName) {
  const auto authority = CertificateAuthority::create("names", around_now()).value();
  for (const char* name : {"", "a b", "*", "x,DNS:y", "IP:1"}) {
    const auto refused = authority.issue({name}, around_now());
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
  EXPECT_FALSE(authority.issue({}, around_now()));
}

TEST(TlsContext, RefusesAKeyThatIsNotTheCertificates) {
  const auto authority = CertificateAuthority::create("keys", around_now()).value();
  const auto one = authority.issue({"one"}, around_now()).value();
  const auto other = authority.issue({"other"}, around_now()).value();

  EXPECT_FALSE(TlsContext::create({one.certificate, other.key}));
  EXPECT_FALSE(TlsContext::create({"", ""}));
}

}  // namespace
}  // namespace wme::simulators
