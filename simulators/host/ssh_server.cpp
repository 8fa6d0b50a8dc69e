#include "simulators/host/ssh_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "simulators/host/ssh_session.hpp"

namespace wme::simulators {

namespace {

struct Listener {
  HostFront::Endpoint endpoint;
  int socket = -1;
  int port = 0;
};

/// A connection in service: its thread, and the socket by which `stop` wakes it.
struct Served {
  std::thread thread;
  int socket = -1;
  std::atomic<bool> ended{false};
};

std::string public_line(ssh_key key) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) return "";
  std::string line = std::string(ssh_key_type_to_char(ssh_key_type(key))) + " " + text;
  ssh_string_free_char(text);
  return line;
}

Status write_private(const std::filesystem::path& path, const std::string& text) {
  // Created with its mode: the file is at no moment readable by others.
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) ::close(file);
  if (!written)
    return Error{ErrorCode::kInvalid, "cannot write " + path.string() + ": " +
                                          std::strerror(errno) + ". Choose another directory"};
  return Done{};
}

Result<Listener> listen_for(const HostFront::Endpoint& endpoint) {
  Listener listener{endpoint, ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = listener.socket >= 0 && ::bind(listener.socket, generic, size) == 0 &&
                     ::listen(listener.socket, 64) == 0 &&
                     ::getsockname(listener.socket, generic, &size) == 0;
  if (!bound) {
    const std::string why = std::strerror(errno);
    if (listener.socket >= 0) ::close(listener.socket);
    return Error{ErrorCode::kUnreachable,
                 "no socket on 127.0.0.1 for " + endpoint.machine + ": " + why};
  }
  listener.port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

struct SshServer::Impl {
  Impl(HostFront& its_front, SshServerOptions its_options)
      : front(its_front), options(std::move(its_options)) {}

  Status make_keys() {
    // Generated, never read: whoever connects has the public half from known_hosts.
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &host_key) != SSH_OK ||
        ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &policy.client_key) != SSH_OK)
      return Error{ErrorCode::kInvalid, "libssh cannot generate an Ed25519 key"};
    bind = ssh_bind_new();
    const bool no_config = false;  // not the configuration of a real sshd on this machine
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no_config);
    ssh_key given = ssh_key_dup(host_key);
    if (given == nullptr ||
        ssh_bind_options_set(bind, SSH_BIND_OPTIONS_IMPORT_KEY, given) != SSH_OK)
      return Error{ErrorCode::kInvalid, "libssh does not take the host key"};
    return Done{};
  }

  Status write_client_files() const {
    const auto identity = options.directory / "id_ed25519";
    std::error_code ignored;
    std::filesystem::create_directories(options.directory, ignored);
    // Clients prefer a public key that they find beside the private one, however old it is.
    std::filesystem::remove(options.directory / "id_ed25519.pub", ignored);
    // The file first, empty and private, then its content.
    if (auto made = write_private(identity, ""); !made) return made;
    if (ssh_pki_export_privkey_file(policy.client_key, nullptr, nullptr, nullptr,
                                    identity.c_str()) != SSH_OK)
      return Error{ErrorCode::kInvalid, "cannot write " + identity.string()};
    ::chmod(identity.c_str(), 0600);
    const auto known = options.directory / "known_hosts";
    std::string known_hosts;
    std::string config;
    for (const Listener& each : listeners) {
      known_hosts +=
          "[127.0.0.1]:" + std::to_string(each.port) + " " + public_line(host_key) + "\n";
      config += "Host " + each.endpoint.machine + "\n  HostName 127.0.0.1\n  Port " +
                std::to_string(each.port) + "\n  User " + each.endpoint.user + "\n  IdentityFile " +
                identity.string() + "\n  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n" +
                "  UserKnownHostsFile " + known.string() + "\n  GlobalKnownHostsFile /dev/null\n" +
                "  ProxyCommand none\n\n";
    }
    // The last entry holds for whatever stands in none above: a name of a real machine, perhaps.
    config +=
        "Host *\n  ProxyCommand sh -c 'echo \"rehydrate: %h is no machine of this simulation: "
        "nothing "
        "was sent\" >&2; exit 1'\n  StrictHostKeyChecking yes\n  UserKnownHostsFile " +
        known.string() + "\n  GlobalKnownHostsFile /dev/null\n";
    if (auto made = write_private(known, known_hosts); !made) return made;
    return write_private(options.directory / "config", config);
  }

  void accept_on(const Listener& listener) {
    const int socket = ::accept4(listener.socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (!front.reachable(listener.endpoint.machine)) {
      ::close(socket);
      return;
    }
    const ssh_session session = ssh_new();
    if (session == nullptr || ssh_bind_accept_fd(bind, session, socket) != SSH_OK) {
      if (session != nullptr)
        ssh_free(session);
      else
        ::close(socket);
      return;
    }
    const std::scoped_lock lock(mutex);
    Served& served = connections.emplace_back();
    // A copy of the descriptor: libssh closes its own when it likes.
    served.socket = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    served.thread = std::thread([this, session, &served, machine = listener.endpoint.machine] {
      serve_connection(session, front, machine, policy, stopping);
      served.ended = true;
    });
  }

  void reap(bool all) {
    std::list<Served> ended;
    {
      const std::scoped_lock lock(mutex);
      for (auto at = connections.begin(); at != connections.end();) {
        const auto next = std::next(at);
        if (all || at->ended) ended.splice(ended.end(), connections, at);
        at = next;
      }
    }
    for (Served& each : ended) {
      if (all && !each.ended) ::shutdown(each.socket, SHUT_RDWR);
      each.thread.join();
      ::close(each.socket);
    }
  }

  void accept_all() {
    std::vector<pollfd> watched;
    for (const Listener& each : listeners) watched.push_back({each.socket, POLLIN, 0});
    watched.push_back({wake[0], POLLIN, 0});
    while (!stopping) {
      if (::poll(watched.data(), watched.size(), 1000) < 0 && errno != EINTR) return;
      for (std::size_t i = 0; i < listeners.size(); ++i)
        if ((watched[i].revents & POLLIN) != 0) accept_on(listeners[i]);
      reap(false);
    }
  }

  HostFront& front;
  SshServerOptions options;
  SshPolicy policy;
  ssh_key host_key = nullptr;
  ssh_bind bind = nullptr;
  std::vector<Listener> listeners;
  std::array<int, 2> wake{-1, -1};
  std::atomic<bool> stopping{false};
  std::thread acceptor;
  std::mutex mutex;
  std::list<Served> connections;
};

SshServer::SshServer(HostFront& front, SshServerOptions options)
    : impl_(std::make_unique<Impl>(front, std::move(options))) {
  impl_->policy.password = impl_->options.password;
}

SshServer::~SshServer() {
  stop();
  if (impl_->bind != nullptr) ssh_bind_free(impl_->bind);
  ssh_key_free(impl_->host_key);
  ssh_key_free(impl_->policy.client_key);
}

Status SshServer::start() {
  if (auto made = impl_->make_keys(); !made) return made;
  for (const HostFront::Endpoint& endpoint : impl_->front.endpoints()) {
    auto listener = listen_for(endpoint);
    if (!listener) return listener.error();
    impl_->listeners.push_back(std::move(listener).value());
  }
  if (auto written = impl_->write_client_files(); !written) return written;
  if (::pipe2(impl_->wake.data(), O_CLOEXEC) != 0)
    return Error{ErrorCode::kUnreachable, std::string("no pipe: ") + std::strerror(errno)};
  impl_->acceptor = std::thread([this] { impl_->accept_all(); });
  return Done{};
}

void SshServer::stop() {
  impl_->stopping = true;
  if (impl_->acceptor.joinable()) {
    const char byte = 0;
    [[maybe_unused]] const auto woken = ::write(impl_->wake[1], &byte, 1);
    impl_->acceptor.join();
  }
  impl_->reap(true);
  for (Listener& each : impl_->listeners)
    if (each.socket >= 0) ::close(std::exchange(each.socket, -1));
  for (int& each : impl_->wake)
    if (each >= 0) ::close(std::exchange(each, -1));
}

std::filesystem::path SshServer::client_config() const {
  return impl_->options.directory / "config";
}

std::vector<std::pair<std::string, int>> SshServer::ports() const {
  std::vector<std::pair<std::string, int>> all;
  for (const Listener& each : impl_->listeners) all.emplace_back(each.endpoint.machine, each.port);
  return all;
}

}  // namespace wme::simulators
