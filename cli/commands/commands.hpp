#pragma once

#include "cli/session.hpp"

namespace wme::cli {

/// One file each. What is not there is no command: a command that cannot do its work yet is not
/// offered.
void add_inventory(CLI::App& root, Session& session);
void add_discover(CLI::App& root, Session& session);
void add_doctor(CLI::App& root, Session& session);
void add_lint(CLI::App& root, Session& session);
void add_plan(CLI::App& root, Session& session);
void add_show(CLI::App& root, Session& session);
void add_explain(CLI::App& root, Session& session);
void add_verify(CLI::App& root, Session& session);
void add_prove(CLI::App& root, Session& session);
void add_mutate(CLI::App& root, Session& session);
void add_replay(CLI::App& root, Session& session);
void add_keygen(CLI::App& root, Session& session);
void add_certificate(CLI::App& root, Session& session);
void add_approve(CLI::App& root, Session& session);
void add_rehearse(CLI::App& root, Session& session);
void add_campaign(CLI::App& root, Session& session);
void add_calibrate(CLI::App& root, Session& session);
void add_merge(CLI::App& root, Session& session);
void add_simulate(CLI::App& root, Session& session);
void add_run(CLI::App& root, Session& session);
void add_resume(CLI::App& root, Session& session);
void add_status(CLI::App& root, Session& session);
void add_abort(CLI::App& root, Session& session);
void add_undo(CLI::App& root, Session& session);
/// pause, continue, stop, gate
void add_people(CLI::App& root, Session& session);
void add_lock(CLI::App& root, Session& session);

/// All of them, in the order in which the help lists them.
void add_commands(CLI::App& root, Session& session);

/// --trusted and --quorum, for every command that checks a certificate.
void add_trust_options(CLI::App& command, std::string& trusted, int& quorum);

/// Headlines of the help.
inline constexpr const char* kPrepare = "Prepare";
inline constexpr const char* kProve = "Prove and rehearse";
inline constexpr const char* kRun = "Run";

}  // namespace wme::cli
