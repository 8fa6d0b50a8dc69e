#include "model/checker/promela_expression.hpp"

#include <algorithm>
#include <cctype>

namespace wme::model::promela {

namespace {

std::string joined(const std::vector<std::string>& parts, const std::string& operation,
                   const std::string& neutral, const std::string& decisive) {
  std::vector<std::string> kept;
  for (const std::string& part : parts) {
    if (part == decisive) return decisive;
    if (part != neutral && std::ranges::find(kept, part) == kept.end()) kept.push_back(part);
  }
  if (kept.empty()) return neutral;
  if (kept.size() == 1) return kept.front();
  std::string text = "(" + kept.front();
  for (std::size_t i = 1; i < kept.size(); ++i) text += operation + kept[i];
  return text + ")";
}

}  // namespace

std::string all_of(const std::vector<std::string>& parts) {
  return joined(parts, " && ", kTrue, kFalse);
}

std::string any_of(const std::vector<std::string>& parts) {
  return joined(parts, " || ", kFalse, kTrue);
}

std::string negated(const std::string& expression) {
  if (expression == kTrue) return kFalse;
  if (expression == kFalse) return kTrue;
  return "!" + expression;
}

std::string comment(std::string_view text) {
  constexpr std::string_view kPlain = " .,:;()=_-";
  std::string made;
  for (const char each : text) {
    const auto character = static_cast<unsigned char>(each);
    const bool fits = character < 128 &&
                      (std::isalnum(character) != 0 || kPlain.find(each) != std::string_view::npos);
    made += fits ? each : '?';
  }
  return made;
}

}  // namespace wme::model::promela
