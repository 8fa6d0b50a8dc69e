#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "executor/telling/dead_letters.hpp"
#include "executor/telling/outbox.hpp"
#include "executor/telling/poster.hpp"
#include "executor/telling/signature.hpp"

namespace wme::executor {

struct DeliveryPolicy {
  int attempts_max = 8;
  std::chrono::milliseconds delay_first{1000};
  std::chrono::milliseconds delay_max{60000};
};

/// How long to wait after the `attempt`-th failure (from 1) of the event `id`: doubled each time up
/// to `delay_max`, of which the upper half is chance, so that many senders do not come back at
/// once. Chance comes from the id: the same event waits equally long each time.
std::chrono::milliseconds delay_after(int attempt, const std::string& id,
                                      const DeliveryPolicy& policy);

/// What became of all events, for metrics.
struct DeliveryCounts {
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<std::uint64_t> retried{0};  ///< attempts that were followed by another one
  std::atomic<std::uint64_t> dead{0};
};

struct WebhookSetup {
  WebhookUrl url;
  std::optional<Secret> key;  ///< of `signing_key`; none: events are not signed
  std::shared_ptr<DeadLetters> dead_letters;
  std::shared_ptr<DeliveryCounts> counts;
  std::function<TimePoint()> wall_clock;  ///< receivers judge signatures by real time
  DeliveryPolicy policy;
};

/// Delivers events to one webhook, each until it was taken, refused for good, or tried often
/// enough; then it is a dead letter. An event keeps its id and bytes over all attempts.
class WebhookSink final : public Sink {
 public:
  WebhookSink(WebhookSetup setup, std::unique_ptr<Poster> poster);
  void take(const Told& told) override;
  void give_up() override;
  void leave(const Told& told) override;
  std::string complaint() const override;

 private:
  struct Event {
    std::string id;
    std::string body;
  };
  /// Why no further attempt is made; empty: another one may help.
  struct Failure {
    std::string reason;
    bool is_final = false;
    std::optional<std::chrono::seconds> retry_after;
  };
  Event event_for(const Told& told);
  std::optional<Failure> attempt(const Event& event);
  void bury(const Event& event, int attempts, const std::string& reason);
  /// False: the end came first.
  bool pause(std::chrono::milliseconds time);

  const WebhookSetup setup_;
  const std::unique_ptr<Poster> poster_;
  std::string id_prefix_;  ///< set with the first event
  std::uint64_t number_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool given_up_ = false;
  std::uint64_t dead_ = 0;
  std::uint64_t lost_ = 0;  ///< not even the file of dead letters took them
  std::string last_reason_;
};

}  // namespace wme::executor
