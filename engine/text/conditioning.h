#pragma once

#include "engine/weights/family_traits.h"

#include <ATen/core/Tensor.h>

namespace studio::engine {

/// Everything the denoiser is given besides latent and sigma, for one prompt. fp32 on the host.
struct Conditioning {
  at::Tensor context;  ///< text embeddings [1, 77 * chunks, width]
  at::Tensor pooled;   ///< the first chunk's pooled embedding [1, P]; undefined for families without
  at::Tensor numbers;  ///< sizes, crop or score [1, n]; undefined for families without
};

/// What a picture is conditioned on besides its text.
struct PictureConditions {
  PixelSize size{1024, 1024};
  bool negative = false;     ///< for the negative prompt: decides the aesthetic score
  PixelSize original{0, 0};  ///< 0: as `size`
  int cropTop = 0, cropLeft = 0;
};

/// The numbers a family's network is told about the picture; undefined when it is told none.   // [1, n]
at::Tensor conditionNumbers(const FamilyTraits& traits, const PictureConditions& picture);

/// What an empty negative prompt is for families whose networks learnt it as zeros.
Conditioning zeroed(const Conditioning& conditioning);

}  // namespace studio::engine
