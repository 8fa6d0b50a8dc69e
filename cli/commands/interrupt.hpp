#pragma once

namespace wme::cli {

/// From now on SIGINT and SIGTERM only set a flag; the second one ends the process at once, as safe
/// as kill -9.
void catch_interrupts();
bool interrupted();

}  // namespace wme::cli
