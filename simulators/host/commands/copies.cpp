#include "simulators/host/commands/copies.hpp"

#include "simulators/host/shell.hpp"
#include "simulators/host/site.hpp"

namespace wme::simulators {

namespace {

constexpr const char* kSetupFile = "/wm-runtime/conf/config-wizard/config/setup-env.json";

/// A copy that the disk or the network spoiled: other bytes under the same name.
FileNode damaged(FileNode node) {
  node.digests.clear();
  node.content += "\x01";
  return node;
}

int put(Invocation& call, const Transfer& what, FileNode node) {
  if (const auto refusal = call.machine.files.put(what.to, std::move(node))) {
    call.complain(call.args[0] + ": cannot create regular file '" + what.to + "': " + *refusal +
                  "\n");
    return 1;
  }
  if (what.moves) {
    const Filesystem::Place place = call.machine.files.locate(what.from);
    place.tree->erase(place.path);
  }
  call.site.file_changed(call.machine, what.to);
  return 0;
}

int put_tree(Invocation& call, const Transfer& what) {
  Filesystem& files = call.machine.files;
  const Filesystem::Place source = files.locate(what.from);
  call.site.tree_saved(call, what.from);
  for (const std::string& path : source.tree->below(source.path)) {
    const FileNode node = *source.tree->find(path);
    const Filesystem::Place to =
        files.locate(absolute_path(what.to, "." + path.substr(source.path.size())));
    if (node.directory)
      to.tree->make_directories(to.path);
    else
      to.tree->put(to.path, node);
  }
  if (what.moves) source.tree->erase(source.path);
  return 0;
}

/// Which action of the model this copy is; empty for an ordinary one.
std::string action_of(Invocation& call, const Transfer& what, const FileNode& node) {
  const HostSite& site = call.site;
  const std::string& store = site.inventory().backup_store;
  if (node.entity.starts_with("tar-")) {
    const bool to_store = what.to.starts_with(store + "/");
    const bool from_store = what.from.starts_with(store + "/");
    if (to_store && !from_store && !site.is_new(call.machine.name)) return "copy-archive";
    if (from_store && !to_store && site.is_new(call.machine.name)) return "fetch-archive";
  }
  const std::string installer = site.installer_directory(call.machine.name);
  if (name_of(what.from) == "wme-rotate.sh" && what.to == installer + "/wme-rotate.sh")
    return "copy-rotate-script";
  return "";
}

}  // namespace

CommandEnd transfer(Invocation& call, const Transfer& what) {
  const FileNode* source = call.machine.files.find(what.from);
  const std::string& name = call.args[0];
  if (source == nullptr)
    return call.fail(1, name + ": cannot stat '" + what.shown + "': No such file or directory\n");
  if (const auto refusal = write_refusal(what.to, call.frame))
    return call.fail(1,
                     name + ": cannot create regular file '" + what.to + "': " + *refusal + "\n");
  if (source->directory) {
    if (!what.deep)
      return call.fail(1, name + ": -r not specified; omitting directory '" + what.shown + "'\n");
    return {put_tree(call, what), std::nullopt};
  }
  const FileNode node = *source;
  const std::string action = action_of(call, what, node);
  if (action.empty()) return {put(call, what, node), std::nullopt};

  const std::string entity = action == "copy-rotate-script" ? call.machine.name : node.entity;
  const Reply reply = call.site.ask(call, action, {entity});
  // Copying again what is there already is an ordinary copy of the same bytes.
  if (!reply.accepted()) return {put(call, what, node), std::nullopt};
  return call.site.when_done(
      call, action, {entity}, [what, node, action, entity](Invocation& then) {
        const World& world = then.site.world();
        const bool failed =
            (action == "copy-archive" && world.is("archive", {entity}, "written")) ||
            (action == "fetch-archive" && world.is("fetched", {entity}, "no"));
        if (!failed) return put(then, what, node);
        put(then, what, damaged(node));
        then.complain(then.args[0] + ": error writing '" + what.to + "': Input/output error\n");
        return 1;
      });
}

void note_read(Invocation& call, const std::string& path) {
  if (path != kSetupFile || call.site.is_new(call.machine.name)) return;
  if (call.site.world().is("network_notes", {}, "no")) call.site.ask(call, "note-network", {});
}

}  // namespace wme::simulators
