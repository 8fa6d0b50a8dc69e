#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Finds the defects of the vendor's pages where they were copied to: in a host's fstab, in
/// scripts, runbooks and inventories. Pure text; no host is asked.
namespace wme::model {

/// One defect as the pages have it. Source: reference/users.md, section 0.
struct LintRule {
  std::string id;     ///< "W1"
  std::string name;   ///< "fstab-blank": for machines
  std::string about;  ///< what is wrong, and what comes of it
  std::string mend;
  std::string source;  ///< where the vendor's pages have it
};
const std::vector<LintRule>& lint_rules();

enum class LintKind { kFstab, kScript, kDocument, kInventory };
/// By the file's name, else by its first lines.
LintKind lint_kind_of(std::string_view name, std::string_view text);

struct LintFinding {
  const LintRule* rule = nullptr;
  std::size_t line = 1;    ///< from 1
  std::size_t column = 1;  ///< from 1, in bytes
  std::string message;     ///< what stands there
};

struct LintContext {
  LintKind kind = LintKind::kScript;
  /// Addresses of the installation; empty: not known.
  std::set<std::string> addresses = {};
};

/// In the order of the lines. Text that is no UTF-8 is looked at all the same.
std::vector<LintFinding> lint(std::string_view text, const LintContext& context);

/// The IPv4 addresses in a text.
std::set<std::string> addresses_in(std::string_view text);

}  // namespace wme::model
