#include "engine/weights/distilled_models.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(DistilledModels, areToldByTheirFileName) {
  struct Case {
    const char* name;
    const char* method;
    int steps;
  };
  for (const Case& c : {Case{"sdxl_lightning_4step", "Lightning", 4}, Case{"DreamShaperXL_Lightning", "Lightning", 4},
                        Case{"Hyper-SDXL-8steps", "Hyper-SD", 8}, Case{"sd_xl_turbo_1.0_fp16", "Turbo", 4},
                        Case{"realisticLCM", "LCM", 6}, Case{"LCM_Dreamshaper_v7", "LCM", 6},
                        Case{"dmd2_sdxl_4step_unet_fp16", "DMD2", 4}, Case{"model-TCD", "TCD", 4},
                        Case{"sdxl_lightning_2-step", "Lightning", 2}}) {
    const auto found = suggestedSettings(c.name, {});
    ASSERT_TRUE(found) << c.name;
    EXPECT_EQ(found->method, c.method) << c.name;
    EXPECT_EQ(found->steps, c.steps) << c.name;
    EXPECT_EQ(found->source, "file name");
  }
}

TEST(DistilledModels, areNotSeenInOtherWords) {
  for (const char* name : {"sd_xl_base_1.0", "hyperrealism", "calcmodel", "dreamshaper_8", "step", "4step", ""})
    EXPECT_FALSE(suggestedSettings(name, {})) << name;
}

TEST(DistilledModels, areToldByTheirMetadataToo) {
  const auto found = suggestedSettings("merge", {{"modelspec.title", "My Lightning merge, 8 step"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->source, "metadata");
  EXPECT_EQ(found->steps, 8);
  EXPECT_EQ(found->guidanceScale, 1);
  EXPECT_EQ(found->schedule, Schedule::Turbo);
}

}  // namespace
}  // namespace studio::engine
