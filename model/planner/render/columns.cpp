#include "model/planner/render/columns.hpp"

#include <algorithm>

namespace wme::model {

namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// Bytes of the first `columns` characters.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues_character(text[at]) && columns-- == 0) break;
  return at;
}

/// Where the first line of `text`, which is too long, ends: at least one byte.
std::size_t line_end(std::string_view text, std::size_t width) {
  const std::size_t limit = bytes_of(text, width);
  const std::size_t space = text.substr(0, limit + 1).rfind(' ');
  if (space != std::string_view::npos && space > 0) return space;
  const std::size_t mark = text.substr(0, limit).find_last_of("/,(-");
  if (mark != std::string_view::npos) return mark + 1;
  return std::max<std::size_t>(limit, 1);
}

std::string_view without_first_spaces(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

std::vector<std::string> broken(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  text = without_first_spaces(text);
  while (columns_of(text) > width) {
    const std::size_t end = line_end(text, width);
    lines.emplace_back(text.substr(0, end));
    while (lines.back().ends_with(' ')) lines.back().pop_back();
    text = without_first_spaces(text.substr(end));
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

std::string row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> lines;
  std::size_t height = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    lines.push_back(broken(cells[i], widths[i]));
    height = std::max(height, lines.back().size());
  }
  std::string text;
  for (std::size_t line = 0; line < height; ++line) {
    std::string whole;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string cell = line < lines[i].size() ? lines[i][line] : "";
      whole += (i == 0 ? "" : "  ") + cell + std::string(widths[i] - columns_of(cell), ' ');
    }
    whole.erase(whole.find_last_not_of(' ') + 1);
    text += whole + "\n";
  }
  return text;
}

std::string paragraph(std::string_view first, std::string_view text, std::size_t width) {
  const std::size_t indent = columns_of(first);
  std::string made(first);
  bool is_first = true;
  for (const std::string& line : broken(text, width > indent + 20 ? width - indent : 20)) {
    if (!is_first) made += std::string(indent, ' ');
    made += line + "\n";
    is_first = false;
  }
  return made;
}

}  // namespace wme::model
