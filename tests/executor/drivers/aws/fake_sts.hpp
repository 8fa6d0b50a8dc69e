#pragma once

#include <map>
#include <string>
#include <vector>

#include "executor/ports/transport.hpp"
#include "simulators/aws/sigv4_verifier.hpp"
#include "simulators/core/forms.hpp"

namespace wme::executor::aws {

/// An STS that knows some keys and roles, verifies signatures with the simulators' verifier, and
/// gives each role a key that the next role may be asked with.
class FakeSts : public HttpTransport {
 public:
  explicit FakeSts(simulators::aws::WallClock clock) : clock_(std::move(clock)) {}
  Result<HttpAnswer> send(const HttpCall& call) override;

  struct Role {
    std::string trusted_key;  ///< access key id; for web identity the token
    std::string external_id;
  };
  std::map<std::string, Role> roles;  ///< by ARN
  std::map<std::string, simulators::aws::AccessKey> keys;
  std::chrono::seconds lives{3600};
  std::vector<simulators::Form> asked;
  std::string base = "https://sts.eu-central-1.amazonaws.com";
  std::map<std::string, HttpAnswer> others;  ///< "GET http://…": metadata

 private:
  HttpAnswer assume(const simulators::Form& form, const std::string& caller);

  simulators::aws::WallClock clock_;
  int given_ = 0;
};

}  // namespace wme::executor::aws
