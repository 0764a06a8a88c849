#include "engine/diffusion/unet.h"

#include "engine/api/engine_error.h"
#include "engine/weights/random_tensor_source.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using ops::ComputeFormat;
using tests::golden;
using tests::kNetworkTolerance;
using tests::relativeError;

/// Counts what a network reads, and may ask it to stop at the n-th tensor.
class WatchedSource final : public TensorSource {
 public:
  WatchedSource(std::shared_ptr<const TensorSource> inner, std::stop_source stop, std::string stopAt)
      : inner_(std::move(inner)), stop_(std::move(stop)), stopAt_(std::move(stopAt)) {}
  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override { return inner_->shapeOf(name); }
  at::Tensor load(const std::string& name) const override {
    loaded.push_back(name);
    if (name == stopAt_) stop_.request_stop();
    return inner_->load(name);
  }
  std::vector<std::string> names() const override { return inner_->names(); }
  mutable std::vector<std::string> loaded;

 private:
  std::shared_ptr<const TensorSource> inner_;
  mutable std::stop_source stop_;
  std::string stopAt_;
};

class UNetTest : public testing::Test {
 protected:
  /// What the network answers to a golden's inputs.
  static at::Tensor answer(const std::string& network, const std::string& inputs, double timestepError = 0) {
    const auto weights = tests::networkWeights(network);
    const UNet unet(unetConfigFrom(*weights, ModelFamily::StableDiffusion1));
    unet.weights().check(*weights, "UNet");
    Residency residency(unet.weights(), weights, ComputeFormat::Float32, at::kCPU);
    BlockRunner runner(residency, {});
    const at::Tensor x = ops::place(golden(inputs + ".x"), ComputeFormat::Float32, at::kCPU);
    return ops::readBack(
        unet.forward(runner, x, golden(inputs + ".timesteps") + timestepError, {golden(inputs + ".context"), {}, {}}));
  }

  const c10::InferenceMode inference_;
};

TEST_F(UNetTest, answersAsDiffusersDoes) {
  EXPECT_LT(relativeError(answer("unet", "unet"), golden("unet.out")), kNetworkTolerance);
}

TEST_F(UNetTest, answersAsDiffusersDoesForTwoLayersALevelAndTwoChunksOfText) {
  EXPECT_LT(relativeError(answer("unet_deep", "unet_deep"), golden("unet_deep.out")), kNetworkTolerance);
}

TEST_F(UNetTest, answersAsDiffusersDoesWhenSidesAreOddOnTheWayDown) {
  EXPECT_LT(relativeError(answer("unet", "unet_odd"), golden("unet_odd.out")), kNetworkTolerance);
}

/// Inputs of the other families also have what the text and the size add.
at::Tensor familyAnswer(const std::string& network, ModelFamily family, double numbersError = 0) {
  const auto weights = tests::networkWeights(network);
  const UNet unet(unetConfigFrom(*weights, family));
  unet.weights().check(*weights, "UNet");
  Residency residency(unet.weights(), weights, ComputeFormat::Float32, at::kCPU);
  BlockRunner runner(residency, {});
  UNetConditioning conditioning{golden(network + ".context"), {}, {}};
  if (unet.config().addedWidth > 0) {
    conditioning.pooled = golden(network + ".pooled");
    conditioning.numbers = golden(network + ".numbers") + numbersError;
  }
  const at::Tensor x = ops::place(golden(network + ".x"), ComputeFormat::Float32, at::kCPU);
  return ops::readBack(unet.forward(runner, x, golden(network + ".timesteps"), conditioning));
}

TEST_F(UNetTest, answersAsDiffusersDoesForEveryFamily) {
  for (const auto& [network, family] :
       {std::pair("xl_unet", ModelFamily::StableDiffusionXl),
        std::pair("refiner_unet", ModelFamily::StableDiffusionXlRefiner),
        std::pair("sd2_unet", ModelFamily::StableDiffusion2), std::pair("inpaint_unet", ModelFamily::StableDiffusion1),
        std::pair("pruned_unet", ModelFamily::StableDiffusionXl)}) {
    EXPECT_LT(relativeError(familyAnswer(network, family), golden(std::string(network) + ".out")), kNetworkTolerance)
        << network;
  }
}

TEST_F(UNetTest, needsTheTextAndItsWeightsOnlyOnceWhereKeysAndValuesAreKept) {
  const auto source = std::make_shared<WatchedSource>(tests::networkWeights("unet_deep"), std::stop_source(), "");
  const UNet unet(unetConfigFrom(*source, ModelFamily::StableDiffusion1));
  Residency residency(unet.weights(), source, ComputeFormat::Float32, at::kCPU);
  residency.keepOnly(std::vector<bool>(unet.weights().blocks().size(), false));
  const auto call = [&](const UNetConditioning& conditioning) {
    source->loaded.clear();
    BlockRunner runner(residency, {});
    const at::Tensor x = ops::place(golden("unet_deep.x"), ComputeFormat::Float32, at::kCPU);
    return ops::readBack(unet.forward(runner, x, golden("unet_deep.timesteps"), conditioning));
  };
  const auto readsContextWeights = [&] {
    return std::any_of(source->loaded.begin(), source->loaded.end(), [](const std::string& name) {
      return name.find("attn2.to_k") != std::string::npos || name.find("attn2.to_v") != std::string::npos;
    });
  };
  UNetConditioning conditioning{golden("unet_deep.context"), {}, {}};
  const at::Tensor expected = call(conditioning);
  conditioning.kept = std::make_shared<std::vector<KeysValues>>();
  EXPECT_TRUE(call(conditioning).equal(expected));
  EXPECT_TRUE(readsContextWeights());
  conditioning.context = at::Tensor();
  EXPECT_TRUE(call(conditioning).equal(expected));
  EXPECT_FALSE(readsContextWeights());
}

TEST_F(UNetTest, seesTheNumbersOfTheAddedConditioning) {
  EXPECT_GT(relativeError(familyAnswer("xl_unet", ModelFamily::StableDiffusionXl, 1), golden("xl_unet.out")),
            10 * kNetworkTolerance);
}

TEST_F(UNetTest, readsTheDepthsOfPrunedNetworks) {
  const UNetConfig config = unetConfigFrom(*tests::networkWeights("pruned_unet"), ModelFamily::StableDiffusionXl);
  ASSERT_EQ(config.levels.size(), 2U);
  EXPECT_EQ(config.levels[1].down, (std::vector<int>{2, 1}));
  EXPECT_EQ(config.levels[1].up, (std::vector<int>{2, 1, 1}));
  EXPECT_EQ(config.middleDepth, 0);
  EXPECT_EQ(config.middleResnets, 1);
}

TEST_F(UNetTest, seesHalfATimestep) {
  EXPECT_GT(relativeError(answer("unet", "unet", 0.5), golden("unet.out")), 10 * kNetworkTolerance);
}

TEST_F(UNetTest, hasTheParametersOfStableDiffusion15) {
  const UNet unet(stableDiffusion15UNet());
  EXPECT_EQ(unet.weights().parameters(), 859'520'964);
}

TEST_F(UNetTest, readsItsSizesFromTheTensors) {
  const UNetConfig config = unetConfigFrom(*tests::networkWeights("unet_deep"), ModelFamily::StableDiffusion1);
  ASSERT_EQ(config.levels.size(), 2U);
  EXPECT_EQ(config.levels[0].channels, 32);
  EXPECT_EQ(config.levels[1].channels, 64);
  EXPECT_EQ(config.levels[1].down, (std::vector<int>{1, 1}));
  EXPECT_EQ(config.levels[1].up, (std::vector<int>{1, 1, 1}));
  EXPECT_EQ(config.timeWidth, 128);
  EXPECT_EQ(config.contextWidth, 64);
}

TEST_F(UNetTest, givesTheShapeOfTheAnswerWithoutMemoryOrWeights) {
  const UNet unet(stableDiffusion15UNet());
  Residency residency(unet.weights(), std::make_shared<RandomTensorSource>(unet.weights(), 1), ComputeFormat::BFloat16,
                      at::kMeta);
  BlockRunner runner(residency, {});
  const auto meta = at::TensorOptions().device(at::kMeta).dtype(at::kBFloat16);
  const at::Tensor x = at::empty({2, 4, 97, 65}, meta, at::MemoryFormat::ChannelsLast);
  const at::Tensor y =
      unet.forward(runner, x, at::full({2}, 500.0, at::kFloat), {at::empty({2, 77, 768}, meta), {}, {}});
  EXPECT_TRUE(y.is_meta());
  EXPECT_EQ(y.sizes().vec(), (std::vector<std::int64_t>{2, 4, 97, 65}));
  std::int64_t norms = 0;  // fp32 in every format
  for (const WeightEntry& entry : residency.table().entries())
    norms += entry.role == WeightRole::Norm ? 2 * entry.shape.front() : 0;
  const std::int64_t exact = 2 * (residency.table().parameters() + norms);
  EXPECT_GE(residency.residentBytes(), exact);
  EXPECT_LT(residency.residentBytes(), exact + 64 * std::ssize(residency.table().entries())) << "rounded up to 64";
}

TEST_F(UNetTest, stopsBeforeTheNextBlock) {
  std::stop_source stop;
  const auto weights = tests::networkWeights("unet");
  const UNet unet(unetConfigFrom(*weights, ModelFamily::StableDiffusion1));
  const auto watched = std::make_shared<WatchedSource>(weights, stop, "down_blocks.0.resnets.0.conv1.weight");
  Residency residency(unet.weights(), watched, ComputeFormat::Float32, at::kCPU);
  BlockRunner runner(residency, stop.get_token());
  const at::Tensor x = ops::place(golden("unet.x"), ComputeFormat::Float32, at::kCPU);
  EXPECT_THROW(unet.forward(runner, x, golden("unet.timesteps"), {golden("unet.context"), {}, {}}), Cancelled);
  ASSERT_FALSE(watched->loaded.empty());
  EXPECT_TRUE(watched->loaded.back().starts_with("down_blocks.0.resnets.0.")) << watched->loaded.back();
}

TEST_F(UNetTest, namesTheTensorThatIsMissing) {
  const auto weights = tests::networkWeights("unet");
  const UNet unet(unetConfigFrom(*tests::networkWeights("unet_deep"), ModelFamily::StableDiffusion1));
  try {
    unet.weights().check(*weights, "UNet");
    FAIL() << "another network's weights were accepted";
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    EXPECT_NE(error.error().message.find("UNet"), std::string::npos);
    EXPECT_FALSE(error.error().detail.empty());
  }
}

TEST_F(UNetTest, refusesWidthsThatTheHeadsDoNotDivide) {
  UNetConfig config = stableDiffusion15UNet();
  config.levels[1].channels = 36;
  EXPECT_THROW(UNet{config}, EngineException);
}

}  // namespace
}  // namespace studio::engine
