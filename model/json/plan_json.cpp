#include "model/json/plan_json.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "model/json/json_reader.hpp"
#include "model/wme/actions.hpp"

namespace wme::model {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kPlanAgain = "make the plan again with `rehydrate plan`";
constexpr long kSecondsMax = 366L * 24 * 3600;

// ---------------------------------------------------------------------------------- writing

ordered_json step_json(const Step& step) {
  ordered_json after = ordered_json::array();
  for (const Edge& edge : step.after)
    after.push_back({{"step", edge.step}, {"because", edge.because}});
  ordered_json made = {
      {"id", step.id},           {"action", step.action},       {"arguments", step.arguments},
      {"runbook", step.runbook}, {"door", step.door},           {"sentence", step.sentence},
      {"wait", step.wait},       {"typical_s", step.typical_s}, {"deadline_s", step.deadline_s}};
  if (!step.irreversible.empty()) made["irreversible"] = step.irreversible;
  made["after"] = std::move(after);
  return made;
}

ordered_json head_json(const Plan& plan) {
  ordered_json made = {{"schema", kPlanSchema},
                       {"procedure", plan.procedure},
                       {"installation", plan.installation},
                       {"provider", plan.provider},
                       {"version", plan.version}};
  if (!plan.target_version.empty()) made["target_version"] = plan.target_version;
  made["assumes"] = plan.assumes;
  made["achieves"] = plan.achieves;
  return made;
}

ordered_json summary_json(const PlanSummary& summary) {
  ordered_json made = {{"steps", summary.steps},
                       {"edges", summary.edges},
                       {"operator_steps", summary.operator_steps},
                       {"width", summary.width},
                       {"critical_path_s", summary.critical_path_s},
                       {"critical_path", summary.critical_path}};
  if (!summary.point_of_no_return.empty()) made["point_of_no_return"] = summary.point_of_no_return;
  return made;
}

/// On one line, with a space after each colon and comma. Names and words of an inventory are UTF-8;
/// `replace` keeps a mistake in that from becoming an exception.
std::string one_line(const ordered_json& value) {
  std::string text;
  if (value.is_object()) {
    for (const auto& [key, part] : value.items())
      text += (text.empty() ? "{" : ", ") + ordered_json(key).dump() + ": " + one_line(part);
    return text.empty() ? "{}" : text + "}";
  }
  if (value.is_array()) {
    for (const ordered_json& part : value) text += (text.empty() ? "[" : ", ") + one_line(part);
    return text.empty() ? "[]" : text + "]";
  }
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// A list with one part a line, at the given depth of indentation.
std::string lines(const ordered_json& list, const std::string& indent) {
  std::string text;
  for (const ordered_json& part : list)
    text += (text.empty() ? "[\n" : ",\n") + indent + "  " + one_line(part);
  return text.empty() ? "[]" : text + "\n" + indent + "]";
}

/// What identifies a step on its first line, the rest in groups that are read together.
std::string step_lines(const Step& step) {
  static const std::map<std::string, bool> begins_a_line = {
      {"runbook", true}, {"sentence", true}, {"wait", true}, {"irreversible", true}};
  const ordered_json all = step_json(step);
  std::string text = "    {";
  for (const auto& [key, value] : all.items()) {
    if (key != "id") text += begins_a_line.contains(key) || key == "after" ? ",\n     " : ", ";
    text += ordered_json(key).dump() + ": ";
    text += key == "after" ? lines(value, "     ") : one_line(value);
  }
  return text + "}";
}

// ---------------------------------------------------------------------------------- reading

constexpr std::array kProviders = {Provider::kAws, Provider::kAzure, Provider::kGcp,
                                   Provider::kEsxi, Provider::kHyperV};
constexpr std::array kProcedures = {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate,
                                    Procedure::kUpgrade};

template <class Words>
std::vector<std::string> texts_of(const Words& words) {
  std::vector<std::string> texts;
  for (const auto word : words) texts.emplace_back(to_string(word));
  return texts;
}

/// The actions that can stand in a plan: whatever has a door of ours.
const std::vector<std::string>& plannable_actions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (const Action& action : all_actions())
      if (action.door != Door::kEnvironment) made.push_back(action.name);
    return made;
  }();
  return names;
}

void check_word(JsonReader& reader, const std::string& place, const std::string& word,
                const std::vector<std::string>& known) {
  if (!word.empty() && std::ranges::find(known, word) == known.end())
    reader.fail(place, "'" + word + "' is unknown: it is no word of the schema",
                suggestion(word, known));
}

/// What a step says about its action has to be what the model says.
void check_action(JsonReader& reader, const std::string& place, const Step& step,
                  bool irreversible) {
  if (step.action.empty()) return;
  const Action* action = find_action(step.action);
  if (!action || action->door == Door::kEnvironment) {
    reader.fail(place + "/action",
                "step " + step.id + " is '" + step.action +
                    (action ? "': that happens by itself, nobody can do it"
                            : "': the model knows no such action"),
                action ? kPlanAgain : suggestion(step.action, plannable_actions()));
    return;
  }
  if (step.arguments.size() != action->parameters.size())
    reader.fail(place + "/arguments",
                "step " + step.id + " has " + std::to_string(step.arguments.size()) +
                    " arguments: " + action->name + " takes " +
                    std::to_string(action->parameters.size()),
                action->parameters.empty() ? "leave the list empty"
                                           : "name one " + action->parameters.front().sort);
  const std::string door(to_string(action->door));
  if (!step.door.empty() && step.door != door)
    reader.fail(place + "/door",
                "step " + step.id + " goes through '" + step.door + "': the model has " +
                    action->name + " go through '" + door + "'",
                kPlanAgain);
  if (("/" + action->runbook + "/").find("/" + step.runbook + "/") == std::string::npos)
    reader.fail(place + "/runbook",
                "step " + step.id + " is '" + step.runbook + "' of the runbook: the model has " +
                    action->name + " as '" + action->runbook + "'",
                kPlanAgain);
  if (irreversible != !action->irreversible.empty())
    reader.fail(place + "/irreversible",
                "step " + step.id +
                    (irreversible ? " says that there is no way back after it"
                                  : " does not say that there is no way back") +
                    ": the model says the opposite of " + action->name,
                kPlanAgain);
}

Edge read_edge(JsonReader& reader, const json& value, const std::string& place) {
  const JsonObject object = reader.object(value, place, {"step", "because"}, {});
  return {reader.text(object, "step"), reader.text(object, "because")};
}

Step read_step(JsonReader& reader, const json& value, const std::string& place) {
  const JsonObject object = reader.object(value, place,
                                          {"id", "action", "arguments", "runbook", "door",
                                           "sentence", "wait", "typical_s", "deadline_s", "after"},
                                          {"irreversible"});
  Step step;
  step.id = reader.name(object, "id");
  step.action = reader.text(object, "action");
  step.arguments = reader.names(object, "arguments");
  step.runbook = reader.text(object, "runbook", JsonReader::kMayBeEmpty);
  step.door = reader.text(object, "door");
  step.sentence = reader.text(object, "sentence");
  step.wait = reader.text(object, "wait", JsonReader::kMayBeEmpty);
  step.typical_s = reader.number(object, "typical_s", 0, kSecondsMax);
  step.deadline_s = reader.number(object, "deadline_s", 0, kSecondsMax);
  if (object.has("irreversible")) step.irreversible = reader.text(object, "irreversible");
  std::size_t position = 0;
  for (const json& edge : reader.list(object, "after"))
    step.after.push_back(
        read_edge(reader, edge, object.place("after") + "/" + std::to_string(position++)));
  check_action(reader, place, step, object.has("irreversible"));
  return step;
}

void read_summary(JsonReader& reader, const JsonObject& plan) {
  if (!plan.has("summary")) return;
  constexpr long kAny = std::numeric_limits<long>::max();
  const JsonObject object =
      reader.object(plan.at("summary"), plan.place("summary"), {},
                    {"steps", "edges", "operator_steps", "width", "critical_path_s",
                     "critical_path", "point_of_no_return"});
  for (const char* key : {"steps", "edges", "operator_steps", "width", "critical_path_s"})
    if (object.has(key)) reader.number(object, key, 0, kAny);
  if (object.has("critical_path")) reader.names(object, "critical_path");
  if (object.has("point_of_no_return")) reader.name(object, "point_of_no_return");
}

void read_steps(JsonReader& reader, const JsonObject& object, Plan& plan) {
  const json& list = reader.list(object, "steps");
  if (list.size() > kPlanStepsMax) {
    reader.fail(object.place("steps"),
                "there are " + std::to_string(list.size()) + " steps: more than " +
                    std::to_string(kPlanStepsMax) + " are not handled",
                "split the installation, or check whether this is a plan at all");
    return;
  }
  for (const json& step : list)
    plan.steps.push_back(
        read_step(reader, step, object.place("steps") + "/" + std::to_string(plan.steps.size())));
}

/// Ids and edges, with their places; circles are left to PlanOrder.
void check_edges(JsonReader& reader, const Plan& plan) {
  std::map<std::string, std::size_t> positions;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const std::string& id = plan.steps[i].id;
    const auto [first, is_new] = positions.emplace(id, i);
    ids.push_back(id);
    if (!is_new && !id.empty())
      reader.fail("/steps/" + std::to_string(i) + "/id",
                  "the id '" + id + "' is there already: /steps/" + std::to_string(first->second) +
                      " has it",
                  "give each step its own id");
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    for (std::size_t k = 0; k < plan.steps[i].after.size(); ++k) {
      const std::string& from = plan.steps[i].after[k].step;
      if (from.empty() || positions.contains(from)) continue;
      reader.fail(
          "/steps/" + std::to_string(i) + "/after/" + std::to_string(k) + "/step",
          "step " + plan.steps[i].id + " waits for '" + from + "': no step of the plan has that id",
          suggestion(from, ids));
    }
}

Plan read_plan(JsonReader& reader, const JsonObject& object) {
  Plan plan;
  plan.procedure = reader.text(object, "procedure");
  check_word(reader, object.place("procedure"), plan.procedure, texts_of(kProcedures));
  plan.installation = reader.text(object, "installation");
  plan.provider = reader.text(object, "provider");
  check_word(reader, object.place("provider"), plan.provider, texts_of(kProviders));
  plan.version = reader.text(object, "version");
  if (object.has("target_version")) plan.target_version = reader.text(object, "target_version");
  if (object.has("target_version") != (plan.procedure == to_string(Procedure::kUpgrade)))
    reader.fail(object.place("target_version"),
                object.has("target_version")
                    ? "there is a target version: only an upgrade has one"
                    : "there is no 'target_version': an upgrade goes to one",
                kPlanAgain);
  plan.assumes = reader.texts(object, "assumes");
  plan.achieves = reader.texts(object, "achieves");
  read_summary(reader, object);
  read_steps(reader, object, plan);
  check_edges(reader, plan);
  return plan;
}

/// Why a text that is no JSON is none, in the words of somebody who took the wrong file.
std::string guess(std::string_view text) {
  if (text.find("rehydrate/inventory/") != std::string_view::npos)
    return "this looks like an inventory: give the plan that `rehydrate plan` wrote";
  return std::string("the file may have been cut off or changed by hand: ") + kPlanAgain;
}

}  // namespace

std::string to_plan_json(const Plan& plan, const PlanSummary& summary) {
  std::string text;
  const ordered_json head = head_json(plan);
  for (const auto& [key, value] : head.items()) {
    text += (text.empty() ? "{\n  " : ",\n  ") + ordered_json(key).dump() + ": ";
    text += value.is_array() ? lines(value, "  ") : one_line(value);
  }
  text += ",\n  \"summary\": " + one_line(summary_json(summary)) + ",\n  \"steps\": [";
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    text += (i == 0 ? "\n" : ",\n") + step_lines(plan.steps[i]);
  return text + (plan.steps.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::string canonical_json(const Plan& plan) {
  ordered_json whole = head_json(plan);
  whole["steps"] = ordered_json::array();
  for (const Step& step : plan.steps) whole["steps"].push_back(step_json(step));
  // json, unlike ordered_json, keeps its keys sorted.
  return json(whole).dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Plan> parse_plan(std::string_view text, std::string_view file) {
  JsonReader reader(file, kPlanAgain);
  const Result<json> document = reader.parse(text, guess(text));
  if (!document) return document.error();
  const JsonObject object = reader.object(document.value(), "",
                                          {"schema", "procedure", "installation", "provider",
                                           "version", "assumes", "achieves", "steps"},
                                          {"target_version", "summary"}, kPlanSchema);
  if (!reader.failed()) {
    Plan plan = read_plan(reader, object);
    if (reader.failed()) return reader.error();
    const Result<PlanOrder> order = PlanOrder::of(plan);
    if (order) return plan;
    reader.fail("/steps", order.error().message, "");
  }
  return reader.error();
}

}  // namespace wme::model
