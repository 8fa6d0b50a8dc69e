#include "scenarios/campaign/page/charts.hpp"

#include <algorithm>
#include <map>

#include "scenarios/report/svg.hpp"
#include "scenarios/report/text.hpp"
#include "scenarios/report/time_axis.hpp"

namespace wme::scenarios::campaign_page {

namespace {

// As wide as a narrow screen, so that letters keep their size wherever it is shown.
constexpr double kChart = 360;
constexpr double kRight = kChart - 30;  // half a label of the axis
constexpr double kPlot = 130;           // height
constexpr double kMarkRow = 16;         // each mark has a line of its own: labels never meet
constexpr double kTop = kMarkRow * (kPercentiles.size() + 1) + 12;  // equal for all charts
constexpr double kLetter = 6.6;    // what the page's fonts need at most
constexpr double kLeastBar = 1.5;  // one run in a million is seen, too
constexpr int kBins = 40;
constexpr int kTicks = 5;
constexpr Duration kFinest = std::chrono::minutes(1);  // what labels tell apart

/// A line across the chart and what it says.
struct Mark {
  Duration at{0};
  std::string text;
  bool objective = false;
};

/// The percentiles, and the objective, in order of time. Percentiles that read alike share a mark.
std::vector<Mark> marks_of(const Distribution& figures) {
  std::vector<Mark> marks;
  for (const auto& [name, part] : kPercentiles) {
    const std::chrono::seconds value = *figures.histogram.percentile(part);
    if (!marks.empty() && human(marks.back().at) == human(value))
      marks.back().text += ", " + std::string(name);
    else
      marks.push_back({value, std::string(name)});
    marks.back().at = value;
  }
  if (figures.target) marks.push_back({*figures.target, "objective", true});
  std::ranges::stable_sort(marks, {}, &Mark::at);
  for (Mark& each : marks) each.text += " " + human(each.at);
  return marks;
}

/// What fell into one interval of the axis, on both sides of the objective.
struct Bin {
  std::int64_t kept = 0;
  std::int64_t missed = 0;
};

class Chart {
 public:
  explicit Chart(const Distribution& figures) : figures_(figures), marks_(marks_of(figures)) {
    const Duration least = std::chrono::seconds(figures.histogram.counts.begin()->first);
    const Duration from = std::min(least, marks_.front().at);
    const Duration to = marks_.back().at;
    bin_ = std::max(tick_interval(to - from, kBins), kFinest);
    first_ = from / bin_ * bin_;
    last_ = (to / bin_ + 1) * bin_;
    for (const auto& [value, count] : figures.histogram.counts) {
      Bin& bin = bins_[std::chrono::seconds(value) / bin_ * bin_];
      const bool missed = figures.target && value > figures.target->count();
      (missed ? bin.missed : bin.kept) += count;
    }
    for (const auto& [start, bin] : bins_) highest_ = std::max(highest_, bin.kept + bin.missed);
  }

  std::string drawn() const {
    return svg::picture(kChart, bottom() + 24, figures_.name + ", simulated: " + in_words(),
                        "histogram",
                        svg::description(in_words()) + axis() + bars() + lines() + labels());
  }

 private:
  static double bottom() { return kTop + kPlot; }
  /// Behind the largest count.
  double left() const {
    return 8 + kLetter * static_cast<double>(character_count(grouped(highest_)));
  }
  double x(Duration at) const {
    return left() + (kRight - left()) * static_cast<double>((at - first_).count()) /
                        static_cast<double>((last_ - first_).count());
  }

  std::string in_words() const {
    std::string text;
    for (const Mark& each : marks_) text += each.text + "; ";
    return text + runs_text(figures_.histogram.total());
  }

  std::string axis() const {
    std::string out = svg::line({left(), bottom()}, {kRight, bottom()}, "axis") +
                      svg::line({left(), kTop}, {kRight, kTop}, "grid") +
                      svg::text({left() - 5, kTop + 4}, "tick", grouped(highest_), "end") +
                      svg::text({left() - 5, bottom() + 4}, "tick", "0", "end");
    const Duration tick = std::max(tick_interval(last_ - first_, kTicks), kFinest);
    for (Duration at = (first_ + tick - Duration(1)) / tick * tick; at <= last_; at += tick) {
      const double half = kLetter / 2 * static_cast<double>(character_count(tick_label(at)));
      out += svg::line({x(at), bottom()}, {x(at), bottom() + 4}, "axis");
      out += svg::text({std::clamp(x(at), half, kChart - half), bottom() + 18}, "tick",
                       tick_label(at), "middle");
    }
    return out;
  }

  std::string bars() const {
    std::string out;
    for (const auto& [start, bin] : bins_) {
      const std::string title =
          human(start) + " – " + human(start + bin_) + ": " + runs_text(bin.kept + bin.missed) +
          (bin.missed > 0 ? ", " + grouped(bin.missed) + " beyond the objective" : "");
      const double missed = height(bin.missed);
      out += svg::titled(title, bar(start, bottom() - missed, height(bin.kept), "kept") +
                                    bar(start, bottom(), missed, "missed"));
    }
    return out;
  }
  double height(std::int64_t count) const {
    if (count == 0) return 0;
    return std::max(kLeastBar, kPlot * static_cast<double>(count) / static_cast<double>(highest_));
  }
  std::string bar(Duration start, double foot, double height, std::string_view classes) const {
    if (height == 0) return "";
    const double width = x(start + bin_) - x(start);
    return svg::rect({x(start) + 0.5, foot - height, std::max(1.0, width - 1), height}, classes);
  }

  // Lines first, then labels: those keep a rim of the paper where a line would cross them.
  std::string lines() const {
    std::string out;
    for (std::size_t i = 0; i < marks_.size(); ++i)
      out += svg::line({x(marks_[i].at), row(i) - 9}, {x(marks_[i].at), bottom()},
                       marks_[i].objective ? "mark objective" : "mark");
    return out;
  }
  std::string labels() const {
    std::string out;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const double at = x(marks_[i].at);
      const double width = kLetter * static_cast<double>(character_count(marks_[i].text)) + 4;
      const bool fits = at + width < kChart;
      out += svg::text({fits ? at + 4 : at - 4, row(i)},
                       marks_[i].objective ? "mark-text objective" : "mark-text", marks_[i].text,
                       fits ? "start" : "end");
    }
    return out;
  }
  /// The earliest on top: no later line reaches up to its label.
  static double row(std::size_t mark) { return kMarkRow * static_cast<double>(mark) + 12; }

  const Distribution& figures_;
  std::vector<Mark> marks_;
  std::map<Duration, Bin> bins_;
  Duration bin_{1};
  Duration first_{0};
  Duration last_{1};
  std::int64_t highest_ = 1;
};

}  // namespace

std::string stacked_bar(const std::vector<Share>& shares, std::string_view label) {
  constexpr double kWidth = 1120;
  constexpr double kHeight = 40;
  std::int64_t all = 0;
  std::string words;
  for (const Share& each : shares) all += each.count;
  std::string pieces;
  double x = 0;
  for (const Share& each : shares) {
    if (each.count == 0) continue;
    const std::string says = each.name + ": " + share_text(each.count, all);
    const double width = kWidth * static_cast<double>(each.count) / static_cast<double>(all);
    // A hair of the paper between neighbours, for who does not see their colours.
    pieces +=
        svg::titled(says, svg::rect({x, 0, std::max(1.0, width - 1.5), kHeight}, each.classes));
    words += (words.empty() ? "" : "; ") + says;
    x += width;
  }
  return svg::picture(kWidth, kHeight, label, "stack", svg::description(words) + pieces);
}

std::string histogram(const Distribution& figures) { return Chart(figures).drawn(); }

}  // namespace wme::scenarios::campaign_page
