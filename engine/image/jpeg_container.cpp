#include "engine/image/jpeg_container.h"

#include "engine/api/engine_error.h"
#include "engine/image/exif.h"
#include "engine/image/text_encoding.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::uint8_t kStartOfImage = 0xD8;
constexpr std::uint8_t kStartOfScan = 0xDA;
constexpr std::uint8_t kEndOfImage = 0xD9;
constexpr std::uint8_t kApp0 = 0xE0;
constexpr std::uint8_t kApp1 = 0xE1;
constexpr std::uint8_t kApp15 = 0xEF;
constexpr std::uint8_t kComment = 0xFE;
constexpr std::size_t kMostTexts = 32;
constexpr std::string_view kXmpMarker{"http://ns.adobe.com/xap/1.0/\0", 29};
constexpr std::size_t kLongestPayload = 65533;
constexpr std::size_t kMostSegments = 4096;
constexpr std::size_t kMostFill = 1024;
constexpr std::string_view kExifMarker{"Exif\0\0", 6};

/// One segment with a length: marker byte, and where its payload lies.
struct Segment {
  std::uint8_t marker = 0;
  std::uint64_t start = 0;  ///< of the 0xFF
  std::uint64_t payload = 0;
  std::size_t length = 0;
};

/// The segment at `offset`; nothing at the end, at the pixels and in broken data. 0xFF may be repeated as filling.
std::optional<Segment> segmentAt(const ByteSource& source, std::uint64_t offset) {
  std::array<std::uint8_t, 4> head{};
  for (std::size_t fill = 0; fill < kMostFill; ++fill, ++offset) {
    if (source.read(offset, head) < 2 || head[0] != 0xFF) return std::nullopt;
    if (head[1] != 0xFF) break;
  }
  const std::uint8_t marker = head[1];
  if (marker == 0 || marker == 0xFF || marker == kStartOfScan || marker == kEndOfImage) return std::nullopt;
  if (marker == 1 || (marker >= 0xD0 && marker <= 0xD7)) return Segment{marker, offset, offset + 2, 0};
  if (source.read(offset, head) != head.size()) return std::nullopt;
  const std::uint32_t length = bigEndian16(head, 2);
  if (length < 2 || offset + 2 + length > source.size()) return std::nullopt;
  return Segment{marker, offset, offset + 4, length - 2};
}

/// Start-of-frame markers hold the size; C4, C8 and CC in their range are something else.
bool isFrame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

std::optional<PixelSize> frameSize(const ByteSource& source, const Segment& segment) {
  const ByteVector bytes = source.readVector(segment.payload, std::min<std::size_t>(segment.length, 5));
  if (bytes.size() < 5) return std::nullopt;
  return PixelSize{static_cast<int>(bigEndian16(bytes, 3)), static_cast<int>(bigEndian16(bytes, 1))};
}

std::string_view asText(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

/// Takes the texts out of an APP1 or comment segment.
void addTexts(const ByteSource& source, const Segment& segment, JpegDescription& description) {
  if (description.texts.size() >= kMostTexts) return;
  const ByteVector bytes = source.readVector(segment.payload, segment.length);
  if (segment.marker == kComment) {
    description.texts.push_back({"Comment", utf8FromUnknown(asText(bytes))});
  } else if (asText(bytes).starts_with(kXmpMarker)) {
    description.texts.push_back({"XML:com.adobe.xmp", utf8FromUnknown(asText(bytes).substr(kXmpMarker.size()))});
  } else if (const ByteSpan tiff = withoutExifMarker(bytes); tiff.size() != bytes.size()) {
    if (!description.comment) description.comment = exifUserComment(tiff);
    for (PngText& text : exifTexts(tiff)) description.texts.push_back(std::move(text));
  }
}

ByteVector exifSegment(ByteSpan exif) {
  const std::size_t length = 2 + kExifMarker.size() + exif.size();
  ByteVector segment{0xFF, kApp1, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  segment.insert(segment.end(), kExifMarker.begin(), kExifMarker.end());
  segment.insert(segment.end(), exif.begin(), exif.end());
  return segment;
}

}  // namespace

bool hasJpegSignature(ByteSpan start) {
  return start.size() >= 3 && start[0] == 0xFF && start[1] == kStartOfImage && start[2] == 0xFF;
}

JpegDescription scanJpeg(const ByteSource& source) {
  std::optional<PixelSize> size;
  JpegDescription description;
  std::uint64_t offset = 2;
  for (std::size_t count = 0; count < kMostSegments; ++count) {
    const std::optional<Segment> segment = segmentAt(source, offset);
    if (!segment) break;
    if (isFrame(segment->marker) && !size) size = frameSize(source, *segment);
    if (segment->marker == kApp1 || segment->marker == kComment) addTexts(source, *segment, description);
    offset = segment->payload + segment->length;
  }
  if (!size || size->width <= 0 || size->height <= 0) {
    throw EngineException(ErrorKind::BadFile, "The JPEG file is broken: it names no picture size.", "");
  }
  description.size = *size;
  return description;
}

std::optional<ByteVector> withExif(ByteSpan jpeg, ByteSpan exif) {
  if (exif.size() + kExifMarker.size() > kLongestPayload || !hasJpegSignature(jpeg)) return std::nullopt;
  const MemorySource source(jpeg);
  const auto piece = [&](std::uint64_t from, std::uint64_t to) {
    return jpeg.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
  };
  ByteVector head{0xFF, kStartOfImage};  // JFIF's own segment stays in front, as readers expect
  ByteVector tail;
  std::uint64_t offset = 2;
  for (std::size_t count = 0; count < kMostSegments; ++count) {
    const std::optional<Segment> segment = segmentAt(source, offset);
    if (!segment) break;
    const std::uint64_t end = segment->payload + segment->length;
    const ByteSpan bytes = piece(segment->start, end);
    const bool application = segment->marker > kApp0 && segment->marker <= kApp15;
    ByteVector& into = segment->marker == kApp0 ? head : tail;
    if (!application) into.insert(into.end(), bytes.begin(), bytes.end());
    offset = end;
  }
  const ByteVector segment = exifSegment(exif);
  const ByteSpan rest = piece(offset, jpeg.size());
  head.insert(head.end(), segment.begin(), segment.end());
  head.insert(head.end(), tail.begin(), tail.end());
  head.insert(head.end(), rest.begin(), rest.end());
  return head;
}

}  // namespace studio::engine
