#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/durations/durations_file.hpp"
#include "scenarios/inventory/diagnostics.hpp"
#include "scenarios/inventory/yaml_error.hpp"
#include "scenarios/inventory/yaml_keys.hpp"

namespace wme::scenarios {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kRunMax = 200;
constexpr int kSamplesMax = 1'000'000'000;
constexpr const char* kSecondsForm = "write seconds, such as 90 or 61.5";

/// "90", "61.5", "0.002": whole milliseconds; none for anything else.
std::optional<milliseconds> seconds_from(std::string_view text) {
  constexpr std::size_t kDigitsMax = 9;
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string rest(point < text.size() ? text.substr(point + 1) : "0");
  const auto is_digits = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!is_digits(whole) || !is_digits(rest) || whole.size() > kDigitsMax || rest.size() > 3)
    return std::nullopt;
  rest.resize(3, '0');
  return milliseconds(std::stoll(std::string(whole)) * 1000 + std::stoll(rest));
}

/// Actions that somebody asks for: what happens by itself takes no time.
std::vector<std::string> timed_actions() {
  std::vector<std::string> names;
  for (const model::Action& each : model::all_actions())
    if (each.typical.count() > 0) names.push_back(each.name);
  return names;
}

/// Reads one file; everything wrong goes to the diagnostics.
class DurationsReader {
 public:
  explicit DurationsReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  DurationsFile read(const YAML::Node& root) {
    DurationsFile made;
    if (!root.IsMap()) {
      bad(root, "the file is not a map of keys", "durations start with \"schema:\"",
          "see docs/campaigns.md for an example");
      return made;
    }
    check_keys(root, "the file", {"schema", "source", "actions"}, diagnostics_);
    const std::string schema = text(root, "schema");
    if (!schema.empty() && schema != kDurationsSchema)
      bad(root["schema"], "schema is '" + schema + "'",
          "this program reads durations of schema " + std::string(kDurationsSchema),
          "is this another file?");
    read_source(root["source"], made);
    const YAML::Node actions = root["actions"];
    if (!actions.IsDefined() || !actions.IsMap()) {
      bad(actions.IsDefined() ? actions : root, "actions is not a map",
          "it holds the time of each action", "write actions: {stop-instance: {typical_s: 90}}");
      return made;
    }
    check_keys(actions, "actions", timed_actions(), diagnostics_,
               "the model has no such action that takes time");
    for (const auto& pair : actions) read_action(pair.first, pair.second, made);
    return made;
  }

 private:
  void bad(const YAML::Node& node, const std::string& what, const std::string& why,
           const std::string& mend) {
    diagnostics_.add(place_of(node), what, why, mend);
  }

  std::string text(const YAML::Node& map, const std::string& key) {
    const YAML::Node node = map[key];
    if (node.IsDefined() && node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
    bad(node.IsDefined() ? node : map, "'" + key + "' is missing, or no text",
        "durations cannot do without it", "write " + key + ": …");
    return "";
  }

  void read_source(const YAML::Node& source, DurationsFile& made) {
    if (!source.IsDefined()) return;
    if (!source.IsSequence())
      return bad(source, "source is not a list", "times may be of several journals",
                 "list them, or leave source out");
    for (const YAML::Node& node : source) {
      if (!node.IsMap()) {
        bad(node, "a source is not a map", "it names a run and its journal",
            "write - {run: ID, journal: HASH, origin: production}");
        continue;
      }
      check_keys(node, "a source", {"run", "journal", "origin"}, diagnostics_);
      MeasuredRun run;
      run.run = text(node, "run");
      if (run.run.size() > kRunMax ||
          std::ranges::any_of(run.run, [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
        bad(node["run"], "'run' is no id of a run", "it is one line of text",
            "write the id that rehydrate status shows");
      run.journal = text(node, "journal");
      if (!run.journal.empty() &&
          (run.journal.size() != kHashDigits ||
           run.journal.find_first_not_of("0123456789abcdef") != std::string::npos))
        bad(node["journal"], "'journal' is not the hash of a journal's end",
            "it tells which journal was measured", "write the 64 digits of 0-9a-f");
      const std::string origin = text(node, "origin");
      run.is_rehearsal = origin == "rehearsal";
      if (!origin.empty() && origin != "rehearsal" && origin != "production")
        bad(node["origin"], "'" + origin + "' is no origin",
            "a time is of production or of a simulation",
            model::suggestion(origin, {"production", "rehearsal"}));
      made.source.push_back(std::move(run));
    }
  }

  void read_action(const YAML::Node& name, const YAML::Node& node, DurationsFile& made) {
    const model::Action* action = name.IsScalar() ? model::find_action(name.Scalar()) : nullptr;
    if (action == nullptr || action->typical.count() <= 0) return;  // said already
    if (!node.IsMap())
      return bad(node, "the time of " + action->name + " is not a map", "it has its typical time",
                 "write " + action->name + ": {typical_s: 90}");
    check_keys(node, action->name, {"typical_s", "samples", "p50_s", "p90_s", "max_s"},
               diagnostics_);
    ActionTime time;
    time.typical = seconds(node, "typical_s");
    if (time.typical >= action->deadline)
      bad(node["typical_s"],
          action->name + " takes " + node["typical_s"].Scalar() +
              " s, which is not before its "
              "deadline of " +
              std::to_string(action->deadline.count()) + " s",
          "every run would give it up", "write less than that, if the figure is right at all");
    read_spread(node, *action, time);
    made.actions.emplace(action->name, time);
  }

  void read_spread(const YAML::Node& node, const model::Action& action, ActionTime& time) {
    if (std::ranges::none_of(std::array{"samples", "p50_s", "p90_s", "max_s"},
                             [&](const char* key) { return node[key].IsDefined(); }))
      return;
    Spread spread;
    spread.samples = count(node, "samples");
    spread.p50 = seconds(node, "p50_s");
    spread.p90 = seconds(node, "p90_s");
    spread.max = seconds(node, "max_s");
    const bool is_complete = spread.samples > 0 && spread.p50.count() > 0 &&
                             spread.p90.count() > 0 && spread.max.count() > 0;
    if (is_complete && (spread.p50 > spread.p90 || spread.p90 > spread.max))
      bad(node, "the times of " + action.name + " are not in order",
          "p50_s is at most p90_s, and that at most max_s", "mend them, or leave all three out");
    time.spread = spread;
  }

  /// 0 ms: it is bad, and was said to be.
  milliseconds seconds(const YAML::Node& map, const std::string& key) {
    const YAML::Node node = map[key];
    const auto time = node.IsDefined() && node.IsScalar() ? seconds_from(node.Scalar())
                                                          : std::optional<milliseconds>();
    if (time && time->count() > 0) return *time;
    const bool is_there = node.IsDefined();
    bad(is_there ? node : map,
        is_there ? "'" + key + "' is not a time above 0, to the millisecond at most"
                 : "'" + key + "' is missing",
        "everything that is asked for takes some time", kSecondsForm);
    return milliseconds(0);
  }

  int count(const YAML::Node& map, const std::string& key) {
    const YAML::Node node = map[key];
    const std::string text = node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value > 0 &&
        value <= kSamplesMax)
      return value;
    bad(node.IsDefined() ? node : map, "'" + key + "' is not a count from 1",
        "it says what p50_s, p90_s and max_s are of", "write it, or leave all four out");
    return 0;
  }

  Diagnostics& diagnostics_;
};

}  // namespace

Result<DurationsFile> parse_durations(std::string_view text, const std::string& file) {
  Diagnostics diagnostics(file);
  DurationsFile made;
  const bool is_whole = !text.empty() && (text.back() == '\n' || text.back() == '}');
  if (text.size() > kDurationsBytesMax || text.find('\0') != std::string_view::npos)
    diagnostics.add({}, "this is no file of durations", "it is too large, or no text",
                    "is this another file?");
  else if (!is_whole)
    diagnostics.add({}, "the last line has no end", "the file may have been cut off",
                    "end the last line with a newline, if it is complete");
  if (!diagnostics.empty()) return diagnostics.error();
  try {
    made = DurationsReader(diagnostics).read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    explain_yaml_error(error.msg, place_of(error.mark), text, diagnostics);
  }
  if (!diagnostics.empty()) return diagnostics.error();
  return made;
}

}  // namespace wme::scenarios
