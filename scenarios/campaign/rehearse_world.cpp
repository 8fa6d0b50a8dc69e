#include "scenarios/campaign/rehearse_world.hpp"

#include <algorithm>

#include "scenarios/campaign/campaign.hpp"

namespace wme::scenarios {

namespace {

/// Where the scenario says how it has to end, that counts, and not what could be got over.
void judge_expected_end(const Scenario& scenario, TrialResult& result) {
  if (scenario.expected_stop.empty()) return;
  std::erase_if(result.breaches, [](const Breach& each) {
    return each.property == "ends-well" && each.text.starts_with("it gave up");
  });
  const bool as_expected = !result.stop.empty() && (scenario.expected_stop == kAnySafeStop ||
                                                    scenario.expected_stop == result.stop);
  if (as_expected) return;
  result.breaches.push_back(
      {"ends-well", "it ended in " + (result.reached_goal ? std::string(kGoal) : result.stop) +
                        ", where the scenario expects " + scenario.expected_stop});
}

void note_faults(const Schedule& schedule, const Lane::Account& account, RehearsalReport& report) {
  std::vector<simulators::MetFault> met = account.faults;
  for (const PlannedFault& each : schedule) {
    InjectedFault row;
    row.operation = std::string(facts_of(each.kind).prefix) + each.action;
    row.occurrence = each.occurrence;
    row.fault = std::string(facts_of(each.kind).name);
    const simulators::FaultRule rule = rule_of(each);
    const auto found = std::ranges::find_if(met, [&](const simulators::MetFault& one) {
      return one.operation == rule.operation && one.fault == rule.fault;
    });
    const bool was_killed =
        is_kill(each.kind) && std::ranges::any_of(account.result.met, [&](const Pair& pair) {
          return pair.kind == each.kind;
        });
    if (found != met.end()) {
      row.at = found->at;
      met.erase(found);
    } else if (!was_killed) {
      report.reasons.push_back(text_of({each}) + " never came into play: there were fewer of them");
    }
    report.faults.push_back(std::move(row));
  }
}

}  // namespace

Result<RehearsalReport> rehearse_on_the_world(const Scenario& scenario,
                                              const model::Inventory& inventory,
                                              const std::string& replay_command,
                                              const ChosenDurations& durations) {
  Result<Schedule> schedule = schedule_of(scenario);
  if (!schedule) return schedule.error();
  Result<Course> course = prepare_course(scenario, inventory, durations);
  if (!course) return course.error();
  Lane::Account account = Lane(course.value()).hold_and_tell(schedule.value());
  judge_expected_end(scenario, account.result);
  const CampaignFacts facts = facts_of(course.value(), 1, 1);
  RehearsalReport report;
  report.title = scenario.title;
  report.scenario = scenario.name;
  report.installation = inventory.name;
  report.provider = facts.provider;
  report.fleet = facts.fleet;
  report.seed = "1";
  report.tool_version = facts.tool_version;
  report.model_fingerprint = facts.model_fingerprint;
  report.inventory_digest = facts.inventory_digest;
  report.durations = durations_in_words(durations.file);
  report.durations_digest = durations.digest;
  if (!facts.plan_digests.empty()) report.plan_digest = facts.plan_digests.front();
  report.exercise = exercise_of(scenario, inventory, durations.file);
  report.exercise.environment =
      "simulated: the executor of production on the simulated world itself, without drivers and "
      "wires; nothing of the production installation is reached";
  report.replay_command = replay_command;
  for (const Breach& each : account.result.breaches) report.reasons.push_back(each.text);
  for (ActRecord& each : account.acts) {
    each.durations = durations.times;
    report.phases.push_back(phase_of(each, report.phases.size() + 1));
  }
  report.invariants = std::move(account.invariants);
  report.violations = std::move(account.violations);
  note_faults(schedule.value(), account, report);
  report.recovery_point = account.recovery_point;
  report.rto = {account.result.rto, "from the loss, or the start of the procedure, to its end",
                scenario.rto_target};
  report.rpo = {account.result.rpo, "from the recovery point until the loss", scenario.rpo_target};
  report.passed = report.reasons.empty();
  report.exercise.deviations = report.reasons;
  if (report.passed)
    report.reasons = {account.result.reached_goal
                          ? "every step ended well, no rule was broken, every journal replays "
                            "through the model"
                          : "it stopped safely, in " + account.result.stop + ": " +
                                account.result.reason};
  return report;
}

}  // namespace wme::scenarios
