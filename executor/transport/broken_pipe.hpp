#pragma once

#include <signal.h>

#include <ctime>

namespace wme::executor {

/// While it lives, writing to a connection that the other side has closed is an error of that
/// write. Otherwise the process would be killed (SIGPIPE): neither OpenSSL nor httplib's clients
/// write with MSG_NOSIGNAL. Only this thread is concerned, since whoever pipes our output into
/// `head`, and the programs that we start, expect the signal.
class BrokenPipeIsAnError {
 public:
  BrokenPipeIsAnError() {
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~BrokenPipeIsAnError() {
    const timespec at_once{};
    if (!was_pending_) sigtimedwait(&broken_pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  BrokenPipeIsAnError(const BrokenPipeIsAnError&) = delete;
  BrokenPipeIsAnError& operator=(const BrokenPipeIsAnError&) = delete;

 private:
  sigset_t broken_pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace wme::executor
