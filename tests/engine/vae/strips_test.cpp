#include "engine/api/cancelled.h"
#include "engine/ops/ops.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/vae/tiny_autoencoder.h"
#include "engine/weights/random_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <stop_token>
#include <utility>
#include <vector>

/// Decoding in strips against decoding whole: the same bits on the CPU in fp32, less memory.
namespace studio::engine {
namespace {

using ops::ComputeFormat;

class Strips : public testing::Test {
 protected:
  static void SetUpTestSuite() { installBudgetAllocator(); }

  struct Decoded {
    at::Tensor picture;
    std::int64_t peak = 0;
  };

  static Decoded decode(const Vae& vae, Residency& residency, const at::Tensor& latent, const DecodeWay& way) {
    residency.placeAll({});
    BlockRunner runner(residency, {});
    const at::Tensor placed = ops::place(latent, residency.format(), at::kCPU);
    const std::int64_t before = devicePool().current.count;
    resetPeaks();
    at::Tensor picture = vae.decode(runner, placed, way);
    return {ops::readBack(picture), devicePool().peak.count - before};
  }

  static std::int64_t predicted(const Vae& vae, at::IntArrayRef latent, const DecodeWay& way) {
    Residency residency(vae.decoderWeights(), nullptr, ComputeFormat::Float32, at::kMeta);
    ProfileRecorder recorder("vae");
    BlockRunner runner(residency, recorder);
    vae.decode(runner,
               ops::place(at::empty(latent, at::TensorOptions().device(at::kMeta)), ComputeFormat::Float32, at::kMeta),
               way);
    std::int64_t peak = 0;
    for (const BlockProfile& block : recorder.take().blocks) peak = std::max(peak, block.activationBytes);
    return peak;
  }

  static Residency randomWeights(const Vae& vae, ComputeFormat format = ComputeFormat::Float32) {
    return {vae.decoderWeights(), std::make_shared<RandomTensorSource>(vae.decoderWeights(), 3), format, at::kCPU};
  }

  at::Tensor latent(std::int64_t height, std::int64_t width) {
    return at::randn({1, 4, height, width}, generator_, at::kFloat);
  }

  static AutoencoderKlConfig narrow() {
    AutoencoderKlConfig config;
    config.channels = {32, 64, 64, 96};
    config.layers = 1, config.hasEncoder = false;
    return config;
  }

 private:
  const c10::InferenceMode inference_;
  at::Generator generator_ = at::make_generator<at::CPUGeneratorImpl>(20240229);
};

TEST_F(Strips, giveTheBitsOfTheWhole) {
  const AutoencoderKl vae(narrow());
  Residency residency = randomWeights(vae);
  // Heights that no strip divides, rows that are no multiple of a tile or of a sum's part, and a picture of one strip.
  for (const auto& [height, width] : {std::pair{16, 8}, {17, 9}, {5, 31}, {1, 40}, {23, 1}, {40, 3}}) {
    const at::Tensor x = latent(height, width);
    const at::Tensor whole = decode(vae, residency, x, {}).picture;
    for (const int rows : {8, 32}) {
      SCOPED_TRACE(testing::Message() << height << " x " << width << " in strips of " << rows);
      EXPECT_TRUE(decode(vae, residency, x, {DecodeMode::Strips, rows}).picture.equal(whole));
    }
  }
}

TEST_F(Strips, giveTheBitsOfTheWholeWithTheWidthsOfStableDiffusion) {
  AutoencoderKlConfig config;
  config.hasEncoder = false;
  const AutoencoderKl vae(config);
  Residency residency = randomWeights(vae);
  const at::Tensor x = latent(13, 12);
  const at::Tensor whole = decode(vae, residency, x, {}).picture;
  const at::Tensor strips = decode(vae, residency, x, {DecodeMode::Strips, 16}).picture;
  EXPECT_TRUE(strips.equal(whole)) << (strips - whole).abs().max().item<float>();
  EXPECT_GT(whole.std().item<float>(), 1e-3F);
}

TEST_F(Strips, giveTheBitsOfTheWholeInTheTaesdLayoutToo) {
  const auto weights = tests::networkWeights("tiny_vae");
  const TinyAutoencoder vae(*weights);
  Residency residency(vae.decoderWeights(), weights, ComputeFormat::Float32, at::kCPU);
  for (const auto& [height, width] : {std::pair{21, 10}, {3, 8}, {64, 30}}) {
    const at::Tensor x = latent(height, width);
    const at::Tensor whole = decode(vae, residency, x, {}).picture;
    for (const int rows : {8, 32}) {
      EXPECT_TRUE(decode(vae, residency, x, {DecodeMode::Strips, rows}).picture.equal(whole))
          << height << " x " << width << " in strips of " << rows;
    }
  }
  const std::vector<std::int64_t> large{1, 4, 256, 256};
  EXPECT_LT(predicted(vae, large, {DecodeMode::Strips, 32}), predicted(vae, large, {}) * 6 / 10);
}

TEST_F(Strips, areOfOtherBitsThanAnotherLatent) {
  const AutoencoderKl vae(narrow());
  Residency residency = randomWeights(vae);
  const at::Tensor x = latent(9, 9);
  at::Tensor other = x.clone();
  other.select(2, 8).select(2, 8).fill_(1.0F);
  EXPECT_FALSE(decode(vae, residency, other, {DecodeMode::Strips, 8})
                   .picture.equal(decode(vae, residency, x, {DecodeMode::Strips, 8}).picture));
}

TEST_F(Strips, differByRoundingAtMostInReducedFormats) {
  const AutoencoderKl vae(narrow());
  Residency residency = randomWeights(vae, ComputeFormat::BFloat16);
  const at::Tensor x = latent(11, 10);
  const at::Tensor whole = decode(vae, residency, x, {}).picture;
  const at::Tensor strips = decode(vae, residency, x, {DecodeMode::Strips, 16}).picture;
  // A bf16 number has 8 bits: twenty layers of roundings that fall otherwise here and there.
  EXPECT_LT(((strips - whole).norm() / whole.norm()).item<double>(), 0.02);
}

TEST_F(Strips, takeWhatTheShapeRunSays) {
  const AutoencoderKl vae(narrow());
  Residency residency = randomWeights(vae);
  for (const auto& [height, width] : {std::pair{32, 16}, {23, 24}}) {
    for (const DecodeWay& way : {DecodeWay{}, {DecodeMode::Strips, 16}, {DecodeMode::Strips, 64}}) {
      SCOPED_TRACE(testing::Message() << height << " x " << width << " in strips of " << way.size);
      const double ratio = static_cast<double>(decode(vae, residency, latent(height, width), way).peak) /
                           static_cast<double>(predicted(vae, {1, 4, height, width}, way));
      EXPECT_GE(ratio, 0.97);
      EXPECT_LE(ratio, 1.01);
    }
  }
}

TEST_F(Strips, needLessThanHalfOfTheWhole) {
  const AutoencoderKl vae{AutoencoderKlConfig{}};
  const std::vector<std::int64_t> size{1, 4, 128, 128};
  const std::int64_t whole = predicted(vae, size, {});
  EXPECT_LT(predicted(vae, size, {DecodeMode::Strips, 32}), whole * 45 / 100);
  EXPECT_LE(predicted(vae, size, {DecodeMode::Strips, 16}), predicted(vae, size, {DecodeMode::Strips, 64}));
}

TEST_F(Strips, stopWithinABlockWhenCancelled) {
  const AutoencoderKl vae(narrow());
  Residency residency = randomWeights(vae);
  std::stop_source stop;
  BlockRunner runner(residency, stop.get_token());
  ops::StripedImage image(latent(64, 8),
                          std::make_shared<ops::StripCut>(ops::StripCut{8, [&runner] { runner.throwIfCancelled(); }}));
  const auto strips = image.strips();
  EXPECT_NO_THROW(image.take(strips[0]));
  stop.request_stop();
  EXPECT_THROW(image.take(strips[1]), Cancelled);
}

}  // namespace
}  // namespace studio::engine
