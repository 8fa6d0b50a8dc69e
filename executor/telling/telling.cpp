#include "executor/telling/telling.hpp"

#include <mutex>
#include <set>
#include <utility>

#include "executor/telling/metrics.hpp"
#include "executor/telling/metrics_file.hpp"
#include "executor/telling/ticker.hpp"

namespace wme::executor {

namespace {

/// How often the metrics file is written anew: node_exporter is asked every 15 s or more.
constexpr std::chrono::milliseconds kMetricsPeriod{5000};

}  // namespace

struct Telling::Impl {
  explicit Impl(TellingSetup with)
      : setup(std::move(with)), metrics(setup.installation, setup.procedure, setup.version) {}

  void add(std::string name, std::unique_ptr<Sink> sink) {
    outboxes.push_back(std::make_unique<Outbox>(std::move(name), std::move(sink), setup.queue_max));
  }

  Status begin() {
    if (setup.log) {
      Result<std::unique_ptr<Sink>> log = make_log(*setup.log);
      if (!log) return log.error();
      add("log", std::move(log).value());
    }
    if (!setup.webhooks.empty()) add_webhooks();
    if (!setup.metrics_file.empty()) {
      if (Status writable = write_metrics_file(setup.metrics_file, metrics_text()); !writable)
        return writable;
      file_ticker = std::make_unique<Ticker>(kMetricsPeriod, [this] { write_metrics(); });
    }
    if (setup.metrics_listen) {
      Result<std::unique_ptr<MetricsServer>> listening =
          MetricsServer::start(*setup.metrics_listen, [this] { return metrics_text(); });
      if (!listening) return listening.error();
      server = std::move(listening).value();
    }
    if (setup.notify) {
      service = std::make_unique<Service>(*setup.notify, setup.service,
                                          [] { return std::chrono::steady_clock::now(); });
      service_ticker = std::make_unique<Ticker>(service->period(), [this] { service->tick(); });
    }
    return Done{};
  }

  void add_webhooks() {
    const auto dead_letters = std::make_shared<DeadLetters>(setup.dead_letters);
    deliveries = std::make_shared<DeliveryCounts>();
    for (std::size_t i = 0; i < setup.webhooks.size(); ++i)
      add("webhook-" + std::to_string(i + 1),
          std::make_unique<WebhookSink>(
              WebhookSetup{setup.webhooks[i], setup.webhook_key, dead_letters, deliveries,
                           setup.wall_clock, setup.delivery},
              make_poster(setup.webhooks[i])));
  }

  std::string metrics_text() const {
    TellingCounts counts;
    for (const auto& outbox : outboxes) counts.dropped[outbox->name()] = outbox->dropped();
    if (deliveries)
      counts.webhook = {{"delivered", deliveries->delivered},
                        {"retried", deliveries->retried},
                        {"dead", deliveries->dead}};
    return metrics.text(setup.wall_clock(), counts);
  }

  void write_metrics() {
    const Status written = write_metrics_file(setup.metrics_file, metrics_text());
    const std::lock_guard lock(mutex);
    metrics_trouble = written ? "" : written.error().message;
  }

  /// The log hears once of each other teller that cannot keep up.
  void tell_drop(const Told& during, const Outbox& outbox) {
    {
      const std::lock_guard lock(mutex);
      if (!told_drops.insert(outbox.name()).second) return;
    }
    Told drop;
    drop.kind = ToldKind::kTellingDropped;
    drop.at = during.at;
    drop.run = during.run;
    drop.installation = during.installation;
    drop.procedure = during.procedure;
    drop.text = outbox.name() + " does not keep up: its oldest events are dropped from now on";
    const auto shared = std::make_shared<const Told>(std::move(drop));
    for (const auto& each : outboxes)
      if (each->name() == "log" && each.get() != &outbox) each->put(shared);
  }

  const TellingSetup setup;
  Metrics metrics;
  std::shared_ptr<DeliveryCounts> deliveries;
  std::vector<std::unique_ptr<Outbox>> outboxes;
  std::mutex mutex;
  std::set<std::string> told_drops;
  std::string metrics_trouble;
  std::unique_ptr<Service> service;
  bool finished = false;
  // The last members: their threads use the others.
  std::unique_ptr<MetricsServer> server;
  std::unique_ptr<Ticker> file_ticker;
  std::unique_ptr<Ticker> service_ticker;
};

Result<std::unique_ptr<Telling>> Telling::start(TellingSetup setup) {
  auto impl = std::make_unique<Impl>(std::move(setup));
  if (Status begun = impl->begin(); !begun) return begun.error();
  return std::unique_ptr<Telling>(new Telling(std::move(impl)));
}

Telling::Telling(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Telling::~Telling() { finish(std::chrono::milliseconds(0)); }

void Telling::tell(const Told& told) {
  impl_->metrics.take(told);
  if (impl_->service) impl_->service->take(told);
  if (impl_->outboxes.empty()) return;
  const auto shared = std::make_shared<const Told>(told);
  for (const auto& outbox : impl_->outboxes)
    if (!outbox->put(shared)) impl_->tell_drop(told, *outbox);
}

void Telling::stopping() {
  if (impl_->service) impl_->service->stopping();
}

std::vector<std::string> Telling::finish(std::chrono::milliseconds flush_max) {
  if (std::exchange(impl_->finished, true)) return {};
  const auto deadline = std::chrono::steady_clock::now() + flush_max;
  for (const auto& outbox : impl_->outboxes) outbox->close();
  for (const auto& outbox : impl_->outboxes) outbox->finish(deadline);
  std::vector<std::string> complaints;
  for (const auto& outbox : impl_->outboxes)
    if (std::string text = outbox->complaint(); !text.empty())
      complaints.push_back(std::move(text));
  if (impl_->file_ticker) {
    impl_->file_ticker.reset();
    impl_->write_metrics();  // the run's end, and what became of the webhooks
    if (!impl_->metrics_trouble.empty()) complaints.push_back(impl_->metrics_trouble);
  }
  impl_->server.reset();
  impl_->service_ticker.reset();
  return complaints;
}

std::string Telling::metrics_url() const {
  if (!impl_->server) return "";
  return "http://" + impl_->setup.metrics_listen->host + ":" +
         std::to_string(impl_->server->port()) + "/metrics";
}

}  // namespace wme::executor
