#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/result.hpp"

namespace wme::executor {

struct ListenAddress {
  std::string host = "127.0.0.1";  ///< numeric IPv4 address
  std::uint16_t port = 0;          ///< 0: any free one
};
/// "9464" or "127.0.0.1:9464"; whoever wants others to read it names another address himself.
/// Error kInvalid for anything else.
Result<ListenAddress> parse_listen_address(const std::string& text);

/// Answers GET /metrics, and nothing else. One client after the other, each for a bounded time, so
/// that neither a slow nor a hostile one can keep the program from its end.
class MetricsServer {
 public:
  /// `text` is called from the server's thread. Error kInvalid: why nobody can listen there.
  static Result<std::unique_ptr<MetricsServer>> start(const ListenAddress& at,
                                                      std::function<std::string()> text);
  /// Ends within a second, whatever clients do.
  ~MetricsServer();
  std::uint16_t port() const;

 private:
  struct Impl;
  explicit MetricsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
