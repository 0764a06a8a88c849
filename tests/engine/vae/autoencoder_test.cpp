#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/vae/tiny_autoencoder.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using ops::ComputeFormat;
using tests::golden;
using tests::kNetworkTolerance;
using tests::relativeError;

class AutoencoderTest : public testing::Test {
 protected:
  static at::Tensor decoded(const Vae& vae, const std::string& network, const std::string& latent) {
    Residency residency(vae.decoderWeights(), tests::networkWeights(network), ComputeFormat::Float32, at::kCPU);
    BlockRunner runner(residency, {});
    return ops::readBack(vae.decode(runner, ops::place(golden(latent), ComputeFormat::Float32, at::kCPU)));
  }

  static at::Tensor encoded(const Vae& vae, const std::string& network) {
    Residency residency(vae.encoderWeights(), tests::networkWeights(network), ComputeFormat::Float32, at::kCPU);
    BlockRunner runner(residency, {});
    return ops::readBack(vae.encode(runner, ops::place(golden("vae.pixels"), ComputeFormat::Float32, at::kCPU)));
  }

  static AutoencoderKlConfig config() { return autoencoderKlConfigFrom(*tests::networkWeights("vae")); }

  const c10::InferenceMode inference_;
};

TEST_F(AutoencoderTest, decodesAsDiffusersDoes) {
  EXPECT_LT(relativeError(decoded(AutoencoderKl(config()), "vae", "vae.latent"), golden("vae.decoded")),
            kNetworkTolerance);
}

TEST_F(AutoencoderTest, encodesAsDiffusersDoes) {
  EXPECT_LT(relativeError(encoded(AutoencoderKl(config()), "vae"), golden("vae.encoded")), kNetworkTolerance);
}

TEST_F(AutoencoderTest, missesTheReferenceWithAnotherScale) {
  AutoencoderKlConfig other = config();
  other.scale = 0.13025;
  EXPECT_GT(relativeError(decoded(AutoencoderKl(other), "vae", "vae.latent"), golden("vae.decoded")),
            10 * kNetworkTolerance);
}

TEST_F(AutoencoderTest, readsItsSizesFromTheTensors) {
  EXPECT_EQ(config().channels, (std::vector<std::int64_t>{32, 32, 64}));
  EXPECT_EQ(config().layers, 1);
  EXPECT_TRUE(config().hasEncoder);
  EXPECT_EQ(AutoencoderKl(config()).scaleFactor(), 4);
}

TEST_F(AutoencoderTest, hasTheParametersOfStableDiffusion15) {
  const AutoencoderKl vae{AutoencoderKlConfig{}};
  EXPECT_EQ(vae.decoderWeights().parameters() + vae.encoderWeights().parameters(), 83'653'863);
  EXPECT_EQ(vae.scaleFactor(), 8);
}

TEST_F(AutoencoderTest, decodesTheTaesdLayoutAsDiffusersDoes) {
  const TinyAutoencoder vae(*tests::networkWeights("tiny_vae"));
  EXPECT_LT(relativeError(decoded(vae, "tiny_vae", "vae.latent"), golden("tiny_vae.decoded")), kNetworkTolerance);
}

TEST_F(AutoencoderTest, encodesTheTaesdLayoutAsDiffusersDoes) {
  const TinyAutoencoder vae(*tests::networkWeights("tiny_vae"));
  EXPECT_EQ(vae.scaleFactor(), 4);
  EXPECT_LT(relativeError(encoded(vae, "tiny_vae"), golden("tiny_vae.encoded")), kNetworkTolerance);
}

TEST_F(AutoencoderTest, refusesTensorsWithoutADecoder) {
  EXPECT_THROW(TinyAutoencoder{*tests::networkWeights("vae")}, EngineException);
  EXPECT_THROW(autoencoderKlConfigFrom(*tests::networkWeights("unet")), EngineException);
}

}  // namespace
}  // namespace studio::engine
