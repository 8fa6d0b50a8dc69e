#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "executor/ports/transport.hpp"

/// Requests and answers against the published description of the API
/// (tests/data/gcp/compute-v1-trimmed.json), so that no path, parameter or field is our invention.
namespace wme::simulators::gcp {

/// Every path, query parameter and field that is not described, as "where: what"; nothing when all
/// is well. Fields of answers are checked for their types, too.
std::vector<std::string> faults_of_request(const executor::HttpCall& call);
std::vector<std::string> faults_of_answer(const executor::HttpCall& call,
                                          const executor::HttpAnswer& answer);
/// "instances.stop"; empty for a call that the description does not have.
std::string described_method(const executor::HttpCall& call);

/// Hands requests on, and fails the test for whatever is not described.
class ValidatingHttp : public executor::HttpTransport {
 public:
  explicit ValidatingHttp(executor::HttpTransport& inner) : inner_(inner) {}
  Result<executor::HttpAnswer> send(const executor::HttpCall& call) override;
  const std::set<std::string>& methods() const { return methods_; }

 private:
  executor::HttpTransport& inner_;
  std::set<std::string> methods_;
};

}  // namespace wme::simulators::gcp
