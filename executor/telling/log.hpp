#pragma once

#include <memory>
#include <string>

#include "executor/telling/outbox.hpp"
#include "model/result.hpp"

namespace wme::executor {

struct LogOptions {
  enum class Format { kText, kJson };
  Format format = Format::kText;
  std::string file;  ///< appended to; made for the operator alone (0600); empty: stderr
  Severity severity_min = Severity::kInfo;
};

/// One line for each event, each written out before the next one; never on stdout.
/// Errors: kInvalid when the file cannot be written, or is none (a pipe could block for ever).
Result<std::unique_ptr<Sink>> make_log(const LogOptions& options);

}  // namespace wme::executor
