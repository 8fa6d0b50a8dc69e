#include "scenarios/inventory/words.hpp"

#include <algorithm>

namespace wme::scenarios {

std::size_t edit_distance(std::string_view from, std::string_view to) {
  // Rows of the usual table: two before, one before, now.
  std::vector<std::size_t> older(to.size() + 1);
  std::vector<std::size_t> old(to.size() + 1);
  std::vector<std::size_t> now(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = old[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      now[j] = std::min({old[j] + 1, now[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) now[j] = std::min(now[j], older[j - 2] + 1);
    }
    older.swap(old);
    old.swap(now);
  }
  return old[to.size()];
}

std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& candidates) {
  constexpr std::size_t kLettersMax = 64;  // nobody mistypes a word that long
  if (word.size() > kLettersMax) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "there is none yet";
  if (const auto nearest = nearest_word(word, candidates))
    return "did you mean '" + *nearest + "'?";
  constexpr std::size_t kShownMax = 12;
  std::string text = "one of:";
  for (std::size_t i = 0; i < std::min(candidates.size(), kShownMax); ++i)
    text += (i == 0 ? " " : ", ") + candidates[i];
  return candidates.size() > kShownMax ? text + ", ..." : text;
}

}  // namespace wme::scenarios
