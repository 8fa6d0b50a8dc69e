#include "model/checker/promela_names.hpp"

#include <cctype>

#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// Words of Promela and of C, and what promela.cpp calls its own.
const std::set<std::string, std::less<>>& reserved() {
  static const std::set<std::string, std::less<>> all = {
      "active",     "all_done", "assert",   "atomic",   "auto",        "bit",      "bool",
      "break",      "breaks",   "byte",     "case",     "chan",        "char",     "committed",
      "const",      "continue", "default",  "do",       "double",      "else",     "empty",
      "enabled",    "end",      "enum",     "eval",     "extern",      "false",    "faulted",
      "fi",         "float",    "for",      "full",     "goto",        "hidden",   "if",
      "in",         "init",     "inline",   "int",      "judge_goals", "len",      "local",
      "long",       "ltl",      "mtype",    "nempty",   "never",       "nfull",    "notrace",
      "now",        "od",       "of",       "pid",      "plan",        "printf",   "printm",
      "priority",   "proctype", "provided", "register", "restrict",    "return",   "run",
      "select",     "short",    "show",     "signed",   "sizeof",      "skip",     "static",
      "is_stopped", "struct",   "switch",   "timeout",  "told",        "trace",    "true",
      "typedef",    "union",    "unless",   "unsigned", "void",        "volatile", "while",
      "xr",         "xs"};
  return all;
}

std::string identifier(std::string_view text, int (*letter)(int)) {
  std::string made;
  for (const char each : text) {
    const auto character = static_cast<unsigned char>(each);
    const bool fits = character < 128 && std::isalnum(character) != 0;
    made += fits ? static_cast<char>(letter(character)) : '_';
  }
  return made;
}

std::string lower(std::string_view text) { return identifier(text, std::tolower); }
std::string upper(std::string_view text) { return identifier(text, std::toupper); }

}  // namespace

PromelaNames::PromelaNames(const GroundModel& model) : model_(model), taken_(reserved()) {
  for (Variable v = 0; v < model.variable_count(); ++v) {
    std::string wish = fluents()[model.fluent_index(v)].name;
    for (const std::string& argument : model.arguments_of(v)) wish += "_" + argument;
    variables_.push_back(fresh(wish));
  }
  std::set<std::string> constants;  // small letters and capitals do not meet
  for (const Fluent& fluent : fluents()) {
    std::vector<std::string>& names = values_.emplace_back();
    for (const std::string& value : fluent.values) {
      std::string name = upper(fluent.name + "_" + value);
      while (!constants.insert(name).second) name += "_";
      names.push_back(std::move(name));
    }
  }
}

std::string PromelaNames::definitions(const std::vector<Variable>& of) const {
  std::set<std::size_t> wanted;
  for (const Variable each : of) wanted.insert(model_.fluent_index(each));
  std::string text;
  for (const std::size_t fluent : wanted)
    for (std::size_t value = 0; value < values_[fluent].size(); ++value)
      text += "#define " + values_[fluent][value] + " " + std::to_string(value) + "\n";
  return text;
}

std::string PromelaNames::fresh(std::string_view wish) {
  const std::string base = lower(wish);
  std::string name = base;
  for (int number = 2; !taken_.insert(name).second; ++number)
    name = base + "__" + std::to_string(number);
  return name;
}

}  // namespace wme::model
