#include "scenarios/inventory/version.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace wme::scenarios {

namespace {

/// One row of the vendor's upgrade matrix: targets M.from to M.to need exactly that source.
struct UpgradeRow {
  int major;
  int minor_from;
  int minor_to;
  int source_major;
  int source_minor;
  std::optional<int> source_patch;  ///< none: any patch of that minor
  std::string_view words;
};

constexpr std::array<UpgradeRow, 4> kUpgradeMatrix = {{
    {11, 11, 11, 11, 10, 5, "11.11 from 11.10.5"},
    {11, 1, 8, 10, 13, std::nullopt, "11.1 to 11.8 from 10.13"},
    {10, 7, 13, 10, 6, std::nullopt, "10.7 to 10.13 from 10.6"},
    {10, 6, 6, 10, 5, 3, "10.6 from 10.5.3"},
}};

std::string matrix_in_words() {
  std::string text;
  for (const UpgradeRow& row : kUpgradeMatrix)
    text += (text.empty() ? "" : ", ") + std::string(row.words);
  return text;
}

bool leads_to(const UpgradeRow& row, const BuildVersion& target) {
  return target.major == row.major && target.minor >= row.minor_from &&
         target.minor <= row.minor_to;
}

bool starts_from(const UpgradeRow& row, const BuildVersion& source) {
  return source.major == row.source_major && source.minor == row.source_minor &&
         (!row.source_patch || source.patch == *row.source_patch);
}

/// Takes a number from the front of `text`; none when there is none.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes "beta." or "rc1.", whatever stands between the release and the edition.
bool take_qualifier(std::string_view& text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || text.starts_with("ee.")) return false;
  const std::string_view word = text.substr(0, dot);
  if (!std::all_of(word.begin(), word.end(),
                   [](unsigned char c) { return std::islower(c) || std::isdigit(c); }))
    return false;
  text.remove_prefix(dot + 1);
  return true;
}

bool part_of_version(char c) {
  return c == '.' || std::isdigit(static_cast<unsigned char>(c)) ||
         std::islower(static_cast<unsigned char>(c));
}

}  // namespace

std::optional<BuildVersion> parse_version(std::string_view text) {
  BuildVersion version;
  for (int* part : {&version.major, &version.minor, &version.patch}) {
    const auto number = take_number(text);
    if (!number || !take(text, ".")) return std::nullopt;
    *part = *number;
  }
  take_qualifier(text);
  if (!take(text, "ee.")) return std::nullopt;
  const auto build = take_number(text);
  if (!build) return std::nullopt;
  version.build = *build;
  if (text.empty()) return version;
  if (!take(text, "p")) return std::nullopt;
  const auto build_patch = take_number(text);
  if (!build_patch || !text.empty()) return std::nullopt;
  version.build_patch = *build_patch;
  return version;
}

std::vector<std::string> versions_in(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto begin =
        std::find_if(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end = std::find_if_not(text.begin(), text.end(), part_of_version);
    std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(run.size());
    // "11.7.3.ee.10412p1.tar": an extension may follow, so the run is cut dot by dot.
    while (!run.empty() && !parse_version(run)) {
      const auto dot = run.rfind('.');
      run = run.substr(0, dot == std::string_view::npos ? 0 : dot);
    }
    if (!run.empty()) found.emplace_back(run);
  }
  return found;
}

Status check_upgrade_path(std::string_view source, std::string_view target) {
  const std::string path =
      "upgrade from " + std::string(source) + " to " + std::string(target) + ": ";
  const auto from = parse_version(source);
  const auto to = parse_version(target);
  if (!from || !to)
    return Error{ErrorCode::kInvalid, path + "'" + std::string(from ? target : source) +
                                          "' is no full build string; write it like "
                                          "11.8.1.ee.10531p1, as the installer's directory does"};
  if (*to <= *from)
    return Error{ErrorCode::kInvalid,
                 path + "the target is not newer; restore or rotate the same version instead"};
  const auto row = std::find_if(kUpgradeMatrix.begin(), kUpgradeMatrix.end(),
                                [&](const UpgradeRow& one) { return leads_to(one, *to); });
  if (row == kUpgradeMatrix.end())
    return Error{ErrorCode::kInvalid, path + "the vendor documents no upgrade to that release; " +
                                          "possible are " + matrix_in_words()};
  if (!starts_from(*row, *from))
    return Error{ErrorCode::kInvalid, path + "the vendor documents " + std::string(row->words) +
                                          " only; upgrade in several steps (" + matrix_in_words() +
                                          ")"};
  return Done{};
}

}  // namespace wme::scenarios
