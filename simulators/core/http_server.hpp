#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "model/result.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::simulators {

class TlsContext;

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                            ///< 0: any free one
  std::size_t connections_max = 256;       ///< one thread each; further clients wait in the backlog
  std::chrono::seconds idle_timeout{120};  ///< of a kept-alive connection
  std::size_t body_bytes_max = 64U << 20U;
  std::shared_ptr<const TlsContext> tls{};              ///< HTTPS with this; null: HTTP
  std::chrono::milliseconds handshake_timeout{10'000};  ///< of TLS, from the first to the last byte
};

/// Serves one HttpFront over sockets: HTTP/1.1, over TLS where options say so, kept-alive
/// connections, raw targets and bodies. `handle` is called from several threads at once;
/// `HttpResponse::drop` closes the connection without a byte of an answer.
class HttpServer {
 public:
  /// Binds and starts to serve; `front` must outlive the server.
  /// Errors: kInvalid when the address cannot be bound.
  static Result<std::unique_ptr<HttpServer>> start(HttpFront& front,
                                                   const HttpServerOptions& options = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;
  std::string base() const;  ///< "http://127.0.0.1:34567", or https
  /// Ends every connection and joins every thread. Blocks until running handlers return; a second
  /// call does nothing.
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::simulators
