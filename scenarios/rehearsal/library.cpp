#include "scenarios/rehearsal/library.hpp"

#include <algorithm>
#include <cstdlib>

#include "model/english/words.hpp"

namespace wme::scenarios {

namespace fs = std::filesystem;

std::vector<fs::path> scenario_folders() {
  std::vector<fs::path> folders;
  if (const char* named = std::getenv("REHYDRATE_SCENARIOS"); named != nullptr && *named != '\0')
    folders.emplace_back(named);
  std::error_code error;
  if (const fs::path program = fs::read_symlink("/proc/self/exe", error); !error) {
    const fs::path folder = program.parent_path();
    folders.push_back(folder / "../share/rehydrate/scenarios/library");
    folders.push_back(folder / "../../../scenarios/library");  // build/<preset>/cli/rehydrate
  }
  folders.emplace_back("scenarios/library");
  std::erase_if(folders, [](const fs::path& each) {
    std::error_code ignored;
    return !fs::is_directory(each, ignored);
  });
  return folders;
}

Result<fs::path> find_scenario(const std::string& name_or_path) {
  std::error_code error;
  if (fs::is_regular_file(name_or_path, error)) return fs::path(name_or_path);
  std::vector<std::string> names;
  for (const fs::path& folder : scenario_folders())
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() != ".yaml") continue;
      if (entry.path().stem() == name_or_path) return fs::canonical(entry.path(), error);
      names.push_back(entry.path().stem().string());
    }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string mend = names.empty()
                               ? "give the path of a scenario file, or set REHYDRATE_SCENARIOS"
                               : model::suggestion(name_or_path, names);
  return Error{ErrorCode::kInvalid,
               name_or_path + ": there is no such scenario, by file or by name; " + mend};
}

}  // namespace wme::scenarios
