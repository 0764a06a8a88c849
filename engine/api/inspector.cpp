#include "engine/api/inspector.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

struct FamilyNames {
  ModelFamily family;
  const char* id;
  const char* name;
};

constexpr std::array<FamilyNames, 21> kFamilies{
    {{ModelFamily::Unknown, "unknown", "unknown"},
     {ModelFamily::StableDiffusion1, "sd15", "SD 1.x"},
     {ModelFamily::StableDiffusion2, "sd2", "SD 2.x"},
     {ModelFamily::StableDiffusionXl, "sdxl", "SDXL"},
     {ModelFamily::StableDiffusionXlRefiner, "sdxl_refiner", "SDXL refiner"},
     {ModelFamily::Flux, "flux", "Flux.1"},
     {ModelFamily::Flux2, "flux2", "Flux.2"},
     {ModelFamily::StableDiffusion3, "sd3", "SD 3.x"},
     {ModelFamily::Chroma, "chroma", "Chroma"},
     {ModelFamily::PixArt, "pixart", "PixArt"},
     {ModelFamily::AuraFlow, "aura_flow", "AuraFlow"},
     {ModelFamily::StableCascade, "stable_cascade", "Stable Cascade"},
     {ModelFamily::QwenImage, "qwen_image", "Qwen-Image"},
     {ModelFamily::ZImage, "z_image", "Z-Image"},
     {ModelFamily::Lumina2, "lumina2", "Lumina 2"},
     {ModelFamily::HiDream, "hidream", "HiDream"},
     {ModelFamily::HunyuanDit, "hunyuan_dit", "Hunyuan-DiT"},
     {ModelFamily::HunyuanVideo, "hunyuan_video", "Hunyuan Video"},
     {ModelFamily::Wan, "wan", "Wan"},
     {ModelFamily::LtxVideo, "ltx_video", "LTX-Video"},
     {ModelFamily::Kandinsky, "kandinsky", "Kandinsky"}}};

const FamilyNames& namesOf(ModelFamily family) {
  const auto* found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                   [family](const FamilyNames& names) { return names.family == family; });
  return found == kFamilies.end() ? kFamilies.front() : *found;
}

struct KindNames {
  FileKind kind;
  const char* id;
  const char* name;
};

constexpr std::array<KindNames, 13> kKinds{{{FileKind::Unknown, "unknown", "Unknown"},
                                            {FileKind::Checkpoint, "checkpoint", "Checkpoint"},
                                            {FileKind::UNet, "unet", "UNet"},
                                            {FileKind::Vae, "vae", "VAE"},
                                            {FileKind::PreviewDecoder, "vae", "Preview decoder"},
                                            {FileKind::TextEncoder, "text_encoder", "Text encoder"},
                                            {FileKind::Lora, "lora", "LoRA"},
                                            {FileKind::Embedding, "embedding", "Embedding"},
                                            {FileKind::ControlNet, "control_net", "ControlNet"},
                                            {FileKind::Upscaler, "upscaler", "Upscaler"},
                                            {FileKind::PreviewEncoder, "vae", "Preview encoder"},
                                            {FileKind::Hypernetwork, "unknown", "Hypernetwork"},
                                            {FileKind::Tokenizer, "unknown", "Tokenizer"}}};

const KindNames& namesOf(FileKind kind) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [kind](const KindNames& names) { return names.kind == kind; });
  return found == kKinds.end() ? kKinds.front() : *found;
}

}  // namespace

const char* familyName(ModelFamily family) { return namesOf(family).name; }

const char* fileKindName(FileKind kind) { return namesOf(kind).name; }

const char* fileKindId(FileKind kind) { return namesOf(kind).id; }

const char* predictionSourceName(PredictionSource source) {
  switch (source) {
    case PredictionSource::Family:
      return "usual for the family";
    case PredictionSource::Metadata:
      return "the file's metadata";
    case PredictionSource::MarkerTensor:
      return "a marker in the file";
    case PredictionSource::Configuration:
      return "the configuration beside the model";
    case PredictionSource::Statistic:
      return "a statistic of the weights";
  }
  return "";
}

const char* familyId(ModelFamily family) { return namesOf(family).id; }

}  // namespace studio::engine
