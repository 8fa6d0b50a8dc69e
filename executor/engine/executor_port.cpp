#include "executor/engine/executor_port.hpp"

#include <algorithm>

namespace wme::executor {

namespace {

constexpr std::size_t kDifferencesShown = 10;

std::string as_text(const std::vector<std::string>& differences) {
  std::string text;
  for (std::size_t i = 0; i < std::min(differences.size(), kDifferencesShown); ++i)
    text += (i == 0 ? "" : "; ") + differences[i];
  if (differences.size() > kDifferencesShown)
    text += "; and " + std::to_string(differences.size() - kDifferencesShown) + " more";
  return text;
}

}  // namespace

ExecutorPort::ExecutorPort(const model::Inventory& inventory, ContainerLister& launchpad)
    : inventory_(inventory), launchpad_(launchpad) {}

Result<std::string> ExecutorPort::compare(const std::string& when) {
  Result<std::vector<ContainerIdentity>> listed = launchpad_.containers();
  if (!listed) return listed.error();
  std::map<std::string, const model::Container*> expected;
  for (const model::Container& each : inventory_.containers)
    expected[each.id.empty() ? each.name : each.id] = &each;
  std::vector<std::string> differences;
  std::map<std::string, int> seen;
  for (const ContainerIdentity& each : listed.value()) {
    if (++seen[each.id] > 1) {
      differences.push_back("container " + each.id + " is listed twice");
      continue;
    }
    const auto known = expected.find(each.id);
    if (known == expected.end())
      differences.push_back("container " + each.id + " of " + each.owner + " is new");
    else if (known->second->shard != each.shard)
      differences.push_back("container " + known->second->name + " is in shard " + each.shard +
                            ", not " + known->second->shard);
    else if (known->second->owner != each.owner)
      differences.push_back("container " + known->second->name + " belongs to " + each.owner +
                            ", not " + known->second->owner);
  }
  for (const auto& [id, container] : expected)
    if (!seen.contains(id)) differences.push_back("container " + container->name + " is missing");
  if (!differences.empty())
    return Error{ErrorCode::kBlocked,
                 "the containers " + when + " differ from the inventory: " + as_text(differences)};
  return std::to_string(expected.size()) + " containers " + when +
         ": ids, owners and shards as in the inventory";
}

Result<std::string> ExecutorPort::perform(const Call& call) {
  if (call.action == "take-baseline") return compare("before");
  if (call.action == "compare-inventory") return compare("after");
  return Error{ErrorCode::kInvalid, "the executor itself has no step " + call.action};
}

Result<std::vector<Observation>> ExecutorPort::observe(const std::vector<Variable>& variables) {
  std::vector<Observation> nothing;
  for (const Variable& each : variables) nothing.push_back({each, std::nullopt, "in the journal"});
  return nothing;
}

}  // namespace wme::executor
