#pragma once

#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "executor/ports/transport.hpp"
#include "model/json/api_profile.hpp"
#include "model/result.hpp"

namespace wme::executor {

/// What goes into a request besides its target.
struct Payload {
  std::string content_type;  ///< empty: no body
  std::string body;
};
Payload json_payload(const nlohmann::json& body);

/// How one logs in: with which payload, and which answer means that it worked.
struct LoginRules {
  std::string operation = "login";
  std::function<Payload()> payload;  ///< made anew each time: the secret is nowhere else
  std::string cookie;                ///< must be set by the answer; empty: any cookie will do
};

/// A logged-in conversation with Launchpad or ConfigWizard, in the words of the API profile. Logs
/// in at the first request that needs it and once more when the session has run out (401). Cookies
/// and payloads never stand in a message. Safe for several threads.
class RestSession {
 public:
  RestSession(HttpTransport& transport, const model::SystemProfile& profile, std::string system,
              std::string base, LoginRules rules);

  /// A read: asked again, a few times, when its answer got lost. The result is the envelope's body,
  /// or the whole document where there is no envelope. `with_login` false: for what is open to all.
  /// Errors: kUnreachable (nobody answers, or the services are down), kThrottled, kRefused,
  /// kNotFound, kInvalid, kFailed (no JSON).
  Result<nlohmann::json> read(std::string_view operation, const model::Arguments& arguments,
                              bool with_login = true);

  /// A request that changes something: sent once. Errors: kBlocked (409), kThrottled (423, 429),
  /// kUnreachable (nothing was sent, 503), kUnknownOutcome (answer lost, 5xx), kRefused, kNotFound,
  /// kInvalid, kFailed.
  Result<nlohmann::json> change(std::string_view operation, const model::Arguments& arguments,
                                const Payload& payload = {});

  /// Logs in again whatever the session is; a wrong password is kRefused.
  Status log_in();

 private:
  Result<HttpAnswer> send(std::string_view operation, const model::Arguments& arguments,
                          const Payload& payload, const std::string& cookies);
  Result<HttpAnswer> send_logged_in(std::string_view operation, const model::Arguments& arguments,
                                    const Payload& payload);
  Result<std::string> cookies_after(const std::string& stale);
  Result<std::string> log_in_now();
  std::string name_of(std::string_view operation) const;
  Error error_of(std::string_view operation, const HttpAnswer& answer, bool changes) const;
  Result<nlohmann::json> content(std::string_view operation, const HttpAnswer& answer) const;

  HttpTransport& transport_;
  const model::SystemProfile& profile_;
  std::string system_;
  std::string base_;
  LoginRules rules_;
  std::mutex mutex_;
  std::string cookies_;  ///< under `mutex_`; empty: not logged in
};

/// A field of a JSON object as text ("100", "RUNNING"); empty when absent, null or the object is
/// none.
std::string text_field(const nlohmann::json& object, const std::string& field);

}  // namespace wme::executor
