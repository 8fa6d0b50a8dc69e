#include "model/checker/symbolic/state_sets.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

#include "model/checker/symbolic/variable_order.hpp"

namespace wme::model {

namespace {

/// ISO C++ has no such type.
__extension__ typedef unsigned __int128 Wide;  // NOLINT(modernize-use-using)

std::atomic<bool> exhausted = false;

/// BuDDy goes on with empty sets after it has reported that there is no more room.
void note_error(int /*code*/) { exhausted = true; }

Wide plus(Wide a, Wide b) { return a > ~Wide{0} - b ? ~Wide{0} : a + b; }
Wide times_two_to(Wide a, int power) {
  if (a == 0) return 0;
  constexpr int kBits = 128;
  return power >= kBits || a > ~Wide{0} >> power ? ~Wide{0} : a << power;
}

}  // namespace

StateSets::StateSets(const PackedPlan& packed, std::size_t nodes_max) : packed_(packed) {
  // Room for what a plan of tens of steps needs, without growing first.
  constexpr std::size_t kSmallBits = 128;
  constexpr std::size_t kRoomMin = 1 << 16;  // for the variables and the events
  const auto room = static_cast<int>(
      std::clamp<std::size_t>(nodes_max, kRoomMin, std::numeric_limits<int>::max()));
  const int first_nodes = std::min(room, packed.bits() <= kSmallBits ? 1 << 18 : 1 << 23);
  constexpr int kNodesPerCacheEntry = 4;
  constexpr int kMoreNodesMax = 1 << 23;
  exhausted = false;
  bdd_init(first_nodes, first_nodes / kNodesPerCacheEntry);
  bdd_error_hook(note_error);
  bdd_gbc_hook(nullptr);  // it would print
  bdd_setcacheratio(kNodesPerCacheEntry);
  bdd_setmaxincrease(kMoreNodesMax);
  bdd_setmaxnodenum(room);

  variable_of_.assign(packed.words() * 64, -1);
  for (const BitField& field : diagram_order(packed))
    for (std::uint32_t i = 0; field.bits >> i != 0; ++i) {
      const std::size_t position = field.word * std::size_t{64} + field.shift + i;
      variable_of_[position] = static_cast<int>(bit_of_.size());
      bit_of_.push_back(position);
    }
  bdd_setvarnum(static_cast<int>(std::max<std::size_t>(bit_of_.size(), 1)));
  // PackedPlan::Status: waiting 00, running 01, done 11; failed 10, with a fault that counts, too.
  weight_of_.assign(bit_of_.size(), 0);
  const auto weigh = [&](const BitField& field, bool is_number) {
    for (std::uint32_t i = 0; field.bits >> i != 0; ++i)
      weight_of_[static_cast<std::size_t>(
          variable_of_[field.word * std::size_t{64} + field.shift + i])] =
          is_number ? std::size_t{1} << i : 1;
  };
  for (std::size_t step = 0; step < packed.plan().size(); ++step)
    weigh(packed.status_field(step), false);
  for (const BitField& each : packed.used()) weigh(each, true);
  for (std::uint32_t event = 0; event < packed.events().size(); ++event)
    events_.push_back(compiled(event));
}

StateSets::~StateSets() {
  events_.clear();
  where_.clear();
  bdd_done();
}

bool StateSets::is_exhausted() const { return exhausted; }

bdd StateSets::bit(std::size_t position, bool value) const {
  const int variable = variable_of_[position];
  return value ? bdd_ithvarpp(variable) : bdd_nithvarpp(variable);
}

bdd StateSets::only(const std::uint64_t* state) const {
  bdd made = bddtrue;
  for (auto position = bit_of_.rbegin(); position != bit_of_.rend(); ++position)
    made &= bit(*position, (state[*position / 64] >> *position % 64 & 1U) != 0);
  return made;
}

bdd StateSets::where(const BitField& field, std::uint64_t value) const {
  bdd made = bddtrue;
  for (std::uint32_t i = 0; field.bits >> i != 0; ++i)
    made &= bit(field.word * std::size_t{64} + field.shift + i, (value >> i & 1U) != 0);
  return made;
}

bdd StateSets::where(Tests::Entry entry) {
  if (entry == Tests::kTrue) return bddtrue;
  if (entry == Tests::kFalse) return bddfalse;
  if (const auto known = where_.find(entry); known != where_.end()) return known->second;
  const Tests::Test& test = packed_.tests().test(entry);
  bdd values = bddfalse;
  for (std::uint64_t value = 0; value <= test.bits; ++value)
    if ((test.values >> value & 1U) != 0) values |= where(test.field(), value);
  const bdd made = bdd_ite(values, where(test.yes), where(test.no));
  where_.emplace(entry, made);
  return made;
}

bdd StateSets::cube(const BitField& field) const { return where(field, field.bits); }

bdd StateSets::faulted() const {
  bdd none = bddtrue;
  for (const BitField& each : packed_.used()) none &= where(each, 0);
  return !none;
}

bdd StateSets::stopped() const {
  return packed_.stopped().bits == 0 ? bddfalse : where(packed_.stopped(), 1);
}

bdd StateSets::all_done() const {
  bdd made = bddtrue;
  for (std::size_t step = 0; step < packed_.plan().size(); ++step)
    made &=
        where(packed_.status_field(step), static_cast<std::uint64_t>(PackedPlan::Status::kDone));
  return made;
}

bdd StateSets::ready(std::size_t step) const {
  bdd made = where(packed_.status_field(step), 0) - stopped();
  for (const std::size_t before : packed_.plan().order().predecessors()[step])
    made &=
        where(packed_.status_field(before), static_cast<std::uint64_t>(PackedPlan::Status::kDone));
  return made;
}

bdd StateSets::affordable(std::size_t budget) const {
  if (budget == PackedEvent::kNoBudget) return bddtrue;
  bdd made = bddfalse;
  for (std::uint64_t used = 0; used < packed_.limits()[budget]; ++used)
    made |= where(packed_.used()[budget], used);
  return made;
}

bdd StateSets::committed_to(std::uint64_t value) const {
  if (packed_.committed_field().bits != 0) return where(packed_.committed_field(), value);
  return value == 0 ? bddtrue : bddfalse;
}

bdd StateSets::may_happen(std::uint32_t e) {
  const PackedEvent& event = packed_.events()[e];
  const bdd open = where(event.guard) & affordable(event.budget);
  const std::size_t step = event.happening.what;
  const auto running = static_cast<std::uint64_t>(PackedPlan::Status::kRunning);
  switch (event.happening.kind) {
    case Happening::Kind::kEnvironment:
      return open;
    case Happening::Kind::kOutcome:
      return open & where(packed_.status_field(step), running);
    case Happening::Kind::kRequest:
      return packed_.request(step) == e ? (open & ready(step)) - committed_to(step + 1)
                                        : open & ready(step) & committed_to(step + 1);
    case Happening::Kind::kFoundDone: {
      const bdd unseen = packed_.plan().is_weakened(step)
                             ? bddtrue
                             : !where(packed_.events()[packed_.request(step)].guard);
      return (open & ready(step) & unseen) - committed_to(step + 1);
    }
    case Happening::Kind::kLostRequest:
    case Happening::Kind::kLostAnswer:
    case Happening::Kind::kStaleRead:
      return open & ready(step) & committed_to(0);
  }
  return bddfalse;
}

StateSets::Event StateSets::compiled(std::uint32_t e) {
  const PackedEvent& event = packed_.events()[e];
  Event made;
  made.possible = may_happen(e);
  made.budget = event.budget;
  std::vector<std::uint64_t> written(packed_.words(), 0);
  for (const PackedChange& change : event.changes) {
    std::vector<std::uint64_t> read(packed_.words(), 0);
    packed_.tests().mark_read(change.when, read);
    for (std::size_t word = 0; word < read.size(); ++word)
      if ((read[word] & written[word]) != 0) {
        made.early.push_back(change.when);
        break;
      }
    written[change.word] |= ~change.keep;
    bdd away = bddtrue;
    bdd set = bddtrue;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::size_t position = change.word * std::size_t{64} + i;
      if ((~change.keep >> i & 1U) == 0 || variable_of_[position] < 0) continue;
      away &= bit(position, true);
      set &= bit(position, (change.set >> i & 1U) != 0);
    }
    made.changes.push_back({change.when, where(change.when), away, set});
  }
  std::ranges::sort(made.early);
  const auto repeated = std::ranges::unique(made.early);
  made.early.erase(repeated.begin(), repeated.end());
  return made;
}

bdd StateSets::after(std::uint32_t e, const bdd& from) const {
  const Event& event = events_[e];
  bdd made = from & event.possible;
  if (made == bddfalse) return made;
  Decided decided;
  made = changed(event, made, decided);
  return event.budget == PackedEvent::kNoBudget ? made : charged(event.budget, made);
}

bdd StateSets::changed(const Event& event, bdd from, Decided& decided) const {
  if (from == bddfalse) return from;
  if (decided.size() < event.early.size()) {
    const Tests::Entry next = event.early[decided.size()];
    const bdd& holds = where_.at(next);
    Decided otherwise = decided;
    decided.emplace(next, true);
    otherwise.emplace(next, false);
    return changed(event, from & holds, decided) | changed(event, from - holds, otherwise);
  }
  for (const Change& change : event.changes) {
    const auto known = decided.find(change.when);
    const bool in_any_case =
        change.when == Tests::kTrue || (known != decided.end() && known->second);
    if (known != decided.end() && !known->second) continue;
    const bdd touched = in_any_case ? from : from & change.holds;
    if (touched == bddfalse) continue;
    const bdd moved = bdd_exist(touched, change.away) & change.set;
    from = in_any_case ? moved : (from - change.holds) | moved;
  }
  return from;
}

bdd StateSets::charged(std::size_t line, const bdd& from) const {
  const BitField& used = packed_.used()[line];
  bdd made = bddfalse;
  for (std::uint64_t value = 0; value < packed_.limits()[line]; ++value) {
    const bdd some = from & where(used, value);
    if (some != bddfalse) made |= bdd_exist(some, cube(used)) & where(used, value + 1);
  }
  return made;
}

std::size_t StateSets::count(const bdd& set) const {
  constexpr double kExact = 9007199254740992.0;  // 2^53: doubles hold every number up to it
  const double fast = bdd_satcount(set);
  if (fast < kExact) return static_cast<std::size_t>(fast);
  std::unordered_map<int, Wide> known;  // by node, over the variables from its own on
  const auto states = [&](const auto& self, const bdd& node) -> Wide {
    if (node == bddfalse) return 0;
    if (node == bddtrue) return 1;
    if (const auto same = known.find(node.id()); same != known.end()) return same->second;
    const bdd low = bdd_low(node);
    const bdd high = bdd_high(node);
    const Wide made = plus(times_two_to(self(self, low), level(low) - level(node) - 1),
                           times_two_to(self(self, high), level(high) - level(node) - 1));
    known.emplace(node.id(), made);
    return made;
  };
  const Wide sum = times_two_to(states(states, set), level(set));
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  return sum > kMost ? kMost : static_cast<std::size_t>(sum);
}

std::size_t StateSets::count_nodes(const bdd& set) const {
  return static_cast<std::size_t>(bdd_nodecount(set));
}

/// Of the states in each node's set, the least or the greatest depth.
class StateSets::Depths {
 public:
  Depths(const StateSets& sets, bool greatest) : sets_(sets), greatest_(greatest) {
    before_.push_back(0);
    for (const std::size_t weight : sets.weight_of_)
      before_.push_back(before_.back() + (greatest ? weight : 0));
  }
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  /// Of the whole set.
  std::size_t of(const bdd& set) { return set == bddfalse ? kNone : from(set) + skipped(-1, set); }
  /// Of those that go on from a node with this value; kNone when there are none.
  std::size_t on(const bdd& node, bool value) {
    const bdd next = value ? bdd_high(node) : bdd_low(node);
    if (next == bddfalse) return kNone;
    const auto variable = static_cast<std::size_t>(bdd_var(node));
    return from(next) + (value ? sets_.weight_of_[variable] : 0) + skipped(bdd_var(node), next);
  }

 private:
  std::size_t from(const bdd& node) {
    if (node == bddtrue) return 0;
    if (const auto known = known_.find(node.id()); known != known_.end()) return known->second;
    const std::size_t low = on(node, false);
    const std::size_t high = on(node, true);
    const bool takes_high =
        low == kNone || (high != kNone && (greatest_ ? high > low : high < low));
    return known_[node.id()] = takes_high ? high : low;
  }
  /// Variables that make no difference: they may be set.
  std::size_t skipped(int variable, const bdd& next) const {
    return before_[static_cast<std::size_t>(sets_.level(next))] -
           before_[static_cast<std::size_t>(variable + 1)];
  }

  const StateSets& sets_;
  bool greatest_;
  std::vector<std::size_t> before_;  ///< sums of weights
  std::unordered_map<int, std::size_t> known_;
};

int StateSets::level(const bdd& node) const {
  return node == bddtrue || node == bddfalse ? static_cast<int>(bit_of_.size()) : bdd_var(node);
}

std::size_t StateSets::least_depth(const bdd& set) const { return Depths(*this, false).of(set); }
std::size_t StateSets::greatest_depth(const bdd& set) const { return Depths(*this, true).of(set); }

std::vector<std::uint64_t> StateSets::first_of(const bdd& set) const {
  Depths depths(*this, false);
  std::vector<std::uint64_t> made(packed_.words(), 0);
  for (bdd node = set; node != bddtrue;) {
    const bool value = depths.on(node, true) < depths.on(node, false);
    const std::size_t position = bit_of_[static_cast<std::size_t>(bdd_var(node))];
    if (value) made[position / 64] |= std::uint64_t{1} << position % 64;
    node = value ? bdd_high(node) : bdd_low(node);
  }
  return made;
}

std::vector<std::uint64_t> StateSets::before(std::uint32_t e,
                                             const std::vector<std::uint64_t>& state,
                                             const bdd& from) const {
  const PackedEvent& event = packed_.events()[e];
  for (const PackedChange& change : event.changes)  // most events leave something else behind
    if (change.when == Tests::kTrue && (state[change.word] & ~change.keep) != change.set) return {};
  const std::vector<std::uint64_t> written = packed_.footprint(e).write;
  bdd like = bddtrue;  // whatever the event leaves alone is as it is afterwards
  for (auto position = bit_of_.rbegin(); position != bit_of_.rend(); ++position)
    if ((written[*position / 64] >> *position % 64 & 1U) == 0)
      like &= bit(*position, (state[*position / 64] >> *position % 64 & 1U) != 0);
  for (bdd left = from & like & events_[e].possible; left != bddfalse;) {
    std::vector<std::uint64_t> one = first_of(left);
    std::vector<std::uint64_t> next = one;
    packed_.apply(event, one.data(), next.data());
    if (next == state) return one;
    left = left - only(one.data());
  }
  return {};
}

}  // namespace wme::model
