#include "executor/transport/http_transport.hpp"

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <cstring>
#include <utility>

#include "executor/transport/broken_pipe.hpp"

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

/// Why a certificate was not accepted, and what to do. `verified`: OpenSSL's judgement of all but
/// the name.
std::string distrust(const HttpCall& call, long verified) {
  const std::string host = call.base.substr(call.base.find("//") + 2);
  switch (verified) {
    case X509_V_OK:
      return "its certificate was not made for " + host.substr(0, host.rfind(':')) +
             "; use the name that it was made for, or have one made for this name";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate, or its authority's, has expired; renew it, or set this machine's "
             "clock right";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet; set this machine's clock right, or wait";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return std::string(
                 "nobody who is trusted here vouches for its certificate; if it is your "
                 "own authority's, name that authority's certificate (PEM) in ") +
             kOwnAuthorities;
    default:
      return std::string("its certificate is not accepted (") +
             X509_verify_cert_error_string(verified) + "); have another one made";
  }
}

Error failure(const HttpCall& call, httplib::Error error, long verified) {
  using enum httplib::Error;
  switch (error) {
    case Connection:
    case BindIPAddress:
    case ConnectionTimeout:
      return {ErrorCode::kUnreachable,
              name_of(call) + ": no connection; is the machine up, the port open?"};
    case SSLConnection:
      return {ErrorCode::kUnreachable,
              name_of(call) + ": no TLS connection; does this port speak HTTPS, and TLS 1.2?"};
    case SSLLoadingCerts:
      return {ErrorCode::kUnreachable,
              name_of(call) +
                  ": the authorities that this system trusts cannot be read; install "
                  "ca-certificates, or see to SSL_CERT_FILE"};
    case SSLServerVerification:
      return {ErrorCode::kUnreachable,
              name_of(call) + ": nothing was sent, since " + distrust(call, verified)};
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

/// Those of the `ca_file`; httplib adds the system's.
struct SocketHttpTransport::Authorities {
  explicit Authorities(const std::string& file) : store(X509_STORE_new()) {
    ERR_clear_error();
    if (X509_STORE_load_file(store, file.c_str()) == 1) return;
    // Of what the system said, OpenSSL's last word is "system lib", and its first has the number.
    const unsigned long first = ERR_peek_error();
    const char* reason = ERR_SYSTEM_ERROR(first)
                             ? std::strerror(static_cast<int>(ERR_GET_REASON(first)))
                             : ERR_reason_error_string(ERR_peek_last_error());
    why_not = file + " (" + kOwnAuthorities + ") has no certificate that can be read: " +
              (reason == nullptr ? "it is not PEM" : reason) +
              "; name a file with the PEM certificates of your authorities, or unset it";
    ERR_clear_error();
  }
  ~Authorities() { X509_STORE_free(store); }
  Authorities(const Authorities&) = delete;
  Authorities& operator=(const Authorities&) = delete;

  X509_STORE* store;
  std::string why_not;  ///< empty: it can be used
};

struct SocketHttpTransport::Connection {
  Connection(const std::string& base, const SocketHttpOptions& options,
             const Authorities* authorities)
      : client(base) {
    client.set_tcp_nodelay(true);
    client.set_keep_alive(true);
    client.set_follow_location(false);
    client.set_url_encode(false);  // targets come as they go over the wire (SigV4 signs them)
    client.set_connection_timeout(options.timeouts.connect);
    client.set_read_timeout(options.timeouts.read);
    client.set_write_timeout(options.timeouts.write);
    client.enable_server_certificate_verification(true);
    if (authorities == nullptr || !base.starts_with("https://")) return;
    X509_STORE_up_ref(authorities->store);  // the client frees it
    client.set_ca_cert_store(authorities->store);
  }
  httplib::Client client;
};

SocketHttpTransport::SocketHttpTransport(SocketHttpOptions options)
    : options_(std::move(options)),
      authorities_(options_.ca_file.empty() ? nullptr
                                            : std::make_unique<Authorities>(options_.ca_file)) {}

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
  return std::make_unique<Connection>(base, options_, authorities_.get());
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
  if (authorities_ && !authorities_->why_not.empty())
    return Error{ErrorCode::kInvalid, authorities_->why_not};
  httplib::Request request;
  request.method = call.method;
  request.path = call.target;
  for (const auto& [name, value] : call.headers) request.headers.emplace(name, value);
  request.body = call.body;

  const BrokenPipeIsAnError no_signal;
  std::unique_ptr<Connection> connection = lend(call.base);
  httplib::Result result = connection->client.send(request);
  if (!result) return failure(call, result.error(), connection->client.get_openssl_verify_result());
  HttpAnswer answer = to_answer(std::move(result.value()));
  give_back(call.base, std::move(connection));
  return answer;
}

}  // namespace wme::executor
