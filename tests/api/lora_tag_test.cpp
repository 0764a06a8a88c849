#include "engine/api/lora_tag.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(LoraTag, readsArgumentsByPlace) {
  EXPECT_EQ(parseLoraTag("name"), (LoraTag{"name", 1, 1}));
  EXPECT_EQ(parseLoraTag("name:0.5"), (LoraTag{"name", 0.5, 0.5})) << "one weight is for both";
  EXPECT_EQ(parseLoraTag("name:0.5:+0.25:8"), (LoraTag{"name", 0.5, 0.25, 8}));
}

TEST(LoraTag, readsArgumentsByName) {
  EXPECT_EQ(parseLoraTag("name:unet=0.5:te=0.25:dyn=4:lbw=1,0,0.5"), (LoraTag{"name", 0.25, 0.5, 4, "1,0,0.5"}));
  EXPECT_EQ(parseLoraTag("name:0.7:start=3"), (LoraTag{"name", 0.7, 0.7})) << "what nobody knows changes nothing";
}

TEST(LoraTag, isNothingWithoutANameOrWithAWeightThatIsNoNumber) {
  for (const char* inside : {"", ":1", "name:", "name:strong", "name:1:nan", "name:te=inf", "name:1e999"}) {
    EXPECT_EQ(parseLoraTag(inside), std::nullopt) << inside;
  }
}

TEST(LoraTag, keepsRanksInBounds) {
  EXPECT_EQ(parseLoraTag("name:1:1:-3")->dynamicRank, 0);
  EXPECT_EQ(parseLoraTag("name:1:1:1e300")->dynamicRank, 1 << 16);
}

}  // namespace
}  // namespace studio::engine
