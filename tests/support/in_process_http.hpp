#pragma once

#include <map>
#include <string>

#include "executor/ports/transport.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::tests {

/// The executor's HTTP wire, ending at simulators in the same process: no sockets, no waiting.
/// Fronts must outlive it. What no front answers for is unreachable; a dropped answer is lost.
class InProcessHttp : public executor::HttpTransport {
 public:
  /// `base` as drivers give it: "http://ec2.test".
  void connect(const std::string& base, simulators::HttpFront& front) { fronts_[base] = &front; }

  Result<executor::HttpAnswer> send(const executor::HttpCall& call) override {
    const auto place = fronts_.find(call.base);
    if (place == fronts_.end())
      return Error{ErrorCode::kUnreachable, call.base + ": nobody listens there"};
    simulators::HttpRequest request{call.method, call.target, call.headers, call.body};
    if (request.header("Host").empty())
      request.headers.emplace_back("Host", call.base.substr(call.base.find("://") + 3));
    simulators::HttpResponse response = place->second->handle(request);
    if (response.drop)
      return Error{ErrorCode::kUnknownOutcome, call.base + ": the connection ended unanswered"};
    return executor::HttpAnswer{response.status, std::move(response.headers),
                                std::move(response.body)};
  }

 private:
  std::map<std::string, simulators::HttpFront*> fronts_;
};

}  // namespace wme::tests
