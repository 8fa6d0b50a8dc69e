#include "model/english/invariants.hpp"

#include <string_view>
#include <vector>

#include "model/wme/rule_tests.hpp"
#include "model/wme/rules.hpp"

namespace wme::model {

namespace {

std::string cell(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '|' || letter == '<') safe += '\\';
    safe += letter;
  }
  return safe;
}

std::string code_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

std::string verdicts(const Rule& rule) {
  std::string text;
  for (const Enforcement way : enforcements_of(rule))
    text += (text.empty() ? "" : ", ") + std::string(to_string(way));
  return rule.how.empty() ? text : text + ": " + rule.how;
}

std::string tests_cell(const Rule& rule) {
  std::string text;
  for (const RuleTest& test : tests_of(rule.id))
    text += (text.empty() ? "[`" : ", [`") + test.name + "`](../" + test.file + ")";
  return text.empty() ? "none yet" : text;
}

}  // namespace

std::string invariants_markdown() {
  std::string text = R"(# The invariants

Each rule of `reference/wme.md`, section 4, with what keeps it. Generated from the data in
`model/wme/rules.cpp` and `model/wme/actions/`; a test compares this page with them, and
`REHYDRATE_UPDATE_GOLDEN=1` in its environment rewrites the page. `rehydrate explain INV-05` prints one
rule with its formulas.

- **state property**: holds in every state; the checker explores and the simulators watch it.
- **ordering rule**: a condition in the guards of the actions named; `verify` proves it for every
  interleaving of a plan, the executor judges it on fresh observations before each call.
- **check of the inventory or plan**: judged before there is a plan.
- **rule of the executor**: how the executor and its drivers work.
- **not applicable**: no plan contains what it speaks of.

Loss codes: **DL** data loss, **CO** corruption, **SB** split brain, **AV** outage or hang, **SE**
exposure. The last column names the tests that violate the rule and see it noticed.

| rule | statement | if it breaks | verdict | guards | source | violated by |
| --- | --- | --- | --- | --- | --- | --- |
)";
  for (const Rule& rule : all_rules())
    text += "| " + rule.id + " | " + cell(rule.statement) + " | " + cell(rule.loss) + " | " +
            cell(verdicts(rule)) + " | " + code_list(actions_guarded_by(rule.id)) + " | " +
            cell(rule.source) + " | " + tests_cell(rule) + " |\n";
  return text;
}

}  // namespace wme::model
