#pragma once

#include "engine/sampling/denoiser.h"

#include <limits>

namespace studio::engine {

/// How the prompt is followed.
struct Guidance {
  double scale = 1;
  bool always = false;  ///< look at the negative prompt even at scale 1, for samplers that read it
  double rescale = 0;   ///< 0 to 1: part of the contrast gained that is taken back (Lin et al. 2024, section 3.4)
  /// Above this sigma the negative prompt is left out, which halves the work there.
  float promptOnlyAbove = std::numeric_limits<float>::infinity();
  /// Dynamic thresholding: values beyond this quantile of a picture are pulled in to what the scale `mimicScale` would
  /// reach; 1 switches it off.
  double thresholdQuantile = 1;
  double mimicScale = 7;

  /// False when the negative prompt's half would be pointless: the network then sees B rows, not 2B.
  bool usesNegative() const { return always || scale != 1; }
};

/// Classifier-free guidance (Ho and Salimans 2022) in one batch: the network is called with x doubled, first the rows
/// for the prompt, then those for the negative prompt, and answers in that order;                     // [2B, C, h, w]
/// the result is negative + scale · (prompt − negative), computed in fp32.                            // [B, C, h, w]
/// Where the negative prompt is not used, at scale 1 or above `promptOnlyAbove`, it is called with the B rows of the
/// prompt alone.
class GuidedDenoiser {
 public:
  GuidedDenoiser(Denoiser denoiser, Guidance guidance);

  Estimate operator()(const at::Tensor& x, float sigma) const;

 private:
  Estimate guided(const at::Tensor& x, float sigma) const;

  Denoiser denoiser_;
  Guidance guidance_;
};

}  // namespace studio::engine
