#include "engine/vae/tiles.h"

#include "engine/ops/ops.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

/// Decoding in tiles: blended without a trace where tiles agree, and near the whole where they cannot.
namespace studio::engine {
namespace {

class Tiles : public testing::Test {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }

  Tiles() : vae_(config()), residency_(vae_.decoderWeights(), weights(), ops::ComputeFormat::Float32, at::kCPU) {}

  static AutoencoderKlConfig config() {
    AutoencoderKlConfig config;
    config.channels = {32, 32, 64};
    config.layers = 1, config.hasEncoder = false;
    return config;
  }
  std::shared_ptr<const TensorSource> weights() const {
    return std::make_shared<RandomTensorSource>(vae_.decoderWeights(), 5);
  }

  at::Tensor decode(const at::Tensor& latent, const DecodeWay& way) {
    BlockRunner runner(residency_, {});
    return ops::readBack(vae_.decode(runner, ops::place(latent, ops::ComputeFormat::Float32, at::kCPU), way));
  }

  /// Large shapes, as pictures have them.
  at::Tensor smoothLatent(std::int64_t height, std::int64_t width) {
    const at::Tensor coarse = at::randn({1, 4, height / 6 + 2, width / 6 + 2}, generator_, at::kFloat);
    return at::upsample_bicubic2d(coarse, {height, width}, true).contiguous(at::MemoryFormat::ChannelsLast);
  }

  /// Of the whole's range.
  static double signalToNoise(const at::Tensor& tiles, const at::Tensor& whole) {
    const double range = (whole.max() - whole.min()).item<double>();
    return 20 * std::log10(range / (tiles - whole).square().mean().sqrt().item<double>());
  }

  const c10::InferenceMode inference_;
  AutoencoderKl vae_;
  Residency residency_;
  at::Generator generator_ = at::make_generator<at::CPUGeneratorImpl>(20240229);
};

TEST_F(Tiles, leaveNoTraceWhereTheyAgree) {
  const auto enlarged = [](const at::Tensor& x) {
    return ops::upsampleNearest(x.narrow(1, 0, 3).contiguous(at::MemoryFormat::ChannelsLast));
  };
  for (const auto& [height, width, cells] : {std::tuple{40, 23, 16}, {65, 64, 64}, {113, 9, 64}, {7, 7, 16}}) {
    const at::Tensor x =
        at::randn({1, 4, height, width}, generator_, at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
    int most = 0;
    const at::Tensor tiled = decodeInTiles(x, cells, 2, [&](const at::Tensor& tile) {
      most = std::max(most, static_cast<int>(std::max(tile.size(2), tile.size(3))));
      return enlarged(tile);
    });
    EXPECT_LE((tiled - enlarged(x)).abs().max().item<float>(), 2e-6F * x.abs().max().item<float>());
    EXPECT_LE(most, cells);
  }
}

TEST_F(Tiles, goOverIntoEachOtherSlowly) {
  float tileNumber = 0;
  const at::Tensor x = ops::place(at::ones({1, 4, 8, 100}), ops::ComputeFormat::Float32, at::kCPU);
  const at::Tensor tiled = decodeInTiles(x, 64, 8, [&](const at::Tensor& tile) {
    return at::ones({1, 3, 8 * tile.size(2), 8 * tile.size(3)}) * tileNumber++;
  });
  const at::Tensor steps = (tiled.narrow(3, 1, 799) - tiled.narrow(3, 0, 799)).abs();
  EXPECT_NEAR(tiled.max().item<float>(), 1.0F, 1e-6F);
  EXPECT_LT(steps.max().item<float>(), 0.02F) << "of a difference of 1 between the tiles";
}

TEST_F(Tiles, ofOneTileAreTheWhole) {
  const at::Tensor x = smoothLatent(20, 16);
  EXPECT_TRUE(decode(x, {DecodeMode::Tiles, 32}).equal(decode(x, {})));
}

TEST_F(Tiles, areNearTheWholeAndNearerThanTilesNormedByThemselves) {
  // As in a picture the parts differ: each tile's own statistics are not those of the whole.
  const at::Tensor x = smoothLatent(64, 48) + at::linspace(-1.5, 1.5, 64, at::kFloat).view({1, 1, 64, 1});
  const at::Tensor whole = decode(x, {}), tiled = decode(x, {DecodeMode::Tiles, 32});
  BlockRunner runner(residency_, {});
  const at::Tensor alone =
      decodeInTiles(x, 32, vae_.scaleFactor(), [&](const at::Tensor& tile) { return vae_.decode(runner, tile); });
  EXPECT_GT(signalToNoise(tiled, whole), 30) << signalToNoise(alone, whole);
  EXPECT_GT(signalToNoise(tiled, whole), signalToNoise(alone, whole) + 3);
}

TEST_F(Tiles, takeLessThanStripsAndWhatTheShapeRunSays) {
  const auto measured = [&](const DecodeWay& way) {
    residency_.placeAll({});
    const at::Tensor x = ops::place(smoothLatent(64, 64), ops::ComputeFormat::Float32, at::kCPU);
    const std::int64_t before = devicePool().current.count;
    resetPeaks();
    BlockRunner runner(residency_, {});
    vae_.decode(runner, x, way);
    return devicePool().peak.count - before;
  };
  const auto predicted = [&](const DecodeWay& way) {
    Residency shapes(vae_.decoderWeights(), nullptr, ops::ComputeFormat::Float32, at::kMeta);
    ProfileRecorder recorder("vae");
    BlockRunner runner(shapes, recorder);
    vae_.decode(runner,
                ops::place(at::empty({1, 4, 64, 64}, at::TensorOptions().device(at::kMeta)),
                           ops::ComputeFormat::Float32, at::kMeta),
                way);
    std::int64_t peak = 0;
    for (const BlockProfile& block : recorder.take().blocks) peak = std::max(peak, block.activationBytes);
    return peak;
  };
  const DecodeWay tiles{DecodeMode::Tiles, 16};
  const double ratio = static_cast<double>(measured(tiles)) / static_cast<double>(predicted(tiles));
  EXPECT_GE(ratio, 0.97);
  EXPECT_LE(ratio, 1.01);
  EXPECT_LT(2 * predicted(tiles), predicted({DecodeMode::Strips, 8}));
}

}  // namespace
}  // namespace studio::engine
