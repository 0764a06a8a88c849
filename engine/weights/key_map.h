#pragma once

#include "engine/weights/tensor_info.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// The networks a model consists of. TinyVae is the TAESD layout (encoder and decoder without a distribution).
/// TextEncoder2 is SDXL's OpenCLIP bigG, also where it is a model's only one.
enum class Part { UNet, TextEncoder, Vae, TinyVae, TextEncoder2 };

const char* partName(Part part);

/// Which piece of a stored tensor is meant: OpenCLIP keeps three matrices in one and one the other way round.
enum class TensorPick { Whole, FirstThird, SecondThird, LastThird, Transposed };

/// Where a file's key belongs: the part and the canonical name in it. Canonical names are diffusers' names
/// without the part's prefix; a text encoder drops "text_model.", TinyVae is "encoder.<n>…"/"decoder.<n>…" with
/// the numbers of TAESD's layer list.
struct CanonicalKey {
  Part part = Part::UNet;
  std::string name;
  TensorPick pick = TensorPick::Whole;
};

struct KeyMap {
  std::multimap<std::string, CanonicalKey> keys;  ///< by the file's key; several where a tensor holds several
  std::int64_t ignored = 0;                       ///< known leftovers of training and conversion
  std::int64_t unknown = 0;
};

/// Sorts the keys of one file. Understands the LDM single-file layout, the parts of it alone, diffusers' names,
/// OpenCLIP's text encoders, and both spellings of TAESD. `part` is given when the folder of a diffusers model already
/// says it.
KeyMap mapKeys(const std::vector<std::string>& keys, std::optional<Part> part = std::nullopt);

}  // namespace studio::engine
