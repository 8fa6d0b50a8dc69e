#include "executor/transport/http_transport.hpp"

#include <httplib.h>

#include <utility>

namespace wme::executor {

namespace {

constexpr std::size_t kIdlePerBase = 16;

bool is_http_base(const std::string& base) {
  const bool scheme = base.starts_with("http://") || base.starts_with("https://");
  const std::size_t host = base.find("//") + 2;
  return scheme && base.size() > host && base.find('/', host) == std::string::npos;
}

/// Path without its query: a query may carry a secret (the ConfigWizard's `setup?password=`).
std::string name_of(const HttpCall& call) {
  return call.method + " " + call.base + call.target.substr(0, call.target.find('?'));
}

Error failure(const HttpCall& call, httplib::Error error) {
  using enum httplib::Error;
  switch (error) {
    case Connection:
    case BindIPAddress:
    case ConnectionTimeout:
      return {ErrorCode::kUnreachable,
              name_of(call) + ": no connection; is the machine up, the port open?"};
    case SSLConnection:
    case SSLLoadingCerts:
    case SSLServerVerification:
      return {ErrorCode::kUnreachable, name_of(call) + ": no trusted TLS connection (" +
                                           httplib::to_string(error) +
                                           "); check the certificate and its authority"};
    case Write:
      // The last part of the request did not leave, so no whole request arrived.
      return {ErrorCode::kUnreachable, name_of(call) + ": the connection broke while sending"};
    default:
      return {ErrorCode::kUnknownOutcome,
              name_of(call) + ": sent, but the answer got lost (" + httplib::to_string(error) +
                  "); it may have taken effect: look before asking again"};
  }
}

HttpAnswer to_answer(httplib::Response&& response) {
  HttpAnswer answer{response.status, {}, std::move(response.body)};
  for (const auto& [name, value] : response.headers) answer.headers.emplace_back(name, value);
  return answer;
}

}  // namespace

struct SocketHttpTransport::Connection {
  Connection(const std::string& base, const SocketHttpOptions& options) : client(base) {
    client.set_tcp_nodelay(true);
    client.set_keep_alive(true);
    client.set_follow_location(false);
    client.set_url_encode(false);  // targets come as they go over the wire (SigV4 signs them)
    client.set_connection_timeout(options.timeouts.connect);
    client.set_read_timeout(options.timeouts.read);
    client.set_write_timeout(options.timeouts.write);
    client.enable_server_certificate_verification(true);
    if (!options.ca_file.empty()) client.set_ca_cert_path(options.ca_file);
  }
  httplib::Client client;
};

SocketHttpTransport::SocketHttpTransport(SocketHttpOptions options)
    : options_(std::move(options)) {}

SocketHttpTransport::~SocketHttpTransport() = default;

std::unique_ptr<SocketHttpTransport::Connection> SocketHttpTransport::lend(
    const std::string& base) {
  {
    const std::lock_guard lock(mutex_);
    auto& idle = idle_[base];
    if (!idle.empty()) {
      auto connection = std::move(idle.back());
      idle.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(base, options_);
}

void SocketHttpTransport::give_back(const std::string& base,
                                    std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  auto& idle = idle_[base];
  if (idle.size() < kIdlePerBase) idle.push_back(std::move(connection));
}

Result<HttpAnswer> SocketHttpTransport::send(const HttpCall& call) {
  if (!is_http_base(call.base))
    return Error{ErrorCode::kInvalid, "\"" + call.base +
                                          "\" is no base URL: write http://host or " +
                                          "https://host, a port if need be, no slash at the end"};
  httplib::Request request;
  request.method = call.method;
  request.path = call.target;
  for (const auto& [name, value] : call.headers) request.headers.emplace(name, value);
  request.body = call.body;

  std::unique_ptr<Connection> connection = lend(call.base);
  httplib::Result result = connection->client.send(request);
  if (!result) return failure(call, result.error());
  HttpAnswer answer = to_answer(std::move(result.value()));
  give_back(call.base, std::move(connection));
  return answer;
}

}  // namespace wme::executor
