#pragma once

#include "engine/weights/key_map.h"
#include "engine/weights/tensor_source.h"
#include "engine/weights/weight_table.h"
#include "tests/support/safetensors_writer.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// The tiny seeded networks of tests/data/networks (see tests/reference/make_network_goldens.py): their weights are
/// drawn here with the same seeds, their answers are stored.
namespace studio::tests {

/// Relative error allowed to a single network against the reference.
inline constexpr double kNetworkTolerance = 1e-4;

/// A stored input or output: "unet.x", "text.skip2", "picture.apple", …
at::Tensor golden(const std::string& name);

double relativeError(const at::Tensor& got, const at::Tensor& expected);

/// One network's weights in memory under the engine's canonical names: "unet", "unet_deep", "vae", "text_encoder",
/// "tiny_vae"; of other families "xl_unet", "refiner_unet", "sd2_unet", "inpaint_unet", "pruned_unet", "xl_text_2",
/// "sd2_text".
std::shared_ptr<const engine::TensorSource> networkWeights(const std::string& network);

/// How a checkpoint is written.
struct CheckpointStyle {
  std::string type = "F16";     ///< or F32, F64: the numbers are the same
  bool leftovers = false;       ///< single file only: model_ema, betas, position_ids and the like
  bool shortTextNames = false;  ///< without "text_model."
  std::vector<std::string> networks{"unet", "text_encoder", "vae"};
  std::map<std::string, std::string> metadata;
  std::map<std::string, std::string> renamed;         ///< pieces of names, single file only
  std::vector<std::string> markers;                   ///< empty tensors, single file only
  std::map<std::string, std::vector<float>> numbers;  ///< small tensors, single file only
};

/// Networks and names of whole checkpoints of the other families (see tests/reference/make_family_goldens.py).
CheckpointStyle xlStyle();
CheckpointStyle refinerStyle();
/// SDXL's networks with the marker tensors of Playground v2.5 and CosXL (see make_edm_goldens.py).
CheckpointStyle playgroundStyle();
CheckpointStyle cosXlStyle();
CheckpointStyle stableDiffusion2Style();
CheckpointStyle inpaintingStyle();

/// The single-file layout of latent diffusion.
StoredTensors singleFileTensors(const CheckpointStyle& style = {});
std::filesystem::path writeSingleFile(const std::filesystem::path& path, const CheckpointStyle& style = {});
/// A diffusers folder; `style.leftovers` and `.metadata` are not used.
std::filesystem::path writeDiffusersFolder(const std::filesystem::path& folder, const CheckpointStyle& style = {});

enum class LoraNaming { Kohya, Peft };
/// The weight of the LoRA in "picture.lora".
inline constexpr double kGoldenLoraWeight = 0.8;
std::filesystem::path writeLora(const std::filesystem::path& path, LoraNaming naming);

/// The prompt of "picture.pair", longer than one chunk.
std::string longPrompt();

}  // namespace studio::tests
