#include "engine/image/exif.h"

#include "engine/image/text_encoding.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::uint32_t kExifFolderTag = 0x8769;
constexpr std::uint32_t kUserCommentTag = 0x9286;
constexpr std::size_t kEntryBytes = 12;
constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kCodeBytes = 8;  ///< character code in front of the comment
constexpr std::string_view kUnicode{"UNICODE\0", kCodeBytes};
constexpr std::string_view kAscii{"ASCII\0\0\0", kCodeBytes};
constexpr std::string_view kUndefined{"\0\0\0\0\0\0\0\0", kCodeBytes};
constexpr std::string_view kJapanese{"JIS\0\0\0\0\0", kCodeBytes};
constexpr std::string_view kExifMarker{"Exif\0\0", 6};

std::string_view asText(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// A TIFF file in memory: numbers by its byte order, and nothing outside of it.
struct Tiff {
  ByteSpan bytes;
  bool bigEndian = true;

  std::uint32_t number16(std::size_t at) const {
    return bigEndian ? bigEndian16(bytes, at) : littleEndian16(bytes, at);
  }
  std::uint32_t number32(std::size_t at) const {
    return bigEndian ? bigEndian32(bytes, at) : littleEndian32(bytes, at);
  }
};

std::optional<Tiff> openTiff(ByteSpan bytes) {
  if (bytes.size() < 8) return std::nullopt;
  const std::string_view order = asText(bytes.first(2));
  if (order != "MM" && order != "II") return std::nullopt;
  const Tiff tiff{bytes, order == "MM"};
  if (tiff.number16(2) != 42) return std::nullopt;
  return tiff;
}

/// Offset of the directory entry with `tag`, if the directory at `folder` has one that lies inside the data.
std::optional<std::size_t> findEntry(const Tiff& tiff, std::size_t folder, std::uint32_t tag) {
  if (folder > tiff.bytes.size() || tiff.bytes.size() - folder < 2) return std::nullopt;
  const std::size_t room = (tiff.bytes.size() - folder - 2) / kEntryBytes;
  const std::size_t count = std::min({std::size_t{tiff.number16(folder)}, room, kMostEntries});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = folder + 2 + i * kEntryBytes;
    if (tiff.number16(entry) == tag) return entry;
  }
  return std::nullopt;
}

/// Value of an entry whose elements are single bytes (BYTE, ASCII, UNDEFINED).
std::optional<ByteSpan> entryBytes(const Tiff& tiff, std::size_t entry) {
  const std::uint32_t type = tiff.number16(entry + 2);
  if (type != 1 && type != 2 && type != 7) return std::nullopt;
  const std::size_t count = tiff.number32(entry + 4);
  if (count <= 4) return tiff.bytes.subspan(entry + 8, count);
  const std::size_t offset = tiff.number32(entry + 8);
  if (offset > tiff.bytes.size() || count > tiff.bytes.size() - offset) return std::nullopt;
  return tiff.bytes.subspan(offset, count);
}

/// EXIF leaves the byte order open: a mark decides, else the side on which most high bytes are zero, else TIFF's own.
bool utf16IsBigEndian(ByteSpan text, bool tiffOrder) {
  std::ptrdiff_t balance = 0;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) balance += (text[at] == 0) - (text[at + 1] == 0);
  return balance == 0 ? tiffOrder : balance > 0;
}

std::string unicodeText(ByteSpan text, bool tiffOrder) {
  bool bigEndian = utf16IsBigEndian(text, tiffOrder);
  if (text.size() >= 2) {
    const std::uint32_t mark = bigEndian16(text, 0);
    if (mark == 0xFEFF || mark == 0xFFFE) {
      bigEndian = mark == 0xFEFF;
      text = text.subspan(2);
    }
  }
  std::string utf8 = utf8FromUtf16(text, bigEndian);
  return utf8.substr(0, utf8.find('\0'));
}

std::optional<std::string> commentText(ByteSpan value, bool tiffOrder) {
  const std::string_view all = asText(value);
  if (all.size() < kCodeBytes) return utf8FromUnknown(all);
  const std::string_view code = all.substr(0, kCodeBytes);
  if (code == kUnicode) return unicodeText(value.subspan(kCodeBytes), tiffOrder);
  if (code == kJapanese) return std::nullopt;
  if (code == kAscii || code == kUndefined) return utf8FromUnknown(all.substr(kCodeBytes));
  return utf8FromUnknown(all);
}

void append16(ByteVector& bytes, std::uint32_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

void append32(ByteVector& bytes, std::uint32_t value) {
  append16(bytes, value >> 16);
  append16(bytes, value & 0xFFFF);
}

void appendEntry(ByteVector& bytes, std::uint32_t tag, std::uint32_t type, std::size_t count, std::size_t value) {
  append16(bytes, tag);
  append16(bytes, type);
  append32(bytes, static_cast<std::uint32_t>(count));
  append32(bytes, static_cast<std::uint32_t>(value));
}

/// Big-endian TIFF: a directory that points at the EXIF directory, that with the one comment.
ByteVector exifWith(std::string_view code, ByteSpan text) {
  constexpr std::size_t kFirstFolder = 8;
  constexpr std::size_t kFolderBytes = 2 + kEntryBytes + 4;
  constexpr std::uint32_t kLong = 4;
  constexpr std::uint32_t kUndefinedType = 7;
  ByteVector bytes{'M', 'M', 0, 42};
  append32(bytes, kFirstFolder);
  append16(bytes, 1);
  appendEntry(bytes, kExifFolderTag, kLong, 1, kFirstFolder + kFolderBytes);
  append32(bytes, 0);
  append16(bytes, 1);
  appendEntry(bytes, kUserCommentTag, kUndefinedType, kCodeBytes + text.size(), kFirstFolder + 2 * kFolderBytes);
  append32(bytes, 0);
  bytes.insert(bytes.end(), code.begin(), code.end());
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

}  // namespace

std::optional<std::string> exifUserComment(ByteSpan bytes) {
  const std::optional<Tiff> tiff = openTiff(bytes);
  if (!tiff) return std::nullopt;
  const std::size_t first = tiff->number32(4);
  std::optional<std::size_t> comment;
  if (const auto pointer = findEntry(*tiff, first, kExifFolderTag)) {
    comment = findEntry(*tiff, tiff->number32(*pointer + 8), kUserCommentTag);
  }
  if (!comment) comment = findEntry(*tiff, first, kUserCommentTag);
  if (!comment) return std::nullopt;
  const std::optional<ByteSpan> value = entryBytes(*tiff, *comment);
  if (!value) return std::nullopt;
  return commentText(*value, tiff->bigEndian);
}

std::vector<PngText> exifTexts(ByteSpan bytes) {
  constexpr std::array<std::pair<std::uint32_t, const char*>, 5> kTexts{
      {{0x010E, "ImageDescription"}, {0x010F, "Make"}, {0x0110, "Model"}, {0x0131, "Software"}, {0x927C, "MakerNote"}}};
  std::vector<PngText> texts;
  const std::optional<Tiff> tiff = openTiff(bytes);
  if (!tiff) return texts;
  const std::size_t first = tiff->number32(4);
  const auto pointer = findEntry(*tiff, first, kExifFolderTag);
  for (const auto& [tag, name] : kTexts) {
    auto entry = findEntry(*tiff, first, tag);
    if (!entry && pointer) entry = findEntry(*tiff, tiff->number32(*pointer + 8), tag);
    const auto value = entry ? entryBytes(*tiff, *entry) : std::nullopt;
    if (!value) continue;
    std::string text = utf8FromUnknown(asText(*value));
    if (!text.empty()) texts.push_back({name, std::move(text)});
  }
  return texts;
}

ByteVector exifWithUserComment(const std::string& text) { return exifWith(kUnicode, utf16BigEndianFromUtf8(text)); }

ByteVector exifWithAsciiComment(const std::string& text) {
  return exifWith(kAscii, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

ByteSpan withoutExifMarker(ByteSpan bytes) {
  return asText(bytes.first(std::min(bytes.size(), kExifMarker.size()))) == kExifMarker
             ? bytes.subspan(kExifMarker.size())
             : bytes;
}

}  // namespace studio::engine
