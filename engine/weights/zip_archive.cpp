#include "engine/weights/zip_archive.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::uint64_t kEndBytes = 22, kEnd64Bytes = 56, kLocatorBytes = 20, kCentralBytes = 46, kLocalBytes = 30;
constexpr std::uint64_t kLongestComment = 65'535;
constexpr std::uint64_t kLargestDirectory = 64 << 20;
constexpr std::uint64_t kMostEntries = 500'000;
constexpr std::uint32_t kAskZip64 = 0xFFFFFFFF;

[[noreturn]] void refuseZip(const std::string& message, const std::string& detail = {}) {
  throw EngineException(ErrorKind::BadFile, message, detail.substr(0, 200));
}

/// Little-endian number of `count` bytes; the place must lie inside.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  if (count > bytes.size() || at > bytes.size() - count) refuseZip("The file's zip directory is damaged.");
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Directory {
  std::uint64_t offset = 0, bytes = 0, entries = 0;
};

/// The zip64 record that stands before the plain end record and holds what does not fit there.
void readEnd64(const RandomAccessFile& file, std::uint64_t endAt, Directory& directory) {
  if (endAt < kLocatorBytes) return;
  const std::string locator = file.readText(endAt - kLocatorBytes, kLocatorBytes);
  if (!locator.starts_with("PK\6\7")) return;
  const std::uint64_t at = number(locator, 8, 8);
  if (at > endAt || endAt - at < kEnd64Bytes) refuseZip("The file's zip directory is damaged.");
  const std::string end = file.readText(at, kEnd64Bytes);
  if (!end.starts_with("PK\6\6")) refuseZip("The file's zip directory is damaged.");
  directory = {number(end, 48, 8), number(end, 40, 8), number(end, 32, 8)};
}

Directory findDirectory(const RandomAccessFile& file) {
  const std::uint64_t tailBytes = std::min(file.bytes(), kEndBytes + kLongestComment);
  const std::string tail = file.readText(file.bytes() - tailBytes, tailBytes);
  const std::size_t end = tail.rfind("PK\5\6");
  if (end == std::string::npos || tail.size() - end < kEndBytes)
    refuseZip("The file is a zip archive without its directory; it may be truncated.", utf8FromPath(file.path()));
  Directory directory{number(tail, end + 16, 4), number(tail, end + 12, 4), number(tail, end + 10, 2)};
  const std::uint64_t endAt = file.bytes() - tailBytes + end;
  readEnd64(file, endAt, directory);
  if (directory.offset > endAt || directory.bytes > endAt - directory.offset || directory.bytes > kLargestDirectory ||
      directory.entries > kMostEntries || directory.entries > directory.bytes / kCentralBytes)
    refuseZip("The file's zip directory is damaged.", utf8FromPath(file.path()));
  return directory;
}

struct CentralEntry {
  std::string name;
  std::uint64_t header = 0;  ///< offset of the local header
  std::uint64_t bytes = 0;
};

/// Replaces sizes and offset that are marked as too large by those of the zip64 field. `packed` comes along.
void readExtra64(std::string_view extra, CentralEntry& entry, std::uint64_t& packed) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const std::uint64_t kind = number(extra, at, 2), size = number(extra, at + 2, 2);
    if (size > extra.size() - at - 4) refuseZip("The file's zip directory is damaged.", entry.name);
    if (kind == 1) {
      const std::string_view field = extra.substr(at + 4, size);
      std::size_t place = 0;
      for (std::uint64_t* value : {&entry.bytes, &packed, &entry.header}) {
        if (*value != kAskZip64) continue;
        *value = number(field, place, 8);
        place += 8;
      }
    }
    at += 4 + size;
  }
}

/// Reads one entry of the directory and moves `at` behind it.
CentralEntry readCentralEntry(std::string_view directory, std::size_t& at) {
  if (number(directory, at, 4) != 0x02014b50) refuseZip("The file's zip directory is damaged.");
  const std::uint64_t flags = number(directory, at + 8, 2), method = number(directory, at + 10, 2);
  const std::uint64_t nameBytes = number(directory, at + 28, 2), extraBytes = number(directory, at + 30, 2);
  const std::uint64_t commentBytes = number(directory, at + 32, 2);
  if (kCentralBytes + nameBytes + extraBytes + commentBytes > directory.size() - at)
    refuseZip("The file's zip directory is damaged.");
  CentralEntry entry{std::string(directory.substr(at + kCentralBytes, nameBytes)), number(directory, at + 42, 4),
                     number(directory, at + 24, 4)};
  std::uint64_t packed = number(directory, at + 20, 4);
  readExtra64(directory.substr(at + kCentralBytes + nameBytes, extraBytes), entry, packed);
  if ((flags & 1) != 0) refuseZip("The archive is encrypted.", entry.name);
  if (method != 0 || packed != entry.bytes)
    refuseZip("The archive is compressed; model files are stored uncompressed.", entry.name);
  at += kCentralBytes + nameBytes + extraBytes + commentBytes;
  return entry;
}

/// Where the data begins: behind the local header, whose name must agree with the directory's.
std::uint64_t dataOffset(const RandomAccessFile& file, const CentralEntry& entry, std::uint64_t limit) {
  const std::uint64_t room = kLocalBytes + entry.name.size();
  if (entry.header > limit || limit - entry.header < room) refuseZip("An entry lies outside the archive.", entry.name);
  const std::string local = file.readText(entry.header, room);
  if (number(local, 0, 4) != 0x04034b50 || number(local, 26, 2) != entry.name.size() ||
      local.compare(kLocalBytes, std::string::npos, entry.name) != 0)
    refuseZip("The archive's directory does not agree with its entries.", entry.name);
  const std::uint64_t offset = entry.header + room + number(local, 28, 2);
  if (offset > limit || entry.bytes > limit - offset) refuseZip("An entry lies outside the archive.", entry.name);
  return offset;
}

void checkZipOverlaps(std::vector<std::pair<std::uint64_t, std::uint64_t>> extents) {
  std::sort(extents.begin(), extents.end());
  for (std::size_t i = 1; i < extents.size(); ++i) {
    if (extents[i - 1].second > extents[i].first) refuseZip("Entries of the archive overlap.");
  }
}

}  // namespace

ZipArchive readZipArchive(const RandomAccessFile& file) {
  const Directory place = findDirectory(file);
  const std::string directory = file.readText(place.offset, place.bytes);
  ZipArchive archive;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < place.entries; ++i) {
    CentralEntry entry = readCentralEntry(directory, at);
    const std::uint64_t offset = dataOffset(file, entry, place.offset);
    extents.emplace_back(entry.header, offset + entry.bytes);
    if (!archive.entries.emplace(entry.name, ZipArchive::Entry{offset, entry.bytes}).second)
      refuseZip("The archive names an entry twice.", entry.name);
  }
  checkZipOverlaps(std::move(extents));
  return archive;
}

}  // namespace studio::engine
