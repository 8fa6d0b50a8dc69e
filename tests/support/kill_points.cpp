#include "tests/support/kill_points.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace {

std::atomic<int> calls = 0;
std::atomic<int> syncs = 0;
std::atomic<int> until_kill = 0;

void count_call() {
  ++calls;
  if (until_kill > 0 && --until_kill == 0) ::raise(SIGKILL);
}

}  // namespace

// Found before the C library's by SQLite and by us.
extern "C" {
int fdatasync(int file) {
  count_call();
  ++syncs;
  return static_cast<int>(::syscall(SYS_fdatasync, file));
}
int fsync(int file) {
  count_call();
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, file));
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t at) {
  count_call();
  return static_cast<ssize_t>(::syscall(SYS_pwrite64, file, bytes, count, at));
}
int ftruncate64(int file, off64_t bytes) noexcept {
  count_call();
  return static_cast<int>(::syscall(SYS_ftruncate, file, bytes));
}
int link(const char* from, const char* to) noexcept {
  count_call();
  return static_cast<int>(::syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int unlink(const char* path) noexcept {
  count_call();
  return static_cast<int>(::syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
}

namespace wme::testing_support {

int calls_that_change_files() { return calls; }
int syncs_so_far() { return syncs; }
void kill_before_call(int n) { until_kill = n; }

}  // namespace wme::testing_support
