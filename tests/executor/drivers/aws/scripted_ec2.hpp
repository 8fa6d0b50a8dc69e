#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "executor/ports/transport.hpp"

namespace wme::executor::aws {

using Form = std::map<std::string, std::string>;

/// An EC2 that answers each operation with what the test put down, and keeps what it was asked.
/// Each request is judged by EC2's service model.
/// The last answer of an operation is repeated; an operation without one answers with no items.
class ScriptedEc2 : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall& call) override;

  void answer(const std::string& operation, const std::string& inner_xml, int status = 200);
  void fail(const std::string& operation, int status, const std::string& code,
            const std::string& message = "no");
  void lose_answer(const std::string& operation);

  std::vector<Form> calls(const std::string& operation) const;
  const std::vector<HttpCall>& requests() const { return requests_; }

 private:
  std::map<std::string, std::vector<Result<HttpAnswer>>> answers_;
  std::vector<std::pair<std::string, Form>> calls_;
  std::vector<HttpCall> requests_;
};

}  // namespace wme::executor::aws
