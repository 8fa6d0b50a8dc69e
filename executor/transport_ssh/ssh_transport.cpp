#include "executor/transport_ssh/ssh_transport.hpp"

#include <libssh/libssh.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "executor/transport_ssh/authentication.hpp"

namespace wme::executor {

namespace {

using SteadyClock = std::chrono::steady_clock;

struct FreeSession {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
using Session = std::unique_ptr<ssh_session_struct, FreeSession>;

struct FreeChannel {
  void operator()(ssh_channel channel) const { ssh_channel_free(channel); }
};
using Channel = std::unique_ptr<ssh_channel_struct, FreeChannel>;

std::string where(const CommandCall& call) {
  return (call.user.empty() ? "" : call.user + "@") + call.host;
}

Error unreachable(const CommandCall& call, const std::string& why) {
  return {ErrorCode::kUnreachable,
          "ssh " + where(call) + ": " + why + ". Nothing was run; check that the machine is up."};
}

Error unknown_outcome(const CommandCall& call, const std::string& why) {
  return {ErrorCode::kUnknownOutcome, "ssh " + where(call) + ": the command was sent, but " + why +
                                          ". Observe the host before asking again."};
}

/// Checks the host's key against known_hosts; never writes to it.
std::optional<Error> check_host_key(const CommandCall& call, ssh_session session) {
  std::string why;
  switch (ssh_session_is_known_server(session)) {
    case SSH_KNOWN_HOSTS_OK:
      return std::nullopt;
    case SSH_KNOWN_HOSTS_CHANGED:
      why =
          "its host key has changed. If the machine was replaced, remove the old line from "
          "known_hosts and add the new key after comparing its fingerprint";
      break;
    case SSH_KNOWN_HOSTS_OTHER:
      why =
          "known_hosts has a key of another type for it. Add the key that it shows now, after "
          "comparing its fingerprint";
      break;
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
      why = "its host key is not in known_hosts. Connect once by hand and compare the fingerprint";
      break;
    case SSH_KNOWN_HOSTS_ERROR:
      why = std::string("its host key cannot be checked: ") + ssh_get_error(session);
      break;
  }
  return Error{ErrorCode::kRefused, "ssh " + where(call) + ": " + why + "."};
}

/// Options of libssh take a pointer to the value.
void set_text(ssh_session session, ssh_options_e option, const std::string& value) {
  ssh_options_set(session, option, value.c_str());
}

Result<Session> connect(const SshSettings& settings, const CommandCall& call) {
  Session session(ssh_new());
  if (session == nullptr) return unreachable(call, "no memory for a session");
  set_text(session.get(), SSH_OPTIONS_HOST, call.host);
  const long seconds = static_cast<long>(settings.connect_timeout.count());
  ssh_options_set(session.get(), SSH_OPTIONS_TIMEOUT, &seconds);
  const char* file = settings.config_file.empty() ? nullptr : settings.config_file.c_str();
  if (ssh_options_parse_config(session.get(), file) != SSH_OK)
    return Error{ErrorCode::kInvalid, "ssh: the configuration " + settings.config_file +
                                          " cannot be read: " + ssh_get_error(session.get())};
  const bool again = false;  // it has been read: defaults must not be added to it
  ssh_options_set(session.get(), SSH_OPTIONS_PROCESS_CONFIG, &again);
  // Not for the configuration to decide: a host key is checked, always.
  const int strict = 1;
  ssh_options_set(session.get(), SSH_OPTIONS_STRICTHOSTKEYCHECK, &strict);
  if (!call.user.empty()) set_text(session.get(), SSH_OPTIONS_USER, call.user);
  const int no_delay = 1;
  ssh_options_set(session.get(), SSH_OPTIONS_NODELAY, &no_delay);
  if (ssh_connect(session.get()) != SSH_OK)
    return unreachable(call, std::string("no connection: ") + ssh_get_error(session.get()));
  if (auto refused = check_host_key(call, session.get())) return std::move(*refused);
  if (Status in = authenticate(session.get(), settings.identity_file, where(call)); !in)
    return in.error();
  return session;
}

/// What is left until the deadline, at least nothing.
int milliseconds_until(SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
}

/// Reads both streams until the other side has closed; false when time or room ran out.
std::optional<std::string> read_all(ssh_channel channel, const SshSettings& settings,
                                    SteadyClock::time_point deadline, CommandAnswer& answer) {
  std::array<char, 16384> buffer{};
  while (true) {
    bool any = false;
    for (const int is_error : {0, 1}) {
      const int got = ssh_channel_read_nonblocking(
          channel, buffer.data(), static_cast<std::uint32_t>(buffer.size()), is_error);
      if (got == SSH_ERROR) return "the connection broke";
      if (got <= 0) continue;
      (is_error == 0 ? answer.output : answer.errors)
          .append(buffer.data(), static_cast<std::size_t>(got));
      any = true;
    }
    if (answer.output.size() + answer.errors.size() > settings.output_bytes_max)
      return "it printed more than " + std::to_string(settings.output_bytes_max) + " bytes";
    if (any) continue;
    if (ssh_channel_is_eof(channel) != 0 || ssh_channel_is_closed(channel) != 0)
      return std::nullopt;
    const int left = milliseconds_until(deadline);
    if (left == 0) return "it did not end in time";
    // Wakes up for either stream; bounded, because standard error alone does not wake it.
    if (ssh_channel_poll_timeout(channel, std::min(left, 50), 0) == SSH_ERROR)
      return "the connection broke";
  }
}

/// The exit status comes after the end of the output, in a message of its own.
std::optional<int> exit_status(ssh_channel channel, SteadyClock::time_point deadline) {
  while (true) {
    const int status = ssh_channel_get_exit_status(channel);
    if (status >= 0) return status;
    const int left = milliseconds_until(deadline);
    if (left == 0 || ssh_channel_is_closed(channel) != 0) return std::nullopt;
    if (ssh_channel_poll_timeout(channel, std::min(left, 50), 0) == SSH_ERROR) return std::nullopt;
  }
}

/// A channel of a session that may have died while it was idle: none means nothing was sent.
Channel open_channel(ssh_session session) {
  Channel channel(ssh_channel_new(session));
  if (channel == nullptr || ssh_channel_open_session(channel.get()) != SSH_OK) return nullptr;
  return channel;
}

Result<CommandAnswer> execute(const SshSettings& settings, const CommandCall& call,
                              ssh_session session, ssh_channel channel) {
  const auto deadline = SteadyClock::now() + settings.command_timeout;
  if (ssh_channel_request_exec(channel, call.command.c_str()) != SSH_OK)
    return unknown_outcome(call, std::string("the request broke off: ") + ssh_get_error(session));
  const auto size = static_cast<std::uint32_t>(call.input.size());
  if (size > 0 && ssh_channel_write(channel, call.input.data(), size) == SSH_ERROR)
    return unknown_outcome(call, "its input could not be sent");
  ssh_channel_send_eof(channel);
  CommandAnswer answer;
  if (const auto why = read_all(channel, settings, deadline, answer))
    return unknown_outcome(call, *why);
  const auto status = exit_status(channel, deadline);
  if (!status) return unknown_outcome(call, "the connection ended without an exit status");
  answer.exit_status = *status;
  return answer;
}

}  // namespace

struct SshTransport::Pool {
  std::mutex mutex;
  std::map<std::pair<std::string, std::string>, std::vector<Session>> idle;

  Session take(const CommandCall& call) {
    const std::scoped_lock lock(mutex);
    auto& sessions = idle[{call.host, call.user}];
    if (sessions.empty()) return nullptr;
    Session session = std::move(sessions.back());
    sessions.pop_back();
    return session;
  }
  void give_back(const CommandCall& call, Session session, std::size_t idle_max) {
    const std::scoped_lock lock(mutex);
    auto& sessions = idle[{call.host, call.user}];
    if (sessions.size() < idle_max) sessions.push_back(std::move(session));
  }
};

SshTransport::SshTransport(SshSettings settings)
    : settings_(std::move(settings)), pool_(std::make_unique<Pool>()) {}

SshTransport::~SshTransport() = default;

Result<CommandAnswer> SshTransport::run(const CommandCall& call) {
  Session session;
  Channel channel;
  while (channel == nullptr && (session = pool_->take(call)) != nullptr) {
    if (ssh_is_connected(session.get()) != 0) channel = open_channel(session.get());
  }
  if (channel == nullptr) {
    auto fresh = connect(settings_, call);
    if (!fresh) return fresh.error();
    session = std::move(fresh).value();
    channel = open_channel(session.get());
    if (channel == nullptr)
      return unreachable(call, std::string("no channel: ") + ssh_get_error(session.get()));
  }
  auto answer = execute(settings_, call, session.get(), channel.get());
  channel.reset();
  if (answer) pool_->give_back(call, std::move(session), settings_.idle_sessions_max);
  return answer;
}

}  // namespace wme::executor
