#include "scenarios/inventory/network.hpp"

#include <charconv>

namespace wme::scenarios {

namespace {

std::optional<unsigned> parse_small(std::string_view text, unsigned largest) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > largest)
    return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

/// The bits of an address that number the machines of a network; a shift by 32 has no meaning.
std::uint32_t host_bits(int prefix) {
  return prefix >= 32 ? 0 : ~std::uint32_t{0} >> static_cast<unsigned>(prefix);
}

}  // namespace

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const auto number = parse_small(text.substr(0, dot), 255);
    if (!number) return std::nullopt;
    address = (address << 8U) | *number;
    text.remove_prefix(part == 3 ? text.size() : dot + 1);
  }
  return address;
}

std::uint32_t Cidr::last() const { return first | host_bits(prefix); }

std::optional<Cidr> parse_cidr(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = parse_ipv4(text.substr(0, slash));
  const auto prefix = parse_small(text.substr(slash + 1), 32);
  if (!address || !prefix) return std::nullopt;
  return Cidr{*address & ~host_bits(static_cast<int>(*prefix)), static_cast<int>(*prefix)};
}

}  // namespace wme::scenarios
