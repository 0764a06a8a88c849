#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>

namespace studio::engine {

/// A number of bytes of memory or disk. Signed, so that differences are safe.
struct Bytes {
  std::int64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
};

/// Width and height of a picture in pixels.
struct PixelSize {
  int width = 512;
  int height = 512;
  auto operator<=>(const PixelSize&) const = default;
};

/// Width and height of a latent in latent cells. Only a VAE's scale factor leads from pixels to cells.
struct LatentSize {
  int width = 64;
  int height = 64;
  auto operator<=>(const LatentSize&) const = default;
};

/// Start value of a picture's noise; the full 64 bits are kept everywhere.
struct Seed {
  std::uint64_t value = 0;
  auto operator<=>(const Seed&) const = default;
};

/// Identifies one submitted request for the life of a Generator. 0 is never given out.
struct JobId {
  std::uint64_t value = 0;
  auto operator<=>(const JobId&) const = default;
};

/// UTF-8 text to a path and back, the same on every system.
inline std::filesystem::path pathFromUtf8(const std::string& text) {
  return std::filesystem::path(std::u8string(text.begin(), text.end()));
}
inline std::string utf8FromPath(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return std::string(text.begin(), text.end());
}

}  // namespace studio::engine
