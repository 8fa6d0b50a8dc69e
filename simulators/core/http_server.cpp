#include "simulators/core/http_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "simulators/core/socket_stream.hpp"
#include "simulators/core/tls_stream.hpp"

namespace wme::simulators {

namespace {

constexpr int kBacklog = 512;
constexpr std::chrono::seconds kIoTimeout{30};
constexpr std::chrono::milliseconds kAcceptTick{100};  // how soon a full house is looked at again

/// One connection's requests and answers. httplib::Server parses and writes HTTP; accepting and
/// closing is ours, for three reasons: its own pool gives a whole thread to every idle connection
/// out of eight, its stop() waits for idle connections, and it cannot leave a request unanswered.
class Conversation final : private httplib::Server {
 public:
  Conversation(HttpFront& front, const HttpServerOptions& options) : front_(front) {
    set_payload_max_length(options.body_bytes_max);
    set_keep_alive_max_count(1'000'000);
    set_keep_alive_timeout(options.idle_timeout.count());
    // Before any body is read: requests that have none end here.
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      if (has_body(request.method)) return HandlerResponse::Unhandled;
      answer(response);
      return HandlerResponse::Handled;
    });
    const auto with_body = [this](const httplib::Request&, httplib::Response& response,
                                  const httplib::ContentReader& read) {
      const bool complete = read([this](const char* data, std::size_t size) {
        current_.body.append(data, size);
        return true;
      });
      if (complete) answer(response);
    };
    const std::string anything = R"([\s\S]*)";
    Post(anything, with_body);
    Put(anything, with_body);
    Patch(anything, with_body);
    Delete(anything, with_body);
  }

  /// One request and its answer. False: the connection is over.
  bool exchange(SocketStream& stream) {
    stream_ = &stream;
    bool closed = false;
    const bool fine = process_request(stream, /*close_connection=*/false, closed,
                                      [this](httplib::Request& request) { receive(request); });
    return fine && !closed && !stream.withheld();
  }

 private:
  static bool has_body(const std::string& method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
  }

  /// Keeps the request as it came, then hides from httplib what it would act upon by itself.
  void receive(httplib::Request& request) {
    current_ = {request.method, request.target, {}, {}};
    for (const auto& [name, value] : request.headers) current_.headers.emplace_back(name, value);
    // Without a length httplib reads until the peer hangs up: `curl -X DELETE` would wait for ever.
    if (has_body(request.method) && !request.has_header("Content-Length") &&
        !request.has_header("Transfer-Encoding"))
      request.set_header("Content-Length", "0");
    // It would take multipart bodies apart; a front end gets the raw one.
    request.headers.erase("Content-Type");
    request.headers.erase("Range");
    request.headers.erase("Accept-Encoding");
  }

  void answer(httplib::Response& response) {
    HttpResponse reply = front_.handle(current_);
    if (reply.drop) {
      stream_->withhold_answer();
      return;
    }
    response.status = reply.status;
    for (auto& [name, value] : reply.headers) response.headers.emplace(name, value);
    response.body = std::move(reply.body);
  }

  HttpFront& front_;
  SocketStream* stream_ = nullptr;
  HttpRequest current_;
};

std::unique_ptr<SocketStream> stream_over(int socket, const HttpServerOptions& options) {
  if (options.tls) return std::make_unique<TlsStream>(socket, kIoTimeout, options.tls);
  return std::make_unique<SocketStream>(socket, kIoTimeout);
}

struct Connection {
  Connection(int accepted, const HttpServerOptions& options)
      : socket(accepted), stream(stream_over(accepted, options)) {}
  const int socket;
  const std::unique_ptr<SocketStream> stream;
  std::thread thread;
  std::atomic<bool> over = false;
};

Error cannot(const HttpServerOptions& options, const std::string& what) {
  return {ErrorCode::kInvalid, "cannot serve HTTP on " + options.host + ":" +
                                   std::to_string(options.port) + ": " + what + ": " +
                                   std::strerror(errno) + "; choose another address or port"};
}

}  // namespace

struct HttpServer::Impl {
  HttpFront& front;
  HttpServerOptions options;
  int listening = -1;
  int port = 0;
  std::atomic<bool> stopping = false;
  std::thread acceptor;
  std::mutex mutex;
  std::list<Connection> connections;  // under `mutex`

  Impl(HttpFront& served, HttpServerOptions chosen) : front(served), options(std::move(chosen)) {}
  ~Impl() {
    if (listening >= 0) ::close(listening);
  }

  Status bind();
  void accept_all();
  void take(int socket);
  void converse(Connection& connection);
  std::size_t reap();
};

Status HttpServer::Impl::bind() {
  listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listening < 0) return cannot(options, "socket");
  const int on = 1;
  ::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(options.port));
  if (inet_pton(AF_INET, options.host.c_str(), &address.sin_addr) != 1) {
    errno = EINVAL;
    return cannot(options, "not an IPv4 address");
  }
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listening, generic, size) != 0) return cannot(options, "bind");
  if (::listen(listening, kBacklog) != 0) return cannot(options, "listen");
  if (::getsockname(listening, generic, &size) != 0) return cannot(options, "getsockname");
  port = ntohs(address.sin_port);
  return Done{};
}

void HttpServer::Impl::accept_all() {
  while (!stopping) {
    const bool room = reap() < options.connections_max;
    pollfd watched{room ? listening : -1, POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(kAcceptTick.count())) <= 0) continue;
    const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) take(socket);
  }
}

void HttpServer::Impl::take(int socket) {
  const int on = 1;
  // Nagle and delayed acknowledgements together cost 40 ms per request.
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const std::lock_guard lock(mutex);
  Connection& connection = connections.emplace_back(socket, options);
  connection.thread = std::thread([this, &connection] { converse(connection); });
}

void HttpServer::Impl::converse(Connection& connection) {
  sigset_t broken_pipe;  // a client that has gone is an error of a write, not of the process
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  Conversation conversation(front, options);
  SocketStream& stream = *connection.stream;
  if (stream.open(options.handshake_timeout))
    while (!stopping && stream.wait_for_request(options.idle_timeout))
      if (!conversation.exchange(stream)) break;
  stream.hang_up();
  connection.over = true;
}

/// Buries ended connections; how many are left.
std::size_t HttpServer::Impl::reap() {
  const std::lock_guard lock(mutex);
  for (auto at = connections.begin(); at != connections.end();) {
    if (!at->over) {
      ++at;
      continue;
    }
    at->thread.join();
    at = connections.erase(at);
  }
  return connections.size();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpFront& front,
                                                      const HttpServerOptions& options) {
  auto impl = std::make_unique<Impl>(front, options);
  if (Status bound = impl->bind(); !bound) return bound.error();
  Impl* running = impl.get();
  running->acceptor = std::thread([running] { running->accept_all(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

int HttpServer::port() const { return impl_->port; }

std::string HttpServer::base() const {
  return (impl_->options.tls ? "https://" : "http://") + impl_->options.host + ":" +
         std::to_string(impl_->port);
}

void HttpServer::stop() {
  if (impl_->stopping.exchange(true)) return;
  ::shutdown(impl_->listening, SHUT_RDWR);  // wakes the acceptor
  impl_->acceptor.join();
  {
    const std::lock_guard lock(impl_->mutex);
    // Wakes every thread that waits for a next request.
    for (Connection& connection : impl_->connections) ::shutdown(connection.socket, SHUT_RDWR);
  }
  for (Connection& connection : impl_->connections) connection.thread.join();
  impl_->connections.clear();
  ::close(impl_->listening);
  impl_->listening = -1;
}

}  // namespace wme::simulators
