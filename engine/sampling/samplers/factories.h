#pragma once

#include "engine/sampling/samplers.h"

#include <memory>

/// One function for each sampler of this folder; makeSampler is the only caller.
namespace studio::engine {

std::unique_ptr<SamplerBase> makeEulerSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeEulerAncestralSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeHeunSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeHeunPlusPlus2Sampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeExpHeunSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeExpHeunSdeSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeLmsSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpm2Sampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpm2AncestralSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmFastSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmAdaptiveSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2SAncestralSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlusSdeSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeHeunSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus3MSdeSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeRestartSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDdimSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDdpmSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makePlmsSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeUniPcSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeUniPcBh2Sampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeLcmSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeTcdSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDeisSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeIpndmSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeIpndmVSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeResMultistepSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeResMultistepAncestralSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeErSdeSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeSeeds2Sampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeSeeds3Sampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeSaSolverSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeSaSolverPeceSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeGradientEstimationSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeEulerCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeEulerAncestralCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDdimCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2SAncestralCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeResMultistepCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeResMultistepAncestralCfgPlusPlusSampler(const SamplerOptions& options);
std::unique_ptr<SamplerBase> makeGradientEstimationCfgPlusPlusSampler(const SamplerOptions& options);

}  // namespace studio::engine
