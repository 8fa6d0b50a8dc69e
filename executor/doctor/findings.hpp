#pragma once

#include <string>
#include <utility>
#include <vector>

#include "executor/doctor/doctor.hpp"

/// What the parts of the doctor share.
namespace wme::executor::doctor {

/// Checks in the order in which they were made, each with the time.
class Findings {
 public:
  explicit Findings(const WallTime& wall_time) : wall_time_(wall_time) {}

  void ok(std::string area, std::string name, std::string measured) {
    add({std::move(area), std::move(name), Verdict::kOk, std::move(measured)});
  }
  void warning(std::string area, std::string name, std::string measured, std::string mend) {
    add({std::move(area), std::move(name), Verdict::kWarning, std::move(measured),
         std::move(mend)});
  }
  void failed(std::string area, std::string name, std::string measured, std::string mend) {
    add({std::move(area), std::move(name), Verdict::kFailed, std::move(measured), std::move(mend)});
  }
  void not_checked(std::string area, std::string name, std::string why, std::string mend = {}) {
    add({std::move(area), std::move(name), Verdict::kNotChecked, std::move(why), std::move(mend)});
  }
  /// An error of a door: whether it could not be reached follows from its code.
  void failed(std::string area, std::string name, const Error& error) {
    Check check{std::move(area), std::move(name), Verdict::kFailed, error.message};
    check.unreachable =
        error.code == ErrorCode::kUnreachable || error.code == ErrorCode::kThrottled;
    add(std::move(check));
  }
  void add(Check check) {
    check.at = wall_time_();
    checks_.push_back(std::move(check));
  }
  std::vector<Check> take() { return std::move(checks_); }

 private:
  const WallTime& wall_time_;
  std::vector<Check> checks_;
};

/// The value that the model expects at the beginning: "running"; empty for what it does not have.
std::string at_first(const model::GroundModel& model, const std::string& fluent,
                     const std::vector<std::string>& arguments);

/// How far a clock may be off.
struct ClockLimits {
  std::chrono::seconds warn;
  std::chrono::seconds fail;
  std::string why;  ///< what comes of it
};
void judge_clock(Findings& findings, const std::string& whose, const ClockReading& reading,
                 const ClockLimits& limits, const std::string& mend);

std::string joined(const std::vector<std::string>& words);

// The parts. Each adds its checks.
void check_cloud(const DoctorTask& task, CloudSurvey& cloud, Findings& findings,
                 Examination& examination);
void check_wme(const DoctorTask& task, const DoctorDoors& doors, Findings& findings);
void check_hosts(const DoctorTask& task, HostSurvey& hosts, Findings& findings);

}  // namespace wme::executor::doctor
