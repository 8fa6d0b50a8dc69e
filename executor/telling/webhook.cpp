#include "executor/telling/webhook.hpp"

#include <algorithm>

#include "executor/telling/told_json.hpp"

namespace wme::executor {

namespace {

constexpr int kRequestTimeout = 408;
constexpr int kTooEarly = 425;
constexpr int kTooManyRequests = 429;
/// An endpoint may ask for more patience, but not for as much as it likes.
constexpr int kRetryAfterShare = 4;

/// FNV-1a: the same on every machine.
std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char each : text) {
    hash ^= static_cast<unsigned char>(each);
    hash *= 1099511628211ULL;
  }
  return hash;
}

bool is_delivered(int status) { return status >= 200 && status < 300; }

/// The same request again will not please it.
bool is_refusal(int status) {
  return status < 500 && status != kRequestTimeout && status != kTooEarly &&
         status != kTooManyRequests;
}

}  // namespace

std::chrono::milliseconds delay_after(int attempt, const std::string& id,
                                      const DeliveryPolicy& policy) {
  const int doublings = std::min(attempt - 1, 30);
  const std::chrono::milliseconds whole =
      std::min(policy.delay_max, policy.delay_first * (std::int64_t{1} << doublings));
  const auto half = static_cast<std::uint64_t>(whole.count() / 2);
  const std::uint64_t chance = hash_of(id + "/" + std::to_string(attempt)) % (half + 1);
  return whole - std::chrono::milliseconds(chance);
}

WebhookSink::WebhookSink(WebhookSetup setup, std::unique_ptr<Poster> poster)
    : setup_(std::move(setup)), poster_(std::move(poster)) {}

WebhookSink::Event WebhookSink::event_for(const Told& told) {
  // A run that is resumed counts from 1 again: the time of the first event tells its parts apart.
  if (number_ == 0)
    id_prefix_ = told.run + "-" + std::to_string(told.at.time_since_epoch().count()) + "-";
  const std::string id = id_prefix_ + std::to_string(++number_);
  return {id, cloud_event(told, id)};
}

void WebhookSink::take(const Told& told) {
  if (facts_of(told.kind).type.empty()) return;
  const Event event = event_for(told);
  for (int tries = 1;; ++tries) {
    const std::optional<Failure> failure = attempt(event);
    if (!failure) {
      ++setup_.counts->delivered;
      return;
    }
    if (failure->is_final || tries >= setup_.policy.attempts_max)
      return bury(event, tries, failure->reason);
    const auto asked =
        std::min<std::chrono::milliseconds>(failure->retry_after.value_or(std::chrono::seconds(0)),
                                            setup_.policy.delay_max * kRetryAfterShare);
    if (!pause(std::max(asked, delay_after(tries, event.id, setup_.policy))))
      return bury(event, tries, failure->reason + "; then the run was over");
    ++setup_.counts->retried;
  }
}

std::optional<WebhookSink::Failure> WebhookSink::attempt(const Event& event) {
  Headers headers = {{"User-Agent", "rehydrate"}, {"webhook-id", event.id}};
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(setup_.wall_clock()).time_since_epoch().count();
  headers.emplace_back("webhook-timestamp", std::to_string(now));
  if (setup_.key)
    headers.emplace_back("webhook-signature",
                         webhook_signature(*setup_.key, event.id, now, event.body));
  const Result<PostAnswer> answer = poster_->post(headers, kCloudEventsType, event.body);
  if (!answer) return Failure{answer.error().message, false, std::nullopt};
  const int status = answer.value().status;
  if (is_delivered(status)) return std::nullopt;
  return Failure{"HTTP status " + std::to_string(status), is_refusal(status),
                 answer.value().retry_after};
}

void WebhookSink::bury(const Event& event, int attempts, const std::string& reason) {
  ++setup_.counts->dead;
  const bool kept = setup_.dead_letters->add(
      {setup_.wall_clock(), setup_.url.origin, attempts, reason, event.id, event.body});
  const std::lock_guard lock(mutex_);
  ++dead_;
  if (!kept) ++lost_;
  last_reason_ = reason;
}

bool WebhookSink::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return given_up_; });
}

void WebhookSink::give_up() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  changed_.notify_all();
  poster_->give_up();
}

void WebhookSink::leave(const Told& told) {
  if (facts_of(told.kind).type.empty()) return;
  bury(event_for(told), 0, "the run was over before its turn came");
}

std::string WebhookSink::complaint() const {
  const std::lock_guard lock(mutex_);
  if (dead_ == 0) return "";
  std::string text = setup_.url.origin + " did not take " + std::to_string(dead_) +
                     " events (the last: " + last_reason_ + ")";
  if (lost_ < dead_) text += ", kept in " + setup_.dead_letters->path().string();
  if (lost_ > 0)
    text += ", " + std::to_string(lost_) + " of them lost, since that file cannot be written";
  return text;
}

}  // namespace wme::executor
