#include "scenarios/report/time_axis.hpp"

#include <array>

#include "scenarios/report/text.hpp"

namespace wme::scenarios {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Duration tick_interval(Duration span, int ticks_max) {
  static constexpr std::array<Duration, 19> kRound{
      seconds{1}, seconds{2}, seconds{5},  seconds{10}, seconds{15}, seconds{30}, minutes{1},
      minutes{2}, minutes{5}, minutes{10}, minutes{15}, minutes{30}, hours{1},    hours{2},
      hours{3},   hours{6},   hours{12},   hours{24},   hours{48}};
  for (const Duration round : kRound)
    if (span / round < ticks_max) return round;
  return std::chrono::ceil<hours>(span / (ticks_max - 1));
}

std::string tick_label(Duration offset) {
  if (offset == Duration::zero()) return "0";
  return offset < hours{1} || offset % hours{1} != Duration::zero()
             ? human(offset)
             : std::to_string(offset / hours{1}) + " h";
}

}  // namespace wme::scenarios
