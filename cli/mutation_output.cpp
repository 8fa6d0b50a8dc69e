#include "cli/mutation_output.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace wme::cli {

namespace {

using model::Fate;
using model::Mutant;
using model::MutantKind;
using nlohmann::ordered_json;

bool is_of_plan(MutantKind kind) {
  return kind == MutantKind::kDeletedEdge || kind == MutantKind::kSwappedSteps ||
         kind == MutantKind::kDroppedWait;
}

long count_of(const std::vector<Mutant>& mutants, std::optional<MutantKind> kind,
              std::optional<Fate> fate) {
  return std::ranges::count_if(mutants, [&](const Mutant& each) {
    return (!kind || each.kind == *kind) && (!fate || each.fate == *fate);
  });
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::string row(const std::vector<Mutant>& mutants, const std::string& name,
                std::optional<MutantKind> kind) {
  std::string text = "  " + left(name, 20);
  text += right(std::to_string(count_of(mutants, kind, std::nullopt)), 8);
  for (const Fate fate : {Fate::kCaught, Fate::kEquivalent, Fate::kUnexplained})
    text += right(std::to_string(count_of(mutants, kind, fate)), 13);
  return text + "\n";
}

std::string table(const std::vector<Mutant>& mutants) {
  std::string text = "  " + left("mutants", 20) + right("made", 8) + right("caught", 13) +
                     right("equivalent", 13) + right("unexplained", 13) + "\n";
  for (const MutantKind kind : model::kEveryMutantKind)
    if (count_of(mutants, kind, std::nullopt) > 0)
      text += row(mutants, std::string(to_string(kind)), kind);
  return text + row(mutants, "all", std::nullopt);
}

/// The story without its first line and the mend: here, the mend is the edge itself.
std::string indented_story(const model::Counterexample& story, const std::string& indent) {
  const std::string text = to_text(story);
  std::string lines;
  for (std::size_t at = text.find('\n') + 1; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (!line.starts_with("  mend: ")) lines += indent + line + "\n";
    at = end + 1;
  }
  return lines;
}

std::string in_short(const Mutant& mutant) {
  if (mutant.fate == Fate::kCaught) return mutant.property + ": " + mutant.story->headline;
  return std::string(to_string(mutant.fate)) + ": " + mutant.why;
}

/// One edge: what happens without it, told; and what its two weaker forms come to, in a line.
std::string edge_text(const std::vector<const Mutant*>& mutants) {
  const Mutant& first = *mutants.front();
  std::string text = "  waits for " + first.other + " (" + first.because + ")\n";
  for (const Mutant* each : mutants) {
    switch (each->kind) {
      case MutantKind::kDeletedEdge:
        text += "    without it: " + in_short(*each) + "\n";
        if (each->story) text += indented_story(*each->story, "    ");
        break;
      case MutantKind::kSwappedSteps:
        text += "    the other way round: " + in_short(*each) + "\n";
        break;
      case MutantKind::kDroppedWait:
        text += "    not waiting for its end: " + in_short(*each) + "\n";
        break;
      case MutantKind::kDroppedCondition:
      case MutantKind::kWeakenedEffect:
        break;
    }
  }
  return text;
}

std::string step_text(const model::Step& step, const std::vector<Mutant>& mutants) {
  std::map<std::string, std::vector<const Mutant*>> by_edge;
  std::vector<std::string> order;
  for (const Mutant& each : mutants) {
    if (!is_of_plan(each.kind) || each.step != step.id) continue;
    if (by_edge[each.other].empty()) order.push_back(each.other);
    by_edge[each.other].push_back(&each);
  }
  if (order.empty()) return "";
  std::string text = "\n" + step.id + "  " + step.sentence + "\n";
  for (const std::string& other : order) text += edge_text(by_edge[other]);
  return text;
}

std::string model_text(const std::vector<Mutant>& mutants, MutantKind kind,
                       const std::string& heading) {
  std::string text;
  std::string action;
  for (const Mutant& each : mutants) {
    if (each.kind != kind) continue;
    if (each.action != action) text += "\n" + each.action + "\n";
    action = each.action;
    text += "  " + each.what + (each.rule.empty() ? "" : " [" + each.rule + "]") + "\n";
    text += "    forgotten: " + in_short(each) + "\n";
  }
  return text.empty() ? "" : "\n" + heading + "\n" + text;
}

std::string unexplained_text(const std::vector<Mutant>& mutants) {
  std::string text;
  for (const Mutant& each : mutants) {
    if (each.fate != Fate::kUnexplained) continue;
    text += "  " + std::string(to_string(each.kind)) + " ";
    text += is_of_plan(each.kind) ? each.other + " → " + each.step : each.action + ": " + each.what;
    text += ": " + each.why + "\n";
  }
  return text.empty() ? "" : "\nUnexplained:\n" + text;
}

ordered_json story_json(const model::Counterexample& story) {
  ordered_json lines = ordered_json::array();
  for (const model::TraceLine& line : story.lines)
    lines.push_back({{"step", line.step},
                     {"action", line.action},
                     {"sentence", line.sentence},
                     {"bears_on_it", line.bears}});
  return {{"headline", story.headline},
          {"sentence", story.sentence},
          {"loss", story.loss},
          {"trace", lines}};
}

ordered_json mutant_json(const Mutant& mutant) {
  ordered_json made = {{"kind", to_string(mutant.kind)}, {"fate", to_string(mutant.fate)}};
  if (is_of_plan(mutant.kind)) {
    made["step"] = mutant.step;
    made["waits_for"] = mutant.other;
    made["because"] = mutant.because;
  } else {
    made["action"] = mutant.action;
    made["what"] = mutant.what;
    if (!mutant.rule.empty()) made["rule"] = mutant.rule;
  }
  if (mutant.fate == Fate::kCaught) {
    made["property"] = mutant.property;
    made["story"] = story_json(*mutant.story);
  } else {
    made["why"] = mutant.why;
  }
  return made;
}

ordered_json counts_json(const std::vector<Mutant>& mutants, std::optional<MutantKind> kind) {
  return {{"made", count_of(mutants, kind, std::nullopt)},
          {"caught", count_of(mutants, kind, Fate::kCaught)},
          {"equivalent", count_of(mutants, kind, Fate::kEquivalent)},
          {"unexplained", count_of(mutants, kind, Fate::kUnexplained)}};
}

}  // namespace

std::string mutation_text(const Console& console, const model::Plan& plan,
                          const std::vector<Mutant>& mutants) {
  const bool good = count_of(mutants, std::nullopt, Fate::kUnexplained) == 0;
  std::string text = console.toned(good ? Console::Tone::kGood : Console::Tone::kBad,
                                   good ? "EXPLAINED" : "UNEXPLAINED") +
                     "  " + plan.procedure + " " + plan.installation + " (" + plan.provider + ", " +
                     std::to_string(plan.steps.size()) + " steps)\n\n" + table(mutants) +
                     unexplained_text(mutants);
  for (const model::Step& step : plan.steps) text += step_text(step, mutants);
  text += model_text(mutants, MutantKind::kDroppedCondition,
                     "What each condition is good for: the steps ordered without it");
  text += model_text(mutants, MutantKind::kWeakenedEffect,
                     "What each effect is good for: the plan, judged as if it did not come");
  return text;
}

std::string mutation_json(const model::Plan& plan, const std::vector<Mutant>& mutants) {
  ordered_json list = ordered_json::array();
  for (const Mutant& each : mutants) list.push_back(mutant_json(each));
  ordered_json counts;
  for (const MutantKind kind : model::kEveryMutantKind)
    if (count_of(mutants, kind, std::nullopt) > 0)
      counts[std::string(to_string(kind))] = counts_json(mutants, kind);
  counts["all"] = counts_json(mutants, std::nullopt);
  const ordered_json made = {{"schema", "rehydrate/mutation/1"},
                             {"procedure", plan.procedure},
                             {"installation", plan.installation},
                             {"provider", plan.provider},
                             {"steps", plan.steps.size()},
                             {"counts", counts},
                             {"mutants", list}};
  return made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wme::cli
