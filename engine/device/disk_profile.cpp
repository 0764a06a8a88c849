#include "engine/device/disk_profile.h"

#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <system_error>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestTable = 4 << 20, kMostMounts = 20'000;

/// The kernel writes blanks and backslashes in names as three octal digits behind a backslash.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto isDigit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '7'; };
    if (text[i] == '\\' && isDigit(i + 1) && isDigit(i + 2) && isDigit(i + 3)) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::optional<Mount> mountFrom(const std::string& line) {
  std::istringstream words(line);
  std::string id, parent, above, options, word;
  Mount mount;
  if (!(words >> id >> parent >> mount.number >> above >> mount.point >> options)) return std::nullopt;
  while (words >> word && word != "-") {
  }
  if (word != "-" || !(words >> mount.fileSystem >> mount.source)) return std::nullopt;
  mount.point = unescaped(mount.point);
  mount.source = unescaped(mount.source);
  return mount;
}

bool isBelow(const std::string& path, const std::string& point) {
  if (point == "/") return path.starts_with("/");
  return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

bool isRemote(const std::string& fileSystem) {
  static constexpr std::array<std::string_view, 8> kRemote{"nfs", "nfs4", "cifs",     "smb3",
                                                           "9p",  "ceph", "virtiofs", "afs"};
  return fileSystem.starts_with("fuse.") || std::find(kRemote.begin(), kRemote.end(), fileSystem) != kRemote.end();
}

/// Disks of virtual machines say that they turn, whatever lies behind them.
bool isVirtual(const fs::path& disk) {
  const std::string name = disk.filename().string();
  return name.starts_with("vd") || name.starts_with("xvd");
}

/// Whether the disk turns. A partition asks the disk that it is part of.
std::optional<bool> rotates(const fs::path& device) {
  std::error_code unknown;
  const fs::path folder = fs::canonical(device, unknown);
  if (unknown) return std::nullopt;
  for (const fs::path& disk : {folder, folder.parent_path()}) {
    const auto number = numberOf(disk / "queue/rotational");
    if (number && !isVirtual(disk)) return *number != 0;
  }
  return std::nullopt;
}

std::optional<bool> rotates(const Mount& mount, const fs::path& root) {
  const auto byNumber = rotates(root / "sys/dev/block" / mount.number);
  if (byNumber || !mount.source.starts_with("/dev/")) return byNumber;
  return rotates(root / "sys/class/block" / fs::path(mount.source).filename());
}

}  // namespace

std::vector<Mount> mountsFrom(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  std::istringstream text{std::string(mountinfo)};
  for (std::string line; mounts.size() < kMostMounts && std::getline(text, line);) {
    if (auto mount = mountFrom(line)) mounts.push_back(std::move(*mount));
  }
  return mounts;
}

DiskProfile diskProfile(const fs::path& folder, const HardwareSource& source) {
  DiskProfile disk{.folder = folder};
  std::error_code unknown;
  const fs::path real = fs::weakly_canonical(folder, unknown);
  const std::string path = (unknown ? folder.lexically_normal() : real).string();
  if (const auto space = source.space(folder)) {
    disk.total = space->total;
    disk.free = space->free;
  }
  const std::vector<Mount> mounts = mountsFrom(textOf(source.root / "proc/self/mountinfo", kLongestTable));
  const Mount* nearest = nullptr;
  for (const Mount& mount : mounts) {  // of two at one point the later one is on top
    if (isBelow(path, mount.point) && (nearest == nullptr || mount.point.size() >= nearest->point.size()))
      nearest = &mount;
  }
  if (nearest == nullptr) return disk;
  disk.mountPoint = nearest->point;
  disk.fileSystem = nearest->fileSystem;
  disk.isRemote = isRemote(nearest->fileSystem);
  if (!disk.isRemote) disk.rotates = rotates(*nearest, source.root);
  return disk;
}

}  // namespace studio::engine
