#include "engine/sampling/samplers.h"

#include "engine/sampling/samplers/factories.h"

#include <array>
#include <utility>

namespace studio::engine {

int SamplerBase::networkCalls(int, std::span<const float>) const { return 1; }

std::unique_ptr<SamplerBase> makeSampler(Sampler sampler) {
  using Factory = std::unique_ptr<SamplerBase> (*)();
  static constexpr std::array<std::pair<Sampler, Factory>, kSamplers.size()> kFactories{{
      {Sampler::Euler, makeEulerSampler},
      {Sampler::EulerAncestral, makeEulerAncestralSampler},
      {Sampler::Heun, makeHeunSampler},
      {Sampler::DpmPlusPlus2M, makeDpmPlusPlus2MSampler},
      {Sampler::DpmPlusPlus2MSde, makeDpmPlusPlus2MSdeSampler},
      {Sampler::Ddim, makeDdimSampler},
      {Sampler::UniPC, makeUniPcSampler},
      {Sampler::Lcm, makeLcmSampler},
  }};
  for (const auto& [value, factory] : kFactories) {
    if (value == sampler) return factory();
  }
  return nullptr;
}

}  // namespace studio::engine
