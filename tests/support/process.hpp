#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace wme::testing_support {

/// What a program that ran to its end left behind.
struct Ended {
  int status = -1;  ///< exit status; 128 + the signal that ended it
  std::string out;
  std::string err;
};

struct Start {
  std::vector<std::string> words;  ///< the program (found by PATH unless it has a slash) first
  std::string input = {};          ///< of at most a few kilobytes: it has to fit into a pipe
  std::filesystem::path folder = {};
  std::map<std::string, std::string> environment = {};  ///< on top of this process's own
};

/// Starts a program without a shell, waits for its end, and keeps its two outputs apart.
Ended ended(const Start& start);

/// A new empty folder, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  /// Writes a file into it and gives its path.
  std::string file(const std::string& name, const std::string& text) const;
  /// The names of everything in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

/// What other people's JSON Schema validator says of files: `schema` is one of docs/schemas,
/// `command` is "validate" (status 0: all are valid) or "refuse" (status 0: none is).
Ended schema_check(const std::string& schema, const std::string& command,
                   const std::vector<std::string>& files);

/// The whole of a file.
std::string text_of(const std::filesystem::path& path);

}  // namespace wme::testing_support
