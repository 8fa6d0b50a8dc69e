#pragma once

#include <algorithm>
#include <vector>

namespace wme::model {

/// Sorted, each once.
template <class T>
void make_set(std::vector<T>& items) {
  std::ranges::sort(items);
  const auto repeated = std::ranges::unique(items);
  items.erase(repeated.begin(), repeated.end());
}

}  // namespace wme::model
