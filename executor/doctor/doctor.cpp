#include "executor/doctor/doctor.hpp"

#include <array>
#include <cstdio>

#include "executor/doctor/findings.hpp"

namespace wme::executor {

namespace doctor {

std::string at_first(const model::GroundModel& model, const std::string& fluent,
                     const std::vector<std::string>& arguments) {
  const auto variable = model.variable(fluent, arguments);
  if (!variable) return "";
  return model.value_text(*variable, model.initial()[*variable]);
}

std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < kShown; ++i)
    text += (text.empty() ? "" : ", ") + words[i];
  if (words.size() > kShown) text += " and " + std::to_string(words.size() - kShown) + " more";
  return text;
}

void judge_clock(Findings& findings, const std::string& whose, const ClockReading& reading,
                 const ClockLimits& limits, const std::string& mend) {
  const bool is_ahead = reading.ahead.count() >= 0;
  const std::chrono::milliseconds off = is_ahead ? reading.ahead : -reading.ahead;
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%.1f s %s this machine's (measured to %.1f s)",
                static_cast<double>(off.count()) / 1000.0, is_ahead ? "ahead of" : "behind",
                static_cast<double>(reading.uncertain.count()) / 1000.0);
  const std::string measured = text.data();
  // What the measurement cannot tell apart from zero is not held against the clock.
  const std::chrono::milliseconds surely = off - reading.uncertain;
  if (surely > limits.fail)
    findings.failed("clock", whose, measured + ": " + limits.why, mend);
  else if (surely > limits.warn)
    findings.warning("clock", whose, measured, mend);
  else if (reading.uncertain > limits.fail)
    findings.not_checked("clock", whose, measured + ": the answer took too long to tell");
  else
    findings.ok("clock", whose, measured);
}

namespace {

void check_window(const DoctorTask& task, std::chrono::sys_seconds now, Findings& findings) {
  if (!task.window) {
    findings.not_checked("window", "change window", "none was given",
                         "give it with --window if changes are allowed at certain times only");
    return;
  }
  const auto [from, to] = *task.window;
  const auto minutes = [](std::chrono::seconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time).count()) + " min";
  };
  if (now < from)
    findings.failed("window", "change window", "it opens in " + minutes(from - now),
                    "wait until it is open");
  else if (now >= to)
    findings.failed("window", "change window", "it closed " + minutes(now - to) + " ago",
                    "agree on another one");
  else if (std::chrono::seconds(task.expected_s) > to - now)
    findings.failed("window", "change window",
                    "open for " + minutes(to - now) + " more, and the plan usually takes " +
                        minutes(std::chrono::seconds(task.expected_s)),
                    "agree on a longer one, or begin when the next one opens");
  else
    findings.ok("window", "change window",
                "open for " + minutes(to - now) + " more" +
                    (task.plan == nullptr ? ""
                                          : "; the plan usually takes " +
                                                minutes(std::chrono::seconds(task.expected_s))));
}

/// A cloud that cannot be asked: because of what is missing here, or because nobody wrote a driver.
void no_cloud(const DoctorTask& task, const Error& error, Findings& findings) {
  const std::string provider(to_string(task.inventory.provider));
  if (model::has_volumes(task.inventory.provider)) {
    findings.failed("credentials", provider, error);
    findings.not_checked("permissions", provider, "the cloud was not asked: see credentials");
    return;
  }
  const std::string mend = "look in the provider's console";
  for (const char* area : {"credentials", "permissions", "quotas"})
    findings.not_checked(area, provider, error.message, mend);
}

}  // namespace

}  // namespace doctor

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kWarning:
      return "warning";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kNotChecked:
      return "not-checked";
  }
  return "not-checked";
}

Examination examine(const DoctorTask& task, const DoctorDoors& doors, const WallTime& wall_time) {
  Examination examination;
  doctor::Findings findings(wall_time);
  if (doors.cloud)
    doctor::check_cloud(task, *doors.cloud.value(), findings, examination);
  else
    doctor::no_cloud(task, doors.cloud.error(), findings);
  doctor::check_wme(task, doors, findings);
  doctor::check_hosts(task, doors.hosts, findings);
  doctor::check_window(task, std::chrono::floor<std::chrono::seconds>(wall_time()), findings);
  examination.checks = findings.take();
  return examination;
}

}  // namespace wme::executor
