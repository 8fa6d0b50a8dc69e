#include <algorithm>
#include <functional>
#include <optional>
#include <sstream>

#include "simulators/host/commands/command.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kE2fs = "manual: mke2fs(8), e2fsprogs 1.46.5";
constexpr const char* kFormats =
    "-t, -L, -q, -F. Formatting a store or a disk of the model is its action, and takes no time.";

struct BlockRow {
  std::string name;
  std::string size;
  std::string type;
  std::string fstype;
  std::string label;
  std::string uuid;
  std::string mountpoint;
  std::string serial;
  bool is_part = false;
  std::string number = {};     ///< major and minor: "259:1"
  std::string available = {};  ///< of a mounted filesystem: "140.2G"
  std::string used = {};       ///< "5%"
};

/// "150G", "147.6G", as lsblk prints sizes.
std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024U) return std::to_string(bytes) + "B";
  std::size_t unit = 0;
  std::uint64_t divisor = 1024U;
  while (unit < 3 && bytes / divisor >= 1024U) {
    divisor *= 1024U;
    ++unit;
  }
  const std::uint64_t tenths = (bytes * 10U + divisor / 2U) / divisor;
  const std::string fraction = tenths % 10U == 0 ? "" : "." + std::to_string(tenths % 10U);
  return std::to_string(tenths / 10U) + fraction + "KMGT"[unit];
}

void tell_usage(BlockRow& row, int size_gb, std::uint64_t used) {
  const std::uint64_t total = static_cast<std::uint64_t>(size_gb) << 30U;
  row.available = size_text(total - std::min(total, used));
  row.used = std::to_string(total == 0 ? 0 : std::min(total, used) * 100U / total) + "%";
}

std::vector<BlockRow> rows_of(const Machine& machine) {
  std::vector<BlockRow> rows;
  const bool nvme = std::ranges::any_of(
      machine.files.devices, [](const Device& each) { return each.name.starts_with("nvme"); });
  const std::string root = nvme ? "nvme0n1" : "sda";
  const std::string major = nvme ? "259:" : "8:";
  rows.push_back({root, "100G", "disk", "", "", "", "", "", false, major + "0"});
  rows.push_back({root + (nvme ? "p1" : "1"), "100G", "part", "ext4", "cloudimg-rootfs",
                  uuid_from("root " + machine.name), "/", "", true, major + "1"});
  tell_usage(rows.back(), 100, machine.files.root.bytes());
  int minor = 0;
  for (const Device& device : machine.files.devices) {
    const Disk& disk = *device.disk;
    const MountEntry* mount = machine.files.mount_of(disk);
    minor += nvme ? 2 : 16;
    rows.push_back({device.name, std::to_string(disk.size_gb) + "G", "disk", disk.fstype,
                    disk.label, disk.fstype.empty() ? "" : disk.uuid,
                    mount == nullptr ? "" : mount->target, device.serial, false,
                    major + std::to_string(minor)});
    if (mount != nullptr) tell_usage(rows.back(), disk.size_gb, disk.tree.bytes());
  }
  return rows;
}

std::string column(const BlockRow& row, const std::string& name, bool with_path) {
  if (name == "NAME") return (with_path ? "/dev/" : "") + row.name;
  if (name == "PATH") return "/dev/" + row.name;
  if (name == "SIZE") return row.size;
  if (name == "TYPE") return row.type;
  if (name == "FSTYPE") return row.fstype;
  if (name == "LABEL") return row.label;
  if (name == "UUID") return row.uuid;
  if (name == "MOUNTPOINT" || name == "MOUNTPOINTS") return row.mountpoint;
  if (name == "SERIAL") return row.serial;
  if (name == "RM" || name == "RO") return "0";
  if (name == "MAJ:MIN") return row.number;
  if (name == "FSVER") return row.fstype == "ext4" ? "1.0" : "";
  if (name == "FSAVAIL") return row.available;
  if (name == "FSUSE%") return row.used;
  return "";
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return text;
}

/// One device, as util-linux 2.38 lays it out; a partition stands among its disk's children.
std::string json_object(const std::vector<BlockRow>& rows, std::size_t at,
                        const std::vector<std::string>& columns, const std::string& indent) {
  std::string text;
  for (const std::string& name : columns) {
    const std::string value = column(rows[at], name, false);
    text += (text.empty() ? "" : ",\n") + indent + "   \"" + lower(name) + "\": ";
    if (name == "RM" || name == "RO")
      text += "false";
    else if (name == "MOUNTPOINTS")
      text += "[\n" + indent + "       " + (value.empty() ? "null" : "\"" + value + "\"") + "\n" +
              indent + "   ]";
    else
      text += value.empty() ? "null" : "\"" + value + "\"";
  }
  if (!rows[at].is_part && at + 1 < rows.size() && rows[at + 1].is_part)
    text += ",\n" + indent + "   \"children\": [\n" + indent + "      {\n" +
            json_object(rows, at + 1, columns, indent + "      ") + "\n" + indent + "      }\n" +
            indent + "   ]";
  return text;
}

std::string as_json(const std::vector<BlockRow>& rows, const std::vector<std::string>& columns) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_part && i > 0) continue;
    text += (text.empty() ? "      {\n" : ",{\n") + json_object(rows, i, columns, "      ") +
            "\n      }";
  }
  return "{\n   \"blockdevices\": [\n" + text + "\n   ]\n}\n";
}

/// In columns of a terminal: a character of the tree is one, of three bytes.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char each) { return (each & 0xC0) != 0x80; }));
}

/// Numbers stand at the right end of their column; a size has room for five digits at least.
void print_table(const Invocation& call, const std::vector<std::string>& columns,
                 const std::vector<std::vector<std::string>>& table) {
  for (const auto& line : table) {
    std::string text;
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string& name = columns[c];
      const bool number =
          name == "SIZE" || name == "RM" || name == "RO" || name == "FSAVAIL" || name == "FSUSE%";
      std::size_t width = name == "SIZE" ? 5 : 0;
      for (const auto& each : table) width = std::max(width, width_of(each[c]));
      const std::string blanks(width - width_of(line[c]), ' ');
      if (c > 0) text += " ";
      text += number ? blanks + line[c] : line[c] + (c + 1 < line.size() ? blanks : "");
    }
    call.print(text + "\n");
  }
}

CommandEnd list_blocks(Invocation& call) {
  const auto parsed = parse_options(call.args, "oxe", {"--output"});
  std::vector<std::string> columns;
  std::string wanted = parsed.value("-o") + parsed.value("--output");
  if (parsed.has("-f")) wanted = "NAME,FSTYPE,FSVER,LABEL,UUID,FSAVAIL,FSUSE%,MOUNTPOINTS";
  if (wanted.empty()) wanted = "NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS";
  std::istringstream input(wanted);
  for (std::string name; std::getline(input, name, ',');) columns.push_back(name);
  std::vector<BlockRow> rows = rows_of(call.machine);
  // -s lists from the leaves: a disk that has partitions is not one.
  const bool has_parts = parsed.has("-d") && !parsed.has("-s");
  std::erase_if(rows, [&](const BlockRow& row) {
    if (parsed.has("-s") && parsed.has("-d")) return row.name == "nvme0n1" || row.name == "sda";
    return has_parts && row.is_part;
  });
  if (!parsed.operands.empty()) {
    const std::string only = name_of(parsed.operands[0]);
    std::erase_if(rows, [&](const BlockRow& row) {
      const bool part_of = row.is_part && !parsed.has("-d") && row.name.starts_with(only);
      return row.name != only && !part_of;
    });
    if (rows.empty())
      return call.fail(32, "lsblk: " + parsed.operands[0] + ": not a block device\n");
  }
  if (parsed.has("-J")) {
    call.print(as_json(rows, columns));
    return {};
  }
  std::vector<std::vector<std::string>> table;
  const bool heading = !parsed.has("-n");
  if (heading) table.push_back(columns);
  for (const BlockRow& row : rows) {
    std::vector<std::string> line;
    for (const std::string& name : columns) line.push_back(column(row, name, parsed.has("-p")));
    const bool tree = !parsed.has("-l") && !parsed.has("-r") && !parsed.has("-d") && row.is_part;
    if (tree && columns[0] == "NAME") line[0] = "└─" + line[0];
    table.push_back(std::move(line));
  }
  if (!parsed.has("-r")) {
    print_table(call, columns, table);
    return {};
  }
  for (const auto& line : table) {
    std::string text;
    for (std::size_t c = 0; c < line.size(); ++c) text += (c > 0 ? " " : "") + line[c];
    call.print(text + "\n");
  }
  return {};
}

CommandEnd block_ids(Invocation& call) {
  const auto parsed = parse_options(call.args, "sotLU");
  int found = 0;
  const std::string token = parsed.value("-t");
  for (const BlockRow& row : rows_of(call.machine)) {
    if (row.fstype.empty()) continue;
    if (parsed.has("-L") && row.label != parsed.value("-L")) continue;
    if (parsed.has("-U") && row.uuid != parsed.value("-U")) continue;
    if (!token.empty() && token != "LABEL=" + row.label && token != "UUID=" + row.uuid &&
        token != "TYPE=" + row.fstype)
      continue;
    if (!parsed.operands.empty() &&
        std::ranges::none_of(parsed.operands,
                             [&](const std::string& each) { return name_of(each) == row.name; }))
      continue;
    ++found;
    if (parsed.has("-L") || parsed.has("-U") || parsed.value("-o") == "device") {
      call.print("/dev/" + row.name + "\n");
    } else if (parsed.value("-o") == "value") {
      const std::string tag = parsed.value("-s");
      call.print((tag == "TYPE" ? row.fstype : tag == "LABEL" ? row.label : row.uuid) + "\n");
    } else {
      call.print("/dev/" + row.name + ":" +
                 (row.label.empty() ? "" : " LABEL=\"" + row.label + "\"") + " UUID=\"" + row.uuid +
                 "\" BLOCK_SIZE=\"4096\" TYPE=\"" + row.fstype + "\"\n");
    }
  }
  return {found > 0 ? 0 : 2, std::nullopt};
}

/// Writes the signature; which action of the model that was, and whether the world allowed it.
int format(Invocation& call, const Device& device, const std::string& label, bool quiet) {
  HostSite& site = call.site;
  Disk& disk = *device.disk;
  const bool store = !site.attribute("role", disk.entity).empty();
  const bool had_data = !disk.fstype.empty();
  if (store) {
    const Reply reply = site.ask(call, "format-store", {disk.entity});
    if (!reply.accepted()) {
      call.complain("mke2fs: " + reply.refusals.front() + "\n");
      return 1;
    }
    site.violation(call, reply, "INV-24",
                   "mkfs on " + disk.entity + ", which has a filesystem: its content is erased");
  } else if (had_data) {
    site.violation(call, {}, "INV-24", "mkfs on a disk that has a filesystem: /data is erased");
  } else if (disk.entity.starts_with("data ")) {
    const Reply reply = site.ask(call, "format-disk", {call.machine.name});
    if (!reply.accepted()) {
      call.complain("mke2fs: " + reply.refusals.front() + "\n");
      return 1;
    }
  }
  disk.fstype = "ext4";
  disk.label = label;
  disk.uuid = uuid_from(disk.entity + (had_data ? disk.uuid : ""));
  disk.tree = FileTree();
  disk.tree.make_directories("/lost+found");
  if (!quiet)
    call.print("Creating filesystem with " + std::to_string(disk.size_gb * 262144L) +
               " 4k blocks\nFilesystem UUID: " + disk.uuid +
               "\n\nAllocating group tables: done\nWriting inode tables: done\nCreating journal: "
               "done\nWriting superblocks and filesystem accounting information: done\n\n");
  return 0;
}

CommandEnd make_filesystem(Invocation& call) {
  const auto parsed = parse_options(call.args, "tLbmE");
  const bool quiet = parsed.has("-q");
  const std::string type =
      call.args[0].starts_with("mkfs.") ? call.args[0].substr(5) : parsed.value("-t");
  if (parsed.operands.empty()) return call.fail(1, "Usage: mkfs.ext4 [options] device\n");
  const std::string& given = parsed.operands[0];
  if (!call.frame.root)
    return call.fail(1, "mkfs.ext4: Permission denied while trying to determine filesystem size\n");
  if (!quiet) call.complain("mke2fs 1.46.5 (30-Dec-2021)\n");
  const Device* device = call.machine.files.device(given);
  if (device == nullptr)
    return call.fail(
        1, "mkfs.ext4: No such file or directory while trying to determine filesystem size\n");
  if (const MountEntry* mount = call.machine.files.mount_of(*device->disk))
    return call.fail(
        1, given + " is mounted at " + mount->target + "; will not make a filesystem here!\n");
  if (type != "ext4")
    return call.fail(1, "mkfs: failed to execute mkfs." + type + ": No such file or directory\n");
  if (!device->disk->fstype.empty() && !parsed.has("-F")) {
    call.print(given + " contains a " + device->disk->fstype +
               " file system\nProceed anyway? (y,N) ");
    const auto answer = call.frame.in->line();
    call.print("\n");
    if (!answer || (*answer != "y" && *answer != "Y")) return {1, std::nullopt};
  }
  return {format(call, *device, parsed.value("-L"), quiet), std::nullopt};
}

}  // namespace

CommandTable disk_commands() {
  return {
      {"lsblk",
       list_blocks,
       {"manual: lsblk(8), util-linux 2.38; its layout held against the real one",
        "-d, -f, -J, -l, -n, -o, -p, -r, -s; volumes are NVMe disks, as on EC2 instances of a new "
        "generation, whatever the provider."}},
      {"blkid",
       block_ids,
       {"manual: blkid(8), util-linux 2.38", "-L, -U, -s, -t and -o; no cache."}},
      {"mkfs", make_filesystem, {kE2fs, kFormats}},
      {"mkfs.ext4", make_filesystem, {kE2fs, kFormats}},
      {"mke2fs", make_filesystem, {kE2fs, kFormats}},
      {"mkfs.xfs",
       make_filesystem,
       {"Assumption: machines of WME have no xfsprogs; its pages format with ext4",
        "It is never there."}},
  };
}

}  // namespace wme::simulators
