#include "cli/spin_output.hpp"

#include <nlohmann/json.hpp>

namespace wme::cli {

std::string second_opinion_text(const Console& console, const SecondOpinion& opinion) {
  const std::string who = "\nSPIN " + opinion.spin.version + " ";
  if (!opinion.undecided.empty())
    return "\n" + console.toned(Console::Tone::kDoubtful, "UNDECIDED") +
           "  nothing was compared with SPIN: " + opinion.undecided + "\n";
  if (opinion.disagreements.empty())
    return who + console.toned(Console::Tone::kGood, "agrees") + ": " +
           std::to_string(opinion.states) +
           (opinion.reduced ? " states with independent steps in one order, "
                            : " states without reductions, ") +
           std::to_string(opinion.spin.violated.size()) +
           (opinion.spin.violated.size() == 1 ? " property" : " properties") + " violated\n";
  std::string text = who + console.toned(Console::Tone::kBad, "disagrees") +
                     "; please report this with the plan and the inventory:\n";
  for (const std::string& each : opinion.disagreements) text += "  " + each + "\n";
  return text;
}

std::string with_second_opinion(const std::string& verification_json,
                                const SecondOpinion& opinion) {
  using nlohmann::ordered_json;
  ordered_json made = ordered_json::parse(verification_json);
  made["spin"] = {{"version", opinion.spin.version},
                  {"agrees", opinion.undecided.empty() && opinion.disagreements.empty()},
                  {"states", opinion.states},
                  {"reduced", opinion.reduced},
                  {"violated", opinion.spin.violated},
                  {"disagreements", opinion.disagreements},
                  {"undecided", opinion.undecided}};
  return made.dump(2) + "\n";
}

}  // namespace wme::cli
