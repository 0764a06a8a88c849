#include "engine/api/needed_files.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

/// Knows one hash.
class OneHash final : public Inspector {
 public:
  Result<FileInfo> inspect(const std::filesystem::path&) const override { return EngineError{}; }
  std::filesystem::path findByHash(const std::string& hash, const std::vector<std::filesystem::path>& files,
                                   const std::stop_token&, const HashProgress&) const override {
    return hash == "c0d1994c73" ? files.at(1) : std::filesystem::path();
  }
};

PictureInfo duckInfo() {
  PictureInfo info;
  info.request.values.model = "realistic.ckpt";
  info.request.values.loras = {{"water", 0.5}, {"fire.safetensors", 1}};
  info.request.present = {"model", "loras"};
  info.modelHash = "c0d1994c73";
  info.fileHashes = {{"fire", "aabbccddeeff"}, {"EasyNegative", "c74b4e810b03"}};
  return info;
}

TEST(NeededFiles, areNamedOnceWithTheirHashes) {
  const auto files = neededFiles(duckInfo());
  ASSERT_EQ(files.size(), 4U);
  EXPECT_EQ(files[0].kind + " " + files[0].name + " " + files[0].hash, "model realistic.ckpt c0d1994c73");
  EXPECT_EQ(files[1].kind + " " + files[1].name + " " + files[1].hash, "lora water ");
  EXPECT_EQ(files[2].kind + " " + files[2].name + " " + files[2].hash, "lora fire.safetensors aabbccddeeff");
  EXPECT_EQ(files[3].kind + " " + files[3].name, "embedding EasyNegative");
}

TEST(NeededFiles, areFoundByNameAndElseByHash) {
  const std::vector<std::filesystem::path> files{"/m/water.safetensors", "/m/renamed.safetensors"};
  const auto found = findNeededFiles(duckInfo(), files, OneHash());
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].found, files[1]);
  EXPECT_TRUE(found[0].byHash);
  EXPECT_EQ(found[1].found, files[0]);
  EXPECT_FALSE(found[1].byHash);
  EXPECT_TRUE(found[2].found.empty());
}

TEST(NeededFiles, acceptAnotherEndingOfTheSameName) {
  const auto found = findNeededFiles(duckInfo(), {"/m/a.safetensors", "/m/realistic.safetensors"}, OneHash());
  EXPECT_EQ(found[0].found, "/m/realistic.safetensors");
  EXPECT_FALSE(found[0].byHash);
}

TEST(NeededFiles, ofAPictureThatSaysNothingAreNone) { EXPECT_TRUE(neededFiles({}).empty()); }

}  // namespace
}  // namespace studio::engine
