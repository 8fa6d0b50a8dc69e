#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Secrets that a test plants, so that their traces can be looked for in whatever is written
/// (INV-62). A secret leaks as well in another coat or in two pieces: looked for is each half of
/// it, as it is, percent-encoded, in base64 at each place of a longer text, and in hexadecimal
/// digits.
namespace wme::testing_support {

struct Canary {
  std::string name;  ///< how a failure calls it
  std::string text;  ///< that nothing else contains
};

/// One for each secret that a run may be given, and the variables through which it gets them.
const std::vector<Canary>& planted_canaries();
const std::map<std::string, std::string>& canary_environment();

/// What opens the simulated systems: the secrets of every rehearsal. Only `rehydrate simulate` may
/// tell them.
const std::vector<Canary>& simulator_canaries();

/// "<where> has the ConfigWizard's password in base64", one line for each trace of a canary.
std::vector<std::string> leaks_in(const std::vector<Canary>& canaries, std::string_view text,
                                  const std::string& where);
/// In every file in and below a folder: journals and their -wal, logs, reports, dead letters.
std::vector<std::string> leaks_below(const std::vector<Canary>& canaries,
                                     const std::filesystem::path& folder);

}  // namespace wme::testing_support
