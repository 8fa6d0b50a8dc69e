#pragma once

#include <array>
#include <cctype>
#include <string>
#include <string_view>

/// What WME asks of the machines it runs on, beside what the tables of rules say.
namespace wme::model {

/// The first three numbers of a version: "20.10.21-0ubuntu1" is {20, 10, 21}, "24.0" is {24, 0, 0}.
inline std::array<int, 3> version_numbers(std::string_view version) {
  std::array<int, 3> numbers{};
  std::size_t at = 0;
  for (int& each : numbers) {
    while (at < version.size() && std::isdigit(static_cast<unsigned char>(version[at])) != 0 &&
           each < 100000)
      each = each * 10 + (version[at++] - '0');
    if (at >= version.size() || version[at] != '.') break;
    ++at;
  }
  return numbers;
}

/// The oldest docker on which this version of WME runs (INV-52).
/// Source: [doc: PRE, UPR, v10.14/prerequisites.md], read as wme.md 7-16 says.
inline std::string docker_required(std::string_view wme_version) {
  return version_numbers(wme_version)[0] >= 11 ? "24.0.6" : "20.10.7";
}

}  // namespace wme::model
