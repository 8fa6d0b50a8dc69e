#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wme::model {

/// How a state was reached: of all ways, by the least event.
struct Arrival {
  std::uint32_t from = 0;   ///< position of the state in the level before
  std::uint32_t event = 0;  ///< PackedPlan::events
};

/// A packed state and what follows from it, with zeros up to the next length that is compiled.
template <std::size_t N>
using Row = std::array<std::uint64_t, N>;

/// ISO C++ has no such type.
__extension__ typedef unsigned __int128 Wide;  // NOLINT(modernize-use-using)

template <std::size_t N>
std::uint64_t hash_of(const Row<N>& row) {
  constexpr std::uint64_t kOdd[] = {0x9e3779b97f4a7c15U, 0xc2b2ae3d27d4eb4fU, 0x165667b19e3779f9U,
                                    0xff51afd7ed558ccdU};
  std::uint64_t mixed = 0;
  for (std::size_t i = 0; i < N; i += 2) {  // pair by pair, so that the multiplications overlap
    const Wide product =
        static_cast<Wide>(row[i] ^ kOdd[i % 4]) * (row[i + 1] ^ (kOdd[i % 4 + 1] + i));
    mixed = std::rotl(mixed, 23) ^ static_cast<std::uint64_t>(product) ^
            static_cast<std::uint64_t>(product >> 64U);
  }
  mixed *= kOdd[3];
  return mixed ^ mixed >> 32U;
}

/// A part of the states that one level of the search has found: an open-addressing table over an
/// array in order of arrival. Exact: whole states are compared, never their hashes alone.
template <std::size_t N>
class LevelShard {
 public:
  std::size_t size() const { return rows_.size(); }
  const Row<N>& row(std::size_t position) const { return rows_[position]; }
  Arrival arrival(std::size_t position) const { return arrivals_[position]; }
  std::size_t bytes() const {
    return rows_.capacity() * sizeof(Row<N>) + slots_.capacity() * sizeof(Slot) +
           arrivals_.capacity() * sizeof(Arrival);
  }

  /// Empties it; keeps memory for about `expected` states.
  void begin(std::size_t expected) {
    rows_.clear();
    arrivals_.clear();
    constexpr std::size_t kFirstSlots = 64;
    slots_.assign(std::bit_ceil(std::max(kFirstSlots, expected * 2)), Slot{});
  }
  /// Brings the memory that insert() will look at closer.
  void expect(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
  /// The same, one step on: the row that the slot speaks of.
  void expect_row(std::uint64_t hash) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    if (slot.position == kEmpty) return;
    const auto* row = reinterpret_cast<const char*>(rows_.data() + slot.position);
    __builtin_prefetch(row);
    __builtin_prefetch(row + sizeof(Row<N>) - 1);  // most rows lie across two lines
  }
  void insert(const Row<N>& row, std::uint64_t hash, Arrival arrival) {
    if ((size() + 1) * 4 > slots_.size() * 3) grow();
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    for (; slots_[at].position != kEmpty; at = (at + 1) & mask)
      if (slots_[at].tag == tag && is_same(rows_[slots_[at].position], row)) {
        Arrival& known = arrivals_[slots_[at].position];
        if (arrival.event < known.event) known = arrival;
        return;
      }
    slots_[at] = {static_cast<std::uint32_t>(size()), tag};
    rows_.push_back(row);
    arrivals_.push_back(arrival);
  }
  /// The arrivals, which outlive the level.
  std::vector<Arrival> take_arrivals() {
    arrivals_.shrink_to_fit();
    return std::exchange(arrivals_, {});
  }

 private:
  static constexpr std::uint32_t kEmpty = static_cast<std::uint32_t>(-1);
  struct Slot {
    std::uint32_t position = kEmpty;
    std::uint32_t tag = 0;  ///< the hash's upper half
  };

  /// Without a branch per word, and without a call.
  static bool is_same(const Row<N>& a, const Row<N>& b) {
    std::uint64_t differs = 0;
    for (std::size_t i = 0; i < N; ++i) differs |= a[i] ^ b[i];
    return differs == 0;
  }

  void grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    const std::size_t mask = larger.size() - 1;
    for (std::size_t position = 0; position < size(); ++position) {
      const std::uint64_t hash = hash_of(rows_[position]);
      std::size_t at = hash & mask;
      while (larger[at].position != kEmpty) at = (at + 1) & mask;
      larger[at] = {static_cast<std::uint32_t>(position), static_cast<std::uint32_t>(hash >> 32U)};
    }
    slots_ = std::move(larger);
  }

  std::vector<Row<N>> rows_;
  std::vector<Arrival> arrivals_;
  std::vector<Slot> slots_;
};

}  // namespace wme::model
