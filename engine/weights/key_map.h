#pragma once

#include "engine/weights/tensor_info.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace studio::engine {

/// The networks a model consists of. TinyVae is the TAESD layout (encoder and decoder without a distribution).
enum class Part { UNet, TextEncoder, Vae, TinyVae };

const char* partName(Part part);

/// Where a file's key belongs: the part and the canonical name in it. Canonical names are diffusers' names
/// without the part's prefix; TextEncoder drops "text_model.", TinyVae is "encoder.<n>…"/"decoder.<n>…" with
/// the numbers of TAESD's layer list.
struct CanonicalKey {
  Part part = Part::UNet;
  std::string name;
};

struct KeyMap {
  std::map<std::string, CanonicalKey> keys;  ///< by the file's key
  std::int64_t ignored = 0;                  ///< known leftovers of training and conversion
  std::int64_t unknown = 0;
};

/// Sorts the keys of one file. Understands the LDM single-file layout, the parts of it alone, diffusers' names,
/// and both spellings of TAESD. `part` is given when the folder of a diffusers model already says it.
KeyMap mapKeys(const std::vector<std::string>& keys, std::optional<Part> part = std::nullopt);

}  // namespace studio::engine
