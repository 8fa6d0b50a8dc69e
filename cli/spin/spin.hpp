#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/checker/explorer.hpp"
#include "model/checker/promela.hpp"
#include "model/result.hpp"

/// The second opinion: SPIN, which shares no line with our explorer, on the same plan.
namespace wme::cli {

/// What SPIN has seen.
struct SpinRun {
  std::string version;     ///< "6.5.2"
  std::size_t states = 0;  ///< stored
  /// Taken, those that lead to a known state included; none where SPIN rounds the number: from a
  /// hundred million on.
  std::optional<std::size_t> transitions;
  std::set<std::string> violated;  ///< Promela::properties
  std::string stopped_by;          ///< why it has not seen everything; empty if it has
};

struct SpinOptions {
  /// About how many there will be: what is worth optimizing, how large a hash table.
  std::size_t states_expected = 0;
  std::size_t megabytes_max = 16384;
  std::chrono::seconds time_max{3600};  ///< for each of SPIN, the compiler and the search
  /// Asked several times a second.
  std::function<bool()> is_interrupted = [] { return false; };
};

/// Error kUnreachable: which programs are missing, and the packages that have them.
Status check_spin_is_there();

/// SPIN makes a verifier of the text, the C compiler a program of the verifier, and that searches
/// all states, exactly (-DSAFETY -DNOREDUCE), in a private folder that is gone afterwards. Errors:
/// kUnreachable: see check_spin_is_there; kFailed: what of these failed, and its last words.
Result<SpinRun> run_spin(const model::Promela& promela, const SpinOptions& options);

/// How the two differ, one line each; empty when they agree. Both must have seen everything, of the
/// same export.
std::vector<std::string> differences(const model::Exploration& ours, const SpinRun& theirs);

}  // namespace wme::cli
