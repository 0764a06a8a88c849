#include "engine/weights/file_kind.h"

#include "tests/support/test_data.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TensorFileHeader header(std::map<std::string, std::vector<std::int64_t>> shapes) {
  TensorFileHeader result;
  for (auto& [name, shape] : shapes) result.tensors[name].shape = shape;
  return result;
}

TEST(FileKind, tellsControlNetworksAndTheirFamily) {
  const auto ldm = recogniseFile(header(
      {{"control_model.input_hint_block.0.weight", {16, 3, 3, 3}}, {"control_model.x.attn2.to_k.weight", {320, 768}}}));
  EXPECT_EQ(ldm.kind, FileKind::ControlNet);
  EXPECT_EQ(ldm.family, ModelFamily::StableDiffusion1);
  const auto diffusers = recogniseFile(header({{"conv_in.weight", {320, 4, 3, 3}},
                                               {"time_embedding.linear_1.weight", {1280, 320}},
                                               {"controlnet_cond_embedding.conv_in.weight", {16, 3, 3, 3}},
                                               {"down_blocks.1.attn2.to_k.weight", {640, 2048}}}));
  EXPECT_EQ(diffusers.kind, FileKind::ControlNet);
  EXPECT_EQ(diffusers.family, ModelFamily::StableDiffusionXl);
}

TEST(FileKind, countsTheVectorsOfEmbeddings) {
  const auto pair = recogniseFile(header({{"clip_g", {4, 1280}}, {"clip_l", {4, 768}}}));
  EXPECT_EQ(pair.kind, FileKind::Embedding);
  EXPECT_EQ(pair.family, ModelFamily::StableDiffusionXl);
  EXPECT_EQ(pair.vectors, 4);
  const auto one = recogniseFile(header({{"<cat-toy>", {768}}}));
  EXPECT_EQ(one.kind, FileKind::Embedding);
  EXPECT_EQ(one.vectors, 1);
  EXPECT_EQ(recogniseFile(header({{"x", {4, 5}}})).kind, FileKind::Unknown);
  EXPECT_EQ(recogniseFile(header({{"emb_params", {1 << 20, 768}}})).kind, FileKind::Unknown);
}

TEST(FileKind, namesHypernetworks) {
  const auto file = recogniseFile(header({{"768.0.linear.0.weight", {1536, 768}},
                                          {"768.0.linear.1.weight", {768, 1536}},
                                          {"768.1.linear.0.weight", {1536, 768}},
                                          {"320.0.linear.0.weight", {640, 320}}}));
  EXPECT_EQ(file.kind, FileKind::Hypernetwork);
  EXPECT_STREQ(fileKindId(file.kind), "unknown");
  EXPECT_STREQ(fileKindName(file.kind), "Hypernetwork");
}

TEST(FileKind, tellsTheHalvesOfTinyAutoencoders) {
  const auto encoder = recogniseFile(
      header({{"0.weight", {64, 3, 3, 3}}, {"1.conv.0.weight", {64, 64, 3, 3}}, {"14.weight", {32, 64, 3, 3}}}));
  EXPECT_EQ(encoder.kind, FileKind::PreviewEncoder);
  EXPECT_STREQ(fileKindId(encoder.kind), "vae");
  EXPECT_EQ(encoder.family, ModelFamily::Flux2);
  const auto decoder = recogniseFile(header({{"1.weight", {64, 4, 3, 3}}, {"3.conv.0.weight", {64, 64, 3, 3}}}));
  EXPECT_EQ(decoder.family, ModelFamily::Unknown);
}

TEST(FileKind, readsTheScaleOfUpscalers) {
  EXPECT_EQ(
      recogniseFile(header({{"conv_first.weight", {64, 3, 3, 3}}, {"body.0.rdb1.conv1.weight", {32, 64, 3, 3}}})).scale,
      4);
  EXPECT_EQ(recogniseFile(header({{"conv_first.weight", {64, 12, 3, 3}}, {"body.0.rdb1.conv1.weight", {32, 64, 3, 3}}}))
                .scale,
            2);
  EXPECT_EQ(recogniseFile(header({})).kind, FileKind::Unknown);
}

TEST(FileKind, knowsRealFiles) {
  STUDIO_NEED_TEST_DATA("upscalers/RealESRGAN_x4plus.safetensors");
  const auto kind = [](const char* name) { return recogniseFile(openTensorFile(tests::testData(name))->header()); };
  EXPECT_EQ(kind("upscalers/RealESRGAN_x4plus.safetensors").architecture, "RRDBNet");
  EXPECT_EQ(kind("upscalers/RealESRGAN_x4plus.safetensors").scale, 4);
  EXPECT_EQ(kind("upscalers/realesr-general-x4v3.safetensors").architecture, "SRVGGNetCompact");
  EXPECT_EQ(kind("upscalers/realesr-general-x4v3.safetensors").scale, 4);
  for (const char* name : {"embeddings/EasyNegative.safetensors", "embeddings/bad-hands-5.pt"}) {
    EXPECT_EQ(kind(name).kind, FileKind::Embedding) << name;
    EXPECT_EQ(kind(name).family, ModelFamily::StableDiffusion1) << name;
    EXPECT_GT(kind(name).vectors, 0) << name;
  }
}

}  // namespace
}  // namespace studio::engine
