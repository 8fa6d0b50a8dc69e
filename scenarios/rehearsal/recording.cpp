#include "scenarios/rehearsal/recording.hpp"

namespace wme::scenarios {

namespace {

constexpr std::size_t kCommandShown = 120;

/// The Query API names its operation in the body; REST in method and path.
std::string operation_of(const executor::HttpCall& call) {
  constexpr std::string_view kAction = "Action=";
  if (call.body.starts_with(kAction))
    return call.body.substr(kAction.size(), call.body.find('&') - kAction.size());
  return call.method + " " + call.target.substr(0, call.target.find('?'));
}

}  // namespace

Result<executor::HttpAnswer> RecordingHttp::send(const executor::HttpCall& call) {
  ApiCall noted;
  noted.at = clock_.now();
  const auto door = doors_.find(call.base);
  noted.door = door == doors_.end() ? call.base : door->second;
  noted.operation = operation_of(call);
  noted.target = call.base;
  Result<executor::HttpAnswer> answer = inner_.send(call);
  noted.status = answer ? std::to_string(answer.value().status) : "no answer";
  noted.failed = !answer || answer.value().status >= 400;
  noted.took = clock_.now() - noted.at;
  calls_.push_back(std::move(noted));
  if (wiretap_) wiretap_(call, answer);
  return answer;
}

Result<executor::CommandAnswer> RecordingCommands::run(const executor::CommandCall& call) {
  ApiCall noted;
  noted.at = clock_.now();
  noted.door = "host";
  noted.operation = "ssh " + call.command.substr(0, kCommandShown);
  noted.target = call.host;
  Result<executor::CommandAnswer> answer = inner_.run(call);
  noted.status = answer ? "exit " + std::to_string(answer.value().exit_status) : "no answer";
  noted.failed = !answer;  // a check may well say no by its exit status
  noted.took = clock_.now() - noted.at;
  calls_.push_back(std::move(noted));
  return answer;
}

}  // namespace wme::scenarios
