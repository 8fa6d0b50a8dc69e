#pragma once

#include <libssh/libssh.h>
#include <libssh/server.h>

#include <atomic>
#include <string>

#include "simulators/host/host_front.hpp"

namespace wme::simulators {

/// What a connection needs to know about its server.
struct SshPolicy {
  ssh_key client_key = nullptr;  ///< the one key that is let in
  std::string password;          ///< empty: no password is let in
};

/// Serves one accepted connection until it ends or `stopping` is set. Takes over `session`.
void serve_connection(ssh_session session, HostFront& front, const std::string& machine,
                      const SshPolicy& policy, const std::atomic<bool>& stopping);

}  // namespace wme::simulators
