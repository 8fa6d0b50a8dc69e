#include "cli/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ > STDERR_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

Error unreadable(const std::string& path, const std::string& what, const std::string& why,
                 const std::string& mend) {
  return {ErrorCode::kInvalid, path + ": " + what + " cannot be read: " + why + "; " + mend};
}

Error unwritable(const std::string& path, const std::string& why, const std::string& mend) {
  return {ErrorCode::kInvalid, path + ": cannot be written: " + why + "; " + mend};
}

std::string cause() { return std::strerror(errno); }

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Renaming is on disk only once the folder is.
void sync_folder(const fs::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder; the file itself is safe either way.
  if (opened) ::fsync(opened.number());
}

Status write_in_place(const std::string& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file || !write_all(file.number(), text))
    return unwritable(path, cause(), "write to another place with -o");
  return Done{};
}

/// What a new file's mode is, as the operator's umask has it; mkstemp itself gives 0600.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

Result<std::string> read_text(const std::string& path, const std::string& what,
                              std::size_t bytes_max) {
  const bool from_stdin = path == "-";
  const std::string name = from_stdin ? "stdin" : path;
  const Descriptor file(from_stdin ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return unreadable(name, what, cause(), "check the path and its permissions");
  std::string text;
  char part[1 << 16];
  while (true) {
    const ssize_t count = ::read(file.number(), part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return unreadable(name, what, cause(),
                        errno == EISDIR ? "give a file in it" : "check the disk that it is on");
    if (count == 0) return text;
    text.append(part, static_cast<std::size_t>(count));
    if (text.size() > bytes_max)
      return unreadable(name, what, "it is larger than " + std::to_string(bytes_max >> 20U) + " MB",
                        "is this another file?");
  }
}

Status write_whole(const std::string& path, std::string_view text) {
  std::error_code failure;
  fs::path target = path;
  if (fs::is_symlink(target, failure)) {
    target = fs::weakly_canonical(target, failure);
    if (failure) return unwritable(path, failure.message(), "mend the link, or write elsewhere");
  }
  const fs::file_status there = fs::status(target, failure);
  if (fs::is_directory(there)) return unwritable(path, "it is a directory", "name a file in it");
  if (fs::exists(there) && !fs::is_regular_file(there))
    return write_in_place(target.string(), text);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, failure))
    return unwritable(path, "there is no directory " + folder.string(), "make it first");
  std::string draft = (folder / ("." + target.filename().string() + ".XXXXXX")).string();
  const Descriptor file(::mkostemp(draft.data(), O_CLOEXEC));
  if (!file) return unwritable(path, cause(), "check the directory's permissions");
  const mode_t mode =
      fs::exists(there) ? static_cast<mode_t>(there.permissions()) & 07777U : usual_mode();
  const bool done = write_all(file.number(), text) && ::fchmod(file.number(), mode) == 0 &&
                    ::fsync(file.number()) == 0 && ::rename(draft.c_str(), target.c_str()) == 0;
  if (!done) {
    const std::string why = cause();
    ::unlink(draft.c_str());
    return unwritable(path, why, "check the space on the disk and the directory's permissions");
  }
  sync_folder(folder);
  return Done{};
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code failure;
  return fs::equivalent(one, other, failure) && !failure;
}

}  // namespace wme::cli
