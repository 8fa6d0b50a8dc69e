#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "executor/lease/lease.hpp"

/// What this machine knows about processes and time. Source: proc(5), clock_gettime(2).
namespace wme::executor {

/// This process as a holder. `journal` must be without secrets.
Holder this_process(const std::string& journal);
/// "ada@ops-1": whoever runs this process, for what people ask and for breaks.
std::string this_person();

/// Whether the holder ran on this machine, in this boot and this space of process ids, and its
/// process is gone: then it can never act again. False wherever that cannot be told.
bool has_ended_here(const Holder& holder);

/// The machine's time since its boot, which no change of its clock moves; the time it was suspended
/// counts. Only readings of one boot can be compared.
std::chrono::milliseconds time_since_boot();

/// What stores and keepers ask for, so that tests need not wait.
struct LeaseTime {
  std::function<TimePoint()> wall;
  std::function<std::chrono::milliseconds()> since_boot = time_since_boot;
};
LeaseTime system_lease_time();

}  // namespace wme::executor
