/// Preloaded into the program under test: ends it with SIGKILL at one moment of its life, so that
/// the very program that operators run is what is killed. A moment lies immediately before and
/// immediately after each journal write (fdatasync, fsync) and each request: before the first byte
/// of it is sent, and when all of it is sent and nothing of the answer is read.
///
/// KILL_AT: the moment, from 1; 0 or unset: never. KILL_COUNT: a file that gets the number of
/// moments of a program that ran to its end.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<long> moments{0};

long number_in(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

void moment() {
  static const long at = number_in("KILL_AT");
  if (++moments == at) ::kill(::getpid(), SIGKILL);
}

constexpr int kSocketsMax = 1024;
std::atomic<bool> asks[kSocketsMax];  ///< by descriptor: a request is being sent

bool is_counted(int socket) { return socket >= 0 && socket < kSocketsMax; }

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct AtTheEnd {
  ~AtTheEnd() {
    const char* path = std::getenv("KILL_COUNT");
    if (path == nullptr) return;
    if (std::FILE* file = std::fopen(path, "w")) {
      std::fprintf(file, "%ld\n", moments.load());
      std::fclose(file);
    }
  }
} at_the_end;

}  // namespace

extern "C" {

int fdatasync(int file) {
  static auto* const original = real<int(int)>("fdatasync");
  moment();
  const int result = original(file);
  moment();
  return result;
}

int fsync(int file) {
  static auto* const original = real<int(int)>("fsync");
  moment();
  const int result = original(file);
  moment();
  return result;
}

ssize_t send(int socket, const void* bytes, size_t count, int flags) {
  static auto* const original = real<ssize_t(int, const void*, size_t, int)>("send");
  if (is_counted(socket) && !asks[socket].exchange(true)) moment();
  return original(socket, bytes, count, flags);
}

ssize_t recv(int socket, void* bytes, size_t count, int flags) {
  static auto* const original = real<ssize_t(int, void*, size_t, int)>("recv");
  if (is_counted(socket) && asks[socket].exchange(false)) moment();
  return original(socket, bytes, count, flags);
}

}  // extern "C"
