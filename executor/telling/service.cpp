#include "executor/telling/service.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace wme::executor {

namespace {

constexpr std::chrono::milliseconds kPeriodMax{5000};
/// How much longer than now the end of the run may take, said anew each period.
constexpr const char* kExtend = "EXTEND_TIMEOUT_USEC=60000000";

/// systemd shows one line, and a datagram must not grow beyond what the kernel sends at once.
std::string one_line(std::string text) {
  constexpr std::size_t kBytesMax = 400;
  if (text.size() > kBytesMax) {
    std::size_t end = kBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    text += "...";
  }
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

std::string status_line(const Tally& tally, const Told& told) {
  std::string text = told.procedure + " of " + told.installation + ": " +
                     std::to_string(tally.done()) + " of " + std::to_string(tally.steps()) +
                     " steps done, " + std::to_string(tally.running()) + " running";
  if (tally.failed() > 0) text += ", " + std::to_string(tally.failed()) + " failed";
  text += "; ";
  if (told.step.empty()) {
    text += facts_of(told.kind).name;
  } else {
    text += told.step + " " + told.action;
    for (const std::string& each : told.arguments) text += " " + each;
  }
  if (!told.text.empty()) text += ": " + told.text;
  return one_line(text);
}

}  // namespace

Result<NotifySocket> open_notify_socket(const std::string& address) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const bool known = address.size() > 1 && (address[0] == '/' || address[0] == '@');
  if (!known || address.size() >= sizeof to.sun_path)
    return Error{ErrorCode::kInvalid, "NOTIFY_SOCKET is '" + address +
                                          "', neither a path nor an abstract socket (@NAME) of "
                                          "bearable length: systemd is told nothing"};
  std::memcpy(to.sun_path, address.data(), address.size());
  if (address[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
  const int opened = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (opened < 0)
    return Error{ErrorCode::kInvalid,
                 std::string("no socket for NOTIFY_SOCKET: ") + std::strerror(errno)};
  const std::shared_ptr<const int> socket(new const int(opened), [](const int* number) {
    ::close(*number);
    delete number;
  });
  return NotifySocket([socket, to, size](const std::string& datagram) {
    static_cast<void>(::sendto(*socket, datagram.data(), datagram.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), size));
  });
}

Service::Service(NotifySocket socket, Options options, std::function<Steady()> now)
    : socket_(std::move(socket)), options_(options), now_(std::move(now)), last_sign_(now_()) {}

void Service::take(const Told& told) {
  std::string datagram;
  {
    const std::lock_guard lock(mutex_);
    last_sign_ = now_();
    tally_.take(told);
    const bool begins = told.kind == ToldKind::kRunStarted || told.kind == ToldKind::kRunResumed;
    if (begins && !std::exchange(is_ready_, true)) datagram = "READY=1\n";
    if (told.kind == ToldKind::kRunEnded && !std::exchange(is_stopping_, true))
      datagram += "STOPPING=1\n";
    datagram += "STATUS=" + status_line(tally_, told);
  }
  socket_(datagram);
}

void Service::stopping() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_stopping_, true)) return;
  }
  socket_(std::string("STOPPING=1\n") + kExtend +
          "\nSTATUS=stopping at the next safe point; what runs comes to its end");
}

void Service::tick() {
  std::string datagram;
  {
    const std::lock_guard lock(mutex_);
    if (!is_alive()) return;
    if (options_.watchdog) datagram = "WATCHDOG=1\n";
    // The drift check before the run, too, may take longer than a service usually does to start.
    if (is_stopping_ || !is_ready_) datagram += kExtend;
  }
  if (!datagram.empty()) socket_(datagram);
}

bool Service::is_alive() const { return now_() - last_sign_ <= options_.silence_max; }

std::chrono::milliseconds Service::period() const {
  if (!options_.watchdog) return kPeriodMax;
  const auto half = std::chrono::floor<std::chrono::milliseconds>(*options_.watchdog / 2);
  return std::clamp(half, std::chrono::milliseconds(1), kPeriodMax);
}

}  // namespace wme::executor
