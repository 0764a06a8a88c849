#include "engine/adapters/effective_weights.h"
#include "engine/adapters/lora_file.h"
#include "engine/api/engine_error.h"
#include "tests/support/test_data.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

/// Knows the names of a network and nothing else.
class Names final : public TensorSource {
 public:
  explicit Names(std::map<std::string, std::vector<std::int64_t>> shapes) : shapes_(std::move(shapes)) {}
  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override {
    const auto found = shapes_.find(name);
    return found == shapes_.end() ? nullptr : &found->second;
  }
  at::Tensor load(const std::string& name) const override { throw std::logic_error(name); }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& entry : shapes_) names.push_back(entry.first);
    return names;
  }

 private:
  std::map<std::string, std::vector<std::int64_t>> shapes_;
};

TEST(RealLora, ofOldAttentionProcessorsIsUnderstood) {
  STUDIO_NEED_TEST_DATA("lora/sd15_diffusers_rank4.safetensors");
  const auto path = tests::testData("lora/sd15_diffusers_rank4.safetensors");
  const LoraInfo info = inspectLora(path);
  EXPECT_EQ(info.kind, "LoRA");
  EXPECT_EQ(info.rank, 4);
  EXPECT_EQ(info.base, ModelFamily::StableDiffusion1);
  EXPECT_EQ(info.unetModules, 128);
  EXPECT_EQ(info.textEncoderModules, 0);
  EXPECT_TRUE(info.usable) << info.reason;

  std::map<std::string, std::vector<std::int64_t>> shapes;
  const std::string attention = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.";
  for (const char* layer : {"to_q", "to_k", "to_v", "to_out.0"}) shapes[attention + layer + ".weight"] = {320, 320};
  const auto network = std::make_shared<Names>(shapes);
  EffectiveWeights weights(network, Part::UNet);
  EXPECT_EQ(weights.add({std::make_shared<LoraFile>(path), 1}, LayerNames({{Part::UNet, network.get()}})), 4);
}

TEST(RealLora, ofTheLoKrKindIsUnderstood) {
  STUDIO_NEED_TEST_DATA("lora/smart_falcon_16_lokr.safetensors");
  const auto path = tests::testData("lora/smart_falcon_16_lokr.safetensors");
  const LoraInfo info = inspectLora(path);
  EXPECT_EQ(info.kind, "LoKr");
  EXPECT_EQ(info.algorithm, "lokr");
  EXPECT_TRUE(info.usable) << info.reason;
  EXPECT_EQ(info.base, ModelFamily::StableDiffusion1);
  EXPECT_EQ(info.rank, 16);
  EXPECT_EQ(info.alpha, 16);
  EXPECT_EQ(info.textEncoderModules, 72);
  EXPECT_EQ(info.unetModules, 278);
  EXPECT_FALSE(info.triggers.empty());

  const std::string resnet = "up_blocks.3.resnets.2.";
  const auto network = std::make_shared<Names>(std::map<std::string, std::vector<std::int64_t>>{
      {resnet + "conv_shortcut.weight", {320, 640, 1, 1}}, {resnet + "time_emb_proj.weight", {320, 1280}}});
  EffectiveWeights weights(network, Part::UNet);
  EXPECT_EQ(weights.add({std::make_shared<LoraFile>(path), 1}, LayerNames({{Part::UNet, network.get()}})), 2);
}

TEST(RealLora, withNumbersForNamesIsUnderstood) {
  STUDIO_NEED_TEST_DATA("lora/cloneofsimo_analog_svd_rank4.safetensors");
  const auto path = tests::testData("lora/cloneofsimo_analog_svd_rank4.safetensors");
  const LoraInfo info = inspectLora(path);
  EXPECT_EQ(info.algorithm, "lora");
  EXPECT_EQ(info.rank, 4);
  EXPECT_EQ(info.base, ModelFamily::StableDiffusion1);
  EXPECT_EQ(info.unetModules, 144);
  EXPECT_EQ(info.textEncoderModules, 48);
  EXPECT_TRUE(info.usable) << info.reason;

  std::map<std::string, std::vector<std::int64_t>> shapes;
  const std::string block = "down_blocks.0.attentions.0.transformer_blocks.0.";
  for (const std::string attention : {"attn1.", "attn2."}) {
    const std::int64_t context = attention == "attn1." ? 320 : 768;
    for (const auto& [layer, inputs] :
         std::map<std::string, std::int64_t>{{"to_q", 320}, {"to_k", context}, {"to_v", context}, {"to_out.0", 320}})
      shapes[block + attention + layer + ".weight"] = {320, inputs};
  }
  shapes[block + "ff.net.0.proj.weight"] = {2560, 320};
  const auto network = std::make_shared<Names>(shapes);
  EffectiveWeights weights(network, Part::UNet);
  EXPECT_EQ(weights.add({std::make_shared<LoraFile>(path), 1}, LayerNames({{Part::UNet, network.get()}})), 9);
}

}  // namespace
}  // namespace studio::engine
