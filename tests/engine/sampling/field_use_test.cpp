#include "engine/api/field_use.h"

#include "engine/api/reproduction_profile.h"
#include "engine/api/request_fields.h"
#include "engine/sampling/guidance.h"
#include "engine/sampling/run_sampler.h"
#include "engine/sampling/sampling_plan.h"
#include "tests/engine/sampling/sampling_fixture.h"

#include <ATen/ops/cat.h>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

namespace studio::engine {
namespace {

using namespace sampling_fixture;

/// The second half of a doubled batch is what the negative prompt wants.
at::Tensor predictAnalytically(const at::Tensor& x, const at::Tensor& timesteps) {
  const at::Tensor answer = at::sin(x * 1.3 + timesteps.reshape({-1, 1, 1, 1}) * 0.01) * 0.7 + x * 0.3;
  if (x.size(0) <= kPictures) return answer;
  return at::cat({answer.narrow(0, 0, kPictures), answer.narrow(0, kPictures, kPictures) * 0.8 + 0.1});
}

at::Tensor pictureOf(const GenerationRequest& request) {
  const SamplingPlan plan = planSampling(request);
  SamplerState state = startOf(plan, Seed{3}, kPictures, kPictureShape);
  const GuidedDenoiser denoise(Denoiser(predictAnalytically, PredictionType::Epsilon), plan.guidance);
  runSampler(*plan.sampler, state, denoise, plan.sigmas, {});
  return state.x;
}

constexpr int kRestartingSteps = 36;  ///< with fewer it never goes back up, and draws no noise

constexpr double kRounding = 1e-5;

using Change = std::function<void(GenerationRequest&)>;

/// Every field that something can switch off, and another value for it.
const std::map<std::string, Change>& changes() {
  static const std::map<std::string, Change> all{
      {"eta", [](GenerationRequest& r) { r.eta = 0.5; }},
      {"ddim_eta", [](GenerationRequest& r) { r.ddimEta = r.ddimEta > 0 ? 0.2 : 0.6; }},
      {"s_noise", [](GenerationRequest& r) { r.sNoise = 0.9; }},
      {"s_churn", [](GenerationRequest& r) { r.sChurn += 0.7; }},
      {"s_tmin", [](GenerationRequest& r) { r.sTmin = 5; }},
      {"s_tmax", [](GenerationRequest& r) { r.sTmax = 2; }},
      {"steps", [](GenerationRequest& r) { r.steps += 2; }},
      {"scheduler", [](GenerationRequest& r) { r.schedule = Schedule::SgmUniform; }},
      {"penultimate_sigma", [](GenerationRequest& r) { r.penultimateSigma = PenultimateSigma::Discard; }},
      {"ensd", [](GenerationRequest& r) { r.ensd = 31337; }},
      {"path_noise",
       [](GenerationRequest& r) {
         const bool onCpu = reproductionProfile(r).pathNoise == NoiseDevice::Cpu;
         r.pathNoise = onCpu ? PathNoise::Gpu : PathNoise::Cpu;
       }},
      {"guidance_rescale", [](GenerationRequest& r) { r.guidanceRescale = 0.5; }},
      {"prompt_only", [](GenerationRequest& r) { r.promptOnly = 0.5; }},
      {"threshold_quantile", [](GenerationRequest& r) { r.thresholdQuantile = r.thresholdQuantile < 1 ? 1 : 0.7; }},
      {"mimic_scale", [](GenerationRequest& r) { r.mimicScale = 2; }}};
  return all;
}

/// What switches fields on or off.
const std::map<std::string, Change>& situations() {
  static const std::map<std::string, Change> all{
      {"as usual", [](GenerationRequest&) {}},
      {"churn, dynamic threshold", [](GenerationRequest& r) { r.sChurn = 1, r.thresholdQuantile = 0.8; }},
      {"no ancestral noise, DDIM's", [](GenerationRequest& r) { r.eta = 0, r.ddimEta = 0.5; }},
      {"own sigmas", [](GenerationRequest& r) { r.sigmas = "14, 9, 5, 2, 1"; }},
      {"guidance off", [](GenerationRequest& r) { r.guidanceScale = 1; }}};
  return all;
}

/// With few sigmas of one's own: Restart does not go back up, and in diffusers' way the scheduler's name alone moves
/// the start.
bool isSpecial(const GenerationRequest& request, const std::string& field) {
  if (request.sampler == Sampler::Restart && (field == "s_noise" || field == "ensd")) return true;
  return request.profile == Profile::Diffusers && field == "scheduler";
}

class FieldUse : public testing::TestWithParam<Profile> {};

INSTANTIATE_TEST_SUITE_P(Profiles, FieldUse,
                         testing::Values(Profile::Studio, Profile::A1111Cpu, Profile::ComfyUi, Profile::Diffusers),
                         [](const auto& profile) { return "profile" + std::to_string(profile.index); });

TEST_P(FieldUse, isDeniedExactlyWhereAFieldChangesNothing) {
  for (const auto& [situation, arrange] : situations()) {
    for (const auto& sampler : kSamplers) {
      GenerationRequest request;
      request.profile = GetParam();
      request.sampler = sampler.value;
      request.penultimateSigma = PenultimateSigma::Keep;
      request.mimicScale = 3;  // a dynamic threshold counts below the guidance
      request.steps = sampler.value == Sampler::Restart ? kRestartingSteps : 4;
      arrange(request);
      const at::Tensor before = pictureOf(request);
      for (const auto& [field, change] : changes()) {
        if (!request.sigmas.empty() && isSpecial(request, field)) continue;
        GenerationRequest changed = request;
        change(changed);
        const bool same = relativeError(pictureOf(changed), before) < kRounding;
        EXPECT_EQ(same, whyIgnored(field, request).has_value()) << sampler.id << ", " << situation << ", " << field;
      }
    }
  }
}

TEST(FieldUseReasons, nameTheSamplerOrTheFieldThatDecides) {
  GenerationRequest request;
  EXPECT_EQ(whyIgnored("eta", request)->text(), "The sampler DPM++ 2M does not use it.");
  EXPECT_TRUE(whyIgnored("gpu_threads", request));
  request.profile = Profile::A1111Gpu;
  EXPECT_FALSE(whyIgnored("gpu_threads", request));
  EXPECT_FALSE(whyIgnored("program_version", request));
  request.profile = Profile::Diffusers;
  EXPECT_TRUE(whyIgnored("program_version", request));
  EXPECT_TRUE(whyIgnored("refiner_switch_at", request));
  request.refiner = "polish.safetensors";
  EXPECT_FALSE(whyIgnored("refiner_switch_at", request));
  EXPECT_FALSE(whyIgnored("prompt", request));
}

}  // namespace
}  // namespace studio::engine
