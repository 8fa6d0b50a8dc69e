#pragma once

#include <string>
#include <vector>

#include "executor/ports/transport.hpp"
#include "simulators/host/host_front.hpp"

namespace wme::tests {

/// The simulated hosts in the same process: no socket, the same answers, the same ways to be lost.
class InProcessCommand : public executor::CommandTransport {
 public:
  explicit InProcessCommand(simulators::HostFront& front) : front_(front) {}

  Result<executor::CommandAnswer> run(const executor::CommandCall& call) override {
    calls_.push_back(call);
    const simulators::HostFront::Answer answer =
        front_.execute(call.host, call.user, call.command, call.input);
    using Reach = simulators::HostFront::Reach;
    if (answer.reach == Reach::kAnswered)
      return executor::CommandAnswer{answer.exit_status, answer.output, answer.errors};
    const std::string host = "ssh " + call.host + ": ";
    if (answer.reach == Reach::kUnreachable)
      return Error{ErrorCode::kUnreachable, host + "nobody listens. Nothing was run"};
    // Over a socket nobody can tell a command that was cut before it ran from one cut after.
    return Error{ErrorCode::kUnknownOutcome, host + "the connection was lost. Observe first"};
  }
  const std::vector<executor::CommandCall>& calls() const { return calls_; }

 private:
  simulators::HostFront& front_;
  std::vector<executor::CommandCall> calls_;
};

}  // namespace wme::tests
