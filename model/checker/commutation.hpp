#pragma once

#include <cstdint>
#include <vector>

#include "model/checker/packed_plan.hpp"

namespace wme::model {

/// Why most successors need not be looked up among the states that are known: another state of the
/// same level leads to them, too.
///
/// Let f lead from r to s, and let e be possible in s. If neither writes what decides about the
/// other or what it writes, then e is possible in r, and f after it, and both ways round the two
/// lead to the same state t. Every state is left to its least incoming event: when s was reached by
/// f, and e > f commutes with f, then t has an incoming event that is less than e, and the search
/// reaches it there. (The least incoming event m of t is never left out: had the state before it
/// been reached by some g < m that commutes with m, then g would lead to t as well.) So every state
/// is still visited and every event of every state counted; an event is judged elsewhere if f
/// writes nothing that its judgement looks at. What is saved is to build and look up t again: of a
/// state that n concurrent events can lead to, n - 1 times.
///
/// Sleep sets (Godefroid 1996) make the same use of independence; here one event for each state is
/// enough, since the levels tell which of its events came last.
class Commutation {
 public:
  explicit Commutation(const PackedPlan& packed);

  /// The events that need not be taken in a state whose least incoming event this is, one bit each.
  /// None for PackedPlan::no_event().
  const std::uint64_t* left_to_others(std::uint32_t event) const {
    return bits_.data() + event * words_;
  }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> bits_;  ///< a row for each event, and one for none
};

}  // namespace wme::model
