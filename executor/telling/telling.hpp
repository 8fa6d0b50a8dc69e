#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executor/telling/log.hpp"
#include "executor/telling/metrics_server.hpp"
#include "executor/telling/service.hpp"
#include "executor/telling/webhook.hpp"

namespace wme::executor {

struct TellingSetup {
  std::optional<LogOptions> log;
  std::string metrics_file;
  std::optional<ListenAddress> metrics_listen;
  std::vector<WebhookUrl> webhooks;
  std::optional<Secret> webhook_key;   ///< of `signing_key`
  std::filesystem::path dead_letters;  ///< where events go that no webhook took
  DeliveryPolicy delivery;
  std::optional<NotifySocket> notify;
  Service::Options service;
  std::string installation;               ///< the inventory's name
  std::string procedure;                  ///< of the run's own plan
  std::string version;                    ///< of the program
  std::function<TimePoint()> wall_clock;  ///< real time
  std::size_t queue_max = 4096;           ///< events that wait for one teller
};

/// Everybody who is told about a run. The run calls `tell` and goes on: whatever may take time has
/// a bounded queue and a thread of its own, and what does not fit is dropped and counted.
class Telling {
 public:
  /// Errors: kInvalid for a log, a metrics file or an address that cannot be used: before anything
  /// is done to the installation.
  static Result<std::unique_ptr<Telling>> start(TellingSetup setup);
  /// As `finish` without patience.
  ~Telling();
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  /// Never waits for disk or network. Safe for several threads.
  void tell(const Told& told);
  /// Somebody asked the run to stop (SIGTERM): systemd gives it the time that it needs.
  void stopping();
  /// No more events: gives the tellers `flush_max` for what is left, all at once, then ends them.
  /// Gives what has to be said about the telling itself: what was dropped or not delivered, and
  /// where it is kept. Empty: everybody was told everything. The second time it does nothing.
  std::vector<std::string> finish(std::chrono::milliseconds flush_max);

  /// Where metrics can be read: "http://127.0.0.1:9464/metrics"; empty when nowhere.
  std::string metrics_url() const;

 private:
  struct Impl;
  explicit Telling(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
