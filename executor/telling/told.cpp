#include "executor/telling/told.hpp"

#include <utility>

namespace wme::executor {

namespace {

constexpr std::array<std::pair<Severity, std::string_view>, 4> kSeverities{{
    {Severity::kDebug, "debug"},
    {Severity::kInfo, "info"},
    {Severity::kWarning, "warning"},
    {Severity::kError, "error"},
}};

}  // namespace

Severity severity_of(const Told& told) {
  if (told.kind == ToldKind::kRunEnded && told.outcome == "failed") return Severity::kError;
  if (told.kind == ToldKind::kRunEnded && told.outcome != "done") return Severity::kWarning;
  return facts_of(told.kind).severity;
}

std::string_view to_string(Severity severity) {
  return kSeverities[static_cast<std::size_t>(severity)].second;
}

std::optional<Severity> severity_from(std::string_view text) {
  for (const auto& [severity, name] : kSeverities)
    if (name == text) return severity;
  return std::nullopt;
}

}  // namespace wme::executor
