#include <algorithm>
#include <map>

#include "scenarios/campaign/page/parts.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::campaign_page {

namespace {

using html::element;

constexpr std::size_t kRowsMax = 150;  // more steps than that share a row with their action
constexpr std::int64_t kShades = 5;

/// What one field of the map counts: a step, or all steps of one action.
struct Field {
  std::int64_t allowed = 0;
  std::int64_t tried = 0;
  std::int64_t times = 0;
};

struct MapRow {
  std::string name;
  std::size_t steps = 0;
  std::map<std::string, Field> fields;  ///< by kind of fault; those that the model allows
};

/// "1-restore activate-container" of "1-restore s12 activate-container c4".
std::string action_of(const std::string& step) {
  const std::size_t act = step.find(' ');
  const std::size_t action = step.find(' ', act + 1);
  if (action == std::string::npos) return step;
  return step.substr(0, act) + step.substr(action, step.find(' ', action + 1) - action);
}

std::vector<MapRow> rows_of(const CampaignResult& result) {
  const bool by_action = result.steps.size() > kRowsMax;
  std::vector<MapRow> rows;
  for (const StepCoverage& step : result.steps) {
    const std::string name = by_action ? action_of(step.step) : step.step;
    auto row = std::ranges::find(rows, name, &MapRow::name);
    if (row == rows.end()) row = rows.insert(row, {name, 0, {}});
    ++row->steps;
    for (const auto& [kind, times] : step.met) {
      Field& field = row->fields[kind];
      ++field.allowed;
      field.tried += times > 0 ? 1 : 0;
      field.times += times;
    }
  }
  return rows;
}

/// Equal shares of the most that any field counts.
std::string shade(std::int64_t times, std::int64_t most) {
  return "h" + std::to_string((times * kShades + most - 1) / most);
}

std::string cell(const MapRow& row, const std::string& kind, std::int64_t most) {
  const auto found = row.fields.find(kind);
  if (found == row.fields.end()) return "<td></td>";
  const Field& field = found->second;
  if (field.tried == field.allowed)
    return "<td class=\"" + shade(field.times, most) + "\">" + grouped(field.times) + "</td>";
  const std::string text =
      field.allowed == 1 ? "never" : grouped(field.tried) + "/" + grouped(field.allowed);
  return "<td class=\"never\">" + text + "</td>";
}

/// A table, not a picture: everybody can read the figures, whatever they see of the shades.
std::string map_of(const std::vector<MapRow>& rows) {
  std::int64_t most = 1;
  for (const MapRow& row : rows)
    for (const auto& [kind, field] : row.fields) most = std::max(most, field.times);
  std::string head = "<th scope=\"col\">Step</th>";
  for (const FaultKindFacts& each : all_fault_kinds())
    head += "<th scope=\"col\" class=\"kind\"><span>" + escaped(each.name) + "</span></th>";
  std::string body;
  for (const MapRow& row : rows) {
    const std::string name = row.name + (row.steps > 1 ? " ×" + std::to_string(row.steps) : "");
    body += "<tr><th scope=\"row\">" + escaped(name) + "</th>";
    for (const FaultKindFacts& each : all_fault_kinds())
      body += cell(row, std::string(each.name), most);
    body += "</tr>\n";
  }
  return html::scrolling(
      "<table id=\"coverage-map\"><caption>How often each fault met each "
      "step</caption><thead><tr>" +
      head + "</tr></thead><tbody>\n" + body + "</tbody></table>");
}

std::string totals_of(const CampaignResult& result) {
  html::Table table{"coverage-kinds",
                    {"Fault", "Must be got over", "Steps", "Tried at", "Times"},
                    {"mono", "", "num", "num", "num"},
                    {}};
  const std::vector<KindCoverage> kinds = coverage_by_kind(result);
  for (std::size_t i = 0; i < kinds.size(); ++i)
    table.rows.push_back(
        {{escaped(kinds[i].kind), all_fault_kinds()[i].to_be_survived ? "yes" : "no",
          grouped(kinds[i].steps), grouped(kinds[i].tried), grouped(kinds[i].times)}});
  return html::table(table);
}

std::string untried(const CampaignResult& result) {
  const std::vector<std::string> pairs = never_tried(result);
  if (pairs.empty())
    return element(
        "p", "",
        html::badge("good", "✓ complete") + " Every pair that the model allows was tried.");
  html::Table table{"never-tried", {"Fault and step"}, {"mono"}, {}};
  for (const std::string& each : pairs) table.rows.push_back({{escaped(each)}});
  const std::string all = grouped(static_cast<long long>(pairs.size()));
  return element("p", "",
                 html::badge("warn", "○ " + all + " never tried") +
                     " Run 1 is undisturbed, then comes each pair once: as many runs as there "
                     "are pairs, and one, leave none untried.") +
         html::folded("Never tried (" + all + ")", html::table(table));
}

}  // namespace

std::string coverage(const CampaignResult& result) {
  const std::vector<MapRow> rows = rows_of(result);
  const std::string lead =
      grouped(static_cast<long long>(result.pairs_tried())) + " of " +
      grouped(static_cast<long long>(result.pairs())) +
      " pairs of fault and step were tried. Blank: the model does not allow this fault at this "
      "step." +
      (rows.size() < result.steps.size()
           ? " Steps of one action share a row; 3/50 there: tried at 3 of 50 steps."
           : "");
  return html::section(
      "coverage", "Which fault met which step", lead,
      untried(result) + map_of(rows) + element("h3", "", "By kind of fault") + totals_of(result));
}

}  // namespace wme::scenarios::campaign_page
