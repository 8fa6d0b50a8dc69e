#include "scenarios/durations/durations_file.hpp"

#include <fstream>
#include <sstream>

#include "model/json/digest.hpp"

namespace wme::scenarios {

namespace {

std::string seconds_text(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000);
  std::string rest = std::to_string(1000 + time.count() % 1000).substr(1);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  return rest.empty() ? text : text + "." + rest;
}

std::string in_quotes(const std::string& text) {
  std::string made = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') made += '\\';
    made += each;
  }
  return made + "\"";
}

std::string text_of(const ActionTime& time) {
  std::string text = "{typical_s: " + seconds_text(time.typical);
  if (time.spread)
    text += ", samples: " + std::to_string(time.spread->samples) +
            ", p50_s: " + seconds_text(time.spread->p50) +
            ", p90_s: " + seconds_text(time.spread->p90) +
            ", max_s: " + seconds_text(time.spread->max);
  return text + "}";
}

}  // namespace

std::string to_yaml(const DurationsFile& durations) {
  std::string text =
      "# How long actions take on one installation, from the request to the outcome, in seconds.\n"
      "# What is not listed takes as long as the model says: rehydrate explain ACTION\n"
      "schema: " +
      std::string(kDurationsSchema) + "\n";
  if (!durations.source.empty()) text += "source:\n";
  for (const MeasuredRun& each : durations.source)
    text += "  - {run: " + in_quotes(each.run) + ", journal: " + each.journal +
            ", origin: " + (each.is_rehearsal ? "rehearsal" : "production") + "}\n";
  text += durations.actions.empty() ? "actions: {}\n" : "actions:\n";
  for (const auto& [action, time] : durations.actions)
    text += "  " + action + ": " + text_of(time) + "\n";
  return text;
}

Result<ChosenDurations> chosen_durations(const std::string& file) {
  if (file.empty()) return ChosenDurations{};
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
  if (!in || std::filesystem::is_directory(file))
    return Error{ErrorCode::kInvalid,
                 file +
                     ": the durations cannot be read: there is no such file, nothing in it, or no "
                     "permission; rehydrate calibrate JOURNAL -o " +
                     file + " makes one"};
  const Result<DurationsFile> read = parse_durations(text.str(), file);
  if (!read) return read.error();
  model::Durations::Measured times;
  for (const auto& [action, time] : read.value().actions) times.emplace(action, time.typical);
  return ChosenDurations{model::Durations(std::move(times)), file,
                         model::sha256_hex(to_yaml(read.value()))};
}

std::string durations_in_words(const std::string& file) {
  return file.empty() ? "the model's durations" : "durations of " + file;
}

}  // namespace wme::scenarios
