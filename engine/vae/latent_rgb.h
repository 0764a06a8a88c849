#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

namespace studio::engine {

/// A linear map from a latent cell to the mean colour of the pixels it stands for: cheap previews.
struct LatentRgb {
  at::Tensor factors;  ///< fp32 [latentChannels, 3]
  at::Tensor bias;     ///< fp32 [3]

  /// Scaled latent fp32 [B, C, h, w] -> pixels -1 … 1 [B, 3, h, w].
  at::Tensor apply(const at::Tensor& latent) const;
};

/// Least squares over one decode: `latent` fp32 [B, C, h, w] against `pixels` fp32 [B, 3, h*s, w*s] in -1 … 1, averaged
/// over each cell. With few cells or flat pictures the fit is kept near zero by a small ridge term.
LatentRgb fitLatentRgb(const at::Tensor& latent, const at::Tensor& pixels);

/// From a file's metadata `studio.latent_rgb`: {"factors": [[r,g,b] for each channel], "bias": [r,g,b]}.
/// Nothing when the text is something else.
std::optional<LatentRgb> latentRgbFromText(const std::string& text, std::int64_t latentChannels);

/// The text that latentRgbFromText reads.
std::string latentRgbText(const LatentRgb& fit);

}  // namespace studio::engine
