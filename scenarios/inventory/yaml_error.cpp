#include "scenarios/inventory/yaml_error.hpp"

#include <algorithm>

namespace wme::scenarios {

namespace {

bool opens_a_quote(std::string_view line) {
  const std::string_view content = line.substr(0, std::min(line.find(" #"), line.size()));
  return !content.starts_with('#') && std::count(content.begin(), content.end(), '"') % 2 == 1;
}

bool is_indented_by_a_tab(std::string_view line) {
  return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())).find('\t') !=
         std::string_view::npos;
}

/// The first line, down to line `last`, of which that is so; 0 when there is none.
int first_line(std::string_view text, int last, bool (*is_so)(std::string_view)) {
  for (int line = 1; line <= last && !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (is_so(text.substr(0, end))) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 0;
}

}  // namespace

void explain_yaml_error(const std::string& message, Place place, std::string_view text,
                        Diagnostics& diagnostics) {
  if (const int line = first_line(text, place.line, is_indented_by_a_tab); line > 0)
    return diagnostics.add({line, 1}, "a tab in the indentation", "YAML takes only spaces there",
                           "replace the tab by spaces");
  if (const int line = first_line(text, place.line, opens_a_quote); line > 0)
    return diagnostics.add({line, 1}, "a quote on this line is not closed",
                           "all that follows would belong to the text in it",
                           "add the other quote, or remove this one");
  if (message.find("not found") != std::string::npos)
    return diagnostics.add(place, "this line does not fit the ones before it",
                           "not valid YAML: " + message,
                           "indent it as the lines that it belongs to, and look for a bracket that "
                           "is not closed or a '- ' too many");
  diagnostics.add(place, "not valid YAML", message,
                  "look at the indentation, the quotes and the brackets here and just before; "
                  "the file may have been cut off");
}

}  // namespace wme::scenarios
