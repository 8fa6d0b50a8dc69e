#include "model/english/words.hpp"

#include <algorithm>
#include <utility>

namespace wme::model {

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

std::vector<std::string> nearest_words(std::string_view word,
                                       const std::vector<std::string>& candidates,
                                       std::size_t count_max) {
  constexpr std::size_t kLettersMax = 64;  // nobody mistypes a word that long
  if (word.size() > kLettersMax) return {};
  const std::size_t distance_max = std::max<std::size_t>(1, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates)
    if (const std::size_t distance = edit_distance(word, candidate); distance <= distance_max)
      near.emplace_back(distance, candidate);
  std::ranges::stable_sort(near, {}, [](const auto& each) { return each.first; });
  std::vector<std::string> words;
  for (const auto& [distance, candidate] : near)
    if (words.size() < count_max) words.push_back(candidate);
  return words;
}

std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& candidates) {
  std::vector<std::string> nearest = nearest_words(word, candidates, 1);
  if (nearest.empty()) return std::nullopt;
  return std::move(nearest.front());
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "there is none yet";
  if (const auto nearest = nearest_word(word, candidates))
    return "did you mean '" + *nearest + "'?";
  constexpr std::size_t kShownMax = 12;
  std::string text = "one of:";
  for (std::size_t i = 0; i < std::min(candidates.size(), kShownMax); ++i)
    text += (i == 0 ? " " : ", ") + candidates[i];
  return candidates.size() > kShownMax ? text + " and others" : text;
}

std::string listed(const std::vector<std::string>& words, std::string_view last_joint) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + std::string(last_joint) + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string wrapped(std::string_view first, std::size_t rest, std::string_view text,
                    std::size_t width) {
  std::string all;
  std::string line(first);
  bool is_empty = true;  // nothing but the indent yet
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!is_empty && line.size() + 1 + word.size() > width) {
      all += line + "\n";
      line.assign(rest, ' ');
      is_empty = true;
    }
    if (!is_empty) line += ' ';
    line += word;
    is_empty = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all + line + "\n";
}

std::string counted(std::size_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

}  // namespace wme::model
