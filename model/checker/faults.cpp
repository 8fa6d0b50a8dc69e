#include "model/checker/faults.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/wme/actions.hpp"

namespace wme::model {

namespace {

constexpr int kCountMax = 255;

std::optional<int> count_in(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0 || count > kCountMax)
    return std::nullopt;
  return count;
}

Error invalid(const std::string& text, const std::string& why) {
  return {ErrorCode::kInvalid, "the fault budget \"" + text + "\" " + why};
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::vector<std::string> fault_kinds() {
  std::vector<std::string> kinds;
  for (const std::string_view kind :
       {fault::kFailedOutcome, fault::kLostRequest, fault::kLostAnswer, fault::kStaleRead,
        fault::kExecutorKilled})
    kinds.emplace_back(kind);
  for (const Action& action : all_actions())
    if (!action.fault.empty() && std::ranges::find(kinds, action.fault) == kinds.end())
      kinds.push_back(action.fault);
  return kinds;
}

FaultBudget::FaultBudget(int count) {
  if (count > 0) lines_.push_back({fault_kinds(), count});
}

Result<FaultBudget> FaultBudget::parse(std::string_view text) {
  const std::string whole(text);
  if (const std::optional<int> count = count_in(text)) return FaultBudget(*count);
  if (text.find('=') == std::string_view::npos)
    return invalid(whole,
                   "is no number from 0 to 255, and no list like user-wakes=1,lost-answer=1");
  const std::vector<std::string> kinds = fault_kinds();
  FaultBudget budget;
  std::vector<std::string> named;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    const std::string_view item = text.substr(from, to - from);
    const std::size_t equals = item.find('=');
    const std::string kind(item.substr(0, equals));
    if (std::ranges::find(kinds, kind) == kinds.end())
      return invalid(whole, "names \"" + kind + "\"; the kinds are " + listed(kinds));
    if (std::ranges::find(named, kind) != named.end())
      return invalid(whole, "names \"" + kind + "\" twice");
    named.push_back(kind);
    const std::optional<int> count =
        equals == std::string_view::npos ? std::nullopt : count_in(item.substr(equals + 1));
    if (!count) return invalid(whole, "gives no number from 0 to 255 for " + kind);
    if (*count > 0) budget.lines_.push_back({{kind}, *count});
    from = to + 1;
  }
  return budget;
}

std::string FaultBudget::words() const {
  if (lines_.empty()) return "no fault";
  if (lines_.size() == 1 && lines_.front().kinds.size() > 1) {
    const int count = lines_.front().count;
    return "at most " + std::to_string(count) + (count == 1 ? " fault" : " faults");
  }
  std::string text;
  for (const Line& line : lines_)
    text += (text.empty() ? "at most " : " and ") + std::to_string(line.count) + " " +
            line.kinds.front();
  return text;
}

}  // namespace wme::model
