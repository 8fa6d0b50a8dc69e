#include "model/checker/symbolic/variable_order.hpp"

#include <algorithm>
#include <numeric>

namespace wme::model {

namespace {

using Positions = std::vector<double>;                 // by field
using Events = std::vector<std::vector<std::size_t>>;  // the fields of each

bool meets(const BitField& field, const std::vector<std::uint64_t>& bits) {
  return (bits[field.word] & field.bits << field.shift) != 0;
}

/// What faults use up, and whether the run has stopped, is read by nearly everything: no event is a
/// reason to keep them near.
bool is_everywhere(const PackedPlan& packed, const BitField& field) {
  const std::span<const BitField> used = packed.used();
  const auto is_same = [&](const BitField& other) {
    return other.bits != 0 && other.word == field.word && other.shift == field.shift;
  };
  return std::ranges::any_of(used, is_same) || is_same(packed.stopped()) ||
         is_same(packed.committed_field());
}

Events events_of(const PackedPlan& packed, const std::vector<BitField>& fields) {
  Events made;
  for (std::uint32_t e = 0; e < packed.events().size(); ++e) {
    // What the executor makes of faults has to do with the same fields as the step's request.
    const Happening::Kind kind = packed.events()[e].happening.kind;
    if (kind != Happening::Kind::kRequest && kind != Happening::Kind::kOutcome &&
        kind != Happening::Kind::kEnvironment)
      continue;
    const Footprint footprint = packed.footprint(e);
    std::vector<std::size_t> mine;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if ((meets(fields[i], footprint.decide) || meets(fields[i], footprint.write)) &&
          !is_everywhere(packed, fields[i]))
        mine.push_back(i);
    if (mine.size() > 1) made.push_back(std::move(mine));
  }
  return made;
}

/// From any numbers to 0, 1, 2… in the same order.
void number(Positions& positions) {
  std::vector<std::size_t> order(positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::less<>{}, [&](std::size_t i) { return positions[i]; });
  for (std::size_t at = 0; at < order.size(); ++at) positions[order[at]] = static_cast<double>(at);
}

/// How far apart the events' fields are.
double span(const Events& events, const Positions& positions) {
  double sum = 0;
  for (const std::vector<std::size_t>& mine : events) {
    const auto [low, high] = std::ranges::minmax(
        mine, std::less<>{}, [&](std::size_t field) { return positions[field]; });
    sum += positions[high] - positions[low];
  }
  return sum;
}

/// Statuses as the steps follow each other; behind each, what it is the first to have to do with.
Positions first_positions(const PackedPlan& packed, const Events& events, std::size_t fields) {
  Positions made(fields, -1);
  const std::vector<std::size_t>& steps = packed.plan().order().topological();
  for (std::size_t at = 0; at < steps.size(); ++at) made[steps[at]] = static_cast<double>(at);
  const std::size_t statuses = steps.size();
  for (const std::vector<std::size_t>& mine : events) {
    double first = static_cast<double>(statuses);
    for (const std::size_t field : mine)
      if (field < statuses) first = std::min(first, made[field] + 0.5);
    for (const std::size_t field : mine)
      if (made[field] < 0) made[field] = first;
  }
  number(made);
  return made;
}

Positions moved(const Events& events, const Positions& positions) {
  Positions sum(positions.size(), 0);
  std::vector<std::size_t> count(positions.size(), 0);
  for (const std::vector<std::size_t>& mine : events) {
    double centre = 0;
    for (const std::size_t field : mine) centre += positions[field];
    centre /= static_cast<double>(mine.size());
    for (const std::size_t field : mine) {
      sum[field] += centre;
      ++count[field];
    }
  }
  Positions made = positions;
  for (std::size_t i = 0; i < made.size(); ++i)
    if (count[i] > 0) made[i] = sum[i] / static_cast<double>(count[i]);
  number(made);
  return made;
}

}  // namespace

std::vector<BitField> diagram_order(const PackedPlan& packed) {
  constexpr int kRounds = 200;
  const std::vector<BitField> fields = packed.fields();
  const Events events = events_of(packed, fields);
  Positions now = first_positions(packed, events, fields.size());
  Positions best = now;
  for (int round = 0; round < kRounds; ++round) {
    now = moved(events, now);
    if (span(events, now) < span(events, best)) best = now;
  }
  std::vector<BitField> made(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i)
    made[static_cast<std::size_t>(best[i])] = fields[i];
  return made;
}

}  // namespace wme::model
