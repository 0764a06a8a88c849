#include "engine/diffusion/unet.h"
#include "engine/memory/block_runner.h"
#include "engine/ops/ops.h"
#include "engine/text/clip_text_encoder.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/weights/random_tensor_source.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

/// What a shape run says of a network against what the allocator counts when it runs.
namespace studio::engine {
namespace {

using ops::ComputeFormat;

/// Calls a network; activations are made on the runner's device.
using Call = std::function<void(BlockRunner&)>;

class MemoryPrediction : public testing::Test {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }

  static ActivationProfile profileOf(const WeightTable& table, const Call& call) {
    Residency residency(table, nullptr, ComputeFormat::Float32, at::kMeta);
    ProfileRecorder recorder("network");
    BlockRunner runner(residency, recorder);
    call(runner);
    return recorder.take();
  }

  /// Peak of the device pool in a second run, when all weights are placed.
  static std::int64_t measured(const WeightTable& table, const Call& call) {
    Residency residency(table, std::make_shared<RandomTensorSource>(table, 1), ComputeFormat::Float32, at::kCPU);
    const std::int64_t before = devicePool().current.count;
    residency.placeAll({});
    resetPeaks();
    BlockRunner runner(residency, {});
    call(runner);
    return devicePool().peak.count - before;
  }

  static void expectPredicted(const WeightTable& table, const Call& call) {
    const ActivationProfile profile = profileOf(table, call);
    std::int64_t activations = 0;
    for (const BlockProfile& block : profile.blocks) activations = std::max(activations, block.activationBytes);
    const double ratio =
        static_cast<double>(measured(table, call)) / static_cast<double>(profile.weightBytes() + activations);
    RecordProperty("ratio", std::to_string(ratio));
    EXPECT_GE(ratio, 0.97);
    EXPECT_LE(ratio, 1.01);
    EXPECT_GT(activations, 0);
    // What is predicted of activations alone must be right too: weights are most of a network.
    const double alone =
        static_cast<double>(measured(table, call) - profile.weightBytes()) / static_cast<double>(activations);
    EXPECT_GE(alone, 0.95) << activations << " predicted";
    EXPECT_LE(alone, 1.05);
  }

  static at::Tensor empty(BlockRunner& runner, at::IntArrayRef sizes) {
    const PoolScope pool(MemoryPool::Host);
    return ops::place(at::zeros(sizes, at::kFloat), runner.format(), runner.device());
  }

  /// A small UNet with every kind of block.
  static UNetConfig smallUNet() {
    UNetConfig config = stableDiffusion15UNet();
    config.timeWidth = 128, config.contextWidth = 64;
    config.levels = {{64, {1, 1}, {1, 1, 1}}, {128, {1, 1}, {1, 1, 1}}, {128, {0, 0}, {0, 0, 0}}};
    return config;
  }

  const c10::InferenceMode inference_;
};

TEST_F(MemoryPrediction, holdsForAUNetOfAnySizeAndBatch) {
  const UNet unet(smallUNet());
  for (const auto& [batch, height, width] : {std::tuple{1, 16, 16}, {2, 32, 24}, {4, 40, 40}}) {
    SCOPED_TRACE(testing::Message() << batch << " of " << height << " x " << width);
    expectPredicted(unet.weights(), [&, b = batch, h = height, w = width](BlockRunner& runner) {
      unet.forward(runner, empty(runner, {b, 4, h, w}), at::full({b}, 500.0, at::kFloat),
                   {empty(runner, {b, 77, 64}), {}, {}});
    });
  }
}

TEST_F(MemoryPrediction, holdsForTheVae) {
  AutoencoderKlConfig config;
  config.channels = {32, 64, 64};
  const AutoencoderKl vae(config);
  expectPredicted(vae.decoderWeights(), [&](BlockRunner& runner) {
    vae.decode(runner, empty(runner, {1, 4, 24, 32}));
  });
  expectPredicted(vae.encoderWeights(), [&](BlockRunner& runner) {
    vae.encode(runner, empty(runner, {1, 3, 96, 64}));
  });
}

TEST_F(MemoryPrediction, holdsForTheTextEncoder) {
  ClipTextConfig config;
  config.width = 128, config.feedForward = 512, config.layers = 3, config.heads = 4;
  const ClipTextEncoder encoder(config);
  expectPredicted(encoder.weights(), [&](BlockRunner& runner) {
    encoder.forward(runner, at::zeros({2, 77}, at::TensorOptions().dtype(at::kLong).device(runner.device())));
  });
}

TEST_F(MemoryPrediction, growsWithTheThreadsThatHaveScratch) {
  const UNet unet(smallUNet());
  const Call call = [&](BlockRunner& runner) {
    unet.forward(runner, empty(runner, {2, 4, 32, 32}), at::full({2}, 500.0, at::kFloat),
                 {empty(runner, {2, 77, 64}), {}, {}});
  };
  const int before = at::get_num_threads();
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    expectPredicted(unet.weights(), call);
  }
  at::set_num_threads(before);
}

}  // namespace
}  // namespace studio::engine
