#pragma once

#include <cstddef>
#include <functional>

namespace wme::model {

/// Calls `work` for each part below `parts` at the same time, and returns when all are done.
/// Whoever calls does the first. What comes of it must not depend on who was faster.
void in_parallel(std::size_t parts, const std::function<void(std::size_t)>& work);

/// Held by one thread of the process at a time; the others wait for it.
class Turn {
 public:
  Turn();
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
};

}  // namespace wme::model
