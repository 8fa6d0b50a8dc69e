#include "cli/spin/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

Error failed(const std::string& what, int number) {
  return {ErrorCode::kFailed, what + ": " + std::strerror(number)};
}

/// What a program is started with: its output goes to one end of a pipe, it leads a group of its
/// own.
class Spawning {
 public:
  Spawning(const fs::path& folder, int output, bool errors_go_through) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    if (!errors_go_through) posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP);
  }
  ~Spawning() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  /// 0, or why not.
  int start(const std::vector<std::string>& words, pid_t& child) const {
    std::vector<char*> pointers;
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return posix_spawnp(&child, pointers.front(), &actions_, &attributes_, pointers.data(),
                        environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

using Clock = std::chrono::steady_clock;

/// Follows one program until it ends, or has to be stopped.
class Watch {
 public:
  Watch(pid_t child, int output, const ChildLimits& limits)
      : child_(child), output_(output), limits_(limits), end_(Clock::now() + limits.time_max) {}

  /// Why it has to be stopped; empty when it has ended by itself.
  std::string follow(std::string& into) const {
    for (bool open = true; open || !has_ended();) {
      if (limits_.is_interrupted()) return "was interrupted";
      if (Clock::now() >= end_)
        return "took longer than " + std::to_string(limits_.time_max.count()) + " s";
      open = open ? read_some(into) : pause();
    }
    return "";
  }

 private:
  static constexpr int kLookMilliseconds = 200;

  /// False when nothing more will come.
  bool read_some(std::string& into) const {
    pollfd open{output_, POLLIN, 0};
    if (poll(&open, 1, kLookMilliseconds) <= 0) return true;
    std::array<char, 1 << 16> part{};
    const ssize_t count = read(output_, part.data(), part.size());
    if (count < 0 && errno == EINTR) return true;
    if (count <= 0) return false;
    const std::size_t room = limits_.output_bytes_max - into.size();
    into.append(part.data(), std::min(room, static_cast<std::size_t>(count)));
    return true;
  }

  /// It has closed its output and is about to end.
  static bool pause() {
    constexpr int kShortMilliseconds = 5;
    poll(nullptr, 0, kShortMilliseconds);
    return false;
  }

  /// It stays to be collected, so that nobody else gets its number meanwhile.
  bool has_ended() const {
    siginfo_t seen{};
    return waitid(P_PID, static_cast<id_t>(child_), &seen, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           seen.si_pid != 0;
  }

  pid_t child_;
  int output_;
  const ChildLimits& limits_;
  Clock::time_point end_;
};

int status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<PrivateFolder> PrivateFolder::make() {
  std::error_code none;
  const fs::path above = fs::temp_directory_path(none);
  if (none) return Error{ErrorCode::kFailed, "no folder for temporary files: " + none.message()};
  std::string name = (above / "rehydrate-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return failed("a folder in " + above.string(), errno);
  return PrivateFolder(name);
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept : path_(std::move(other.path_)) {
  other.path_.clear();
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;  // what is left of it harms nobody
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

bool is_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((fs::path(folder) / name).c_str(), X_OK) == 0) return true;
  return false;
}

Result<ChildEnd> run_child(const std::vector<std::string>& words, const fs::path& folder,
                           const ChildLimits& limits) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return failed("a pipe for " + words.front(), errno);
  pid_t child = 0;
  const int wrong = Spawning(folder, ends[1], limits.errors_go_through).start(words, child);
  close(ends[1]);
  if (wrong != 0) {
    close(ends[0]);
    if (wrong == ENOENT)
      return Error{ErrorCode::kUnreachable, "there is no program " + words.front()};
    return failed(words.front() + " could not be started", wrong);
  }
  ChildEnd made;
  const std::string stopped = Watch(child, ends[0], limits).follow(made.output);
  // The program, or what it has left running behind it.
  kill(-child, SIGKILL);
  close(ends[0]);
  made.status = status_of(child);
  if (!stopped.empty()) return Error{ErrorCode::kFailed, words.front() + " " + stopped};
  return made;
}

}  // namespace wme::cli
