#include "simulators/azure/arm_routes.hpp"

#include <cctype>
#include <utility>

#include "model/json/percent.hpp"

namespace wme::simulators::azure {

using nlohmann::json;

namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) parts.push_back(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return parts;
}

}  // namespace

std::string ArmRequest::id(const std::string& type) const {
  return "/subscriptions/" + path.at("subscription") + "/resourceGroups/" + path.at("group") +
         "/providers/" + type + "/" + path.at("name");
}

std::string ArmRequest::query_value(std::string_view name) const {
  for (const auto& [key, value] : query)
    if (same_id(key, name)) return value;
  return "";
}

std::optional<std::map<std::string, std::string>> matched(std::string_view route,
                                                          std::string_view path) {
  const auto wanted = segments(route);
  const auto given = segments(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::map<std::string, std::string> words;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string part = model::percent_decode(given[i]).value_or(std::string(given[i]));
    if (wanted[i].front() == '{')
      words[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = part;
    else if (!same_id(wanted[i], part))
      return std::nullopt;
  }
  return words;
}

json permissions_but(const std::set<std::string>& denied) {
  json not_actions = json::array();
  for (const ArmRoute& each : arm_routes())
    if (denied.contains(std::string(each.operation)) || denied.contains(std::string(each.action)))
      not_actions.push_back(each.action);
  return json::array({{{"actions", json::array({"*"})},
                       {"notActions", not_actions},
                       {"dataActions", json::array()},
                       {"notDataActions", json::array()}}});
}

}  // namespace wme::simulators::azure
