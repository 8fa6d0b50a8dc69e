#pragma once

#include <string>
#include <vector>

#include "executor/telling/told.hpp"

namespace wme::executor {

inline constexpr TimePoint kToldStart{std::chrono::milliseconds{1'795'312'800'000}};

/// An event of a run of three steps, about the run itself.
inline Told told_run(ToldKind kind, int after_s = 0) {
  Told told;
  told.kind = kind;
  told.elapsed = std::chrono::seconds(after_s);
  told.at = kToldStart + told.elapsed;
  told.run = "acme-restore-7";
  told.installation = "acme";
  told.procedure = "restore";
  told.steps = 3;
  return told;
}

/// About one of its steps: "s2" mounts a store.
inline Told told_step(ToldKind kind, const std::string& step, int after_s = 0) {
  Told told = told_run(kind, after_s);
  told.step = step;
  told.action = "mount-store";
  told.arguments = {"wm-data"};
  told.door = "host";
  told.attempt = 1;
  return told;
}

inline Told told_end(const std::string& outcome, int after_s = 0) {
  Told told = told_run(ToldKind::kRunEnded, after_s);
  told.outcome = outcome;
  return told;
}

/// A run as most are: two steps done, one of them at its second attempt, one that failed.
inline std::vector<Told> told_sample() {
  Told retried = told_step(ToldKind::kStepRetried, "s2", 30);
  retried.text = "mount-store wm-data: no answer; looking before asking again";
  Told second = told_step(ToldKind::kStepDone, "s2", 40);
  second.attempt = 2;
  second.elapsed = std::chrono::seconds(20);
  Told failed = told_step(ToldKind::kStepFailed, "s3", 50);
  failed.text = "mount-store wm-data: the device is gone";
  return {told_run(ToldKind::kRunStarted),
          told_step(ToldKind::kStepStarted, "s1", 1),
          told_step(ToldKind::kStepWaiting, "s1", 5),
          told_step(ToldKind::kStepDone, "s1", 10),
          told_step(ToldKind::kStepStarted, "s2", 20),
          retried,
          second,
          told_step(ToldKind::kStepStarted, "s3", 45),
          failed,
          told_end("failed", 60)};
}

}  // namespace wme::executor
