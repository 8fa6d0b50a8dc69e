#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace wme::cli {

/// A new empty folder that only this user can enter, gone with the object.
class PrivateFolder {
 public:
  /// Error kFailed: why there is none.
  static Result<PrivateFolder> make();
  ~PrivateFolder();
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// What a program left behind.
struct ChildEnd {
  int status = 0;      ///< exit status; 128 + the signal that ended it
  std::string output;  ///< stdout and stderr as they came; stdout alone where errors go through
};

struct ChildLimits {
  std::chrono::seconds time_max{600};
  std::size_t output_bytes_max = 16U << 20U;  ///< what comes after it is read and forgotten
  bool errors_go_through = false;             ///< stderr goes where ours goes
  /// Asked several times a second: stop now?
  std::function<bool()> is_interrupted = [] { return false; };
};

/// Whether PATH leads to such a program.
bool is_program(const std::string& name);

/// Runs a program (found by PATH unless it has a slash) in `folder`, without a shell and with an
/// empty stdin, and waits for its end. Whatever it has started ends with it. Errors: kUnreachable:
/// there is no such program; kFailed: it took longer than it may, was interrupted, or could not be
/// started.
Result<ChildEnd> run_child(const std::vector<std::string>& words,
                           const std::filesystem::path& folder, const ChildLimits& limits);

}  // namespace wme::cli
