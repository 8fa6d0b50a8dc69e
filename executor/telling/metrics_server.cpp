#include "executor/telling/metrics_server.hpp"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

namespace wme::executor {

namespace {

constexpr std::chrono::milliseconds kPerClient{2000};
constexpr int kClientsMax = 16;  // waiting for their turn
constexpr std::size_t kRequestBytesMax = 16384;

/// A file descriptor that is closed with its object.
struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  const int number;
};

/// Waits for `socket`, until `deadline` or until somebody writes to `stop`.
bool ready(int socket, short events, int stop, int timeout_ms) {
  std::array<pollfd, 2> watched{pollfd{socket, events, 0}, pollfd{stop, POLLIN, 0}};
  int count = 0;
  do {
    count = ::poll(watched.data(), watched.size(), timeout_ms);
  } while (count < 0 && errno == EINTR);
  return count > 0 && watched[1].revents == 0;
}

/// One client as cpp-httplib wants to see it. A stream of our own, since its own gives each read
/// its timeout anew: a client that sends a byte now and then would hold the thread for ever.
class ClientStream final : public httplib::Stream {
 public:
  ClientStream(int socket, int stop)
      : socket_(socket), stop_(stop), deadline_(std::chrono::steady_clock::now() + kPerClient) {}

  bool is_readable() const override { return waited(POLLIN); }
  bool is_writable() const override { return waited(POLLOUT); }
  ssize_t read(char* data, std::size_t size) override {
    if (received_ >= kRequestBytesMax || !waited(POLLIN)) return -1;
    const ssize_t count = ::recv(socket_.number, data, size, 0);
    if (count > 0) received_ += static_cast<std::size_t>(count);
    return count;
  }
  ssize_t write(const char* data, std::size_t size) override {
    std::size_t sent = 0;
    while (sent < size) {
      if (!waited(POLLOUT)) return -1;
      const ssize_t count =
          ::send(socket_.number, data + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count < 0) return -1;
      sent += static_cast<std::size_t>(count);
    }
    return static_cast<ssize_t>(sent);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_.number; }

 private:
  bool waited(short events) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    return left.count() > 0 && ready(socket_.number, events, stop_, static_cast<int>(left.count()));
  }

  const Descriptor socket_;
  const int stop_;
  const std::chrono::steady_clock::time_point deadline_;
  std::size_t received_ = 0;
};

/// Parses requests and writes answers; accepting is ours.
class Pages final : private httplib::Server {
 public:
  explicit Pages(std::function<std::string()> text) {
    set_payload_max_length(0);
    set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
      if (request.method == "GET" || request.method == "HEAD") return HandlerResponse::Unhandled;
      // Before any body is read.
      response.status = 405;
      response.set_header("Allow", "GET, HEAD");
      return HandlerResponse::Handled;
    });
    Get("/metrics", [text = std::move(text)](const httplib::Request&, httplib::Response& response) {
      response.set_content(text(), "text/plain; version=0.0.4; charset=utf-8");
    });
  }
  void serve(httplib::Stream& stream) {
    bool closed = false;
    // A broken request is the client's affair.
    static_cast<void>(
        process_request(stream, /*close_connection=*/true, closed,
                        [](httplib::Request& request) { request.headers.erase("Range"); }));
  }
};

Error cannot_listen(const ListenAddress& at) {
  return {ErrorCode::kInvalid, "metrics cannot be served on " + at.host + ":" +
                                   std::to_string(at.port) + ": " + std::strerror(errno) +
                                   "; name another address with --metrics-listen"};
}

}  // namespace

Result<ListenAddress> parse_listen_address(const std::string& text) {
  ListenAddress at;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos) at.host = text.substr(0, colon);
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  in_addr parsed{};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), at.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size() ||
      ::inet_pton(AF_INET, at.host.c_str(), &parsed) != 1)
    return Error{ErrorCode::kInvalid, "'" + text +
                                          "' is no address to serve metrics on; write a port "
                                          "(9464), or an IPv4 address and a port "
                                          "(127.0.0.1:9464)"};
  return at;
}

struct MetricsServer::Impl {
  Impl(int listening, std::uint16_t port_number, std::function<std::string()> text)
      : listener(listening),
        stop(::eventfd(0, EFD_CLOEXEC)),
        port(port_number),
        pages(std::move(text)),
        thread([this] { work(); }) {}
  ~Impl() {
    const std::uint64_t one = 1;
    while (::write(stop.number, &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void work() {
    while (ready(listener.number, POLLIN, stop.number, -1)) {
      const int client = ::accept4(listener.number, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;  // it went away while it waited for its turn
      ClientStream stream(client, stop.number);
      pages.serve(stream);
    }
  }

  const Descriptor listener;
  const Descriptor stop;
  const std::uint16_t port;
  Pages pages;
  std::thread thread;  ///< the last member: it uses all others
};

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const ListenAddress& at,
                                                            std::function<std::string()> text) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listening < 0) return cannot_listen(at);
  const int yes = 1;
  ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  socklen_t size = sizeof address;
  if (::inet_pton(AF_INET, at.host.c_str(), &address.sin_addr) != 1 ||
      ::bind(listening, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listening, kClientsMax) != 0 ||
      ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    Error why = cannot_listen(at);
    ::close(listening);
    return why;
  }
  return std::unique_ptr<MetricsServer>(new MetricsServer(
      std::make_unique<Impl>(listening, ntohs(address.sin_port), std::move(text))));
}

MetricsServer::MetricsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricsServer::~MetricsServer() = default;
std::uint16_t MetricsServer::port() const { return impl_->port; }

}  // namespace wme::executor
