#include "executor/drivers/host/quoting.hpp"
#include "executor/drivers/host/scripts.hpp"

namespace wme::executor::host {

namespace {

struct Role {
  std::string name;    ///< "wm-data"
  std::string target;  ///< "/wm-data"
  std::string mark;    ///< what only this tree has
};

Role role_of(const std::string& store) {
  if (store.starts_with("wm-runtime")) return {"wm-runtime", "/wm-runtime", "conf/config-wizard"};
  return {"wm-data", "/wm-data", "volumes/passivation-server"};
}

std::string unmount_store(const Site&, const Call& call) {
  const std::string target = role_of(call.arguments.at(0)).target;
  return "if ! mountpoint -q " + target + "; then echo 'not mounted'; exit 0; fi\nsync\numount " +
         target + "\n";
}

/// Device letters prove nothing (INV-25): each filesystem that nobody has mounted is looked into,
/// read-only and without replaying its journal, and the one with the right content is mounted by
/// UUID. Nothing here ever formats.
std::string mount_store(const Site&, const Call& call) {
  const Role role = role_of(call.arguments.at(0));
  const std::string probe = "/run/rehydrate-probe-" + role.name;
  const std::string wrong = role.target + " is mounted, but has no " + role.mark +
                            ": another volume is in its place (INV-25)";
  return "if mountpoint -q " + role.target + "; then test -e " + role.target + "/" + role.mark +
         " || " + otherwise(wrong) + "\necho 'mounted already'; exit 0; fi\n" + "mkdir -p " +
         role.target + " " + probe + "\nfound=\nfor dev in $(lsblk -lnpo NAME); do\n" +
         "if test \"$(blkid -s TYPE -o value \"$dev\")\" = ext4 && test -z \"$(lsblk -nro "
         "MOUNTPOINT "
         "\"$dev\")\" && mount -o ro,noload \"$dev\" " +
         probe + "; then\nif test -e " + probe + "/" + role.mark +
         "; then found=\"$found $dev\"; fi\numount " + probe + "\nfi\ndone\nrmdir " + probe +
         "\ntest \"$(echo $found | wc -w)\" = 1 || { echo \"" + role.name +
         " is wanted on exactly one unmounted disk, found:${found:- none}\" >&2; exit " +
         std::to_string(kCondition) +
         "; }\nuuid=$(blkid -s UUID -o value $found)\nmount UUID=\"$uuid\" " + role.target +
         " && test -e " + role.target + "/" + role.mark + " && echo \"UUID=$uuid\"\n";
}

/// Exactly one line for the target, in a new file that is checked before it replaces the old (W1).
std::string fstab_line(const std::string& target) {
  const std::string next = "/etc/fstab.rehydrate";
  return "test -n \"$uuid\" || " + otherwise(target + " has no UUID to write into /etc/fstab") +
         "\ncp -n /etc/fstab /etc/fstab.before-rehydrate\ngrep -vE " +
         shell_quoted("^[^#]*[[:space:]]" + target + "[[:space:]]") + " /etc/fstab > " + next +
         "\necho \"UUID=$uuid " + target + " ext4 defaults,nofail 0 2\" >> " + next +
         "\nif ! findmnt --verify --tab-file " + next + " > " + next + ".log 2>&1; then cat " +
         next + ".log >&2; rm -f " + next + " " + next + ".log; " +
         "echo '/etc/fstab was left as it is' >&2; exit " + std::to_string(kCondition) +
         "; fi\nrm -f " + next + ".log\nmv " + next + " /etc/fstab\nsystemctl daemon-reload\n" +
         "grep -F \"UUID=$uuid\" /etc/fstab\n";
}

std::string write_fstab(const Site&, const Call& call) {
  const std::string target = role_of(call.arguments.at(0)).target;
  return "uuid=$(findmnt -n -o UUID " + target + ")\n" + fstab_line(target);
}

const model::Instance* instance_of(const Site& site, const std::string& name) {
  for (const model::Instance& each : site.inventory.instances)
    if (name == each.name || name == model::successor_of(each.name)) return &each;
  return nullptr;
}

std::string data_size(const Site& site, const std::string& name) {
  const model::Instance* instance = instance_of(site, name);
  return std::to_string(instance == nullptr ? 150 : instance->data_gb) + "G";
}

/// Sets `found` to the disks of the right size on which nothing is: no signature on the disk or any
/// part of it, not mounted (INV-24).
std::string find_blank_disks(const std::string& size) {
  return "found=\nfor dev in $(lsblk -dnpo NAME); do\nif test \"$(lsblk -dnro TYPE \"$dev\")\" = "
         "disk "
         "&& test \"$(lsblk -dnro SIZE \"$dev\")\" = " +
         size +
         " && test -z \"$(lsblk -nro FSTYPE,MOUNTPOINT \"$dev\" | tr -d ' \\n')\" && ! blkid -p "
         "\"$dev\" > "
         "/dev/null; then found=\"$found $dev\"; fi\ndone\n";
}

std::string format_disk(const Site& site, const Call& call) {
  const std::string size = data_size(site, call.arguments.at(0));
  return "if blkid -L wme-data; then echo 'formatted already'; exit 0; fi\nif mountpoint -q /data; "
         "then echo 'mounted already'; exit 0; fi\n" +
         find_blank_disks(size) +
         "test \"$(echo $found | wc -w)\" = 1 || { echo \"exactly one blank disk of " + size +
         " is wanted, found:${found:- none}\" >&2; exit " + std::to_string(kCondition) +
         "; }\nmkfs.ext4 -q -L wme-data $found\n";
}

std::string mount_disk(const Site&, const Call&) {
  return "uuid=$(blkid -s UUID -o value -t LABEL=wme-data)\nmkdir -p /data\n" +
         fstab_line("/data") + "mountpoint -q /data || mount /data\n";
}

std::string see_mounted(const Site& site, const Arguments& arguments) {
  const Role role = role_of(arguments.at(0));
  if (site.one_disk())
    return "if test -d " + role.target +
           "; then echo yes a directory of the only disk; else echo "
           "no; fi";
  return "if mountpoint -q " + role.target + "; then if test -e " + role.target + "/" + role.mark +
         " || test -z \"$(ls -A " + role.target +
         " | grep -v lost+found)\"; then echo yes $(findmnt "
         "-n -o SOURCE,UUID " +
         role.target + "); else echo swapped another volume is in its place; fi; else echo no; fi";
}

std::string see_fstab(const Site& site, const Arguments& arguments) {
  const std::string target = role_of(arguments.at(0)).target;
  if (site.one_disk())
    return model::is_new(arguments[0]) ? "echo absent a directory of the only disk"
                                       : "echo valid a directory of the only disk";
  // One line in all, and that one good.
  return "all=$(grep -cE " + shell_quoted("^[^#]*[[:space:]]" + target + "[[:space:]]") +
         " /etc/fstab)\ngood=$(grep -E " +
         shell_quoted(
             "^UUID=[^[:space:]]+[[:space:]]+" + target +
             "[[:space:]]+ext4[[:space:]]+[^[:space:]]*[[:space:]]+0[[:space:]]+2[[:space:]]*$") +
         " /etc/fstab | grep -F nofail | grep -cF defaults)\nif test \"$all\" = 1 && test "
         "\"$good\" = "
         "1; then echo valid; else echo absent \"$all lines, $good good\"; fi";
}

std::string see_data_disk(const Site& site, const Arguments& arguments) {
  if (site.one_disk())
    return "if test -d /data; then echo mounted a directory of the only disk; else echo absent; fi";
  return "if mountpoint -q /data; then if grep -qE '^[^#]*[[:space:]]/data[[:space:]]' /etc/fstab; "
         "then echo mounted; else echo formatted mounted but not in fstab; fi\n"
         "elif blkid -L wme-data > /dev/null; then echo formatted\nelse\n" +
         find_blank_disks(data_size(site, arguments.at(0))) +
         "if test -n \"$found\"; then echo blank $found; else echo absent; fi\nfi";
}

std::vector<std::string> on_its_platform(const Arguments& arguments) {
  return {platform_of(arguments)};
}

std::vector<std::string> on_itself(const Arguments& arguments) { return {arguments.at(0)}; }

}  // namespace

void add_store_scripts(ActionScripts& actions, FluentScripts& fluents) {
  actions["unmount-store"] = {platform_of, unmount_store, {}};
  actions["mount-store"] = {platform_of, mount_store, {}};
  actions["write-fstab"] = {platform_of, write_fstab, {}};
  actions["format-disk"] = {on_first, format_disk, {}};
  actions["mount-disk"] = {on_first, mount_disk, {}};
  fluents["mounted"] = {on_its_platform, see_mounted};
  fluents["fstab"] = {on_its_platform, see_fstab};
  fluents["data_disk"] = {on_itself, see_data_disk};
}

}  // namespace wme::executor::host
