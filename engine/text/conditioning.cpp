#include "engine/text/conditioning.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <vector>

namespace studio::engine {
namespace {

// The refiner was trained with scores of 1 to 10; these are the usual wishes for the two prompts.
constexpr float kHighScore = 6.0F, kLowScore = 2.5F;

}  // namespace

at::Tensor conditionNumbers(const FamilyTraits& traits, const PictureConditions& picture) {
  if (traits.sizes == SizeConditioning::None) return {};
  const PixelSize original = picture.original.width > 0 ? picture.original : picture.size;
  std::vector<float> numbers{static_cast<float>(original.height), static_cast<float>(original.width),
                             static_cast<float>(picture.cropTop), static_cast<float>(picture.cropLeft)};
  if (traits.sizes == SizeConditioning::OriginalCropTarget) {
    numbers.insert(numbers.end(), {static_cast<float>(picture.size.height), static_cast<float>(picture.size.width)});
  } else {
    numbers.push_back(picture.negative ? kLowScore : kHighScore);
  }
  at::Tensor row = at::empty({1, static_cast<std::int64_t>(numbers.size())}, at::kFloat);
  std::copy(numbers.begin(), numbers.end(), row.data_ptr<float>());
  return row;
}

Conditioning zeroed(const Conditioning& conditioning) {
  Conditioning result = conditioning;
  result.context = at::zeros_like(conditioning.context);
  if (conditioning.pooled.defined()) result.pooled = at::zeros_like(conditioning.pooled);
  return result;
}

}  // namespace studio::engine
