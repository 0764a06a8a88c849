// Words that makers of models leave in their files. The first byte chooses: a map from latents to colours, the
// configurations of a diffusers folder, or the header of a LoRA with its names, trigger words, family and scale.

#include "engine/adapters/lora_metadata.h"
#include "engine/adapters/peft_config.h"
#include "engine/api/engine_error.h"
#include "engine/vae/latent_rgb.h"
#include "engine/weights/edm_model.h"
#include "engine/weights/file_kind.h"
#include "engine/weights/safetensors_reader.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

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
  recogniseFile(header);
  AdapterKeys keys = sortAdapterKeys(header);
  applyPeftConfig({}, header, keys);
  for (const auto& [name, module] : keys.modules) {
    for (const auto& [factor, key] : module.keys) require(header.tensors.contains(key));
    require(std::isfinite(module.alpha) && module.alpha >= 0);
    const auto extent = module.algorithm->extent(module.shapes);
    require(!extent || (extent->rank >= 0 && extent->outputs >= 0 && extent->columns >= 0));
  }
  LoraInfo info;
  describeLora(header, keys, info);
  require(info.usable == info.reason.empty());
}

void readConfigurations(const std::string& text) {
  ModelTensors model;
  model.schedulerConfig = R"({"_class_name": "EDMEulerScheduler"})";
  model.vaeConfig = text;
  for (int i = 0; i < 2; ++i) {
    const auto edm = edmModelIn(model);
    require(!edm || (edm->noise.smallest > 0 && edm->noise.largest > edm->noise.smallest));
    require(!edm || !edm->latents || edm->latents->mean.size() == edm->latents->deviation.size());
    std::swap(model.schedulerConfig, model.vaeConfig);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    data[0] == 'l' ? readLatentRgb(text) : data[0] == 'c' ? readConfigurations(text) : readLora(text);
  } catch (const EngineException&) {
    // Refused with a sentence: what hostile bytes deserve.
  }
  return 0;
}
