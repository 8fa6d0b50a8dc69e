#include "cli/help.hpp"

#include "cli/exit_status.hpp"

namespace wme::cli {

std::string HelpFormatter::make_description(const CLI::App* app) const {
  std::string text = app->get_description() + "\n";
  if (!app->get_footer().empty()) text += "\nExamples:\n" + app->get_footer() + "\n";
  return text + "\n";
}

/// The examples stand at the top; what an exit status means stands in the help of the program.
std::string HelpFormatter::make_footer(const CLI::App* app) const {
  if (app->get_parent() != nullptr) return "";
  return std::string("\n") + exit_status_table() +
         "\nEvery command has --help, and --json for machines.\n";
}

/// "--inventory FILE", and "(required)"; no types.
std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  std::string text;
  // "TEXT" is what CLI11 calls whatever has no better name.
  if (option->get_type_size() != 0 && option->get_type_name() != "TEXT")
    text += " " + option->get_type_name();
  if (!option->get_default_str().empty()) text += " (" + option->get_default_str() + ")";
  if (option->get_required()) text += " (required)";
  return text;
}

}  // namespace wme::cli
