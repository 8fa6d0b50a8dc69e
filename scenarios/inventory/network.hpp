#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace wme::scenarios {

/// An IPv4 address as a number; none when `text` is not four numbers from 0 to 255 without signs,
/// spaces or leading zeros (which some tools read as octal).
std::optional<std::uint32_t> parse_ipv4(std::string_view text);

/// A network in CIDR notation. The address may lie inside it, as in WME's own "10.2.1.1/24".
struct Cidr {
  std::uint32_t first = 0;
  int prefix = 0;
  std::uint32_t last() const;
  bool contains(std::uint32_t address) const { return first <= address && address <= last(); }
  bool overlaps(const Cidr& other) const { return first <= other.last() && other.first <= last(); }
};
std::optional<Cidr> parse_cidr(std::string_view text);

}  // namespace wme::scenarios
