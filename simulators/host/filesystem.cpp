#include "simulators/host/filesystem.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace wme::simulators {

namespace {

bool is_below(std::string_view path, std::string_view directory) {
  if (path == directory || directory == "/") return true;
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

std::string joined(std::string_view directory, std::string_view name) {
  return (directory == "/" ? std::string() : std::string(directory)) + "/" + std::string(name);
}

}  // namespace

FileTree::FileTree() {
  FileNode root;
  root.directory = true;
  nodes_.emplace("/", std::move(root));
}

const FileNode* FileTree::find(std::string_view path) const {
  const auto at = nodes_.find(path);
  return at == nodes_.end() ? nullptr : &at->second;
}

FileNode* FileTree::find(std::string_view path) {
  const auto at = nodes_.find(path);
  return at == nodes_.end() ? nullptr : &at->second;
}

FileNode& FileTree::write(std::string_view path, std::string content) {
  FileNode node;
  node.size = content.size();
  node.content = std::move(content);
  put(path, std::move(node));
  return *find(path);
}

void FileTree::make_directories(std::string_view path) {
  if (path.empty() || find(path) != nullptr) return;
  make_directories(parent_of(path));
  FileNode node;
  node.directory = true;
  nodes_.emplace(std::string(path), std::move(node));
}

void FileTree::put(std::string_view path, FileNode node) {
  make_directories(parent_of(path));
  nodes_.insert_or_assign(std::string(path), std::move(node));
}

void FileTree::erase(std::string_view path) {
  for (const std::string& victim : below(path))
    if (victim != "/") nodes_.erase(victim);
}

std::vector<std::string> FileTree::children(std::string_view path) const {
  std::vector<std::string> names;
  const std::string prefix = path == "/" ? "/" : std::string(path) + "/";
  for (auto at = nodes_.upper_bound(prefix); at != nodes_.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    const std::string rest = at->first.substr(prefix.size());
    if (rest.find('/') == std::string::npos) names.push_back(rest);
  }
  return names;
}

std::vector<std::string> FileTree::below(std::string_view path) const {
  std::vector<std::string> paths;
  for (const auto& [at, node] : nodes_)
    if (is_below(at, path)) paths.push_back(at);
  return paths;
}

std::uint64_t FileTree::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [path, node] : nodes_) sum += node.size;
  return sum;
}

Filesystem::Place Filesystem::locate(std::string_view absolute) {
  const MountEntry* best = nullptr;
  for (const MountEntry& mount : mounts) {
    // The later of two mounts at one place hides the earlier.
    if (is_below(absolute, mount.target) &&
        (best == nullptr || mount.target.size() >= best->target.size()))
      best = &mount;
  }
  if (best == nullptr) return {&root, std::string(absolute), nullptr};
  std::string inside(absolute.substr(best->target == "/" ? 0 : best->target.size()));
  return {&best->disk->tree, inside.empty() ? "/" : inside, best};
}

const FileNode* Filesystem::find(std::string_view absolute) {
  const Place place = locate(absolute);
  return place.tree->find(place.path);
}

bool Filesystem::is_directory(std::string_view absolute) {
  const FileNode* node = find(absolute);
  return node != nullptr && node->directory;
}

std::optional<std::string> Filesystem::write(std::string_view absolute, std::string content) {
  FileNode node;
  node.size = content.size();
  node.content = std::move(content);
  return put(absolute, std::move(node));
}

std::optional<std::string> Filesystem::put(std::string_view absolute, FileNode node) {
  const FileNode* old = find(absolute);
  if (old != nullptr && old->directory) return "Is a directory";
  if (!is_directory(parent_of(absolute))) return "No such file or directory";
  const Place place = locate(absolute);
  if (place.mount != nullptr && place.mount->read_only) return "Read-only file system";
  place.tree->put(place.path, std::move(node));
  return std::nullopt;
}

std::vector<std::string> Filesystem::children(std::string_view absolute) {
  const Place place = locate(absolute);
  const auto listed = place.tree->children(place.path);
  std::set<std::string> names(listed.begin(), listed.end());
  for (const MountEntry& mount : mounts)
    if (mount.target != "/" && parent_of(mount.target) == absolute)
      names.insert(name_of(mount.target));
  return {names.begin(), names.end()};
}

const MountEntry* Filesystem::mounted_at(std::string_view absolute) const {
  const MountEntry* last = nullptr;
  for (const MountEntry& mount : mounts)
    if (mount.target == absolute) last = &mount;
  return last;
}

const MountEntry* Filesystem::mount_of(const Disk& disk) const {
  for (const MountEntry& mount : mounts)
    if (mount.disk.get() == &disk) return &mount;
  return nullptr;
}

const Device* Filesystem::device(std::string_view name) const {
  if (name.starts_with("/dev/")) name.remove_prefix(5);
  for (const Device& device : devices)
    if (device.name == name) return &device;
  return nullptr;
}

std::string absolute_path(std::string_view directory, std::string_view path) {
  std::string whole = path.starts_with('/') ? std::string(path) : joined(directory, path);
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string part = whole.substr(at, end - at);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string result;
  for (const std::string& part : parts) result += "/" + part;
  return result.empty() ? "/" : result;
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

std::string name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string uuid_from(std::string_view text) {
  // FNV-1a twice, the second over the text backwards: unlike std::hash the same in each build.
  constexpr std::uint64_t kPrime = 1099511628211ULL;
  std::array<std::uint64_t, 2> halves = {14695981039346656037ULL, 14695981039346656037ULL};
  for (std::size_t i = 0; i < text.size(); ++i) {
    halves[0] = (halves[0] ^ static_cast<unsigned char>(text[i])) * kPrime;
    halves[1] = (halves[1] ^ static_cast<unsigned char>(text[text.size() - 1 - i])) * kPrime;
  }
  std::string hex;
  for (const std::uint64_t half : halves)
    for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(half >> shift) & 15U];
  hex[12] = '4';
  hex[16] = 'a';
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace wme::simulators
