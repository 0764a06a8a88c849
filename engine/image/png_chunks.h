#pragma once

#include "engine/api/units.h"
#include "engine/image/byte_source.h"

#include <string>
#include <vector>

namespace studio::engine {

/// One tEXt, zTXt or iTXt chunk as UTF-8.
struct PngText {
  std::string keyword;
  std::string text;
};

/// What is known about a PNG without decoding a pixel.
struct PngDescription {
  PixelSize size;
  std::vector<PngText> texts;  ///< in file order, before and after the pixels
  bool cutShort = false;       ///< the file ends before the chunk that ends a PNG
};

/// Bounds for hostile files. What is over a bound is left out, never an error.
struct PngLimits {
  std::size_t chunks = 1U << 20;  ///< of any kind
  std::size_t texts = 256;
  std::size_t chunkBytes = 8U << 20;  ///< of one text chunk in the file
  std::size_t textBytes = 16U << 20;  ///< of all texts together after decompression
  bool checksums = true;              ///< text chunks with a wrong CRC are left out
};

bool hasPngSignature(ByteSpan start);

/// Walks the chunks; pixel data is skipped, not read. A file cut short yields what came before the cut.
/// Throws EngineException(BadFile) when it is not a PNG at all.
PngDescription scanPng(const ByteSource& source, const PngLimits& limits = {});

}  // namespace studio::engine
