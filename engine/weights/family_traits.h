#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/key_map.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace studio::engine {

/// How a family uses one of its text encoders.
struct TextEncoderTraits {
  Part part = Part::TextEncoder;
  std::string_view name = "CLIP-L";  ///< for people
  bool quickGelu = true;             ///< CLIP's own activation; OpenCLIP has the exact one
  int skippedLayers = 0;             ///< left out at the end when nobody asks for a CLIP skip
  bool followsClipSkip = true;       ///< false: CLIP skip changes nothing, as in A1111
  bool finalNorm = true;             ///< the final layer norm after the last layer used
  bool pooled = false;               ///< also gives the projected embedding of the end token
  std::int32_t padding = 49407;      ///< token that fills a chunk
};

/// The numbers that SDXL's networks are told besides the text (Podell et al. 2023, sections 2.2 and 2.3).
enum class SizeConditioning {
  None,
  OriginalCropTarget,    ///< height, width, crop top, crop left, target height, target width
  OriginalCropAesthetic  ///< height, width, crop top, crop left, aesthetic score
};

/// Everything that follows from a family and stands in no file.
struct FamilyTraits {
  ModelFamily family = ModelFamily::Unknown;
  std::vector<TextEncoderTraits> textEncoders;  ///< contexts side by side in this order
  std::int64_t heads = 0;                       ///< of the UNet's attention; 0: as many as are 64 wide
  PixelSize trainedSize{512, 512};
  double vaeScale = 0.18215;         ///< scaled latent = latent × scale
  bool vaeNeedsRange = false;        ///< the VAE's activations leave the range of fp16
  bool emptyNegativeIsZero = false;  ///< an empty negative prompt is zeros, as in A1111
  SizeConditioning sizes = SizeConditioning::None;
};

/// Families that are only recognised get the traits of SD 1.x.
const FamilyTraits& traitsOf(ModelFamily family);

/// Heads of the UNet's attention: SD 1.x fixes their number, later families their width.
std::int64_t attentionHeads(ModelFamily family, std::int64_t channels);

}  // namespace studio::engine
