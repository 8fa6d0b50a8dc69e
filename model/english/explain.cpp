#include "model/english/explain.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "model/english/english.hpp"
#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rule_tests.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

constexpr std::size_t kLabelWidth = 15;

/// "Source         [doc: DR]", wrapped under itself.
std::string line(std::string label, std::string_view text) {
  label.resize(std::max(kLabelWidth, label.size() + 1), ' ');
  return wrapped(label, kLabelWidth, text);
}

/// "  - " and "    ": an item of a list and what belongs to it.
std::string item(std::string_view text) { return wrapped("  - ", 4, text); }
std::string under(std::string_view text) { return wrapped("    ", 4, text); }

std::string duration(std::chrono::seconds time) {
  const long seconds = time.count();
  if (seconds > 0 && seconds % 60 == 0) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds) + " s";
}

/// "{c}" is c, "{s.store}" is store(s).
std::string readable(const std::string& sentence) {
  std::string text;
  for (std::size_t at = 0; at < sentence.size();) {
    const std::size_t open = std::min(sentence.find('{', at), sentence.size());
    text += sentence.substr(at, open - at);
    if (open == sentence.size()) break;
    const std::size_t close = sentence.find('}', open);
    const std::string inside = sentence.substr(open + 1, close - open - 1);
    const std::size_t dot = inside.find('.');
    Term term(inside.substr(0, dot));
    if (dot != std::string::npos) term.functions.push_back(inside.substr(dot + 1));
    text += english(term);
    at = close + 1;
  }
  return text;
}

std::string kept_by(const Condition& condition) {
  const std::string rule = condition.rule.empty() ? "" : " (" + condition.rule + ")";
  if (condition.enforcer == Enforcer::kSystem) return "the system itself" + rule;
  return condition.rule.empty() ? "us: documented order without a number" : "our rule" + rule;
}

std::string conditions(const Action& action) {
  std::string text;
  for (const Condition& each : guard_of(action))
    text += item(english(each.formula) + (each.throughout ? ", until it ends" : "")) +
            under("else: " + readable(each.sentence)) + under("kept by: " + kept_by(each));
  return text.empty() ? item("nothing") : text;
}

std::string effects_text(const std::vector<Effect>& effects) {
  std::string text;
  for (const Effect& effect : effects) text += item(english(effect));
  return text.empty() ? item("nothing yet") : text;
}

void add_word(const std::string& word, std::vector<std::string>& words) {
  if (std::ranges::find(words, word) == words.end()) words.push_back(word);
}

void fluents_in(const Formula& formula, std::vector<std::string>& words) {
  if (formula.kind == Formula::Kind::kFluentIn) add_word(formula.fluent.fluent, words);
  for (const Formula& part : formula.parts) fluents_in(part, words);
}

void fluents_in(const std::vector<Effect>& effects, std::vector<std::string>& words) {
  for (const Effect& effect : effects) {
    fluents_in(effect.when, words);
    add_word(effect.target.fluent, words);
  }
}

std::string sort_meaning(const std::string& sort) {
  const auto at = std::ranges::find(sorts(), sort, &Sort::name);
  return at == sorts().end() ? "" : at->meaning;
}

const Fluent* find_fluent(std::string_view name) {
  const auto at = std::ranges::find(fluents(), name, &Fluent::name);
  return at == fluents().end() ? nullptr : &*at;
}

/// "run(X)".
std::string signature(const Fluent& fluent) {
  return fluent.sorts.empty() ? fluent.name : fluent.name + "(X)";
}

std::string meaning(const Fluent& fluent) {
  std::string text = fluent.meaning;
  const std::size_t at = text.find("{1}");
  if (at != std::string::npos) text.replace(at, 3, "X");
  return text;
}

std::string explain_fluent(const Fluent& fluent) {
  std::string text = signature(fluent) + "\n" + wrapped("  ", 2, meaning(fluent)) + "\n";
  for (const std::string& sort : fluent.sorts)
    text += line("X", "a " + sort + ": " + sort_meaning(sort));
  text += line("Values", listed(fluent.values, "or"));
  const std::string seen = fluent.seen_by == SeenBy::kGhost
                               ? "nobody: a ghost that carries what must not be lost"
                               : std::string(to_string(fluent.seen_by));
  return text + line("Seen by", seen) + line("Source", fluent.source);
}

std::string words_section(const std::vector<std::string>& words) {
  std::string text = "\nThe words\n";
  for (const std::string& word : words)
    if (const Fluent* fluent = find_fluent(word))
      text +=
          item(signature(*fluent) + ": " + meaning(*fluent) + "; " + listed(fluent->values, "or"));
  return text;
}

std::string parameters(const Action& action) {
  std::string text;
  for (const Var& parameter : action.parameters)
    text += (text.empty() ? "" : "; ") + parameter.name + ", a " + parameter.sort + ": " +
            sort_meaning(parameter.sort);
  return text.empty() ? "none" : text;
}

std::string enforcement_text(const Rule& rule) {
  std::string text;
  for (const Enforcement way : enforcements_of(rule))
    text += (text.empty() ? "" : ", ") + std::string(to_string(way));
  return text;
}

std::string system_conditions(const Rule& rule, std::vector<std::string>& words) {
  std::string text;
  for (const Action& action : all_actions())
    for (const Condition& each : action.guard)
      if (each.rule.find(rule.id) != std::string::npos) {
        fluents_in(each.formula, words);
        text += item(action.name + ": " + english(each.formula)) +
                under("else: " + readable(each.sentence)) + under("kept by: " + kept_by(each));
      }
  return text;
}

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& letter : text)
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

/// "inv-5" and "INV5" are INV-05.
const Rule* rule_meant(std::string_view word) {
  const auto squeezed = [](std::string_view id) {
    std::string text;
    for (const char letter : lower(id))
      if (letter != '-' && (letter != '0' || (!text.empty() && std::isdigit(text.back()) != 0)))
        text += letter;
    return text;
  };
  for (const Rule& rule : all_rules())
    if (squeezed(rule.id) == squeezed(word)) return &rule;
  return nullptr;
}

/// "B07/D02/D03" has the row D02.
bool has_row(const std::string& runbook, const std::string& row) {
  return row.size() == 3 && ("/" + lower(runbook) + "/").find("/" + row + "/") != std::string::npos;
}

std::vector<std::string> known_words() {
  std::vector<std::string> words;
  for (const Action& action : all_actions()) words.push_back(action.name);
  for (const Rule& rule : all_rules()) words.push_back(rule.id);
  for (const Fluent& fluent : fluents()) words.push_back(fluent.name);
  return words;
}

/// "park-container" and "passivate-container" do.
bool shares_a_part(const std::string& word, const std::string& known) {
  std::istringstream parts(word);
  for (std::string part; std::getline(parts, part, '-');)
    if (part.size() > 2 && ("-" + known + "-").find("-" + part + "-") != std::string::npos)
      return true;
  return false;
}

/// What somebody who wrote `word` (in lower case) may have meant.
std::vector<std::string> meant(const std::string& word) {
  constexpr std::size_t kShownMax = 3;
  std::vector<std::string> lowered;
  for (const std::string& known : known_words()) lowered.push_back(lower(known));
  const std::vector<std::string> near = nearest_words(word, lowered, kShownMax);
  std::vector<std::string> found;
  for (const std::string& each : near)
    for (const std::string& known : known_words())
      if (lower(known) == each) add_word(known, found);
  // People remember a part of a name: "snapshot".
  for (const std::string& known : known_words())
    if (found.size() < kShownMax && word.size() > 2 && lower(known).find(word) != std::string::npos)
      add_word(known, found);
  // Or another verb for the same thing: "park-container".
  const bool none = found.empty();
  for (const std::string& known : known_words())
    if (none && found.size() < kShownMax && shares_a_part(word, lower(known)))
      add_word(known, found);
  return found;
}

/// "INV-" of "INV-05", and 5.
std::pair<std::string, int> family_and_number(std::string_view id) {
  const std::size_t digits = std::min(id.find_first_of("0123456789"), id.size());
  int number = 0;
  std::from_chars(id.data() + digits, id.data() + id.size(), number);
  return {lower(id.substr(0, digits)), number};
}

/// What to say of a word that looks like a rule's number, but is none; empty if it does not.
std::string about_rules(std::string_view word) {
  const auto [family, number] = family_and_number(word);
  std::vector<std::string> ranges;
  std::string nearest;
  int distance = 0;
  std::string first;
  const std::vector<Rule>& rules = all_rules();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto [of, at] = family_and_number(rules[i].id);
    if (first.empty()) first = rules[i].id;
    if (i + 1 == rules.size() || family_and_number(rules[i + 1].id).first != of) {
      ranges.push_back(first == rules[i].id ? first : first + " to " + rules[i].id);
      first.clear();
    }
    const bool same = of.starts_with(family) && family.size() > 1;
    if (!same || (!nearest.empty() && std::abs(at - number) >= distance)) continue;
    nearest = rules[i].id;
    distance = std::abs(at - number);
  }
  if (nearest.empty()) return "";
  return "the rules are " + listed(ranges, "and") + "; the nearest is " + nearest;
}

}  // namespace

std::string explain_action(const Action& action) {
  std::string text = action.name + "\n" + wrapped("  ", 2, readable(action.imperative)) + "\n";
  text += line("Runbook", action.runbook.empty() ? "in no plan of ours" : action.runbook);
  text += line("Door", to_string(action.door));
  text += line("Parameters", parameters(action));
  if (action.applies.kind != Formula::Kind::kTrue)
    text += line("Exists if", english(action.applies));
  if (action.door != Door::kEnvironment)
    text += line("Takes", duration(action.typical) + ", at most " + duration(action.deadline));
  text += line("Way back",
               action.irreversible.empty() ? "there is one" : "none: " + action.irreversible);
  text += line("Source", action.source);
  text += "\nBefore it may be requested\n" + conditions(action);
  text += "\nWhen the request is accepted\n" + effects_text(action.request);
  for (const Outcome& outcome : action.outcomes)
    text += "\nOutcome: " + outcome.name + "\n" + effects_text(outcome.effects);
  std::vector<std::string> words;
  for (const Condition& each : guard_of(action)) fluents_in(each.formula, words);
  fluents_in(action.request, words);
  for (const Outcome& outcome : action.outcomes) fluents_in(outcome.effects, words);
  return text + words_section(words);
}

std::string explain_rule(const Rule& rule) {
  std::string text = rule.id + "\n" + wrapped("  ", 2, rule.statement) + "\n";
  text += line("If it breaks", rule.loss) + line("Source", rule.source);
  text += line("Kept as", enforcement_text(rule));
  if (!rule.how.empty()) text += line("How", rule.how);
  std::vector<std::string> words;
  if (rule.state.kind != Formula::Kind::kTrue) {
    text +=
        "\nIn every state\n" + item(english(rule.state)) + under("else: " + rule.state_sentence);
    fluents_in(rule.state, words);
  }
  std::string before = system_conditions(rule, words);
  for (const OrderingRule& order : rule.before) {
    before += item(listed(order.actions, "and") + ": " + english(order.formula)) +
              under("else: " + readable(order.sentence)) +
              under("kept by: our rule (" + rule.id + ")");
    fluents_in(order.formula, words);
  }
  if (!before.empty()) text += "\nBefore these actions\n" + before;
  text += "\nViolated by the tests\n";
  for (const RuleTest& test : tests_of(rule.id)) text += item(test.name + " in " + test.file);
  return words.empty() ? text : text + words_section(words);
}

Result<std::string> explain(std::string_view word) {
  const std::string wanted = lower(word);
  if (const Action* action = find_action(wanted)) return explain_action(*action);
  if (const Rule* rule = rule_meant(wanted)) return explain_rule(*rule);
  if (const Fluent* fluent = find_fluent(wanted)) return explain_fluent(*fluent);
  std::string rows;
  for (const Action& action : all_actions())
    if (has_row(action.runbook, wanted))
      rows += (rows.empty() ? "" : "\n\n") + explain_action(action);
  if (!rows.empty()) return rows;
  if (const std::string rules = about_rules(wanted); !rules.empty())
    return Error{ErrorCode::kNotFound,
                 "explain: there is no rule '" + std::string(word) + "'; " + rules};
  const std::vector<std::string> near = meant(wanted);
  return Error{ErrorCode::kNotFound,
               "explain: the model has no action, rule, row or word '" + std::string(word) + "'; " +
                   (near.empty() ? "`rehydrate explain` without a word lists them all"
                                 : "did you mean " + listed(near, "or") + "?")};
}

std::string explain_all() {
  static constexpr std::size_t kIndent = 28;
  const auto entry = [](std::string name, std::string_view text) {
    name = "  " + name;
    name.resize(std::max(kIndent, name.size() + 1), ' ');
    return wrapped(name, kIndent, text);
  };
  std::string text = "Actions\n";
  for (const Action& action : all_actions())
    text += entry(action.name, (action.runbook.empty() ? "" : action.runbook + ": ") +
                                   readable(action.imperative));
  text += "\nRules\n";
  for (const Rule& rule : all_rules()) text += entry(rule.id, rule.statement);
  text += "\nWords\n";
  for (const Fluent& fluent : fluents()) text += entry(signature(fluent), meaning(fluent));
  return text;
}

std::string model_text() {
  std::string text;
  for (const Action& each : all_actions()) text += explain_action(each) + "\n";
  for (const Rule& each : all_rules()) {
    text += each.id + ": " + each.statement + "\n";
    for (const OrderingRule& order : each.before) {
      for (const std::string& action : order.actions) text += action + " ";
      text += "needs " + english(order.formula) + "\n";
    }
    text += english(each.state) + "\n";
  }
  return text;
}

}  // namespace wme::model
