#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "scenarios/report/render.hpp"

namespace wme::scenarios {
namespace {

Error failure(const std::filesystem::path& path, const std::string& tried, int number) {
  return {ErrorCode::kFailed, "report: cannot " + tried + " " + path.string() + ": " +
                                  std::strerror(number) +
                                  "; choose a folder that can be written to"};
}

/// Writes all of it and makes it durable; 0 or the system's error number. Closes the file.
int write_and_close(int file, const std::string& content) {
  std::size_t written = 0;
  int number = 0;
  while (number == 0 && written < content.size()) {
    const ssize_t count = ::write(file, content.data() + written, content.size() - written);
    if (count >= 0)
      written += static_cast<std::size_t>(count);
    else if (errno != EINTR)
      number = errno;
  }
  if (number == 0 && ::fsync(file) != 0) number = errno;
  if (::close(file) != 0 && number == 0) number = errno;
  return number;
}

}  // namespace

Status write_atomically(const std::filesystem::path& path, const std::string& content) {
  const std::string temporary = path.string() + ".new-" + std::to_string(::getpid());
  const int file = ::open(temporary.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return failure(path, "write", errno);
  int number = write_and_close(file, content);
  if (number == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) number = errno;
  if (number == 0) return Done{};
  ::unlink(temporary.c_str());
  return failure(path, "write", number);
}

Result<ReportFiles> write_report(const std::filesystem::path& folder,
                                 const RehearsalReport& report) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return failure(folder, "create the folder", problem.value());
  const ReportFiles files{folder / "report.html", folder / "report.json", folder / "junit.xml"};
  // The page comes last: who sees it finds the other two.
  if (auto written = write_atomically(files.json, to_json(report)); !written)
    return written.error();
  if (auto written = write_atomically(files.junit, to_junit(report)); !written)
    return written.error();
  if (auto written = write_atomically(files.html, to_html(report)); !written)
    return written.error();
  return files;
}

}  // namespace wme::scenarios
