#include "simulators/host/tarball.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace wme::simulators {

namespace {

constexpr std::string_view kMagic = "simulated-tar 1\n";

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string pack(const std::vector<TarMember>& members) {
  // One line a member: kind, size shown, bytes of content that follow, entity, name.
  std::string text(kMagic);
  for (const TarMember& member : members) {
    text += std::string(member.node.directory ? "d" : "f") + "\t" +
            std::to_string(member.node.size) + "\t" + std::to_string(member.node.content.size()) +
            "\t" + member.node.entity + "\t" + member.name + "\n" + member.node.content + "\n";
  }
  return text;
}

std::optional<std::vector<TarMember>> unpack(const std::string& text) {
  if (!text.starts_with(kMagic)) return std::nullopt;
  std::vector<TarMember> members;
  for (std::size_t at = kMagic.size(); at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    std::vector<std::string> fields;
    for (std::size_t from = at; from <= end;) {
      const std::size_t to = std::min(text.find('\t', from), end);
      fields.push_back(text.substr(from, to - from));
      from = to + 1;
    }
    if (fields.size() != 5) return std::nullopt;
    const auto size = number(fields[1]);
    const auto length = number(fields[2]);
    if (!size || !length || end + 1 + *length >= text.size()) return std::nullopt;
    TarMember member;
    member.name = fields[4];
    member.node.directory = fields[0] == "d";
    member.node.size = *size;
    member.node.entity = fields[3];
    member.node.content = text.substr(end + 1, *length);
    members.push_back(std::move(member));
    at = end + 1 + *length + 1;
  }
  return members;
}

std::vector<TarMember> members_of(Filesystem& files, const std::string& path,
                                  const std::string& base) {
  std::vector<TarMember> members;
  const Filesystem::Place place = files.locate(path);
  const std::string prefix =
      place.mount == nullptr || place.mount->target == "/" ? std::string() : place.mount->target;
  for (const std::string& inside : place.tree->below(place.path)) {
    const std::string whole = inside == "/" ? (prefix.empty() ? "/" : prefix) : prefix + inside;
    std::string name = whole;
    if (base != "/" && name.starts_with(base)) name.erase(0, base.size());
    while (name.starts_with('/')) name.erase(0, 1);
    if (name.empty()) name = ".";
    members.push_back({name, *place.tree->find(inside)});
  }
  return members;
}

}  // namespace wme::simulators
