#include "cli/production/stopped.hpp"

#include <algorithm>

#include "executor/engine/choices.hpp"
#include "scenarios/rehearsal/aftermath.hpp"

namespace wme::cli {

namespace {

using Known = executor::StepHistory::Known;

std::string command_for(const std::string& what, const std::string& step,
                        const std::string& location) {
  if (what == "retry") return "rehydrate resume " + location;
  if (what == "skip") return "rehydrate resume " + location + " --skip " + step;
  return "rehydrate " + what + " " + location;
}

/// The first step that is not over and could be next.
std::size_t next_step(const OpenLeg& leg) {
  for (const std::size_t i : leg.order.topological())
    if (leg.steps.empty() ||
        (leg.steps[i].known != Known::kDone && leg.steps[i].known != Known::kSkipped))
      return i;
  return 0;
}

}  // namespace

std::vector<std::string> what_can_be_done(const model::GroundModel& model, const OpenLeg& leg,
                                          const model::State& state, const std::string& location) {
  std::vector<std::string> lines;
  if (leg.plan.steps.empty()) return lines;
  std::size_t failed = next_step(leg);
  for (std::size_t i = 0; i < leg.steps.size(); ++i)
    if (leg.steps[i].known == Known::kFailed || leg.steps[i].known == Known::kInDoubt) failed = i;
  const bool has_failed = !leg.steps.empty() && leg.steps[failed].known == Known::kFailed;
  for (const executor::Choice& each :
       executor::choices_for(leg.leg(model), state, leg.steps, failed)) {
    if (each.what == "skip" && !has_failed) continue;
    const std::string name = each.what == "retry" ? "go on" : each.what;
    lines.push_back(name + ": " +
                    (each.is_safe ? "safe by the model (" + each.because + "): " +
                                        command_for(each.what, leg.plan.steps[failed].id, location)
                                  : "not now: " + each.because));
  }
  return lines;
}

ExitStatus say_stopped(Session& session, const model::GroundModel& model, const OpenLeg& leg,
                       const executor::RunResult& result, const executor::StoredJournal& journal) {
  std::string text;
  const std::string location = journal.location();
  for (const std::string& each : scenarios::what_failed(leg.plan, result)) text += each + "\n";
  if (result.lost_lock) {
    text += "  another process has taken over: this one does nothing more; see rehydrate status " +
            location;
    session.fail({ErrorCode::kRefused, text});
    return ExitStatus::kRefused;
  }
  if (leg.to == "plan")
    for (const std::string& each : scenarios::how_it_stands(model, leg.plan, leg.order, result))
      text += "  " + each + "\n";
  if (Result<JournalRun> again = read_run(journal, location))
    for (const std::string& each : what_can_be_done(model, again.value().now(),
                                                    at_rest(model, again.value().now()), location))
      text += "  " + each + "\n";
  text += "  journal: " + location + " has every intent and outcome; keep it";
  session.fail({result.error.code, text});
  return result.interrupted ? ExitStatus::kInterrupted : exit_status_of(result.error.code);
}

}  // namespace wme::cli
