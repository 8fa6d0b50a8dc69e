#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The files of one simulated Linux machine: as much of a filesystem as the procedures of WME
/// touch.
namespace wme::simulators {

struct FileNode {
  bool directory = false;
  std::string content;
  std::uint64_t size = 0;  ///< what `ls` and `df` show; a stand-in for 10 GB has a short content
  /// The checksums that the inventory states for a file whose real content we do not have.
  std::map<std::string, std::string> digests;
  std::string entity;  ///< "package", "tar-wm-data": follows the bytes through cp, mv and tar
};

/// Normalised absolute paths ("/", "/volumes/x") to nodes; parents always exist.
class FileTree {
 public:
  FileTree();
  const FileNode* find(std::string_view path) const;
  FileNode* find(std::string_view path);
  /// Creates or truncates a file, with the directories above it.
  FileNode& write(std::string_view path, std::string content);
  void make_directories(std::string_view path);
  void put(std::string_view path, FileNode node);
  void erase(std::string_view path);                               ///< with everything below
  std::vector<std::string> children(std::string_view path) const;  ///< names, sorted
  /// Every path at or below `path`.
  std::vector<std::string> below(std::string_view path) const;
  std::uint64_t bytes() const;
  bool empty() const { return nodes_.size() == 1; }
  const std::map<std::string, FileNode, std::less<>>& nodes() const { return nodes_; }

 private:
  std::map<std::string, FileNode, std::less<>> nodes_;
};

/// What a disk holds; it moves with the volume from machine to machine.
struct Disk {
  std::string entity;  ///< "wm-data-new", "data studio-1": what it is, for the model
  int size_gb = 0;
  std::string fstype;  ///< empty: no signature
  std::string uuid;
  std::string label;
  FileTree tree;
};

struct Device {
  std::string name;    ///< "nvme1n1", below /dev
  std::string serial;  ///< the volume's id where the provider shows it
  std::shared_ptr<Disk> disk;
};

struct MountEntry {
  std::string source;  ///< "/dev/nvme1n1"
  std::string target;  ///< "/wm-data"
  std::shared_ptr<Disk> disk;
  bool read_only = false;
};

/// A root disk, the devices that are attached now, and what is mounted where.
class Filesystem {
 public:
  struct Place {
    FileTree* tree = nullptr;
    std::string path;  ///< inside the tree
    const MountEntry* mount = nullptr;
  };

  Place locate(std::string_view absolute);
  const FileNode* find(std::string_view absolute);
  bool is_directory(std::string_view absolute);
  /// Errors are the kernel's words: "No such file or directory", "Is a directory", ...
  std::optional<std::string> write(std::string_view absolute, std::string content);
  std::optional<std::string> put(std::string_view absolute, FileNode node);
  std::vector<std::string> children(std::string_view absolute);  ///< with mount points
  const MountEntry* mounted_at(std::string_view absolute) const;
  const MountEntry* mount_of(const Disk& disk) const;
  const Device* device(std::string_view name) const;  ///< with or without /dev/

  FileTree root;
  std::vector<Device> devices;
  std::vector<MountEntry> mounts;
};

/// "/a/b" from "b", "./b" or "../a/b" seen from /a.
std::string absolute_path(std::string_view directory, std::string_view path);
std::string parent_of(std::string_view path);
std::string name_of(std::string_view path);
/// A UUID that is always the same for the same text.
std::string uuid_from(std::string_view text);

}  // namespace wme::simulators
