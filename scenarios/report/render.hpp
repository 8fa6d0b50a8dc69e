#pragma once

#include <filesystem>
#include <string>

#include "model/result.hpp"
#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// One self-contained page: styles, charts and the little script are inline, nothing is fetched.
/// The same report gives the same bytes. All text is escaped.
std::string to_html(const RehearsalReport& report);

/// `rehydrate/report/1`, see docs/schemas/report.schema.json. Text that is no UTF-8 is replaced.
std::string to_json(const RehearsalReport& report);

/// JUnit XML: a suite for each phase (a case for each step), one for the invariants, one for the
/// verdict, so that a failed rehearsal is never green. Times are those of the report's origin.
/// Source: testmoapp/junitxml, Jenkins xunit plugin.
std::string to_junit(const RehearsalReport& report);

struct ReportFiles {
  std::filesystem::path html;
  std::filesystem::path json;
  std::filesystem::path junit;
};
/// Writes report.html, report.json and junit.xml into `folder`, which is created when missing. Each
/// file appears complete or not at all, and replaces an older one. Error kFailed: which file could
/// not be written and why.
Result<ReportFiles> write_report(const std::filesystem::path& folder,
                                 const RehearsalReport& report);
/// Replaces one file at once: temporary file, fsync, rename. Error kFailed.
Status write_atomically(const std::filesystem::path& path, const std::string& content);

}  // namespace wme::scenarios
