#pragma once

#include <functional>
#include <optional>

#include "executor/lease/lease.hpp"

/// Who gets a lease and when, for every store: functions of the row as it is and of the time. The
/// store reads the row, asks, and writes the row that comes back, all in one transaction.
namespace wme::executor {

/// What a store keeps of the last lease on an installation.
struct LeaseRow {
  Lease lease;
  /// `until` by the holder's machine; 0 where one clock, the database's, is everybody's. Compared
  /// instead of the wall clock by whoever runs in the same boot: a clock that is set must not let
  /// two run at once.
  std::chrono::milliseconds until_since_boot{0};
  std::string ended;      ///< "", "released", "broken"
  std::string ended_how;  ///< by whom and why, in words
};

struct LeaseMoment {
  TimePoint wall{};
  std::string boot_id;  ///< empty: `wall` is everybody's clock
  std::chrono::milliseconds since_boot{0};
};

struct LeaseChange {
  LeaseRow row;
  std::optional<LeaseEvent> event;  ///< none for what changes nothing worth telling
};

using HasEnded = std::function<bool(const Holder&)>;

LeaseState state_of(const LeaseRow& row, const LeaseMoment& now, const HasEnded& has_ended);
/// Errors as `LeaseStore::acquire`.
Result<LeaseChange> acquired(const std::optional<LeaseRow>& before, const std::string& installation,
                             const Holder& holder, std::chrono::milliseconds time_to_live,
                             const LeaseMoment& now, const HasEnded& has_ended);
/// Errors as `LeaseStore::renew`.
Result<LeaseChange> renewed(const std::optional<LeaseRow>& before, const std::string& installation,
                            long long fence, std::chrono::milliseconds time_to_live,
                            const LeaseMoment& now);
/// Errors as `LeaseStore::release`.
Result<LeaseChange> released(const std::optional<LeaseRow>& before, const std::string& installation,
                             long long fence, const LeaseMoment& now);
/// Errors as `LeaseStore::break_lease`.
Result<LeaseChange> broken(const std::optional<LeaseRow>& before, const std::string& installation,
                           const std::string& by, const std::string& reason,
                           const LeaseMoment& now);

}  // namespace wme::executor
