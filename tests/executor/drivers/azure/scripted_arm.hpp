#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor/ports/environment.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::azure {

/// Answers in the order in which they were put in; keeps what was asked.
class ScriptedArm : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall& call) override {
    calls.push_back(call);
    if (answers.empty()) return Error{ErrorCode::kUnreachable, call.base + ": nobody listens"};
    Result<HttpAnswer> next = answers.front();
    answers.pop_front();
    return next;
  }
  void will_answer(int status, std::string body, Headers headers = {}) {
    answers.emplace_back(HttpAnswer{status, std::move(headers), std::move(body)});
  }
  void will_fail(ErrorCode code) { answers.emplace_back(Error{code, "lost"}); }

  std::deque<Result<HttpAnswer>> answers;
  std::vector<HttpCall> calls;
};

inline Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto place = variables.find(std::string(name));
    if (place == variables.end()) return std::nullopt;
    return place->second;
  };
}

}  // namespace wme::executor::azure
