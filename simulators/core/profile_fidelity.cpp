#include "simulators/core/profile_fidelity.hpp"

#include <array>
#include <map>
#include <set>
#include <utility>

namespace wme::simulators {

namespace {

constexpr const char* kAssumed =
    "Assumption: WaveMaker does not publish it; ours until an operator's API profile says better";

struct Kind {
  std::string_view mark;
  std::string_view source;
  std::string_view remark;
};
constexpr std::array<Kind, 5> kKinds = {{
    {"[script: ", "vendor script: ", ""},
    {"[shot: ", "vendor screenshot: ", ""},
    {"[hist shot: ", "vendor screenshot: ", " (of an earlier release)"},
    {"[doc: ", "vendor page: ", ""},
    {"[hist: ", "vendor page: ", " (since removed)"},
}};

/// One entry for each kind of source: how many of these names come from it, and from where.
template <class Table>
void add_words(FidelityLedger& ledger, const std::string& what, const Table& table) {
  std::map<std::string, std::pair<int, std::set<std::string>>> by_kind;
  for (const auto& [key, each] : table) {
    const std::string source = source_of_mark(each.provenance);
    const std::size_t colon = source.find(": ");
    auto& [count, names] = by_kind[source.substr(0, colon)];
    ++count;
    if (colon != std::string::npos) names.insert(source.substr(colon + 2));
  }
  for (const auto& [kind, found] : by_kind) {
    std::string sources;
    for (const std::string& name : found.second) sources += (sources.empty() ? "" : "; ") + name;
    ledger.entries.push_back({std::to_string(found.first) + " " + what, "requests and answers",
                              kind + ": " + sources, ""});
  }
}

}  // namespace

std::string source_of_mark(std::string_view provenance) {
  if (provenance.starts_with("[assumed]")) return kAssumed;
  for (const Kind& kind : kKinds) {
    if (!provenance.starts_with(kind.mark)) continue;
    const std::size_t end = provenance.find(']');
    if (end == std::string_view::npos) return "";
    const std::string_view named = provenance.substr(kind.mark.size(), end - kind.mark.size());
    return std::string(kind.source) + std::string(named) + std::string(kind.remark) +
           std::string(provenance.substr(end + 1));
  }
  return "";
}

FidelityLedger profile_fidelity(std::string system, std::string about,
                                const model::SystemProfile& profile) {
  FidelityLedger ledger{std::move(system), std::move(about), {}};
  for (const auto& [name, operation] : profile.operations)
    ledger.entries.push_back(
        {name, operation.method + " " + operation.path, source_of_mark(operation.provenance), ""});
  add_words(ledger, "names of fields", profile.fields);
  add_words(ledger, "words for states and the like", profile.words);
  add_words(ledger, "numbers", profile.numbers);
  add_words(ledger, "choices", profile.choices);
  return ledger;
}

}  // namespace wme::simulators
