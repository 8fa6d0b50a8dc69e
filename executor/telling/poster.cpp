#include "executor/telling/poster.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <charconv>

#include "executor/transport/broken_pipe.hpp"

namespace wme::executor {

namespace {

std::optional<std::chrono::seconds> retry_after(const httplib::Response& response) {
  const std::string text = response.get_header_value("Retry-After");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  // Its other form, a date, is not worth its code: our own back-off takes its place.
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || seconds < 0)
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

class SocketPoster final : public Poster {
 public:
  SocketPoster(const WebhookUrl& url, PosterTimeouts timeouts) : url_(url), client_(url.origin) {
    client_.set_tcp_nodelay(true);
    client_.set_keep_alive(true);
    client_.set_follow_location(false);  // a signed event goes where the operator said
    client_.set_url_encode(false);
    client_.set_connection_timeout(timeouts.connect);
    client_.set_write_timeout(timeouts.write);
    client_.set_read_timeout(timeouts.read);
    client_.enable_server_certificate_verification(true);
  }

  Result<PostAnswer> post(const Headers& headers, const std::string& content_type,
                          const std::string& body) override {
    if (given_up_) return Error{ErrorCode::kUnreachable, "given up"};
    const BrokenPipeIsAnError no_signal;
    httplib::Headers fields;
    for (const auto& [name, value] : headers) fields.emplace(name, value);
    const httplib::Result result = client_.Post(url_.target, fields, body, content_type);
    if (!result)
      return Error{ErrorCode::kUnreachable,
                   "no answer (" + httplib::to_string(result.error()) + ")"};
    return PostAnswer{result->status, retry_after(*result)};
  }

  void give_up() override {
    given_up_ = true;
    client_.stop();
  }

 private:
  const WebhookUrl url_;
  httplib::Client client_;
  std::atomic<bool> given_up_ = false;
};

}  // namespace

Result<WebhookUrl> parse_webhook_url(const std::string& url) {
  const auto wrong = [](const std::string& why) {
    return Error{ErrorCode::kInvalid,
                 "a webhook's URL " + why + "; write https://HOST[:PORT]/PATH"};
  };
  const std::size_t scheme = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return wrong("begins with neither https:// nor http://");
  if (std::any_of(url.begin(), url.end(),
                  [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; }))
    return wrong("has a space or a control character in it");
  if (url.find('#') != std::string::npos) return wrong("has a fragment (#), which is never sent");
  const std::size_t host = scheme + 3;
  const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
  const std::string authority = url.substr(host, path - host);
  if (authority.empty()) return wrong("names no host");
  if (authority.find('@') != std::string::npos)
    return wrong(
        "has a user name in it, where everybody who lists processes would read the "
        "password; sign events with --webhook-secret instead");
  std::string target = url.substr(path);
  if (!target.starts_with('/')) target.insert(0, "/");
  return WebhookUrl{url.substr(0, path), std::move(target)};
}

std::unique_ptr<Poster> make_poster(const WebhookUrl& url, PosterTimeouts timeouts) {
  return std::make_unique<SocketPoster>(url, timeouts);
}

}  // namespace wme::executor
