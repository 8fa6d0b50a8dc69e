#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/report/report.hpp"

/// The parts that the pages of rehearsals and campaigns are made of. All functions return markup.
namespace wme::scenarios::html {

/// A whole page that fetches nothing; `more_style` comes after the style of all pages. Without
/// `script` none may run.
std::string page(std::string_view title, std::string_view more_style, std::string_view body,
                 std::string_view script);
/// Where every figure of the page comes from, in one sentence; and as the banner on top of it.
std::string origin_sentence(Origin origin);
std::string origin_banner(Origin origin);

/// `<tag class="classes">content</tag>`; `content` is markup.
std::string element(std::string_view tag, std::string_view classes, std::string_view content);
std::string section(std::string_view id, std::string_view title, std::string_view lead,
                    std::string_view content);
/// Closed unless `open`; the summary is text, the content markup.
std::string folded(std::string_view summary, std::string_view content, bool open = false);
std::string badge(std::string_view kind, std::string_view text);  ///< kind: good, bad, warn, plain
std::string status_badge(StepStatus status);
std::string bullet_list(const std::vector<std::string>& texts);
std::string code(std::string_view text);  ///< empty for an empty text
/// Names and what they stand for, as markup; those that stand for nothing are left out.
std::string facts(const std::vector<std::pair<std::string, std::string>>& rows);
std::string scrolling(std::string_view content);  ///< scrolls sideways on narrow screens

/// A table of cells that are markup already.
struct Table {
  std::string id;
  std::vector<std::string> titles;
  std::vector<std::string> classes;  ///< one for each column: "num", "mono", "wide", ""
  struct Row {
    std::vector<std::string> cells;
    bool problem = false;  ///< stays when only problems are shown
  };
  std::vector<Row> rows;
  bool filter = false;                 ///< with a field that keeps the rows holding each word
  bool problems_first_filter = false;  ///< with a box for problems only
};
/// Longer tables would make the page unusable; the rest is in the JSON file, and the page says so.
inline constexpr std::size_t kRowsMax = 5000;
std::string table(const Table& table);

// page_assets.cpp
std::string_view style();
std::string_view script();

// html_timeline.cpp
std::string timeline(const RehearsalReport& report);
std::string order(const RehearsalReport& report);
// html_evidence.cpp
std::string invariants(const RehearsalReport& report);
std::string violations(const RehearsalReport& report);
std::string inventory(const RehearsalReport& report);
std::string faults(const RehearsalReport& report);
std::string api_calls(const RehearsalReport& report);
std::string exercise(const RehearsalReport& report);
std::string evidence(const RehearsalReport& report);

}  // namespace wme::scenarios::html
