#include "engine/adapters/lora_file.h"

#include "engine/api/engine_error.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

std::string zeros(std::size_t bytes) { return std::string(bytes, '\0'); }

class LoraFileTest : public testing::Test {
 protected:
  std::filesystem::path write(const tests::StoredTensors& tensors,
                              const std::map<std::string, std::string>& metadata = {}) const {
    return folder_.write("a.safetensors", tests::safetensorsBytes(tensors, metadata));
  }
  static tests::StoredTensors oneModule(const std::string& name, std::int64_t width) {
    return {{name + ".lora_down.weight", {"F16", {4, width}, zeros(static_cast<std::size_t>(8 * width))}},
            {name + ".lora_up.weight", {"F16", {16, 4}, zeros(128)}}};
  }

  const tests::TemporaryFolder folder_;
};

TEST_F(LoraFileTest, isDescribedFromItsHeader) {
  const LoraInfo info = inspectLora(tests::writeLora(folder_ / "Watercolour.safetensors", tests::LoraNaming::Kohya));
  EXPECT_EQ(info.name, "Watercolour");
  EXPECT_EQ(info.kind, "LoCon");
  EXPECT_EQ(info.algorithm, "locon");
  EXPECT_EQ(info.rank, 4);
  EXPECT_EQ(info.unetModules, 8);
  EXPECT_EQ(info.textEncoderModules, 2);
  EXPECT_TRUE(info.usable);
  EXPECT_TRUE(info.reason.empty());
}

TEST_F(LoraFileTest, takesItsAlphaFromATensorWhereTheMetadataHaveNone) {
  tests::StoredTensors tensors = oneModule("lora_unet_x", 8);
  EXPECT_EQ(inspectLora(write(tensors)).alpha, 0);
  tensors["lora_unet_x.alpha"] = {"F16", {}, std::string("\x00\x40", 2)};
  EXPECT_EQ(inspectLora(write(tensors)).alpha, 2);
  EXPECT_EQ(inspectLora(write(tensors, {{"ss_network_alpha", "8"}})).alpha, 8);
  tensors["lora_unet_x.alpha"] = {"F16", {}, std::string("\x00\x7E", 2)};
  EXPECT_EQ(inspectLora(write(tensors)).alpha, 0) << "no number";
}

TEST_F(LoraFileTest, tellsItsFamilyByTheTrainersWords) {
  EXPECT_EQ(inspectLora(write(oneModule("lora_unet_x", 8), {{"ss_base_model_version", "sd_v1"}})).base,
            ModelFamily::StableDiffusion1);
  EXPECT_EQ(
      inspectLora(write(oneModule("lora_unet_x", 8), {{"modelspec.architecture", "stable-diffusion-xl-v1-base/lora"}}))
          .base,
      ModelFamily::StableDiffusionXl);
  EXPECT_EQ(inspectLora(write(oneModule("lora_unet_x", 8), {{"ss_base_model_version", "sd_v2_768_v"}})).base,
            ModelFamily::StableDiffusion2);
}

TEST_F(LoraFileTest, tellsItsFamilyByTheWidthOfCrossAttention) {
  const std::string name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k";
  EXPECT_EQ(inspectLora(write(oneModule(name, 768))).base, ModelFamily::StableDiffusion1);
  EXPECT_EQ(inspectLora(write(oneModule(name, 1024))).base, ModelFamily::StableDiffusion2);
  EXPECT_EQ(inspectLora(write(oneModule(name, 2048))).base, ModelFamily::StableDiffusionXl);
  EXPECT_EQ(inspectLora(write(oneModule(name, 64))).base, ModelFamily::Unknown);
}

TEST_F(LoraFileTest, tellsItsFamilyByItsLayers) {
  struct Layer {
    const char* name;
    std::int64_t width;
    ModelFamily family;
  };
  for (const Layer& layer :
       {Layer{"lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768, ModelFamily::StableDiffusion1},
        Layer{"lora_te_text_model_encoder_layers_0_self_attn_q_proj", 1024, ModelFamily::StableDiffusion2},
        Layer{"lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 768, ModelFamily::StableDiffusionXl},
        Layer{"lora_te2_text_model_encoder_layers_0_mlp_fc1", 1280, ModelFamily::StableDiffusionXl},
        Layer{"lora_unet_input_blocks_7_1_transformer_blocks_1_attn1_to_q", 1280, ModelFamily::StableDiffusionXl},
        Layer{"lora_unet_double_blocks_0_img_attn_proj", 3072, ModelFamily::Flux},
        Layer{"transformer.single_transformer_blocks.0.attn.to_q", 3072, ModelFamily::Flux},
        Layer{"lora_unet_joint_blocks_0_x_block_attn_qkv", 1536, ModelFamily::StableDiffusion3},
        Layer{"lora_unet_down_blocks_0_attentions_0_proj_in", 320, ModelFamily::StableDiffusion2},
        Layer{"unet:6", 768, ModelFamily::StableDiffusion1}}) {
    EXPECT_EQ(inspectLora(write(oneModule(layer.name, layer.width))).base, layer.family) << layer.name;
  }
}

TEST_F(LoraFileTest, knowsItsTriggers) {
  const auto told = inspectLora(
      write(oneModule("lora_unet_x", 8), {{"modelspec.trigger_phrase", " kiln style , red glaze,,kiln style"}}));
  EXPECT_EQ(told.triggers, (std::vector<std::string>{"kiln style", "red glaze"}));
  const auto counted = inspectLora(
      write(oneModule("lora_unet_x", 8), {{"ss_tag_frequency", R"({"10_a":{"cup":3,"pot":9},"5_b":{"tile":5}})"}}));
  EXPECT_EQ(counted.triggers, (std::vector<std::string>{"pot", "tile", "cup"}));
  for (const char* hostile : {"[", "5", "{\"a\":5}", "{\"a\":{\"b\":\"c\"}}"}) {
    EXPECT_TRUE(inspectLora(write(oneModule("lora_unet_x", 8), {{"ss_tag_frequency", hostile}})).triggers.empty())
        << hostile;
  }
}

TEST_F(LoraFileTest, namesItsAlgorithm) {
  struct Kind {
    const char *ending, *algorithm, *kind;
  };
  for (const Kind& kind : {Kind{".hada_w1_a", "loha", "LoHa"}, Kind{".lokr_w1", "lokr", "LoKr"},
                           Kind{".lokr_w1_a", "lokr", "LoKr"}, Kind{".diff", "full", "full difference"},
                           Kind{".a1.weight", "glora", "GLoRA"}, Kind{".on_input", "ia3", "IA3"}}) {
    const LoraInfo info = inspectLora(write({{"lora_unet_y" + std::string(kind.ending), {"F32", {1}, zeros(4)}}}));
    EXPECT_EQ(info.algorithm, kind.algorithm);
    EXPECT_EQ(info.kind, kind.kind);
    EXPECT_TRUE(info.usable) << kind.kind;
  }
  const LoraInfo rotated = inspectLora(write({{"lora_unet_y.oft_blocks", {"F32", {2, 4, 4}, zeros(128)}}}));
  EXPECT_EQ(rotated.algorithm, "oft");
  const LoraInfo shuffled = inspectLora(write({{"lora_unet_y.oft_blocks", {"F32", {1, 2, 4, 4}, zeros(128)}}}));
  EXPECT_EQ(shuffled.algorithm, "boft");
  tests::StoredTensors decomposed = oneModule("lora_unet_x", 8);
  decomposed["lora_unet_x.dora_scale"] = {"F32", {16, 1}, zeros(64)};
  EXPECT_EQ(inspectLora(write(decomposed)).algorithm, "dora");
  EXPECT_EQ(inspectLora(write(oneModule("lora_unet_x", 8))).algorithm, "lora");
}

TEST_F(LoraFileTest, namesTheEmbeddingsInside) {
  tests::StoredTensors tensors = oneModule("lora_unet_x", 8);
  tensors["bundle_emb.my style.string_to_param.*"] = {"F32", {1, 8}, zeros(32)};
  tensors["bundle_emb.other.clip_l"] = {"F32", {1, 8}, zeros(32)};
  tensors["bundle_emb.other.clip_g"] = {"F32", {1, 8}, zeros(32)};
  EXPECT_EQ(inspectLora(write(tensors)).embeddings, (std::vector<std::string>{"my style", "other"}));
}

TEST_F(LoraFileTest, thatIsNoneIsRefused) {
  EXPECT_THROW(LoraFile{write({{"x", {"F32", {1}, zeros(4)}}})}, EngineException);
  EXPECT_FALSE(inspectLora(write({{"x", {"F32", {1}, zeros(4)}}})).usable);
}

TEST_F(LoraFileTest, withFactorsThatDoNotFitIsRefused) {
  for (const auto& [down, up] : std::vector<std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>>{
           {{4, 8}, {16, 5}}, {{4}, {16, 4}}, {{4, 8}, {16}}, {{0, 8}, {16, 0}}, {{}, {}}}) {
    const auto bytes = [](const std::vector<std::int64_t>& shape) {
      std::size_t count = 4;
      for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
      return zeros(count);
    };
    const LoraFile file(
        write({{"m.lora_down.weight", {"F32", down, bytes(down)}}, {"m.lora_up.weight", {"F32", up, bytes(up)}}}));
    EXPECT_THROW(file.load(file.keys().modules.at("m")), EngineException);
    EXPECT_NO_THROW(inspectLora(file.path()));
  }
}

TEST_F(LoraFileTest, storedAsWholeNumbersIsRefused) {
  const LoraFile file(
      write({{"m.lora_down.weight", {"I8", {1, 4}, zeros(4)}}, {"m.lora_up.weight", {"I8", {4, 1}, zeros(4)}}}));
  EXPECT_THROW(file.load(file.keys().modules.at("m")), EngineException);
}

}  // namespace
}  // namespace studio::engine
