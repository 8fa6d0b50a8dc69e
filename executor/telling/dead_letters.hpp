#pragma once

#include <filesystem>
#include <mutex>

#include "executor/telling/told_json.hpp"

namespace wme::executor {

/// Where events go that no webhook took: one JSON object a line, for the operator alone (0600). The
/// file is there from the first letter on. Several threads may write.
class DeadLetters {
 public:
  explicit DeadLetters(std::filesystem::path path) : path_(std::move(path)) {}
  /// Whether it was written.
  bool add(const DeadLetter& letter);
  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
  std::mutex mutex_;
};

}  // namespace wme::executor
