#include "engine/api/engine_error.h"
#include "engine/weights/file_tensor_source.h"
#include "engine/weights/model_family.h"
#include "engine/weights/random_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

/// Every tensor of the part is in the model, with the reference's numbers.
void expectWeights(const ModelTensors& model, Part part, const std::string& network) {
  const auto reference = tests::networkWeights(network);
  const auto source = model.part(part);
  ASSERT_NE(source, nullptr) << network;
  for (const std::string& name : reference->names()) {
    ASSERT_TRUE(source->has(name)) << network << " " << name;
    const at::Tensor expected = reference->load(name).to(at::kFloat);
    ASSERT_TRUE(source->load(name).to(at::kFloat).view(expected.sizes()).equal(expected)) << network << " " << name;
  }
}

class ModelFiles : public testing::Test {
 protected:
  const tests::TemporaryFolder folder_;
};

TEST_F(ModelFiles, giveTheSameWeightsInBothLayoutsAndFormats) {
  for (const auto& [type, name] : {std::pair("F16", "fp16"), std::pair("F32", "fp32"), std::pair("F64", "fp64")}) {
    const tests::CheckpointStyle style{.type = type, .leftovers = true};
    for (const auto& path : {tests::writeSingleFile(folder_ / "one.safetensors", style),
                             tests::writeDiffusersFolder(folder_ / "many", style)}) {
      SCOPED_TRACE(path);
      const ModelTensors model = openModel(path);
      expectWeights(model, Part::UNet, "unet");
      expectWeights(model, Part::TextEncoder, "text_encoder");
      expectWeights(model, Part::Vae, "vae");
      EXPECT_EQ(model.part(Part::UNet)->precision(), name);
    }
  }
}

TEST_F(ModelFiles, ofTheFolderLayoutMayLeaveOutTheInnerPrefix) {
  expectWeights(openModel(tests::writeDiffusersFolder(folder_ / "a", {.shortTextNames = true})), Part::TextEncoder,
                "text_encoder");
}

TEST_F(ModelFiles, mayLackParts) {
  const ModelTensors model = openModel(tests::writeSingleFile(folder_ / "a.safetensors", {.networks = {"unet"}}));
  EXPECT_EQ(model.part(Part::Vae), nullptr);
  EXPECT_EQ(model.part(Part::TextEncoder), nullptr);
  EXPECT_NE(model.part(Part::UNet), nullptr);
}

TEST_F(ModelFiles, thatAreMissingOrNoModelsAreNamed) {
  try {
    openModel(folder_ / "none.safetensors");
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::MissingFile);
    EXPECT_NE(error.error().message.find("none.safetensors"), std::string::npos);
  }
  try {
    openModel(folder_.path());
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    EXPECT_NE(error.error().message.find("unet"), std::string::npos);
  }
}

TEST_F(ModelFiles, tellTheirFamilyPredictionAndSize) {
  const Recognition plain = recogniseModel(openModel(tests::writeSingleFile(folder_ / "a.safetensors")));
  EXPECT_EQ(plain.family, ModelFamily::StableDiffusion1);
  EXPECT_EQ(plain.prediction, PredictionType::Epsilon);
  EXPECT_EQ(plain.trainedSize, (PixelSize{512, 512}));
  const Recognition told = recogniseModel(openModel(
      tests::writeSingleFile(folder_ / "b.safetensors",
                             {.metadata = {{"modelspec.prediction_type", "v"}, {"modelspec.resolution", "256x128"}}})));
  EXPECT_EQ(told.prediction, PredictionType::Velocity);
  EXPECT_EQ(told.trainedSize, (PixelSize{256, 128}));
  const Recognition hostile = recogniseModel(openModel(
      tests::writeSingleFile(folder_ / "c.safetensors", {.metadata = {{"modelspec.resolution", "99999999999x-3"}}})));
  EXPECT_EQ(hostile.trainedSize, (PixelSize{512, 512}));
}

TEST_F(ModelFiles, tellVelocityByALeftoverKeyOrTheSchedulersFile) {
  tests::StoredTensors tensors = tests::singleFileTensors();
  tensors["v_pred"] = {"F32", {0}, ""};
  EXPECT_EQ(recogniseModel(openModel(folder_.write("v.safetensors", tests::safetensorsBytes(tensors)))).prediction,
            PredictionType::Velocity);
  const auto diffusers = tests::writeDiffusersFolder(folder_ / "many");
  tests::writeBytes(diffusers / "scheduler" / "scheduler_config.json", R"({"prediction_type": "v_prediction"})");
  EXPECT_EQ(recogniseModel(openModel(diffusers)).prediction, PredictionType::Velocity);
}

TEST_F(ModelFiles, ofOtherFamiliesGiveTheirWeightsInBothLayouts) {
  for (const auto& path : {tests::writeSingleFile(folder_ / "xl.safetensors", tests::xlStyle()),
                           tests::writeDiffusersFolder(folder_ / "xl", tests::xlStyle())}) {
    SCOPED_TRACE(path);
    const ModelTensors model = openModel(path);
    expectWeights(model, Part::UNet, "xl_unet");
    expectWeights(model, Part::TextEncoder, "text_encoder");
    expectWeights(model, Part::TextEncoder2, "xl_text_2");
  }
  expectWeights(openModel(tests::writeSingleFile(folder_ / "2.safetensors", tests::stableDiffusion2Style())),
                Part::TextEncoder, "sd2_text");
}

TEST_F(ModelFiles, ofOtherFamiliesAreRecognised) {
  const auto recognised = [this](const tests::CheckpointStyle& style) {
    return recogniseModel(openModel(tests::writeSingleFile(folder_ / "x.safetensors", style)));
  };
  EXPECT_EQ(recognised(tests::xlStyle()).family, ModelFamily::StableDiffusionXl);
  EXPECT_EQ(recognised(tests::xlStyle()).trainedSize, (PixelSize{1024, 1024}));
  EXPECT_EQ(recognised(tests::refinerStyle()).family, ModelFamily::StableDiffusionXlRefiner);
  EXPECT_EQ(recognised(tests::stableDiffusion2Style()).family, ModelFamily::StableDiffusion2);
  EXPECT_EQ(recognised({.networks = {"pruned_unet"}}).family, ModelFamily::StableDiffusionXl);
  const Recognition inpainting = recognised(tests::inpaintingStyle());
  EXPECT_EQ(inpainting.family, ModelFamily::StableDiffusion1);
  EXPECT_TRUE(inpainting.inpainting);
}

TEST_F(ModelFiles, ofForeignFamiliesAreNamed) {
  for (const auto& [key, family] :
       {std::pair("model.diffusion_model.double_blocks.0.img_attn.qkv.weight", ModelFamily::Flux),
        std::pair("model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight", ModelFamily::StableDiffusion3),
        std::pair("t_block.1.weight", ModelFamily::PixArt)}) {
    const tests::StoredTensors tensors{{key, {"F16", {1}, "ab"}}};
    EXPECT_EQ(recogniseModel(openModel(folder_.write("f.safetensors", tests::safetensorsBytes(tensors)))).family,
              family)
        << key;
  }
}

TEST_F(ModelFiles, tellVelocityByTheConfigurationBesideThem) {
  const auto path = tests::writeSingleFile(folder_ / "y.safetensors", tests::stableDiffusion2Style());
  EXPECT_EQ(recogniseModel(openModel(path)).predictionSource, PredictionSource::Family);
  tests::writeBytes(folder_ / "y.yaml", "model:\n  params:\n    parameterization: \"v\"\n    linear_start: 0.00085\n");
  const Recognition told = recogniseModel(openModel(path));
  EXPECT_EQ(told.prediction, PredictionType::Velocity);
  EXPECT_EQ(told.predictionSource, PredictionSource::Configuration);
  EXPECT_EQ(told.trainedSize, (PixelSize{768, 768}));
}

TEST_F(ModelFiles, tellVelocityByTheSpreadOfANormInStableDiffusion2) {
  const std::string name = "model.diffusion_model.output_blocks.11.1.transformer_blocks.0.norm1.bias";
  for (const auto& [spread, prediction] :
       {std::pair(0.08F, PredictionType::Epsilon), std::pair(0.1F, PredictionType::Velocity)}) {
    const std::vector<float> numbers{spread, -spread, spread, -spread};
    const std::string bytes(reinterpret_cast<const char*>(numbers.data()), 16);
    // The original's number of blocks, of which only the last must have something in it.
    tests::StoredTensors deep;
    for (int i = 0; i < 12; ++i) {
      const std::string block = "model.diffusion_model.output_blocks." + std::to_string(i);
      deep[block + ".0.in_layers.0.bias"] = {"F32", {4}, bytes};
      if (i % 3 == 2 && i < 11) deep[block + ".2.conv.bias"] = {"F32", {4}, bytes};
    }
    deep[name] = {"F32", {4}, bytes};
    deep["model.diffusion_model.input_blocks.0.0.weight"] = {"F32", {1, 1, 1, 1}, std::string(4, 0)};
    deep["cond_stage_model.model.ln_final.bias"] = {"F32", {4}, bytes};
    const Recognition told = recogniseModel(openModel(folder_.write("s.safetensors", tests::safetensorsBytes(deep))));
    EXPECT_EQ(told.prediction, prediction) << spread;
  }
}

TEST_F(ModelFiles, tellZeroTerminalNoiseAndEdmByMarkers) {
  tests::CheckpointStyle style = tests::xlStyle();
  style.markers = {"v_pred", "ztsnr"};
  const Recognition zero = recogniseModel(openModel(tests::writeSingleFile(folder_ / "z.safetensors", style)));
  EXPECT_TRUE(zero.zeroTerminalSnr);
  EXPECT_EQ(zero.zeroTerminalSnrSource, PredictionSource::MarkerTensor);
  EXPECT_EQ(zero.prediction, PredictionType::Velocity);
  EXPECT_EQ(zero.predictionSource, PredictionSource::MarkerTensor);
}

TEST_F(ModelFiles, tellEdmsNoiseAndLatentsByMarkers) {
  const auto edmOf = [this](const tests::CheckpointStyle& style) {
    return recogniseModel(openModel(tests::writeSingleFile(folder_ / "e.safetensors", style))).edm;
  };
  EXPECT_FALSE(edmOf(tests::xlStyle()).has_value());
  const auto playground = edmOf(tests::playgroundStyle());
  ASSERT_TRUE(playground.has_value());
  EXPECT_EQ(playground->noise, (EdmNoise{0.002, 80, 0.5}));
  EXPECT_NEAR(playground->latents->deviation.at(1), 1.2, 1e-6);
  tests::CheckpointStyle cosXl = tests::cosXlStyle();
  cosXl.numbers["edm_vpred.sigma_max"] = {100};
  EXPECT_EQ(edmOf(cosXl)->noise.largest, 100);
  EXPECT_TRUE(edmOf(cosXl)->velocity);
  EXPECT_FALSE(edmOf(cosXl)->latents.has_value());
}

TEST_F(ModelFiles, takeTheUsualNumbersForEdmWhereMarkersAreEmptyOrMakeNoSense) {
  tests::CheckpointStyle style = tests::xlStyle();
  style.markers = {"edm_mean", "edm_std"};
  const auto empty = recogniseModel(openModel(tests::writeSingleFile(folder_ / "m.safetensors", style))).edm;
  ASSERT_TRUE(empty.has_value());
  EXPECT_NEAR(empty->latents->mean.at(0), -1.6574, 1e-6);
  style = tests::cosXlStyle();
  style.numbers["edm_vpred.sigma_max"] = {-3};
  const Recognition wrong = recogniseModel(openModel(tests::writeSingleFile(folder_ / "n.safetensors", style)));
  EXPECT_EQ(wrong.edm->noise.largest, 120);
  EXPECT_EQ(wrong.prediction, PredictionType::Velocity);
}

TEST_F(ModelFiles, tellEdmByTheirMetadata) {
  tests::CheckpointStyle style = tests::xlStyle();
  style.metadata["modelspec.prediction_type"] = "edm";
  const Recognition told = recogniseModel(openModel(tests::writeSingleFile(folder_ / "t.safetensors", style)));
  ASSERT_TRUE(told.edm.has_value());
  EXPECT_EQ(told.predictionSource, PredictionSource::Metadata);
}

TEST(RandomTensorSource, givesTheSameNumbersForTheSameSeed) {
  WeightTable table;
  table.beginBlock("only");
  table.linear("a", 64, 32);
  table.linear("b", 64, 32);
  const RandomTensorSource one(table, 1), again(table, 1), other(table, 2);
  EXPECT_TRUE(one.load("a.weight").equal(again.load("a.weight")));
  EXPECT_FALSE(one.load("a.weight").equal(other.load("a.weight")));
  EXPECT_FALSE(one.load("a.weight").equal(one.load("b.weight")));
  EXPECT_NEAR(one.load("a.weight").norm().item<double>(), std::sqrt(32.0), 0.5);
}

}  // namespace
}  // namespace studio::engine
