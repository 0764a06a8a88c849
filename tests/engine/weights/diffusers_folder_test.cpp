#include "engine/weights/diffusers_folder.h"

#include "engine/api/engine_error.h"
#include "engine/weights/file_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class DiffusersFolder : public testing::Test {
 protected:
  void put(const std::string& name, std::string_view bytes = "x") const { folder_.write(name, bytes); }
  std::vector<std::string> chosen() const {
    std::vector<std::string> names;
    for (const auto& path : weightFilesOf(folder_.path())) names.push_back(path.filename().string());
    return names;
  }
  using Names = std::vector<std::string>;
  const tests::TemporaryFolder folder_;
};

TEST_F(DiffusersFolder, prefersThePlainVariantThenFp16ThenBin) {
  put("pytorch_model.bin");
  EXPECT_EQ(chosen(), Names{"pytorch_model.bin"});
  put("diffusion_pytorch_model.non_ema.safetensors");
  EXPECT_EQ(chosen(), Names{"diffusion_pytorch_model.non_ema.safetensors"});
  put("diffusion_pytorch_model.fp16.safetensors");
  EXPECT_EQ(chosen(), Names{"diffusion_pytorch_model.fp16.safetensors"});
  put("diffusion_pytorch_model.safetensors");
  EXPECT_EQ(chosen(), Names{"diffusion_pytorch_model.safetensors"});
}

TEST_F(DiffusersFolder, takesEveryShardOfTheIndexAndNoOther) {
  put("model-00001-of-00002.safetensors");
  put("model-00002-of-00002.safetensors");
  put("model.fp16-00001-of-00002.safetensors");
  put("model.fp16-00002-of-00002.safetensors");
  const Names plain{"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"};
  EXPECT_EQ(chosen(), plain);
  put("model.safetensors.index.fp16.json",
      R"({"weight_map": {"a": "model.fp16-00001-of-00002.safetensors", "b": "model.fp16-00002-of-00002.safetensors"}})");
  EXPECT_EQ(chosen(), (Names{"model.fp16-00001-of-00002.safetensors", "model.fp16-00002-of-00002.safetensors"}));
  put("model.safetensors.index.json",
      R"({"weight_map": {"a": "model-00002-of-00002.safetensors", "b": "model-00001-of-00002.safetensors",
          "c": "model-00001-of-00002.safetensors"}})");
  EXPECT_EQ(chosen(), plain);
}

TEST_F(DiffusersFolder, namesAShardThatIsMissing) {
  put("model.safetensors.index.json", R"({"weight_map": {"a": "model-00001-of-00001.safetensors"}})");
  try {
    chosen();
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::MissingFile);
    EXPECT_NE(error.error().message.find("model-00001-of-00001.safetensors"), std::string::npos);
  }
}

TEST_F(DiffusersFolder, refusesAnIndexThatLeavesTheFolder) {
  for (const char* index : {"[]", "{", R"({"weight_map": {"a": "../secret.safetensors"}})",
                            R"({"weight_map": {"a": 5}})", R"({"weight_map": {"a": "/etc/passwd"}})"}) {
    put("model.safetensors.index.json", index);
    EXPECT_THROW(chosen(), EngineException) << index;
  }
}

TEST_F(DiffusersFolder, givesTheSameWeightsFromShards) {
  const auto whole = tests::writeDiffusersFolder(folder_ / "m");
  const auto file = whole / "unet" / "diffusion_pytorch_model.safetensors";
  const ModelTensors before = openModel(whole);
  // Cut in the middle: neither half has all the names that tell a UNet.
  const auto source = openTensorFile(file);
  std::array<tests::StoredTensors, 2> halves;
  std::size_t count = 0;
  for (const auto& [key, info] : source->tensors()) {
    const at::Tensor stored = source->loadStored(key);
    halves[count++ * 2 / source->tensors().size()][key] = {
        elementTypeName(info.type), info.shape,
        std::string(static_cast<const char*>(stored.const_data_ptr()), info.bytes)};
  }
  std::filesystem::remove(file);
  for (const char* half : {"1", "2"})
    tests::writeBytes(whole / "unet" / ("diffusion_pytorch_model-0000" + std::string(half) + "-of-00002.safetensors"),
                      tests::safetensorsBytes(halves[*half - '1']));
  const ModelTensors after = openModel(whole);
  ASSERT_NE(after.part(Part::UNet), nullptr);
  EXPECT_EQ(after.part(Part::UNet)->names(), before.part(Part::UNet)->names());
  EXPECT_EQ(after.unknown, 0);
  EXPECT_TRUE(after.part(Part::UNet)
                  ->load("conv_in.weight")
                  .equal(tests::networkWeights("unet")->load("conv_in.weight").to(at::kHalf)));
}

}  // namespace
}  // namespace studio::engine
