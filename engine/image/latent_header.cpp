#include "engine/image/latent_header.h"

#include "engine/image/dialects/bounded_json.h"

#include <algorithm>

namespace studio::engine {
namespace {

constexpr std::uint64_t kLongestLatentHeader = 4U << 20;
constexpr std::int64_t kMostLatentChannels = 64;
constexpr std::int64_t kLargestLatentSide = 4096;

/// The 8 bytes of length before the JSON; 0 when it cannot be one.
std::uint64_t headerLength(const ByteSource& source) {
  const ByteVector start = source.readVector(0, 9);
  if (start.size() < 9 || start[8] != '{' || littleEndian32(start, 4) != 0) return 0;
  const std::uint64_t length = littleEndian32(start, 0);
  return length <= kLongestLatentHeader && length + 8 <= source.size() ? length : 0;
}

bool readShape(const Json& latent, LatentHeader& header) {
  const Json* shape = memberOf(latent, "shape");
  if (textOf(latent, "dtype") != "F32" || shape == nullptr || !shape->is_array() || shape->size() != 4) return false;
  for (std::size_t i = 0; i < 4; ++i) {
    const Json& side = (*shape)[i];
    if (!side.is_number_unsigned()) return false;
    header.shape[i] = static_cast<std::int64_t>(
        std::min<std::uint64_t>(side.get<std::uint64_t>(), static_cast<std::uint64_t>(kLargestLatentSide) + 1));
  }
  const auto& [one, channels, height, width] = header.shape;
  return one == 1 && channels > 0 && channels <= kMostLatentChannels && height > 0 && height <= kLargestLatentSide &&
         width > 0 && width <= kLargestLatentSide;
}

/// The numbers are all there, and nothing else.
bool fillsTheFile(const LatentHeader& header, const Json& latent, std::uint64_t fileBytes) {
  const auto& [one, channels, height, width] = header.shape;
  const std::uint64_t bytes = static_cast<std::uint64_t>(channels * height * width) * sizeof(float);
  const Json* offsets = memberOf(latent, "data_offsets");
  return header.dataStart + bytes == fileBytes && offsets != nullptr && *offsets == Json::array({0, bytes});
}

}  // namespace

std::optional<LatentHeader> readLatentHeader(const ByteSource& source) {
  const std::uint64_t length = headerLength(source);
  if (length == 0) return std::nullopt;
  const ByteVector bytes = source.readVector(8, length);
  const auto json = readJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const Json* latent = json ? memberOf(*json, "latent") : nullptr;
  const Json* metadata = json ? memberOf(*json, "__metadata__") : nullptr;
  if (latent == nullptr || metadata == nullptr) return std::nullopt;
  LatentHeader header;
  header.dataStart = 8 + length;
  header.studioText = textOf(*metadata, "studio");
  if (!readShape(*latent, header) || !fillsTheFile(header, *latent, source.size())) return std::nullopt;
  return header;
}

}  // namespace studio::engine
