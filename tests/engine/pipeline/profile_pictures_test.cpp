#include "engine/pipeline/conditioned_network.h"
#include "engine/pipeline/pixels.h"
#include "engine/pipeline/prompt_encoder.h"
#include "engine/pipeline/refiner_handover.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <c10/core/InferenceMode.h>

namespace studio::engine {
namespace {

using tests::golden;

/// Pictures that other programs made, or would make by their rules (see tests/reference/make_profile_goldens.py).
class ProfilePictures : public PipelineTest {
 protected:
  static GenerationRequest requestAs(Profile profile, Sampler sampler = Sampler::Euler,
                                     Schedule schedule = Schedule::Automatic) {
    GenerationRequest request = appleRequest();
    request.profile = profile;
    request.sampler = sampler;
    request.schedule = schedule;
    return request;
  }

  /// The request's picture is the golden, and is not when it is made in the studio's own way.
  void expectGolden(const GenerationRequest& request, const std::string& name) {
    EXPECT_LE(distance(pictures(request), golden(name)), kPictureTolerance) << name;
    GenerationRequest own = request;
    own.profile = Profile::Studio;
    EXPECT_GE(distance(pictures(own), golden(name)), 5 * kPictureTolerance) << name;
  }

  /// Of two chunks.
  static std::string longPrompt() {
    std::string prompt;
    for (int i = 0; i < 30; ++i) prompt += "a lighthouse, ";
    return prompt + "waves and (storm:0.7)";
  }

  GenerationRequest xlRequest() const {
    GenerationRequest request = requestAs(Profile::Diffusers);
    request.model = tests::writeSingleFile(folder_ / "xl.safetensors", tests::xlStyle());
    request.negativePrompt.clear();
    return request;
  }
};

TEST_F(ProfilePictures, ofDiffusersAreThoseOfItsPipelines) {
  const auto as = [](Sampler sampler, Schedule schedule = Schedule::Automatic) {
    return requestAs(Profile::Diffusers, sampler, schedule);
  };
  expectGolden(as(Sampler::Euler), "profile.diffusers_euler");
  expectGolden(as(Sampler::EulerAncestral), "profile.diffusers_euler_a");
  expectGolden(as(Sampler::DpmPlusPlus2M), "profile.diffusers_dpmpp_2m");
  expectGolden(as(Sampler::DpmPlusPlus2M, Schedule::Karras), "profile.diffusers_dpmpp_2m_karras");
  expectGolden(as(Sampler::DpmPlusPlus2MSde), "profile.diffusers_dpmpp_2m_sde");
  expectGolden(as(Sampler::Ddim), "profile.diffusers_ddim");
}

TEST_F(ProfilePictures, ofDiffusersLeaveOutWhatIsBeyond75TokensAndSaySo) {
  GenerationRequest request = requestAs(Profile::Diffusers);
  request.prompt = longPrompt();
  request.clipSkip = 2;
  expectGolden(request, "profile.diffusers_long");
  const auto notices = only<Notice>(run(request));
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].message.find("left out"), std::string::npos) << notices[0].message;
  request.prompt = "a red apple";
  EXPECT_TRUE(only<Notice>(run(request)).empty());
}

TEST_F(ProfilePictures, ofDiffusersAndSdxlAreThoseOfItsPipelines) {
  GenerationRequest request = xlRequest();
  expectGolden(request, "profile.diffusers_xl");
  request.clipSkip = 2;
  expectGolden(request, "profile.diffusers_xl_skip");
  request = xlRequest();
  request.negativePrompt = " ";  // an empty one that was given
  expectGolden(request, "profile.diffusers_xl_blank");
}

TEST_F(ProfilePictures, ofAnOldA1111FollowItsVersionAndNoiseSeedDelta) {
  GenerationRequest request = requestAs(Profile::A1111Cpu, Sampler::EulerAncestral, Schedule::Uniform);
  request.prompt = longPrompt();
  request.programVersion = "v1.5.1";
  request.ensd = 31337;
  expectGolden(request, "profile.a1111");
  request.ensd = 0;
  EXPECT_GE(distance(pictures(request), golden("profile.a1111")), 5 * kPictureTolerance);
}

TEST_F(ProfilePictures, ofAnOldA1111sDdimMakeTheNegativePromptAsLongAsThePrompt) {
  const c10::InferenceMode inference;
  GenerationRequest request = requestAs(Profile::A1111Cpu, Sampler::Ddim);
  request.programVersion = "v1.5.1";
  request.prompt = longPrompt();
  LoadedModel model(request, NumericRecipe{});
  const auto negative = [&] {
    const PromptConditions conditions = PromptEncoder(model, request, {}).encode(4, 1);
    return conditions.texts[conditions.negative.at(0)].context;
  };
  const at::Tensor repeated = negative();
  ASSERT_EQ(repeated.size(1), 2 * kChunkLength);
  EXPECT_TRUE(repeated.select(1, kChunkLength - 1).equal(repeated.select(1, 2 * kChunkLength - 1)));
  EXPECT_FALSE(repeated.select(1, kChunkLength - 1).equal(repeated.select(1, 0)));
  request.negativePrompt = longPrompt();
  request.prompt = "a duck";
  EXPECT_EQ(negative().size(1), kChunkLength) << "cut off";
}

TEST_F(ProfilePictures, ofA1111RepeatTheLastVectorOfAShorterPromptJoinedByAnd) {
  const c10::InferenceMode inference;
  GenerationRequest request = requestAs(Profile::A1111Cpu);
  request.prompt = longPrompt() + " AND a duck";
  LoadedModel model(request, NumericRecipe{});
  const auto shorter = [&] {
    const PromptConditions conditions = PromptEncoder(model, request, {}).encode(4, 1);
    return conditions.texts[conditions.prompts.at(1).at(0)].context;
  };
  const at::Tensor repeated = shorter();
  ASSERT_EQ(repeated.size(1), 2 * kChunkLength);
  const at::Tensor last = repeated.narrow(1, kChunkLength - 1, 1);
  EXPECT_TRUE(repeated.narrow(1, kChunkLength, kChunkLength).equal(last.expand({-1, kChunkLength, -1})));
  request.profile = Profile::Studio;
  const at::Tensor filled = shorter();
  ASSERT_EQ(filled.size(1), 2 * kChunkLength);
  EXPECT_FALSE(filled.narrow(1, kChunkLength, kChunkLength).equal(last.expand({-1, kChunkLength, -1})));
}

TEST_F(ProfilePictures, ofComfyUiAreDrawnTogether) {
  GenerationRequest request = requestAs(Profile::ComfyUiCpu, Sampler::EulerAncestral, Schedule::Karras);
  request.negativePrompt = longPrompt();
  request.batchSize = 2;
  expectGolden(request, "profile.comfyui");
  GenerationRequest before = request;
  before.programVersion = "0.3.64";
  EXPECT_GE(distance(pictures(before), golden("profile.comfyui")), 5 * kPictureTolerance) << "the first noise again";
}

TEST_F(ProfilePictures, ofComfyUiNameTheSeedThatABatchShares) {
  GenerationRequest request = requestAs(Profile::ComfyUi);
  request.batchSize = 2;
  request.batchCount = 2;
  const auto finished = only<ImageFinished>(run(request));
  ASSERT_EQ(finished.size(), 4U);
  EXPECT_EQ(finished[1].seed, Seed{11});
  EXPECT_EQ(finished[2].seed, Seed{12});
}

TEST_F(ProfilePictures, ofComfyUiEncodeAnEmptyNegativePromptOfSdxl) {
  GenerationRequest request = xlRequest();
  request.profile = Profile::ComfyUi;
  const at::Tensor empty = pictures(request);
  request.negativePrompt = " ";
  EXPECT_EQ(distance(pictures(request), empty), 0);
  request.profile = Profile::A1111Cpu;
  const at::Tensor blank = pictures(request);
  request.negativePrompt.clear();
  EXPECT_GE(distance(pictures(request), blank), 5 * kPictureTolerance) << "A1111 takes zeros";
}

TEST_F(ProfilePictures, ofComfyUiReadNoSquareBrackets) {
  GenerationRequest request = requestAs(Profile::ComfyUi);
  request.prompt = "a [red:blue:0.5] apple AND a table";
  const at::Tensor asWritten = pictures(request);
  request.emphasis = Emphasis::ComfyUi;
  EXPECT_GE(distance(pictures(request), asWritten), 5 * kPictureTolerance) << "the studio's grammar, chosen";
}

TEST(RefinerHandover, happensWhenItsShareIsBehind) {
  int switches = 0;
  double behind = 0;
  bool over = false;
  const auto answering = [](float value) {
    return [value](const at::Tensor& x, const at::Tensor&) { return at::full(x.sizes(), value); };
  };
  const Network network = handingOver(
      answering(1), answering(2), 0.5, [&](const at::Tensor&) { return behind; }, over, [&] { ++switches; });
  const auto answer = [&](double share) {
    behind = share;
    return network(at::ones({1}), at::ones({1})).item<float>();
  };
  EXPECT_EQ(answer(0), 1);
  EXPECT_EQ(answer(0.45), 1);
  EXPECT_EQ(answer(0.5), 2);
  EXPECT_EQ(answer(0.2), 2) << "for good";
  EXPECT_EQ(switches, 1);
  EXPECT_NEAR(noiseBehind(at::full({2}, 499.0F)), 0.5, 1e-9);
}

TEST(Pixels, areRoundedAsTheProgramDoes) {
  const at::Tensor half = at::full({3, 1, 1}, 100.6F / 127.5F - 1);
  EXPECT_EQ(imageFromPixels(half).pixels->front(), 101);
  EXPECT_EQ(imageFromPixels(half, PixelRounding::Down).pixels->front(), 100);
  EXPECT_EQ(imageFromPixels(at::full({3, 1, 1}, 2.0F), PixelRounding::Down).pixels->front(), 255);
  EXPECT_EQ(imageFromPixels(at::full({3, 1, 1}, -2.0F), PixelRounding::Down).pixels->front(), 0);
}

TEST(UnequalTexts, areAskedForOneAfterTheOther) {
  const c10::InferenceMode inference;
  const Residency residency(WeightTable(), tests::networkWeights("vae"), ops::ComputeFormat::Float32, at::kCPU);
  std::vector<std::int64_t> lengths;
  const PromptConditions conditions{{{1, {{4, 0}}}},
                                    {1, {{4, 1}}},
                                    {{at::full({1, 154, 1}, 10.0F), {}, {}}, {at::full({1, 77, 1}, 4.0F), {}, {}}},
                                    1};
  ConditionedNetwork network(conditions, 2, CallRows::All, residency,
                             [&](const at::Tensor& x, const at::Tensor&, const UNetConditioning& conditioning) {
                               lengths.push_back(conditioning.context.size(1));
                               EXPECT_EQ(conditioning.context.size(0), x.size(0));
                               return conditioning.context.select(1, 0).reshape({-1, 1, 1, 1}).expand_as(x).clone();
                             });
  const at::Tensor answer = network(at::ones({4, 1, 1, 1}), at::ones({4}));
  EXPECT_EQ(lengths, (std::vector<std::int64_t>{154, 77}));
  EXPECT_EQ(answer[1].item<float>(), 10);
  EXPECT_EQ(answer[2].item<float>(), 4);
}

}  // namespace
}  // namespace studio::engine
