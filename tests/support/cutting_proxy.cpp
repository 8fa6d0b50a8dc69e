#include "tests/support/cutting_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <vector>

namespace wme::testing_support {
namespace {

sockaddr_un address_of(const std::filesystem::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  return address;
}

bool sent(int to, const std::string& bytes) {
  return ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

struct Pair {
  int client = -1;
  int server = -1;
};

}  // namespace

CuttingProxy::CuttingProxy(const std::filesystem::path& listen, std::filesystem::path server)
    : server_(std::move(server)) {
  const sockaddr_un address = address_of(listen);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::unlink(listen.c_str());
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 8) != 0 || ::pipe(stop_.data()) != 0)
    throw std::runtime_error("the proxy cannot listen at " + listen.string());
  thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
}

void CuttingProxy::lose(Loss loss, const std::string& text) {
  text_ = text;  // read by the other thread only once it has seen the loss
  loss_ = loss;
}

bool CuttingProxy::pass_on(int from, int to, bool request) {
  std::string bytes(65536, '\0');
  const ssize_t count = ::recv(from, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  bytes.resize(static_cast<std::size_t>(count));
  if (!request && cut_answer_) {
    cut_answer_ = false;
    return false;
  }
  const Loss loss = loss_;
  const bool meant = request && (loss == Loss::kRequest || loss == Loss::kAnswer) &&
                     bytes.find(text_) != std::string::npos;
  if (meant) loss_ = Loss::kNone;
  if (meant && loss == Loss::kRequest) return false;
  cut_answer_ = cut_answer_ || meant;
  return sent(to, bytes);
}

void CuttingProxy::serve() {
  std::vector<Pair> pairs;
  for (;;) {
    std::vector<pollfd> waiting{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      waiting.push_back({pair.client, POLLIN, 0});
      waiting.push_back({pair.server, POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), -1) < 0 || waiting[0].revents != 0) break;
    std::vector<Pair> alive;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const Pair& pair = pairs[i];
      bool good = loss_ != Loss::kAll;
      if (good && waiting[2 + 2 * i].revents != 0) good = pass_on(pair.client, pair.server, true);
      if (good && waiting[3 + 2 * i].revents != 0) good = pass_on(pair.server, pair.client, false);
      if (good) {
        alive.push_back(pair);
      } else {
        ::close(pair.client);
        ::close(pair.server);
      }
    }
    if (waiting[1].revents != 0) {
      const Pair next{::accept(listener_, nullptr, nullptr), ::socket(AF_UNIX, SOCK_STREAM, 0)};
      const sockaddr_un address = address_of(server_);
      if (loss_ != Loss::kAll && ::connect(next.server, reinterpret_cast<const sockaddr*>(&address),
                                           sizeof address) == 0) {
        alive.push_back(next);
      } else {
        ::close(next.client);
        ::close(next.server);
      }
    }
    pairs = std::move(alive);
  }
  for (const Pair& pair : pairs) {
    ::close(pair.client);
    ::close(pair.server);
  }
}

}  // namespace wme::testing_support
