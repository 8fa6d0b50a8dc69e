#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "executor/ports/transport.hpp"
#include "model/result.hpp"

namespace wme::executor {

struct HttpTimeouts {
  std::chrono::seconds connect{10};
  std::chrono::seconds read{60};
  std::chrono::seconds write{30};
};

struct SocketHttpOptions {
  HttpTimeouts timeouts;
  std::string ca_file;  ///< authorities (PEM) that are trusted besides the system's; empty: none
};

/// The variable that names a `ca_file`: kOwnAuthorities of the environment.
inline constexpr const char* kOwnAuthorities = "REHYDRATE_CA_FILE";

/// HTTP and HTTPS over real sockets, connections kept alive per base URL. A server's certificate is
/// always verified, authority, dates and name, before the first byte of a request is sent; there is
/// no way to switch that off. The system's authorities are OpenSSL's own, or those of
/// $SSL_CERT_FILE and $SSL_CERT_DIR. Safe for several threads: each request has a connection to
/// itself meanwhile.
class SocketHttpTransport final : public HttpTransport {
 public:
  explicit SocketHttpTransport(SocketHttpOptions options = {});
  ~SocketHttpTransport() override;

  /// As the port says. kInvalid when `call.base` is no http(s) URL, or the `ca_file` is of no use:
  /// before anything is sent to anybody.
  Result<HttpAnswer> send(const HttpCall& call) override;

 private:
  struct Connection;
  struct Authorities;
  std::unique_ptr<Connection> lend(const std::string& base);
  void give_back(const std::string& base, std::unique_ptr<Connection> connection);

  SocketHttpOptions options_;
  std::unique_ptr<const Authorities> authorities_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Connection>>, std::less<>> idle_;
};

}  // namespace wme::executor
