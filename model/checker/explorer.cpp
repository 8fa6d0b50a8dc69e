#include "model/checker/explorer.hpp"

#include <algorithm>

#include "model/checker/independence.hpp"
#include "model/checker/packed_plan.hpp"
#include "model/checker/state_set.hpp"
#include "model/checker/witness.hpp"
#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

using Status = PackedPlan::Status;

/// How a state was reached first.
struct Arrival {
  std::uint32_t from = 0;
  const PackedEvent* event = nullptr;
};

class Explorer {
 public:
  Explorer(const GroundPlan& plan, const ExploreOptions& options)
      : plan_(plan),
        options_(options),
        packed_(plan, options.faults > 0),
        states_(packed_.words()),
        requested_(plan.size(), false) {
    if (options.reduce) independent_ = independent_events(plan);
  }

  Exploration run() {
    made_.reduced = options_.reduce;
    made_.bytes_per_state = packed_.words() * sizeof(std::uint64_t);
    judge_start();
    const std::vector<std::uint64_t> initial = packed_.initial();
    states_.insert(initial);
    arrivals_.push_back({});
    made_.complete = search();
    made_.states = states_.size();
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (!requested_[step]) made_.never_requested.push_back(plan_.id(step));
    if (options_.reduce) shorten();
    return std::move(made_);
  }

 private:
  bool search() {
    std::size_t level_end = 1;
    for (std::uint32_t at = 0; at < states_.size(); ++at) {
      if (at == level_end) {
        level_end = states_.size();
        ++made_.depth;
      }
      const std::span<const std::uint64_t> state = states_[at];
      current_.assign(state.begin(), state.end());
      if (!expand(at)) return false;
    }
    return true;
  }

  /// Every event that can happen next; false when the bound was met.
  bool expand(std::uint32_t at) {
    const auto used = static_cast<int>(packed_.faults_used().get(current_.data()));
    const bool stopped = packed_.stopped().get(current_.data()) != 0;
    // While a fault may still come, nothing is independent of everything.
    if (options_.reduce && used >= options_.faults && !stopped)
      if (const PackedEvent* alone = independent_event())
        return take(
            at, *alone,
            alone->happening.kind == Happening::Kind::kRequest ? Status::kRunning : Status::kDone);
    bool stops = stopped;
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      const Status status = packed_.status(current_.data(), step);
      if (status == Status::kRunning && !finish(at, step, used)) return false;
      if (status != Status::kWaiting || stopped || !is_ready(step)) continue;
      const PackedEvent& request = packed_.request(step);
      if (!is_open(request)) {
        if (used == 0)
          closed_guard(at, step);
        else
          stops = true;
        continue;
      }
      if (!take(at, request, Status::kRunning)) return false;
    }
    if (stops) ++made_.safe_stops;
    if (used >= options_.faults) return true;
    for (const PackedEvent& event : packed_.environment())
      if (is_open(event) && !take(at, event, Status::kFailed)) return false;
    return true;
  }

  bool finish(std::uint32_t at, std::size_t step, int used) {
    const std::vector<PackedEvent>& outcomes = packed_.outcomes(step);
    if (!take(at, outcomes.front(), Status::kDone)) return false;
    if (used >= options_.faults) return true;
    for (std::size_t o = 1; o < outcomes.size(); ++o)
      if (!take(at, outcomes[o], Status::kFailed)) return false;
    return true;
  }

  bool is_ready(std::size_t step) const {
    return std::ranges::all_of(plan_.order().predecessors()[step], [&](std::size_t before) {
      return packed_.status(current_.data(), before) == Status::kDone;
    });
  }

  bool is_open(const PackedEvent& event) const {
    return std::ranges::all_of(event.guard, [&](const PackedFormula& condition) {
      return condition.holds(current_.data());
    });
  }

  /// The first possible one, if there is any. A closed guard that is independent stays closed: it
  /// is noticed when nothing else is left to take alone.
  const PackedEvent* independent_event() const {
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      const Status status = packed_.status(current_.data(), step);
      if (status == Status::kRunning && independent_[end_event_of(step)])
        return &packed_.outcomes(step).front();
      if (status == Status::kWaiting && independent_[request_of(step)] && is_ready(step) &&
          is_open(packed_.request(step)))
        return &packed_.request(step);
    }
    return nullptr;
  }

  /// `to` is the new status of the event's step, and says of others whether it is a fault.
  bool take(std::uint32_t at, const PackedEvent& event, Status to) {
    next_ = current_;
    PackedPlan::apply(event, current_.data(), next_.data());
    const Happening& happening = event.happening;
    const bool of_a_step = happening.kind != Happening::Kind::kEnvironment;
    if (of_a_step) packed_.set_status(next_.data(), happening.what, to);
    if (to == Status::kFailed) {
      packed_.faults_used().set(next_.data(), packed_.faults_used().get(current_.data()) + 1);
      if (of_a_step) packed_.stopped().set(next_.data(), 1);
    }
    ++made_.transitions;
    count(happening);
    judge(at, event);
    const auto [number, is_new] = states_.insert(next_);
    if (!is_new) return true;
    arrivals_.push_back({at, &event});
    if (of_a_step && to == Status::kDone) judge_end(number);
    return states_.size() < options_.states_max;
  }

  void count(const Happening& happening) {
    if (happening.kind == Happening::Kind::kRequest) requested_[happening.what] = true;
    const Action& action = *(happening.kind == Happening::Kind::kEnvironment
                                 ? plan_.environment()[happening.what].action
                                 : plan_.action(happening.what).action);
    ++counts_[{&action, happening.kind == Happening::Kind::kOutcome
                            ? static_cast<int>(happening.outcome)
                            : -1}];
  }

  void judge_start() {
    const State& initial = plan_.model().initial();
    for (std::size_t i = 0; i < plan_.invariants().size(); ++i)
      if (!evaluate(plan_.invariants()[i].formula, initial))
        note({{PropertyKind::kStart, Obligation::kNoStep, true, i, 0}}, "", 0, nullptr);
  }

  void judge(std::uint32_t at, const PackedEvent& event) {
    const bool by_itself = event.happening.kind == Happening::Kind::kEnvironment;
    std::vector<Obligation> broken;
    for (const std::uint32_t i : event.invariants)
      if (!packed_.invariant(i).holds(next_.data()))
        broken.push_back({PropertyKind::kInvariant,
                          by_itself ? Obligation::kNoStep : event.happening.what,
                          event.happening.kind == Happening::Kind::kRequest, i, 0});
    if (broken.empty()) return;
    const std::string by =
        by_itself ? " by " + name_of(plan_.model(), plan_.environment()[event.happening.what]) : "";
    note(broken, by, at, &event);
  }

  void closed_guard(std::uint32_t at, std::size_t step) {
    const PackedEvent& request = packed_.request(step);
    std::vector<Obligation> broken;
    for (std::size_t i = 0; i < request.guard.size(); ++i)
      if (!request.guard[i].holds(current_.data()))
        broken.push_back({PropertyKind::kGuard, step, true, i, 0});
    note(broken, "", at, &request);
  }

  void judge_end(std::uint32_t number) {
    for (std::size_t step = 0; step < plan_.size(); ++step)
      if (packed_.status(next_.data(), step) != Status::kDone) return;
    ++made_.ends;
    std::vector<Obligation> missed;
    for (std::size_t i = 0; i < plan_.goals().size(); ++i)
      if (!packed_.goal(i).holds(next_.data()))
        missed.push_back({PropertyKind::kGoal, Obligation::kNoStep, true, i, 0});
    if (!missed.empty()) note(missed, "", number, nullptr);
  }

  /// Keeps the first violation of each property: in breadth-first order, the shortest.
  void note(const std::vector<Obligation>& broken, const std::string& by, std::uint32_t at,
            const PackedEvent* last) {
    for (std::size_t b = 0; b < broken.size(); ++b)
      for (const std::string& property : properties_of(plan_, broken[b])) {
        if (made_.violations.contains(property + by)) continue;
        Reached reached{broken, trace_to(at)};
        std::swap(reached.broken.front(), reached.broken[b]);
        if (last) reached.trace.push_back(last->happening);
        made_.violations.emplace(property + by, std::move(reached));
      }
  }

  Trace trace_to(std::uint32_t at) const {
    Trace trace;
    for (; arrivals_[at].event; at = arrivals_[at].from)
      trace.push_back(arrivals_[at].event->happening);
    std::ranges::reverse(trace);
    return trace;
  }

  void shorten() {
    constexpr std::size_t kEventsMax = 600;  // the effort grows with the square
    for (auto& [property, reached] : made_.violations) {
      const bool has_steps_to_spare = reached.broken.front().kind != PropertyKind::kGoal;
      if (has_steps_to_spare && reached.trace.size() <= kEventsMax)
        reached.trace = shortened(plan_, std::move(reached.trace), reached.broken.front());
    }
  }

 public:
  void name_counts(Exploration& made) const {
    for (const auto& [key, count] : counts_) {
      const auto& [action, outcome] = key;
      const std::string what =
          outcome < 0 ? "" : ": " + action->outcomes[static_cast<std::size_t>(outcome)].name;
      made.taken[action->name + what] += count;
    }
  }

 private:
  const GroundPlan& plan_;
  const ExploreOptions& options_;
  PackedPlan packed_;
  StateSet states_;
  std::vector<bool> independent_;
  std::vector<Arrival> arrivals_;
  std::vector<bool> requested_;
  std::map<std::pair<const Action*, int>, std::size_t> counts_;
  std::vector<std::uint64_t> current_;
  std::vector<std::uint64_t> next_;
  Exploration made_;
};

}  // namespace

Exploration explore(const GroundPlan& plan, const ExploreOptions& options) {
  Explorer explorer(plan, options);
  Exploration made = explorer.run();
  explorer.name_counts(made);
  return made;
}

}  // namespace wme::model
