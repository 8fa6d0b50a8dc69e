#pragma once

#include <map>
#include <string>
#include <vector>

#include "executor/drivers/gcp/compute_client.hpp"
#include "executor/ports/transport.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

inline constexpr std::chrono::sys_seconds kTestTime{std::chrono::seconds(1700000000)};

/// Answers by "METHOD path" with what the test says; anything else with 404.
class ScriptedGoogle : public HttpTransport {
 public:
  Result<HttpAnswer> send(const HttpCall& call) override;
  /// The next answer to a request; the last one is repeated.
  void answer(const std::string& request, const nlohmann::json& body, int status = 200);
  void answer_error(const std::string& request, int status, const std::string& reason,
                    const std::string& message = "so it is");
  void lose(const std::string& request, ErrorCode code);
  const std::vector<HttpCall>& calls() const { return calls_; }
  /// Those that would change something.
  std::vector<HttpCall> changes() const;

 private:
  std::map<std::string, std::vector<Result<HttpAnswer>>> answers_;
  std::vector<HttpCall> calls_;
};

/// The variables that are set, and no others.
Environment environment_of(std::map<std::string, std::string> variables);
/// The value of a query parameter, decoded; "none" when it is not there.
std::string query_of(const HttpCall& call, const std::string& name);
model::Inventory inventory_on_google();
ComputePlace test_place();
/// A key that nobody else has; made once for all tests.
const std::string& test_private_key();

}  // namespace wme::executor::gcp
