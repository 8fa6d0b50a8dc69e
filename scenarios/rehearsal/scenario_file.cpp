#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/safe_stops.hpp"
#include "scenarios/inventory/diagnostics.hpp"
#include "scenarios/inventory/yaml_error.hpp"
#include "scenarios/inventory/yaml_keys.hpp"
#include "scenarios/rehearsal/scenario.hpp"

namespace wme::scenarios {

namespace {

constexpr const char* kWireLevel = "wire";
constexpr const char* kWorldLevel = "world";

/// "4h", "90m", "30s".
std::optional<std::chrono::seconds> duration_of(const std::string& text) {
  if (text.size() < 2 || text.size() > 6) return std::nullopt;
  const std::map<char, int> units = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  const auto unit = units.find(text.back());
  const std::string digits = text.substr(0, text.size() - 1);
  if (unit == units.end() || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::chrono::seconds(std::stol(digits) * unit->second);
}

/// Reads one file; everything wrong goes to the diagnostics.
class Reader {
 public:
  Reader(const std::filesystem::path& path, Diagnostics& diagnostics)
      : folder_(path.parent_path()), diagnostics_(diagnostics) {}

  Scenario read(const YAML::Node& root) {
    if (!root.IsMap()) {
      bad(root, "the file is not a map of keys", "a scenario starts with \"schema:\"",
          "see docs/scenarios.md for an example");
      return {};
    }
    check_keys(root, "the scenario",
               {"schema", "name", "title", "description", "inventory", "level", "acts", "faults",
                "kills", "expect", "objectives", "audit"});
    const std::string schema = text(root, "schema", true);
    if (!schema.empty() && schema != kScenarioSchema)
      bad(root["schema"], "schema is '" + schema + "'",
          "this program reads scenarios of schema " + std::string(kScenarioSchema),
          "write schema: " + std::string(kScenarioSchema));
    Scenario made;
    made.name = text(root, "name", true);
    made.title = text(root, "title", true);
    made.description = text(root, "description", false);
    if (const std::string file = text(root, "inventory", true); !file.empty())
      made.inventory = folder_ / file;
    read_acts(root, made);
    read_level(root, made);
    read_faults(root["faults"], made);
    read_kills(root["kills"], made);
    read_expected(root, made);
    read_objectives(root["objectives"], made);
    if (const YAML::Node audit = root["audit"]; is_map(audit, "audit")) {
      check_keys(audit, "audit", {"bia", "risk"});
      made.bia_reference = text(audit, "bia", false);
      made.risk_reference = text(audit, "risk", false);
    }
    return made;
  }

  void read_faults(const YAML::Node& faults, Scenario& made) {
    if (!faults.IsDefined()) return;
    if (!faults.IsSequence())
      return bad(faults, "faults is not a list", "each fault is addressed on its own",
                 "list them: - {operation: CreateSnapshot, occurrence: 2, fault: answer-lost}");
    for (const YAML::Node& node : faults) {
      if (!is_map(node, "a fault")) continue;
      check_keys(node, "a fault", {"operation", "occurrence", "fault"});
      simulators::FaultRule rule;
      rule.operation = text(node, "operation", true);
      rule.occurrence = occurrence(node);
      read_fault(node, rule);
      made.faults.push_back(std::move(rule));
    }
  }

 private:
  void bad(const YAML::Node& node, const std::string& what, const std::string& why,
           const std::string& mend) {
    diagnostics_.add(place_of(node), what, why, mend);
  }

  void check_keys(const YAML::Node& map, const std::string& where,
                  const std::vector<std::string>& known) {
    scenarios::check_keys(map, where, known, diagnostics_);
  }

  bool is_map(const YAML::Node& node, const std::string& key) {
    if (!node.IsDefined()) return false;
    if (node.IsMap()) return true;
    bad(node, key + " is not a map", "it holds further keys", "indent its keys below it");
    return false;
  }

  std::string text(const YAML::Node& map, const std::string& key, bool required) {
    const YAML::Node node = map[key];
    if (!node.IsDefined()) {
      if (required)
        bad(map, "key '" + key + "' is missing", "a scenario cannot do without it", "add it");
      return "";
    }
    if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    bad(node, "'" + key + "' is not a text", "one value is needed", "write " + key + ": …");
    return "";
  }

  std::optional<std::chrono::seconds> duration(const YAML::Node& map, const std::string& key) {
    if (!map[key].IsDefined()) return std::nullopt;
    const auto found = duration_of(text(map, key, false));
    if (!found)
      bad(map[key], "'" + key + "' is not a duration", "its unit must be known",
          "write it as 30s, 90m, 4h or 2d");
    return found;
  }

  void read_acts(const YAML::Node& root, Scenario& made) {
    const YAML::Node acts = root["acts"];
    if (!acts.IsDefined() || !acts.IsSequence() || acts.size() == 0) {
      bad(acts.IsDefined() ? acts : root, "acts is not a list with something in it",
          "a rehearsal plays its acts in order", "list them: - run: dehydrate");
      return;
    }
    for (const YAML::Node& act : acts) read_act(act, made);
  }

  void read_act(const YAML::Node& node, Scenario& made) {
    if (!node.IsMap() || node.size() != 1) {
      bad(node, "an act is not one key with its value", "each act does one thing",
          "write - run: dehydrate, - wait: 4h or - lose: everything");
      return;
    }
    check_keys(node, "an act", {"run", "wait", "lose"});
    Act act;
    if (node["run"].IsDefined()) {
      const std::string name = text(node, "run", true);
      const auto procedure = model::procedure_from(name);
      if (!procedure)
        return bad(node["run"], "'" + name + "' is no procedure", "only procedures can be run",
                   model::suggestion(name, {"dehydrate", "restore", "rotate", "upgrade"}));
      act.procedure = *procedure;
    } else if (node["wait"].IsDefined()) {
      act.kind = Act::Kind::kWait;
      act.wait = duration(node, "wait").value_or(std::chrono::seconds(0));
    } else if (node["lose"].IsDefined()) {
      act.kind = Act::Kind::kLose;
      const YAML::Node lost = node["lose"];
      if (lost.IsSequence())
        for (const YAML::Node& each : lost) act.machines.push_back(each.as<std::string>(""));
      else if (const std::string name = text(node, "lose", true); name != "everything")
        act.machines.push_back(name);
    } else {
      return;  // an unknown key, said already
    }
    made.acts.push_back(std::move(act));
  }

  void read_fault(const YAML::Node& node, simulators::FaultRule& rule) {
    using simulators::Fault;
    const std::string name = text(node, "fault", true);
    std::vector<std::string> known;
    for (const Fault each :
         {Fault::kRequestLost, Fault::kAnswerLost, Fault::kThrottled, Fault::kServerError,
          Fault::kOutcomeFails, Fault::kStaleRead, Fault::kDenied, Fault::kSlow, Fault::kHangs}) {
      known.emplace_back(to_string(each));
      if (name == to_string(each)) rule.fault = each;
    }
    if (rule.fault == Fault::kNone && !name.empty())
      bad(node["fault"], "'" + name + "' is no fault", "the simulators know only some",
          model::suggestion(name, known));
  }

  void read_level(const YAML::Node& root, Scenario& made) {
    const std::string level = text(root, "level", false);
    if (level.empty() || level == kWireLevel) return;
    if (level != kWorldLevel)
      return bad(root["level"], "'" + level + "' is no level",
                 "a rehearsal uses the systems' wires, or meets the world itself",
                 model::suggestion(level, {kWireLevel, kWorldLevel}));
    made.level = Level::kWorld;
  }

  void read_kills(const YAML::Node& kills, Scenario& made) {
    if (!kills.IsDefined()) return;
    if (made.level != Level::kWorld)
      return bad(kills, "kills without level: world",
                 "over the wires nobody can say where the executor is", "write level: world");
    if (!kills.IsSequence())
      return bad(kills, "kills is not a list", "each kill is addressed on its own",
                 "list them: - {action: take-snapshot, occurrence: 1, moment: waiting}");
    for (const YAML::Node& node : kills) {
      if (!is_map(node, "a kill")) continue;
      check_keys(node, "a kill", {"action", "occurrence", "moment", "away"});
      Kill kill;
      kill.action = text(node, "action", true);
      if (!kill.action.empty() && model::find_action(kill.action) == nullptr)
        bad(node["action"], "'" + kill.action + "' is no action", "kills go by the steps' actions",
            "see docs/ARCHITECTURE.md for all of them");
      kill.occurrence = occurrence(node);
      const std::string moment = text(node, "moment", true);
      const auto known =
          std::ranges::find(kMoments, moment, &decltype(kMoments)::value_type::second);
      std::vector<std::string> all;
      for (const auto& [value, name] : kMoments) all.emplace_back(name);
      if (known != kMoments.end())
        kill.moment = known->first;
      else if (!moment.empty())
        bad(node["moment"], "'" + moment + "' is no moment", "a kill comes at one of four",
            model::suggestion(moment, all));
      kill.away = duration(node, "away").value_or(std::chrono::seconds(0));
      made.kills.push_back(std::move(kill));
    }
  }

  int occurrence(const YAML::Node& node) {
    const int count = node["occurrence"].as<int>(node["occurrence"].IsDefined() ? 0 : 1);
    if (count < 1)
      bad(node["occurrence"], "occurrence is not a count from 1", "the first call is number 1",
          "write occurrence: 1");
    return count;
  }

  void read_expected(const YAML::Node& root, Scenario& made) {
    const std::string name = text(root, "expect", false);
    if (name.empty() || name == kGoal) return;
    std::vector<std::string> known = {std::string(kGoal), std::string(kAnySafeStop)};
    for (const model::SafeStop& each : model::safe_stops()) known.push_back(each.name);
    if (std::ranges::find(known, name) == known.end())
      return bad(root["expect"], "'" + name + "' is no declared end",
                 "a rehearsal ends in the goal or in a safe stop", model::suggestion(name, known));
    made.expected_stop = name;
  }

  void read_objectives(const YAML::Node& objectives, Scenario& made) {
    if (!is_map(objectives, "objectives")) return;
    check_keys(objectives, "objectives", {"rto", "rpo"});
    made.rto_target = duration(objectives, "rto");
    made.rpo_target = duration(objectives, "rpo");
  }

  std::filesystem::path folder_;
  Diagnostics& diagnostics_;
};

}  // namespace

namespace {

/// Reads a file as YAML and hands its root to `reading`; every defect ends in one error.
template <class Reading>
Status read_file(const std::filesystem::path& path, const Reading& reading) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || std::filesystem::is_directory(path))
    return Error{ErrorCode::kInvalid, path.string() +
                                          ": cannot be read: there is no such file, or no "
                                          "permission; check the path"};
  Diagnostics diagnostics(path.string());
  try {
    reading(Reader(path, diagnostics), YAML::Load(text.str()));
  } catch (const YAML::Exception& error) {
    explain_yaml_error(error.msg, place_of(error.mark), text.str(), diagnostics);
  }
  if (!diagnostics.empty()) return diagnostics.error();
  return Done{};
}

}  // namespace

Result<Scenario> load_scenario(const std::filesystem::path& path) {
  Scenario made;
  Status read =
      read_file(path, [&](Reader reader, const YAML::Node& root) { made = reader.read(root); });
  if (!read) return read.error();
  return made;
}

Result<std::vector<simulators::FaultRule>> load_faults(const std::filesystem::path& path) {
  Scenario made;
  Status read = read_file(
      path, [&](Reader reader, const YAML::Node& root) { reader.read_faults(root, made); });
  if (!read) return read.error();
  return made.faults;
}

namespace {

/// In double quotes, on one line.
std::string quoted(const std::string& text) {
  std::string made = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') made += '\\';
    made += each == '\n' ? ' ' : each;
  }
  return made + "\"";
}

std::string text_of(std::chrono::seconds time) {
  for (const auto& [unit, seconds] :
       {std::pair('d', 86400), std::pair('h', 3600), std::pair('m', 60)})
    if (time.count() > 0 && time.count() % seconds == 0)
      return std::to_string(time.count() / seconds) + unit;
  return std::to_string(time.count()) + "s";
}

std::string text_of(const Act& act) {
  switch (act.kind) {
    case Act::Kind::kRun:
      return "run: " + std::string(to_string(act.procedure));
    case Act::Kind::kWait:
      return "wait: " + text_of(act.wait);
    case Act::Kind::kLose:
      break;
  }
  if (act.machines.empty()) return "lose: everything";
  std::string machines;
  for (const std::string& each : act.machines) machines += (machines.empty() ? "" : ", ") + each;
  return "lose: [" + machines + "]";
}

}  // namespace

std::string to_yaml(const Scenario& scenario) {
  std::string text = "schema: " + std::string(kScenarioSchema) + "\nname: " + scenario.name +
                     "\ntitle: " + quoted(scenario.title) + "\n";
  if (!scenario.description.empty()) text += "description: " + quoted(scenario.description) + "\n";
  text += "inventory: " + quoted(scenario.inventory.string()) + "\n";
  if (scenario.level == Level::kWorld) text += "level: " + std::string(kWorldLevel) + "\n";
  text += "acts:\n";
  for (const Act& each : scenario.acts) text += "  - " + text_of(each) + "\n";
  if (!scenario.faults.empty()) text += "faults:\n";
  for (const simulators::FaultRule& each : scenario.faults)
    text += "  - {operation: " + each.operation +
            ", occurrence: " + std::to_string(each.occurrence) +
            ", fault: " + std::string(to_string(each.fault)) + "}\n";
  if (!scenario.kills.empty()) text += "kills:\n";
  for (const Kill& each : scenario.kills)
    text += "  - {action: " + each.action + ", occurrence: " + std::to_string(each.occurrence) +
            ", moment: " + std::string(to_string(each.moment)) +
            (each.away.count() > 0 ? ", away: " + text_of(each.away) : "") + "}\n";
  if (!scenario.expected_stop.empty()) text += "expect: " + scenario.expected_stop + "\n";
  if (scenario.rto_target || scenario.rpo_target) text += "objectives:\n";
  if (scenario.rto_target) text += "  rto: " + text_of(*scenario.rto_target) + "\n";
  if (scenario.rpo_target) text += "  rpo: " + text_of(*scenario.rpo_target) + "\n";
  if (!scenario.bia_reference.empty() || !scenario.risk_reference.empty()) text += "audit:\n";
  if (!scenario.bia_reference.empty()) text += "  bia: " + quoted(scenario.bia_reference) + "\n";
  if (!scenario.risk_reference.empty()) text += "  risk: " + quoted(scenario.risk_reference) + "\n";
  return text;
}

Scenario scenario_of(model::Procedure procedure, const std::filesystem::path& inventory) {
  Scenario made;
  made.name = std::string(to_string(procedure));
  made.title = "Rehearsal of " + made.name;
  made.inventory = inventory;
  Act act;
  act.procedure = procedure;
  made.acts.push_back(act);
  return made;
}

model::Procedure world_of(const Scenario& scenario) {
  model::Procedure widest = model::Procedure::kRestore;
  for (const Act& act : scenario.acts) {
    if (act.kind != Act::Kind::kRun) continue;
    if (act.procedure == model::Procedure::kUpgrade) return act.procedure;
    if (act.procedure == model::Procedure::kRotate || widest == model::Procedure::kRestore)
      widest = act.procedure;
  }
  return widest;
}

}  // namespace wme::scenarios
