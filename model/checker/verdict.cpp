#include "model/checker/verdict.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/checker/images.hpp"
#include "model/checker/parallel.hpp"
#include "model/checker/slice.hpp"
#include "model/checker/symbolic/symbolic_explorer.hpp"
#include "model/checker/symmetry.hpp"
#include "model/checker/witness.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// Everything known about one property.
struct Evidence {
  std::string statement;
  std::size_t checks = 0;
  bool open = false;  ///< the order does not show it everywhere
  bool is_state_property = false;
  std::optional<Reached> run;   ///< that breaks it
  bool found_by_order = false;  ///< the run
  bool broken_in_exploration = false;
};

class Verifier {
 public:
  Verifier(GroundPlan& plan, const VerifyOptions& options)
      : plan_(plan), options_(options), values_(plan, plan.order()) {}

  Verification run() {
    made_.order = prove_by_order(plan_, values_);
    list_properties();
    for (const Obligation& open : made_.order.open)
      for (const std::string& property : properties_of(plan_, open))
        evidence_[property].open = true;
    find_witnesses();
    if (is_explored()) explore_states();
    if (options_.recovery) look_for_ways();
    judge();
    list_not_covered();
    tell_counterexamples();
    return std::move(made_);
  }

 private:
  void list_properties() {
    for (const Rule& rule : all_rules()) {
      const bool has_state = rule.state.kind != Formula::Kind::kTrue;
      if (!has_state && actions_guarded_by(rule.id).empty()) continue;
      add(rule.id, rule.statement).is_state_property = has_state;
    }
    for (std::size_t step = 0; step < plan_.size(); ++step)
      for (const GroundCondition& condition : plan_.action(step).guard) {
        const std::string& name = plan_.action(step).action->name;
        const std::vector<std::string> rules = rules_in(condition.condition->rule);
        for (const std::string& rule : rules) ++evidence_[rule].checks;
        if (rules.empty())
          ++add(guard_property(name), "what " + name + " needs is there when it is requested")
                .checks;
      }
    count_invariant_checks();
    for (const GroundGoal& goal : plan_.goals())
      ++add(goal_property(goal.words), goal.words).checks;
    add(kEndsProperty,
        "the end of every step stays visible until those that wait for it have seen it")
        .checks = made_.order.ends;
  }

  void count_invariant_checks() {
    for (const GroundInvariant& invariant : plan_.invariants()) ++evidence_[invariant.rule].checks;
  }

  Evidence& add(const std::string& id, const std::string& statement) {
    if (!evidence_.contains(id)) ids_.push_back(id);
    Evidence& evidence = evidence_[id];
    evidence.statement = statement;
    return evidence;
  }

  /// For each property the open places with the fewest steps before them first.
  void find_witnesses() {
    constexpr std::size_t kPlacesMax = 24;  // per property
    const std::size_t events_max = 4'000'000;
    std::map<std::string, std::size_t> tried;
    WitnessSearch search(plan_, values_);
    for (const Obligation& open : by_distance(made_.order.open)) {
      const std::vector<std::string> properties = properties_of(plan_, open);
      const bool wanted = std::ranges::any_of(
          properties, [&](const std::string& each) { return !evidence_[each].run; });
      if (!wanted || ++tried[properties.front()] > kPlacesMax || search.events() > events_max)
        continue;
      if (const std::optional<Witness> found = search.find(open))
        keep({found->broken, found->trace}, true);
    }
  }

  std::vector<Obligation> by_distance(std::vector<Obligation> open) const {
    std::vector<std::size_t> ancestors(plan_.size(), 0);
    if (open.empty()) return open;
    for (std::size_t b = 0; b < plan_.size(); ++b)
      for (std::size_t a = 0; a < plan_.size(); ++a)
        if (plan_.order().before(a, b)) ++ancestors[b];
    std::ranges::stable_sort(open, std::less<>{}, [&](const Obligation& each) {
      return each.step == Obligation::kNoStep ? plan_.size() : ancestors[each.step];
    });
    return open;
  }

  /// The shortest run for each property that it breaks.
  void keep(const Reached& reached, bool by_order) {
    for (std::size_t b = 0; b < reached.broken.size(); ++b)
      for (const std::string& property : properties_of(plan_, reached.broken[b])) {
        Evidence& evidence = evidence_[property];
        if (evidence.run && evidence.run->trace.size() <= reached.trace.size()) continue;
        evidence.run = reached;
        std::swap(evidence.run->broken.front(), evidence.run->broken[b]);
        evidence.found_by_order = evidence.found_by_order || by_order;
      }
  }

  bool is_explored() const {
    constexpr std::size_t kStepsMax = 2500;
    if (options_.explore == VerifyOptions::Explore::kAuto)
      return !options_.faults.is_empty() || plan_.size() <= kStepsMax;
    return options_.explore == VerifyOptions::Explore::kAlways;
  }

  void explore_states() {
    ExploreOptions options;
    options.states_max = options_.states_max;
    options.faults = options_.faults;
    options.reductions = options_.reductions;
    options.threads = options_.threads;
    std::set<std::string> alone;
    std::optional<Symmetry> symmetry;
    if (!options_.faults.is_empty()) {
      plan_.add_environment();
      symmetry.emplace(plan_);
      alone = broken_without_any_plan(options, *symmetry);
    }
    if (symmetry && options_.reductions.slices)
      explore_slices(options, alone, *symmetry);
    else
      whole_is_explored_ = explore_whole(options).complete;
    for (const auto& [key, reached] : made_.exploration->violations) {
      if (alone.contains(key) || is_accepted(plan_, reached)) {
        made_.assumed.push_back(key);
        continue;
      }
      if (!replays(reached)) {
        made_.disagreements.push_back(key + ": the exploration's run does not replay");
        continue;
      }
      keep(reached, false);
      for (const Obligation& broken : reached.broken)
        for (const std::string& property : properties_of(plan_, broken))
          evidence_[property].broken_in_exploration = true;
    }
  }

  /// State by state; as sets of states, when they are too many for that.
  Exploration& explore_whole(const ExploreOptions& options) {
    Exploration& made = made_.exploration.emplace(explore(plan_, options));
    if (made.complete || plan_.size() > options_.symbolic_steps_max) return made;
    Exploration sets = explore_symbolically(plan_, {.faults = options.faults});
    if (sets.complete)
      made = std::move(sets);
    else
      made.stopped_by += ", and " + sets.stopped_by;
    return made;
  }

  /// Under faults, state properties alone are judged: each on the part of the plan it depends on.
  void explore_slices(const ExploreOptions& options, const std::set<std::string>& alone,
                      const Symmetry& symmetry) {
    const Slices slices(plan_, options, alone);
    const std::vector<std::uint32_t> judged = invariants_to_judge(symmetry);
    std::vector<SliceVerdict> verdicts(judged.size());
    in_parallel(options.threads, [&](std::size_t part) {
      for (std::size_t i = part; i < judged.size(); i += options.threads)
        verdicts[i] = slices.judge(judged[i]);
    });
    // Guards and goals are judged without faults: with one, a closed guard is a safe stop.
    ExploreOptions without_faults = options;
    without_faults.faults = FaultBudget();
    Exploration& sum = explore_whole(without_faults);
    whole_is_explored_ = sum.complete;
    std::map<std::string, Reached> assumed;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      SliceVerdict& each = verdicts[i];
      sum.slices += each.slices;
      sum.slice_steps_max = std::max(sum.slice_steps_max, each.steps_max);
      sum.states += each.states;
      sum.transitions += each.transitions;
      sum.states_stood_for += each.states_stood_for;
      sum.reductions.symmetry = sum.reductions.symmetry || each.symmetry;
      if (!each.complete) {
        sum.complete = false;
        const std::string& rule = plan_.invariants()[judged[i]].rule;
        sum.stopped_by = rule + ": " + each.stopped_by;
        undecided_.insert(rule);
      }
      sum.violations.merge(each.violations);
      assumed.merge(each.without_plan);
    }
    if (options.reductions.symmetry) {
      add_images(plan_, symmetry, sum.violations);
      add_images(plan_, symmetry, assumed);
    }
    for (const auto& [key, reached] : assumed) made_.assumed.push_back(key);
    sum.reductions.slices = true;
    sum.reductions.symmetry = sum.reductions.symmetry || judged.size() < plan_.invariants().size();
  }

  /// Of those that symmetry makes one another, one: what breaks it, renamed, breaks the others.
  std::vector<std::uint32_t> invariants_to_judge(const Symmetry& symmetry) const {
    const std::vector<PlanPart> stands_for = symmetry.representatives();
    std::vector<std::uint32_t> judged;
    for (std::uint32_t i = 0; i < plan_.invariants().size(); ++i) {
      const PlanPart part = symmetry.parts().invariant(i);
      if (!options_.reductions.symmetry || stands_for[part] == part) judged.push_back(i);
    }
    return judged;
  }

  bool replays(const Reached& reached) const {
    if (reached.broken.front().kind == PropertyKind::kStart) return true;
    const std::optional<ReplayEnd> end = replayed(plan_, reached.trace);
    return end && std::ranges::find(end->broken, reached.broken.front()) != end->broken.end();
  }

  /// "WORK-1 of c5 by machine-lost studio-1": what needs no plan, since it can happen to the
  /// installation as it is found, or as it serves when all is done, no plan can prevent.
  std::set<std::string> broken_without_any_plan(const ExploreOptions& options,
                                                const Symmetry& symmetry) const {
    std::map<std::string, Reached> found;
    add_broken_without_any_plan(plan_.model(), options, found);
    const GroundModel at_the_end(ended(plan_));
    add_broken_without_any_plan(at_the_end, options, found);
    // One run has ended; those in which containers change places have, too.
    add_images(plan_, symmetry, found);
    std::set<std::string> keys;
    for (const auto& [key, reached] : found) keys.insert(key);
    return keys;
  }

  void add_broken_without_any_plan(const GroundModel& model, const ExploreOptions& options,
                                   std::map<std::string, Reached>& found) const {
    Plan nothing = plan_.plan();
    nothing.steps.clear();
    Result<GroundPlan> empty = GroundPlan::of(model, nothing);
    if (!empty) return;
    empty.value().add_environment();
    for (const auto& [key, reached] : explore(empty.value(), options).violations)
      if (is_broken_by_environment(reached)) found.emplace(key, reached);
  }

  /// The installation as one fault-free run of the plan leaves it.
  static Installation ended(const GroundPlan& plan) {
    Replay run(plan);
    for (const std::size_t step : plan.order().topological()) {
      if (!run.possible(requests(step))) break;
      run.take(requests(step));
      if (run.possible(ends(step))) run.take(ends(step));
    }
    const GroundModel& model = plan.model();
    Installation made = model.installation();
    for (Variable each = 0; each < model.variable_count(); ++each) {
      std::string arguments;
      for (const std::string& argument : model.arguments_of(each))
        arguments += (arguments.empty() ? "" : " ") + argument;
      made.initial[fluents()[model.fluent_index(each)].name][arguments] =
          model.value_text(each, run.state()[each]);
    }
    return made;
  }

  void look_for_ways() {
    if (!options_.faults.is_empty()) plan_.add_environment();
    made_.recovery.emplace(Recovery{dead_ends(), no_return(plan_)});
  }

  /// Every state at rest where that is quick, or where everything was asked for; else samples.
  DeadEnds dead_ends() const {
    constexpr std::size_t kQuick = 500'000;
    ExploreOptions options;
    options.faults = options_.faults;
    options.reductions = options_.reductions;
    options.threads = options_.threads;
    options.states_max =
        options_.reductions.slices ? std::min(kQuick, options_.states_max) : options_.states_max;
    DeadEnds found = explore_dead_ends(plan_, options);
    // A sample must not hide a state of which nobody knows a way.
    if (found.strength == DeadEnds::Strength::kExplored || !found.dead.empty() ||
        !found.undecided.empty())
      return found;
    return sample_dead_ends(plan_, {.faults = options_.faults});
  }

  /// Sampled runs make no property; but a dead end refutes, and where every guard is open and every
  /// goal is reached in every interleaving, no run comes to rest anywhere else.
  void judge_recovery() {
    if (!made_.recovery) return;
    const DeadEnds& ends = made_.recovery->dead_ends;
    PropertyVerdict verdict{
        kRecoverableProperty,
        "wherever a run comes to rest, the goals or a declared safe stop are there or in reach",
        Verdict::kProved, "every run ends in the goals, since all of the above is proved",
        ends.rests};
    const bool all_proved = std::ranges::all_of(made_.properties, [](const PropertyVerdict& each) {
      return each.verdict == Verdict::kProved;
    });
    if (!ends.dead.empty()) {
      verdict.verdict = Verdict::kRefuted;
      verdict.how = ends.how + "; a dead end was replayed";
    } else if (!options_.faults.is_empty() || !all_proved) {
      if (ends.strength != DeadEnds::Strength::kExplored) return;
      verdict.verdict = Verdict::kExplored;
      verdict.how = ends.how;
    }
    made_.properties.push_back(std::move(verdict));
  }

  void judge() {
    for (const std::string& id : ids_) {
      const Evidence& evidence = evidence_[id];
      PropertyVerdict verdict{id, evidence.statement, Verdict::kUndecided, "", evidence.checks};
      decide(verdict, evidence);
      compare(id, evidence);
      made_.properties.push_back(std::move(verdict));
    }
    judge_recovery();
    made_.verdict = Verdict::kProved;
    const auto weaker = [](Verdict one, Verdict other) {
      constexpr Verdict kWeakestLast[] = {Verdict::kProved, Verdict::kExplored, Verdict::kUndecided,
                                          Verdict::kRefuted};
      return std::ranges::find(kWeakestLast, one) > std::ranges::find(kWeakestLast, other);
    };
    for (const PropertyVerdict& each : made_.properties)
      if (weaker(each.verdict, made_.verdict)) made_.verdict = each.verdict;
  }

  void decide(PropertyVerdict& verdict, const Evidence& evidence) const {
    const bool under_faults = !options_.faults.is_empty() && evidence.is_state_property;
    const bool on_slices = under_faults && made_.exploration && made_.exploration->slices > 0;
    const bool complete = on_slices ? !undecided_.contains(verdict.id) : whole_is_explored_;
    const std::string bound = under_faults ? " with " + options_.faults.words() : "";
    if (evidence.run) {
      verdict.verdict = Verdict::kRefuted;
      verdict.how = "a run of " + std::to_string(evidence.run->trace.size()) + " events breaks it" +
                    bound + "; replayed";
    } else if (!evidence.open && !under_faults) {
      verdict.verdict = Verdict::kProved;
      verdict.how = evidence.checks == 0 ? "nothing in this plan is bound by it"
                                         : "by the order of the steps, for every interleaving";
      if (complete && evidence.checks > 0 && options_.faults.is_empty() &&
          verdict.id != kEndsProperty)
        verdict.how += "; explored, too: " + states();
    } else if (complete && verdict.id != kEndsProperty) {
      verdict.verdict = Verdict::kExplored;
      verdict.how = "every reachable state" + bound + ": " + states();
    } else if (made_.exploration && !complete) {
      verdict.how = made_.exploration->stopped_by + bound + "; raise it, or verify a smaller fleet";
    } else {
      verdict.how = "the order of the steps does not show it, and no run was found that breaks it";
    }
  }

  std::string states() const {
    if (made_.exploration->slices > 0)
      return std::to_string(made_.exploration->slices) + " slices of the plan, " +
             std::to_string(made_.exploration->states) + " states, " +
             std::to_string(made_.exploration->transitions) + " transitions";
    return std::to_string(made_.exploration->states) + " states, " +
           std::to_string(made_.exploration->transitions) + " transitions" +
           (made_.exploration->diagram_nodes > 0 ? ", as sets" : "") +
           (made_.exploration->reductions.partial_order && options_.faults.is_empty()
                ? ", independent steps in one order"
                : "");
  }

  /// Two methods that share no argument: what one proves, the other must not refute, and what one
  /// has a run for, the other must find.
  void compare(const std::string& id, const Evidence& evidence) {
    if (!made_.exploration || !options_.faults.is_empty() || id == kEndsProperty) return;
    if (!evidence.open && evidence.broken_in_exploration)
      made_.disagreements.push_back(id + ": proved by order, refuted by exploration");
    if (evidence.found_by_order && !evidence.broken_in_exploration && made_.exploration->complete)
      made_.disagreements.push_back(id + ": a run breaks it, exploration did not find one");
  }

  void list_not_covered() {
    for (const Rule& rule : all_rules()) {
      if (evidence_.contains(rule.id)) continue;
      const Enforcement by = enforcements_of(rule).front();
      made_.not_covered.push_back({rule.id, std::string(to_string(by)) + ": " + rule.how});
    }
  }

  /// Those that one edge mends completely first, then the shortest.
  void tell_counterexamples() {
    for (const std::string& id : ids_) {
      const std::optional<Reached>& run = evidence_[id].run;
      if (!run) continue;
      const auto same_run =
          std::ranges::find(made_.counterexamples, run->trace, &Counterexample::trace);
      if (same_run != made_.counterexamples.end()) {
        same_run->also.push_back(id);
        continue;
      }
      Counterexample story = tell(plan_, values_, run->broken, run->trace);
      story.property = id;
      made_.counterexamples.push_back(std::move(story));
    }
    std::ranges::stable_sort(made_.counterexamples, std::less<>{}, [](const Counterexample& each) {
      return std::pair(!each.mends_all, each.trace.size());
    });
  }

  GroundPlan& plan_;
  const VerifyOptions& options_;
  PossibleValues values_;
  std::vector<std::string> ids_;  ///< in the order of the report
  std::map<std::string, Evidence> evidence_;
  bool whole_is_explored_ = false;
  std::set<std::string> undecided_;  ///< rules of which a slice met a bound
  Verification made_;
};

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kProved:
      return "proved";
    case Verdict::kExplored:
      return "explored";
    case Verdict::kRefuted:
      return "refuted";
    case Verdict::kUndecided:
      return "undecided";
  }
  return "?";
}

Result<Verification> verify(const GroundModel& model, const Plan& plan,
                            const VerifyOptions& options) {
  Result<GroundPlan> ground = GroundPlan::of(model, plan);
  if (ground && options.goals) ground.value().aim_at(*options.goals);
  if (!ground) return ground.error();
  return Verifier(ground.value(), options).run();
}

}  // namespace wme::model
