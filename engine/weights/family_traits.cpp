#include "engine/weights/family_traits.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

/// Radford et al. 2021, as SD 1.x uses it.
TextEncoderTraits clipL() { return {}; }

/// SDXL takes the layer before the last, without the final norm, whatever CLIP skip says.
TextEncoderTraits clipLOfXl() {
  TextEncoderTraits traits;
  traits.skippedLayers = 1;
  traits.followsClipSkip = false;
  traits.finalNorm = false;
  return traits;
}

/// OpenCLIP ViT-H/14 of SD 2.x: the layer before the last, then the final norm.
TextEncoderTraits openClipH() {
  TextEncoderTraits traits;
  traits.name = "OpenCLIP-H";
  traits.quickGelu = false;
  traits.skippedLayers = 1;
  traits.followsClipSkip = false;
  traits.padding = 0;
  return traits;
}

/// OpenCLIP ViT-bigG/14 of SDXL and its refiner.
TextEncoderTraits openClipBigG() {
  TextEncoderTraits traits = openClipH();
  traits.part = Part::TextEncoder2;
  traits.name = "OpenCLIP bigG";
  traits.finalNorm = false;
  traits.pooled = true;
  return traits;
}

FamilyTraits stableDiffusion1() {
  FamilyTraits traits;
  traits.family = ModelFamily::StableDiffusion1;
  traits.textEncoders = {clipL()};
  traits.heads = 8;
  return traits;
}

FamilyTraits stableDiffusion2() {
  FamilyTraits traits;
  traits.family = ModelFamily::StableDiffusion2;
  traits.textEncoders = {openClipH()};
  return traits;
}

FamilyTraits stableDiffusionXl() {
  FamilyTraits traits;
  traits.family = ModelFamily::StableDiffusionXl;
  traits.textEncoders = {clipLOfXl(), openClipBigG()};
  traits.trainedSize = {1024, 1024};
  traits.vaeScale = 0.13025;
  traits.vaeNeedsRange = true;
  traits.emptyNegativeIsZero = true;
  traits.sizes = SizeConditioning::OriginalCropTarget;
  return traits;
}

FamilyTraits stableDiffusionXlRefiner() {
  FamilyTraits traits = stableDiffusionXl();
  traits.family = ModelFamily::StableDiffusionXlRefiner;
  traits.textEncoders = {openClipBigG()};
  traits.sizes = SizeConditioning::OriginalCropAesthetic;
  return traits;
}

}  // namespace

const FamilyTraits& traitsOf(ModelFamily family) {
  static const std::array<FamilyTraits, 4> kFamilies{stableDiffusion1(), stableDiffusion2(), stableDiffusionXl(),
                                                     stableDiffusionXlRefiner()};
  const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                   [family](const FamilyTraits& traits) { return traits.family == family; });
  return found == kFamilies.end() ? kFamilies.front() : *found;
}

std::int64_t attentionHeads(ModelFamily family, std::int64_t channels) {
  constexpr std::int64_t kHeadWidth = 64;
  const std::int64_t heads = traitsOf(family).heads;
  return heads > 0 ? heads : std::max<std::int64_t>(1, channels / kHeadWidth);
}

}  // namespace studio::engine
