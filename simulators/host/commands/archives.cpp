#include "simulators/host/commands/archives.hpp"

#include <algorithm>
#include <sstream>

#include "simulators/host/checksum.hpp"
#include "simulators/host/commands/command.hpp"
#include "simulators/host/machine_image.hpp"
#include "simulators/host/shell.hpp"
#include "simulators/host/site.hpp"
#include "simulators/host/tarball.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kChecks =
    "A check of an archive or package of the plan is the model's action; large files are not kept "
    "byte for byte, only their sizes and checksums.";
constexpr const char* kDownloads =
    "Only the artefacts of the inventory, and their .sha1 and .sha256, are to be had; one that the "
    "plan asks for takes the model's time in the background.";

int put_members(Invocation& call, const std::vector<TarMember>& members,
                const std::string& directory, bool verbose) {
  Filesystem& files = call.machine.files;
  for (const TarMember& member : members) {
    const auto place = files.locate(absolute_path(directory, member.name));
    if (verbose) call.print(member.name + (member.node.directory ? "/\n" : "\n"));
    if (member.node.directory)
      place.tree->make_directories(place.path);
    else
      place.tree->put(place.path, member.node);
  }
  return 0;
}

CommandEnd extract(Invocation& call, const FileNode& archive, const std::string& shown,
                   const std::string& directory, bool verbose) {
  if (!call.machine.files.is_directory(directory))
    return call.fail(2, "tar: " + directory +
                            ": Cannot open: No such file or directory\ntar: Error is not "
                            "recoverable: exiting now\n");
  const auto members = unpack(archive.content);
  if (!members)
    return call.fail(2, "tar: " + shown +
                            ": Skipping to next header\ntar: Exiting with failure status due to "
                            "previous errors\n");
  HostSite& site = call.site;
  const std::string entity = archive.entity;
  const bool tree = entity.starts_with("tar-");
  const std::string action = tree ? "unpack-archive" : "extract-artefact";
  if (entity.empty() || !site.is_new(call.machine.name))
    return {put_members(call, *members, directory, verbose), std::nullopt};
  const Reply reply = site.ask(call, action, {entity});
  // Extracting once more what is there already changes nothing for the model.
  if (!reply.accepted() && !tree)
    return {put_members(call, *members, directory, verbose), std::nullopt};
  if (!reply.accepted())
    return call.fail(2, "tar: " + shown + ": " + reply.refusals.front() + "\n");
  return site.when_done(
      call, action, {entity},
      [members = *members, directory, verbose, tree, entity](Invocation& then) {
        const World& world = then.site.world();
        const bool done = tree ? world.is("unpacked", {entity}, "yes")
                               : !then.site.possible("extract-artefact", {entity}) ||
                                     world.is("artefact", {entity}, "extracted");
        if (!done) {
          then.complain(
              "tar: Unexpected EOF in archive\ntar: Error is not recoverable: exiting now\n");
          return 2;
        }
        return put_members(then, members, directory, verbose);
      });
}

/// Which archive of the model a new tarball of this tree is; empty for any other tarball.
std::string archive_entity(const HostSite& site, const Machine& machine,
                           const std::vector<std::string>& trees) {
  if (site.is_new(machine.name) || !site.is_platform(machine.name)) return "";
  if (trees == std::vector<std::string>{"/wm-data"}) return site.archive_of("wm-data");
  if (trees == std::vector<std::string>{"/wm-runtime"}) return site.archive_of("wm-runtime");
  return "";
}

/// Writes `to` from the trees as they are now; the model's outcome decides whether it succeeds.
CommandEnd create(Invocation& call, const std::vector<std::string>& trees, const std::string& base,
                  const std::string& to) {
  HostSite& site = call.site;
  std::vector<TarMember> members;
  for (const std::string& tree : trees) {
    if (call.machine.files.find(tree) == nullptr)
      return call.fail(2, "tar: " + tree + ": Cannot stat: No such file or directory\n");
    for (TarMember& member : members_of(call.machine.files, tree, base))
      if (absolute_path(base, member.name) != to) members.push_back(std::move(member));
  }
  FileNode node;
  node.entity = archive_entity(site, call.machine, trees);
  node.content = pack(members);
  node.size = node.content.size();
  const auto write = [to, node](Invocation& then) {
    if (const auto refusal = then.machine.files.put(to, node)) {
      then.complain("tar: " + to + ": Cannot open: " + *refusal + "\n");
      return 2;
    }
    return 0;
  };
  if (node.entity.empty()) {
    for (const std::string& tree : trees) site.tree_saved(call, tree);
    return {write(call), std::nullopt};
  }
  const Reply reply = site.ask(call, "write-archive", {node.entity});
  if (!reply.accepted()) return call.fail(2, "tar: " + to + ": " + reply.refusals.front() + "\n");
  const std::string entity = node.entity;
  return site.when_done(call, "write-archive", {entity}, [write, entity, to](Invocation& then) {
    if (!then.site.world().is("archive", {entity}, "absent")) return write(then);
    then.complain("tar: " + to +
                  ": Wrote only 4096 of 10240 bytes\ntar: Error is not recoverable: exiting now\n");
    return 2;
  });
}

CommandEnd tar(Invocation& call) {
  std::vector<std::string> args = call.args;
  if (args.size() > 1 && !args[1].starts_with("-")) args[1] = "-" + args[1];
  const auto parsed = parse_options(args, "fC", {"--directory", "--file", "--exclude"});
  std::string directory = parsed.value("-C") + parsed.value("--directory");
  directory = directory.empty() ? call.frame.scope->directory : call.path(directory);
  const std::string shown = parsed.value("-f") + parsed.value("--file");
  if (shown.empty()) return call.fail(2, "tar: Refusing to read archive contents from terminal\n");
  const std::string path = call.path(shown);
  if (parsed.has("-c")) {
    if (parsed.operands.empty())
      return call.fail(2, "tar: Cowardly refusing to create an empty archive\n");
    std::vector<std::string> trees;
    for (const std::string& operand : parsed.operands)
      trees.push_back(absolute_path(directory, operand));
    return create(call, trees, parsed.operands[0].starts_with("/") ? "/" : directory, path);
  }
  const FileNode* archive = call.machine.files.find(path);
  if (archive == nullptr)
    return call.fail(2, "tar: " + shown +
                            ": Cannot open: No such file or directory\ntar: Error is not "
                            "recoverable: exiting now\n");
  if (parsed.has("-t")) {
    const auto members = unpack(archive->content);
    if (!members) return call.fail(2, "tar: This does not look like a tar archive\n");
    for (const TarMember& member : *members) call.print(member.name + "\n");
    return {};
  }
  if (!parsed.has("-x"))
    return call.fail(2, "tar: You must specify one of the '-Acdtrux' options\n");
  return extract(call, *archive, shown, directory, parsed.has("-v"));
}

/// A check of a copied archive or of the package is an action of the model; what the world says
/// about its outcome shows in the bytes.
bool passes(Invocation& call, const std::string& path, bool matches) {
  HostSite& site = call.site;
  const FileNode* file = call.machine.files.find(path);
  const std::string entity = file == nullptr ? "" : file->entity;
  const bool in_store = path.starts_with(site.inventory().backup_store + "/");
  if (entity.starts_with("tar-") && in_store && matches && !site.is_new(call.machine.name)) {
    if (!site.ask(call, "verify-archive", {entity}).accepted()) return matches;
    if (!site.world().is("archive", {entity}, "damaged")) return matches;
  } else if (site.possible("verify-artefact", {entity}) && matches) {
    if (!site.ask(call, "verify-artefact", {entity}).accepted()) return matches;
    if (!site.world().is("artefact", {entity}, "absent")) return matches;
  } else {
    return matches;
  }
  FileNode damaged = *file;
  damaged.digests.clear();
  damaged.content += "\x01";
  call.machine.files.put(path, std::move(damaged));
  return false;
}

CommandEnd checksum(Invocation& call) {
  const std::string algorithm = call.args[0].substr(0, call.args[0].size() - 3);
  const auto parsed = parse_options(call.args, "");
  if (!parsed.has("-c") && !parsed.has("--check")) {
    for (const std::string& operand : parsed.operands) {
      const FileNode* file = call.machine.files.find(call.path(operand));
      if (file == nullptr || file->directory)
        return call.fail(1, call.args[0] + ": " + operand + ": No such file or directory\n");
      call.print(digest(algorithm, *file) + "  " + operand + "\n");
    }
    return {};
  }
  // A check must be over before its answer is printed.
  call.frame.may_wait = false;
  std::string list;
  if (parsed.operands.empty()) list = call.frame.in->rest();
  for (const std::string& operand : parsed.operands) {
    const FileNode* file = call.machine.files.find(call.path(operand));
    if (file == nullptr)
      return call.fail(1, call.args[0] + ": " + operand + ": No such file or directory\n");
    list += file->content;
  }
  int failed = 0;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string sum;
    std::string name;
    words >> sum >> name;
    if (name.starts_with('*')) name.erase(0, 1);
    const std::string path = call.path(name);
    const FileNode* file = call.machine.files.find(path);
    if (file == nullptr) {
      call.complain(call.args[0] + ": " + name + ": No such file or directory\n");
      call.print(name + ": FAILED open or read\n");
      ++failed;
      continue;
    }
    const bool good = passes(call, path, digest(algorithm, *file) == sum);
    call.print(name + (good ? ": OK\n" : ": FAILED\n"));
    if (!good) ++failed;
  }
  if (failed > 0)
    call.complain(call.args[0] + ": WARNING: " + std::to_string(failed) + " computed checksum" +
                  (failed == 1 ? "" : "s") + " did NOT match\n");
  return {failed > 0 ? 1 : 0, std::nullopt};
}

/// The artefact of the inventory that this URL names; empty if it is none, "sum" for a checksum.
std::string artefact_at(const model::Inventory& inventory, const std::string& url) {
  if (url == inventory.package.url) return "package";
  if (url == inventory.migrations.url) return "migrations";
  if (url == inventory.rotation.url) return "rotation";
  return "";
}

FileNode artefact_file(const model::Inventory& inventory, const std::string& entity) {
  const model::Artefact& artefact = entity == "package"      ? inventory.package
                                    : entity == "migrations" ? inventory.migrations
                                                             : inventory.rotation;
  FileNode node;
  node.entity = entity;
  node.content = artefact_content(entity);
  node.size = artefact_bytes(entity);
  node.digests = {{"sha1", artefact.sha1}, {"sha256", artefact.sha256}};
  return node;
}

CommandEnd download(Invocation& call) {
  const bool curl = call.args[0] == "curl";
  const auto parsed =
      parse_options(call.args, curl ? "o" : "OP", {"--output", "--tries", "--timeout"});
  if (parsed.operands.empty()) return call.fail(1, "wget: missing URL\n");
  const std::string url = parsed.operands[0];
  const std::string name =
      parsed.has("-o") || parsed.has("-O") ? parsed.value("-o") + parsed.value("-O") : name_of(url);
  const std::string path =
      absolute_path(call.path(parsed.value("-P")), name.empty() ? "index.html" : name);
  HostSite& site = call.site;
  const model::Inventory& inventory = site.inventory();
  const auto save = [path, curl](Invocation& then, FileNode node) {
    if (const auto refusal = then.machine.files.put(path, std::move(node))) {
      then.complain((curl ? "curl: (23) " : "") + path + ": " + *refusal + "\n");
      return curl ? 23 : 3;
    }
    return 0;
  };
  for (const std::string ending : {".sha1", ".sha256"}) {
    if (!url.ends_with(ending)) continue;
    const std::string entity = artefact_at(inventory, url.substr(0, url.size() - ending.size()));
    if (entity.empty()) break;
    FileNode node;
    node.content = digest(ending.substr(1), artefact_file(inventory, entity)) + "  " +
                   name_of(url.substr(0, url.size() - ending.size())) + "\n";
    node.size = node.content.size();
    return {save(call, std::move(node)), std::nullopt};
  }
  const std::string entity = artefact_at(inventory, url);
  if (entity.empty())
    return call.fail(curl ? 6 : 4, (curl ? "curl: (6) Could not resolve host: "
                                         : "wget: unable to resolve host address: ") +
                                       url + "\n");
  const FileNode node = artefact_file(inventory, entity);
  const auto progress = [url, node](Invocation& then) {
    then.complain("--2024-06-01 10:00:00--  " + url +
                  "\nHTTP request sent, awaiting response... 200 OK\nLength: " +
                  std::to_string(node.size) + "\n");
  };
  if (!site.is_new(call.machine.name)) return {save(call, node), std::nullopt};
  const Reply reply = site.ask(call, "download-artefact", {entity});
  // Fetching once more what is there already costs time only.
  if (!reply.accepted()) return {save(call, node), std::nullopt};
  return site.when_done(
      call, "download-artefact", {entity}, [save, node, entity, progress, curl](Invocation& then) {
        progress(then);
        const bool lost = then.site.possible("download-artefact", {entity}) &&
                          then.site.world().is("artefact", {entity}, "absent");
        if (!lost) return save(then, node);
        then.complain(curl ? "curl: (56) Recv failure: Connection reset by peer\n"
                           : "Read error at byte 4096 (Connection reset by peer). Giving up.\n");
        return curl ? 56 : 4;
      });
}

}  // namespace

CommandEnd write_archive(Invocation& call, const std::string& tree, const std::string& to) {
  return create(call, {tree}, "/", to);
}

CommandEnd extract_archive(Invocation& call, const std::string& archive,
                           const std::string& directory) {
  const FileNode* file = call.machine.files.find(archive);
  if (file == nullptr)
    return call.fail(2, "tar: " + archive + ": Cannot open: No such file or directory\n");
  return extract(call, *file, archive, directory, true);
}

CommandTable archive_commands() {
  return {
      {"tar",
       tar,
       {"manual: tar(1), GNU tar 1.34",
        "-c, -t, -x with -f, -C, -v; what it reads and writes are real tar archives, of small "
        "files. No compression, no exclusion."}},
      {"sha1sum", checksum, {"manual: coreutils 8.32", kChecks}},
      {"sha256sum", checksum, {"manual: coreutils 8.32", kChecks}},
      {"wget", download, {"manual: wget(1)", kDownloads}},
      {"curl", download, {"manual: curl(1)", kDownloads}},
  };
}

}  // namespace wme::simulators
