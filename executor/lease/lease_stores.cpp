#include "executor/lease/lease_stores.hpp"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "executor/lease/postgres_lease_store.hpp"
#include "executor/lease/sqlite_lease_store.hpp"

namespace wme::executor {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

template <class Store>
Result<std::unique_ptr<LeaseStore>> as_lease_store(Result<std::unique_ptr<Store>> opened) {
  if (!opened) return opened.error();
  return std::unique_ptr<LeaseStore>(std::move(opened).value());
}

}  // namespace

Result<std::unique_ptr<LeaseStore>> lease_store_for(const std::string& journal) {
  if (is_database_url(journal)) {
    const auto url = database_url_from(journal);
    if (!url) return url.error();
    return as_lease_store(PostgresLeaseStore::open(url.value()));
  }
  // A relative XDG_STATE_HOME is to be ignored. Source: XDG Base Directory Specification 0.8.
  std::filesystem::path state = variable("XDG_STATE_HOME");
  if (!state.is_absolute() && variable("HOME").empty())
    return Error{ErrorCode::kInvalid,
                 "locks: neither XDG_STATE_HOME nor HOME is set, so that there is no folder for "
                 "them; set one of them"};
  if (!state.is_absolute()) state = std::filesystem::path(variable("HOME")) / ".local" / "state";
  return as_lease_store(SqliteLeaseStore::open(state / "rehydrate"));
}

}  // namespace wme::executor
