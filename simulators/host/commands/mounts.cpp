#include <algorithm>
#include <optional>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/fstab.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kUtilLinux = "manual: util-linux 2.38";

const Device* device_of(const Machine& machine, const std::string& source) {
  for (const Device& device : machine.files.devices) {
    if (source == "UUID=" + device.disk->uuid && !device.disk->fstype.empty()) return &device;
    if (source == "LABEL=" + device.disk->label && !device.disk->label.empty()) return &device;
  }
  return source.starts_with("/dev/") ? machine.files.device(source) : nullptr;
}

std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

bool is_place_of_wme(const std::string& target) {
  return target == "/wm-data" || target == "/wm-runtime" || target == "/data";
}

/// What the model has to say to this mount; the refusals of the world, if there are any.
std::vector<std::string> tell_world(Invocation& call, const Device& device,
                                    const std::string& target) {
  HostSite& site = call.site;
  const std::string proper = site.proper_target(call.machine, *device.disk);
  if (target != proper) {
    if (is_place_of_wme(target))
      site.violation(call, {}, "INV-25",
                     "/dev/" + device.name + " holds " + device.disk->entity + " and belongs at " +
                         (proper.empty() ? std::string("no place of WME") : proper) + ", not at " +
                         target);
    return {};
  }
  const bool store = !site.attribute("role", device.disk->entity).empty();
  const std::string entity = store ? device.disk->entity : call.machine.name;
  return site.ask(call, store ? "mount-store" : "mount-disk", {entity}).refusals;
}

int attach_at(Invocation& call, const std::string& given, const std::string& target,
              const std::string& options) {
  Filesystem& files = call.machine.files;
  const std::string source = without_quotes(given);
  const std::string failed = "mount: " + target + ": ";
  const auto complain = [&](int status, const std::string& text) {
    call.complain(failed + text + "\n");
    return status;
  };
  const Device* device = device_of(call.machine, source);
  if (!files.is_directory(target)) return complain(32, "mount point does not exist.");
  if (device == nullptr)
    return source.starts_with("/dev/")
               ? complain(32, "special device " + source + " does not exist.")
               : complain(1, "can't find " + source + ".");
  if (device->disk->fstype.empty())
    return complain(32, "wrong fs type, bad option, bad superblock on /dev/" + device->name +
                            ", missing codepage or helper program, or other error.");
  for (const MountEntry& mount : files.mounts)
    if (mount.disk == device->disk && mount.target == target)
      return complain(32, "/dev/" + device->name + " already mounted on " + target + ".");
  const Device found = *device;
  const auto refusals = tell_world(call, found, target);
  if (!refusals.empty()) return complain(32, refusals.front());
  if (files.mounted_at(target) == nullptr || files.mounted_at(target)->disk != found.disk)
    files.mounts.push_back({"/dev/" + found.name, target, found.disk, has_option(options, "ro")});
  // A line that was written before the mount counts from now on.
  call.site.file_changed(call.machine, "/etc/fstab");
  return 0;
}

std::string fstab_text(const Machine& machine) {
  const FileNode* file = machine.files.root.find("/etc/fstab");
  return file == nullptr ? "" : file->content;
}

int mount_all(Invocation& call) {
  const Fstab fstab = parse_fstab(fstab_text(call.machine));
  for (const int line : fstab.parse_errors)
    call.complain("mount: /etc/fstab: parse error at line " + std::to_string(line) +
                  " -- ignored\n");
  int status = 0;
  for (const FstabLine& line : fstab.lines) {
    if (line.target == "/" || call.machine.files.mounted_at(line.target) != nullptr) continue;
    if (device_of(call.machine, without_quotes(line.source)) == nullptr &&
        has_option(line.options, "nofail"))
      continue;
    status = std::max(status, attach_at(call, line.source, line.target, line.options));
  }
  return status;
}

CommandEnd mount(Invocation& call) {
  const auto parsed = parse_options(call.args, "toUL");
  if (call.args.size() == 1) {
    for (const MountEntry& each : call.machine.files.mounts)
      call.print(each.source + " on " + each.target + " type " + each.disk->fstype + " (" +
                 (each.read_only ? "ro" : "rw") + ",relatime)\n");
    return {};
  }
  if (!call.frame.root) {
    const std::string where = parsed.operands.empty() ? "" : parsed.operands.back();
    return call.fail(1, "mount: " + where + ": must be superuser to use mount.\n");
  }
  if (parsed.has("-a")) return {mount_all(call), std::nullopt};
  std::vector<std::string> operands = parsed.operands;
  if (parsed.has("-U")) operands.insert(operands.begin(), "UUID=" + parsed.value("-U"));
  if (parsed.has("-L")) operands.insert(operands.begin(), "LABEL=" + parsed.value("-L"));
  if (operands.size() == 1) {
    const std::string target = call.path(operands[0]);
    for (const FstabLine& line : parse_fstab(fstab_text(call.machine)).lines)
      if (line.target == target || line.source == operands[0])
        return {attach_at(call, line.source, line.target, line.options), std::nullopt};
    return call.fail(1, "mount: " + operands[0] + ": can't find in /etc/fstab.\n");
  }
  if (operands.size() != 2) return call.fail(1, "mount: bad usage\n");
  return {attach_at(call, operands[0], call.path(operands[1]), parsed.value("-o")), std::nullopt};
}

CommandEnd unmount(Invocation& call) {
  const auto parsed = parse_options(call.args, "t");
  if (parsed.operands.empty()) return call.fail(1, "umount: bad usage\n");
  for (const std::string& operand : parsed.operands) {
    if (!call.frame.root)
      return call.fail(32, "umount: " + operand + ": must be superuser to unmount.\n");
    auto& mounts = call.machine.files.mounts;
    const std::string path = call.path(operand);
    const auto found = std::find_if(mounts.rbegin(), mounts.rend(), [&](const MountEntry& each) {
      return each.target == path || each.source == operand;
    });
    if (found == mounts.rend()) return call.fail(32, "umount: " + operand + ": not mounted.\n");
    const MountEntry entry = *found;
    HostSite& site = call.site;
    const bool proper = entry.target == site.proper_target(call.machine, *entry.disk);
    if (proper && !site.attribute("role", entry.disk->entity).empty()) {
      const Reply reply = site.ask(call, "unmount-store", {entry.disk->entity});
      if (!reply.accepted())
        return call.fail(32, "umount: " + entry.target + ": target is busy.\n");
    } else if (proper && site.world().is("docker", {call.machine.name}, "running")) {
      return call.fail(32, "umount: " + entry.target + ": target is busy.\n");
    } else if (proper) {
      return call.fail(
          32, "umount: " + entry.target + ": target is busy: containers of WME live there.\n");
    }
    std::erase_if(mounts, [&](const MountEntry& each) {
      return each.disk == entry.disk && each.target == entry.target;
    });
  }
  return {};
}

struct Found {
  std::string target, source, fstype, options, uuid, label;
};

std::string column(const Found& found, const std::string& name) {
  if (name == "TARGET") return found.target;
  if (name == "SOURCE") return found.source;
  if (name == "FSTYPE") return found.fstype;
  if (name == "OPTIONS") return found.options;
  if (name == "LABEL") return found.label;
  return name == "UUID" ? found.uuid : "";
}

/// findmnt --verify, in the words of util-linux 2.38.
CommandEnd verify_fstab(Invocation& call, const std::string& path) {
  const FileNode* file = call.machine.files.find(path);
  if (file == nullptr) return call.fail(1, "findmnt: can't read " + path + "\n");
  const Fstab fstab = parse_fstab(file->content);
  for (const int line : fstab.parse_errors)
    call.complain("findmnt: " + path + ": parse error at line " + std::to_string(line) +
                  " -- ignored\n");
  int errors = 0;
  int warnings = 0;
  for (std::size_t i = 0; i < fstab.lines.size(); ++i) {
    const FstabLine& line = fstab.lines[i];
    std::string text;
    const bool again =
        std::any_of(fstab.lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, fstab.lines.end(),
                    [&](const FstabLine& each) { return each.target == line.target; });
    if (again) {
      ++warnings;
      text += "   [W] target specified more than once\n";
    }
    if (!call.machine.files.is_directory(line.target)) {
      ++errors;
      text += "   [E] unreachable on boot required target: No such file or directory\n";
    }
    if (line.target != "/" && device_of(call.machine, without_quotes(line.source)) == nullptr) {
      const bool required =
          !has_option(line.options, "nofail") || !line.source.starts_with("/dev/");
      (required ? errors : warnings) += 1;
      text += std::string(required ? "   [E] unreachable on boot required source: "
                                   : "   [W] unreachable source: ") +
              line.source + "\n";
    }
    if (!text.empty()) call.print(line.target + "\n" + text);
  }
  const auto counted = [](std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
  };
  if (errors + warnings == 0 && fstab.parse_errors.empty()) {
    call.print("Success, no errors or warnings detected\n");
    return {};
  }
  call.print("\n" + counted(fstab.parse_errors.size(), "parse error") + ", " +
             counted(static_cast<std::size_t>(errors), "error") + ", " +
             counted(static_cast<std::size_t>(warnings), "warning") + "\n");
  return {errors > 0 || !fstab.parse_errors.empty() ? 1 : 0, std::nullopt};
}

CommandEnd find_mount(Invocation& call) {
  const auto parsed = parse_options(call.args, "oTFtMS", {"--tab-file", "--output", "--target"});
  if (parsed.has("--verify") || parsed.has("-x"))
    return verify_fstab(call, parsed.has("--tab-file") ? call.path(parsed.value("--tab-file"))
                              : parsed.has("-F")       ? call.path(parsed.value("-F"))
                                                       : "/etc/fstab");
  std::vector<Found> rows = {{"/", "/dev/root", "ext4", "rw,relatime",
                              uuid_from("root " + call.machine.name), "cloudimg-rootfs"}};
  for (const MountEntry& each : call.machine.files.mounts)
    rows.push_back({each.target, each.source, each.disk->fstype,
                    each.read_only ? "ro,relatime" : "rw,relatime", each.disk->uuid,
                    each.disk->label});
  std::string wanted = parsed.value("-M") + (parsed.operands.empty() ? "" : parsed.operands[0]);
  if (parsed.has("-T") || parsed.has("--target")) {
    const auto place =
        call.machine.files.locate(call.path(parsed.value("-T") + parsed.value("--target")));
    wanted = place.mount == nullptr ? "/" : place.mount->target;
  }
  if (parsed.has("-S")) wanted = parsed.value("-S");
  if (!wanted.empty())
    std::erase_if(rows,
                  [&](const Found& row) { return row.target != wanted && row.source != wanted; });
  if (rows.empty()) return {1, std::nullopt};
  std::string columns = parsed.value("-o") + parsed.value("--output");
  if (columns.empty()) columns = "TARGET,SOURCE,FSTYPE,OPTIONS";
  const auto print_row = [&](const std::function<std::string(const std::string&)>& text) {
    std::string line;
    for (std::size_t at = 0; at <= columns.size();) {
      const std::size_t end = std::min(columns.find(',', at), columns.size());
      line += (line.empty() ? "" : " ") + text(columns.substr(at, end - at));
      at = end + 1;
    }
    call.print(line + "\n");
  };
  if (!parsed.has("-n")) print_row([](const std::string& name) { return name; });
  for (const Found& row : rows)
    print_row([&](const std::string& name) { return column(row, name); });
  return {};
}

CommandEnd is_mountpoint(Invocation& call) {
  const auto parsed = parse_options(call.args, "");
  if (parsed.operands.empty()) return {1, std::nullopt};
  const std::string path = call.path(parsed.operands[0]);
  const bool mounted = path == "/" || call.machine.files.mounted_at(path) != nullptr;
  if (!parsed.has("-q"))
    call.print(parsed.operands[0] + (mounted ? " is a mountpoint\n" : " is not a mountpoint\n"));
  return {mounted ? 0 : 32, std::nullopt};
}

/// "147G", "1.4M": rounded up, as df -h does.
std::string rounded_up(std::uint64_t kib) {
  if (kib == 0) return "0";
  std::size_t unit = 0;
  std::uint64_t divisor = 1;
  while (unit < 3 && (kib + divisor - 1) / divisor >= 1024U) {
    divisor *= 1024U;
    ++unit;
  }
  const std::uint64_t tenths = (kib * 10U + divisor - 1) / divisor;
  if (tenths < 100U)
    return std::to_string(tenths / 10U) + "." + std::to_string(tenths % 10U) + "KMGT"[unit];
  return std::to_string((kib + divisor - 1) / divisor) + "KMGT"[unit];
}

/// Assumption: no blocks are kept for root, and ext4 has no overhead: sizes are those of the disks.
std::vector<std::string> usage_row(const std::string& source, int size_gb, std::uint64_t bytes,
                                   const std::string& target, bool human) {
  const std::uint64_t total = static_cast<std::uint64_t>(size_gb) * 1048576U;
  const std::uint64_t used = std::min(total, (bytes + 1023U) / 1024U);
  const auto text = [human](std::uint64_t kib) {
    return human ? rounded_up(kib) : std::to_string(kib);
  };
  const std::uint64_t percent = total == 0 ? 0 : (used * 100U + total - 1) / total;
  return {source, text(total), text(used), text(total - used), std::to_string(percent) + "%",
          target};
}

CommandEnd disk_free(Invocation& call) {
  const auto parsed = parse_options(call.args, "Bt");
  const bool human = parsed.has("-h");
  const bool posix = parsed.has("-P");
  std::vector<std::vector<std::string>> table = {
      {"Filesystem", human ? "Size" : (posix ? "1024-blocks" : "1K-blocks"), "Used",
       human ? "Avail" : "Available", posix ? "Capacity" : "Use%", "Mounted on"}};
  const auto wanted = [&](const std::string& target) {
    const auto is_on_it = [&](const std::string& operand) {
      const auto place = call.machine.files.locate(call.path(operand));
      return target == (place.mount == nullptr ? "/" : place.mount->target);
    };
    return parsed.operands.empty() || std::ranges::any_of(parsed.operands, is_on_it);
  };
  int status = 0;
  for (const std::string& each : parsed.operands)
    if (!call.machine.files.is_directory(call.path(each)) &&
        call.machine.files.find(call.path(each)) == nullptr) {
      call.complain("df: " + each + ": No such file or directory\n");
      status = 1;
    }
  // What somebody filled up.
  const auto bytes_on = [&](const std::string& target, int size_gb, std::uint64_t bytes) {
    const auto& given = call.site.world().conditions().free_mb;
    const auto left = given.find({call.machine.name, target});
    if (left == given.end()) return bytes;
    const std::uint64_t total = static_cast<std::uint64_t>(size_gb) << 30U;
    return total - std::min(total, static_cast<std::uint64_t>(left->second) << 20U);
  };
  if (wanted("/"))
    table.push_back(usage_row("/dev/root", 100, bytes_on("/", 100, call.machine.files.root.bytes()),
                              "/", human));
  for (const MountEntry& each : call.machine.files.mounts) {
    if (!wanted(each.target)) continue;
    std::uint64_t bytes = each.disk->tree.bytes();
    if (each.target == "/wm-data")
      bytes += static_cast<std::uint64_t>(call.site.inventory().platform.wm_data_used_gb) << 30U;
    bytes = bytes_on(each.target, each.disk->size_gb, bytes);
    table.push_back(usage_row(each.source, each.disk->size_gb, bytes, each.target, human));
  }
  // df keeps this much room whatever stands there.
  std::vector<std::size_t> widths = {14, 5, 5, 5, 4, 0};
  for (const auto& line : table)
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  if (status != 0 && table.size() == 1) return {status, std::nullopt};
  for (const auto& line : table) {
    std::string text = line[0] + std::string(widths[0] - line[0].size(), ' ');
    for (std::size_t c = 1; c + 1 < line.size(); ++c)
      text += " " + std::string(widths[c] - line[c].size(), ' ') + line[c];
    call.print(text + " " + line.back() + "\n");
  }
  return {status, std::nullopt};
}

}  // namespace

CommandTable mount_commands() {
  return {
      {"mount",
       mount,
       {kUtilLinux,
        "-a, -o, -t, -L, -U; of the options ro and nofail count; no bind mounts, no "
        "network filesystems but the backup store."}},
      {"umount", unmount, {kUtilLinux, "-l and -f make no difference: busy is busy."}},
      {"findmnt", find_mount, {kUtilLinux, "--verify, -n, -o, -M, -S, -T and --tab-file."}},
      {"df",
       disk_free,
       {"Assumption: no blocks are kept for root, and ext4 has no overhead",
        "-h, -P, -T and paths: sizes are those of the disks."}},
      {"mountpoint", is_mountpoint, {kUtilLinux, "-q."}},
  };
}

}  // namespace wme::simulators
