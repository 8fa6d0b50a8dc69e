#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wme::model {

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// The candidates that somebody who wrote `word` most likely meant, nearest first, at most
/// `count_max`; none when all are too far off (more than a third of the letters).
std::vector<std::string> nearest_words(std::string_view word,
                                       const std::vector<std::string>& candidates,
                                       std::size_t count_max);

/// The nearest one alone.
std::optional<std::string> nearest_word(std::string_view word,
                                        const std::vector<std::string>& candidates);

/// What to write instead of `word`: "did you mean 'address'?", or "one of: a, b, c" when nothing is
/// near.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

/// "take-snapshot", "a or b", "a, b or c".
std::string listed(const std::vector<std::string>& words, std::string_view last_joint);

/// "1 step", "2 steps".
std::string counted(std::size_t count, std::string_view one);

/// `text` broken at spaces into lines of at most `width` columns: the first line starts with
/// `first`, all others with as many spaces as `rest`. Ends with a line feed.
std::string wrapped(std::string_view first, std::size_t rest, std::string_view text,
                    std::size_t width = 96);

}  // namespace wme::model
