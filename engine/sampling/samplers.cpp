#include "engine/sampling/samplers.h"

#include "engine/sampling/samplers/factories.h"

#include <array>
#include <utility>

namespace studio::engine {

int SamplerBase::stepsLeft(const SamplerState& state, std::span<const float> sigmas) const {
  return static_cast<int>(sigmas.size()) - 1 - state.step;
}

int SamplerBase::networkCalls(int, std::span<const float>) const { return 1; }

bool SamplerBase::readsNegative() const { return false; }

std::unique_ptr<SamplerBase> makeSampler(Sampler sampler, const SamplerOptions& options) {
  using Factory = std::unique_ptr<SamplerBase> (*)(const SamplerOptions&);
  static constexpr std::array<std::pair<Sampler, Factory>, kSamplers.size()> kFactories{{
      {Sampler::Euler, makeEulerSampler},
      {Sampler::EulerAncestral, makeEulerAncestralSampler},
      {Sampler::Heun, makeHeunSampler},
      {Sampler::HeunPlusPlus2, makeHeunPlusPlus2Sampler},
      {Sampler::ExpHeun, makeExpHeunSampler},
      {Sampler::ExpHeunSde, makeExpHeunSdeSampler},
      {Sampler::Lms, makeLmsSampler},
      {Sampler::Dpm2, makeDpm2Sampler},
      {Sampler::Dpm2Ancestral, makeDpm2AncestralSampler},
      {Sampler::DpmFast, makeDpmFastSampler},
      {Sampler::DpmAdaptive, makeDpmAdaptiveSampler},
      {Sampler::DpmPlusPlus2SAncestral, makeDpmPlusPlus2SAncestralSampler},
      {Sampler::DpmPlusPlus2M, makeDpmPlusPlus2MSampler},
      {Sampler::DpmPlusPlusSde, makeDpmPlusPlusSdeSampler},
      {Sampler::DpmPlusPlus2MSde, makeDpmPlusPlus2MSdeSampler},
      {Sampler::DpmPlusPlus2MSdeHeun, makeDpmPlusPlus2MSdeHeunSampler},
      {Sampler::DpmPlusPlus3MSde, makeDpmPlusPlus3MSdeSampler},
      {Sampler::Restart, makeRestartSampler},
      {Sampler::Ddim, makeDdimSampler},
      {Sampler::Ddpm, makeDdpmSampler},
      {Sampler::Plms, makePlmsSampler},
      {Sampler::UniPC, makeUniPcSampler},
      {Sampler::UniPCBh2, makeUniPcBh2Sampler},
      {Sampler::Lcm, makeLcmSampler},
      {Sampler::Tcd, makeTcdSampler},
      {Sampler::Deis, makeDeisSampler},
      {Sampler::Ipndm, makeIpndmSampler},
      {Sampler::IpndmV, makeIpndmVSampler},
      {Sampler::ResMultistep, makeResMultistepSampler},
      {Sampler::ResMultistepAncestral, makeResMultistepAncestralSampler},
      {Sampler::ErSde, makeErSdeSampler},
      {Sampler::Seeds2, makeSeeds2Sampler},
      {Sampler::Seeds3, makeSeeds3Sampler},
      {Sampler::SaSolver, makeSaSolverSampler},
      {Sampler::SaSolverPece, makeSaSolverPeceSampler},
      {Sampler::GradientEstimation, makeGradientEstimationSampler},
      {Sampler::EulerCfgPlusPlus, makeEulerCfgPlusPlusSampler},
      {Sampler::EulerAncestralCfgPlusPlus, makeEulerAncestralCfgPlusPlusSampler},
      {Sampler::DdimCfgPlusPlus, makeDdimCfgPlusPlusSampler},
      {Sampler::DpmPlusPlus2SAncestralCfgPlusPlus, makeDpmPlusPlus2SAncestralCfgPlusPlusSampler},
      {Sampler::DpmPlusPlus2MCfgPlusPlus, makeDpmPlusPlus2MCfgPlusPlusSampler},
      {Sampler::ResMultistepCfgPlusPlus, makeResMultistepCfgPlusPlusSampler},
      {Sampler::ResMultistepAncestralCfgPlusPlus, makeResMultistepAncestralCfgPlusPlusSampler},
      {Sampler::GradientEstimationCfgPlusPlus, makeGradientEstimationCfgPlusPlusSampler},
  }};
  for (const auto& [value, factory] : kFactories) {
    if (value == sampler) return factory(options);
  }
  return nullptr;
}

}  // namespace studio::engine
