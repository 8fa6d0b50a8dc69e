#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wme::model {

/// Columns that a text takes on a terminal: its characters, not its bytes.
std::size_t columns_of(std::string_view text);

/// Lines of at most `width` columns, broken at spaces, else after one of /,(- or anywhere.
std::vector<std::string> broken(std::string_view text, std::size_t width);

/// One row of a table: each cell broken into lines of its column's width, two spaces between the
/// columns, nothing after the last character of a line.
std::string row(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths);

/// `text` behind `first`, all further lines indented as deep as `first` is wide; ends with a line
/// feed.
std::string paragraph(std::string_view first, std::string_view text, std::size_t width);

}  // namespace wme::model
