#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "model/result.hpp"
#include "simulators/core/http_front.hpp"

typedef struct evp_pkey_st EVP_PKEY;

namespace wme::simulators::gcp {

/// Real time: tokens expire by it, whatever clock the world runs on.
using WallClock = std::function<std::chrono::sys_seconds()>;

/// Google's ways to a token: a service account with a key of its own, the metadata server of a
/// machine; and whether a request carries a token that is good. Not thread-safe: hold
/// World::enter(). Source: "Using OAuth 2.0 for Server to Server Applications"; metadata server of
/// Compute Engine.
class TokenService {
 public:
  TokenService(std::string project, WallClock wall_clock);
  ~TokenService();

  /// Writes the JSON key of the service account and an access token into `directory` (0600). The
  /// key is made then: it takes a moment. Errors: kInvalid when a file cannot be written.
  struct Files {
    std::filesystem::path service_account;
    std::filesystem::path access_token;
  };
  Result<Files> write_files(const std::string& base, const std::filesystem::path& directory);

  /// None for a path that is not of this service.
  std::optional<HttpResponse> answer(const HttpRequest& request);
  /// None: the request carries a token that is good; else the refusal.
  std::optional<HttpResponse> refusal(const HttpRequest& request) const;

 private:
  HttpResponse exchange(const HttpRequest& request);
  HttpResponse metadata(const HttpRequest& request);
  /// Why the assertion is none of ours; empty: it is good.
  std::string fault_of(const std::string& assertion) const;
  std::string new_token();
  std::string email() const;

  std::string project_;
  WallClock wall_clock_;
  std::string base_;  ///< where it is served; empty: in process only
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::map<std::string, std::chrono::sys_seconds> tokens_;  ///< until when each is good
  int made_ = 0;
};

}  // namespace wme::simulators::gcp
