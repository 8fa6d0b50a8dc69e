#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "simulators/core/fidelity.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

class HostSite;

/// The Linux machines of an installation, as somebody with a shell on them sees them. Thread-safe:
/// takes the world's lock for each command.
///
/// What a command in the background asks of the world takes the action's typical time on the
/// world's clock (downloads, archives, the installer, docker on a new instance). A command that
/// somebody waits for takes none: whoever waits may be the one who moves the clock. That leaves
/// mkfs, mount, umount and checksums, a few seconds to minutes of a recovery, out of an RTO.
class HostFront {
 public:
  enum class Reach {
    kAnswered,
    kUnreachable,  ///< nobody listens there: nothing was done
    kCutBefore,    ///< the connection ended before the command ran
    kCutAfter,     ///< the command ran, its answer is lost
  };
  struct Answer {
    Reach reach = Reach::kAnswered;
    int exit_status = 0;
    std::string output;
    std::string errors;
  };

  explicit HostFront(World& world);
  ~HostFront();
  HostFront(const HostFront&) = delete;
  HostFront& operator=(const HostFront&) = delete;

  /// Runs one command line of `user` to its end. `machine` is a machine's name or an address. A
  /// fault is addressed as "ssh <first word>", past sudo, nohup and `bash -c`; a command that
  /// starts with `: word` is addressed by that word.
  Answer execute(const std::string& machine, const std::string& user, const std::string& command,
                 const std::string& input);
  bool reachable(const std::string& machine);
  /// Whether the command reads its standard input, so that it must be complete before it runs.
  bool reads_input(const std::string& command) const;

  struct Endpoint {
    std::string machine;  ///< name or address
    std::string user;
  };
  /// Every command that it knows, for docs/FIDELITY.md.
  static FidelityLedger fidelity();
  /// Every name and every address that machines of this installation have or will have.
  std::vector<Endpoint> endpoints() const;

 private:
  World& world_;
  std::unique_ptr<HostSite> site_;
};

}  // namespace wme::simulators
