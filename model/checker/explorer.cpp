#include "model/checker/explorer.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "model/checker/commutation.hpp"
#include "model/checker/findings.hpp"
#include "model/checker/images.hpp"
#include "model/checker/independence.hpp"
#include "model/checker/level.hpp"
#include "model/checker/packed_plan.hpp"
#include "model/checker/packed_symmetry.hpp"
#include "model/checker/parallel.hpp"
#include "model/checker/witness.hpp"

namespace wme::model {

namespace {

using Status = PackedPlan::Status;

std::uint64_t saturated_sum(std::uint64_t one, std::uint64_t other) {
  return one > PackedSymmetry::kMany - other ? PackedSymmetry::kMany : one + other;
}

constexpr std::size_t kShards = 8;
std::size_t shard_of(std::uint64_t hash) { return hash >> 61U; }

/// Behind the state in a row: whether the step may be requested.
BitField ready_field(const PackedPlan& packed, std::size_t step) {
  return {static_cast<std::uint32_t>(packed.words() + step / 64),
          static_cast<std::uint32_t>(step % 64), 1};
}

/// What a search may leave out, and why it may.
struct Shortcuts {
  Shortcuts(const PackedPlan& packed, const ExploreOptions& options) {
    const GroundPlan& plan = packed.plan();
    if (options.reductions.partial_order) independent = independent_events(plan);
    if (options.reductions.symmetry) symmetry.emplace(plan);
    if (symmetry)
      chosen.emplace(packed, *symmetry,
                     [&](std::size_t step) { return ready_field(packed, step); });
    if (chosen && chosen->is_trivial()) {
      chosen.reset();
      symmetry.reset();
    }
    // A state whose independent event is taken alone does not lead to what others leave to it, and
    // the least event of a state is another when containers have been exchanged.
    if (!options.reductions.partial_order && !symmetry && options.leave_to_others)
      commutation.emplace(packed);
  }

  std::vector<bool> independent;           ///< empty: no event is taken alone
  std::optional<Symmetry> symmetry;        ///< none: no two states are alike
  std::optional<PackedSymmetry> chosen;    ///< the same
  std::optional<Commutation> commutation;  ///< none: every successor is looked up
};

/// States that were reached, not yet compared with those that are known.
template <std::size_t N>
struct Candidate {
  Row<N> row;
  std::uint64_t hash = 0;
  Arrival arrival;
};

/// Something broken, and the event of the current level that broke it (or was refused).
struct Found {
  Arrival at;
  std::vector<Obligation> broken;
  auto order() const { return std::pair(at.from, at.event); }
};

/// Nothing more happens there unless the environment acts.
struct AtRest {
  State state;
  std::vector<std::size_t> running;
  std::uint32_t position = 0;  ///< in the level that is being expanded
};

/// One thread's share of expanding a level.
template <std::size_t N>
class Expander {
 public:
  Expander(const PackedPlan& packed, const Shortcuts& shortcuts)
      : packed_(packed),
        plan_(packed.plan()),
        independent_(shortcuts.independent),
        commutation_(shortcuts.commutation ? &*shortcuts.commutation : nullptr),
        chosen_(shortcuts.chosen ? &*shortcuts.chosen : nullptr),
        words_(packed.words()),
        ready_words_((plan_.size() + 63) / 64),
        candidates_(kShards),
        counts_(packed.events().size(), 0) {}

  /// How long a row has to be: the state, and which of its steps may be requested.
  static std::size_t row_words(const PackedPlan& packed) {
    return packed.words() + (packed.plan().size() + 63) / 64;
  }

  Row<N> initial_row() const {
    Row<N> row{};
    std::ranges::copy(packed_.initial(), row.begin());
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (packed_.is_ready(row.data(), step)) set_ready(row, step, true);
    return row;
  }

  /// Every event that can happen next in the state at `position` of its level, which was reached by
  /// `arrival`, its least event.
  void expand(const Row<N>& row, std::uint32_t position, std::uint32_t arrival) {
    row_ = row.data();
    position_ = position;
    moved_ = false;
    left_to_others_ = commutation_ == nullptr ? nullptr : commutation_->left_to_others(arrival);
    const bool exhausted = packed_.is_exhausted(row_);
    const bool stopped = packed_.is_stopped(row_);
    // While a fault may still come, nothing is independent of everything.
    if (!independent_.empty() && exhausted && !stopped)
      if (const std::optional<std::uint32_t> alone = independent_event()) return take(*alone);
    if (chosen_ != nullptr) chosen_->mark_repeated(row_, repeated_);
    bool stops = stopped;
    for_each_running([&](std::size_t step) {
      if (is_repeated(step)) return;
      const std::uint32_t done = packed_.first_outcome(step);
      if (is_open(done)) take(done);
      if (exhausted) return;
      for (std::uint32_t e = done + 1; e < packed_.first_of_policy(step); ++e)
        if (packed_.affords(packed_.events()[e], row_)) take(e);
    });
    if (!stopped)
      for_each_ready([&](std::size_t step) {
        if (!is_repeated(step)) stops = !request(step) || stops;
      });
    if (stops) ++safe_stops_;
    if (notes_rests_ && !moved_) note_rest();
    if (exhausted) return;
    for (auto e = packed_.first_of_environment(); e < packed_.events().size(); ++e)
      if (!is_repeated_environment(e) && is_open(e) && packed_.affords(packed_.events()[e], row_))
        take(e);
  }

  void note_rests() { notes_rests_ = true; }
  std::vector<AtRest> take_rests() { return std::exchange(rests_, {}); }

  std::vector<std::vector<Candidate<N>>>& candidates() { return candidates_; }
  std::vector<Found> take_found() { return std::exchange(found_, {}); }
  const std::vector<std::size_t>& counts() const { return counts_; }
  std::size_t safe_stops() const { return safe_stops_; }
  std::size_t bytes() const {
    std::size_t bytes = 0;
    for (const std::vector<Candidate<N>>& each : candidates_)
      bytes += each.capacity() * sizeof(Candidate<N>);
    return bytes;
  }

 private:
  void set_ready(Row<N>& row, std::size_t step, bool ready) const {
    const std::uint64_t bit = std::uint64_t{1} << step % 64;
    std::uint64_t& word = row[words_ + step / 64];
    word = ready ? word | bit : word & ~bit;
  }

  void for_each_ready(const auto& act) const {
    for (std::size_t word = 0; word < ready_words_; ++word)
      for (std::uint64_t bits = row_[words_ + word]; bits != 0; bits &= bits - 1)
        act(64 * word + static_cast<std::size_t>(std::countr_zero(bits)));
  }

  void for_each_running(const auto& act) const {
    for (std::size_t word = 0; word < packed_.status_words(); ++word) {
      // Two bits each, 01 is running; the last word holds other fields, too.
      std::uint64_t bits = row_[word] & ~(row_[word] >> 1U) & PackedPlan::kLowBits;
      const std::size_t first = word * PackedPlan::kStatusesPerWord;
      if (plan_.size() - first < PackedPlan::kStatusesPerWord)
        bits &= (std::uint64_t{1} << 2 * (plan_.size() - first)) - 1;
      for (; bits != 0; bits &= bits - 1)
        act(first + static_cast<std::size_t>(std::countr_zero(bits)) / 2);
    }
  }

  /// Of containers that look the same, one is enough.
  bool is_repeated(std::size_t step) const {
    return chosen_ != nullptr && chosen_->is_repeated(chosen_->parts().step(step), repeated_);
  }
  bool is_repeated_environment(std::uint32_t e) const {
    if (chosen_ == nullptr) return false;
    const std::size_t what = packed_.events()[e].happening.what;
    return chosen_->is_repeated(chosen_->parts().environment(what), repeated_);
  }

  bool is_open(std::uint32_t event) const {
    return packed_.holds(packed_.events()[event].guard, row_);
  }

  /// What can become of a step that may be requested; false when its guard stops the run.
  bool request(std::size_t step) {
    const std::uint32_t plain = packed_.request(step);
    const bool open = is_open(plain);
    const bool committed = packed_.committed(row_) == step + 1;
    if (open && !committed) take(plain);
    const bool faulted = packed_.is_faulted(row_);
    if (!open && !faulted) note(plain, closed_guard(packed_, step, row_));
    bool goes_on = open;
    for (std::uint32_t e = packed_.first_of_policy(step); e < packed_.end_of_step(step); ++e) {
      const PackedEvent& event = packed_.events()[e];
      bool possible = is_open(e) && packed_.affords(event, row_);
      if (event.happening.kind == Happening::Kind::kFoundDone)
        possible = possible && (!open || plan_.is_weakened(step)) && !committed;
      else if (event.happening.kind == Happening::Kind::kRequest)
        possible = possible && committed;
      else
        possible = possible && packed_.committed(row_) == 0;
      if (possible) take(e);
      goes_on = goes_on || possible;
    }
    return goes_on || !faulted;
  }

  /// The first possible one, if there is any. A closed guard that is independent stays closed: it
  /// is noticed when nothing else is left to take alone.
  std::optional<std::uint32_t> independent_event() const {
    std::optional<std::uint32_t> alone;
    for_each_running([&](std::size_t step) {
      if (!alone && independent_[end_event_of(step)] && is_open(packed_.first_outcome(step)))
        alone = packed_.first_outcome(step);
    });
    for_each_ready([&](std::size_t step) {
      const bool committed = packed_.committed(row_) == step + 1;
      if (!alone && !committed && !may_be_found_done(step) && independent_[request_of(step)] &&
          is_open(packed_.request(step)))
        alone = packed_.request(step);
    });
    return alone;
  }

  /// Although its guard is open: what it says of the whole plan's guard may not be all.
  bool may_be_found_done(std::size_t step) const {
    const std::uint32_t found = packed_.first_of_policy(step);
    return plan_.is_weakened(step) && found < packed_.end_of_step(step) && is_open(found);
  }

  void take(std::uint32_t e) {
    ++counts_[e];
    moved_ = moved_ || !is_fault(packed_.events()[e].happening);
    if (left_to_others_ != nullptr && (left_to_others_[e / 64] >> e % 64 & 1U) != 0) return;
    const PackedEvent& event = packed_.events()[e];
    std::copy_n(row_, N, next_.begin());
    packed_.apply(event, row_, next_.data());
    const Happening::Kind kind = event.happening.kind;
    if (kind == Happening::Kind::kRequest || kind == Happening::Kind::kFoundDone)
      set_ready(next_, event.happening.what, false);
    else if (is_end(event.happening))
      for (const std::uint32_t after : packed_.successors(event.happening.what))
        if (packed_.is_ready(next_.data(), after)) set_ready(next_, after, true);
    judge(e, event);
    if (chosen_ != nullptr) chosen_->canonicalize_after(e, next_.data());
    const std::uint64_t hash = hash_of(next_);
    candidates_[shard_of(hash)].push_back({next_, hash, {position_, e}});
  }

  void note_rest() {
    AtRest rest{packed_.valuation(row_), {}, position_};
    for_each_running([&](std::size_t step) { rest.running.push_back(step); });
    if (seen_rests_.emplace(rest.state, rest.running).second) rests_.push_back(std::move(rest));
  }

  static bool is_end(const Happening& each) {
    return each.kind == Happening::Kind::kOutcome && each.outcome == 0;
  }

  void judge(std::uint32_t e, const PackedEvent& event) {
    std::vector<Obligation> broken = broken_by(packed_, event, row_, next_.data());
    if (!broken.empty()) note(e, std::move(broken));
  }

  /// The same thing happens in many states: only the first is worth its trace.
  void note(std::uint32_t e, std::vector<Obligation> broken) {
    std::pair<std::uint32_t, std::vector<std::size_t>> what{e, {}};
    for (const Obligation& each : broken) {
      what.second.push_back(static_cast<std::size_t>(each.kind));
      what.second.push_back(each.index);
    }
    if (seen_.insert(std::move(what)).second) found_.push_back({{position_, e}, std::move(broken)});
  }

  const PackedPlan& packed_;
  const GroundPlan& plan_;
  const std::vector<bool>& independent_;  ///< empty: no reduction
  const Commutation* commutation_;        ///< may be none
  const PackedSymmetry* chosen_;          ///< may be none
  std::size_t words_;
  std::size_t ready_words_;  ///< of a row, behind the state: which steps may be requested
  const std::uint64_t* row_ = nullptr;
  std::uint32_t position_ = 0;
  const std::uint64_t* left_to_others_ = nullptr;
  PackedSymmetry::Repeated repeated_;
  Row<N> next_{};
  std::vector<std::vector<Candidate<N>>> candidates_;  ///< by shard
  std::vector<std::size_t> counts_;                    ///< by event
  std::size_t safe_stops_ = 0;
  bool moved_ = false;  ///< something was taken that is no fault
  bool notes_rests_ = false;
  std::set<std::pair<State, std::vector<std::size_t>>> seen_rests_;
  std::vector<AtRest> rests_;
  std::set<std::pair<std::uint32_t, std::vector<std::size_t>>> seen_;
  std::vector<Found> found_;
};

template <std::size_t N>
class Explorer {
 public:
  Explorer(const PackedPlan& packed, const Shortcuts& shortcuts, const ExploreOptions& options)
      : plan_(packed.plan()),
        options_(options),
        packed_(packed),
        shortcuts_(shortcuts),
        level_(kShards),
        next_(kShards),
        findings_(plan_) {
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i)
      expanders_.emplace_back(packed_, shortcuts);
    if (options.at_rest)
      for (Expander<N>& each : expanders_) each.note_rests();
  }

  Exploration run() {
    made_.reductions = {false, options_.reductions.partial_order, shortcuts_.symmetry.has_value()};
    made_.state_bits = packed_.bits();
    findings_.judge_start();
    if (plan_.size() == 0) ++made_.ends;
    const Row<N> row = expanders_.front().initial_row();
    for (LevelShard<N>& shard : level_) shard.begin(1);
    const std::uint64_t hash = hash_of(row);
    level_[shard_of(hash)].insert(row, hash, {0, packed_.no_event()});
    made_.states = 1;
    made_.states_stood_for = 1;
    made_.complete = search();
    sum_up();
    return std::move(made_);
  }

 private:
  static constexpr std::size_t kBlock = 4096;  ///< states expanded before their successors are kept

  bool search() {
    for (std::size_t found = 1; found > 0;) {
      for (LevelShard<N>& shard : next_) shard.begin(found / kShards);
      std::uint32_t first = 0;
      for (const LevelShard<N>& shard : level_) {
        for (std::size_t begin = 0; begin < shard.size(); begin += kBlock) {
          const std::size_t end = std::min(shard.size(), begin + kBlock);
          expand(shard, begin, end, first);
          keep_new();
          if (made_.states + count_next() > options_.states_max) {
            made_.stopped_by =
                "the bound of " + std::to_string(options_.states_max) + " states was met";
            return finish_level(), false;
          }
        }
        first += static_cast<std::uint32_t>(shard.size());
      }
      found = finish_level();
    }
    return true;
  }

  /// The states [begin, end) of a shard whose first has the position `first` in its level.
  void expand(const LevelShard<N>& shard, std::size_t begin, std::size_t end, std::uint32_t first) {
    constexpr std::size_t kWorthSharing = 512;
    const std::size_t parts = end - begin < kWorthSharing ? 1 : expanders_.size();
    in_parallel(parts, [&](std::size_t part) {
      const std::size_t from = begin + (end - begin) * part / parts;
      const std::size_t to = begin + (end - begin) * (part + 1) / parts;
      for (std::size_t at = from; at < to; ++at)
        expanders_[part].expand(shard.row(at), first + static_cast<std::uint32_t>(at),
                                shard.arrival(at).event);
    });
  }

  /// In the order of the states they come from, however many threads there are.
  void keep_new() {
    std::size_t waiting = 0;
    for (Expander<N>& each : expanders_)
      for (const auto& some : each.candidates()) waiting += some.size();
    constexpr std::size_t kWorthSharing = 2048;
    const std::size_t parts = waiting < kWorthSharing ? 1 : expanders_.size();
    in_parallel(parts, [&](std::size_t part) {
      for (std::size_t shard = part; shard < kShards; shard += parts)
        for (Expander<N>& each : expanders_) keep_new(next_[shard], each.candidates()[shard]);
    });
  }

  static void keep_new(LevelShard<N>& shard, std::vector<Candidate<N>>& candidates) {
    constexpr std::size_t kAhead = 12;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (i + 2 * kAhead < candidates.size()) shard.expect(candidates[i + 2 * kAhead].hash);
      if (i + kAhead < candidates.size()) shard.expect_row(candidates[i + kAhead].hash);
      const Candidate<N>& each = candidates[i];
      shard.insert(each.row, each.hash, each.arrival);
    }
    candidates.clear();
  }

  std::size_t count_next() const {
    std::size_t count = 0;
    for (const LevelShard<N>& shard : next_) count += shard.size();
    return count;
  }

  /// Notes what was found in this level and goes on to the next; gives its number of states.
  std::size_t finish_level() {
    keep_arrivals();
    tell_rests();
    std::vector<Found> found;
    for (Expander<N>& each : expanders_)
      for (Found& one : each.take_found()) found.push_back(std::move(one));
    note_in_order(std::move(found));
    const std::size_t states = count_next();
    made_.states += states;
    measure();
    std::swap(level_, next_);
    count_what_it_stands_for();
    look_at_ends();
    if (states > 0) ++made_.depth;
    return states;
  }

  void tell_rests() {
    if (!options_.at_rest) return;
    std::vector<AtRest> rests;
    for (Expander<N>& each : expanders_)
      for (AtRest& one : each.take_rests()) rests.push_back(std::move(one));
    std::ranges::sort(rests, std::less<>{}, &AtRest::position);
    for (const AtRest& each : rests)
      options_.at_rest(each.state, each.running, [&] { return trace_to_state(each.position); });
  }

  void count_what_it_stands_for() {
    if (!shortcuts_.chosen) {
      made_.states_stood_for = made_.states;
      return;
    }
    std::vector<std::uint64_t> sums(expanders_.size(), 0);
    in_parallel(sums.size(), [&](std::size_t part) {
      for (std::size_t shard = part; shard < kShards; shard += sums.size())
        for (std::size_t at = 0; at < level_[shard].size(); ++at)
          sums[part] = saturated_sum(sums[part],
                                     shortcuts_.chosen->orbit_size(level_[shard].row(at).data()));
    });
    for (const std::uint64_t sum : sums)
      made_.states_stood_for = saturated_sum(made_.states_stood_for, sum);
  }

  /// Once a fault has happened, the executor may find that a goal does not hold, and says so.
  void look_at_ends() {
    if (made_.depth + 1 < 2 * plan_.size()) return;  // no step is left out on the way to the end
    std::vector<Found> missing;
    for (const LevelShard<N>& shard : level_)
      for (std::size_t at = 0; at < shard.size(); ++at) {
        const std::uint64_t* row = shard.row(at).data();
        if (!packed_.is_all_done(row)) continue;
        Found here{shard.arrival(at), missed_goals(packed_, row)};
        const bool stops = packed_.is_faulted(row) && !here.broken.empty();
        ++(stops ? made_.safe_stops : made_.ends);
        if (stops || here.broken.empty()) continue;
        missing.push_back(std::move(here));
      }
    note_in_order(std::move(missing));
  }

  void keep_arrivals() {
    std::vector<std::vector<Arrival>>& level = arrivals_.emplace_back();
    for (LevelShard<N>& shard : level_) {
      level.push_back(shard.take_arrivals());
    }
  }

  void measure() {
    std::size_t bytes = 0;
    for (const std::vector<LevelShard<N>>* shards : {&level_, &next_})
      for (const LevelShard<N>& shard : *shards) bytes += shard.bytes();
    for (const Expander<N>& each : expanders_) bytes += each.bytes();
    peak_ = std::max(peak_, bytes + made_.states * sizeof(Arrival));
  }

  /// In breadth-first order: the first violation of a property is a shortest.
  void note_in_order(std::vector<Found> found) {
    std::ranges::sort(found, std::less<>{}, [](const Found& each) { return each.order(); });
    for (const Found& each : found)
      findings_.keep(each.broken, &packed_.events()[each.at.event].happening,
                     [&] { return trace_to(each.at); });
  }

  /// The events up to one that starts in the level that is being expanded.
  Trace trace_to(Arrival at) const {
    Trace trace = trace_to_state(at.from);
    trace.push_back(packed_.events()[at.event].happening);
    return trace;
  }

  /// The events up to the state at this position of the level that is being expanded.
  Trace trace_to_state(std::size_t position) const {
    std::vector<std::uint32_t> events;
    for (std::size_t level = arrivals_.size() - 1; level > 0; --level) {
      std::size_t shard = 0;
      for (; position >= arrivals_[level][shard].size(); ++shard)
        position -= arrivals_[level][shard].size();
      const Arrival& at = arrivals_[level][shard][position];
      events.push_back(at.event);
      position = at.from;
    }
    std::ranges::reverse(events);
    return shortcuts_.chosen ? shortcuts_.chosen->unfolded(events) : trace_of(events);
  }

  Trace trace_of(const std::vector<std::uint32_t>& events) const {
    Trace trace;
    for (const std::uint32_t each : events) trace.push_back(packed_.events()[each].happening);
    return trace;
  }

  void sum_up() {
    made_.bytes_per_state = (peak_ + made_.states - 1) / made_.states;
    for (std::uint32_t e = 0; e < packed_.events().size(); ++e) {
      const std::size_t count = times_taken(e);
      made_.transitions += count;
      if (count > 0) made_.taken[kind_of(plan_, packed_.events()[e].happening)] += count;
    }
    list_never_requested();
    for (const Expander<N>& each : expanders_) made_.safe_stops += each.safe_stops();
    made_.violations = findings_.take();
    if (options_.reductions.partial_order) shorten();
    if (shortcuts_.symmetry) add_images(plan_, *shortcuts_.symmetry, made_.violations);
  }

  std::size_t times_taken(std::uint32_t event) const {
    std::size_t count = 0;
    for (const Expander<N>& each : expanders_) count += each.counts()[event];
    return count;
  }

  /// A step that can be exchanged for one that was requested could have been, too.
  void list_never_requested() {
    std::vector<PlanPart> stands_for(plan_.size());
    for (std::size_t step = 0; step < plan_.size(); ++step)
      stands_for[step] = static_cast<PlanPart>(step);
    if (shortcuts_.symmetry) stands_for = shortcuts_.symmetry->representatives();
    std::set<PlanPart> requested;
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (times_taken(packed_.request(step)) > 0) requested.insert(stands_for[step]);
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (!requested.contains(stands_for[step])) made_.never_requested.push_back(plan_.id(step));
  }

  void shorten() {
    constexpr std::size_t kEventsMax = 600;  // the effort grows with the square
    for (auto& [property, reached] : made_.violations) {
      const bool has_steps_to_spare = reached.broken.front().kind != PropertyKind::kGoal;
      if (has_steps_to_spare && reached.trace.size() <= kEventsMax)
        reached.trace = shortened(plan_, std::move(reached.trace), reached.broken.front());
    }
  }

  const GroundPlan& plan_;
  const ExploreOptions& options_;
  const PackedPlan& packed_;
  const Shortcuts& shortcuts_;
  std::vector<Expander<N>> expanders_;                       ///< one for each thread
  std::vector<LevelShard<N>> level_;                         ///< being expanded
  std::vector<LevelShard<N>> next_;                          ///< its successors
  std::vector<std::vector<std::vector<Arrival>>> arrivals_;  ///< by level and shard
  std::size_t peak_ = 0;                                     ///< bytes
  Findings findings_;
  Exploration made_;
};

/// The shortest of the lengths N, More… that a row fits in.
template <std::size_t N, std::size_t... More>
Exploration explore_rows(const PackedPlan& packed, const Shortcuts& shortcuts,
                         const ExploreOptions& options) {
  if (Expander<N>::row_words(packed) <= N) return Explorer<N>(packed, shortcuts, options).run();
  if constexpr (sizeof...(More) > 0) return explore_rows<More...>(packed, shortcuts, options);
  Exploration nothing;
  nothing.stopped_by = "a state of this plan takes " + std::to_string(packed.bits()) +
                       " bits, more than the " + std::to_string(64 * N) + " that can be explored";
  return nothing;
}

}  // namespace

bool is_accepted(const GroundPlan& plan, const Reached& reached) {
  if (reached.trace.empty()) return false;
  const Happening& last = reached.trace.back();
  return last.kind == Happening::Kind::kEnvironment &&
         is_accepted(plan, reached.broken.front(), plan.environment()[last.what]);
}

Exploration explore(const GroundPlan& plan, const ExploreOptions& options) {
  const PackedPlan packed(plan, options.faults);
  const Shortcuts shortcuts(packed, options);
  return explore_rows<4, 6, 8, 12, 24, 64, 512>(packed, shortcuts, options);
}

}  // namespace wme::model
