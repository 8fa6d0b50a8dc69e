#include "executor/telling/dead_letters.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace wme::executor {

bool DeadLetters::add(const DeadLetter& letter) {
  const std::string line = dead_letter_line(letter) + "\n";
  const std::lock_guard lock(mutex_);
  const int file = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                          S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  // One call, one line: other processes may append to the same file.
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  return ::close(file) == 0 && written;
}

}  // namespace wme::executor
