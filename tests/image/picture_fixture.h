#pragma once

#include "engine/api/image_io.h"
#include "engine/image/byte_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace studio::engine {

/// A folder of its own for one test, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kiln-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  std::filesystem::path path_;
};

inline Image gradient(int width, int height, int channels = 3) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) pixels.push_back(static_cast<std::uint8_t>(255 * (c % 2 == 0 ? x : y) / 64));
    }
  }
  return {{width, height}, channels, std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels))};
}

inline PictureMetadata duckMetadata() {
  PictureMetadata metadata;
  metadata.request.model = "/home/alice/models/ducks v1.5.safetensors";
  metadata.request.prompt = "photo of a duck";
  metadata.request.negativePrompt = "monochrome";
  metadata.request.size = {512, 400};
  metadata.request.steps = 15;
  metadata.request.sampler = Sampler::UniPC;
  metadata.request.schedule = Schedule::Karras;
  metadata.request.guidanceScale = 5.5;
  metadata.request.seed = Seed{18446744073709551615U};
  metadata.request.clipSkip = 2;
  metadata.request.loras = {{"/home/alice/loras/water.safetensors", 0.8}};
  metadata.modelName = "ducks v1.5";
  metadata.modelHash = "c0d1994c73";
  metadata.precision = "fp32";
  metadata.engineVersion = "0.1.0";
  return metadata;
}

inline ByteVector fileBytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

inline void writeBytes(const std::filesystem::path& path, ByteSpan bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline ByteVector bytesOf(std::string_view text) { return {text.begin(), text.end()}; }

inline bool has(const RequestPatch& patch, std::string_view id) {
  return std::find(patch.present.begin(), patch.present.end(), id) != patch.present.end();
}

}  // namespace studio::engine
