#pragma once

#include <cstdlib>

namespace wme {

/// Of a matrix that takes minutes as a whole, which ci/crash-matrix asks for, others try every
/// `part`-th case; with sanitizers, which make each take ten times as long, fewer still.
inline int every(int part) {
  if (std::getenv("REHYDRATE_WHOLE_MATRIX") != nullptr) return 1;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return part * 6 + 1;
#else
  return part;
#endif
}

}  // namespace wme
