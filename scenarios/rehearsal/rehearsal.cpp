#include "scenarios/rehearsal/rehearsal.hpp"

#include <algorithm>

#include "executor/engine/survey.hpp"
#include "executor/journal/entries.hpp"
#include "executor/journal/sqlite_journal.hpp"
#include "model/checker/verdict.hpp"
#include "model/english/explain.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "model/planner/planner.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/rehearsal/account.hpp"
#include "scenarios/rehearsal/aftermath.hpp"
#include "scenarios/rehearsal/replay.hpp"
#include "scenarios/rehearsal/stage.hpp"
#include "simulators/core/truth.hpp"

namespace wme::scenarios {

namespace {

constexpr const char* kToolVersion = "0.1.0";

/// The journal of a rehearsal: names instead of ports, and no word of why something cannot be seen
/// (each wire has its own), so that equal rehearsals have equal journals.
class StageJournal : public executor::JournalPort {
 public:
  StageJournal(executor::JournalPort& inner, const Stage& stage) : inner_(inner), stage_(stage) {}
  Status append(const executor::Entry& entry) override {
    executor::Entry named = entry;
    named.text = stage_.with_names(named.text);
    for (auto& [key, text] : named.details) text = stage_.with_names(text);
    for (executor::Observation& each : named.observed)
      each.detail = each.value ? stage_.with_names(each.detail) : "cannot be seen now";
    return inner_.append(named);
  }

 private:
  executor::JournalPort& inner_;
  const Stage& stage_;
};

class Rehearsal {
 public:
  Rehearsal(const Scenario& scenario, const model::Inventory& inventory,
            const RehearsalOptions& options, std::unique_ptr<Stage> stage)
      : scenario_(scenario), inventory_(inventory), options_(options), stage_(std::move(stage)) {}

  Result<RehearsalReport> hold() {
    const auto real_start = std::chrono::steady_clock::now();
    prepare_report();
    before_ = listed(model::Procedure::kDehydrate);
    for (const Act& act : scenario_.acts) {
      if (!report_.reasons.empty() || !stopped_.empty()) break;
      if (Status played = play(act); !played) return played.error();
    }
    judge_end();
    judge();
    report_.real_elapsed =
        std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - real_start);
    return std::move(report_);
  }

 private:
  void prepare_report() {
    report_.title = scenario_.title;
    report_.scenario = scenario_.name;
    report_.installation = inventory_.name;
    report_.provider = std::string(to_string(inventory_.provider));
    report_.fleet = fleet_text(inventory_);
    report_.seed = std::to_string(options_.seed);
    report_.tool_version = kToolVersion;
    report_.model_fingerprint = model::sha256_hex(model::model_text());
    report_.inventory_digest = model::sha256_hex(to_yaml(inventory_));
    report_.exercise = exercise_of(scenario_, inventory_, options_.durations.file);
    report_.replay_command = options_.replay_command;
    report_.durations = durations_in_words(options_.durations.file);
    report_.durations_digest = options_.durations.digest;
  }

  Status play(const Act& act) {
    switch (act.kind) {
      case Act::Kind::kRun:
        return run(act.procedure);
      case Act::Kind::kWait:
        stage_->clock().sleep_for(act.wait);
        milestone("Nothing happens for " + std::to_string(act.wait.count() / 60) + " minutes");
        return Done{};
      case Act::Kind::kLose:
        return lose(act.machines);
    }
    return Done{};
  }

  void milestone(std::string text) {
    report_.milestones.push_back({stage_->clock().now(), std::move(text)});
  }

  Status lose(std::vector<std::string> machines) {
    const auto lock = stage_->world().enter();
    if (machines.empty())
      for (const std::string& each : stage_->world().installation().sorts.at("machine"))
        if (!each.ends_with("-new")) machines.push_back(each);
    for (const std::string& each : machines) {
      const simulators::Reply reply =
          stage_->world().perform("machine-lost", {each}, "scenario: loss");
      if (!reply.accepted())
        return Error{ErrorCode::kInvalid, "scenario " + scenario_.name + ": " + each +
                                              " cannot be lost: " + reply.refusals.front()};
    }
    loss_ = stage_->clock().now();
    milestone(machines.size() == 1 ? machines.front() + " is lost"
                                   : std::to_string(machines.size()) + " machines are lost");
    return Done{};
  }

  Status run(model::Procedure procedure) {
    const model::GroundModel model(model::installation_of(inventory_, procedure));
    Result<model::Plan> plan = model::make_plan(model);
    if (!plan) return plan.error();
    Result<model::PlanOrder> order = model::PlanOrder::of(plan.value());
    if (!order) return order.error();
    ActRecord act;
    act.procedure = procedure;
    act.plan = std::move(plan).value();
    act.durations = options_.durations.times;
    if (Status proved = prove(model, act); !proved) return proved;
    Result<std::unique_ptr<executor::Drivers>> drivers = stage_->drivers(procedure);
    if (!drivers) return drivers.error();
    const std::string name =
        std::to_string(acts_ + 1) + "-" + std::string(to_string(procedure)) + ".journal";
    Result<std::unique_ptr<executor::SqliteJournal>> journal = executor::SqliteJournal::create(
        options_.directory / name, {executor::Durability::kNone, executor::system_wall_clock});
    if (!journal) return journal.error();
    execute(model, order.value(), *drivers.value(), *journal.value(), act);
    note_journal(model, *journal.value(), act, name);
    report_.phases.push_back(phase_of(act, ++acts_));
    return Done{};
  }

  /// What is rehearsed is what was proved.
  Status prove(const model::GroundModel& model, ActRecord& act) {
    model::VerifyOptions verify_options;
    verify_options.explore = model::VerifyOptions::Explore::kNever;
    Result<model::Verification> verdict = model::verify(model, act.plan, verify_options);
    if (!verdict) return verdict.error();
    act.proof = "order proof: " + std::string(to_string(verdict.value().verdict));
    if (verdict.value().verdict != model::Verdict::kProved)
      report_.reasons.push_back("the plan to " + std::string(to_string(act.procedure)) + " is " +
                                std::string(to_string(verdict.value().verdict)));
    return Done{};
  }

  Status check_start(const model::GroundModel& model, executor::Drivers& drivers) {
    executor::Surveyor surveyor(model, drivers.ports(), stage_->clock(), {});
    const Result<executor::Survey> survey = surveyor.look(model.initial());
    if (!survey)
      return Error{survey.error().code,
                   "the installation cannot be observed: " + survey.error().message};
    if (Status answers = surveyor.every_door_answers(survey.value()); !answers) return answers;
    const auto drift = surveyor.differences(survey.value(), model.initial());
    if (drift.empty()) return Done{};
    return Error{ErrorCode::kRefused,
                 "the installation is not as the plan expects: " + drift.front().text};
  }

  void execute(const model::GroundModel& model, const model::PlanOrder& order,
               executor::Drivers& drivers, executor::Journal& journal, ActRecord& act) {
    executor::RunOptions run_options;
    run_options.run_id =
        "rehearsal-" + std::to_string(options_.seed) + "-" + std::to_string(acts_ + 1);
    act.start = stage_->clock().now();
    StageJournal named(journal, *stage_);
    const executor::Leg leg = executor::first_leg(model, act.plan, order);
    executor::Executor executor(leg, drivers.ports(), stage_->clock(), named);
    const executor::RunFacts facts{model::sha256_hex(model::canonical_json(act.plan)),
                                   inventory_.name,
                                   report_.inventory_digest,
                                   report_.model_fingerprint,
                                   kToolVersion,
                                   report_.seed,
                                   {},
                                   run_options.run_id};
    if (report_.plan_digest.empty()) report_.plan_digest = facts.plan_digest;
    if (Status opened = journal.append(executor::run_started(act.start, facts)); !opened) {
      report_.reasons.push_back(opened.error().message);
      return;
    }
    if (Status as_expected = check_start(model, drivers); !as_expected) {
      report_.reasons.push_back(as_expected.error().message);
      act.end = stage_->clock().now();
      return;
    }
    if (options_.progress != nullptr)
      options_.progress->phase_started(act.start, std::string(to_string(act.procedure)),
                                       static_cast<int>(act.plan.steps.size()));
    act.result = executor.run(run_options,
                              [&](const executor::RunEvent& event) {
                                if (options_.progress != nullptr)
                                  tell(*options_.progress, act.plan, event);
                              },
                              {});
    act.end = stage_->clock().now();
    if (options_.progress != nullptr)
      options_.progress->phase_ended(act.end, stop_reason(act.result));
    if (act.result.done) return;
    stopped_ = what_failed(act.plan, act.result);
    for (std::string& each : what_next(model, act.plan, order, act.result))
      report_.exercise.remediation.push_back(std::move(each));
  }

  void note_journal(const model::GroundModel& model, const executor::Journal& journal,
                    const ActRecord& act, const std::string& name) {
    JournalReference reference;
    reference.phase = std::string(to_string(act.procedure));
    reference.path = name;
    if (Result<executor::ChainEnd> end = executor::verify(journal)) {
      reference.entries = end.value().entries;
      reference.hash = end.value().hash;
    } else {
      report_.reasons.push_back(end.error().message);
    }
    report_.journals.push_back(std::move(reference));
    if (Status replayed = replays(model, act.plan, journal); !replayed)
      report_.reasons.push_back("the journal does not replay through the model: " +
                                replayed.error().message);
    if (act.procedure == model::Procedure::kDehydrate && act.result.done) verify_backup();
  }

  /// The judge may see what nobody else can: the ghosts.
  void verify_backup() {
    const auto lock = stage_->world().enter();
    const simulators::World& world = stage_->world();
    const model::Installation& installation = world.installation();
    for (const std::string& backup : installation.sorts.at("backup"))
      if (!world.is("consistent", {backup}, "yes"))
        report_.reasons.push_back(backup + " was taken while somebody wrote to its tree");
    for (const model::Container& each : inventory_.containers)
      if (!world.is("captured", {each.name}, "newest"))
        report_.reasons.push_back("the backup lacks the last saved work of " + each.name);
    if (report_.reasons.empty())
      report_.milestones.push_back(
          {world.now(),
           "Backup verified: complete, consistent, and with the newest of every container"});
  }

  std::vector<executor::ContainerIdentity> listed(model::Procedure procedure) {
    Result<std::unique_ptr<executor::Drivers>> drivers = stage_->drivers(procedure);
    if (!drivers) return {};
    auto containers = drivers.value()->launchpad().containers();
    return containers ? std::move(containers).value() : std::vector<executor::ContainerIdentity>{};
  }

  /// Whether it ended where the scenario says: in the goal, or in a declared safe stop.
  void judge_end() {
    if (scenario_.expected_stop.empty()) {
      report_.reasons.insert(report_.reasons.begin(), stopped_.begin(), stopped_.end());
      return;
    }
    if (!report_.reasons.empty()) return;
    if (stopped_.empty())
      return report_.reasons.push_back("it came to its goal, where the scenario expects " +
                                       scenario_.expected_stop);
    const auto lock = stage_->world().enter();
    const model::GroundModel model(stage_->world().installation());
    const model::SafeStop* stop = simulators::safe_stop(stage_->world(), model);
    const bool is_any = scenario_.expected_stop == kAnySafeStop;
    if (stop != nullptr && (is_any || stop->name == scenario_.expected_stop)) {
      report_.milestones.push_back({stage_->world().now(), "Stopped safely: " + stop->words});
      return;
    }
    report_.reasons = stopped_;
    report_.reasons.push_back("it stopped " +
                              (stop == nullptr ? "in no declared safe stop" : "in " + stop->name) +
                              ", where the scenario expects " + scenario_.expected_stop);
  }

  /// Nothing went wrong and nothing stopped it.
  bool reached_its_goal() const { return report_.reasons.empty() && stopped_.empty(); }

  /// Whether the last procedure brought the service back; before that there is nothing to compare.
  bool restored() const { return restores() && reached_its_goal() && acts_ == runs(); }

  std::size_t runs() const {
    return static_cast<std::size_t>(
        std::ranges::count(scenario_.acts, Act::Kind::kRun, &Act::kind));
  }

  bool restores() const {
    for (const Act& act : scenario_.acts)
      if (act.kind == Act::Kind::kRun && act.procedure != model::Procedure::kDehydrate) return true;
    return false;
  }

  void judge() {
    report_.inventory =
        comparison(inventory_, before_, listed(model::Procedure::kRestore), restored());
    report_.api_calls = stage_->api_calls();
    const auto lock = stage_->world().enter();
    const simulators::World& world = stage_->world();
    report_.invariants = invariant_results(world);
    report_.violations = violation_records(world);
    for (const RuleViolation& each : report_.violations)
      report_.reasons.push_back((each.rule.empty() ? "order" : each.rule) + " was broken by " +
                                each.action + ": " + each.sentence);
    if (restores() && reached_its_goal()) {
      for (const model::Container& each : inventory_.containers)
        if (world.is("newest", {each.name}, "gone") ||
            world.is("newest", {each.name}, "old-platform"))
          report_.reasons.push_back("the last saved work of " + each.name + " is not served");
      for (const ContainerComparison& each : report_.inventory)
        if (!each.as_expected)
          report_.reasons.push_back("container " + each.container + " is " + each.after);
    }
    note_faults(world);
    measure(world);
    report_.passed = report_.reasons.empty();
    report_.exercise.deviations = report_.reasons;
    if (report_.passed && !stopped_.empty()) report_.reasons = stopped_as_expected();
    if (report_.passed && stopped_.empty())
      report_.reasons = {
          "every step ended well, no rule was broken, every journal replays through "
          "the model"};
  }

  std::vector<std::string> stopped_as_expected() const {
    std::vector<std::string> said = {
        report_.milestones.back().text +
        ", as expected; no rule was broken, every journal replays through the model"};
    said.insert(said.end(), stopped_.begin(), stopped_.end());
    return said;
  }

  /// A fault that never struck has tested nothing: a misspelt one must not look survived.
  void note_faults(const simulators::World& world) {
    std::vector<simulators::MetFault> met = world.faults_met();
    for (const simulators::FaultRule& rule : scenario_.faults) {
      const auto found = std::ranges::find_if(met, [&](const simulators::MetFault& each) {
        return each.operation == rule.operation && each.fault == rule.fault;
      });
      InjectedFault row{rule.operation, rule.occurrence, std::string(to_string(rule.fault)),
                        std::nullopt, ""};
      if (found != met.end()) {
        row.at = found->at;
        met.erase(found);
      } else {
        report_.reasons.push_back("the fault " + row.fault + " of " + rule.operation + " number " +
                                  std::to_string(rule.occurrence) +
                                  " never came into play: there were fewer such calls, or there is "
                                  "no such operation; see docs/scenarios.md");
      }
      report_.faults.push_back(std::move(row));
    }
    if (report_.reasons.empty())
      for (InjectedFault& each : report_.faults)
        each.reaction = stopped_.empty() ? "the run got over it" : "the run stopped safely";
  }

  void measure(const simulators::World& world) {
    report_.recovery_point = recovery_point(world);
    report_.recovery_point_text = "the content of the backup was fixed at this instant";
    report_.rto.target = scenario_.rto_target;
    report_.rpo.target = scenario_.rpo_target;
    const TimePoint end = report_.phases.empty() ? world.now() : report_.phases.back().end;
    const TimePoint begin = loss_                    ? *loss_
                            : report_.phases.empty() ? world.now()
                                                     : report_.phases.front().start;
    if (restores() && reached_its_goal()) {
      report_.rto.value = end - begin;
      report_.rto.how = loss_ ? "from the loss until developers may log in again"
                              : "from the start of the procedure until developers may log in again";
    } else {
      report_.rto.how = restores() ? "service did not come back" : "nothing was restored";
    }
    if (report_.recovery_point && loss_) {
      report_.rpo.value = *loss_ - *report_.recovery_point;
      report_.rpo.how =
          "from the recovery point until the loss; logins were closed in between, so that no saved "
          "work falls into it";
    } else {
      report_.rpo.how = "nothing was lost, or nothing was backed up";
    }
    check_target("RTO", report_.rto);
    check_target("RPO", report_.rpo);
  }

  void check_target(const std::string& name, const Measure& measure) {
    if (!measure.target || !measure.value || *measure.value <= *measure.target) return;
    report_.reasons.push_back(name + " missed: " + std::to_string(measure.value->count() / 60000) +
                              " minutes instead of " +
                              std::to_string(measure.target->count() / 60000));
  }

  const Scenario& scenario_;
  const model::Inventory& inventory_;
  const RehearsalOptions& options_;
  std::unique_ptr<Stage> stage_;
  RehearsalReport report_;
  std::vector<executor::ContainerIdentity> before_;
  std::vector<std::string> stopped_;  ///< why the last procedure did not reach its goal
  std::optional<TimePoint> loss_;
  std::size_t acts_ = 0;
};

}  // namespace

Result<RehearsalReport> rehearse(const Scenario& scenario, const model::Inventory& inventory,
                                 const RehearsalOptions& options) {
  Result<std::unique_ptr<Stage>> stage =
      Stage::build(inventory, world_of(scenario), scenario.faults, options);
  if (!stage) return stage.error();
  Result<RehearsalReport> report =
      Rehearsal(scenario, inventory, options, std::move(stage).value()).hold();
  // The simulated hosts' keys are of no use any more, and no business of whoever reads the report.
  std::error_code ignored;
  std::filesystem::remove_all(options.directory / "ssh", ignored);
  std::filesystem::remove(options.directory / "unused.pem", ignored);
  return report;
}

}  // namespace wme::scenarios
