#include "executor/telling/metrics.hpp"

#include <array>
#include <cstdio>
#include <initializer_list>

namespace wme::executor {

namespace {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char each : text) {
    if (each == '\\' || each == '"') escaped += '\\';
    if (each == '\n')
      escaped += "\\n";
    else
      escaped += each;
  }
  return escaped;
}

class Exposition {
 public:
  explicit Exposition(Labels always) {
    for (const auto& [name, value] : always) common_ += pair(name, value);
  }
  /// `type`: "gauge", "counter", "summary". Samples of one metric follow its heading.
  void metric(const std::string& name, const char* type, const char* help) {
    name_ = name;
    text_ += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
  }
  void sample(std::uint64_t value, Labels labels = {}, const char* suffix = "") {
    add(std::to_string(value), labels, suffix);
  }
  void seconds(std::chrono::milliseconds value, Labels labels = {}, const char* suffix = "") {
    std::array<char, 32> number{};
    std::snprintf(number.data(), number.size(), "%lld.%03d",
                  static_cast<long long>(value.count() / 1000),
                  static_cast<int>(value.count() % 1000));
    add(number.data(), labels, suffix);
  }
  const std::string& text() const { return text_; }

 private:
  static std::string pair(std::string_view name, std::string_view value) {
    return std::string(name) + "=\"" + label_value(value) + "\",";
  }
  void add(const std::string& value, Labels labels, const char* suffix) {
    std::string all = common_;
    for (const auto& [name, label] : labels) all += pair(name, label);
    all.pop_back();
    text_ += name_ + suffix + "{" + all + "} " + value + "\n";
  }

  std::string common_;
  std::string name_;
  std::string text_;
};

std::chrono::milliseconds since(TimePoint then, TimePoint now) {
  return now > then ? now - then : std::chrono::milliseconds(0);
}

void add_run(Exposition& out, const Tally& tally, const std::string& version, TimePoint now) {
  out.metric("rehydrate_run_info", "gauge", "The run that is told about; always 1.");
  out.sample(1, {{"version", version}});
  out.metric("rehydrate_run_state", "gauge", "1 for the state that the run is in, else 0.");
  for (std::size_t i = 0; i < kTallyStates; ++i) {
    const auto state = static_cast<Tally::State>(i);
    out.sample(tally.state() == state ? 1 : 0, {{"state", to_string(state)}});
  }
  if (tally.started()) {
    out.metric("rehydrate_run_start_timestamp_seconds", "gauge",
               "When this process began or resumed the run.");
    out.seconds(tally.started()->time_since_epoch());
    out.metric("rehydrate_run_duration_seconds", "gauge",
               "How long the run has taken so far, or took in all, in this process.");
    out.seconds(since(*tally.started(), tally.ended().value_or(now)));
  }
  if (tally.ended()) {
    out.metric("rehydrate_run_end_timestamp_seconds", "gauge", "When the run ended.");
    out.seconds(tally.ended()->time_since_epoch());
  }
  out.metric(
      "rehydrate_run_waiting_seconds", "gauge",
      "How long the run has waited for a person (gate, operator, pause); 0 when it does not.");
  out.seconds(tally.waiting_since() ? since(*tally.waiting_since(), now)
                                    : std::chrono::milliseconds(0));
  if (tally.last() != TimePoint{}) {
    out.metric("rehydrate_heartbeat_timestamp_seconds", "gauge",
               "When the run last gave a sign of life.");
    out.seconds(tally.last().time_since_epoch());
  }
}

void add_steps(Exposition& out, const Tally& tally) {
  out.metric("rehydrate_steps", "gauge", "Steps of the plan by what is known of them.");
  out.sample(tally.todo(), {{"state", "todo"}});
  out.sample(tally.running(), {{"state", "running"}});
  out.sample(tally.done(), {{"state", "done"}});
  out.sample(tally.failed(), {{"state", "failed"}});
  if (!tally.attempts().empty())
    out.metric("rehydrate_step_attempts_total", "counter",
               "Attempts of steps that have ended, by action and outcome.");
  for (const auto& [of, count] : tally.attempts())
    out.sample(count, {{"action", of.first}, {"outcome", of.second}});
  if (!tally.spent().empty())
    out.metric("rehydrate_step_duration_seconds", "summary",
               "How long the steps that are done took, from their start on.");
  for (const auto& [action, spent] : tally.spent()) {
    out.seconds(spent.time, {{"action", action}}, "_sum");
    out.sample(spent.count, {{"action", action}}, "_count");
  }
  out.metric("rehydrate_slowdowns_total", "counter",
             "How often a system asked to slow down and the run did.");
  out.sample(tally.slowdowns());
}

}  // namespace

void Metrics::take(const Told& told) {
  const std::lock_guard lock(mutex_);
  tally_.take(told);
}

std::string Metrics::text(TimePoint now, const TellingCounts& counts) const {
  const std::lock_guard lock(mutex_);
  Exposition out({{"installation", installation_}, {"procedure", procedure_}});
  add_run(out, tally_, version_, now);
  add_steps(out, tally_);
  if (!counts.dropped.empty())
    out.metric("rehydrate_telling_dropped_total", "counter",
               "Events that a teller never got, since it did not keep up.");
  for (const auto& [teller, count] : counts.dropped) out.sample(count, {{"teller", teller}});
  if (!counts.webhook.empty())
    out.metric("rehydrate_webhook_deliveries_total", "counter",
               "Events sent to webhooks by what became of them.");
  for (const auto& [outcome, count] : counts.webhook) out.sample(count, {{"outcome", outcome}});
  return out.text();
}

}  // namespace wme::executor
