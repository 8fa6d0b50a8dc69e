#include "model/checker/symbolic/symbolic_explorer.hpp"

#include <algorithm>
#include <utility>

#include "model/checker/symbolic/state_sets.hpp"

namespace wme::model {

namespace {

using PackedState = std::vector<std::uint64_t>;

class SymbolicExplorer {
 public:
  SymbolicExplorer(const PackedPlan& packed, const SymbolicOptions& options)
      : packed_(packed),
        plan_(packed.plan()),
        options_(options),
        sets_(packed, options.nodes_max),
        findings_(plan_) {}

  Exploration run() {
    made_.state_bits = packed_.bits();
    findings_.judge_start();
    reach();
    if (!is_stopped()) count();
    if (!is_stopped()) find_broken_properties();
    if (!is_stopped()) find_closed_guards();
    if (!is_stopped()) find_missed_goals();
    made_.complete = !is_stopped();
    if (is_stopped())
      made_.stopped_by =
          "the bound of " + std::to_string(options_.nodes_max) + " nodes of diagrams was met";
    made_.violations = findings_.take();
    return std::move(made_);
  }

 private:
  /// An event that breaks a state property, and where it leads.
  struct Break {
    std::size_t depth = 0;  ///< the least
    std::uint32_t event = 0;
    std::uint32_t invariant = 0;
    bdd after;
  };

  bool is_stopped() const { return sets_.is_exhausted(); }

  /// Each event is tried on what has been found since it was tried last, the steps' in the plan's
  /// order, until nothing is new.
  void reach() {
    std::vector<std::uint32_t> events;
    for (const std::size_t step : plan_.order().topological())
      for (std::uint32_t e = packed_.request(step); e < packed_.end_of_step(step); ++e)
        events.push_back(e);
    for (auto e = packed_.first_of_environment(); e < packed_.events().size(); ++e)
      events.push_back(e);
    reached_ = sets_.only(packed_.initial().data());
    std::vector<bdd> tried(packed_.events().size(), bddfalse);
    for (bool grew = true; grew && !is_stopped();) {
      grew = false;
      for (const std::uint32_t e : events) {
        const bdd from = (reached_ - tried[e]) & sets_.possible(e);
        tried[e] = reached_;
        if (from == bddfalse) continue;
        const bdd more = reached_ | sets_.after(e, from);
        grew = grew || more != reached_;
        reached_ = more;
      }
    }
  }

  void count() {
    made_.states = sets_.count(reached_);
    made_.states_stood_for = made_.states;
    made_.depth = sets_.greatest_depth(reached_);
    made_.diagram_nodes = sets_.count_nodes(reached_);
    for (std::uint32_t e = 0; e < packed_.events().size(); ++e) {
      const std::size_t taken = sets_.count(reached_ & sets_.possible(e));
      made_.transitions = sum(made_.transitions, taken);
      const Happening& what = packed_.events()[e].happening;
      if (what.kind == Happening::Kind::kRequest && taken == 0 && packed_.request(what.what) == e)
        made_.never_requested.push_back(plan_.id(what.what));
      if (taken > 0) {
        std::size_t& known = made_.taken[kind_of(plan_, what)];
        known = sum(known, taken);
      }
    }
    const bdd faulted = sets_.faulted();
    bdd goals = bddtrue;
    for (std::size_t i = 0; i < plan_.goals().size(); ++i) goals &= sets_.where(packed_.goal(i));
    const bdd ended = reached_ & sets_.all_done();
    made_.ends = sets_.count(ended - (faulted - goals));
    made_.safe_stops = sum(sets_.count(ended & (faulted - goals)), sets_.count(stops(faulted)));
  }

  static std::size_t sum(std::size_t a, std::size_t b) {
    return a + b < a ? static_cast<std::size_t>(-1) : a + b;
  }

  /// Where a step has failed, or after a fault a guard is closed and stays closed.
  bdd stops(const bdd& faulted) {
    bdd made = reached_ & sets_.stopped();
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      const bdd open = sets_.where(packed_.events()[packed_.request(step)].guard);
      bdd stuck = (reached_ & faulted & sets_.ready(step)) - open;
      for (auto e = packed_.first_of_policy(step); e < packed_.end_of_step(step); ++e)
        stuck = stuck - sets_.possible(e);
      made |= stuck;
    }
    return made;
  }

  void find_broken_properties() {
    std::vector<Break> found;
    for (std::uint32_t i = 0; i < plan_.invariants().size() && !is_stopped(); ++i)
      add_breaks_of(i, found);
    std::ranges::stable_sort(found, std::less<>{}, &Break::depth);
    for (const Break& each : found) tell(each);
  }

  /// For each key, the one that comes first.
  void add_breaks_of(std::uint32_t invariant, std::vector<Break>& found) {
    const bdd holds = sets_.where(packed_.invariant(invariant));
    if ((reached_ - holds) == bddfalse) return;
    const Obligation broken{PropertyKind::kInvariant, Obligation::kNoStep, false, invariant, 0};
    std::map<std::string, Break> first;
    for (std::uint32_t e = 0; e < packed_.events().size(); ++e) {
      const PackedEvent& event = packed_.events()[e];
      if (std::ranges::find(event.judged, invariant, &PackedJudgement::invariant) ==
          event.judged.end())
        continue;
      const bdd after = sets_.after(e, reached_ & holds) - holds;
      if (after == bddfalse) continue;
      const Break here{sets_.least_depth(after), e, invariant, after};
      for (const std::string& property : properties_of(plan_, broken)) {
        const std::string key = findings_.key(property, broken, &event.happening);
        const auto known = first.try_emplace(key, here).first;
        if (here.depth < known->second.depth) known->second = here;
      }
    }
    for (const auto& [key, each] : first) found.push_back(each);
  }

  void tell(const Break& found) {
    const PackedEvent& event = packed_.events()[found.event];
    const PackedState after = sets_.first_of(found.after);
    const PackedState before = sets_.before(
        found.event, after, reached_ & sets_.where(packed_.invariant(found.invariant)));
    findings_.keep(broken_by(packed_, event, before.data(), after.data()), &event.happening,
                   [&] { return trace_to(before, event.happening); });
  }

  /// As explore(): a closed guard is a violation as long as nothing has gone wrong.
  void find_closed_guards() {
    for (std::size_t step = 0; step < plan_.size() && !is_stopped(); ++step) {
      const bdd asked = (reached_ & sets_.ready(step)) - sets_.faulted();
      for (const Tests::Entry condition : packed_.conditions(step)) {
        const bdd closed = asked - sets_.where(condition);
        if (closed == bddfalse) continue;
        const PackedState state = sets_.first_of(closed);
        findings_.keep(closed_guard(packed_, step, state.data()),
                       &packed_.events()[packed_.request(step)].happening,
                       [&] { return trace_to(state, requests(step)); });
      }
    }
  }

  void find_missed_goals() {
    if (plan_.size() == 0) return;
    for (std::size_t i = 0; i < plan_.goals().size() && !is_stopped(); ++i) {
      const bdd missed =
          (reached_ & sets_.all_done()) - sets_.faulted() - sets_.where(packed_.goal(i));
      if (missed == bddfalse) continue;
      const PackedState state = sets_.first_of(missed);
      Trace trace = trace_to(state);
      const Happening last = trace.back();
      findings_.keep(missed_goals(packed_, state.data()), &last, [&] { return trace; });
    }
  }

  Trace trace_to(const PackedState& state, const Happening& last) const {
    Trace trace = trace_to(state);
    trace.push_back(last);
    return trace;
  }

  /// Backwards, through states that were reached: every way to a state has the same length.
  Trace trace_to(PackedState state) const {
    Trace trace;
    while (state != packed_.initial()) {
      std::uint32_t e = 0;
      PackedState before;
      for (; e < packed_.events().size() && before.empty(); ++e)
        before = sets_.before(e, state, reached_);
      if (before.empty()) break;  // never: what was reached was reached from somewhere
      trace.push_back(packed_.events()[e - 1].happening);
      state = std::move(before);
    }
    std::ranges::reverse(trace);
    return trace;
  }

  const PackedPlan& packed_;
  const GroundPlan& plan_;
  const SymbolicOptions& options_;
  StateSets sets_;
  bdd reached_;
  Findings findings_;
  Exploration made_;
};

}  // namespace

Exploration explore_symbolically(const GroundPlan& plan, const SymbolicOptions& options) {
  const PackedPlan packed(plan, options.faults);
  return SymbolicExplorer(packed, options).run();
}

}  // namespace wme::model
