#include "executor/engine/patience.hpp"

#include <algorithm>
#include <cstdint>

namespace wme::executor {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDistanceFirst{500};
constexpr int kLevelMax = 6;             // 32 s between two requests
constexpr int kAcceptedForOneLevel = 5;  // that many requests in a row, then half the distance

/// FNV-1a: no secret, only spread.
std::uint64_t spread(std::string_view key, int n) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char each : key) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3ULL;
  hash = (hash ^ static_cast<std::uint64_t>(n)) * 0x100000001b3ULL;
  return hash ^ (hash >> 29U);
}

}  // namespace

Reaction reaction_to(ErrorCode code) {
  switch (code) {
    case ErrorCode::kThrottled:
    case ErrorCode::kUnreachable:
    case ErrorCode::kUnknownOutcome:
      return Reaction::kRetry;
    case ErrorCode::kBlocked:
    case ErrorCode::kNotFound:
      return Reaction::kWait;
    case ErrorCode::kRefused:
    case ErrorCode::kInvalid:
      return Reaction::kAsk;
    case ErrorCode::kFailed:
      return Reaction::kStop;
  }
  return Reaction::kStop;
}

std::string_view to_string(Reaction reaction) {
  switch (reaction) {
    case Reaction::kRetry:
      return "retry";
    case Reaction::kWait:
      return "wait";
    case Reaction::kAsk:
      return "ask";
    case Reaction::kStop:
      return "stop";
  }
  return "stop";
}

milliseconds back_off(milliseconds first, milliseconds max, int n, std::string_view key) {
  milliseconds delay = first;
  for (int i = 1; i < n && delay < max; ++i) delay *= 2;
  delay = std::min(delay, max);
  const auto half = static_cast<std::uint64_t>(delay.count() / 2);
  if (half == 0) return delay;
  return delay - milliseconds(static_cast<milliseconds::rep>(spread(key, n) % (half + 1)));
}

TimePoint next_look(TimePoint since, TimePoint now, milliseconds typical,
                    const Patience& patience) {
  const milliseconds passed = now - since;
  if (passed < typical) {
    const milliseconds step = std::clamp(typical / 8, patience.poll_first, patience.poll_max);
    return now + std::min(step, typical - passed);
  }
  return now + std::clamp(passed * 3 / 100, patience.poll_first, patience.poll_max);
}

void Pace::throttled(TimePoint now) {
  level_ = std::min(level_ + 1, kLevelMax);
  accepted_ = 0;
  next_ = std::max(next_, now + distance());
}

void Pace::accepted() {
  if (level_ == 0 || ++accepted_ < kAcceptedForOneLevel) return;
  --level_;
  accepted_ = 0;
}

void Pace::noted(TimePoint now) {
  if (level_ > 0) next_ = now + distance();
}

milliseconds Pace::distance() const {
  return level_ == 0 ? milliseconds(0) : kDistanceFirst * (1 << level_);
}

}  // namespace wme::executor
