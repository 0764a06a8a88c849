#include "engine/weights/key_map.h"

#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace studio::engine {
namespace {

std::vector<std::string> keysOf(const tests::StoredTensors& tensors) {
  std::vector<std::string> keys;
  for (const auto& entry : tensors) keys.push_back(entry.first);
  return keys;
}

/// Canonical names of one part.
std::set<std::string> namesOf(const KeyMap& map, Part part) {
  std::set<std::string> names;
  for (const auto& [key, canonical] : map.keys) {
    if (canonical.part == part) names.insert(canonical.name);
  }
  return names;
}

std::set<std::string> expected(const std::string& network) {
  const auto names = tests::networkWeights(network)->names();
  return {names.begin(), names.end()};
}

TEST(KeyMap, findsEveryTensorOfASingleFile) {
  const KeyMap map = mapKeys(keysOf(tests::singleFileTensors()));
  EXPECT_EQ(namesOf(map, Part::UNet), expected("unet"));
  EXPECT_EQ(namesOf(map, Part::TextEncoder), expected("text_encoder"));
  EXPECT_EQ(namesOf(map, Part::Vae), expected("vae"));
  EXPECT_EQ(map.ignored, 0);
  EXPECT_EQ(map.unknown, 0);
}

TEST(KeyMap, findsTwoLayersALevel) {
  EXPECT_EQ(namesOf(mapKeys(keysOf(tests::singleFileTensors({.networks = {"unet_deep"}}))), Part::UNet),
            expected("unet_deep"));
}

TEST(KeyMap, findsOneNetworkAlone) {
  EXPECT_EQ(namesOf(mapKeys(keysOf(tests::singleFileTensors({.networks = {"vae"}}))), Part::Vae), expected("vae"));
  EXPECT_EQ(namesOf(mapKeys(keysOf(tests::singleFileTensors({.networks = {"tiny_vae"}}))), Part::TinyVae),
            expected("tiny_vae"));
}

TEST(KeyMap, acceptsTextEncodersWithoutTheInnerPrefix) {
  const KeyMap map = mapKeys(keysOf(tests::singleFileTensors({.shortTextNames = true})));
  EXPECT_EQ(namesOf(map, Part::TextEncoder), expected("text_encoder"));
  EXPECT_EQ(map.unknown, 0);
}

TEST(KeyMap, knowsATextEncoderAloneWithoutAnyPrefix) {
  std::vector<std::string> keys = keysOf(tests::singleFileTensors({.networks = {"text_encoder"}}));
  for (std::string& key : keys) key.erase(0, std::string("cond_stage_model.transformer.text_model.").size());
  const KeyMap map = mapKeys(keys);
  EXPECT_EQ(namesOf(map, Part::TextEncoder), expected("text_encoder"));
  EXPECT_TRUE(namesOf(map, Part::TinyVae).empty());
  EXPECT_EQ(map.unknown, 0);
}

TEST(KeyMap, countsLeftoversAndWhatNobodyKnows) {
  const KeyMap map = mapKeys(keysOf(tests::singleFileTensors({.leftovers = true})));
  EXPECT_EQ(namesOf(map, Part::UNet), expected("unet"));
  EXPECT_EQ(map.ignored, 11);
  EXPECT_EQ(map.unknown, 1);
}

TEST(KeyMap, acceptsTheBareNamesOfEachPart) {
  const auto stripped = [](const std::string& network, std::size_t prefix) {
    std::vector<std::string> keys = keysOf(tests::singleFileTensors({.networks = {network}}));
    for (std::string& key : keys) key.erase(0, prefix);
    return keys;
  };
  EXPECT_EQ(namesOf(mapKeys(stripped("unet", 22)), Part::UNet), expected("unet"));
  EXPECT_EQ(namesOf(mapKeys(stripped("vae", 18)), Part::Vae), expected("vae"));
  EXPECT_EQ(namesOf(mapKeys(stripped("text_encoder", 29)), Part::TextEncoder), expected("text_encoder"));
}

TEST(KeyMap, acceptsTheFirstDiffusersNamesOfAttention) {
  std::vector<std::string> keys;
  for (std::string key : expected("vae")) {
    for (const auto& [now, then] : {std::pair(".to_q.", ".query."), std::pair(".to_k.", ".key."),
                                    std::pair(".to_v.", ".value."), std::pair(".to_out.0.", ".proj_attn.")}) {
      const std::size_t at = key.find(now);
      if (at != std::string::npos) key.replace(at, std::string(now).size(), then);
    }
    keys.push_back(key);
  }
  ASSERT_EQ(std::count(keys.begin(), keys.end(), "decoder.mid_block.attentions.0.query.weight"), 1);
  EXPECT_EQ(namesOf(mapKeys(keys, Part::Vae), Part::Vae), expected("vae"));
}

TEST(KeyMap, readsBothSpellingsOfTaesd) {
  // diffusers counts the decoder's layers without the clamp, and stands behind "layers.".
  std::vector<std::string> keys;
  for (std::string name : expected("tiny_vae")) {
    const std::size_t dot = name.find('.', 8);
    const int number = std::stoi(name.substr(8, dot - 8));
    keys.push_back(name.substr(0, 8) + "layers." + std::to_string(number - (name.starts_with("decoder") ? 1 : 0)) +
                   name.substr(dot));
  }
  EXPECT_EQ(namesOf(mapKeys(keys), Part::TinyVae), expected("tiny_vae"));
}

TEST(KeyMap, readsADecoderOfTaesdAlone) {
  std::set<std::string> decoder;
  std::vector<std::string> keys;
  for (const std::string& name : expected("tiny_vae")) {
    if (name.starts_with("decoder.")) decoder.insert(name), keys.push_back(name.substr(8));
  }
  EXPECT_EQ(namesOf(mapKeys(keys), Part::TinyVae), decoder);
}

TEST(KeyMap, findsEveryTensorOfTheOtherFamilies) {
  const KeyMap xl = mapKeys(keysOf(tests::singleFileTensors(tests::xlStyle())));
  EXPECT_EQ(namesOf(xl, Part::UNet), expected("xl_unet"));
  EXPECT_EQ(namesOf(xl, Part::TextEncoder), expected("text_encoder"));
  EXPECT_EQ(namesOf(xl, Part::TextEncoder2), expected("xl_text_2"));
  EXPECT_EQ(xl.unknown, 0);
  const KeyMap refiner = mapKeys(keysOf(tests::singleFileTensors(tests::refinerStyle())));
  EXPECT_EQ(namesOf(refiner, Part::UNet), expected("refiner_unet"));
  EXPECT_EQ(namesOf(refiner, Part::TextEncoder2), expected("xl_text_2"));
  EXPECT_TRUE(namesOf(refiner, Part::TextEncoder).empty());
  const KeyMap two = mapKeys(keysOf(tests::singleFileTensors(tests::stableDiffusion2Style())));
  EXPECT_EQ(namesOf(two, Part::UNet), expected("sd2_unet"));
  EXPECT_EQ(namesOf(two, Part::TextEncoder), expected("sd2_text"));
  EXPECT_EQ(two.unknown + refiner.unknown, 0);
  EXPECT_EQ(namesOf(mapKeys(keysOf(tests::singleFileTensors({.networks = {"pruned_unet"}}))), Part::UNet),
            expected("pruned_unet"));
}

TEST(KeyMap, survivesHostileNames) {
  const std::vector<std::string> keys{"model.diffusion_model.input_blocks.0.0.weight",
                                      "model.diffusion_model.input_blocks.99999999999999999999.0.weight",
                                      "model.diffusion_model.output_blocks..",
                                      "decoder.layers.99999999999999999999.weight",
                                      "decoder.layers..weight",
                                      "decoder.layers.-1.weight",
                                      "first_stage_model.decoder.conv_in.weight",
                                      "first_stage_model.decoder.mid.block_1.conv1.weight",
                                      "first_stage_model.decoder.up.999.block.0.conv1.weight",
                                      "first_stage_model.decoder.up.1.block.",
                                      "first_stage_model.decoder.up.",
                                      "first_stage_model.decoder.up.1.",
                                      "",
                                      ".",
                                      "..",
                                      "cond_stage_model.model.transformer.resblocks..attn.in_proj_weight",
                                      "cond_stage_model.model.transformer.resblocks.",
                                      "taesd_decoder."};
  const KeyMap map = mapKeys(keys);
  EXPECT_EQ(static_cast<std::int64_t>(map.keys.size()) + map.ignored + map.unknown,
            static_cast<std::int64_t>(keys.size()) + 2);  // one matrix holds three
}

}  // namespace
}  // namespace studio::engine
