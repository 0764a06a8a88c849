#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/vae/tiny_autoencoder.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

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

/// A network's tensors after somebody changed them: only names and shapes count.
class ChangedSource final : public TensorSource {
 public:
  explicit ChangedSource(const TensorSource& source) {
    for (const std::string& name : source.names()) shapes[name] = *source.shapeOf(name);
  }
  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override {
    const auto found = shapes.find(name);
    return found == shapes.end() ? nullptr : &found->second;
  }
  at::Tensor load(const std::string& name) const override { return at::zeros(shapes.at(name), at::kFloat); }
  std::vector<std::string> names() const override { return {}; }

  /// Moves a layer of the list to a later place, which leaves gaps.
  void move(const std::string& from, const std::string& to) {
    for (const char* part : {".weight", ".bias"}) {
      shapes[to + part] = shapes.at(from + part);
      shapes.erase(from + part);
    }
  }

  std::map<std::string, std::vector<std::int64_t>> shapes;
};

std::string refusal(const TensorSource& source) {
  try {
    TinyAutoencoder{source};
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    return error.what();
  }
  return {};
}

TEST_F(AutoencoderTest, refusesLayersThatDoNotFollowEachOther) {
  const ChangedSource good(*tests::networkWeights("tiny_vae"));
  EXPECT_EQ(refusal(good), "");
  int changed = 0;
  for (const auto& [name, shape] : good.shapes) {
    if (!name.starts_with("decoder.") || shape.size() != 4) continue;
    for (const std::size_t side : {0U, 1U}) {
      if (name == "decoder.1.weight" && side == 1) continue;  // the latent's channels, which the file decides
      ChangedSource bad = good;
      bad.shapes[name][side] += 200'000;
      EXPECT_NE(refusal(bad), "") << name << " " << side;
      ++changed;
    }
  }
  EXPECT_GT(changed, 10);
}

TEST_F(AutoencoderTest, refusesAScaleFactorThatNoVaeHas) {
  ChangedSource tiny(*tests::networkWeights("tiny_vae"));
  std::string last;
  for (int n = 0; n < 60; ++n) {
    const std::string name = "decoder." + std::to_string(n);
    if (tiny.has(name + ".weight")) last = name;
  }
  tiny.move(last, "decoder.50");
  EXPECT_NE(refusal(tiny).find("shrinks"), std::string::npos);
  ChangedSource large(*tests::networkWeights("vae"));
  for (int level = 0; level < 8; ++level)
    large.shapes["decoder.up_blocks." + std::to_string(level) + ".resnets.0.conv1.weight"] = {32, 32, 3, 3};
  EXPECT_THROW(autoencoderKlConfigFrom(large), EngineException);
}

TEST_F(AutoencoderTest, refusesPicturesOfOtherThanThreeColours) {
  const ChangedSource good(*tests::networkWeights("tiny_vae"));
  std::string last;
  for (const auto& [name, shape] : good.shapes) {
    if (name.starts_with("decoder.") && shape.size() == 4 && shape[0] == 3) last = name;
  }
  for (const std::int64_t channels : {1, 7}) {
    ChangedSource bad = good;
    bad.shapes.at(last)[0] = channels;
    EXPECT_NE(refusal(bad).find("three colours"), std::string::npos) << channels;
  }
}

TEST_F(AutoencoderTest, refusesAnEncoderThatEnlarges) {
  ChangedSource bad(*tests::networkWeights("tiny_vae"));
  bad.move("encoder.0", "encoder.40");
  EXPECT_NE(refusal(bad), "");
}

}  // namespace
}  // namespace studio::engine
