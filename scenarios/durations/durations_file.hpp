#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/wme/durations.hpp"

/// How long actions take on one installation, as a file: YAML with schema "rehydrate/durations/1"
/// (docs/campaigns.md). Written by `rehydrate calibrate`, or by hand.
namespace wme::scenarios {

inline constexpr std::string_view kDurationsSchema = "rehydrate/durations/1";
inline constexpr std::size_t kDurationsBytesMax = 1U << 20U;

/// A journal that times were measured in: found again by what is the same on every machine.
struct MeasuredRun {
  std::string run;            ///< its id
  std::string journal;        ///< the last hash of the chain that was read
  bool is_rehearsal = false;  ///< on simulators: its times are theirs
  bool operator==(const MeasuredRun&) const = default;
};

/// What an action's time rests on.
struct Spread {
  int samples = 1;
  std::chrono::milliseconds p50{0};
  std::chrono::milliseconds p90{0};
  std::chrono::milliseconds max{0};
  bool operator==(const Spread&) const = default;
};

struct ActionTime {
  std::chrono::milliseconds typical{0};
  std::optional<Spread> spread;  ///< none: somebody wrote the time down
  bool operator==(const ActionTime&) const = default;
};

struct DurationsFile {
  std::vector<MeasuredRun> source;
  std::map<std::string, ActionTime> actions;  ///< the others take as long as the model says
  bool operator==(const DurationsFile&) const = default;
};

/// Error kInvalid: every defect, one a line, each as "FILE:LINE:COLUMN: what is wrong: why; mend".
Result<DurationsFile> parse_durations(std::string_view text, const std::string& file);
/// The YAML that parse_durations gives back.
std::string to_yaml(const DurationsFile& durations);

/// Durations, and where they are from: for whoever shows figures that rest on them.
struct ChosenDurations {
  model::Durations times;
  std::string file;    ///< empty: the model's own
  std::string digest;  ///< SHA-256 of what the file says, however it is laid out; or empty
};
/// The file's, or the model's own without one. Errors (kInvalid): it cannot be read, or as
/// parse_durations.
Result<ChosenDurations> chosen_durations(const std::string& file);
/// "the model's durations", "durations of measured.yaml".
std::string durations_in_words(const std::string& file);

}  // namespace wme::scenarios
