#include "scenarios/inventory/diagnostics.hpp"

#include <sstream>

namespace wme::scenarios {

void Diagnostics::add(Place place, std::string_view what, std::string_view why,
                      std::string_view mend) {
  std::ostringstream text;
  text << file_;
  if (place.line > 0) text << ":" << place.line << ":" << place.column;
  text << ": " << what << ": " << why << "; " << mend;
  found_.emplace(place, text.str());
}

Error Diagnostics::error() const {
  std::string message;
  std::size_t shown = 0;
  for (const auto& [place, text] : found_) {
    if (shown == kShownMax) break;
    message += (shown++ == 0 ? "" : "\n") + text;
  }
  if (found_.size() > shown)
    message += "\n" + file_ + ": and " + std::to_string(found_.size() - shown) + " more";
  return Error{ErrorCode::kInvalid, message};
}

Place Places::of(std::string_view path) const {
  while (!path.empty()) {
    const auto found = places_.find(path);
    if (found != places_.end()) return found->second;
    const auto cut = path.find_last_of(".[");
    path = path.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  return {};
}

}  // namespace wme::scenarios
