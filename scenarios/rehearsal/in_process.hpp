#pragma once

#include <map>
#include <string>

#include "executor/ports/transport.hpp"
#include "simulators/core/http_front.hpp"
#include "simulators/host/host_front.hpp"

namespace wme::scenarios {

/// Hands a driver's request straight to a simulator: the same bytes as over a socket, no socket.
/// `base` chooses the front; an unknown one is unreachable.
class InProcessHttp : public executor::HttpTransport {
 public:
  void serve(std::string base, simulators::HttpFront& front) { fronts_[std::move(base)] = &front; }
  Result<executor::HttpAnswer> send(const executor::HttpCall& call) override;

 private:
  std::map<std::string, simulators::HttpFront*> fronts_;
};

class InProcessCommands : public executor::CommandTransport {
 public:
  explicit InProcessCommands(simulators::HostFront& hosts) : hosts_(hosts) {}
  Result<executor::CommandAnswer> run(const executor::CommandCall& call) override;

 private:
  simulators::HostFront& hosts_;
};

}  // namespace wme::scenarios
