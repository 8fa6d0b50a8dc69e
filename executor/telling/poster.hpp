#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "executor/ports/transport.hpp"
#include "model/result.hpp"

namespace wme::executor {

struct PostAnswer {
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;  ///< as the server asked for
};

/// Sends to one URL.
class Poster {
 public:
  virtual ~Poster() = default;
  /// One attempt, no redirects. Errors: no answer, and why, without the URL's path.
  virtual Result<PostAnswer> post(const Headers& headers, const std::string& content_type,
                                  const std::string& body) = 0;
  /// From another thread: a `post` under way returns soon.
  virtual void give_up() = 0;
};

/// Where a webhook is.
struct WebhookUrl {
  std::string origin;  ///< "https://hooks.example.com:8443": what may be told
  std::string target;  ///< "/services/T0/B0/x?y": often as good as a password
};
/// Errors: kInvalid for what is no http(s) URL, or carries a user name and password.
Result<WebhookUrl> parse_webhook_url(const std::string& url);

struct PosterTimeouts {
  std::chrono::seconds connect{5};
  std::chrono::seconds write{5};
  std::chrono::seconds read{10};
};
/// Over a socket. Certificates are verified, by the system's authorities or $SSL_CERT_FILE.
std::unique_ptr<Poster> make_poster(const WebhookUrl& url, PosterTimeouts timeouts = {});

}  // namespace wme::executor
