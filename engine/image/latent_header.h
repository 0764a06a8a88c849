#pragma once

#include "engine/image/byte_source.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace studio::engine {

/// What a kept latent's file says before its numbers (see pipeline/latent_file.h): a safetensors file with the one
/// tensor "latent" and the metadata `studio`.
struct LatentHeader {
  std::array<std::int64_t, 4> shape{};  ///< [1, C, h, w], fp32
  std::uint64_t dataStart = 0;          ///< where its numbers begin; they end with the file
  std::string studioText;               ///< what the picture would say of itself
};

/// Nothing for any other file, one that was cut off, or shapes beyond what the studio makes.
std::optional<LatentHeader> readLatentHeader(const ByteSource& source);

}  // namespace studio::engine
