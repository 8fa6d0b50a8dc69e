#pragma once

#include <openssl/types.h>

#include <chrono>
#include <cstddef>
#include <memory>

#include "model/result.hpp"
#include "simulators/core/certificates.hpp"
#include "simulators/core/socket_stream.hpp"

namespace wme::simulators {

/// What the TLS connections of one server have in common. TLS 1.2 at least, no renegotiation.
class TlsContext {
 public:
  /// Errors: kInvalid when key or certificate cannot be used.
  static Result<std::shared_ptr<const TlsContext>> create(const TlsIdentity& identity);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  SSL_CTX* get() const { return context_; }

 private:
  explicit TlsContext(SSL_CTX* context) : context_(context) {}
  SSL_CTX* context_;
};

/// A connection whose bytes are encrypted. SIGPIPE must be blocked in the thread that uses it:
/// OpenSSL writes without MSG_NOSIGNAL.
class TlsStream final : public SocketStream {
 public:
  TlsStream(int socket, std::chrono::seconds io_timeout, std::shared_ptr<const TlsContext> context);
  ~TlsStream() override;

  bool open(std::chrono::milliseconds timeout) override;
  void hang_up() override;

 protected:
  ssize_t receive(char* data, std::size_t size) override;
  ssize_t transmit(const char* data, std::size_t size) override;
  bool holds_input() const override;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  template <class Step>
  int carry_out(TimePoint deadline, Step step);

  std::shared_ptr<const TlsContext> context_;
  SSL* ssl_;
  bool open_ = false;
};

}  // namespace wme::simulators
