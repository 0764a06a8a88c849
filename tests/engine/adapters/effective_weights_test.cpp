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
  const LayerNames names_{{{Part::UNet, unet_.get()}, {Part::TextEncoder, text_.get()}}};
};

TEST_F(EffectiveWeightsTest, addUpTimesDownTimesAlphaOverRank) {
  const auto file = lora(tests::LoraNaming::Kohya);
  const AdapterFactors layer =
      file->load(file->keys().modules.at("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"));
  EXPECT_EQ(layer.number(Factor::Alpha), 2);
  const at::Tensor expected =
      unet_->load(kQuery).to(at::kFloat) + at::matmul(layer.at(Factor::Up), layer.at(Factor::Down)) * (0.7 * 2 / 4);
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

TEST_F(EffectiveWeightsTest, takeTheTextEncodersLayersAtTheirOwnStrength) {
  const auto file = lora(tests::LoraNaming::Kohya);
  const AppliedLora applied{file, 0.25, 1.5};
  const EffectiveWeights text = weights(applied, Part::TextEncoder), alone = weights({file, 9, 1.5}, Part::TextEncoder);
  for (const std::string& name : text.touched()) {
    EXPECT_TRUE(text.load(name).equal(alone.load(name))) << name;
    EXPECT_FALSE(text.load(name).equal(text_->load(name).to(at::kFloat))) << name;
  }
  EXPECT_TRUE(weights(applied).load(kQuery).equal(weights({file, 0.25, 0}).load(kQuery)));
}

TEST_F(EffectiveWeightsTest, addSeveralLorasInOrder) {
  const auto kohya = lora(tests::LoraNaming::Kohya), peft = lora(tests::LoraNaming::Peft);
  EffectiveWeights both(unet_, Part::UNet);
  both.add({kohya, 0.5}, names_);
  both.add({peft, 0.25}, names_);
  EXPECT_LT(tests::relativeError(both.load(kQuery), weights({kohya, 0.75}).load(kQuery)), 1e-6);
}

TEST_F(EffectiveWeightsTest, changeBiasesAndNormsToo) {
  const auto floats = [](std::size_t count, float value) {
    const std::vector<float> numbers(count, value);
    return std::string(reinterpret_cast<const char*>(numbers.data()), count * sizeof(float));
  };
  const auto& norm = *unet_->shapeOf("down_blocks.0.resnets.0.norm1.weight");
  const auto width = static_cast<std::size_t>(norm.front());
  const auto outputs = static_cast<std::size_t>(unet_->shapeOf("conv_in.bias")->front());
  tests::StoredTensors tensors;
  tensors["lora_unet_down_blocks_0_resnets_0_norm1.w_norm"] = {"F32", norm, floats(width, 1)};
  tensors["lora_unet_down_blocks_0_resnets_0_norm1.b_norm"] = {"F32", norm, floats(width, 2)};
  tensors["lora_unet_conv_in.diff_b"] = {"F32", {static_cast<std::int64_t>(outputs)}, floats(outputs, 4)};
  const auto file = std::make_shared<LoraFile>(folder_.write("norm.safetensors", tests::safetensorsBytes(tensors)));
  const EffectiveWeights changed = weights({file, 0.5});
  EXPECT_EQ(changed.touched().size(), 3U);
  for (const auto& [name, difference] : std::map<std::string, double>{{"down_blocks.0.resnets.0.norm1.weight", 0.5},
                                                                      {"down_blocks.0.resnets.0.norm1.bias", 1},
                                                                      {"conv_in.bias", 2}}) {
    EXPECT_LT(tests::relativeError(changed.load(name), unet_->load(name).to(at::kFloat) + difference), 1e-6) << name;
  }
}

TEST_F(EffectiveWeightsTest, refuseFactorsThatDoNotFitEachOther) {
  tests::StoredTensors tensors;
  const std::string name = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
  tensors[name + ".lokr_w1"] = {"F32", {2, 2}, std::string(16, '\0')};
  const auto file = std::make_shared<LoraFile>(folder_.write("half.safetensors", tests::safetensorsBytes(tensors)));
  try {
    weights({file, 1});
    FAIL() << "accepted";
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    EXPECT_NE(error.error().message.find("half.safetensors"), std::string::npos);
  }
}

}  // namespace
}  // namespace studio::engine
