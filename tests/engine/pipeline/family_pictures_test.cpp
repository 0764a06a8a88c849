#include "tests/engine/pipeline/pipeline_fixture.h"

namespace studio::engine {
namespace {

using tests::golden;

class FamilyPictures : public PipelineTest {
 protected:
  GenerationRequest requestFor(const std::filesystem::path& model) const {
    GenerationRequest request = appleRequest();
    request.model = model;
    return request;
  }
  GenerationRequest requestFor(const tests::CheckpointStyle& style) const {
    return requestFor(tests::writeSingleFile(folder_ / "family.safetensors", style));
  }
};

TEST_F(FamilyPictures, ofSdxlAreWithinTwoLevelsOfTheReference) {
  EXPECT_LE(distance(pictures(requestFor(tests::xlStyle())), golden("picture.xl")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofSdxlAreMissedByTheirTwins) {
  GenerationRequest guidance = requestFor(tests::xlStyle());
  guidance.guidanceScale += 0.5;
  EXPECT_GE(distance(pictures(guidance), golden("picture.xl")), 10 * kPictureTolerance);
}

TEST_F(FamilyPictures, ofSdxlAreTheSameFromADiffusersFolder) {
  const auto folder = tests::writeDiffusersFolder(folder_ / "many", tests::xlStyle());
  EXPECT_LE(distance(pictures(requestFor(folder)), golden("picture.xl")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofSdxlAreTheSameWithPartsFromSeparateFiles) {
  GenerationRequest request = requestFor(tests::writeSingleFile(folder_ / "u.safetensors", {.networks = {"xl_unet"}}));
  request.textEncoder = tests::writeSingleFile(folder_ / "l.safetensors", {.networks = {"text_encoder"}});
  request.textEncoder2 = tests::writeSingleFile(folder_ / "g.safetensors", {.networks = {"xl_text_2"}});
  request.vae = tests::writeSingleFile(folder_ / "v.safetensors", {.networks = {"vae"}});
  EXPECT_LE(distance(pictures(request), golden("picture.xl")), kPictureTolerance);
  std::swap(request.textEncoder, request.textEncoder2);
  EXPECT_LE(distance(pictures(request), golden("picture.xl")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofSdxlTakeAnEmptyNegativePromptAsZeros) {
  GenerationRequest request = requestFor(tests::xlStyle());
  request.negativePrompt.clear();
  EXPECT_LE(distance(pictures(request), golden("picture.xl_empty")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofSdxlDoNotFollowClipSkip) {
  GenerationRequest request = requestFor(tests::xlStyle());
  request.clipSkip = 2;
  EXPECT_LE(distance(pictures(request), golden("picture.xl")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofTheRefinerAloneMatch) {
  EXPECT_LE(distance(pictures(requestFor(tests::refinerStyle())), golden("picture.refiner")), kPictureTolerance);
}

TEST_F(FamilyPictures, mayBeFinishedByARefiner) {
  GenerationRequest request = requestFor(tests::xlStyle());
  request.refiner = tests::writeSingleFile(folder_ / "refiner.safetensors", tests::refinerStyle());
  request.refinerSwitchAt = 0.4;
  EXPECT_LE(distance(pictures(request), golden("picture.xl_refined")), kPictureTolerance);
  EXPECT_LE(distance(pictures(request), golden("picture.xl_refined")), kPictureTolerance) << "the second time";
  request.refinerSwitchAt = 0.6;
  EXPECT_GE(distance(pictures(request), golden("picture.xl_refined")), 10 * kPictureTolerance);
  request.refinerSwitchAt = 1;
  EXPECT_LE(distance(pictures(request), golden("picture.xl")), kPictureTolerance);
}

TEST_F(FamilyPictures, cannotBeFinishedByAModelWithOtherLatents) {
  GenerationRequest request = requestFor(tests::xlStyle());
  request.refiner = model();
  EXPECT_EQ(failure(request).kind, ErrorKind::WrongFamily);
}

TEST_F(FamilyPictures, ofStableDiffusion2Match) {
  EXPECT_LE(distance(pictures(requestFor(tests::stableDiffusion2Style())), golden("picture.sd2")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofStableDiffusion2MatchForVelocityThatAMarkerTells) {
  tests::CheckpointStyle style = tests::stableDiffusion2Style();
  style.markers = {"v_pred"};
  EXPECT_LE(distance(pictures(requestFor(style)), golden("picture.sd2_velocity")), kPictureTolerance);
}

TEST_F(FamilyPictures, beginInPureNoiseWhereAMarkerSaysSo) {
  tests::CheckpointStyle style = tests::stableDiffusion2Style();
  style.markers = {"v_pred", "ztsnr"};
  GenerationRequest request = requestFor(style);
  const at::Tensor marked = pictures(request);
  EXPECT_GE(distance(marked, golden("picture.sd2_velocity")), 10 * kPictureTolerance);
  request.zeroTerminalSnr = ZeroTerminalSnr::Off;
  EXPECT_LE(distance(pictures(request), golden("picture.sd2_velocity")), kPictureTolerance);
  style.markers = {"v_pred"};
  request = requestFor(style);
  request.zeroTerminalSnr = ZeroTerminalSnr::On;
  EXPECT_EQ(distance(pictures(request), marked), 0);
}

TEST_F(FamilyPictures, ofPlaygroundAreThoseOfDiffusersEdmSchedulers) {
  GenerationRequest request = requestFor(tests::playgroundStyle());
  EXPECT_LE(distance(pictures(request), golden("edm.playground")), kPictureTolerance);
  request.sampler = Sampler::DpmPlusPlus2M;
  EXPECT_LE(distance(pictures(request), golden("edm.playground_2m")), kPictureTolerance);
  request.guidanceScale += 0.5;
  EXPECT_GE(distance(pictures(request), golden("edm.playground_2m")), 10 * kPictureTolerance);
}

TEST_F(FamilyPictures, ofCosXlAreThoseOfDiffusersEdmSchedulers) {
  GenerationRequest request = requestFor(tests::cosXlStyle());
  EXPECT_LE(distance(pictures(request), golden("edm.cosxl")), kPictureTolerance);
  request.prediction = PredictionType::Epsilon;
  EXPECT_GE(distance(pictures(request), golden("edm.cosxl")), 10 * kPictureTolerance);
}

TEST_F(FamilyPictures, ofPlaygroundAreTheSameFromADiffusersFolder) {
  const auto folder = tests::writeDiffusersFolder(folder_ / "playground", tests::xlStyle());
  tests::writeBytes(folder / "scheduler" / "scheduler_config.json",
                    R"({"_class_name": "EDMDPMSolverMultistepScheduler", "prediction_type": "epsilon",
                        "sigma_data": 0.5, "sigma_max": 80.0, "sigma_min": 0.002})");
  tests::writeBytes(folder / "vae" / "config.json",
                    R"({"latents_mean": [-0.4, 0.3, -0.2, 0.5], "latents_std": [1.5, 1.2, 1.25, 1.0],
                        "scaling_factor": 0.5})");
  EXPECT_LE(distance(pictures(requestFor(folder)), golden("edm.playground")), kPictureTolerance);
}

TEST_F(FamilyPictures, ofEdmModelsAreNotFinishedByARefinerWithOtherNoise) {
  GenerationRequest request = requestFor(tests::cosXlStyle());
  request.refiner = tests::writeSingleFile(folder_ / "refiner.safetensors", tests::refinerStyle());
  EXPECT_EQ(failure(request).kind, ErrorKind::WrongFamily);
}

TEST_F(FamilyPictures, ofAnInpaintingModelMaskEverythingWhenThereIsNoPicture) {
  EXPECT_LE(distance(pictures(requestFor(tests::inpaintingStyle())), golden("picture.inpaint")), kPictureTolerance);
}

}  // namespace
}  // namespace studio::engine
