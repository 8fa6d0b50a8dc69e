#include "simulators/host/ssh_session.hpp"

#include <libssh/callbacks.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace wme::simulators {

namespace {

/// How long a command that reads its input is kept waiting for the end of it.
constexpr auto kInputMax = std::chrono::minutes(10);
constexpr std::size_t kInputBytesMax = 1U << 20U;
constexpr int kPollMs = 200;
constexpr auto kHandshakeMax = std::chrono::seconds(20);

class Connection;

/// One `ssh host command`, or one interactive shell.
struct Exchange {
  Connection* connection = nullptr;
  ssh_channel channel = nullptr;
  ssh_channel_callbacks_struct callbacks{};
  std::optional<std::string> command;
  std::chrono::steady_clock::time_point asked{};
  std::string input;
  bool input_ended = false;
  bool shell = false;
  bool terminal = false;
  bool done = false;
};

class Connection {
 public:
  Connection(ssh_session session, HostFront& front, std::string machine, const SshPolicy& policy)
      : session_(session), front_(front), machine_(std::move(machine)), policy_(policy) {}

  void serve(const std::atomic<bool>& stopping);

 private:
  static int on_public_key(ssh_session, const char* user, ssh_key_struct* key, char state,
                           void* self);
  static int on_password(ssh_session, const char* user, const char* password, void* self);
  static ssh_channel on_channel(ssh_session session, void* self);
  static int on_exec(ssh_session, ssh_channel, const char* command, void* exchange);
  static int on_shell(ssh_session, ssh_channel, void* exchange);
  static int on_terminal(ssh_session, ssh_channel, const char*, int, int, int, int, void* exchange);
  static int on_environment(ssh_session, ssh_channel, const char*, const char*, void*) {
    return SSH_OK;
  }
  static int on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_error,
                     void* exchange);
  static void on_end_of_input(ssh_session, ssh_channel, void* exchange);
  static void on_close(ssh_session, ssh_channel, void* exchange);

  void work(Exchange& exchange);
  void work_shell(Exchange& exchange);
  /// Runs one line; false when the connection must end without an answer.
  bool run(Exchange& exchange, const std::string& command, const std::string& input, int& status);
  static void write(Exchange& exchange, const std::string& text, bool is_error);
  static void finish(Exchange& exchange, int status);

  ssh_session session_;
  HostFront& front_;
  std::string machine_;
  const SshPolicy& policy_;
  std::string user_;
  bool let_in_ = false;
  bool cut_ = false;
  std::list<Exchange> exchanges_;
};

int Connection::on_public_key(ssh_session, const char* user, ssh_key_struct* key, char state,
                              void* self) {
  auto& connection = *static_cast<Connection*>(self);
  if (ssh_key_cmp(key, connection.policy_.client_key, SSH_KEY_CMP_PUBLIC) != 0)
    return SSH_AUTH_DENIED;
  // The first time the client only asks whether the key would do.
  if (state == SSH_PUBLICKEY_STATE_NONE) return SSH_AUTH_SUCCESS;
  if (state != SSH_PUBLICKEY_STATE_VALID) return SSH_AUTH_DENIED;
  connection.user_ = user;
  connection.let_in_ = true;
  return SSH_AUTH_SUCCESS;
}

int Connection::on_password(ssh_session, const char* user, const char* password, void* self) {
  auto& connection = *static_cast<Connection*>(self);
  if (connection.policy_.password.empty() || connection.policy_.password != password)
    return SSH_AUTH_DENIED;
  connection.user_ = user;
  connection.let_in_ = true;
  return SSH_AUTH_SUCCESS;
}

ssh_channel Connection::on_channel(ssh_session session, void* self) {
  auto& connection = *static_cast<Connection*>(self);
  if (!connection.let_in_) return nullptr;
  Exchange& exchange = connection.exchanges_.emplace_back();
  exchange.connection = &connection;
  exchange.channel = ssh_channel_new(session);
  exchange.callbacks.userdata = &exchange;
  exchange.callbacks.channel_exec_request_function = &on_exec;
  exchange.callbacks.channel_shell_request_function = &on_shell;
  exchange.callbacks.channel_pty_request_function = &on_terminal;
  exchange.callbacks.channel_env_request_function = &on_environment;
  exchange.callbacks.channel_data_function = &on_data;
  exchange.callbacks.channel_eof_function = &on_end_of_input;
  exchange.callbacks.channel_close_function = &on_close;
  ssh_callbacks_init(&exchange.callbacks);
  ssh_set_channel_callbacks(exchange.channel, &exchange.callbacks);
  return exchange.channel;
}

int Connection::on_exec(ssh_session, ssh_channel, const char* command, void* given) {
  auto& exchange = *static_cast<Exchange*>(given);
  if (exchange.command || exchange.shell) return SSH_ERROR;
  exchange.command = command;
  exchange.asked = std::chrono::steady_clock::now();
  return SSH_OK;
}

int Connection::on_shell(ssh_session, ssh_channel, void* given) {
  auto& exchange = *static_cast<Exchange*>(given);
  if (exchange.command || exchange.shell) return SSH_ERROR;
  exchange.shell = true;
  const std::string& machine = exchange.connection->machine_;
  if (exchange.terminal)
    write(exchange, exchange.connection->user_ + "@" + machine + ":~$ ", false);
  return SSH_OK;
}

int Connection::on_terminal(ssh_session, ssh_channel, const char*, int, int, int, int,
                            void* given) {
  static_cast<Exchange*>(given)->terminal = true;
  return SSH_OK;
}

int Connection::on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int,
                        void* given) {
  auto& exchange = *static_cast<Exchange*>(given);
  for (std::uint32_t i = 0; i < size; ++i) {
    const char c = static_cast<const char*>(data)[i];
    if (exchange.input.size() >= kInputBytesMax) break;
    if (!exchange.terminal) {
      exchange.input += c;
    } else if (c == '\x04') {
      exchange.input_ended = true;
    } else if (c == '\x7f') {
      if (!exchange.input.empty() && exchange.input.back() != '\n') {
        exchange.input.pop_back();
        write(exchange, "\b \b", false);
      }
    } else {  // a terminal sends CR, and wants to see what is typed
      exchange.input += c == '\r' ? '\n' : c;
      write(exchange, std::string(1, c == '\r' ? '\n' : c), false);
    }
  }
  return static_cast<int>(size);
}

void Connection::on_end_of_input(ssh_session, ssh_channel, void* given) {
  static_cast<Exchange*>(given)->input_ended = true;
}

void Connection::on_close(ssh_session, ssh_channel, void* given) {
  static_cast<Exchange*>(given)->done = true;
}

void Connection::write(Exchange& exchange, const std::string& text, bool is_error) {
  std::string sent;
  for (const char c : text) sent += exchange.terminal && c == '\n' ? "\r\n" : std::string(1, c);
  if (sent.empty()) return;
  const auto size = static_cast<std::uint32_t>(sent.size());
  if (is_error && !exchange.terminal)
    ssh_channel_write_stderr(exchange.channel, sent.data(), size);
  else
    ssh_channel_write(exchange.channel, sent.data(), size);
}

void Connection::finish(Exchange& exchange, int status) {
  ssh_channel_request_send_exit_status(exchange.channel, status);
  ssh_channel_send_eof(exchange.channel);
  ssh_channel_close(exchange.channel);
  exchange.done = true;
}

bool Connection::run(Exchange& exchange, const std::string& command, const std::string& input,
                     int& status) {
  const HostFront::Answer answer = front_.execute(machine_, user_, command, input);
  if (answer.reach != HostFront::Reach::kAnswered) return false;
  write(exchange, answer.output, false);
  write(exchange, answer.errors, true);
  status = answer.exit_status;
  return true;
}

void Connection::work(Exchange& exchange) {
  if (exchange.done) return;
  if (exchange.shell) return work_shell(exchange);
  if (!exchange.command) return;
  const bool late = std::chrono::steady_clock::now() - exchange.asked > kInputMax;
  if (!exchange.input_ended && !late && front_.reads_input(*exchange.command)) return;
  int status = 0;
  if (!run(exchange, *exchange.command, exchange.input, status)) {
    cut_ = true;
    return;
  }
  finish(exchange, status);
}

/// Line by line, each in a shell of its own: enough to look around and to follow a runbook.
void Connection::work_shell(Exchange& exchange) {
  int status = 0;
  for (std::size_t end = exchange.input.find('\n'); end != std::string::npos;
       end = exchange.input.find('\n')) {
    const std::string line = exchange.input.substr(0, end);
    const bool reads = front_.reads_input(line);
    if (reads && !exchange.input_ended) return;  // answers follow, until Ctrl-D
    exchange.input.erase(0, end + 1);
    if (line == "exit" || line == "logout") return finish(exchange, status);
    const std::string rest = reads ? std::exchange(exchange.input, "") : "";
    if (exchange.terminal && reads) exchange.input_ended = false;
    if (!run(exchange, line, rest, status)) {
      cut_ = true;
      return;
    }
    if (exchange.terminal) write(exchange, user_ + "@" + machine_ + ":~$ ", false);
  }
  if (exchange.input_ended) finish(exchange, status);
}

void Connection::serve(const std::atomic<bool>& stopping) {
  ssh_server_callbacks_struct callbacks{};
  callbacks.userdata = this;
  callbacks.auth_pubkey_function = &on_public_key;
  if (!policy_.password.empty()) callbacks.auth_password_function = &on_password;
  callbacks.channel_open_request_session_function = &on_channel;
  ssh_callbacks_init(&callbacks);
  ssh_set_server_callbacks(session_, &callbacks);
  ssh_set_auth_methods(session_, policy_.password.empty()
                                     ? SSH_AUTH_METHOD_PUBLICKEY
                                     : SSH_AUTH_METHOD_PUBLICKEY | SSH_AUTH_METHOD_PASSWORD);
  if (ssh_handle_key_exchange(session_) != SSH_OK) return;
  const ssh_event event = ssh_event_new();
  ssh_event_add_session(event, session_);
  const auto begun = std::chrono::steady_clock::now();
  while (!stopping && !cut_) {
    if (ssh_event_dopoll(event, kPollMs) == SSH_ERROR) break;
    if (ssh_is_connected(session_) == 0) break;
    if (!let_in_ && std::chrono::steady_clock::now() - begun > kHandshakeMax) break;
    for (Exchange& exchange : exchanges_) work(exchange);
    for (auto at = exchanges_.begin(); at != exchanges_.end();) {
      // Only when the other side has closed too may the channel go.
      const bool gone = at->done && ssh_channel_is_closed(at->channel) != 0;
      if (gone) {
        ssh_remove_channel_callbacks(at->channel, &at->callbacks);
        ssh_channel_free(at->channel);
        at = exchanges_.erase(at);
      } else {
        ++at;
      }
    }
  }
  ssh_event_remove_session(event, session_);
  ssh_event_free(event);
  for (Exchange& exchange : exchanges_) {
    ssh_remove_channel_callbacks(exchange.channel, &exchange.callbacks);
    ssh_channel_free(exchange.channel);
  }
  exchanges_.clear();
}

}  // namespace

void serve_connection(ssh_session session, HostFront& front, const std::string& machine,
                      const SshPolicy& policy, const std::atomic<bool>& stopping) {
  Connection(session, front, machine, policy).serve(stopping);
  ssh_disconnect(session);
  ssh_free(session);
}

}  // namespace wme::simulators
