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
  EXPECT_EQ(weights.add({std::make_shared<LoraFile>(path), 1}, LoraNames(*network, nullptr)), 4);
}

TEST(RealLora, ofTheLoKrKindIsRefusedByName) {
  STUDIO_NEED_TEST_DATA("lora/smart_falcon_16_lokr.safetensors");
  const auto path = tests::testData("lora/smart_falcon_16_lokr.safetensors");
  const LoraInfo info = inspectLora(path);
  EXPECT_EQ(info.kind, "LoKr");
  EXPECT_FALSE(info.usable);
  EXPECT_EQ(info.alpha, 16);
  EXPECT_FALSE(info.triggers.empty());
  try {
    const LoraFile file(path);
    FAIL() << "accepted";
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().message,
              "smart_falcon_16_lokr.safetensors is a LoKr file; this version applies LoRA and LoCon only.");
  }
}

TEST(RealLora, withNumbersForNamesIsRefused) {
  STUDIO_NEED_TEST_DATA("lora/cloneofsimo_analog_svd_rank4.safetensors");
  const auto path = tests::testData("lora/cloneofsimo_analog_svd_rank4.safetensors");
  EXPECT_FALSE(inspectLora(path).usable);
  EXPECT_THROW(LoraFile{path}, EngineException);
}

}  // namespace
}  // namespace studio::engine
