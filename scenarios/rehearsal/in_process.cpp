#include "scenarios/rehearsal/in_process.hpp"

#include <algorithm>

namespace wme::scenarios {

Result<executor::HttpAnswer> InProcessHttp::send(const executor::HttpCall& call) {
  const auto front = fronts_.find(call.base);
  if (front == fronts_.end())
    return Error{ErrorCode::kUnreachable, call.method + " " + call.base + call.target +
                                              ": nobody serves this address in this rehearsal"};
  simulators::HttpRequest request;
  request.method = call.method;
  request.target = call.target;
  request.body = call.body;
  request.headers = call.headers;
  const auto is_host = [](const auto& header) {
    return header.first == "Host" || header.first == "host";
  };
  // A client over a socket adds it; signatures cover it.
  if (std::ranges::none_of(request.headers, is_host))
    request.headers.emplace_back("Host", call.base.substr(call.base.find("://") + 3));
  simulators::HttpResponse response = front->second->handle(request);
  if (response.drop)
    return Error{ErrorCode::kUnknownOutcome,
                 call.method + " " + call.base + call.target + ": the connection was lost"};
  return executor::HttpAnswer{response.status, std::move(response.headers),
                              std::move(response.body)};
}

Result<executor::CommandAnswer> InProcessCommands::run(const executor::CommandCall& call) {
  using Reach = simulators::HostFront::Reach;
  simulators::HostFront::Answer answer =
      hosts_.execute(call.host, call.user, call.command, call.input);
  switch (answer.reach) {
    case Reach::kAnswered:
      return executor::CommandAnswer{answer.exit_status, std::move(answer.output),
                                     std::move(answer.errors)};
    case Reach::kUnreachable:
      return Error{ErrorCode::kUnreachable, "ssh " + call.host + ": nobody answers"};
    case Reach::kCutBefore:
    case Reach::kCutAfter:
      return Error{ErrorCode::kUnknownOutcome,
                   "ssh " + call.host + ": the connection was lost during the command"};
  }
  return Error{ErrorCode::kFailed, "ssh " + call.host + ": no such answer"};
}

}  // namespace wme::scenarios
