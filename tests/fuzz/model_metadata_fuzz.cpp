// Words that makers of models leave in their files. The first byte chooses: a map from latents to colours, or the
// header of a LoRA with its names, trigger words and family.

#include "engine/adapters/lora_metadata.h"
#include "engine/api/engine_error.h"
#include "engine/vae/latent_rgb.h"
#include "engine/weights/safetensors_reader.h"

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace studio::engine;

void require(bool condition) {
  if (!condition) std::abort();
}

void readLatentRgb(const std::string& text) {
  const auto fit = latentRgbFromText(text, 4);
  require(!fit || (fit->factors.numel() == 12 && fit->bias.numel() == 3 && fit->factors.isfinite().all().item<bool>()));
}

void readLora(const std::string& json) {
  const std::uint64_t dataStart = 8 + json.size();
  const TensorFileHeader header = parseSafetensorsHeader(json, dataStart, dataStart + 4096);
  const AdapterKeys keys = sortAdapterKeys(header);
  for (const auto& [name, module] : keys.modules) {
    for (const auto& [factor, key] : module.keys) require(header.tensors.contains(key));
    const auto extent = module.algorithm->extent(module.shapes);
    require(!extent || (extent->rank >= 0 && extent->outputs >= 0 && extent->columns >= 0));
  }
  LoraInfo info;
  describeLora(header, keys, info);
  require(info.usable == info.reason.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    data[0] == 'l' ? readLatentRgb(text) : readLora(text);
  } catch (const EngineException&) {
    // Refused with a sentence: what hostile bytes deserve.
  }
  return 0;
}
