#include "executor/journal/journal_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

namespace wme::executor {
namespace {

Error failure(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  return {code, "journal " + path.string() + ": " + what};
}

Error system_failure(const std::filesystem::path& path, const std::string& what) {
  return failure(ErrorCode::kFailed, path, what + ": " + std::strerror(errno));
}

Error name_taken(const std::filesystem::path& path) {
  return failure(ErrorCode::kRefused, path,
                 "already exists, and a journal is never overwritten; keep it, and give the new "
                 "one another name");
}

/// Nothing has been done yet when a journal cannot be made: another path mends it.
Error cannot_be_made(const std::filesystem::path& path, const std::string& why) {
  return failure(ErrorCode::kInvalid, path,
                 "cannot be written: " + why +
                     "; nothing was done; name a file in a folder that exists, is yours to write "
                     "in and has room");
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

/// Closes what it holds, once.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

constexpr std::string_view kMagic{"SQLite format 3\0", 16};
constexpr std::size_t kHeaderBytes = 100;    // Source: SQLite file format, 1.3
constexpr std::size_t kPageSizeOffset = 16;  // two bytes, big-endian, like all of the header
constexpr std::size_t kWriteVersionOffset = 18;
constexpr std::size_t kPageCountOffset = 28;
constexpr std::size_t kUserVersionOffset = 60;
constexpr std::size_t kApplicationIdOffset = 68;

std::uint32_t big_endian(const char* bytes, int count = 4) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// What SQLite would take for another kind of file, or for a file that is not used yet.
Status check_is_whole(const std::filesystem::path& path, const char* header) {
  if (header[kWriteVersionOffset] != 2 || header[kWriteVersionOffset + 1] != 2)
    return failure(
        ErrorCode::kFailed, path,
        "the file is damaged at byte 18: it is not in WAL mode, as each journal is; keep "
        "it, and work on a copy");
  std::error_code error;
  const std::uintmax_t log = std::filesystem::file_size(path.string() + "-wal", error);
  if (!error && log > 0) return Done{};  // pages may be there only
  const std::uint32_t coded = big_endian(header + kPageSizeOffset, 2);
  const std::uintmax_t expected =
      std::uintmax_t{coded == 1 ? 65536U : coded} * big_endian(header + kPageCountOffset);
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes < expected)
    return failure(ErrorCode::kFailed, path,
                   "the file is cut off at byte " + std::to_string(bytes) + " of " +
                       std::to_string(expected) + "; keep it, and look for a whole copy");
  return Done{};
}

}  // namespace

Status check_is_journal(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && errno == ENOENT)
    return failure(ErrorCode::kNotFound, path, "there is no such file; check the path");
  if (file.number() < 0)
    return failure(ErrorCode::kInvalid, path,
                   std::string("cannot be opened: ") + std::strerror(errno) +
                       "; give who runs this the right to read it");
  std::array<char, kHeaderBytes> header{};
  const ssize_t bytes = ::read(file.number(), header.data(), header.size());
  if (bytes < 0)
    return failure(ErrorCode::kInvalid, path,
                   std::string("cannot be read: ") + std::strerror(errno) +
                       "; name the journal's file itself");
  if (bytes != static_cast<ssize_t>(kHeaderBytes) ||
      std::string_view(header.data(), kMagic.size()) != kMagic ||
      big_endian(header.data() + kApplicationIdOffset) != kApplicationId)
    return failure(ErrorCode::kInvalid, path,
                   "is not a journal of rehydrate; it was left as it is");
  const std::uint32_t version = big_endian(header.data() + kUserVersionOffset);
  if (version != kSchemaVersion)
    return failure(ErrorCode::kInvalid, path,
                   "has schema rehydrate/journal/" + std::to_string(version) +
                       ", this rehydrate reads rehydrate/journal/" +
                       std::to_string(kSchemaVersion) + "; use the version that wrote it");
  return check_is_whole(path, header.data());
}

std::filesystem::path temporary_of(const std::filesystem::path& path) {
  // Not the process id alone: one that was killed may have had the same, here or on another
  // machine.
  static const std::string mark = std::to_string(std::random_device{}());
  return path.string() + ".new-" + std::to_string(::getpid()) + "-" + mark;
}

Status check_can_be_made(const std::filesystem::path& path) {
  std::error_code error;
  if (path.filename().empty() || std::filesystem::is_directory(path, error))
    return cannot_be_made(path, "that is a folder, not a file");
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error)))
    return name_taken(path);
  // By trying, since rights, quotas and read-only file systems are not for us to judge.
  const Status made = create_private_file(path);
  if (made) ::unlink(temporary_of(path).c_str());
  return made;
}

Status create_private_file(const std::filesystem::path& path) {
  const Descriptor file(
      ::open(temporary_of(path).c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (file.number() < 0) return cannot_be_made(path, std::strerror(errno));
  return Done{};
}

Status publish(const std::filesystem::path& path) {
  // Not rename(2): it would replace whatever somebody put there in the meantime.
  if (::link(temporary_of(path).c_str(), path.c_str()) != 0)
    return errno == EEXIST ? name_taken(path) : cannot_be_made(path, std::strerror(errno));
  ::unlink(temporary_of(path).c_str());
  const Descriptor directory(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0 || ::fsync(directory.number()) != 0)
    return system_failure(path, "its folder cannot be made durable");
  return Done{};
}

}  // namespace wme::executor
