#pragma once

#include <bdd.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "model/checker/packed_plan.hpp"
#include "model/checker/parallel.hpp"

namespace wme::model {

/// Sets of packed states as binary decision diagrams, and what events make of them. BuDDy keeps its
/// nodes in globals: there is one at a time, and a second waits until the first has gone.
class StateSets {
 public:
  StateSets(const PackedPlan& packed, std::size_t nodes_max);
  ~StateSets();
  StateSets(const StateSets&) = delete;
  StateSets& operator=(const StateSets&) = delete;

  /// The bound of nodes was met: nothing that was computed since then may be believed.
  bool is_exhausted() const;

  bdd only(const std::uint64_t* state) const;
  bdd where(Tests::Entry entry);
  bdd where(const BitField& field, std::uint64_t value) const;
  bdd faulted() const;
  bdd stopped() const;
  bdd all_done() const;
  /// Every step that it waits for is done, it has not been requested, and the run goes on.
  bdd ready(std::size_t step) const;
  /// Where the event may happen (as Expander has it).
  const bdd& possible(std::uint32_t event) const { return events_[event].possible; }
  /// Where that event may lead from these.
  bdd after(std::uint32_t event, const bdd& from) const;

  /// No more than the type holds.
  std::size_t count(const bdd& set) const;
  std::size_t count_nodes(const bdd& set) const;
  /// Events on the way to the state of the set that the fewest, or the most, lead to.
  std::size_t least_depth(const bdd& set) const;
  std::size_t greatest_depth(const bdd& set) const;
  /// A state that the fewest events lead to. Requires that there is one.
  std::vector<std::uint64_t> first_of(const bdd& set) const;
  /// One that this event leads from to `state`, of those in `from`; empty when there is none.
  std::vector<std::uint64_t> before(std::uint32_t event, const std::vector<std::uint64_t>& state,
                                    const bdd& from) const;

 private:
  struct Change {
    Tests::Entry when;
    bdd holds;  ///< the condition
    bdd away;   ///< the bits that are changed, to be forgotten
    bdd set;    ///< their new values
  };
  struct Event {
    bdd possible;
    std::vector<Change> changes;
    /// Conditions that look at what an earlier change of the same event writes: they are decided
    /// before any is made.
    std::vector<Tests::Entry> early;
    std::size_t budget = PackedEvent::kNoBudget;
  };
  class Depths;
  using Decided = std::unordered_map<Tests::Entry, bool>;

  bdd bit(std::size_t position, bool value) const;
  bdd cube(const BitField& field) const;
  Event compiled(std::uint32_t event);
  bdd may_happen(std::uint32_t event);
  bdd affordable(std::size_t budget) const;
  bdd committed_to(std::uint64_t value) const;
  bdd changed(const Event& event, bdd from, Decided& decided) const;
  bdd charged(std::size_t line, const bdd& from) const;
  int level(const bdd& node) const;

  Turn turn_;
  const PackedPlan& packed_;
  std::vector<int> variable_of_;        ///< by bit of the packed state; -1: none
  std::vector<std::size_t> bit_of_;     ///< by variable
  std::vector<std::size_t> weight_of_;  ///< by variable: events that its being set stands for
  std::unordered_map<Tests::Entry, bdd> where_;
  std::vector<Event> events_;
};

}  // namespace wme::model
