#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "executor/telling/tally.hpp"

namespace wme::executor {

/// What the tellers themselves have to tell.
struct TellingCounts {
  std::map<std::string, std::uint64_t> dropped;  ///< events, by the name of the outbox
  std::map<std::string, std::uint64_t> webhook;  ///< deliveries, by what became of them
};

/// A run as Prometheus sees it. Safe for several threads.
class Metrics {
 public:
  Metrics(std::string installation, std::string procedure, std::string version)
      : installation_(std::move(installation)),
        procedure_(std::move(procedure)),
        version_(std::move(version)) {}
  void take(const Told& told);
  /// Exposition format 0.0.4. Every series carries installation and procedure, so that the files
  /// of several installations fit into one folder; no run, no host, no hash is a label.
  std::string text(TimePoint now, const TellingCounts& counts) const;

 private:
  const std::string installation_;
  const std::string procedure_;
  const std::string version_;
  mutable std::mutex mutex_;
  Tally tally_;
};

}  // namespace wme::executor
