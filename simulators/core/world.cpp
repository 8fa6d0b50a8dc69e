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
  std::shared_ptr<const KnownAction> action;
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
  Impl(std::shared_ptr<const WorldModel> shared, const WorldClock& its_clock,
       FaultSchedule schedule)
      : known(std::move(shared)),
        model(known->model()),
        state(model.initial()),
        clock(its_clock),
        faults(std::move(schedule)),
        is_broken(known->invariants().size()),
        checks(known->rules().size()) {}

  /// Whether the condition fails as far as the world can tell.
  bool is_refused_by(const model::GroundCondition& condition) const {
    return known->fails_in_sight(condition.formula, state);
  }

  /// The conditions of the guard that do not hold, as far as the world can tell.
  std::vector<model::Failure> visible_failures(const model::GroundAction& action) const {
    std::vector<model::Failure> found;
    for (const model::GroundCondition& each : action.guard)
      if (is_refused_by(each)) found.push_back(model::failure_of(model, action, each, state));
    return found;
  }

  void record(const std::string& door, const std::string& action, const std::string& rule,
              const std::string& sentence) {
    violations.push_back({now, door, action, rule, sentence});
  }

  void apply(const std::vector<model::GroundEffect>& effects, const std::string& door,
             const std::string& action) {
    std::set<std::size_t> touched;
    for (const model::Variable changed : model::apply(effects, state))
      touched.insert(known->invariants_of(changed).begin(), known->invariants_of(changed).end());
    for (const std::size_t i : touched) {
      const model::GroundInvariant& invariant = known->invariants()[i];
      const bool was_broken = is_broken[i];
      is_broken[i] = !model::evaluate(invariant.formula, state);
      ++checks[known->rule_of(i)];
      if (!is_broken[i] || was_broken) continue;  // recorded when it broke
      const std::string about = invariant.about.empty() ? "" : invariant.about + ": ";
      record(door, action, invariant.rule, about + invariant.sentence);
    }
  }

  void finish(const Running& ended) {
    const model::GroundAction& action = ended.action->ground;
    const std::string& outcome = action.action->outcomes[ended.outcome].name;
    if (ended.outcome == 0 && !model::evaluate(action.lasts, state)) {
      // Its machine went, and it with it.
      events.push_back({now, ended.door, ended.action->name, "lost"});
      return;
    }
    apply(action.outcomes[ended.outcome], ended.door, ended.action->name);
    events.push_back({now, ended.door, ended.action->name, outcome});
  }

  std::vector<Running>::iterator find_running(std::string_view action,
                                              const std::vector<std::string>& arguments) {
    return std::ranges::find_if(running, [&](const Running& each) {
      const model::GroundAction& ground = each.action->ground;
      return ground.action->name == action &&
             std::ranges::equal(
                 ground.arguments, arguments, {},
                 [&](model::Entity one) -> const std::string& { return model.name(one); });
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
    std::shared_ptr<const KnownAction> asked = known->action(name, arguments);
    if (!asked) return {{std::string(name) + " does not exist for this installation"}, {}};
    const model::GroundAction& grounded = asked->ground;
    const model::Action* action = grounded.action;
    const std::string door(door_name);
    Reply reply;
    std::vector<model::Failure> broken_rules;
    for (model::Failure& failure : visible_failures(grounded)) {
      if (failure.enforcer == model::Enforcer::kSystem)
        reply.refusals.push_back(std::move(failure.sentence));
      else
        broken_rules.push_back(std::move(failure));
    }
    if (!reply.accepted()) return reply;
    for (const std::size_t rule : asked->judged_by) ++checks[rule];
    const std::size_t before = violations.size();
    for (const model::Failure& failure : broken_rules)
      record(door, asked->name, failure.rule, failure.sentence);
    apply(grounded.request, door, asked->name);
    events.push_back({now, door, asked->name, "request"});
    const Fault fate = faults.next(name);
    const bool fails = action->outcomes.size() > 1 && fate == Fault::kOutcomeFails;
    // Without a transitional value nobody could tell that it is under way: it is done at once.
    const bool unseen = ends == Ends::kInTimeIfSeen && action->request.empty();
    const bool at_once = ends == Ends::kAtOnce || asked->takes.count() == 0 || unseen;
    const bool drags = !at_once && (fate == Fault::kSlow || fate == Fault::kHangs);
    if (fails || drags) met.push_back({std::string(name), fate, now});
    const std::chrono::milliseconds takes = !drags                 ? asked->takes
                                            : fate == Fault::kSlow ? asked->takes * kSlowness
                                                                   : kForEver;
    Running started{now + takes, next_order++, std::move(asked), fails ? 1U : 0U, door};
    if (at_once)
      finish(started);
    else
      running.insert(std::ranges::upper_bound(running, started, comes_first), std::move(started));
    reply.violations.assign(violations.begin() + static_cast<std::ptrdiff_t>(before),
                            violations.end());
    return reply;
  }

  std::shared_ptr<const WorldModel> known;
  const model::GroundModel& model;  ///< of `known`
  model::State state;
  const WorldClock& clock;
  FaultSchedule faults;
  Conditions conditions;
  std::vector<bool> is_broken;   ///< by invariant
  std::vector<Running> running;  ///< sorted by due
  std::vector<Violation> violations;
  std::vector<Event> events;
  std::vector<long long> checks;  ///< by rule
  std::vector<MetFault> met;
  std::map<std::string, int, std::less<>> operations;
  std::uint64_t next_order = 0;
  TimePoint now{};
  std::mutex mutex;
};

World::World(model::Installation installation, const WorldClock& clock, FaultSchedule faults,
             model::Durations durations)
    : World(std::make_shared<const WorldModel>(std::move(installation), std::move(durations)),
            clock, std::move(faults)) {}

World::World(std::shared_ptr<const WorldModel> model, const WorldClock& clock, FaultSchedule faults)
    : impl_(std::make_unique<Impl>(std::move(model), clock, std::move(faults))) {}

World::~World() = default;

std::unique_lock<std::mutex> World::enter() {
  std::unique_lock<std::mutex> lock(impl_->mutex);
  impl_->advance();
  return lock;
}

TimePoint World::now() const { return impl_->now; }

const model::Installation& World::installation() const { return impl_->model.installation(); }

const model::GroundModel& World::model() const { return impl_->model; }

const model::Durations& World::durations() const { return impl_->known->durations(); }

const model::State& World::state() const { return impl_->state; }

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
  const auto asked = impl_->known->action(action, arguments);
  return asked && std::ranges::none_of(asked->ground.guard, [&](const auto& condition) {
           return impl_->is_refused_by(condition);
         });
}

bool World::exists(std::string_view action, const std::vector<std::string>& arguments) const {
  return model::find_action(action) != nullptr && impl_->known->action(action, arguments);
}

void World::judge(std::string_view action, const std::vector<std::string>& arguments,
                  std::string_view door) {
  const auto asked = impl_->known->action(action, arguments);
  if (!asked) return;
  for (const model::Failure& failure : impl_->visible_failures(asked->ground))
    if (failure.enforcer == model::Enforcer::kRule)
      impl_->record(std::string(door), asked->name, failure.rule, failure.sentence);
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

std::map<std::string, long long> World::checks() const {
  std::map<std::string, long long> judged;
  for (std::size_t rule = 0; rule < impl_->checks.size(); ++rule)
    if (impl_->checks[rule] > 0) judged.emplace(impl_->known->rules()[rule], impl_->checks[rule]);
  return judged;
}

const std::vector<Event>& World::events() const { return impl_->events; }

}  // namespace wme::simulators
