#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wme::simulators {

struct HttpRequest {
  std::string method;
  std::string target;  ///< path and query exactly as received, still percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;  ///< as received
  std::string body;
  /// First header of that name, case-insensitively; empty if there is none.
  std::string header(std::string_view name) const;
  std::string path() const;   ///< before the '?'
  std::string query() const;  ///< after it
};

struct HttpResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool drop = false;  ///< close the connection without an answer (lost request, lost answer)
};

/// One simulated system that speaks HTTP: served over sockets by HttpServer
/// (simulators/core/http_server.hpp), or called directly in process.
class HttpFront {
 public:
  virtual ~HttpFront() = default;
  virtual HttpResponse handle(const HttpRequest& request) = 0;
};

}  // namespace wme::simulators
