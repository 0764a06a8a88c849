#include "engine/pipeline/prompt_cache.h"

#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

PromptCache::Key keyOf(int number) {
  PromptCache::Key key;
  key.prompt = std::to_string(number);
  return key;
}

Conditioning ofBytes(std::int64_t bytes) { return {at::zeros({1, 1, bytes / 4}, at::kFloat), {}, {}}; }

TEST(PromptCache, keepsTheLastPrompts) {
  PromptCache cache;
  for (int i = 0; i < 100; ++i) cache.add(keyOf(i), ofBytes(400));
  EXPECT_TRUE(cache.find(keyOf(99)));
  EXPECT_TRUE(cache.find(keyOf(90)));
  EXPECT_FALSE(cache.find(keyOf(0)));
}

TEST(PromptCache, keepsFewerWhenTheyAreLarge) {
  PromptCache cache;
  for (int i = 0; i < 4; ++i) cache.add(keyOf(i), ofBytes(50 << 20));
  EXPECT_TRUE(cache.find(keyOf(3)));
  EXPECT_TRUE(cache.find(keyOf(2)));
  EXPECT_FALSE(cache.find(keyOf(1)));
  cache.add(keyOf(4), ofBytes(200 << 20));  // larger than all that is kept: only it
  EXPECT_TRUE(cache.find(keyOf(4)));
  EXPECT_FALSE(cache.find(keyOf(3)));
}

}  // namespace
}  // namespace studio::engine
