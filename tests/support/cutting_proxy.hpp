#pragma once

#include <array>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace wme::testing_support {

/// Stands between a client and a server on Unix sockets and loses what it is told to lose. One
/// connection at a time is cut; others go on.
class CuttingProxy {
 public:
  /// Takes connections at `listen` and passes them on to `server`.
  CuttingProxy(const std::filesystem::path& listen, std::filesystem::path server);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  enum class Loss {
    kNone,
    kRequest,  ///< the next request that holds `text` does not arrive, and the connection ends
    kAnswer,   ///< it does, but the connection ends before its answer
    kAll,      ///< each connection ends at once, until told otherwise
  };
  /// From now on; kRequest and kAnswer happen once.
  void lose(Loss loss, const std::string& text = "");

 private:
  void serve();
  /// Whether the connection goes on.
  bool pass_on(int from, int to, bool request);

  std::filesystem::path server_;
  int listener_ = -1;
  std::array<int, 2> stop_{-1, -1};
  std::atomic<Loss> loss_ = Loss::kNone;
  std::string text_;
  bool cut_answer_ = false;
  std::thread thread_;
};

}  // namespace wme::testing_support
