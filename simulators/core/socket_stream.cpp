#include "simulators/core/socket_stream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace wme::simulators {

namespace {

using NameOf = int (*)(int, sockaddr*, socklen_t*);

void read_address(NameOf name_of, int socket, std::string& ip, int& port) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  // The front ends bind IPv4 loopback; anything else keeps httplib's "not known".
  if (name_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  if (address.sin_family != AF_INET) return;
  std::array<char, INET_ADDRSTRLEN> text{};
  if (inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size()) == nullptr) return;
  ip = text.data();
  port = ntohs(address.sin_port);
}

}  // namespace

SocketStream::SocketStream(int socket, std::chrono::seconds io_timeout)
    : socket_(socket), io_timeout_(io_timeout) {}

SocketStream::~SocketStream() { ::close(socket_); }

bool SocketStream::ready(short events, std::chrono::milliseconds timeout) const {
  pollfd watched{socket_, events, 0};
  int count = 0;
  do {
    count = ::poll(&watched, 1, static_cast<int>(timeout.count()));
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

bool SocketStream::is_readable() const { return wait_for_request(io_timeout_); }

bool SocketStream::is_writable() const { return !withheld_ && ready(POLLOUT, io_timeout_); }

bool SocketStream::wait_for_request(std::chrono::milliseconds timeout) const {
  return begin_ < end_ || holds_input() || ready(POLLIN, timeout);
}

void SocketStream::hang_up() { ::shutdown(socket_, SHUT_RDWR); }

ssize_t SocketStream::receive(char* data, std::size_t size) {
  return ::recv(socket_, data, size, 0);
}

ssize_t SocketStream::transmit(const char* data, std::size_t size) {
  for (;;) {
    const ssize_t count = ::send(socket_, data, size, MSG_NOSIGNAL);
    if (count >= 0 || errno != EINTR) return count;
  }
}

ssize_t SocketStream::read(char* data, std::size_t size) {
  if (begin_ == end_) {
    if (!is_readable()) return -1;
    const ssize_t count = receive(buffer_.data(), buffer_.size());
    if (count <= 0) return count;
    begin_ = 0;
    end_ = static_cast<std::size_t>(count);
  }
  const std::size_t given = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, given);
  begin_ += given;
  return static_cast<ssize_t>(given);
}

ssize_t SocketStream::write(const char* data, std::size_t size) {
  std::size_t sent = 0;
  while (sent < size) {  // httplib takes a short write for a whole one
    if (!is_writable()) return -1;
    const ssize_t count = transmit(data + sent, size - sent);
    if (count <= 0) return -1;
    sent += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(sent);
}

void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  read_address(&::getpeername, socket_, ip, port);
}

void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const {
  read_address(&::getsockname, socket_, ip, port);
}

}  // namespace wme::simulators
