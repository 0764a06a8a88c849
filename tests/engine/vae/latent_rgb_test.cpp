#include "engine/vae/latent_rgb.h"
#include "tests/support/seeded_random.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using tests::seededRandom;

TEST(LatentRgb, recoversALinearMapFromOneDecode) {
  const LatentRgb truth{seededRandom({4, 3}, 1) * 0.3, seededRandom({3}, 2) * 0.2};
  const at::Tensor latent = seededRandom({1, 4, 24, 16}, 3);
  const at::Tensor pixels = at::upsample_nearest2d(truth.apply(latent), {24 * 8, 16 * 8});
  const LatentRgb fit = fitLatentRgb(latent, pixels);
  EXPECT_LT((fit.factors - truth.factors).abs().max().item<double>(), 2e-3);
  EXPECT_LT((fit.bias - truth.bias).abs().max().item<double>(), 2e-3);
}

TEST(LatentRgb, fitsMeanColoursThroughFineTexture) {
  const LatentRgb truth{seededRandom({4, 3}, 1) * 0.3, seededRandom({3}, 2) * 0.2};
  const at::Tensor latent = seededRandom({1, 4, 32, 32}, 3);
  const at::Tensor pixels =
      at::upsample_nearest2d(truth.apply(latent), {256, 256}) + seededRandom({1, 3, 256, 256}, 4) * 0.2;
  EXPECT_LT((fitLatentRgb(latent, pixels).factors - truth.factors).abs().max().item<double>(), 1e-2);
}

TEST(LatentRgb, keepsAFitOfOneCellFinite) {
  const LatentRgb fit = fitLatentRgb(seededRandom({1, 4, 1, 1}, 1), seededRandom({1, 3, 8, 8}, 2));
  EXPECT_LT(fit.factors.abs().max().item<double>(), 10);
}

TEST(LatentRgb, readsFactorsAndBias) {
  const auto fit = latentRgbFromText(R"({"factors": [[1,2,3],[4,5,6]], "bias": [7,8,9]})", 2);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->factors.equal(at::tensor({1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F}).view({2, 3})));
  EXPECT_TRUE(fit->bias.equal(at::tensor({7.0F, 8.0F, 9.0F})));
}

TEST(LatentRgb, stretchesAMapToZeroAndOneIntoOurRange) {
  const auto fit = latentRgbFromText(R"({"factors": [[0.5,0,0]], "bias": [0.5,0,1], "range": [0,1]})", 1);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->factors.equal(at::tensor({1.0F, 0.0F, 0.0F}).view({1, 3})));
  EXPECT_TRUE(fit->bias.equal(at::tensor({0.0F, -1.0F, 1.0F})));
}

TEST(LatentRgb, takesNothingFromOtherTexts) {
  for (const char* text :
       {"", "[]", "{", "null", R"({"factors": []})", R"({"factors": [[1,2,3]], "bias": [1,2]})",
        R"({"factors": [[1,2,3]], "bias": [1,2,"3"]})", R"({"factors": [[1,2]], "bias": [1,2,3]})",
        R"({"factors": {"a": 1}, "bias": [1,2,3]})", R"({"factors": [[1,2,3],[4,5,6]], "bias": [1,2,3]})",
        R"({"factors": [null], "bias": [1,2,3]})", R"({"factors": [[1e99,0,0]], "bias": [0,0,0]})"}) {
    EXPECT_FALSE(latentRgbFromText(text, 1)) << text;
  }
  EXPECT_FALSE(latentRgbFromText(std::string(1 << 20, '['), 1));
}

TEST(LatentRgb, survivesNesting) { EXPECT_FALSE(latentRgbFromText(std::string(60000, '['), 4)); }

}  // namespace
}  // namespace studio::engine
