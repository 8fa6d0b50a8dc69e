#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Reading what Resource Manager answers: names are looked up exactly, what is missing or of
/// another type reads as empty, so that nobody takes an unknown answer for a good one.
namespace wme::executor::azure {

/// "properties/diskState" as text ("100" for a number); empty when there is none.
std::string text_at(const nlohmann::json& document, std::string_view path);
long number_at(const nlohmann::json& document, std::string_view path);
/// The elements of an array; none when it is not there.
std::vector<nlohmann::json> items_at(const nlohmann::json& document, std::string_view path);
/// One tag of a resource; empty when it has none of that name.
std::string tag_of(const nlohmann::json& resource, std::string_view name);

}  // namespace wme::executor::azure
