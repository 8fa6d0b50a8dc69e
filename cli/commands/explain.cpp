#include "model/english/explain.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "model/english/english.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"

namespace wme::cli {

namespace {

using nlohmann::ordered_json;

constexpr const char* kSchema = "rehydrate/explanation/1";

ordered_json effects_json(const std::vector<model::Effect>& effects) {
  ordered_json made = ordered_json::array();
  for (const model::Effect& effect : effects) made.push_back(model::english(effect));
  return made;
}

ordered_json action_json(const model::Action& action) {
  ordered_json guard = ordered_json::array();
  for (const model::Condition& each : model::guard_of(action))
    guard.push_back({{"holds", model::english(each.formula)},
                     {"otherwise", each.sentence},
                     {"enforced_by", each.enforcer == model::Enforcer::kSystem ? "system" : "us"},
                     {"rule", each.rule}});
  ordered_json outcomes = ordered_json::array();
  for (const model::Outcome& each : action.outcomes)
    outcomes.push_back({{"name", each.name}, {"effects", effects_json(each.effects)}});
  ordered_json parameters = ordered_json::array();
  for (const model::Var& each : action.parameters)
    parameters.push_back({{"name", each.name}, {"sort", each.sort}});
  return {{"schema", kSchema},
          {"kind", "action"},
          {"name", action.name},
          {"runbook", action.runbook},
          {"door", to_string(action.door)},
          {"sentence", action.imperative},
          {"parameters", parameters},
          {"applies", model::english(action.applies)},
          {"guard", guard},
          {"request", effects_json(action.request)},
          {"outcomes", outcomes},
          {"typical_s", action.typical.count()},
          {"deadline_s", action.deadline.count()},
          {"irreversible", action.irreversible},
          {"source", action.source}};
}

ordered_json rule_json(const model::Rule& rule) {
  ordered_json kept = ordered_json::array();
  for (const model::Enforcement each : model::enforcements_of(rule))
    kept.push_back(to_string(each));
  ordered_json before = ordered_json::array();
  for (const model::OrderingRule& each : rule.before)
    before.push_back({{"actions", each.actions},
                      {"holds", model::english(each.formula)},
                      {"otherwise", each.sentence}});
  return {
      {"schema", kSchema},
      {"kind", "rule"},
      {"name", rule.id},
      {"statement", rule.statement},
      {"loss", rule.loss},
      {"kept_as", kept},
      {"how", rule.how},
      {"before", before},
      {"always", rule.state.kind == model::Formula::Kind::kTrue ? "" : model::english(rule.state)},
      {"guarded_actions", model::actions_guarded_by(rule.id)},
      {"source", rule.source}};
}

ordered_json names_json() {
  ordered_json actions = ordered_json::array();
  for (const model::Action& each : model::all_actions()) actions.push_back(each.name);
  ordered_json rules = ordered_json::array();
  for (const model::Rule& each : model::all_rules()) rules.push_back(each.id);
  return {{"schema", kSchema}, {"kind", "all"}, {"actions", actions}, {"rules", rules}};
}

ordered_json json_of(const std::string& name, const std::string& text) {
  if (name.empty()) return names_json();
  if (const model::Action* action = model::find_action(name)) return action_json(*action);
  std::string id = name;
  std::ranges::transform(id, id.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (const model::Rule* rule = model::find_rule(id)) return rule_json(*rule);
  return {{"schema", kSchema}, {"kind", "word"}, {"name", name}, {"text", text}};
}

ExitStatus run_explain(Session& session, const std::string& name) {
  const Result<std::string> text =
      name.empty() ? Result<std::string>(model::explain_all()) : model::explain(name);
  if (!text) return session.fail(text.error());
  session.console.result(session.json ? json_of(name, text.value()).dump(2) + "\n" : text.value());
  return ExitStatus::kDone;
}

}  // namespace

void add_explain(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "explain", kPrepare,
      "Explain an action, a rule, a row of the runbook or a word: guard, effects, source.",
      "  rehydrate explain passivate-container\n"
      "  rehydrate explain INV-05\n"
      "  rehydrate explain");
  const auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "What to explain; without, a line about each is printed");
  command->callback(
      [&session, name] { session.run = [&session, name] { return run_explain(session, *name); }; });
}

}  // namespace wme::cli
