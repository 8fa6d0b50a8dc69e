#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"
#include "model/checker/verdict.hpp"
#include "model/trace/trace_file.hpp"
#include "scenarios/trace_replay/trace_replay.hpp"

namespace wme::cli {

/// Writes each counterexample into the directory, which is made if it is not there:
/// "1-INV-05.trace.json". Gives the paths. Error kInvalid: what cannot be written; traces before it
/// are written.
Result<std::vector<std::string>> write_traces(const std::string& directory,
                                              const model::GroundModel& model,
                                              const model::Plan& plan,
                                              const model::Verification& verification);

/// What is shown of one trace.
struct ReplayReport {
  const model::TraceFile& file;
  const model::BoundTrace& bound;
  const std::vector<model::TimelineRow>& timeline;
  const scenarios::StagedReplay* staged = nullptr;  ///< null: only the model was asked

  bool in_model() const { return !bound.broken.empty(); }
  /// What no system can see, no simulator can contradict.
  bool reproduced() const {
    return in_model() && (staged == nullptr || staged->reproduced || staged->beyond_sight);
  }
};
std::string replay_text(const Console& console, const ReplayReport& report);
/// `rehydrate/replay/1`.
std::string replay_json(const ReplayReport& report);

}  // namespace wme::cli
