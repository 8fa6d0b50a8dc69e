#include "executor/drivers/all/read_only.hpp"

#include <algorithm>

namespace wme::executor {

namespace {

/// Opens a session with the metadata of the EC2 instance that this runs on: part of AWS's search
/// for credentials.
constexpr std::string_view kMetadataToken = "/latest/api/token";

/// STS gives the credentials of a role: another part of it.
bool gives_credentials(std::string_view action) {
  return action == "AssumeRole" || action == "AssumeRoleWithWebIdentity";
}

/// The value of Action in a form of the EC2 Query API; empty when there is none.
std::string action_in(const std::string& body) {
  constexpr std::string_view kAction = "Action=";
  if (!body.starts_with(kAction)) return "";
  return body.substr(kAction.size(), body.find('&') - kAction.size());
}

/// Of Google: the question what the caller may do.
bool only_asks_google(const HttpCall& call, const std::string& path) {
  return call.method == "POST" && path.ends_with(":testIamPermissions");
}

bool is_dry(const std::string& body) {
  const std::string flag = "&DryRun=true";
  const std::size_t at = body.find(flag);
  return at != std::string::npos &&
         (at + flag.size() == body.size() || body[at + flag.size()] == '&');
}

/// Asks for a token of OAuth 2.0 (RFC 6749, 3.2): who may look has to say who it is.
bool asks_for_token(const HttpCall& call, const std::string& path) {
  return call.method == "POST" && path.ends_with("/token") && call.body.starts_with("grant_type=");
}

}  // namespace

Result<HttpAnswer> ReadOnlyHttp::send(const HttpCall& call) {
  const std::string path = call.target.substr(0, call.target.find('?'));
  const std::string action = call.method == "POST" ? action_in(call.body) : "";
  const bool reads = call.method == "GET" || call.method == "HEAD" ||
                     (call.method == "PUT" && call.target == kMetadataToken) ||
                     asks_for_token(call, path) ||
                     (call.method == "POST" && action.empty() && login_paths_.contains(path)) ||
                     action.starts_with("Describe") || gives_credentials(action) ||
                     (!action.empty() && is_dry(call.body)) || only_asks_google(call, path);
  const std::string line = action.empty()
                               ? call.method + " " + call.base + path
                               : (gives_credentials(action) ? "POST STS " : "POST EC2 ") + action +
                                     (is_dry(call.body) ? " (DryRun)" : "");
  if (!reads)
    return Error{ErrorCode::kRefused, line +
                                          ": this command only reads; nothing was sent. Please "
                                          "report it: rehydrate should not have asked"};
  {
    const std::lock_guard lock(mutex_);
    sent_.push_back(line);
  }
  return inner_.send(call);
}

std::vector<std::string> ReadOnlyHttp::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

Result<CommandAnswer> ReadOnlyCommands::run(const CommandCall& call) {
  if (!call.command.starts_with(": survey"))
    return Error{ErrorCode::kRefused, "ssh " + call.host +
                                          ": this command only looks; nothing was sent. Please "
                                          "report it: rehydrate should not have asked"};
  {
    const std::lock_guard lock(mutex_);
    sent_.push_back("ssh " + call.user + "@" + call.host);
  }
  return inner_.run(call);
}

std::vector<std::string> ReadOnlyCommands::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

}  // namespace wme::executor
