#pragma once

#include <string>

#include "model/result.hpp"

struct ssh_session_struct;

namespace wme::executor {

/// Logs in on a connected session with a public key: `identity_file` when there is one, else the
/// first identity that the configuration names and the usual ones of ~/.ssh; then the keys of the
/// agent. Only reads: libssh's own search would write a `.pub` file beside a key that lacks one.
/// Never asks for a passphrase: a protected key is used through the agent.
/// `where` is the host, for messages. Errors: kRefused when no key is accepted, kInvalid when
/// `identity_file` is unusable and the agent has no other, kUnreachable when the connection breaks.
Status authenticate(ssh_session_struct* session, const std::string& identity_file,
                    const std::string& where);

}  // namespace wme::executor
