#pragma once

#include <string>
#include <string_view>

/// Long commands on a host: started in the background, observed through files that outlive the
/// connection. `<action>.<entity>.{token,log,exit}` stand in /var/tmp/rehydrate; the process id in
/// /run, which a reboot empties, so that a dead job never looks alive.
namespace wme::executor::host {

inline constexpr std::string_view kStateDirectory = "/var/tmp/rehydrate";

enum class Repeat {
  kAfterFailure,  ///< a failed job may be started again
  kNever,         ///< a failed job stays failed: a person must look (INV-37)
};

/// Shell text that starts `command` unless it runs or is done already; prints what it found. The
/// same token again never repeats what succeeded.
std::string start_job(std::string_view name, std::string_view token, const std::string& command,
                      Repeat repeat);

/// Shell text that sets `variable` to none, running, done or failed.
std::string job_state(std::string_view name, std::string_view variable);

/// Shell text that prints the exit status and the log's last line of a job that failed, when it was
/// started under this token; nothing otherwise.
std::string job_failure(std::string_view name, std::string_view token);

/// Shell text that prints the last line of the job's log.
std::string job_log(std::string_view name);

}  // namespace wme::executor::host
