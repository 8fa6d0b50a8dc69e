#include <algorithm>

#include "model/wme/safe_stops.hpp"
#include "scenarios/campaign/page/charts.hpp"
#include "scenarios/campaign/page/parts.hpp"
#include "scenarios/report/html_parts.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios::campaign_page {

namespace {

using html::element;

constexpr std::size_t kStopColours = 5;

std::string class_of_stop(const std::string& stop, std::size_t index) {
  if (stop == kNoSafeStop) return "e-none";
  return "e-stop" + std::to_string(index % kStopColours);
}

std::vector<Share> shares_of(const CampaignResult& result) {
  std::vector<Share> shares = {{std::string(kGoal), result.goals, "e-goal"}};
  for (const auto& [stop, count] : result.stops)
    shares.push_back({stop, count, class_of_stop(stop, shares.size() - 1)});
  if (!result.stops.contains(std::string(kNoSafeStop)))
    shares.push_back({std::string(kNoSafeStop), 0, "e-none"});
  return shares;
}

/// Results are read from files, too: a stop of another version is one without words.
std::string says_of(const std::string& end) {
  if (end == kGoal) return "The procedure's goal";
  if (end == kNoSafeStop) return "Neither the goal nor a declared safe stop: a failure";
  const auto stop = std::ranges::find(model::safe_stops(), end, &model::SafeStop::name);
  return "Safe stop" + (stop == model::safe_stops().end() ? "" : ": " + stop->words);
}

/// A bar beside a figure; the figure says the same.
std::string meter(std::int64_t part, std::int64_t whole) {
  const double percent =
      whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return "<span class=\"meter\" aria-hidden=\"true\"><i style=\"width:" + fixed(percent, 1) +
         "%\"></i></span>" + share_text(part, whole);
}

std::string chart_of(const Distribution& figures) {
  const std::string body = figures.histogram.total() == 0
                               ? element("p", "none", escaped("not measured: " + figures.why_none))
                               : histogram(figures);
  return element(
      "figure", "",
      element("figcaption", "",
              escaped(sentence_case(figures.name)) + " " + html::badge("warn", "simulated")) +
          body);
}

html::Table::Row row_of(const Distribution& figures) {
  const std::int64_t measured = figures.histogram.total();
  std::vector<std::string> cells = {escaped(sentence_case(figures.name))};
  for (const auto& [name, part] : kPercentiles)
    cells.push_back(measured == 0 ? "–" : human(*figures.histogram.percentile(part)));
  cells.push_back(grouped(measured));
  cells.push_back(figures.target ? human(*figures.target) : "none");
  cells.push_back(measured == 0 || !figures.target ? "–" : share_text(figures.kept(), measured));
  return {std::move(cells)};
}

}  // namespace

std::string ends(const CampaignResult& result) {
  html::Table rows{
      "ends-table", {"End", "Runs", "Share", "What it is"}, {"mono", "num", "num", "wide"}, {}};
  const std::vector<Share> shares = shares_of(result);
  for (const Share& each : shares)
    rows.rows.push_back(
        {{"<span class=\"key " + each.classes + "\"><i></i></span>" + escaped(each.name),
          grouped(each.count), share_text(each.count, result.held), escaped(says_of(each.name))}});
  return html::section(
      "ends", "How the runs ended",
      "By what really is at the end of a run, not by what the executor believes.",
      (result.held > 0 ? stacked_bar(shares, "How " + runs_text(result.held) + " ended, simulated")
                       : "") +
          html::table(rows));
}

std::string times(const CampaignResult& result) {
  html::Table rows{
      "times-table",
      {"Simulated", "P50", "P90", "P95", "max", "Measured in runs", "Objective", "Kept in"},
      {"", "num", "num", "num", "num", "num", "num", "num"},
      {}};
  std::string charts;
  for (const Distribution& each : distributions_of(result)) {
    charts += chart_of(each);
    rows.rows.push_back(row_of(each));
  }
  return html::section("times", "Times",
                       "By " + durations_in_words(result.facts.durations_file) +
                           ", with up to an hour of nobody there after each kill. P90 "
                           "is the least time that 90 of 100 runs do not exceed. Runs that stopped "
                           "have no duration and no "
                           "RTO.",
                       element("div", "charts", charts) + html::table(rows));
}

std::string critical(const CampaignResult& result) {
  html::Table rows{"critical-table",
                   {"Step", "Runs", "Share of the runs that reached the goal"},
                   {"mono wide", "num", "share"},
                   {}};
  for (const StepCoverage& each : result.steps)
    if (each.critical > 0)
      rows.rows.push_back(
          {{escaped(each.step), grouped(each.critical), meter(each.critical, result.goals)}});
  return html::section(
      "critical", "The critical path",
      "Steps of the last procedure that the end had to wait for: only what makes one of these "
      "faster makes the whole faster.",
      rows.rows.empty() ? element("p", "none", "No run reached the goal.") : html::table(rows));
}

}  // namespace wme::scenarios::campaign_page
