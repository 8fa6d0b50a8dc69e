#include "executor/lease/process.hpp"

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>

namespace wme::executor {
namespace {

std::string first_line(const std::string& path) {
  std::string line;
  std::getline(std::ifstream(path) >> std::ws, line);
  return line;
}

std::string boot_id() {
  static const std::string id = first_line("/proc/sys/kernel/random/boot_id");
  return id;
}

std::string pid_space() {
  struct stat space {};
  return ::stat("/proc/self/ns/pid", &space) == 0 ? std::to_string(space.st_ino) : "";
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data()
                                                                             : "unknown-host";
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return found->pw_name;
  return "uid-" + std::to_string(::geteuid());
}

struct ProcessState {
  char state = '?';  ///< as in ps: R, S, T, Z, …
  long long started = 0;
};

/// None: there is no such process, or it is hidden from us.
std::optional<ProcessState> state_of(long long pid) {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(pid) + "/stat").rdbuf();
  const std::string stat = text.str();
  // The name in parentheses may hold anything, parentheses too.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  ProcessState found;
  fields >> found.state;
  constexpr int kBetween = 18;  // fields 4 to 21; 22 is the start time
  std::string skipped;
  for (int i = 0; i < kBetween; ++i) fields >> skipped;
  if (!(fields >> found.started)) return std::nullopt;
  return found;
}

}  // namespace

std::string in_words(const Holder& holder) {
  return holder.user + "@" + holder.host + " (process " + std::to_string(holder.pid) + ")";
}

Holder this_process(const std::string& journal) {
  const long long pid = ::getpid();
  const auto state = state_of(pid);
  return {user_name(), host_name(), boot_id(), pid_space(), pid, state ? state->started : 0,
          journal};
}

std::string this_person() { return user_name() + "@" + host_name(); }

bool has_ended_here(const Holder& holder) {
  if (holder.host != host_name() || holder.boot_id.empty() || holder.boot_id != boot_id() ||
      holder.pid_space.empty() || holder.pid_space != pid_space() || holder.pid <= 0)
    return false;
  // Not by the absence from /proc: with hidepid= it hides what is other people's.
  if (::kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH) return true;
  const auto state = state_of(holder.pid);
  if (!state) return false;
  const bool gone = state->state == 'Z' || state->state == 'X';  // only its parent still waits
  return gone || (holder.started != 0 && state->started != holder.started);
}

std::chrono::milliseconds time_since_boot() {
  timespec time{};
  // Not CLOCK_MONOTONIC: it stands still while a laptop sleeps, and leases run out meanwhile.
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::seconds{time.tv_sec} +
                                                       std::chrono::nanoseconds{time.tv_nsec});
}

LeaseTime system_lease_time() {
  return {[] {
            return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
          },
          time_since_boot};
}

}  // namespace wme::executor
