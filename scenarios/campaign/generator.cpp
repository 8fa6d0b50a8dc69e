#include "scenarios/campaign/generator.hpp"

#include <utility>

namespace wme::scenarios {

namespace {

constexpr int kFaultsMax = 8;  // of one run; nobody gives up after fewer than ten tries
constexpr std::array kAway = {std::chrono::seconds(0), std::chrono::seconds(0),
                              std::chrono::seconds(60), std::chrono::seconds(3600)};

/// One step of SplitMix64 (Steele, Lea, Flood, 2014): made for streams that are split.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

/// A stream of its own for each run.
class Generator::Chance {
 public:
  Chance(std::uint64_t seed, std::uint64_t run) : state_(mixed(mixed(seed) ^ run)) {}
  /// From 0 to bound - 1. The standard's distributions differ from library to library.
  std::size_t below(std::size_t bound) {
    state_ = mixed(state_);
    return static_cast<std::size_t>(state_ % bound);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

Generator::Generator(const Course& course, std::uint64_t seed) : course_(course), seed_(seed) {
  for (const Pair& each : course.pairs) {
    if (!fault_at(course, each)) continue;
    order_.push_back(each);
    by_kind_[static_cast<std::size_t>(each.kind)].push_back(each);
  }
  // So that a short campaign has something of everything.
  Chance chance(seed, 0);
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[chance.below(i)]);
}

PlannedFault Generator::planned(const Pair& pair, Chance& chance) const {
  PlannedFault fault = *fault_at(course_, pair, chance.below(1000));
  if (is_kill(pair.kind)) fault.away = kAway[chance.below(kAway.size())];
  return fault;
}

Schedule Generator::swarm(Chance& chance) const {
  std::vector<std::size_t> enabled;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind)
    if (chance.one_in(2) && !by_kind_[kind].empty()) enabled.push_back(kind);
  Schedule schedule;
  if (enabled.empty()) return schedule;
  do {
    const std::vector<Pair>& pairs = by_kind_[enabled[chance.below(enabled.size())]];
    PlannedFault fault = planned(pairs[chance.below(pairs.size())], chance);
    // Now and then what is asked for again meets something again.
    if (!is_kill(fault.kind) && chance.one_in(8)) ++fault.occurrence;
    schedule.push_back(std::move(fault));
  } while (schedule.size() < kFaultsMax && !chance.one_in(3));
  return schedule;
}

Schedule Generator::schedule(std::uint64_t run) const {
  Chance chance(seed_, run);
  if (run <= 1) return {};
  if (run <= systematic_runs()) return {planned(order_[run - 2], chance)};
  return swarm(chance);
}

}  // namespace wme::scenarios
