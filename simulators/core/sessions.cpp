#include "simulators/core/sessions.hpp"

namespace wme::simulators {

namespace {
constexpr std::chrono::minutes kSessionTime{30};
}  // namespace

std::string Sessions::open(const World& world, const std::string& machine) {
  std::erase_if(open_, [&](const auto& each) { return each.second.ends <= world.now(); });
  std::string cookie = prefix_ + std::to_string(++opened_);
  open_[cookie] = {machine, world.now() + kSessionTime};
  return cookie;
}

bool Sessions::holds(const World& world, const std::string& machine,
                     const std::string& cookie) const {
  const auto at = open_.find(cookie);
  return at != open_.end() && at->second.machine == machine && world.now() < at->second.ends;
}

}  // namespace wme::simulators
