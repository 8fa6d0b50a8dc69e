#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "executor/ports/transport.hpp"

namespace wme::executor {

/// Lets only reads through, whoever asks and by whatever mistake: GET and HEAD; a POST to one of
/// `login_paths`, the token for instance metadata, STS's credentials of a role; in the EC2 Query
/// API, Describe operations and whatever has DryRun=true; a token of OAuth 2.0 and
/// testIamPermissions of Google. Anything else is kRefused and never sent. Keeps a line for each
/// request. Thread-safe.
class ReadOnlyHttp final : public HttpTransport {
 public:
  ReadOnlyHttp(HttpTransport& inner, std::set<std::string> login_paths)
      : inner_(inner), login_paths_(std::move(login_paths)) {}
  Result<HttpAnswer> send(const HttpCall& call) override;
  /// "GET http://…/path", "POST EC2 DescribeInstances", in the order sent.
  std::vector<std::string> sent() const;

 private:
  HttpTransport& inner_;
  std::set<std::string> login_paths_;
  mutable std::mutex mutex_;
  std::vector<std::string> sent_;
};

/// Lets only our own looks through: commands that begin with `: survey`, of which
/// tests/executor/doctor proves that they write nothing. Thread-safe.
class ReadOnlyCommands final : public CommandTransport {
 public:
  explicit ReadOnlyCommands(CommandTransport& inner) : inner_(inner) {}
  Result<CommandAnswer> run(const CommandCall& call) override;
  std::vector<std::string> sent() const;  ///< "ssh ubuntu@10.0.1.10"

 private:
  CommandTransport& inner_;
  mutable std::mutex mutex_;
  std::vector<std::string> sent_;
};

}  // namespace wme::executor
