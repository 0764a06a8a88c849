#include "engine/image/png_chunks.h"

#include "engine/api/engine_error.h"
#include "engine/image/text_encoding.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kLongestKeyword = 79;
constexpr std::uint32_t kLargestChunk = 0x7FFFFFFF;

struct ChunkHeader {
  std::uint32_t length = 0;
  std::string type;
};

std::string_view asText(ByteSpan bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::optional<ChunkHeader> readHeader(const ByteSource& source, std::uint64_t offset) {
  std::array<std::uint8_t, 8> bytes{};
  if (source.read(offset, bytes) != bytes.size()) return std::nullopt;
  ChunkHeader header{bigEndian32(bytes, 0), std::string(asText(ByteSpan(bytes).subspan(4)))};
  if (header.length > kLargestChunk) return std::nullopt;
  return header;
}

/// Bytes in front of the next NUL; moves `rest` behind it. Nothing if there is no NUL.
std::optional<ByteSpan> takeUntilNul(ByteSpan& rest) {
  const auto end = std::find(rest.begin(), rest.end(), 0);
  if (end == rest.end()) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - rest.begin());
  const ByteSpan taken = rest.first(length);
  rest = rest.subspan(length + 1);
  return taken;
}

/// zlib data of at most `limit` bytes; nothing when it is broken or would be larger.
std::optional<std::string> inflated(ByteSpan bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return std::nullopt;
  stream.next_in = const_cast<Bytef*>(bytes.data());  // zlib's old interface; it does not write there
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  std::array<char, 16384> block;
  int state = Z_OK;
  while (state == Z_OK && text.size() <= limit) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = block.size();
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(block.data(), block.size() - stream.avail_out);
    if (state == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) break;
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || text.size() > limit) return std::nullopt;
  return text;
}

/// PNG says Latin-1 here, many programs write UTF-8 all the same.
std::optional<std::string> plainText(ByteSpan rest) { return utf8FromUnknown(asText(rest)); }

std::optional<std::string> compressedText(ByteSpan rest, std::size_t limit) {
  if (rest.empty() || rest[0] != 0) return std::nullopt;
  std::optional<std::string> text = inflated(rest.subspan(1), limit);
  if (!text) return std::nullopt;
  return utf8FromUnknown(*text);
}

/// Layout behind the keyword: compression flag, method, language NUL, translated keyword NUL, UTF-8 text.
std::optional<std::string> internationalText(ByteSpan rest, std::size_t limit) {
  if (rest.size() < 2) return std::nullopt;
  const bool compressed = rest[0] == 1;
  if (compressed && rest[1] != 0) return std::nullopt;
  rest = rest.subspan(2);
  if (!takeUntilNul(rest) || !takeUntilNul(rest)) return std::nullopt;
  if (!compressed) return repairedUtf8(asText(rest));
  std::optional<std::string> text = inflated(rest, limit);
  if (!text) return std::nullopt;
  return repairedUtf8(*text);
}

std::optional<PngText> textOf(const std::string& type, ByteSpan data, std::size_t limit) {
  const std::optional<ByteSpan> keyword = takeUntilNul(data);
  if (!keyword || keyword->empty() || keyword->size() > kLongestKeyword) return std::nullopt;
  std::optional<std::string> text;
  if (type == "tEXt") text = plainText(data);
  if (type == "zTXt") text = compressedText(data, limit);
  if (type == "iTXt") text = internationalText(data, limit);
  if (!text || text->size() > limit) return std::nullopt;
  return PngText{utf8FromUnknown(asText(*keyword)), std::move(*text)};
}

bool checksumHolds(const std::string& type, ByteSpan data, std::uint32_t wanted) {
  uLong crc = crc32(0, reinterpret_cast<const Bytef*>(type.data()), static_cast<uInt>(type.size()));
  if (!data.empty()) crc = crc32(crc, data.data(), static_cast<uInt>(data.size()));
  return crc == wanted;
}

/// The text in the chunk whose data starts at `offset`, if it is whole and within the limits.
std::optional<PngText> readText(const ByteSource& source, std::uint64_t offset, const ChunkHeader& header,
                                const PngLimits& limits, std::size_t bytesLeft) {
  if (header.length > limits.chunkBytes) return std::nullopt;
  const ByteVector bytes = source.readVector(offset, header.length + std::size_t{4});
  if (bytes.size() != header.length + std::size_t{4}) return std::nullopt;
  const ByteSpan data = ByteSpan(bytes).first(header.length);
  if (limits.checksums && !checksumHolds(header.type, data, bigEndian32(bytes, header.length))) return std::nullopt;
  return textOf(header.type, data, bytesLeft);
}

PixelSize readSize(const ByteSource& source) {
  std::array<std::uint8_t, 16> start{};
  const bool whole = source.read(8, start) == start.size();
  if (!whole || bigEndian32(start, 0) != 13 || asText(ByteSpan(start).subspan(4, 4)) != "IHDR") {
    throw EngineException(ErrorKind::BadFile, "The PNG file has no picture header.", "");
  }
  const std::uint32_t width = bigEndian32(start, 8);
  const std::uint32_t height = bigEndian32(start, 12);
  if (width == 0 || height == 0 || width > kLargestChunk || height > kLargestChunk) {
    throw EngineException(ErrorKind::BadFile, "The PNG file names an impossible size.", "");
  }
  return {static_cast<int>(width), static_cast<int>(height)};
}

}  // namespace

bool hasPngSignature(ByteSpan start) {
  return start.size() >= kSignature.size() && std::equal(kSignature.begin(), kSignature.end(), start.begin());
}

PngDescription scanPng(const ByteSource& source, const PngLimits& limits) {
  std::array<std::uint8_t, 8> start{};
  if (source.read(0, start) != start.size() || !hasPngSignature(start)) {
    throw EngineException(ErrorKind::BadFile, "The file is not a PNG picture.", "");
  }
  PngDescription description{readSize(source), {}, false};
  std::size_t bytesLeft = limits.textBytes;
  std::uint64_t offset = kSignature.size();
  for (std::size_t count = 0; count < limits.chunks && description.texts.size() < limits.texts; ++count) {
    const std::optional<ChunkHeader> header = readHeader(source, offset);
    description.cutShort = !header;
    if (!header || header->type == "IEND") break;
    if (header->type == "tEXt" || header->type == "zTXt" || header->type == "iTXt") {
      if (auto text = readText(source, offset + 8, *header, limits, bytesLeft)) {
        bytesLeft -= text->text.size();
        description.texts.push_back(std::move(*text));
      }
    }
    offset += std::uint64_t{12} + header->length;
  }
  return description;
}

}  // namespace studio::engine
