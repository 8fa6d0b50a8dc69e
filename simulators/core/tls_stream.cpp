#include "simulators/core/tls_stream.hpp"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace wme::simulators {

namespace {

using PemReader = std::unique_ptr<BIO, decltype(&BIO_free)>;

PemReader reader_of(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

bool use(SSL_CTX* context, const TlsIdentity& identity) {
  const PemReader certificate_text = reader_of(identity.certificate);
  const PemReader key_text = reader_of(identity.key);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  return certificate && key && SSL_CTX_use_certificate(context, certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsIdentity& identity) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return Error{ErrorCode::kFailed, "OpenSSL cannot serve TLS"};
  std::shared_ptr<const TlsContext> made(new TlsContext(context));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  if (!use(context, identity))
    return Error{ErrorCode::kInvalid, "the certificate and the key for TLS do not fit each other"};
  return made;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

TlsStream::TlsStream(int socket, std::chrono::seconds io_timeout,
                     std::shared_ptr<const TlsContext> context)
    : SocketStream(socket, io_timeout),
      context_(std::move(context)),
      ssl_(SSL_new(context_->get())) {
  // A record may come in pieces: only where reading cannot block does each wait have its end.
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
  if (ssl_ != nullptr) SSL_set_fd(ssl_, socket);
}

TlsStream::~TlsStream() { SSL_free(ssl_); }

/// Repeats a step of OpenSSL's until it is done, at most until the deadline. Its result; 0 when the
/// peer has closed, -1 when the connection cannot be used any more.
template <class Step>
int TlsStream::carry_out(TimePoint deadline, Step step) {
  for (;;) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) return result;
    const int why = SSL_get_error(ssl_, result);
    if (why == SSL_ERROR_ZERO_RETURN) return 0;
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) break;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !ready(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, left)) break;
  }
  open_ = false;  // after an error OpenSSL wants nothing more to be sent
  return -1;
}

bool TlsStream::open(std::chrono::milliseconds timeout) {
  if (ssl_ == nullptr) return false;
  open_ = carry_out(std::chrono::steady_clock::now() + timeout,
                    [this] { return SSL_accept(ssl_); }) > 0;
  return open_;
}

void TlsStream::hang_up() {
  // An answer that is withheld is to look like a connection that broke.
  if (open_ && !withheld()) SSL_shutdown(ssl_);
  SocketStream::hang_up();
}

bool TlsStream::holds_input() const { return ssl_ != nullptr && SSL_pending(ssl_) > 0; }

ssize_t TlsStream::receive(char* data, std::size_t size) {
  const int most = static_cast<int>(std::min<std::size_t>(size, INT_MAX));
  return carry_out(std::chrono::steady_clock::now() + io_timeout(),
                   [&] { return SSL_read(ssl_, data, most); });
}

ssize_t TlsStream::transmit(const char* data, std::size_t size) {
  const int most = static_cast<int>(std::min<std::size_t>(size, INT_MAX));
  return carry_out(std::chrono::steady_clock::now() + io_timeout(),
                   [&] { return SSL_write(ssl_, data, most); });
}

}  // namespace wme::simulators
