#include "executor/drivers/host/quoting.hpp"
#include "executor/drivers/host/scripts.hpp"

namespace wme::executor::host {

namespace {

/// Where the bytes of one archive are at each stage.
struct ArchivePaths {
  std::string written;  ///< on the Platform of today
  std::string store;    ///< directory in the backup store
  std::string file;     ///< its name there
  std::string
      fetched;  ///< on the new Platform: never inside /wm-data, which must be empty (INV-29)
};

ArchivePaths paths_of(const Site& site, const Arguments& arguments) {
  const std::string state(kStateDirectory);
  const bool data = arguments.at(0) == "tar-wm-data";
  const std::string file = data ? "data.tar" : "wm-runtime.tar";
  return {data ? "/wm-data/data.tar" : state + "/" + file,
          site.inventory.backup_store + "/" + site.inventory.backup_id, file, state + "/" + file};
}

std::string write_archive(const Site& site, const Call& call) {
  const ArchivePaths paths = paths_of(site, call.arguments);
  const std::string name = job_name(call.action, call.arguments);
  if (call.arguments.at(0) != "tar-wm-data")
    return start_job(name, call.token,
                     "rm -f " + paths.written + "; tar -cpf " + paths.written + " -C / wm-runtime",
                     Repeat::kAfterFailure);
  // An older data.tar would be archived with the rest (INV-19). Ours may go, a stranger's may not.
  const std::string stranger = paths.written +
                               " is there and is not of this tool: move it off /wm-data first, it "
                               "would be archived too (INV-19)";
  return "if test -e " + paths.written + " && ! test -e " + std::string(kStateDirectory) + "/" +
         name + ".token; then " + otherwise(stranger) + "; fi\n" +
         start_job(name, call.token,
                   "rm -f " + paths.written + "\nbash " + shell_quoted(site.installer(false)) +
                       "/wme-installer.sh --data-archive",
                   Repeat::kAfterFailure);
}

std::string copy_archive(const Site& site, const Call& call) {
  const ArchivePaths paths = paths_of(site, call.arguments);
  const std::string to = shell_quoted(paths.store + "/" + paths.file);
  const std::string part = shell_quoted(paths.store + "/" + paths.file + ".part");
  return start_job(job_name(call.action, call.arguments), call.token,
                   "mkdir -p " + shell_quoted(paths.store) + " && rm -f " + to + ".sha256 " + to +
                       ".damaged && cp " + paths.written + " " + part + " && mv " + part + " " + to,
                   Repeat::kAfterFailure);
}

/// The checksum file appears in the store only after the copy matched the original.
std::string verify_archive(const Site& site, const Call& call) {
  const ArchivePaths paths = paths_of(site, call.arguments);
  return start_job(job_name(call.action, call.arguments), call.token,
                   "cd " + shell_quoted(paths.store) + " || exit 1\nsum=$(sha256sum " +
                       paths.written + " | awk '{print $1}')\necho \"$sum  " + paths.file +
                       "\" > " + paths.file + ".sha256.part\nif sha256sum -c " + paths.file +
                       ".sha256.part; then mv " + paths.file + ".sha256.part " + paths.file +
                       ".sha256; else mv " + paths.file + ".sha256.part " + paths.file +
                       ".damaged; exit 1; fi",
                   Repeat::kAfterFailure);
}

std::string fetch_archive(const Site& site, const Call& call) {
  const ArchivePaths paths = paths_of(site, call.arguments);
  const std::string from = shell_quoted(paths.store + "/" + paths.file);
  return start_job(job_name(call.action, call.arguments), call.token,
                   "cp " + from + " " + paths.fetched + " && cd " + std::string(kStateDirectory) +
                       " && sha256sum -c " + from + ".sha256",
                   Repeat::kAfterFailure);
}

/// Only into an empty tree (INV-29); a failed one is left for a person, the tree is torn.
std::string unpack_archive(const Site& site, const Call& call) {
  const ArchivePaths paths = paths_of(site, call.arguments);
  const bool data = call.arguments.at(0) == "tar-wm-data";
  const std::string target = data ? "/wm-data" : "/wm-runtime";
  const std::string name = job_name(call.action, call.arguments);
  const std::string full = target + " is not empty: unpacking would mix two generations (INV-29)";
  const std::string answer = std::string(kStateDirectory) + "/" + name + ".answers";
  const std::string command = data ? "bash " + shell_quoted(site.installer(true)) +
                                         "/wme-installer.sh --data-untar < " + answer
                                   : "tar -xpf " + paths.fetched + " -C /";
  return job_state(name, "before") + "if test \"$before\" = none && test -n \"$(ls -A " + target +
         " 2> /dev/null | grep -v lost+found)\"; then " + otherwise(full) + "; fi\nmkdir -p " +
         std::string(kStateDirectory) + "\necho " + paths.fetched + " > " + answer + "\n" +
         start_job(name, call.token, command, Repeat::kNever);
}

/// In the store first, because that is what outlives the Platform of today.
std::string see_archive(const Site& site, const Arguments& arguments) {
  const ArchivePaths paths = paths_of(site, arguments);
  const std::string in_store = shell_quoted(paths.store + "/" + paths.file);
  return job_state(job_name("copy-archive", arguments), "copy") +
         job_state(job_name("write-archive", arguments), "write") +
         "if test \"$copy\" = running; then echo copying\nelif test -e " + in_store +
         ".damaged; then echo damaged\nelif test -e " + in_store + ".sha256 && test -e " +
         in_store + "; then echo verified $(cat " + in_store + ".sha256)\nelif test -e " +
         in_store +
         "; then echo copied\nelif test \"$write\" = running; then echo writing\nelif test "
         "\"$write\" "
         "= done && test -e " +
         paths.written + "; then echo written\nelse echo absent; fi";
}

std::string see_fetched(const Site& site, const Arguments& arguments) {
  const std::string name = job_name("fetch-archive", arguments);
  return job_state(name, "job") +
         "if test \"$job\" = running; then echo copying\nelif test \"$job\" = "
         "done && test -e " +
         paths_of(site, arguments).fetched + "; then echo yes\nelse echo no $(" + job_log(name) +
         "); fi";
}

std::string see_unpacked(const Site&, const Arguments& arguments) {
  const std::string name = job_name("unpack-archive", arguments);
  return job_state(name, "job") +
         "if test \"$job\" = running; then echo running\nelif test \"$job\" = "
         "done; then echo yes\nelse echo no $(" +
         job_log(name) + "); fi";
}

std::vector<std::string> on_either(const Arguments&) { return {"platform", "platform-new"}; }
std::vector<std::string> on_new(const Arguments&) { return {"platform-new"}; }

}  // namespace

void add_backup_scripts(ActionScripts& actions, FluentScripts& fluents) {
  actions["write-archive"] = {always_on("platform"), write_archive, {}};
  actions["copy-archive"] = {always_on("platform"), copy_archive, {}};
  actions["verify-archive"] = {always_on("platform"), verify_archive, {}};
  actions["fetch-archive"] = {always_on("platform-new"), fetch_archive, {}};
  actions["unpack-archive"] = {always_on("platform-new"), unpack_archive, {}};
  fluents["archive"] = {on_either, see_archive};
  fluents["fetched"] = {on_new, see_fetched};
  fluents["unpacked"] = {on_new, see_unpacked};
}

}  // namespace wme::executor::host
