#include "engine/sampling/run_sampler.h"

#include "engine/api/cancelled.h"
#include "engine/api/engine_error.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// Fails once, in the middle of a step.
class FlakyDenoiser {
 public:
  explicit FlakyDenoiser(int failingCall) : failingCall_(failingCall) {}
  Estimate operator()(const at::Tensor& x, float sigma) {
    if (++calls_ == failingCall_) throw std::runtime_error("out of memory");
    return estimateAnalytically(x, sigma);
  }

 private:
  int failingCall_;
  int calls_ = 0;
};

TEST(RunSampler, putsTheStateBackWhenAStepThrowsAndARetryEndsBitEqual) {
  constexpr int kFailingCall = 6;
  const std::vector<float> sigmas = makeSigmas(Schedule::Karras, kSteps);
  for (const auto& choice : kSamplers) {
    const auto sampler = makeSampler(choice.value);
    SamplerState whole = startState(sigmas[0]);
    runSampler(*sampler, whole, estimateAnalytically, sigmas, {});

    SamplerState state = startState(sigmas[0]);
    FlakyDenoiser flaky(kFailingCall);
    const DenoiseFunction denoise = std::ref(flaky);
    EXPECT_THROW(runSampler(*sampler, state, denoise, sigmas, {}), std::runtime_error);
    int calls = 0, stepsDone = -1;
    while (calls < kFailingCall) calls += sampler->networkCalls(++stepsDone, sigmas);
    EXPECT_EQ(state.step, stepsDone) << choice.id;
    runSampler(*sampler, state, denoise, sigmas, {});
    EXPECT_TRUE(bitEqual(state.x, whole.x)) << choice.id;
  }
}

/// A sampler that spoils everything before it fails: only a kept copy can undo that.
class SpoilingSampler final : public SamplerBase {
 public:
  void step(SamplerState& state, const DenoiseFunction&, std::span<const float>) const override {
    state.noise.draw(kPictureShape);
    state.x = state.x * 0;
    state.history.push_back(state.x);
    throw std::runtime_error("spoilt");
  }
};

TEST(RunSampler, putsLatentHistoryAndNoiseBack) {
  SamplerState state = startState(3);
  SamplerState before = state;
  EXPECT_THROW(runSampler(SpoilingSampler(), state, estimateAnalytically, std::vector<float>{3, 0}, {}),
               std::runtime_error);
  EXPECT_TRUE(bitEqual(state.x, before.x));
  EXPECT_TRUE(state.history.empty());
  EXPECT_TRUE(bitEqual(state.noise.draw(kPictureShape), before.noise.draw(kPictureShape)));
}

TEST(RunSampler, reportsEveryStepWithTheEstimateOfThePicture) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Normal, 3);
  SamplerState state = startState(sigmas[0]);
  at::Tensor last = state.x;
  std::vector<int> steps;
  runSampler(*makeSampler(Sampler::Heun), state, estimateAnalytically, sigmas, {},
             [&](const SamplerState& after, const at::Tensor& denoised) {
               steps.push_back(after.step);
               EXPECT_TRUE(bitEqual(denoised, denoiseAnalytically(last, sigmas[after.step - 1])));
               last = after.x;
             });
  EXPECT_EQ(steps, (std::vector{1, 2, 3}));
}

TEST(RunSampler, endsWithCancelledBeforeTheNextStep) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Normal, kSteps);
  SamplerState state = startState(sigmas[0]);
  std::stop_source stop;
  const StepCallback stopAfterTwo = [&](const SamplerState& after, const at::Tensor&) {
    if (after.step == 2) stop.request_stop();
  };
  EXPECT_THROW(
      runSampler(*makeSampler(Sampler::Euler), state, estimateAnalytically, sigmas, stop.get_token(), stopAfterTwo),
      Cancelled);
  EXPECT_EQ(state.step, 2);
}

TEST(RunSampler, namesTheStepWhereThePictureStoppedBeingFinite) {
  const std::vector<float> sigmas = makeSigmas(Schedule::Normal, kSteps);
  SamplerState state = startState(sigmas[0]);
  int calls = 0;
  const DenoiseFunction overflowing = [&](const at::Tensor& x, float sigma) {
    const float factor = ++calls == 3 ? std::numeric_limits<float>::infinity() : 1;
    return Estimate{denoiseAnalytically(x, sigma) * factor, {}};
  };
  try {
    runSampler(*makeSampler(Sampler::DpmPlusPlus2M), state, overflowing, sigmas, {});
    FAIL() << "infinity was taken for a picture";
  } catch (const EngineException& error) {
    EXPECT_NE(error.error().message.find("step 3"), std::string::npos) << error.error().message;
  }
  EXPECT_EQ(state.step, 2);
}

TEST(RunSampler, doesNothingWhenAllStepsAreDone) {
  SamplerState state = startState(3);
  state.step = 1;
  const at::Tensor x = state.x;
  runSampler(*makeSampler(Sampler::Euler), state, estimateAnalytically, std::vector<float>{3, 0}, {});
  EXPECT_TRUE(bitEqual(state.x, x));
}

}  // namespace
}  // namespace studio::engine
