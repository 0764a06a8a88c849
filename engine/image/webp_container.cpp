#include "engine/image/webp_container.h"

#include "engine/api/engine_error.h"
#include "engine/image/exif.h"
#include "engine/image/text_encoding.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::size_t kRiffHeader = 12;
constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kMostChunks = 65536;
constexpr std::size_t kMostExif = 16U << 20;
constexpr std::uint8_t kExifFlag = 0x08;
constexpr std::uint8_t kAlphaFlag = 0x10;

struct Chunk {
  std::string name;
  std::uint64_t data = 0;
  std::uint32_t length = 0;
};

std::string_view asText(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::vector<Chunk> chunksOf(const ByteSource& source) {
  std::vector<Chunk> chunks;
  std::uint64_t offset = kRiffHeader;
  std::array<std::uint8_t, kChunkHeader> head{};
  while (chunks.size() < kMostChunks && source.read(offset, head) == head.size()) {
    const Chunk chunk{std::string(asText(ByteSpan(head).first(4))), offset + kChunkHeader, littleEndian32(head, 4)};
    if (chunk.length > source.size() - chunk.data) break;
    chunks.push_back(chunk);
    offset = chunk.data + chunk.length + chunk.length % 2;
  }
  return chunks;
}

std::uint32_t littleEndian24(ByteSpan bytes, std::size_t at) {
  return littleEndian16(bytes, at) | static_cast<std::uint32_t>(bytes[at + 2]) << 16;
}

struct Frame {
  PixelSize size;
  bool alpha = false;
};

/// Size out of the first bytes of a VP8X, VP8 or VP8L chunk (WebP container specification; RFC 6386, 9.1).
std::optional<Frame> frameOf(const std::string& name, ByteSpan head) {
  if (name == "VP8X" && head.size() >= 10) {
    const bool alpha = (head[0] & kAlphaFlag) != 0;
    return Frame{{static_cast<int>(littleEndian24(head, 4)) + 1, static_cast<int>(littleEndian24(head, 7)) + 1}, alpha};
  }
  if (name == "VP8 " && head.size() >= 10 && littleEndian24(head, 3) == 0x2A019D) {
    return Frame{
        {static_cast<int>(littleEndian16(head, 6) & 0x3FFF), static_cast<int>(littleEndian16(head, 8) & 0x3FFF)},
        false};
  }
  if (name == "VP8L" && head.size() >= 5 && head[0] == 0x2F) {
    const std::uint32_t bits = littleEndian32(head, 1);
    const bool alpha = (bits >> 28 & 1) != 0;
    return Frame{{static_cast<int>(bits & 0x3FFF) + 1, static_cast<int>(bits >> 14 & 0x3FFF) + 1}, alpha};
  }
  return std::nullopt;
}

std::optional<Frame> findFrame(const ByteSource& source, const std::vector<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) {
    const ByteVector head = source.readVector(chunk.data, std::min<std::size_t>(chunk.length, 10));
    if (const auto frame = frameOf(chunk.name, head)) return frame;
  }
  return std::nullopt;
}

void append32(ByteVector& bytes, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

void appendChunk(ByteVector& bytes, std::string_view name, ByteSpan data) {
  bytes.insert(bytes.end(), name.begin(), name.end());
  append32(bytes, static_cast<std::uint32_t>(data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  if (data.size() % 2 != 0) bytes.push_back(0);
}

ByteVector extendedHeader(const Frame& frame) {
  ByteVector data{static_cast<std::uint8_t>(kExifFlag | (frame.alpha ? kAlphaFlag : 0)), 0, 0, 0};
  for (const int side : {frame.size.width, frame.size.height}) {
    for (int shift = 0; shift < 24; shift += 8) data.push_back(static_cast<std::uint8_t>((side - 1) >> shift));
  }
  return data;
}

}  // namespace

bool hasWebPSignature(ByteSpan start) {
  return start.size() >= kRiffHeader && asText(start.first(4)) == "RIFF" && asText(start.subspan(8, 4)) == "WEBP";
}

WebPDescription scanWebP(const ByteSource& source) {
  const std::vector<Chunk> chunks = chunksOf(source);
  const std::optional<Frame> frame = findFrame(source, chunks);
  if (!frame || frame->size.width <= 0 || frame->size.height <= 0) {
    throw EngineException(ErrorKind::BadFile, "The WebP file is broken: it names no picture size.", "");
  }
  WebPDescription description;
  description.size = frame->size;
  description.alpha = frame->alpha;
  bool exif = false;
  bool xmp = false;
  for (const Chunk& chunk : chunks) {
    if (chunk.length > kMostExif) continue;
    if (chunk.name == "EXIF" && !std::exchange(exif, true)) {
      const ByteVector bytes = source.readVector(chunk.data, chunk.length);
      description.comment = exifUserComment(withoutExifMarker(bytes));
      for (PngText& text : exifTexts(withoutExifMarker(bytes))) description.texts.push_back(std::move(text));
    } else if (chunk.name == "XMP " && !std::exchange(xmp, true)) {
      const ByteVector bytes = source.readVector(chunk.data, chunk.length);
      description.texts.push_back({"XML:com.adobe.xmp", utf8FromUnknown(asText(bytes))});
    }
  }
  return description;
}

ByteVector webpWithExif(ByteSpan webp, ByteSpan exif) {
  const MemorySource source(webp);
  const std::vector<Chunk> chunks = hasWebPSignature(webp) ? chunksOf(source) : std::vector<Chunk>{};
  const std::optional<Frame> frame = findFrame(source, chunks);
  if (!frame) throw EngineException(ErrorKind::CannotWrite, "The picture could not be encoded as WebP.", "no frame");
  ByteVector body{'W', 'E', 'B', 'P'};
  appendChunk(body, "VP8X", extendedHeader(*frame));
  for (const Chunk& chunk : chunks) {
    if (chunk.name == "VP8X" || chunk.name == "EXIF" || chunk.name == "XMP ") continue;
    appendChunk(body, chunk.name, webp.subspan(static_cast<std::size_t>(chunk.data), chunk.length));
  }
  appendChunk(body, "EXIF", exif);
  ByteVector file{'R', 'I', 'F', 'F'};
  append32(file, static_cast<std::uint32_t>(body.size()));
  file.insert(file.end(), body.begin(), body.end());
  return file;
}

}  // namespace studio::engine
