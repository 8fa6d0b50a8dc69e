#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/result.hpp"

/// The two wires that drivers speak over. Each has one implementation over real sockets
/// (executor/transport) and may be replaced by one that calls a simulator in the same process.
namespace wme::executor {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpCall {
  std::string method;
  std::string base;    ///< "http://127.0.0.1:8080", no slash at the end
  std::string target;  ///< path and query, percent-encoded as it goes over the wire
  Headers headers;
  std::string body;
};

struct HttpAnswer {
  int status = 0;
  Headers headers;
  std::string body;
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  /// One request, no retry, no redirect following; bounded in time.
  /// Errors: kUnreachable when nothing was sent, kUnknownOutcome when the answer got lost.
  virtual Result<HttpAnswer> send(const HttpCall& call) = 0;
};

struct CommandCall {
  std::string host;  ///< the machine's address, or its alias in the ssh configuration
  std::string user;
  std::string command;  ///< one line for the login shell
  std::string input;    ///< answers to prompts, on standard input
};

struct CommandAnswer {
  int exit_status = 0;
  std::string output;
  std::string errors;
};

class CommandTransport {
 public:
  virtual ~CommandTransport() = default;
  /// Runs one command to its end. Errors as HttpTransport::send; a non-zero exit is no error here.
  virtual Result<CommandAnswer> run(const CommandCall& call) = 0;
};

}  // namespace wme::executor
