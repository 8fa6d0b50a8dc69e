#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "executor/ports/clock.hpp"
#include "executor/ports/transport.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"
#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// Passes every call on and notes what the report shows of it: never a body or a header.
class RecordingHttp : public executor::HttpTransport {
 public:
  RecordingHttp(executor::HttpTransport& inner, const executor::Clock& clock,
                std::map<std::string, std::string> doors, std::vector<ApiCall>& calls,
                Wiretap wiretap)
      : inner_(inner),
        clock_(clock),
        doors_(std::move(doors)),
        calls_(calls),
        wiretap_(std::move(wiretap)) {}
  Result<executor::HttpAnswer> send(const executor::HttpCall& call) override;

 private:
  executor::HttpTransport& inner_;
  const executor::Clock& clock_;
  std::map<std::string, std::string> doors_;  ///< by base URL
  std::vector<ApiCall>& calls_;
  Wiretap wiretap_;
};

class RecordingCommands : public executor::CommandTransport {
 public:
  RecordingCommands(executor::CommandTransport& inner, const executor::Clock& clock,
                    std::vector<ApiCall>& calls)
      : inner_(inner), clock_(clock), calls_(calls) {}
  Result<executor::CommandAnswer> run(const executor::CommandCall& call) override;

 private:
  executor::CommandTransport& inner_;
  const executor::Clock& clock_;
  std::vector<ApiCall>& calls_;
};

}  // namespace wme::scenarios
