#include "scenarios/campaign/trial.hpp"

#include <algorithm>
#include <utility>

#include "model/wme/safe_stops.hpp"
#include "model/wme/vocabulary.hpp"
#include "scenarios/campaign/judge.hpp"
#include "scenarios/campaign/world_port.hpp"
#include "scenarios/rehearsal/virtual_clock.hpp"

namespace wme::scenarios {

namespace {

using std::chrono::milliseconds;

// As on every other stage: the same night.
const executor::TimePoint kOpening{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} +
                                   std::chrono::hours(2)};

std::string name_of(const std::string& action, const std::vector<std::string>& arguments) {
  std::string name = action;
  for (const std::string& each : arguments) name += " " + each;
  return name;
}

/// Which kills of the schedule are due, and whether the process is dead.
class Death {
 public:
  explicit Death(std::vector<Kill> kills) : kills_(std::move(kills)) {}
  /// A moment at which the process may be killed. False: it was, here.
  bool survives(Kill::Moment moment, const std::string& action) {
    const int n = ++moments_[{moment, action}];
    for (const Kill& each : kills_)
      if (each.moment == moment && each.action == action && each.occurrence == n) {
        killer_ = &each;
        return false;
      }
    return true;
  }
  /// Of this moment so far.
  int count(Kill::Moment moment, const std::string& action) const {
    const auto found = moments_.find({moment, action});
    return found == moments_.end() ? 0 : found->second;
  }
  const Kill* killer() const { return killer_; }  ///< null: alive
  void revive() { killer_ = nullptr; }

 private:
  std::vector<Kill> kills_;
  std::map<std::pair<Kill::Moment, std::string>, int> moments_;
  const Kill* killer_ = nullptr;
};

FaultKind kill_kind(Kill::Moment moment) {
  for (const FaultKindFacts& each : all_fault_kinds())
    if (is_kill(each.kind) && each.moment == moment) return each.kind;
  return FaultKind::kKilledUnsent;
}

/// What a lane keeps ready of one act.
struct LaneAct {
  const model::GroundModel* model = nullptr;  ///< of its procedure; null: it runs none
  std::shared_ptr<const executor::Script> script;
  std::map<std::string, std::size_t> steps;  ///< by action and arguments
  /// By variable of the world: which steps end in it.
  std::vector<std::vector<std::size_t>> is_seen_in;
};

/// One system behind all doors.
executor::Ports doors_to(executor::SystemPort* system) {
  executor::Ports ports;
  for (const char* each : {"launchpad", "config-wizard", "cloud", "host", "operator", "executor"})
    ports[each] = system;
  return ports;
}

/// All that a lane's trials share.
struct Ready {
  Ready(const Course& its_course, PortWrap its_planted)
      : course(its_course),
        planted(std::move(its_planted)),
        model(model_of(course.world)),
        world(std::make_shared<const simulators::WorldModel>(model, course.durations.times)) {
    for (const CourseAct& each : course.acts) acts.push_back(made(each));
    for (const model::SafeStop& each : model::safe_stops())
      stops.push_back(model.ground(each.formula));
  }

  const model::GroundModel& model_of(model::Procedure procedure) {
    std::unique_ptr<model::GroundModel>& made = models[procedure];
    if (!made)
      made =
          std::make_unique<model::GroundModel>(model::installation_of(course.inventory, procedure));
    return *made;
  }

  LaneAct made(const CourseAct& act) {
    LaneAct lane;
    if (act.act.kind != Act::Kind::kRun) return lane;
    lane.model = &model_of(act.act.procedure);
    lane.script =
        executor::Script::of(*lane.model, act.plan, *act.order, doors_to(nullptr)).value();
    lane.is_seen_in.resize(model.variable_count());
    for (std::size_t i = 0; i < act.plan.steps.size(); ++i) {
      lane.steps[name_of(act.plan.steps[i].action, act.plan.steps[i].arguments)] = i;
      for (const executor::Variable& each : act.facts[i].ends_in)
        if (const auto variable = model.variable(each.fluent, each.arguments))
          lane.is_seen_in[*variable].push_back(i);
    }
    return lane;
  }

  const Course& course;
  PortWrap planted;
  std::map<model::Procedure, std::unique_ptr<model::GroundModel>> models;
  const model::GroundModel& model;  ///< the world's
  std::shared_ptr<const simulators::WorldModel> world;
  std::vector<LaneAct> acts;
  std::vector<model::GroundFormula> stops;  ///< as model::safe_stops
};

/// One run, its world, and everything that happens to it.
class Trial {
 public:
  Trial(Ready& lane, const Schedule& schedule)
      : lane_(lane),
        course_(lane.course),
        schedule_(schedule),
        clock_(kOpening),
        death_(kills_in(schedule)),
        world_(lane.world, clock_, simulators::FaultSchedule(rules_in(schedule))),
        port_(*this) {
    for (const PlannedFault& each : schedule)
      notes_looks_ = notes_looks_ || facts_of(each.kind).prefix == "look ";
  }

  TrialResult hold() {
    TrialResult result;
    for (act_ = 0; act_ < course_.acts.size(); ++act_)
      if (!play()) break;
    result.reached_goal = act_ == course_.acts.size();
    result.reason = reason_;
    result.breaches = std::move(breaches_);
    result.met = std::move(met_);
    result.struck = struck_;
    {
      const auto lock = world_.enter();
      judge(course_, world_, lane_.stops, result);
    }
    measure(result);
    return result;
  }

  simulators::World& world() { return world_; }
  std::vector<ActRecord> take_records() { return std::move(records_); }

  /// For the run that shows where each step is: every look is noted.
  void note_places(std::vector<std::vector<StepPlace>>& places) {
    places_ = &places;
    notes_looks_ = true;
  }

 private:
  static std::vector<simulators::FaultRule> rules_in(const Schedule& schedule) {
    std::vector<simulators::FaultRule> rules;
    for (const PlannedFault& each : schedule)
      if (!is_kill(each.kind)) rules.push_back(rule_of(each));
    return rules;
  }
  static std::vector<Kill> kills_in(const Schedule& schedule) {
    std::vector<Kill> kills;
    for (const PlannedFault& each : schedule)
      if (is_kill(each.kind)) kills.push_back(kill_of(each));
    return kills;
  }

  const CourseAct& act() const { return course_.acts[act_]; }
  LaneAct& lane_act() { return lane_.acts[act_]; }
  StepPlace* place(std::size_t step) {
    return places_ == nullptr ? nullptr : &(*places_)[act_][step];
  }
  void breach(std::string property, std::string text) {
    breaches_.push_back({std::move(property), std::move(text)});
  }

  // what happens to the run

  /// The world behind the executor's doors, where the process can be killed around each request.
  class Port : public WorldPort {
   public:
    explicit Port(Trial& trial) : WorldPort(trial.world_), trial_(trial) {}
    Result<std::string> perform(const executor::Call& call) override {
      return trial_.perform(call);
    }
    Result<std::vector<executor::Observation>> observe(
        const std::vector<executor::Variable>& variables) override {
      if (Status alive = trial_.alive(); !alive) return alive.error();
      auto seen = WorldPort::observe(variables);
      trial_.note_looks();
      return seen;
    }
    Status glance(std::span<const model::Variable> asked,
                  std::span<executor::Sight> sights) override {
      if (Status alive = trial_.alive(); !alive) return alive;
      const Status seen = WorldPort::glance(asked, sights);
      trial_.note_looks();
      return seen;
    }

   protected:
    std::vector<std::string> names_of_look(std::span<const model::Variable> asked) override {
      return trial_.names_of_look(asked);
    }

   private:
    Trial& trial_;
  };

  class Journal : public executor::JournalPort {
   public:
    explicit Journal(Trial& trial) : trial_(trial) {}
    Status append(const executor::Entry& entry) override { return trial_.append(entry); }

   private:
    Trial& trial_;
  };

  bool survives(Kill::Moment moment, const std::string& action, std::size_t step) {
    if (death_.survives(moment, action)) return true;
    met_.insert({act_, step, kill_kind(moment)});
    ++struck_;
    return false;
  }

  Result<std::string> perform(const executor::Call& call) {
    const Error killed{ErrorCode::kUnknownOutcome, "killed"};
    if (death_.killer() != nullptr) return killed;
    const std::size_t step = lane_act().steps.at(name_of(call.action, call.arguments));
    if (!survives(Kill::Moment::kUnsent, call.action, step)) return killed;
    const std::size_t before = world_.faults_met().size();
    asked_.insert(step);
    Result<std::string> receipt = port_.WorldPort::perform(call);
    for (std::size_t i = before; i < world_.faults_met().size(); ++i) {
      ++struck_;
      for (const FaultKindFacts& each : all_fault_kinds())
        if (!is_kill(each.kind) && each.fault == world_.faults_met()[i].fault &&
            each.prefix != "look ")
          met_.insert({act_, step, each.kind});
    }
    if (StepPlace* const its = place(step); its != nullptr)
      its->request = death_.count(Kill::Moment::kUnsent, call.action);
    if (!survives(Kill::Moment::kUnheard, call.action, step)) return killed;
    return receipt;
  }

  Status alive() const {
    if (death_.killer() != nullptr) return Error{ErrorCode::kFailed, "killed"};
    return Done{};
  }

  /// Which faults met the look that has just been taken.
  void note_looks() {
    for (std::size_t i = faults_before_look_; i < world_.faults_met().size(); ++i) {
      ++struck_;
      const simulators::MetFault& fault = world_.faults_met()[i];
      for (const FaultKindFacts& each : all_fault_kinds())
        if (each.fault == fault.fault && each.prefix == "look ")
          for (const std::size_t step : looked_at_)
            if (fault.operation == "look " + act().plan.steps[step].action)
              met_.insert({act_, step, each.kind});
    }
  }

  /// A look is at every step that is under way and ends in what is looked at.
  std::vector<std::string> names_of_look(std::span<const model::Variable> asked) {
    std::vector<std::string> names;
    faults_before_look_ = world_.faults_met().size();
    looked_at_.clear();
    if (!notes_looks_ || asked_.empty()) return names;
    for (const model::Variable each : asked)
      for (const std::size_t step : lane_act().is_seen_in[each])
        if (asked_.contains(step)) looked_at_.insert(step);
    std::set<std::string> actions;
    for (const std::size_t step : looked_at_) actions.insert(act().plan.steps[step].action);
    for (const std::string& each : actions) names.push_back("look " + each);
    if (places_ == nullptr) return names;
    for (const std::string& each : actions) ++looks_[each];
    for (const std::size_t step : looked_at_)
      place(step)->looks.push_back(looks_[act().plan.steps[step].action]);
    return names;
  }

  Status append(const executor::Entry& entry) {
    const Error killed{ErrorCode::kFailed, "killed"};
    if (death_.killer() != nullptr) return killed;
    entries_.push_back({static_cast<long long>(entries_.size()) + 1, entry, entry.at, {}});
    using executor::EntryKind;
    const bool waits = entry.kind == EntryKind::kWaiting;
    if (!waits && entry.kind != EntryKind::kOutcome) return Done{};
    const std::size_t step = lane_act().steps.at(name_of(entry.action, entry.arguments));
    if (!waits) asked_.erase(step);
    const Kill::Moment moment = waits ? Kill::Moment::kWaiting : Kill::Moment::kEnded;
    const bool lives = survives(moment, entry.action, step);
    if (StepPlace* const its = place(step); its != nullptr)
      (waits ? its->waiting : its->ended) = death_.count(moment, entry.action);
    if (!lives) return killed;
    return Done{};
  }

  // the acts

  bool play() {
    switch (act().act.kind) {
      case Act::Kind::kRun:
        return run();
      case Act::Kind::kWait:
        clock_.sleep_for(act().act.wait);
        return true;
      case Act::Kind::kLose:
        return lose();
    }
    return true;
  }

  bool lose() {
    const auto lock = world_.enter();
    std::vector<std::string> machines = act().act.machines;
    if (machines.empty())
      for (const std::string& each : world_.installation().sorts.at("machine"))
        if (!each.ends_with("-new")) machines.push_back(each);
    for (const std::string& each : machines) {
      const simulators::Reply reply = world_.perform("machine-lost", {each}, "scenario: loss");
      if (reply.accepted()) continue;
      reason_ = each + " cannot be lost: " + reply.refusals.front();
      return false;
    }
    loss_ = clock_.now();
    return true;
  }

  bool run() {
    ActRecord record;
    record.procedure = act().act.procedure;
    record.start = clock_.now();
    entries_.clear();
    asked_.clear();
    const model::GroundModel& model = *lane_act().model;
    Journal journal(*this);
    std::unique_ptr<executor::SystemPort> planted = lane_.planted ? lane_.planted(port_) : nullptr;
    executor::SystemPort* const door = planted ? planted.get() : &port_;
    const executor::Ports ports = doors_to(door);
    if (Status begun = journal.append(executor::run_started(clock_.now(), {})); !begun)
      reason_ = begun.error().message;
    // One process more than there are kills; each goes on from the journal alone.
    for (std::size_t process = 0; process <= schedule_.size(); ++process) {
      executor::Leg leg = executor::first_leg(model, act().plan, *act().order);
      leg.script = lane_act().script;
      if (process > 0) {
        auto known =
            executor::follow(model, act().plan, model.initial(), entries_, 0, entries_.size());
        if (!known) {
          breach("replays", known.error().message);
          break;
        }
        leg.state = std::move(known.value().state);
        leg.steps = std::move(known.value().steps);
      }
      executor::Executor executor(std::move(leg), ports, clock_, journal);
      executor::RunOptions options;
      options.run_id = "trial-" + std::to_string(act_ + 1);
      record.result = executor.run(options, nullptr, {});
      if (death_.killer() == nullptr) break;
      clock_.sleep_for(death_.killer()->away);
      // No read lags behind for so long.
      if (death_.killer()->away.count() > 0) port_.forget_what_was_shown();
      death_.revive();
    }
    record.end = clock_.now();
    const auto replayed =
        executor::follow(model, act().plan, model.initial(), entries_, 0, entries_.size());
    if (!replayed) breach("replays", replayed.error().message);
    for (std::size_t i = 0; i < record.result.steps.size(); ++i)
      if (record.result.steps[i].state == executor::StepState::kRunning)
        breach("ends-well", "the run ended, and " + act().plan.steps[i].id + " is under way");
    if (!record.result.done) reason_ = record.result.error.message;
    const bool done = record.result.done;
    records_.push_back(std::move(record));
    return done;
  }

  // what is to be said of it

  void measure(TrialResult& result) {
    if (records_.empty()) return;
    const TimePoint end = records_.back().end;
    result.took = end - records_.front().start;
    if (result.reached_goal && course_.restores())
      result.rto = end - (loss_ ? *loss_ : records_.front().start);
    const std::optional<TimePoint> point = recovery_point(world_);
    if (point && loss_) result.rpo = *loss_ - *point;
    if (result.reached_goal) result.critical = critical_steps();
  }

  /// From the step that ended last back through, each time, the predecessor that ended last.
  std::vector<std::size_t> critical_steps() const {
    const CourseAct* ran = nullptr;
    for (const CourseAct& each : course_.acts)
      if (each.act.kind == Act::Kind::kRun) ran = &each;
    const std::vector<executor::StepRecord>& steps = records_.back().result.steps;
    std::vector<std::size_t> chain;
    std::vector<std::size_t> from(steps.size());
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = i;
    while (!from.empty()) {
      // The first of equals, so that the order of the plan decides.
      const auto last = std::ranges::max_element(from, {}, [&](std::size_t each) {
        return std::pair(steps[each].ended, -static_cast<long>(each));
      });
      chain.push_back(*last);
      from = ran->order->predecessors()[chain.back()];
    }
    std::ranges::reverse(chain);
    return chain;
  }

  Ready& lane_;
  const Course& course_;
  const Schedule& schedule_;
  VirtualClock clock_;
  Death death_;
  simulators::World world_;
  Port port_;
  std::size_t act_ = 0;
  std::vector<executor::Record> entries_;  ///< the journal of the act under way
  std::set<std::size_t> asked_;            ///< steps that were requested and have not ended
  std::set<std::size_t> looked_at_;        ///< in the last look
  std::size_t faults_before_look_ = 0;     ///< of those that the world has met
  std::vector<ActRecord> records_;
  std::vector<Breach> breaches_;
  std::set<Pair> met_;
  std::size_t struck_ = 0;
  std::optional<TimePoint> loss_;
  std::string reason_;
  bool notes_looks_ = false;
  std::vector<std::vector<StepPlace>>* places_ = nullptr;
  std::map<std::string, int> looks_;  ///< by action; for places
};

}  // namespace

struct Lane::Impl {
  Ready ready;
};

Lane::Lane(const Course& course, PortWrap planted)
    : impl_(new Impl{{course, std::move(planted)}}) {}
Lane::~Lane() = default;

TrialResult Lane::hold(const Schedule& schedule) { return Trial(impl_->ready, schedule).hold(); }

Lane::Account Lane::hold_and_tell(const Schedule& schedule) {
  Trial trial(impl_->ready, schedule);
  Account account;
  account.result = trial.hold();
  account.acts = trial.take_records();
  std::size_t act = 0;
  for (ActRecord& each : account.acts) {
    while (impl_->ready.course.acts[act].act.kind != Act::Kind::kRun) ++act;
    each.plan = impl_->ready.course.acts[act].plan;
    each.proof = impl_->ready.course.acts[act].proof;
    ++act;
  }
  account.invariants = invariant_results(trial.world());
  account.violations = violation_records(trial.world());
  account.faults = trial.world().faults_met();
  account.recovery_point = recovery_point(trial.world());
  return account;
}

Status note_the_undisturbed(Course& course) {
  std::vector<std::vector<StepPlace>> places;
  for (const CourseAct& each : course.acts) places.push_back(each.places);
  {
    Lane lane(course);
    const Schedule undisturbed;
    Trial trial(lane.impl_->ready, undisturbed);
    trial.note_places(places);
    const TrialResult result = trial.hold();
    course.reaches_its_goal = result.reached_goal;
    course.end = trial.world().state();
    course.requests = requests_of(trial.world());
    if (!result.reached_goal && course.acts.size() > 1 &&
        result.reason.find("cannot be lost") != std::string::npos)
      return Error{ErrorCode::kInvalid, "scenario " + course.scenario.name + ": " + result.reason};
  }
  for (std::size_t i = 0; i < places.size(); ++i) course.acts[i].places = std::move(places[i]);
  return Done{};
}

}  // namespace wme::scenarios
