#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/core/world.hpp"

namespace wme::simulators::azure {

/// "properties/diskSizeGB" as text; empty when there is none.
std::string text_at(const nlohmann::json& document, std::string_view path);
int number_at(const nlohmann::json& document, std::string_view path, int otherwise);
std::vector<nlohmann::json> items_at(const nlohmann::json& document, std::string_view path);
/// A child that is made where it is missing.
nlohmann::json& child(nlohmann::json& document, std::string_view path);

std::string lower(std::string_view text);
/// Resource Manager compares ids without case.
bool same_id(std::string_view a, std::string_view b);
std::string name_in(std::string_view id);   ///< the last segment
std::string group_in(std::string_view id);  ///< the resource group, as it was written
/// A GUID that follows from the words alone, so that no order of requests can change it.
std::string guid_of(const std::string& words);
/// "2026-01-05T02:00:00.000000+00:00"
std::string arm_time(TimePoint at);

}  // namespace wme::simulators::azure
