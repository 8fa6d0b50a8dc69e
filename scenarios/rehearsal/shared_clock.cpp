#include "scenarios/rehearsal/shared_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace wme::scenarios {

Result<std::unique_ptr<SharedClock>> SharedClock::map(const std::filesystem::path& path,
                                                      int flags) {
  const auto failed = [&](const char* what) {
    return Error{ErrorCode::kInvalid,
                 path.string() + ": the virtual clock " + what + ": " + std::strerror(errno)};
  };
  const int file = ::open(path.c_str(), flags | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return failed("cannot be opened; is rehydrate simulate --virtual-time running");
  const bool has_room =
      (flags & O_CREAT) == 0 || ::ftruncate(file, static_cast<off_t>(sizeof(Milliseconds))) == 0;
  void* memory =
      has_room ? ::mmap(nullptr, sizeof(Milliseconds), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
               : MAP_FAILED;
  ::close(file);
  if (memory == MAP_FAILED) return failed("cannot be shared");
  return std::unique_ptr<SharedClock>(new SharedClock(static_cast<Milliseconds*>(memory)));
}

Result<std::unique_ptr<SharedClock>> SharedClock::create(const std::filesystem::path& path,
                                                         executor::TimePoint start) {
  auto clock = map(path, O_CREAT);
  if (clock) clock.value()->time_->store(start.time_since_epoch().count());
  return clock;
}

Result<std::unique_ptr<SharedClock>> SharedClock::open(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::file_size(path, error) != sizeof(Milliseconds))
    return Error{ErrorCode::kInvalid,
                 path.string() +
                     ": this is no virtual clock; rehydrate simulate --virtual-time "
                     "makes one"};
  return map(path, 0);
}

SharedClock::~SharedClock() { ::munmap(time_, sizeof(Milliseconds)); }

executor::TimePoint SharedClock::now() const {
  return executor::TimePoint(std::chrono::milliseconds(time_->load()));
}

void SharedClock::sleep_for(std::chrono::milliseconds time) { time_->fetch_add(time.count()); }

}  // namespace wme::scenarios
