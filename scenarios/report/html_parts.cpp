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

// Nothing may be loaded from anywhere: an auditor's copy must look the same in ten years.
std::string policy(bool runs_script) {
  return std::string(
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
             "'unsafe-inline'") +
         (runs_script ? "; script-src 'unsafe-inline'" : "") + "\">";
}

}  // namespace

std::string page(std::string_view title, std::string_view more_style, std::string_view body,
                 std::string_view script) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">" +
         policy(!script.empty()) +
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
         escaped(title) + "</title>\n<style>" + std::string(style()) + std::string(more_style) +
         "</style></head>\n<body>\n" + std::string(body) +
         (script.empty() ? "" : "<script>" + std::string(script) + "</script>\n") +
         "</body></html>\n";
}

std::string origin_sentence(Origin origin) {
  switch (origin) {
    case Origin::kSimulated:
      return "Every figure on this page is simulated. No production system was touched.";
    case Origin::kSandbox:
      return "Every figure on this page was measured in a sandbox.";
    case Origin::kProduction:
      return "Every figure on this page was measured in production.";
  }
  return "";
}

std::string origin_banner(Origin origin) {
  return element(
      "div", "origin " + std::string(to_string(origin)),
      element("b", "", escaped(to_string(origin))) + " " + escaped(origin_sentence(origin)));
}

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

std::string code(std::string_view text) {
  return text.empty() ? "" : element("code", "", escaped(text));
}

std::string facts(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::string content;
  for (const auto& [name, markup] : rows)
    if (!markup.empty()) content += "<dt>" + escaped(name) + "</dt><dd>" + markup + "</dd>";
  return element("dl", "facts", content);
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
           " rows; all of them are in the result's JSON file.</p>";
  return (table.filter ? filter_bar(table) : "") +
         scrolling("<table id=\"" + escaped(table.id) + "\">" + head(table) + "<tbody>\n" + rows +
                   "</tbody></table>") +
         note;
}

}  // namespace wme::scenarios::html
