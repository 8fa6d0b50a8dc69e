#pragma once

#include <memory>
#include <string>

#include "executor/lease/lease.hpp"
#include "executor/lease/lease_rules.hpp"
#include "executor/lease/process.hpp"
#include "executor/postgres/database_url.hpp"

namespace wme::executor {

/// Leases that several machines share, in the database where their journals are. The database's
/// clock is everybody's: no machine's own can make two run at once.
class PostgresLeaseStore : public LeaseStore {
 public:
  /// An expression of type timestamptz; tests have one that they move.
  static constexpr const char* kDatabaseClock = "clock_timestamp()";

  /// Makes the tables where they are not there. Errors: kUnreachable; kFailed (rights, ...).
  static Result<std::unique_ptr<PostgresLeaseStore>> open(
      const DatabaseUrl& url, HasEnded has_ended = has_ended_here,
      const std::string& clock = kDatabaseClock);
  ~PostgresLeaseStore() override;

  Result<Lease> acquire(const std::string& installation, const Holder& holder,
                        std::chrono::milliseconds time_to_live) override;
  Result<Lease> renew(const std::string& installation, long long fence,
                      std::chrono::milliseconds time_to_live) override;
  Status release(const std::string& installation, long long fence) override;
  Result<std::optional<LeaseNow>> current(const std::string& installation) override;
  Result<std::vector<LeaseNow>> all() override;
  /// Also kUnknownOutcome: look before breaking again.
  Result<Lease> break_lease(const std::string& installation, const std::string& by,
                            const std::string& reason) override;
  Result<std::vector<LeaseEvent>> history(const std::string& installation) override;

 private:
  struct Impl;
  explicit PostgresLeaseStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
