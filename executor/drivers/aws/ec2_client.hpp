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

/// The EC2 Query API: signs, sends, reads XML, sorts errors. Thread-safe as its transport is.
/// Source: EC2 API Reference, version 2016-11-15.
class Ec2Client {
 public:
  Ec2Client(HttpTransport& transport, Ec2Place place, CredentialChain& credentials,
            WallClock wall_clock);

  /// One request, no retry; the root element of the answer. Errors: as `classify` sorts them,
  /// those of the transport and of the credentials.
  Result<Element> call(const std::string& operation, const Parameters& parameters);

  /// Every page of a Describe operation, one answer each.
  /// Errors: as `call`; kFailed after more pages than any installation fills.
  Result<std::vector<Element>> pages(const std::string& operation, Parameters parameters);

  const Ec2Place& place() const { return place_; }

 private:
  HttpTransport& transport_;
  Ec2Place place_;
  CredentialChain& credentials_;
  WallClock wall_clock_;
};

}  // namespace wme::executor::aws
