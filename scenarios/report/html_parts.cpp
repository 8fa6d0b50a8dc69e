#include "scenarios/report/html_parts.hpp"

#include <algorithm>

#include "scenarios/report/text.hpp"

namespace wme::scenarios::html {
namespace {

std::string filter_bar(const Table& table) {
  const std::string id = escaped(table.id);
  std::string bar = "<div class=\"filter\"><input type=\"search\" data-filter=\"" + id +
                    "\" placeholder=\"Filter: every word must occur\" aria-label=\"Filter rows\">";
  if (table.problems_first_filter)
    bar += "<label><input type=\"checkbox\" data-problems=\"" + id + "\"> problems only</label>";
  return bar + "<output data-count=\"" + id + "\"></output></div>";
}

std::string head(const Table& table) {
  std::string cells;
  for (std::size_t i = 0; i < table.titles.size(); ++i)
    cells += "<th scope=\"col\"" +
             (table.classes[i].empty() ? "" : " class=\"" + table.classes[i] + "\"") + ">" +
             escaped(table.titles[i]) + "</th>";
  return "<thead><tr>" + cells + "</tr></thead>";
}

std::string body_row(const Table& table, const Table::Row& row) {
  std::string cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i)
    cells += "<td" + (table.classes[i].empty() ? "" : " class=\"" + table.classes[i] + "\"") + ">" +
             row.cells[i] + "</td>";
  return std::string("<tr") + (row.problem ? " class=\"problem\"" : "") + ">" + cells + "</tr>\n";
}

}  // namespace

std::string element(std::string_view tag, std::string_view classes, std::string_view content) {
  const std::string name(tag);
  return "<" + name + (classes.empty() ? "" : " class=\"" + std::string(classes) + "\"") + ">" +
         std::string(content) + "</" + name + ">";
}

std::string section(std::string_view id, std::string_view title, std::string_view lead,
                    std::string_view content) {
  return "<section id=\"" + std::string(id) + "\"><h2>" + escaped(title) + "</h2>" +
         (lead.empty() ? "" : "<p class=\"lead\">" + escaped(lead) + "</p>") +
         std::string(content) + "</section>\n";
}

std::string folded(std::string_view summary, std::string_view content, bool open) {
  return std::string("<details") + (open ? " open" : "") + "><summary>" + escaped(summary) +
         "</summary>" + std::string(content) + "</details>\n";
}

std::string badge(std::string_view kind, std::string_view text) {
  return element("span", "badge " + std::string(kind), escaped(text));
}

std::string status_badge(StepStatus status) {
  switch (status) {
    case StepStatus::kDone:
      return badge("good", "✓ done");
    case StepStatus::kFailed:
      return badge("bad", "✕ failed");
    case StepStatus::kRefused:
      return badge("bad", "✕ refused");
    case StepStatus::kSkipped:
      return badge("plain", "– skipped");
    case StepStatus::kNotReached:
      return badge("warn", "○ not reached");
  }
  return "";
}

std::string bullet_list(const std::vector<std::string>& texts) {
  if (texts.empty()) return element("span", "none", "none recorded");
  if (texts.size() == 1) return escaped(texts.front());
  std::string items;
  for (const std::string& text : texts) items += element("li", "", escaped(text));
  return element("ul", "", items);
}

std::string scrolling(std::string_view content) {
  return "<div class=\"scroll\" tabindex=\"0\">" + std::string(content) + "</div>\n";
}

std::string table(const Table& table) {
  std::string rows;
  const std::size_t shown = std::min(table.rows.size(), kRowsMax);
  for (std::size_t i = 0; i < shown; ++i) rows += body_row(table, table.rows[i]);
  std::string note;
  if (shown < table.rows.size())
    note = "<p class=\"lead\">The first " + grouped(static_cast<long long>(shown)) + " of " +
           grouped(static_cast<long long>(table.rows.size())) +
           " rows; all of them are in report.json.</p>";
  return (table.filter ? filter_bar(table) : "") +
         scrolling("<table id=\"" + escaped(table.id) + "\">" + head(table) + "<tbody>\n" + rows +
                   "</tbody></table>") +
         note;
}

}  // namespace wme::scenarios::html
