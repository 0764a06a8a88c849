#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/key_map.h"
#include "engine/weights/tensor_info.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace studio::engine {

/// Where a textual inversion (Gal et al. 2022) lies among a file's tensors.
struct EmbeddingTensors {
  std::map<Part, std::string> keys;     ///< for each text encoder it was made for
  std::map<Part, std::int64_t> widths;  ///< of the vectors, likewise
  int vectors = 0;                      ///< tokens it takes
  ModelFamily family() const;           ///< as the widths tell; may be Unknown
};

/// The only place that knows the forms: `emb_params`; SDXL's pair `clip_l` and `clip_g`; A1111's `.pt` with
/// `string_to_param`; diffusers' one tensor under its token; one tensor as wide as a text encoder. `prefix` stands
/// before all names, as in LoRA files that carry embeddings. Nothing when there is none.
std::optional<EmbeddingTensors> embeddingTensorsIn(const std::map<std::string, TensorInfo>& tensors,
                                                   const std::string& prefix = {});

}  // namespace studio::engine
