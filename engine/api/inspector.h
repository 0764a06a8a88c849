#pragma once

#include "engine/api/choices.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace studio::engine {

/// Kinds of models that differ in how they are used. From Flux on they are recognised only to be named.
enum class ModelFamily {
  Unknown,
  StableDiffusion1,
  StableDiffusion2,
  StableDiffusionXl,
  StableDiffusionXlRefiner,
  Flux,
  Flux2,
  StableDiffusion3,
  Chroma,
  PixArt,
  AuraFlow,
  StableCascade,
  QwenImage,
  ZImage,
  Lumina2,
  HiDream,
  HunyuanDit,
  HunyuanVideo,
  Wan,
  LtxVideo,
  Kandinsky
};

/// Name for people ("SD 1.x").
const char* familyName(ModelFamily family);
/// Name for programs ("sd15").
const char* familyId(ModelFamily family);
/// Pictures can be made with it.
constexpr bool isUsable(ModelFamily family) {
  return family >= ModelFamily::StableDiffusion1 && family <= ModelFamily::StableDiffusionXlRefiner;
}

/// What a file is.
enum class FileKind {
  Unknown,
  Checkpoint,  ///< network with text encoder or VAE
  UNet,        ///< the network alone
  Vae,
  PreviewDecoder,
  TextEncoder,
  Lora,
  Embedding,
  ControlNet,
  Upscaler,
  PreviewEncoder,
  Hypernetwork,  ///< named, not used
  Tokenizer      ///< part of a text encoder elsewhere; this program brings its own
};
/// Name for people ("Text encoder") and for programs ("text_encoder").
const char* fileKindName(FileKind kind);
const char* fileKindId(FileKind kind);

/// Settings a few-step model was made for.
struct SuggestedSettings {
  std::string method;  ///< "LCM", "Lightning", …
  std::string source;  ///< "file name" or "metadata"
  Sampler sampler = Sampler::Lcm;
  Schedule schedule = Schedule::SgmUniform;
  int steps = 4;
  double guidanceScale = 1;
  bool operator==(const SuggestedSettings&) const = default;
};

/// Noise levels of a network trained the way of Karras et al. 2022, "Elucidating the Design Space" (EDM).
struct EdmNoise {
  double smallest = 0.002;   ///< sigma
  double largest = 80;       ///< sigma
  double dataDeviation = 1;  ///< standard deviation of the latents it was trained on
  bool operator==(const EdmNoise&) const = default;
};

/// How a model's prediction type became known.
enum class PredictionSource { Family, Metadata, MarkerTensor, Configuration, Statistic };
/// "usual for the family", "the file's metadata", …
const char* predictionSourceName(PredictionSource source);

/// What people chose for one model over what its file says.
struct ModelChoice {
  PredictionType prediction = PredictionType::Automatic;
  ZeroTerminalSnr zeroTerminalSnr = ZeroTerminalSnr::Automatic;
  bool operator==(const ModelChoice&) const = default;
};

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
  FileKind kind = FileKind::Checkpoint;
  ModelFamily family = ModelFamily::Unknown;
  std::string precision;
  Bytes fileBytes;
  std::vector<ModelPart> parts;
  std::vector<std::string> missing;  ///< sentences: what must be added from another file
  std::int64_t ignoredTensors = 0;   ///< known leftovers (model_ema, betas, position_ids, …)
  std::int64_t unknownTensors = 0;
  PredictionType prediction = PredictionType::Epsilon;
  PredictionSource predictionSource = PredictionSource::Family;
  bool zeroTerminalSnr = false;  ///< trained down to pure noise
  PredictionSource zeroTerminalSnrSource = PredictionSource::Family;
  ModelChoice chosen;           ///< remembered for this file: counts where a request says Automatic
  std::optional<EdmNoise> edm;  ///< empty for all but Playground v2.5, CosXL and the like
  bool inpainting = false;      ///< also takes a mask and a picture
  PixelSize trainedSize{512, 512};
  std::optional<SuggestedSettings> suggestion;  ///< for models distilled to few steps
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// What the headers of a LoRA file say.
struct LoraInfo {
  std::filesystem::path path;
  std::string name;
  std::string kind;  ///< for people: "LoRA", "LoCon", "LoHa", "LoKr", "DoRA", …
  std::string
      algorithm;  ///< for programs: "lora", "locon", "loha", "lokr", "dora", "oft", "boft", "glora", "ia3", "full"
  int rank = 0;
  double alpha = 0;
  ModelFamily base = ModelFamily::Unknown;
  bool usable = false;  ///< false: `reason` says why this studio cannot apply it
  std::string reason;
  int unetModules = 0;
  int textEncoderModules = 0;
  std::vector<std::string> triggers;
  std::vector<std::string> embeddings;  ///< names of textual inversions inside the file
  Bytes fileBytes;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// A VAE, preview decoder, upscaler or something else that is not a checkpoint by itself.
struct OtherInfo {
  std::filesystem::path path;
  FileKind type = FileKind::Unknown;
  std::string kind;  ///< "VAE", "Preview decoder", "Upscaler", "Unknown"
  ModelFamily family = ModelFamily::Unknown;
  std::string architecture;  ///< of upscalers: "RRDBNet", …
  int scale = 0;             ///< of upscalers
  int vectors = 0;           ///< of embeddings: tokens they take
  std::int64_t parameters = 0;
  std::string precision;
  Bytes fileBytes;
};

using FileInfo = std::variant<ModelInfo, LoraInfo, OtherInfo>;

/// How much of what a search by hash has to read is read; called on the searching thread, often.
using HashProgress = std::function<void(Bytes read, Bytes of)>;

/// Reads headers only. Thread-safe; may block on the disk, so never call it on the GUI thread.
class Inspector {
 public:
  virtual ~Inspector() = default;
  virtual Result<FileInfo> inspect(const std::filesystem::path& path) const = 0;

  /// Remembers a choice for a model's file, by its hash, or forgets it when it is all Automatic. Reads the whole file
  /// when its hash is not known yet.
  virtual std::optional<EngineError> remember(const std::filesystem::path& /*model*/, const ModelChoice& /*choice*/,
                                              const std::stop_token& /*stop*/) const {
    return std::nullopt;
  }

  /// The file with this hash, in any of the forms pictures name (AutoV1, AutoV2, AutoV3, SHA-256); empty when there is
  /// none or when `stop` asked first. Files are read once and their hashes kept, but a first look at a folder of models
  /// takes minutes.
  virtual std::filesystem::path findByHash(const std::string& /*hash*/,
                                           const std::vector<std::filesystem::path>& /*files*/,
                                           const std::stop_token& /*stop*/,
                                           const HashProgress& /*progress*/ = {}) const {
    return {};
  }
};

}  // namespace studio::engine
