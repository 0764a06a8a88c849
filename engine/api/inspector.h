#pragma once

#include "engine/api/choices.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace studio::engine {

enum class ModelFamily { Unknown, StableDiffusion1, StableDiffusion2, StableDiffusionXl };

/// Name for people ("SD 1.x").
const char* familyName(ModelFamily family);

/// One network inside a model file.
struct ModelPart {
  std::string name;  ///< "UNet", "Text encoder", "VAE"
  bool present = false;
  std::int64_t parameters = 0;
  std::string precision;  ///< "fp16", "fp32", "mixed"
};

/// What the headers of a checkpoint say; no weights are read.
struct ModelInfo {
  std::filesystem::path path;
  std::string name;    ///< file stem
  std::string layout;  ///< "single file", "diffusers folder"
  ModelFamily family = ModelFamily::Unknown;
  std::string precision;
  Bytes fileBytes;
  std::vector<ModelPart> parts;
  std::vector<std::string> missing;  ///< sentences: what must be added from another file
  std::int64_t ignoredTensors = 0;   ///< known leftovers (model_ema, betas, position_ids, …)
  std::int64_t unknownTensors = 0;
  PredictionType prediction = PredictionType::Epsilon;
  PixelSize trainedSize{512, 512};
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// What the headers of a LoRA file say.
struct LoraInfo {
  std::filesystem::path path;
  std::string name;
  std::string kind;  ///< "LoRA", "LoHa", "LoKr", …
  int rank = 0;
  double alpha = 0;
  ModelFamily base = ModelFamily::Unknown;
  bool usable = false;  ///< false: `reason` says why this studio cannot apply it
  std::string reason;
  int unetModules = 0;
  int textEncoderModules = 0;
  std::vector<std::string> triggers;
  Bytes fileBytes;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// A VAE, preview decoder, upscaler or something else that is not a checkpoint by itself.
struct OtherInfo {
  std::filesystem::path path;
  std::string kind;  ///< "VAE", "Preview decoder", "Upscaler", "Unknown"
  std::int64_t parameters = 0;
  std::string precision;
  Bytes fileBytes;
};

using FileInfo = std::variant<ModelInfo, LoraInfo, OtherInfo>;

/// Reads headers only. Thread-safe; may block on the disk, so never call it on the GUI thread.
class Inspector {
 public:
  virtual ~Inspector() = default;
  virtual Result<FileInfo> inspect(const std::filesystem::path& path) const = 0;
};

}  // namespace studio::engine
