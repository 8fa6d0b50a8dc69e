#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulators/core/http_front.hpp"

/// What clients write into queries, bodies and headers, taken apart.
namespace wme::simulators {

using Form = std::map<std::string, std::string, std::less<>>;

/// A query or an application/x-www-form-urlencoded body; what cannot be decoded is left out, of a
/// name that comes twice the first one counts.
Form parse_form(std::string_view text);

/// One cookie of the request; empty if it has none of that name.
std::string cookie_of(const HttpRequest& request, std::string_view name);

struct Part {
  std::string name;
  std::string file_name;
  std::string content_type;
  std::string body;
};
/// The parts of a multipart/form-data request; none when it is not one, or is torn.
std::optional<std::vector<Part>> parse_multipart(const HttpRequest& request);

/// User and password of HTTP Basic authentication.
std::optional<std::pair<std::string, std::string>> basic_login(const HttpRequest& request);

}  // namespace wme::simulators
