#include "executor/journal/journal_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace wme::executor {
namespace {

Error failure(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  return {code, "journal " + path.string() + ": " + what};
}

Error system_failure(const std::filesystem::path& path, const std::string& what) {
  const int number = errno;
  if (number == EEXIST)
    return failure(ErrorCode::kRefused, path,
                   "already exists, and a journal is never overwritten; resume it, or choose "
                   "another name");
  return failure(ErrorCode::kFailed, path, what + ": " + std::strerror(number));
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
constexpr std::size_t kHeaderBytes = 100;       // Source: SQLite file format, 1.3
constexpr std::size_t kUserVersionOffset = 60;  // big-endian, like all of the header
constexpr std::size_t kApplicationIdOffset = 68;

std::uint32_t big_endian(const char* bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace

Status check_is_journal(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0 && errno == ENOENT)
    return failure(ErrorCode::kNotFound, path, "there is no such file");
  if (file.number() < 0) return system_failure(path, "cannot be opened");
  std::array<char, kHeaderBytes> header{};
  const ssize_t bytes = ::read(file.number(), header.data(), header.size());
  if (bytes < 0) return system_failure(path, "cannot be read");
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
  return Done{};
}

Status create_private_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (file.number() < 0) return system_failure(path, "cannot be created");
  return Done{};
}

Status publish(const std::filesystem::path& temporary, const std::filesystem::path& path) {
  // Not rename(2): it would replace whatever somebody put there in the meantime.
  if (::link(temporary.c_str(), path.c_str()) != 0) return system_failure(path, "cannot be named");
  ::unlink(temporary.c_str());
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.number() < 0 || ::fsync(directory.number()) != 0)
    return system_failure(path, "its folder cannot be made durable");
  return Done{};
}

}  // namespace wme::executor
