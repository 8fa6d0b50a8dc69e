#pragma once

#include <httplib.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace wme::simulators {

/// One accepted connection as cpp-httplib wants to see it; owns the socket. A stream of our own,
/// because only so can an answer be withheld and an idle connection be woken up to end.
class SocketStream : public httplib::Stream {
 public:
  SocketStream(int socket, std::chrono::seconds io_timeout);
  ~SocketStream() override;
  SocketStream(const SocketStream&) = delete;
  SocketStream& operator=(const SocketStream&) = delete;

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

  /// What has to be agreed upon before the first request, nothing here: false when it failed or
  /// took longer.
  virtual bool open(std::chrono::milliseconds /*timeout*/) { return true; }
  /// Ends the connection for both sides.
  virtual void hang_up();
  /// Whether a next request came before `timeout`; false too when the peer or `hang_up` ended it.
  bool wait_for_request(std::chrono::milliseconds timeout) const;
  /// From now on nothing is written: whatever answer is under way never leaves.
  void withhold_answer() { withheld_ = true; }
  bool withheld() const { return withheld_; }

 protected:
  /// As recv and send: what came or went, 0 at the end, -1 on errors.
  virtual ssize_t receive(char* data, std::size_t size);
  virtual ssize_t transmit(const char* data, std::size_t size);
  /// Whether bytes that were taken off the socket wait to be received.
  virtual bool holds_input() const { return false; }
  bool ready(short events, std::chrono::milliseconds timeout) const;
  std::chrono::seconds io_timeout() const { return io_timeout_; }

 private:
  int socket_;
  std::chrono::seconds io_timeout_;
  bool withheld_ = false;
  std::array<char, 16384> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace wme::simulators
