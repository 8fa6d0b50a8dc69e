#include "scenarios/rehearsal/account.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"

namespace wme::scenarios {

namespace {

StepStatus status_of(const executor::StepRecord& record) {
  switch (record.state) {
    case executor::StepState::kTodo:
      return StepStatus::kNotReached;
    case executor::StepState::kRunning:
    case executor::StepState::kFailed:
      return StepStatus::kFailed;
    case executor::StepState::kSkipped:
      return StepStatus::kSkipped;
    case executor::StepState::kDone:
      return record.found_done ? StepStatus::kSkipped : StepStatus::kDone;
  }
  return StepStatus::kNotReached;
}

std::string title_of(model::Procedure procedure) {
  std::string title(to_string(procedure));
  title.front() = static_cast<char>(title.front() - 'a' + 'A');
  return title;
}

}  // namespace

Phase phase_of(const ActRecord& act, std::size_t number) {
  Phase phase;
  phase.name = std::to_string(number) + "-" + std::string(to_string(act.procedure));
  phase.title = title_of(act.procedure);
  phase.summary = model::counted(act.plan.steps.size(), "step") + "; " + act.proof;
  phase.start = act.start;
  phase.end = act.end;
  for (std::size_t i = 0; i < act.plan.steps.size(); ++i) {
    const model::Step& step = act.plan.steps[i];
    ReportStep row;
    row.id = step.id;
    row.runbook = step.runbook;
    row.action = step.action;
    row.arguments = step.arguments;
    row.text = step.sentence;
    row.door = step.door;
    row.waited_for = step.wait;
    if (const model::Action* action = model::find_action(step.action))
      row.predicted = act.durations.of(*action);
    for (const model::Edge& edge : step.after) row.after.push_back({edge.step, edge.because});
    if (i < act.result.steps.size()) {
      const executor::StepRecord& record = act.result.steps[i];
      row.status = status_of(record);
      row.retries = std::max(0, record.tries - 1);
      row.reason = record.found_done ? "its effect was there already" : record.reason;
      if (record.state != executor::StepState::kTodo) {
        row.start = record.started;
        row.end = record.ended;
      }
    } else {
      row.status = StepStatus::kNotReached;
    }
    phase.steps.push_back(std::move(row));
  }
  return phase;
}

std::vector<InvariantResult> invariant_results(const simulators::World& world) {
  std::map<std::string, long long> violated;
  for (const simulators::Violation& each : world.violations()) ++violated[each.rule];
  std::vector<InvariantResult> results;
  for (const model::Rule& rule : model::all_rules()) {
    InvariantResult result;
    result.id = rule.id;
    result.statement = rule.statement;
    for (const model::Enforcement way : model::enforcements_of(rule))
      result.enforcement += (result.enforcement.empty() ? "" : ", ") + std::string(to_string(way));
    for (const auto& [ids, count] : world.checks())
      if (ids.find(rule.id) != std::string::npos) result.checks += count;
    for (const auto& [ids, count] : violated)
      if (ids.find(rule.id) != std::string::npos) result.violations += count;
    results.push_back(std::move(result));
  }
  return results;
}

std::vector<RuleViolation> violation_records(const simulators::World& world) {
  std::vector<RuleViolation> records;
  for (const simulators::Violation& each : world.violations())
    records.push_back({each.at, each.rule, each.action, each.door, each.sentence});
  return records;
}

std::vector<ContainerComparison> comparison(const model::Inventory& inventory,
                                            const std::vector<executor::ContainerIdentity>& before,
                                            const std::vector<executor::ContainerIdentity>& after,
                                            bool restored) {
  std::map<std::string, const executor::ContainerIdentity*> was;
  std::map<std::string, const executor::ContainerIdentity*> is;
  for (const auto& each : before) was[each.id] = &each;
  for (const auto& each : after) is[each.id] = &each;
  std::vector<ContainerComparison> rows;
  for (const model::Container& container : inventory.containers) {
    const std::string& id = container.id.empty() ? container.name : container.id;
    ContainerComparison row;
    row.container = container.name;
    row.owner = container.owner;
    row.shard = container.shard;
    row.before = was.contains(id) ? was.at(id)->state : "not listed";
    row.after = is.contains(id) ? is.at(id)->state : restored ? "missing" : "not listed";
    if (restored) {
      row.as_expected = is.contains(id) && is.at(id)->owner == container.owner &&
                        is.at(id)->shard == container.shard;
      row.note = row.as_expected ? "id, owner and shard as before" : "not as before";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string fleet_text(const model::Inventory& inventory) {
  std::size_t studio = 0;
  for (const model::Instance& each : inventory.instances)
    if (each.shard == "studio") ++studio;
  return "1 Platform, " + model::counted(studio, "StudioWorkspace") + ", " +
         model::counted(inventory.instances.size() - studio, "AppDeployment") + ", " +
         model::counted(inventory.containers.size(), "container");
}

std::optional<TimePoint> recovery_point(const simulators::World& world) {
  std::optional<TimePoint> captured;
  bool complete = false;
  for (const simulators::Event& event : world.events()) {
    const bool of_data =
        event.action.ends_with(" snap-wm-data") || event.action.ends_with(" tar-wm-data");
    if (!of_data) continue;
    const bool takes =
        event.action.starts_with("take-snapshot") || event.action.starts_with("write-archive");
    if (takes && event.phase == "request") captured = event.at;
    if (takes && event.phase == "done") complete = true;
  }
  return complete ? captured : std::nullopt;
}

Exercise exercise_of(const Scenario& scenario, const model::Inventory& inventory,
                     const std::string& durations) {
  Exercise exercise;
  exercise.id = "rehearsal-" + scenario.name + "-" + inventory.name;
  exercise.type = "automated rehearsal on simulators";
  exercise.environment =
      "simulated: every system is simulated on this machine's loopback interface; nothing of the "
      "production installation is reached";
  exercise.bia_reference = scenario.bia_reference;
  exercise.risk_reference = scenario.risk_reference;
  exercise.objectives = {"Every container's last saved work is served after the restore",
                         "No rule of the runbook is broken on the way"};
  exercise.assumptions = {
      "The simulators behave as docs and reference contracts say; durations are " +
          (durations.empty() ? "typical, not measured"
                             : "those of " + durations + ", and for the rest typical"),
      "Nobody but the executor changes the installation once logins are restricted"};
  exercise.systems_in_scope = {fleet_text(inventory), "Launchpad", "ConfigWizard",
                               "cloud: " + std::string(to_string(inventory.provider)),
                               "Linux hosts over SSH"};
  exercise.expected_outcomes = {"Every step of every plan ends well",
                                "The inventory after equals the one before (INV-61)"};
  return exercise;
}

}  // namespace wme::scenarios
