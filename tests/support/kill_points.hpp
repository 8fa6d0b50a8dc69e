#pragma once

namespace wme::testing_support {

/// The calls through which a process changes what stands on disk: in a program that links this, all
/// of its own and of SQLite's go through here. So a test can count them, and end a process before
/// any one of them, as a kill or a power cut would.
/// The calls of this process so far.
int calls_that_change_files();
/// Those that reach for the disk: fsync and fdatasync.
int syncs_so_far();
/// SIGKILL before the n-th call from now on, from 1; 0: never.
void kill_before_call(int n);

}  // namespace wme::testing_support
