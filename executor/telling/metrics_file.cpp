#include "executor/telling/metrics_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace wme::executor {

Status write_metrics_file(const std::string& path, const std::string& text) {
  // Not "….prom": the collector would read it, too.
  const std::string beside = path + ".new-" + std::to_string(::getpid());
  const auto failed = [&] {
    const int why = errno;
    ::unlink(beside.c_str());
    return Error{ErrorCode::kInvalid, "metrics file " + path + ": " + std::strerror(why) +
                                          "; name another one with --metrics-file"};
  };
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                          S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  if (file < 0) return failed();
  // The umask of whoever handles secrets would keep the collector out.
  bool fine = ::fchmod(file, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) == 0;
  fine = fine && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  fine = ::close(file) == 0 && fine;
  if (!fine || std::rename(beside.c_str(), path.c_str()) != 0) return failed();
  return Done{};
}

}  // namespace wme::executor
