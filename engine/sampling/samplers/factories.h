#pragma once

#include "engine/sampling/samplers.h"

#include <memory>

/// One function for each file of this folder; makeSampler is the only caller.
namespace studio::engine {

std::unique_ptr<SamplerBase> makeEulerSampler();
std::unique_ptr<SamplerBase> makeEulerAncestralSampler();
std::unique_ptr<SamplerBase> makeHeunSampler();
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSampler();
std::unique_ptr<SamplerBase> makeDpmPlusPlus2MSdeSampler();
std::unique_ptr<SamplerBase> makeDdimSampler();
std::unique_ptr<SamplerBase> makeUniPcSampler();
std::unique_ptr<SamplerBase> makeLcmSampler();

}  // namespace studio::engine
