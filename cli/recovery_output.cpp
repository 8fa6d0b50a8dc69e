#include "cli/recovery_output.hpp"

#include <nlohmann/json.hpp>

#include "model/english/words.hpp"
#include "model/planner/render/columns.hpp"
#include "model/planner/render/render.hpp"
#include "model/wme/safe_stops.hpp"

namespace wme::cli {

namespace {

using model::DeadEnds;
using model::NoReturn;
using model::WayInWords;
using nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : between) + each;
  return text;
}

std::string named(const model::Plan& plan, std::size_t step) {
  return plan.steps[step].id + " (" + plan.steps[step].sentence + ")";
}

std::string where_text(const NoReturn& found) {
  return found.where.empty() ? "nothing of what people would miss was there at the beginning"
                             : joined(found.where, "; ");
}

std::string first_line(const model::Plan& plan, const NoReturn& found) {
  if (!found.is_known) return "not known: " + found.why;
  if (found.steps.empty())
    return "none: from wherever the plan is, a way leads back to where it was";
  std::string steps;
  for (const std::size_t each : found.steps)
    steps += (steps.empty() ? "" : ", or ") + named(plan, each);
  return steps + ". After " + (found.steps.size() == 1 ? "it" : "the first of them") +
         " nothing leads back to where it was: " + found.why +
         (found.is_exact ? "" : ". In other orders it may come with other steps");
}

std::string back_text(const WayInWords& way) {
  if (way.actions.empty()) return "nothing has to be undone";
  return model::counted(way.actions.size(), "step") + ", about " +
         model::duration_text(way.typical_s) +
         " one after the other: " + joined(way.sentences, "; ");
}

std::string strength_text(const DeadEnds& ends) {
  switch (ends.strength) {
    case DeadEnds::Strength::kExplored:
      return "explored";
    case DeadEnds::Strength::kSampled:
      return "sampled";
    case DeadEnds::Strength::kUndecided:
      return "undecided";
  }
  return "undecided";
}

std::string ends_text(const DeadEnds& ends) {
  std::string text = strength_text(ends) + ": " + ends.how + "; " +
                     model::counted(ends.goals, "state") + " in the goals";
  for (std::size_t i = 0; i < ends.at.size(); ++i)
    if (ends.at[i] > 0)
      text +=
          ", " + std::to_string(ends.at[i]) + " at the safe stop " + model::safe_stops()[i].name;
  if (ends.goes_on > 0)
    text += ", " + std::to_string(ends.goes_on) + " from which the goals can still be reached";
  if (!ends.undecided.empty())
    text += ". Of " + model::counted(ends.undecided.size(), "state") + " it is not known (" +
            ends.undecided.front() + ")";
  text += ends.dead.empty() ? ". No dead end" : ". Dead ends, see above";
  if (!ends.assumed.empty())
    text += ", but for what no plan could prevent (" + joined(ends.assumed, ", ") + ")";
  return text;
}

ordered_json way_json(const WayInWords& way) {
  return {{"actions", way.actions}, {"sentences", way.sentences}, {"typical_s", way.typical_s}};
}

ordered_json no_return_json(const model::Plan& plan, const NoReturn& found) {
  ordered_json steps = ordered_json::array();
  for (const std::size_t each : found.steps) steps.push_back(plan.steps[each].id);
  ordered_json made = {{"known", found.is_known},
                       {"where_it_was", found.where},
                       {"steps", steps},
                       {"why", found.why},
                       {"exact", found.is_exact},
                       {"steps_before", found.still},
                       {"way_back", way_json(found.longest)}};
  ordered_json each = ordered_json::array();
  for (const WayInWords& way : found.after_step) each.push_back(way_json(way));
  if (!each.empty()) made["way_back_after"] = each;
  return made;
}

}  // namespace

std::string no_return_text(const model::Plan& plan, const NoReturn& found, std::size_t width) {
  std::string text = model::paragraph("  Point of no return  ", first_line(plan, found), width);
  if (!found.is_known) return text;
  text += model::paragraph("  Way back until then ", back_text(found.longest), width);
  return text + model::paragraph("  Where it was        ", where_text(found), width);
}

std::string recovery_text(const model::Plan& plan, const model::Recovery& recovery,
                          std::size_t width) {
  return no_return_text(plan, recovery.no_return, width) +
         model::paragraph("  Recoverability      ", ends_text(recovery.dead_ends), width);
}

ordered_json recovery_json(const model::Plan& plan, const model::Recovery& recovery) {
  const DeadEnds& ends = recovery.dead_ends;
  ordered_json at = ordered_json::object();
  for (std::size_t i = 0; i < ends.at.size(); ++i)
    if (ends.at[i] > 0) at[model::safe_stops()[i].name] = ends.at[i];
  ordered_json dead = ordered_json::array();
  for (const model::Counterexample& each : ends.dead) {
    ordered_json lines = ordered_json::array();
    for (const model::TraceLine& line : each.lines)
      lines.push_back({{"step", line.step}, {"action", line.action}, {"sentence", line.sentence}});
    dead.push_back({{"sentence", each.sentence}, {"trace", lines}});
  }
  return {{"strength", strength_text(ends)},
          {"how", ends.how},
          {"runs", ends.runs},
          {"states_at_rest", ends.rests},
          {"in_the_goals", ends.goals},
          {"can_go_on", ends.goes_on},
          {"at_safe_stops", at},
          {"longest_way", ends.steps_max},
          {"assumed", ends.assumed},
          {"undecided", ends.undecided},
          {"dead_ends", dead},
          {"no_return", no_return_json(plan, recovery.no_return)}};
}

}  // namespace wme::cli
