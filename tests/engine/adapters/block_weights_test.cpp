#include "engine/adapters/block_weights.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(BlockWeights, areOneForEverythingWhenNothingIsSaid) {
  const BlockWeights all;
  for (const char* layer : {"", "input_blocks.4.1.proj_in", "middle_block.1.proj_in", "output_blocks.11.0.in_layers.2"})
    EXPECT_EQ(all.of(layer), 1) << layer;
  EXPECT_EQ(all.base(), 1);
}

TEST(BlockWeights, nameTheBlocksWithTransformersInShortLists) {
  const auto weights = BlockWeights::parse("0.5, 1,2,3,4,5,6, 7, 8,9,10,11,12,13,14,15,16");
  ASSERT_TRUE(weights);
  EXPECT_EQ(weights->base(), 0.5);
  EXPECT_EQ(weights->of("time_embed.0"), 0.5);
  EXPECT_EQ(weights->of("input_blocks.1.1.proj_in"), 1);
  EXPECT_EQ(weights->of("input_blocks.8.1.proj_in"), 6);
  EXPECT_EQ(weights->of("input_blocks.3.0.op"), 0);
  EXPECT_EQ(weights->of("middle_block.1.proj_in"), 7);
  EXPECT_EQ(weights->of("output_blocks.3.1.proj_in"), 8);
  EXPECT_EQ(weights->of("output_blocks.11.1.proj_in"), 16);
  EXPECT_EQ(weights->of("output_blocks.0.0.in_layers.2"), 0);
}

TEST(BlockWeights, nameEveryBlockInLongLists) {
  const auto large = BlockWeights::parse("1,0,0,0,0,0,0,0,0,0,0,0,11,13,0,0,0,0,0,0,0,0,0,0,0,25");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->of("input_blocks.11.0.in_layers.2"), 11);
  EXPECT_EQ(large->of("middle_block.0.in_layers.2"), 13);
  EXPECT_EQ(large->of("output_blocks.11.0.in_layers.2"), 25);
  const auto xl = BlockWeights::parse("1,4,5,7,8,9,10,11,12,13,14,15");
  ASSERT_TRUE(xl);
  EXPECT_EQ(xl->of("input_blocks.4.1.proj_in"), 4);
  EXPECT_EQ(xl->of("output_blocks.5.1.proj_in"), 15);
}

TEST(BlockWeights, knowTheUsualNames) {
  const auto middle = BlockWeights::parse("MIDD");
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->of("input_blocks.1.1.proj_in"), 0);
  EXPECT_EQ(middle->of("input_blocks.5.1.proj_in"), 1);
  EXPECT_EQ(middle->of("output_blocks.11.1.proj_in"), 0);
  EXPECT_EQ(BlockWeights::parse("ALL0.5")->of("middle_block.1.proj_in"), 0.5);
}

TEST(BlockWeights, areNothingForOtherTexts) {
  for (const char* text :
       {"", "1", "1,2", "R,1,1,1,1,1,1,1,1,1,1,1", "1,,1,1,1,1,1,1,1,1,1,1", "nan,1,1,1,1,1,1,1,1,1,1,1",
        "1e9,1,1,1,1,1,1,1,1,1,1,1", "middd", "1,1,1,1,1,1,1,1,1,1,1,1,1"}) {
    EXPECT_FALSE(BlockWeights::parse(text)) << text;
  }
}

}  // namespace
}  // namespace studio::engine
