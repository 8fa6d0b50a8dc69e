#pragma once

#include <filesystem>
#include <memory>

#include "executor/lease/lease.hpp"
#include "executor/lease/lease_rules.hpp"
#include "executor/lease/process.hpp"

namespace wme::executor {

/// Leases of one machine: one SQLite file (0600) in a folder (0700, made where there is none). Not
/// for folders that several machines share; that is what PostgreSQL is for.
class SqliteLeaseStore : public LeaseStore {
 public:
  /// Errors: kInvalid when the folder cannot be written to or the file is something else, kFailed
  /// when it is damaged, kUnreachable when somebody keeps it locked for longer than 5 s.
  static Result<std::unique_ptr<SqliteLeaseStore>> open(const std::filesystem::path& folder,
                                                        LeaseTime time = system_lease_time(),
                                                        HasEnded has_ended = has_ended_here);
  ~SqliteLeaseStore() override;

  Result<Lease> acquire(const std::string& installation, const Holder& holder,
                        std::chrono::milliseconds time_to_live) override;
  Result<Lease> renew(const std::string& installation, long long fence,
                      std::chrono::milliseconds time_to_live) override;
  Status release(const std::string& installation, long long fence) override;
  Result<std::optional<LeaseNow>> current(const std::string& installation) override;
  Result<std::vector<LeaseNow>> all() override;
  Result<Lease> break_lease(const std::string& installation, const std::string& by,
                            const std::string& reason) override;
  Result<std::vector<LeaseEvent>> history(const std::string& installation) override;

 private:
  struct Impl;
  explicit SqliteLeaseStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
