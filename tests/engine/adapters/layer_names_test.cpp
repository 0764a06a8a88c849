#include "engine/adapters/layer_names.h"

#include "engine/adapters/layer_order.h"
#include "engine/adapters/ldm_layers.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class LayerNamesTest : public testing::Test {
 protected:
  std::string found(const std::string& module) const {
    const auto key = names_.find(module);
    return key ? std::string(partName(key->part)) + " " + key->name : std::string();
  }

  const std::shared_ptr<const TensorSource> unet_ = tests::networkWeights("unet"),
                                            text_ = tests::networkWeights("text_encoder");
  const LayerNames names_{{{Part::UNet, unet_.get()}, {Part::TextEncoder, text_.get()}, {Part::Vae, nullptr}}};
  const std::string query_ = "UNet down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight";
  const std::string textQuery_ = "Text encoder encoder.layers.0.self_attn.q_proj.weight";
};

TEST_F(LayerNamesTest, knowEveryProgramsNameOfALayerOfTheUNet) {
  for (const char* name : {"lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
                           "lycoris_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
                           "lycoris_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q",
                           "lora_unet_input_blocks_1_1_transformer_blocks_0_attn1_to_q",
                           "diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q",
                           "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q",
                           "base_model.model.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q",
                           "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q",
                           "down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q", "unet:0"}) {
    EXPECT_EQ(found(name), query_) << name;
  }
  EXPECT_TRUE(
      found("down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_out").ends_with("to_out.0.weight"));
}

TEST_F(LayerNamesTest, knowEveryProgramsNameOfALayerOfTheTextEncoder) {
  for (const char* name :
       {"lora_te_text_model_encoder_layers_0_self_attn_q_proj", "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
        "lycoris_text_model_encoder_layers_0_self_attn_q_proj",
        "text_encoder.text_model.encoder.layers.0.self_attn.q_proj",
        "base_model.model.text_model.encoder.layers.0.self_attn.q_proj", "text_encoder:2"}) {
    EXPECT_EQ(found(name), textQuery_) << name;
  }
}

TEST_F(LayerNamesTest, findNothingForForeignNames) {
  for (const char* name : {"", "unet.nothing.of.this", "lora_unet_", "unet:100000", "unet:-1", "text_encoder:x"}) {
    EXPECT_EQ(found(name), "") << name;
  }
}

TEST(LdmLayerNames, countBlocksOfADirectionInOneRow) {
  // A UNet of two levels with two layers each, attention at the second only.
  const std::vector<std::string> layers{"conv_in",
                                        "down_blocks.0.resnets.0.conv1",
                                        "down_blocks.0.resnets.1.conv_shortcut",
                                        "down_blocks.0.downsamplers.0.conv",
                                        "down_blocks.1.resnets.0.time_emb_proj",
                                        "down_blocks.1.attentions.0.proj_in",
                                        "down_blocks.1.resnets.1.conv2",
                                        "down_blocks.1.attentions.1.proj_out",
                                        "mid_block.attentions.0.proj_in",
                                        "mid_block.resnets.1.conv1",
                                        "up_blocks.0.resnets.2.norm1",
                                        "up_blocks.0.attentions.2.proj_in",
                                        "up_blocks.0.upsamplers.0.conv",
                                        "up_blocks.1.resnets.2.norm2",
                                        "conv_out"};
  const std::vector<std::string> expected{"input_blocks.0.0",
                                          "input_blocks.1.0.in_layers.2",
                                          "input_blocks.2.0.skip_connection",
                                          "input_blocks.3.0.op",
                                          "input_blocks.4.0.emb_layers.1",
                                          "input_blocks.4.1.proj_in",
                                          "input_blocks.5.0.out_layers.3",
                                          "input_blocks.5.1.proj_out",
                                          "middle_block.1.proj_in",
                                          "middle_block.2.in_layers.2",
                                          "output_blocks.2.0.in_layers.0",
                                          "output_blocks.2.1.proj_in",
                                          "output_blocks.2.2.conv",
                                          "output_blocks.5.0.out_layers.0",
                                          "out.2"};
  const auto names = ldmLayerNames(layers);
  for (std::size_t i = 0; i < layers.size(); ++i) EXPECT_EQ(names.at(layers[i]), expected[i]) << layers[i];
}

TEST(CountedLayers, goDownUpAndThenThroughTheMiddle) {
  std::vector<std::string> tensors;
  for (const std::string block : {"mid_block.attentions.0.", "down_blocks.10.attentions.0.",
                                  "down_blocks.2.attentions.1.", "up_blocks.0.attentions.0."}) {
    for (const char* layer : {"attn1.to_k", "attn1.to_q", "ff.net.0.proj", "ff.net.2", "attn2.to_out.0"})
      tensors.push_back(block + "transformer_blocks.0." + layer + ".weight");
  }
  const auto layers = countedLayers(tensors, Part::UNet);
  ASSERT_EQ(layers.size(), 16U);
  EXPECT_EQ(layers[0], "down_blocks.2.attentions.1.transformer_blocks.0.attn1.to_q.weight");
  EXPECT_EQ(layers[2], "down_blocks.2.attentions.1.transformer_blocks.0.ff.net.0.proj.weight");
  EXPECT_EQ(layers[4], "down_blocks.10.attentions.0.transformer_blocks.0.attn1.to_q.weight");
  EXPECT_TRUE(layers[8].starts_with("up_blocks.0"));
  EXPECT_TRUE(layers[15].starts_with("mid_block"));
}

}  // namespace
}  // namespace studio::engine
