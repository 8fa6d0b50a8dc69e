#include "scenarios/durations/calibration.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "executor/engine/patience.hpp"
#include "model/wme/actions.hpp"

namespace wme::scenarios {

namespace {

using executor::Entry;
using executor::EntryKind;
using std::chrono::milliseconds;

std::string detail_of(const Entry& entry, const std::string& name) {
  const auto found = entry.details.find(name);
  return found == entry.details.end() ? "" : found->second;
}

/// How much earlier what was awaited from `since` and seen to have ended at `end` may have ended:
/// since the look before, which may have been answered with what was read a moment earlier.
milliseconds seen_late_by(executor::TimePoint since, executor::TimePoint end,
                          milliseconds typical) {
  const executor::Patience patience;
  executor::TimePoint looked = since;
  for (;;) {
    const executor::TimePoint next = executor::next_look(since, looked, typical, patience);
    if (next >= end) return std::min(end - looked + patience.freshness, end - since);
    looked = next;
  }
}

/// A step on its way from its request to its outcome.
struct OpenStep {
  executor::TimePoint asked{};
  std::optional<executor::TimePoint> waits_since = {};
  std::optional<LeftOut> why = {};
};

class Stopwatch {
 public:
  Status take(const executor::Record& record) {
    const Entry& entry = record.entry;
    switch (entry.kind) {
      case EntryKind::kResumed:
        for (auto& [step, open] : open_)
          if (!open.why || *open.why == LeftOut::kInDoubt) open.why = LeftOut::kResumedOver;
        break;
      case EntryKind::kTurned:
        give_up_the_open();
        break;
      case EntryKind::kGate:
        gated_.insert(entry.step);
        break;
      case EntryKind::kIntent:
        asked(entry);
        break;
      case EntryKind::kUnknownOutcome:
        if (const auto open = open_.find(entry.step); open != open_.end() && !open->second.why)
          open->second.why = LeftOut::kInDoubt;
        break;
      case EntryKind::kRefused:
        if (const auto open = open_.find(entry.step); open != open_.end() && !open->second.why)
          open_.erase(open);
        break;
      case EntryKind::kWaiting:
        if (const auto open = open_.find(entry.step); open != open_.end())
          open->second.waits_since = entry.at;
        break;
      case EntryKind::kOutcome:
        return ended(record);
      default:
        break;
    }
    return Done{};
  }

  void end(RunTimes& times) && {
    give_up_the_open();
    times.steps = std::move(steps_);
    times.left_out = std::move(left_out_);
  }

 private:
  /// What was wrong with an earlier try that may have had its effect stays wrong with the step.
  void asked(const Entry& entry) {
    OpenStep& open = open_[entry.step];
    open.asked = entry.at;
    open.waits_since.reset();
  }

  Status ended(const executor::Record& record) {
    const Entry& entry = record.entry;
    const model::Action* action = model::find_action(entry.action);
    if (action == nullptr)
      return Error{ErrorCode::kInvalid, "entry " + std::to_string(record.sequence) + " tells of " +
                                            entry.action +
                                            ", an action that this program's model does not have: "
                                            "use the version that wrote it"};
    const auto found = open_.find(entry.step);
    const bool was_asked = found != open_.end();
    const OpenStep open = was_asked ? found->second : OpenStep{};
    if (was_asked) open_.erase(found);
    if (detail_of(entry, "outcome") != action->outcomes.front().name) return left(LeftOut::kFailed);
    if (!was_asked) return left(LeftOut::kFoundDone);
    if (open.why) return left(*open.why);
    if (gated_.contains(entry.step)) return left(LeftOut::kGated);
    if (entry.at <= open.asked) return left(LeftOut::kAtOnce);
    const milliseconds late = open.waits_since
                                  ? seen_late_by(*open.waits_since, entry.at, action->typical)
                                  : milliseconds(0);
    steps_.push_back({action->name, entry.step, entry.at - open.asked, late});
    return Done{};
  }

  Status left(LeftOut why) {
    ++left_out_[why];
    return Done{};
  }

  /// Another plan has other steps by the same ids.
  void give_up_the_open() {
    if (!open_.empty()) left_out_[LeftOut::kNotEnded] += static_cast<int>(open_.size());
    open_.clear();
    gated_.clear();
  }

  std::map<std::string, OpenStep> open_;  ///< by step
  std::set<std::string> gated_;
  std::vector<TimedStep> steps_;
  std::map<LeftOut, int> left_out_;
};

/// The least that so many percent do not exceed (nearest rank). `sorted` is not empty.
milliseconds percentile(const std::vector<milliseconds>& sorted, std::size_t percent) {
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

}  // namespace

std::string_view in_words(LeftOut why) {
  switch (why) {
    case LeftOut::kFailed:
      return "failed";
    case LeftOut::kResumedOver:
      return "under way while nobody was there";
    case LeftOut::kGated:
      return "waited for an approval";
    case LeftOut::kInDoubt:
      return "asked for again after an answer was lost";
    case LeftOut::kFoundDone:
      return "found done";
    case LeftOut::kNotEnded:
      return "not ended";
    case LeftOut::kAtOnce:
      return "done at once, in no time that the journal shows";
  }
  return "";
}

Result<RunTimes> times_of(const std::vector<executor::Record>& records) {
  if (records.empty() || records.front().entry.kind != EntryKind::kRunStarted)
    return Error{ErrorCode::kInvalid, "it does not begin with a run"};
  const Entry& start = records.front().entry;
  RunTimes times;
  times.run = {detail_of(start, "run"), records.back().hash, !detail_of(start, "seed").empty()};
  if (times.run.run.empty()) times.run.run = "without an id";
  Stopwatch watch;
  for (const executor::Record& each : records)
    if (Status taken = watch.take(each); !taken) return taken.error();
  std::move(watch).end(times);
  return times;
}

std::vector<MeasuredAction> measured_actions(const std::vector<RunTimes>& runs) {
  std::map<std::string, std::vector<milliseconds>> took;
  std::map<std::string, milliseconds> late;
  for (const RunTimes& run : runs)
    for (const TimedStep& each : run.steps) {
      took[each.action].push_back(each.took);
      late[each.action] = std::max(late[each.action], each.late);
    }
  std::vector<MeasuredAction> all;
  for (auto& [action, times] : took) {
    std::ranges::sort(times);
    all.push_back({action,
                   {static_cast<int>(times.size()), percentile(times, 50), percentile(times, 90),
                    times.back()},
                   late[action]});
  }
  return all;
}

DurationsFile calibrated(const std::vector<RunTimes>& runs) {
  DurationsFile file;
  for (const RunTimes& each : runs) file.source.push_back(each.run);
  for (const MeasuredAction& each : measured_actions(runs)) {
    const milliseconds deadline = model::find_action(each.action)->deadline;
    file.actions[each.action] = {std::min(each.spread.p50, deadline - milliseconds(1)),
                                 each.spread};
  }
  return file;
}

}  // namespace wme::scenarios
