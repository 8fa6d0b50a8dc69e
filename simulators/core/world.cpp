#include "simulators/core/world.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <utility>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::simulators {

namespace {

/// A request under way: its outcome comes at `due`; `order` breaks ties the same way every time.
struct Running {
  TimePoint due;
  std::uint64_t order = 0;
  model::GroundAction action;
  std::size_t outcome = 0;
  std::string door;
};

bool comes_first(const Running& a, const Running& b) {
  return std::pair(a.due, a.order) < std::pair(b.due, b.order);
}

constexpr int kSlowness = 4;
constexpr std::chrono::seconds kForEver = std::chrono::years(1);
constexpr std::size_t kOperationsMax = 1000;
constexpr const char* kWriteArchive = "write-archive";

/// The same installation with one archive more, of this store: what the model says of archives is
/// said about any tree, whether or not the installation is backed up that way.
model::Installation with_archive(model::Installation installation, const std::string& store,
                                 const std::string& archive) {
  installation.sorts["archive"].push_back(archive);
  installation.sorts["backup"].push_back(archive);
  installation.functions["store"][archive] = store;
  installation.functions["target"][archive] = store;
  const auto& roles = installation.attributes["role"];
  if (const auto role = roles.find(store); role != roles.end())
    installation.attributes["role"][archive] = std::string(role->second);
  return installation;
}

/// The values of the variables that both models have; the others as `to` begins with them.
model::State carried_over(const model::GroundModel& from, const model::State& state,
                          const model::GroundModel& to) {
  model::State carried = to.initial();
  for (model::Variable each = 0; each < from.variable_count(); ++each) {
    const std::string& fluent = model::fluents()[from.fluent_index(each)].name;
    if (const auto there = to.variable(fluent, from.arguments_of(each)))
      carried[*there] = state[each];
  }
  return carried;
}

[[noreturn]] void misuse(const std::string& what) {
  std::cerr << "rehydrate: a simulator asked for what the model does not have: " << what << "\n";
  std::abort();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Violation& violation) {
  return out << violation.door << ": " << violation.action << " breaks " << violation.rule << ": "
             << violation.sentence;
}

struct World::Impl {
  Impl(model::Installation installation, const WorldClock& its_clock, FaultSchedule schedule)
      : model(std::move(installation)),
        state(model.initial()),
        clock(its_clock),
        faults(std::move(schedule)),
        invariants(model.invariants()),
        invariants_of(model.variable_count()),
        beyond_sight(executor_facts()) {
    for (std::size_t i = 0; i < invariants.size(); ++i) index(invariants[i].formula, i);
  }

  /// What only the executor itself knows (the inventory before, the comparison after).
  std::vector<bool> executor_facts() const {
    std::set<std::string> names;
    for (const model::Action& action : model::all_actions())
      if (action.door == model::Door::kExecutor)
        for (const model::Effect& effect : action.outcomes.front().effects)
          names.insert(effect.target.fluent);
    std::vector<bool> facts(model.variable_count());
    for (model::Variable each = 0; each < facts.size(); ++each)
      facts[each] = names.contains(model::fluents()[model.fluent_index(each)].name);
    return facts;
  }

  /// Whether the formula fails whatever the executor may have noted down: nobody is accused of what
  /// the world cannot see. (In negation normal form, a leaf taken as true only helps.)
  bool fails_in_sight(const model::GroundFormula& formula) const {
    switch (formula.kind) {
      case model::GroundFormula::Kind::kIn:
        return !beyond_sight[formula.variable] && !model::evaluate(formula, state);
      case model::GroundFormula::Kind::kAnd:
        return std::ranges::any_of(formula.parts,
                                   [&](const auto& part) { return fails_in_sight(part); });
      case model::GroundFormula::Kind::kOr:
        return std::ranges::all_of(formula.parts,
                                   [&](const auto& part) { return fails_in_sight(part); });
    }
    return false;
  }

  /// The conditions of the guard that do not hold, as far as the world can tell.
  std::vector<model::Failure> visible_failures(const model::GroundAction& action) const {
    std::vector<model::Failure> found;
    model::GroundAction in_sight = action;
    std::erase_if(in_sight.guard, [&](const model::GroundCondition& each) {
      return !fails_in_sight(each.formula);
    });
    return model::failures(model, in_sight, state);
  }

  void index(const model::GroundFormula& formula, std::size_t invariant) {
    if (formula.kind == model::GroundFormula::Kind::kIn) {
      std::vector<std::size_t>& known = invariants_of[formula.variable];
      if (known.empty() || known.back() != invariant) known.push_back(invariant);
    }
    for (const model::GroundFormula& part : formula.parts) index(part, invariant);
  }

  void record(const std::string& door, const std::string& action, const std::string& rule,
              const std::string& sentence) {
    violations.push_back({now, door, action, rule, sentence});
  }

  void apply(const std::vector<model::GroundEffect>& effects, const std::string& door,
             const std::string& action) {
    std::set<std::size_t> touched;
    for (const model::Variable changed : model::apply(effects, state))
      touched.insert(invariants_of[changed].begin(), invariants_of[changed].end());
    for (const std::size_t i : touched) {
      const model::GroundInvariant& invariant = invariants[i];
      const bool holds = model::evaluate(invariant.formula, state);
      ++checks[invariant.rule];
      if (holds) {
        broken.erase(i);
        continue;
      }
      if (!broken.insert(i).second) continue;  // recorded when it broke
      const std::string about = invariant.about.empty() ? "" : invariant.about + ": ";
      record(door, action, invariant.rule, about + invariant.sentence);
    }
  }

  void finish(const Running& ended) {
    const std::string action = model::name_of(model, ended.action);
    const std::string& outcome = ended.action.action->outcomes[ended.outcome].name;
    if (ended.outcome == 0 && !model::evaluate(ended.action.lasts, state)) {
      events.push_back({now, ended.door, action, "lost"});  // its machine went, and it with it
      return;
    }
    apply(ended.action.outcomes[ended.outcome], ended.door, action);
    events.push_back({now, ended.door, action, outcome});
  }

  std::vector<Running>::iterator find_running(std::string_view action,
                                              const std::vector<std::string>& arguments) {
    return std::ranges::find_if(running, [&](const Running& each) {
      std::vector<std::string> names;
      for (const model::Entity argument : each.action.arguments)
        names.push_back(model.name(argument));
      return each.action.action->name == action && names == arguments;
    });
  }

  void advance() {
    const TimePoint target = clock.now();
    while (!running.empty() && running.front().due <= target) {
      const Running next = std::move(running.front());
      running.erase(running.begin());
      now = std::max(now, next.due);
      finish(next);
    }
    now = std::max(now, target);
  }

  enum class Ends { kAtOnce, kInTimeIfSeen, kInTime };

  Reply request(std::string_view name, const std::vector<std::string>& arguments,
                std::string_view door_name, Ends ends) {
    const model::Action* action = model::find_action(name);
    if (action == nullptr) misuse(std::string(name));
    const std::optional<model::GroundAction> grounded = model.ground(*action, arguments);
    if (!grounded) return {{std::string(name) + " does not exist for this installation"}, {}};
    const std::string door(door_name);
    const std::string full_name = model::name_of(model, *grounded);
    Reply reply;
    std::vector<model::Failure> broken_rules;
    for (model::Failure& failure : visible_failures(*grounded)) {
      if (failure.enforcer == model::Enforcer::kSystem)
        reply.refusals.push_back(std::move(failure.sentence));
      else
        broken_rules.push_back(std::move(failure));
    }
    if (!reply.accepted()) return reply;
    for (const model::GroundCondition& each : grounded->guard)
      if (!each.condition->rule.empty()) ++checks[each.condition->rule];
    const std::size_t before = violations.size();
    for (const model::Failure& failure : broken_rules)
      record(door, full_name, failure.rule, failure.sentence);
    apply(grounded->request, door, full_name);
    events.push_back({now, door, full_name, "request"});
    const Fault fate = faults.next(name);
    const bool fails = action->outcomes.size() > 1 && fate == Fault::kOutcomeFails;
    // Without a transitional value nobody could tell that it is under way: it is done at once.
    const bool unseen = ends == Ends::kInTimeIfSeen && action->request.empty();
    const bool at_once = ends == Ends::kAtOnce || action->typical.count() == 0 || unseen;
    const bool drags = !at_once && (fate == Fault::kSlow || fate == Fault::kHangs);
    if (fails || drags) met.push_back({std::string(name), fate, now});
    const auto takes = !drags                 ? action->typical
                       : fate == Fault::kSlow ? action->typical * kSlowness
                                              : kForEver;
    Running started{now + takes, next_order++, *grounded, fails ? 1U : 0U, door};
    if (at_once)
      finish(started);
    else
      running.insert(std::ranges::upper_bound(running, started, comes_first), std::move(started));
    reply.violations.assign(violations.begin() + static_cast<std::ptrdiff_t>(before),
                            violations.end());
    return reply;
  }

  model::GroundModel model;
  model::State state;
  const WorldClock& clock;
  FaultSchedule faults;
  Conditions conditions;
  std::vector<model::GroundInvariant> invariants;
  std::vector<std::vector<std::size_t>> invariants_of;  ///< by variable
  std::vector<bool> beyond_sight;                       ///< by variable
  std::set<std::size_t> broken;
  std::vector<Running> running;  ///< sorted by due
  std::vector<Violation> violations;
  std::vector<Event> events;
  std::map<std::string, long long> checks;
  std::vector<MetFault> met;
  std::map<std::string, int, std::less<>> operations;
  std::uint64_t next_order = 0;
  TimePoint now{};
  std::mutex mutex;
};

World::World(model::Installation installation, const WorldClock& clock, FaultSchedule faults)
    : impl_(std::make_unique<Impl>(std::move(installation), clock, std::move(faults))) {}

World::~World() = default;

std::unique_lock<std::mutex> World::enter() {
  std::unique_lock<std::mutex> lock(impl_->mutex);
  impl_->advance();
  return lock;
}

TimePoint World::now() const { return impl_->now; }

const model::Installation& World::installation() const { return impl_->model.installation(); }

const std::string& World::value(std::string_view fluent,
                                const std::vector<std::string>& arguments) const {
  const std::optional<model::Variable> at = impl_->model.variable(fluent, arguments);
  if (!at) {
    std::string text(fluent);
    for (const std::string& argument : arguments) text += " " + argument;
    misuse(text);
  }
  return impl_->model.value_text(*at, impl_->state[*at]);
}

bool World::is(std::string_view fluent, const std::vector<std::string>& arguments,
               std::string_view wanted) const {
  return value(fluent, arguments) == wanted;
}

Reply World::request(std::string_view action, const std::vector<std::string>& arguments,
                     std::string_view door) {
  return impl_->request(action, arguments, door, Impl::Ends::kInTimeIfSeen);
}

Reply World::perform(std::string_view action, const std::vector<std::string>& arguments,
                     std::string_view door) {
  return impl_->request(action, arguments, door, Impl::Ends::kAtOnce);
}

Reply World::begin(std::string_view action, const std::vector<std::string>& arguments,
                   std::string_view door) {
  return impl_->request(action, arguments, door, Impl::Ends::kInTime);
}

bool World::would_be_clean(std::string_view action,
                           const std::vector<std::string>& arguments) const {
  const model::Action* known = model::find_action(action);
  if (known == nullptr) misuse(std::string(action));
  const std::optional<model::GroundAction> grounded = impl_->model.ground(*known, arguments);
  return grounded && impl_->visible_failures(*grounded).empty();
}

bool World::exists(std::string_view action, const std::vector<std::string>& arguments) const {
  const model::Action* found = model::find_action(action);
  return found != nullptr && impl_->model.ground(*found, arguments).has_value();
}

void World::judge(std::string_view action, const std::vector<std::string>& arguments,
                  std::string_view door) {
  const model::Action* known = model::find_action(action);
  if (known == nullptr) misuse(std::string(action));
  const std::optional<model::GroundAction> grounded = impl_->model.ground(*known, arguments);
  if (!grounded) return;
  const std::string name = model::name_of(impl_->model, *grounded);
  for (const model::Failure& failure : impl_->visible_failures(*grounded))
    if (failure.enforcer == model::Enforcer::kRule)
      impl_->record(std::string(door), name, failure.rule, failure.sentence);
}

void World::judge_archive(const std::string& store, std::string_view door) {
  const std::string archive = "tar of " + store;
  const model::GroundModel wider(with_archive(installation(), store, archive));
  const auto action = wider.ground(*model::find_action(kWriteArchive), {archive});
  if (!action) misuse(archive);
  const model::State state = carried_over(impl_->model, impl_->state, wider);
  for (const model::Failure& failure : model::failures(wider, *action, state))
    if (failure.enforcer == model::Enforcer::kRule)
      impl_->record(std::string(door), model::name_of(wider, *action), failure.rule,
                    failure.sentence);
}

void World::record_violation(std::string_view door, std::string_view action, std::string_view rule,
                             std::string_view sentence) {
  impl_->record(std::string(door), std::string(action), std::string(rule), std::string(sentence));
}

Fault World::next_fault(std::string_view operation, bool was_read_before) {
  auto& operations = impl_->operations;
  if (const auto known = operations.find(operation); known != operations.end())
    ++known->second;
  else if (operations.size() < kOperationsMax)
    operations.emplace(operation, 1);
  const Fault fault = impl_->faults.next(operation);
  // On a wire only the exchange can go wrong; what comes of it later goes by the action's name.
  if (fault == Fault::kNone || fault == Fault::kOutcomeFails || fault == Fault::kSlow ||
      fault == Fault::kHangs)
    return Fault::kNone;
  // Nothing is proved by a fault that changed nothing: it must not pass for one that was survived.
  if (fault == Fault::kStaleRead && !was_read_before) return Fault::kNone;
  impl_->met.push_back({std::string(operation), fault, impl_->now});
  return fault;
}

Conditions& World::conditions() { return impl_->conditions; }
const Conditions& World::conditions() const { return impl_->conditions; }

const std::vector<MetFault>& World::faults_met() const { return impl_->met; }

const std::map<std::string, int, std::less<>>& World::operations() const {
  return impl_->operations;
}

std::optional<TimePoint> World::next_due() const {
  if (impl_->running.empty()) return std::nullopt;
  return impl_->running.front().due;
}

std::optional<TimePoint> World::due(std::string_view action,
                                    const std::vector<std::string>& arguments) const {
  const auto found = impl_->find_running(action, arguments);
  if (found == impl_->running.end()) return std::nullopt;
  return found->due;
}

bool World::end_now(std::string_view action, const std::vector<std::string>& arguments) {
  const auto found = impl_->find_running(action, arguments);
  if (found == impl_->running.end()) return false;
  const Running ended = std::move(*found);
  impl_->running.erase(found);
  impl_->finish(ended);
  return true;
}

const std::vector<Violation>& World::violations() const { return impl_->violations; }

const std::map<std::string, long long>& World::checks() const { return impl_->checks; }

const std::vector<Event>& World::events() const { return impl_->events; }

}  // namespace wme::simulators
