#pragma once

#include <string>
#include <utility>
#include <vector>

#include "executor/drivers/aws/credentials.hpp"
#include "executor/drivers/aws/settings.hpp"
#include "executor/drivers/aws/xml.hpp"
#include "executor/ports/transport.hpp"

namespace wme::executor::aws {

/// Form pairs beside Action and Version: {"InstanceId.1", "i-…"}, {"Filter.1.Name", …}.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// What becomes of requests that would change something.
enum class Changes {
  kMade,
  kDry,  ///< EC2 is asked whether it would, by DryRun: every such call ends with an error
};

/// What EC2 said to one dry request.
struct DryAnswer {
  std::string operation;
  std::string code;  ///< "DryRunOperation": it would; "UnauthorizedOperation": the right is missing
  std::string message;
};

/// The EC2 Query API: signs, sends, reads XML, sorts errors. Thread-safe as its transport is.
/// Source: EC2 API Reference, version 2016-11-15.
class Ec2Client {
 public:
  Ec2Client(HttpTransport& transport, Ec2Place place, CredentialChain& credentials,
            WallClock wall_clock, Changes changes = Changes::kMade);

  /// One request, no retry; the root element of the answer. Errors: as `classify` sorts them,
  /// those of the transport and of the credentials.
  Result<Element> call(const std::string& operation, const Parameters& parameters);

  /// Every page of a Describe operation, one answer each.
  /// Errors: as `call`; kFailed after more pages than any installation fills.
  Result<std::vector<Element>> pages(const std::string& operation, Parameters parameters);

  const Ec2Place& place() const { return place_; }
  /// What dry requests were answered since this was asked last. Not thread-safe.
  std::vector<DryAnswer> take_dry_answers() { return std::exchange(dry_answers_, {}); }

 private:
  HttpTransport& transport_;
  Ec2Place place_;
  CredentialChain& credentials_;
  WallClock wall_clock_;
  Changes changes_;
  std::vector<DryAnswer> dry_answers_;
};

}  // namespace wme::executor::aws
