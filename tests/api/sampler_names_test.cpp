#include "engine/api/sampler_names.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace studio::engine {
namespace {

/// ComfyUI's list, without those that only say where noise is drawn ("_gpu").
constexpr std::pair<std::string_view, Sampler> kNamesOfComfyUi[] = {
    {"euler", Sampler::Euler},
    {"euler_cfg_pp", Sampler::EulerCfgPlusPlus},
    {"euler_ancestral", Sampler::EulerAncestral},
    {"euler_ancestral_cfg_pp", Sampler::EulerAncestralCfgPlusPlus},
    {"heun", Sampler::Heun},
    {"heunpp2", Sampler::HeunPlusPlus2},
    {"exp_heun_2_x0", Sampler::ExpHeun},
    {"exp_heun_2_x0_sde", Sampler::ExpHeunSde},
    {"dpm_2", Sampler::Dpm2},
    {"dpm_2_ancestral", Sampler::Dpm2Ancestral},
    {"lms", Sampler::Lms},
    {"dpm_fast", Sampler::DpmFast},
    {"dpm_adaptive", Sampler::DpmAdaptive},
    {"dpmpp_2s_ancestral", Sampler::DpmPlusPlus2SAncestral},
    {"dpmpp_2s_ancestral_cfg_pp", Sampler::DpmPlusPlus2SAncestralCfgPlusPlus},
    {"dpmpp_sde", Sampler::DpmPlusPlusSde},
    {"dpmpp_2m", Sampler::DpmPlusPlus2M},
    {"dpmpp_2m_cfg_pp", Sampler::DpmPlusPlus2MCfgPlusPlus},
    {"dpmpp_2m_sde", Sampler::DpmPlusPlus2MSde},
    {"dpmpp_2m_sde_heun", Sampler::DpmPlusPlus2MSdeHeun},
    {"dpmpp_3m_sde", Sampler::DpmPlusPlus3MSde},
    {"ddpm", Sampler::Ddpm},
    {"lcm", Sampler::Lcm},
    {"ipndm", Sampler::Ipndm},
    {"ipndm_v", Sampler::IpndmV},
    {"deis", Sampler::Deis},
    {"res_multistep", Sampler::ResMultistep},
    {"res_multistep_cfg_pp", Sampler::ResMultistepCfgPlusPlus},
    {"res_multistep_ancestral", Sampler::ResMultistepAncestral},
    {"res_multistep_ancestral_cfg_pp", Sampler::ResMultistepAncestralCfgPlusPlus},
    {"gradient_estimation", Sampler::GradientEstimation},
    {"gradient_estimation_cfg_pp", Sampler::GradientEstimationCfgPlusPlus},
    {"er_sde", Sampler::ErSde},
    {"seeds_2", Sampler::Seeds2},
    {"seeds_3", Sampler::Seeds3},
    {"sa_solver", Sampler::SaSolver},
    {"sa_solver_pece", Sampler::SaSolverPece},
    {"ddim", Sampler::Ddim},
    {"uni_pc", Sampler::UniPC},
    {"uni_pc_bh2", Sampler::UniPCBh2},
};

TEST(SamplerNames, knowEverySamplerOfComfyUi) {
  for (const auto& [name, sampler] : kNamesOfComfyUi) {
    EXPECT_EQ(samplerFromName(name), sampler) << name;
    EXPECT_EQ(samplerFromName(std::string(name) + "_gpu"), sampler) << name;
  }
}

TEST(SamplerNames, areThoseOfNoOtherSampler) {
  std::set<std::string_view> names;
  for (const auto& choice : kSamplers) {
    EXPECT_TRUE(names.insert(choice.id).second) << choice.id;
    EXPECT_TRUE(names.insert(choice.label).second) << choice.label;
    EXPECT_EQ(samplerFromName(choice.id), choice.value) << choice.id;
    EXPECT_EQ(samplerFromName(choice.label), choice.value) << choice.label;
  }
  for (const auto& choice : kSchedules) {
    EXPECT_EQ(scheduleFromName(choice.id), choice.value) << choice.id;
    EXPECT_EQ(scheduleFromName(choice.label), choice.value) << choice.label;
  }
}

TEST(SamplerNames, ofASamplerAndOfAScheduleAreTakenApartWhereBothAreAskedFor) {
  EXPECT_EQ(samplerFromNames("DPM++ 2M Karras", std::nullopt).schedule, Schedule::Karras);
  EXPECT_EQ(samplerFromName("DPM++ 2M Karras"), std::nullopt) << "a schedule would be lost";
  EXPECT_EQ(scheduleFromName("ays"), Schedule::AlignYourSteps);
  EXPECT_EQ(scheduleFromName("magic"), std::nullopt);
}

}  // namespace
}  // namespace studio::engine
