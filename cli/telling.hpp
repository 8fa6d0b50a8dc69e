#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "executor/drivers/all/secrets.hpp"
#include "executor/engine/run_event.hpp"
#include "model/planner/plan.hpp"
#include "model/result.hpp"

namespace CLI {
class App;
}

namespace wme::cli {

/// Who else is told of a run, as the command line says it (docs/telling.md).
struct TellingOptions {
  std::string log_format;
  std::string log_file;
  std::string log_level;
  std::string metrics_file;
  std::string metrics_listen;
  std::vector<std::string> webhooks;
  std::string webhook_secret;
  std::string dead_letters;
  std::chrono::milliseconds flush_max{5000};  ///< for whoever is behind when the run is over
};
/// The same options for every command that carries a plan out. `options` must outlive the command.
void add_telling_options(CLI::App& command, TellingOptions& options);
/// What is wrong with the options themselves, before there is a run: kInvalid for an address, a URL
/// or a secret. (Files and ports show when the telling starts.)
Status check_telling_options(const TellingOptions& options,
                             const executor::Environment& environment);

/// What is told about.
struct ToldRun {
  std::string id;           ///< as in the journal; the same after it was resumed
  const model::Plan& plan;  ///< the run's own
  std::size_t done = 0;     ///< of its steps, before this process
  std::string journal;      ///< path or URL
};

/// Everybody who is told of one run. Nothing here makes the run wait.
class RunTelling {
 public:
  /// To be called before anything is done to the installation. systemd is told when NOTIFY_SOCKET
  /// is set, the others when an option names them. Errors: kInvalid for an option that cannot be
  /// followed: a file, an address, a URL, a secret.
  static Result<std::unique_ptr<RunTelling>> start(const TellingOptions& options,
                                                   const ToldRun& run,
                                                   const executor::Environment& environment,
                                                   Console& console);
  /// On the way out of an error: tells that a run which has begun has failed, where nobody told how
  /// it ended, and waits as `finish` does.
  ~RunTelling();

  /// Every event of the run, in order, from one thread.
  void tell(const executor::RunEvent& event);
  /// The run goes on with another plan (abort, undo).
  void turn_to(const model::Plan& plan);
  /// A signal asked the run to stop. May be called again and again.
  void stopping();
  /// After the last event: waits some seconds at most for whoever is behind, then warns of what
  /// they were not told, and where it is kept.
  void finish(Console& console);

  /// Whether the log goes to stderr, where a live view would be in its way.
  bool logs_to_stderr() const;

 private:
  struct Impl;
  explicit RunTelling(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::cli
