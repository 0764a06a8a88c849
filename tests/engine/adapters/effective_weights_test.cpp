#include "engine/adapters/effective_weights.h"

#include "engine/api/engine_error.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

const std::string kQuery = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight";

class EffectiveWeightsTest : public testing::Test {
 protected:
  std::shared_ptr<const LoraFile> lora(tests::LoraNaming naming) const {
    return std::make_shared<LoraFile>(tests::writeLora(
        folder_ / (naming == tests::LoraNaming::Kohya ? "kohya.safetensors" : "peft.safetensors"), naming));
  }
  EffectiveWeights weights(const AppliedLora& applied, Part part = Part::UNet) const {
    EffectiveWeights result(part == Part::UNet ? unet_ : text_, part);
    result.add(applied, names_);
    return result;
  }

  const tests::TemporaryFolder folder_;
  const std::shared_ptr<const TensorSource> unet_ = tests::networkWeights("unet"),
                                            text_ = tests::networkWeights("text_encoder");
  const LoraNames names_{*unet_, text_.get()};
};

TEST_F(EffectiveWeightsTest, addUpTimesDownTimesAlphaOverRank) {
  const auto file = lora(tests::LoraNaming::Kohya);
  const LoraLayer layer =
      file->load(file->keys().modules.at("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"));
  EXPECT_EQ(layer.alpha, 2);
  const at::Tensor expected = unet_->load(kQuery).to(at::kFloat) + at::matmul(layer.up, layer.down) * (0.7 * 2 / 4);
  EXPECT_LT(tests::relativeError(weights({file, 0.7}).load(kQuery), expected), 1e-7);
}

TEST_F(EffectiveWeightsTest, touchEveryLayerOfTheFileInBothNamings) {
  for (const auto naming : {tests::LoraNaming::Kohya, tests::LoraNaming::Peft}) {
    EXPECT_EQ(weights({lora(naming), 1}).touched().size(), 8U);
    EXPECT_EQ(weights({lora(naming), 1}, Part::TextEncoder).touched().size(), 2U);
  }
}

TEST_F(EffectiveWeightsTest, areTheSameBitsFromBothNamings) {
  const EffectiveWeights kohya = weights({lora(tests::LoraNaming::Kohya), 0.8}),
                         peft = weights({lora(tests::LoraNaming::Peft), 0.8});
  for (const std::string& name : kohya.touched()) EXPECT_TRUE(kohya.load(name).equal(peft.load(name))) << name;
}

TEST_F(EffectiveWeightsTest, keepTheShapeOfConvolutions) {
  const EffectiveWeights changed = weights({lora(tests::LoraNaming::Kohya), 1});
  for (const std::string& name : changed.touched())
    EXPECT_EQ(changed.load(name).sizes().vec(), *unet_->shapeOf(name)) << name;
}

TEST_F(EffectiveWeightsTest, handOtherLayersThroughAsStored) {
  const EffectiveWeights changed = weights({lora(tests::LoraNaming::Kohya), 1});
  EXPECT_EQ(changed.load("conv_in.weight").scalar_type(), at::kHalf);
  EXPECT_TRUE(changed.load("conv_in.weight").equal(unet_->load("conv_in.weight")));
}

TEST_F(EffectiveWeightsTest, refuseALoraOfAnotherSizeBeforeAnythingIsRead) {
  tests::StoredTensors tensors;
  const std::string name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  tensors[name + ".lora_down.weight"] = {"F32", {1, 320}, std::string(1280, '\0')};
  tensors[name + ".lora_up.weight"] = {"F32", {320, 1}, std::string(1280, '\0')};
  const auto file = std::make_shared<LoraFile>(folder_.write("other.safetensors", tests::safetensorsBytes(tensors)));
  try {
    weights({file, 1});
    FAIL() << "accepted";
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::WrongFamily);
    EXPECT_NE(error.error().message.find("other.safetensors"), std::string::npos);
  }
}

TEST_F(EffectiveWeightsTest, knowTheNamesOfDiffusersFirstAttentionProcessors) {
  const auto to = names_.find("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q");
  ASSERT_TRUE(to);
  EXPECT_EQ(to->name, kQuery);
  const auto out = names_.find("down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_out");
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->name.ends_with("attn1.to_out.0.weight"));
  EXPECT_FALSE(names_.find("unet.nothing.of.this"));
}

}  // namespace
}  // namespace studio::engine
