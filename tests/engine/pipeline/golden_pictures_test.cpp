#include "engine/pipeline/loaded_model.h"
#include "engine/pipeline/pixels.h"
#include "engine/pipeline/text_to_image.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/sigma_schedule.h"
#include "engine/text/tokens/prompt_parser.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <c10/core/InferenceMode.h>

namespace studio::engine {
namespace {

using tests::golden;

class GoldenPictures : public PipelineTest {};

int levels(const at::Tensor& picture) { return picture.max().item<int>() - picture.min().item<int>(); }

TEST_F(GoldenPictures, areWithinTwoLevelsOfTheReference) {
  const at::Tensor picture = pictures(appleRequest());
  EXPECT_LE(distance(picture, golden("picture.apple")), kPictureTolerance);
  EXPECT_GE(levels(picture), 100);
}

TEST_F(GoldenPictures, areMissedTenfoldByTheirTwins) {
  GenerationRequest guidance = appleRequest(), skip = appleRequest();
  guidance.guidanceScale += 0.5;
  skip.clipSkip += 1;
  EXPECT_GE(distance(pictures(guidance), golden("picture.apple")), 10 * kPictureTolerance);
  EXPECT_GE(distance(pictures(skip), golden("picture.apple")), 10 * kPictureTolerance);
}

/// The way of TextToImage by hand, so that a sigma may be wrong.
at::Tensor pictureWithSigmas(const GenerationRequest& request, const std::vector<float>& sigmas) {
  const c10::InferenceMode inference;
  at::set_num_threads(1);
  const LoadedModel model(request, NumericRecipe{});
  const auto embed = [&](const std::string& prompt) {
    return model.conditioner().encode(chunkPrompt(ClipTokenizer(), parsePrompt(prompt)), 1);
  };
  const UNetConditioning conditioning =
      guidedConditioning(embed(request.prompt), embed(request.negativePrompt), 1, true, *model.unet().residency);
  const GuidedDenoiser denoiser(
      Denoiser([&](const at::Tensor& x, const at::Tensor& t) { return callUNet(model.unet(), {}, x, t, conditioning); },
               PredictionType::Epsilon),
      Guidance{.scale = request.guidanceScale});
  SamplerState state = startFromNoise(NoiseSource(*request.seed, 1), {4, 16, 16}, sigmas.front());
  runSampler(*makeSampler(request.sampler), state, denoiser, sigmas, {});
  BlockRunner vae = model.vae().runner({});
  const at::Tensor pixels =
      ops::readBack(model.vae().module->decode(vae, ops::place(state.x, vae.format(), vae.device())));
  return ((pixels + 1) * 127.5).round().clamp(0, 255).to(at::kByte).permute({0, 2, 3, 1}).clone();
}

TEST_F(GoldenPictures, areMissedTenfoldWithOneWrongSigma) {
  std::vector<float> sigmas = makeSigmas(Schedule::Karras, 8);
  EXPECT_LE(distance(pictureWithSigmas(appleRequest(), sigmas), golden("picture.apple")), kPictureTolerance);
  sigmas[2] = sigmas[3];
  EXPECT_GE(distance(pictureWithSigmas(appleRequest(), sigmas), golden("picture.apple")), 10 * kPictureTolerance);
}

TEST_F(GoldenPictures, matchWithSidesThatAreNoMultiplesOfTheNetworks) {
  GenerationRequest request = appleRequest();
  request.size = {104, 72};
  EXPECT_LE(distance(pictures(request), golden("picture.odd")), kPictureTolerance);
}

TEST_F(GoldenPictures, matchForVelocity) {
  GenerationRequest request = appleRequest();
  request.prediction = PredictionType::Velocity;
  EXPECT_LE(distance(pictures(request), golden("picture.velocity")), kPictureTolerance);
}

TEST_F(GoldenPictures, matchForAVelocityThatTheFileTells) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "v.safetensors", {.metadata = {{"modelspec.prediction_type", "v"}}});
  EXPECT_LE(distance(pictures(request), golden("picture.velocity")), kPictureTolerance);
}

GenerationRequest pairRequest(GenerationRequest request) {
  request.prompt = tests::longPrompt();
  request.clipSkip = 2;
  request.batchSize = 2;
  return request;
}

TEST_F(GoldenPictures, matchForAPairWithAPromptOfTwoChunks) {
  EXPECT_LE(distance(pictures(pairRequest(appleRequest())), golden("picture.pair")), kPictureTolerance);
}

TEST_F(GoldenPictures, hardlyDependOnTheirCompany) {
  const at::Tensor together = pictures(pairRequest(appleRequest()));
  GenerationRequest alone = pairRequest(appleRequest());
  alone.batchSize = 1;
  alone.seed = Seed{12};
  EXPECT_LE(distance(pictures(alone).select(0, 0), together.select(0, 1)), 1);
}

TEST_F(GoldenPictures, areTheSameFromEveryLayoutAndFormat) {
  const at::Tensor expected = pictures(appleRequest());
  GenerationRequest request = appleRequest();
  for (const auto& model :
       {tests::writeSingleFile(folder_ / "full.safetensors", {.type = "F32", .shortTextNames = true}),
        tests::writeDiffusersFolder(folder_ / "many"),
        tests::writeDiffusersFolder(folder_ / "bare", {.type = "F64", .shortTextNames = true})}) {
    request.model = model;
    EXPECT_EQ(distance(pictures(request), expected), 0) << model;
  }
}

TEST_F(GoldenPictures, areCloseInShorterNumbers) {
  const at::Tensor exact = golden("picture.apple").to(at::kFloat);
  for (const Precision precision : {Precision::BFloat16, Precision::Float16}) {
    generator_->setOptions({.precision = precision, .threads = 1});
    const at::Tensor picture = pictures(appleRequest()).to(at::kFloat);
    EXPECT_GT((picture - exact).abs().mean().item<double>(), 0) << idOf(precision);
    EXPECT_LT((picture - exact).abs().mean().item<double>(), 8) << idOf(precision);
  }
}

TEST_F(GoldenPictures, doNotSeeTheNegativePromptWithoutGuidance) {
  GenerationRequest request = appleRequest();
  request.guidanceScale = 1;
  const at::Tensor picture = pictures(request);
  request.negativePrompt = "anything else";
  EXPECT_EQ(distance(pictures(request), picture), 0);
  EXPECT_GT(distance(picture, golden("picture.apple")), kPictureTolerance);
}

TEST_F(GoldenPictures, areTheSameWithPartsFromSeparateFiles) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "unet.safetensors", {.networks = {"unet"}});
  request.textEncoder = tests::writeSingleFile(folder_ / "text.safetensors", {.networks = {"text_encoder"}});
  request.vae = tests::writeSingleFile(folder_ / "vae.safetensors", {.networks = {"vae"}});
  EXPECT_LE(distance(pictures(request), golden("picture.apple")), kPictureTolerance);
}

TEST_F(GoldenPictures, takeTheVaeBesideTheModel) {
  GenerationRequest request = appleRequest();
  request.model = tests::writeSingleFile(folder_ / "m.safetensors", {.networks = {"unet", "text_encoder"}});
  tests::writeSingleFile(folder_ / "m.vae.safetensors", {.networks = {"vae"}});
  EXPECT_LE(distance(pictures(request), golden("picture.apple")), kPictureTolerance);
}

}  // namespace
}  // namespace studio::engine
