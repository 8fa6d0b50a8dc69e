#include "executor/drivers/host/quoting.hpp"
#include "executor/drivers/host/scripts.hpp"

namespace wme::executor::host {

namespace {

const model::Artefact& artefact_of(const Site& site, const std::string& name) {
  if (name == "migrations") return site.inventory.migrations;
  if (name == "rotation") return site.inventory.rotation;
  return site.inventory.package;
}

std::string file_of(const std::string& artefact) {
  return std::string(kStateDirectory) + "/" + artefact + ".tar";
}

std::string download(const Site& site, const Call& call) {
  const std::string& name = call.arguments.at(0);
  const std::string& url = artefact_of(site, name).url;
  const std::string file = file_of(name);
  if (url.empty())
    return otherwise("the inventory gives no URL for " + name + ": add " + name + ".url");
  return start_job(job_name(call.action, call.arguments), call.token,
                   "rm -f " + file + ".verified\nwget -nv -O " + file + ".part " +
                       shell_quoted(url) + " && mv " + file + ".part " + file,
                   Repeat::kAfterFailure);
}

/// A mismatch removes the file: what is wrong must not be extracted by mistake (INV-32).
std::string verify(const Site& site, const Call& call) {
  const std::string& name = call.arguments.at(0);
  const model::Artefact& artefact = artefact_of(site, name);
  const std::string file = file_of(name);
  const bool strong = !artefact.sha256.empty();
  const std::string sum = strong ? artefact.sha256 : artefact.sha1;
  if (sum.empty())
    return otherwise("the inventory gives no checksum for " + name + ": add " + name +
                     ".sha256 or .sha1");
  return "cd " + std::string(kStateDirectory) + " || exit 1\necho " +
         shell_quoted(sum + "  " + name + ".tar") + " > " + name + ".tar.sum\nif " +
         (strong ? "sha256sum" : "sha1sum") + " -c " + name + ".tar.sum; then mv " + name +
         ".tar.sum " + file + ".verified; else rm -f " + file + "; exit 1; fi\n";
}

std::string extract(const Site& site, const Call& call) {
  const std::string& name = call.arguments.at(0);
  const std::string base = shell_quoted(site.installer(true));
  // The package makes the version directory; the tarballs go into its resources (INV-33).
  const std::string directory = name == "package" ? base : base + "/resources";
  const std::string prepare = name == "package" ? "mkdir -p " + directory : "test -d " + directory;
  return start_job(job_name(call.action, call.arguments), call.token,
                   prepare + " && tar -xf " + file_of(name) + " -C " + directory,
                   Repeat::kAfterFailure);
}

std::string see_artefact(const Site& site, const Arguments& arguments) {
  const std::string& name = arguments.at(0);
  const std::string base = shell_quoted(site.installer(true));
  const std::string file = file_of(name);
  // What stands there counts, whoever put it there; what tar left behind when it failed does not.
  const std::string extracted = name == "package" ? "test -f " + base + "/wme-installer.sh"
                                : name == "rotation"
                                    ? "test -f " + base + "/resources/wme-rotate.sh"
                                    : std::string("test \"$x\" = done");
  return job_state("download-artefact." + name, "d") + job_state("extract-artefact." + name, "x") +
         "if test \"$x\" = running; then echo extracting\nelif test \"$x\" != failed && " +
         extracted +
         "; then echo extracted\nelif test \"$d\" = running; then echo downloading\nelif ! test "
         "-f " +
         file + "; then echo absent $(" + job_log("download-artefact." + name) +
         ")\nelif test -f " + file + ".verified; then echo verified $(cat " + file +
         ".verified)\nelse echo downloaded; fi";
}

/// The answers to the installer's prompts go through a file: no pipe may break while it runs.
std::string initialize(const Site& site, const Call& call) {
  const model::Inventory& inventory = site.inventory;
  const std::string name = job_name(call.action, call.arguments);
  const std::string answers = std::string(kStateDirectory) + "/" + name + ".answers";
  const std::string owner = inventory.platform.ssh_key_owner;
  std::string text;
  if (!site.one_disk())
    for (const char* target : {"/wm-data", "/wm-runtime"})
      text += std::string("mountpoint -q ") + target + " || " +
              otherwise(std::string(target) +
                        " is not mounted: the installer would fill the root disk (INV-27)") +
              "\n";
  text +=
      "cidr=$(grep -o '\"cidr\"[^,}]*' "
      "/wm-runtime/conf/config-wizard/config/setup-env.json 2> /dev/null | cut -d '\"' -f 4)\n"
      "if test -n \"$cidr\" && test \"$cidr\" != " +
      shell_quoted(inventory.cidr) + "; then " +
      otherwise("the restored installation has another docker CIDR than the inventory's " +
                inventory.cidr + " (INV-34)") +
      "; fi\n";
  text +=
      "interface=$(ip -o -4 addr show | grep -F " + shell_quoted(" " + site.new_address() + "/") +
      " | awk '{print $2}' | head -n 1)\ntest -n \"$interface\" || " +
      otherwise("no interface has the address " + site.new_address()) + "\nmkdir -p " +
      std::string(kStateDirectory) + "\nprintf '%s\\n' \"$interface\" y " +
      shell_quoted(inventory.cidr) +
      (owner.empty()
           ? std::string(" n")
           : " y " + shell_quoted(owner) + " " + shell_quoted("/home/" + owner + "/.ssh/id_rsa")) +
      " > " + answers + "\n";
  return text +
         start_job(name, call.token,
                   "bash " + shell_quoted(site.installer(true)) + "/wme-installer.sh < " + answers,
                   Repeat::kAfterFailure);
}

std::string copy_rotate_script(const Site& site, const Call&) {
  const std::string base = shell_quoted(site.installer(true));
  return "test -f " + base + "/wme-rotate.sh || cp " + base + "/resources/wme-rotate.sh " + base +
         "/wme-rotate.sh\n";
}

std::string migrate(const Site& site, const Call& call) {
  return start_job(job_name(call.action, call.arguments), call.token,
                   "bash " + shell_quoted(site.installer(true)) + "/wme-rotate.sh --migrate",
                   Repeat::kNever);
}

std::string see_rotate_script(const Site& site, const Arguments& arguments) {
  return "if test -f " + shell_quoted(site.installer(model::is_new(arguments.at(0)))) +
         "/wme-rotate.sh; then echo present; else echo absent; fi";
}

std::string see_migrated(const Site&, const Arguments& arguments) {
  const std::string name = job_name("migrate", arguments);
  return job_state(name, "job") +
         "if test \"$job\" = none; then echo no\nelif test \"$job\" = running; then echo "
         "running\nelif "
         "test \"$job\" = done; then echo yes\nelse echo failed $(" +
         job_log(name) + "); fi";
}

std::vector<std::string> on_new(const Arguments&) { return {"platform-new"}; }
std::vector<std::string> on_itself(const Arguments& arguments) { return {arguments.at(0)}; }

}  // namespace

void add_installer_scripts(ActionScripts& actions, FluentScripts& fluents) {
  actions["download-artefact"] = {always_on("platform-new"), download, {}};
  actions["verify-artefact"] = {always_on("platform-new"), verify, {}};
  actions["extract-artefact"] = {always_on("platform-new"), extract, {}};
  actions["initialize"] = {on_first, initialize, {}};
  actions["copy-rotate-script"] = {on_first, copy_rotate_script, {}};
  actions["migrate"] = {on_first, migrate, {}};
  fluents["artefact"] = {on_new, see_artefact};
  fluents["rotate_script"] = {on_itself, see_rotate_script};
  fluents["migrated"] = {on_itself, see_migrated};
}

}  // namespace wme::executor::host
