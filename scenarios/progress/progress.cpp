#include "scenarios/progress/progress.hpp"

#include <utility>

#include "scenarios/progress/line_progress.hpp"
#include "scenarios/progress/live_progress.hpp"

namespace wme::scenarios {

std::unique_ptr<Progress> make_progress(std::ostream& out, const Terminal& terminal,
                                        SteadyClock clock) {
  if (terminal.live) return std::make_unique<LiveProgress>(out, terminal, std::move(clock));
  return std::make_unique<LineProgress>(out, terminal);
}

}  // namespace wme::scenarios
