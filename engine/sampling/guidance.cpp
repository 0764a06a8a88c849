#include "engine/sampling/guidance.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/chunk.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/quantile.h>

#include <array>
#include <utility>

namespace studio::engine {
namespace {

/// Standard deviation of each picture.                                                               // [B, 1, 1, 1]
at::Tensor spread(const at::Tensor& pictures) {
  constexpr std::array<std::int64_t, 3> kPicture{1, 2, 3};
  return pictures.std(at::OptionalIntArrayRef(kPicture), std::optional<at::Scalar>(1), true);
}

/// Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps are Flawed", equations 15 and 16: the guided
/// prediction with the spread of the prompt's, mixed with itself.
at::Tensor rescaled(const at::Tensor& guided, const at::Tensor& prompt, double part) {
  return guided * (spread(prompt) / spread(guided)) * part + guided * (1 - part);
}

/// Dynamic thresholding (Saharia et al. 2022, section 2.3) for latents, which have no fixed range: each channel's
/// deviations from its mean are clipped at the quantile and scaled to the largest deviation of the gentler guidance.
at::Tensor thresholded(const at::Tensor& guided, const at::Tensor& gentle, double quantile) {
  const auto deviations = [](const at::Tensor& pictures) {
    const at::Tensor flat = pictures.flatten(2);  // [B, C, h·w]
    return flat - flat.mean(at::OptionalIntArrayRef(std::int64_t{2}), true);
  };
  const at::Tensor mean = guided.flatten(2).mean(at::OptionalIntArrayRef(std::int64_t{2}), true);
  const at::Tensor strong = deviations(guided), soft = deviations(gentle);
  const at::Tensor limit = soft.abs().amax({2}, true);  // [B, C, 1]
  const at::Tensor reach = at::maximum(at::quantile(strong.abs(), quantile, 2, true), limit);
  const at::Tensor clipped = at::minimum(at::maximum(strong, -reach), reach);
  return (clipped / reach * limit + mean).reshape(guided.sizes());
}

}  // namespace

GuidedDenoiser::GuidedDenoiser(Denoiser denoiser, Guidance guidance)
    : denoiser_(std::move(denoiser)), guidance_(guidance) {}

Estimate GuidedDenoiser::operator()(const at::Tensor& x, float sigma) const {
  if (guidance_.usesNegative() && sigma <= guidance_.promptOnlyAbove) return guided(x, sigma);
  const at::Tensor denoised = denoiser_(x, sigma);
  return {denoised, denoised};
}

Estimate GuidedDenoiser::guided(const at::Tensor& x, float sigma) const {
  const std::vector<at::Tensor> halves = denoiser_.predict(at::cat({x, x}), sigma).chunk(2);
  const at::Tensor &prompt = halves[0], &negative = halves[1];
  at::Tensor prediction = negative + (prompt - negative) * guidance_.scale;
  if (guidance_.rescale > 0) prediction = rescaled(prediction, prompt, guidance_.rescale);
  Estimate estimate{denoiser_.denoisedFrom(x, prediction, sigma), denoiser_.denoisedFrom(x, negative, sigma)};
  if (guidance_.thresholdQuantile < 1) {
    const at::Tensor gentle = denoiser_.denoisedFrom(x, negative + (prompt - negative) * guidance_.mimicScale, sigma);
    estimate.denoised = thresholded(estimate.denoised, gentle, guidance_.thresholdQuantile);
  }
  return estimate;
}

}  // namespace studio::engine
