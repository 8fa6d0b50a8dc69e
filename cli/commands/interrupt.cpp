#include "cli/commands/interrupt.hpp"

#include <csignal>

namespace wme::cli {

namespace {

volatile std::sig_atomic_t signals_seen = 0;

void note_signal(int number) {
  signals_seen = signals_seen + 1;
  if (signals_seen > 1) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, note_signal);
  std::signal(SIGTERM, note_signal);
}

bool interrupted() { return signals_seen > 0; }

}  // namespace wme::cli
